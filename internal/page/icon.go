package page

import (
	"fmt"
	"io/fs"
	"strings"
)

// readIcons gives the octicons by name, ready to stand in a page.
func readIcons() (map[string]string, error) {
	names, err := fs.Glob(embedded, "static/octicons/*.svg")
	if err != nil {
		return nil, fmt.Errorf("icons: %w", err)
	}
	icons := map[string]string{}
	for _, name := range names {
		svg, err := embedded.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("icon: %w", err)
		}
		short := strings.TrimSuffix(strings.TrimPrefix(name, "static/octicons/"), ".svg")
		icons[short] = strings.Replace(strings.TrimSpace(string(svg)), "<svg ", `<svg class="octicon" fill="currentColor" aria-hidden="true" focusable="false" `, 1)
	}
	return icons, nil
}

// icon is an octicon of 16 pixels; a name there is not shows nothing, which a
// test of every page notices.
func (l *Look) icon(name string) string { return l.icons[name+"-16"] }
