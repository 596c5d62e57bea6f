package main

import (
	"os"
	"runtime/debug"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// writeContents says what a program is made of, as CycloneDX: the modules that
// were linked in, with their versions and checksums, as Go noted them in it.
func writeContents(name string, info *debug.BuildInfo) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // closed below; this is for errors
	encoder := cdx.NewBOMEncoder(file, cdx.BOMFileFormatJSON)
	if err := encoder.SetPretty(true).Encode(contents(info)); err != nil {
		return err
	}
	return file.Close()
}

func contents(info *debug.BuildInfo) *cdx.BOM {
	bom := cdx.NewBOM()
	program := module(&info.Main)
	program.Type = cdx.ComponentTypeApplication
	bom.Metadata = &cdx.Metadata{Component: &program}
	components := make([]cdx.Component, 0, len(info.Deps)+1)
	components = append(components, module(&debug.Module{Path: "stdlib", Version: strings.TrimPrefix(info.GoVersion, "go")}))
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		components = append(components, module(m))
	}
	bom.Components = &components
	return bom
}

// module is one as a package URL, which is what lists of vulnerabilities know.
func module(m *debug.Module) cdx.Component {
	url := "pkg:golang/" + m.Path + "@" + m.Version
	c := cdx.Component{BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: m.Path, Version: m.Version, PackageURL: url}
	if m.Sum != "" { // not a digest that CycloneDX knows: Go's, over the files of a module
		c.Properties = &[]cdx.Property{{Name: "go:sum", Value: m.Sum}}
	}
	return c
}
