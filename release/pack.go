package main

import (
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goreleaser/nfpm/v2"
	_ "github.com/goreleaser/nfpm/v2/deb" // registers itself
	"github.com/goreleaser/nfpm/v2/files"
	_ "github.com/goreleaser/nfpm/v2/rpm" // registers itself
)

// pack makes the packages of a program: it, a hardened unit and settings for
// each role, and the user they run as. Nothing starts by itself: a hub without
// an enterprise has nothing to do.
func (r *release) pack(t target, program, version string) error {
	for _, format := range []string{"deb", "rpm"} {
		if err := r.packAs(format, t, program, version); err != nil {
			return err
		}
	}
	return nil
}

func (r *release) packAs(format string, t target, program, version string) error {
	contents, err := r.installed(program)
	if err != nil {
		return err
	}
	packager, err := nfpm.Get(format)
	if err != nil {
		return err
	}
	info := nfpm.WithDefaults(about(t, version))
	info.Contents = contents
	info.Scripts = nfpm.Scripts{
		PostInstall: r.packaging("postinstall"), PreRemove: r.packaging("preremove"), PostRemove: r.packaging("postremove"),
	}
	if err := nfpm.PrepareForPackager(info, format); err != nil {
		return err
	}
	info.Target = filepath.Join(r.output, packager.ConventionalFileName(info))
	file, err := os.Create(info.Target)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // closed below; this is for errors
	if err := packager.Package(info, file); err != nil {
		return err
	}
	return file.Close()
}

func about(t target, version string) *nfpm.Info {
	return &nfpm.Info{
		Name: "oneseat", Platform: t.system, Arch: t.machine, Version: strings.TrimPrefix(version, "v"), VersionSchema: "semver",
		Section: "admin", Priority: "optional", License: "Apache-2.0", Homepage: "https://github.com/oneseat/oneseat",
		Maintainer:  "The OneSeat authors <maintainers@oneseat.example>",
		Description: "One person, one license\n Counts the licenses of an enterprise whose people have accounts in the cloud\n and on server instances: the hub, the agent, and the command line.",
		MTime:       time.Unix(0, 0).UTC(), // the same input makes the same package
	}
}

func (r *release) packaging(name string) string {
	return filepath.Join(r.root, "release", "packaging", name)
}

// installed is which file goes where.
func (r *release) installed(program string) (files.Contents, error) {
	at := func(name string) string { return filepath.Join(r.root, name) }
	all := files.Contents{
		{Source: program, Destination: "/usr/bin/oneseat", FileInfo: &files.ContentFileInfo{Mode: 0o755}},
		{Source: at("deploy/ghes-all-users"), Destination: "/usr/lib/oneseat/ghes-all-users", FileInfo: &files.ContentFileInfo{Mode: 0o755}},
		{Source: r.packaging("sysusers.conf"), Destination: "/usr/lib/sysusers.d/oneseat.conf"},
		{Source: at("LICENSE"), Destination: "/usr/share/doc/oneseat/copyright"},
		{Source: at("CHANGELOG.md"), Destination: "/usr/share/doc/oneseat/CHANGELOG.md"},
		{Destination: "/etc/oneseat", Type: files.TypeDir, FileInfo: &files.ContentFileInfo{Mode: 0o755}},
	}
	units, err := filepath.Glob(at("deploy/*.service"))
	if err != nil {
		return nil, err
	}
	for _, unit := range units {
		all = append(all, &files.Content{Source: unit, Destination: "/usr/lib/systemd/system/" + filepath.Base(unit)})
	}
	settings, err := filepath.Glob(at("deploy/*.conf"))
	if err != nil {
		return nil, err
	}
	for _, s := range settings {
		all = append(all, &files.Content{Source: s, Destination: "/etc/oneseat/" + filepath.Base(s), Type: files.TypeConfigNoReplace})
	}
	return all, nil
}
