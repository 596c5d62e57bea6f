package source

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/report"
)

// header is the first row of a CSV.
type header struct {
	comma byte
	cells []string
	// lines before the header row and its own; length in bytes of all. Of those
	// before it lead are the bytes and leadLines the lines.
	lines, length, lead, leadLines int
	// loneCR: lines end with CR alone.
	loneCR bool
	// unfinished: the row does not end where it was looked for.
	unfinished bool
}

// maxColumns is how many columns a CSV may have.
const maxColumns = 1000

// readHeader reads the header of a CSV with whatever separates its cells.
func readHeader(begin []byte) header {
	h := header{loneCR: hasLoneCR(begin)}
	if h.loneCR {
		begin = bytes.ReplaceAll(begin, []byte{'\r'}, []byte{'\n'})
	}
	rest := h.hint(begin)
	separators := []byte(",;\t")
	if h.comma != 0 {
		separators = []byte{h.comma}
	}
	best := h
	for _, comma := range separators {
		if next := h.read(rest, comma); next.known() > best.known() || best.cells == nil {
			best = next
		}
	}
	return best
}

// hint reads the line "sep=;" that spreadsheets put in front, and empty lines.
func (h *header) hint(begin []byte) []byte {
	for {
		line, rest, found := bytes.Cut(begin, []byte{'\n'})
		text := bytes.Trim(line, "\r\" ")
		isHint := len(text) == 5 && bytes.EqualFold(text[:4], []byte("sep="))
		if !found || len(text) > 0 && !isHint {
			return begin
		}
		if isHint {
			h.comma = text[4]
		}
		h.lines++
		h.length += len(line) + 1
		begin = rest
	}
}

// read reads the header row with a separator.
func (h header) read(rest []byte, comma byte) header {
	h.comma, h.lead, h.leadLines = comma, h.length, h.lines
	s := newScanner(comma, maxColumns, maxColumns)
	length := s.cut(rest)
	h.lines += 1 + bytes.Count(s.row(rest, length), []byte{'\n'})
	h.length += length
	in := csv.NewReader(bytes.NewReader(rest[:length]))
	in.Comma = rune(comma)
	in.LazyQuotes = true
	cells, err := in.Read()
	if err != nil {
		return h
	}
	h.cells = cells
	return h
}

// hasLoneCR says that the first line ends with a CR that no LF follows.
func hasLoneCR(begin []byte) bool {
	at := bytes.IndexAny(begin, "\r\n")
	return at >= 0 && at+1 < len(begin) && begin[at] == '\r' && begin[at+1] != '\n' && bytes.IndexByte(begin, '\n') < 0
}

// known counts the columns that mean something.
func (h header) known() int {
	n := 0
	for _, cell := range h.cells {
		if isReportColumn(cell) || slices.Contains(serverColumns(), columnName(cell)) {
			n++
		}
	}
	return n
}

func isReportColumn(cell string) bool {
	key := report.ColumnKey(cell)
	return strings.HasPrefix(key, "github_com_") || strings.HasPrefix(key, "enterprise_server_") || strings.HasPrefix(key, "visual_studio_")
}

// columnName is a column of a server's CSV in one spelling.
func columnName(cell string) string {
	name := strings.ToLower(strings.TrimSpace(strings.TrimPrefix(cell, "\ufeff")))
	if name == "suspended" {
		return columnSuspended
	}
	return name
}

// kind is what the columns say.
func (h header) kind() kind {
	keys := make([]string, len(h.cells))
	names := make([]string, len(h.cells))
	for i, cell := range h.cells {
		keys[i], names[i] = report.ColumnKey(cell), columnName(cell)
	}
	has := func(list []string, some ...string) bool {
		return slices.ContainsFunc(some, func(name string) bool { return slices.Contains(list, name) })
	}
	switch {
	case has(keys, "license_type", "total_user_accounts"),
		has(keys, "github_com_login") && has(keys, "github_com_user", "enterprise_server_user_ids"):
		return reportCSV
	case has(names, columnID) && has(names, columnEmail), has(names, columnID, columnEmail) && has(names, columnSuspended, "raw_login", "last_logged_ip"):
		return serverCSV
	case has(keys, "github_com_login", "github_com_member_roles"):
		return membershipCSV
	case has(keys, "login", "username", "user", "member") && slices.ContainsFunc(keys, isMembershipColumn):
		return membershipCSV
	}
	return unknownCSV
}

// isOurs says that OneSeat wrote the report: GitHub's has no column for the
// address of whoever is nothing but invited.
func (h header) isOurs() bool {
	return slices.ContainsFunc(h.cells, func(cell string) bool { return report.ColumnKey(cell) == "invitation_email" })
}

// isMembershipColumn recognises what GitHub's membership CSV tells of a member
// and no report that can be read does.
func isMembershipColumn(key string) bool {
	for _, part := range []string{"two_factor", "2fa", "saml", "organizations", "org_role", "verified_domain", "visual_studio", "pending"} {
		if strings.Contains(key, part) {
			return true
		}
	}
	return false
}
