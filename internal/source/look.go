package source

import (
	"bytes"
	"strings"
)

// kind is what a file holds, as far as its beginning tells.
type kind uint8

const (
	unknownCSV kind = iota // text, separated into cells or not
	nothing                // no bytes, or white space
	note                   // a short text, as a server sends it instead of a report
	binaryFile
	gzipped
	zipped // also a spreadsheet
	sealed // an age file that is no usage file
	webPage
	unknownJSON
	gitHubExport  // GitHub Enterprise Server's own usage export
	gitHubMessage // an error GitHub's REST API answers with
	usageFile
	enrolmentFile
	cloudList
	reportJSON
	reportCSV
	membershipCSV
	serverCSV
)

// head is what the beginning of a file says.
type head struct {
	kind kind
	// text is the note or message itself.
	text string
	// header is the first row of a CSV.
	header header
}

// look recognises a file by its beginning; whole says that this is all of it.
func look(begin []byte, whole bool) head {
	if k, ok := bySignature(begin); ok {
		return head{kind: k}
	}
	text := bytes.TrimSpace(begin)
	switch {
	case len(text) == 0 && whole:
		return head{kind: nothing}
	case len(text) == 0 || isBinary(begin):
		return head{kind: binaryFile}
	case text[0] == '{' || text[0] == '[':
		return lookJSON(begin)
	case text[0] == '<':
		return head{kind: webPage}
	}
	h := head{header: readHeader(begin)}
	h.header.unfinished = !whole && h.header.length == len(begin)
	h.kind = h.header.kind()
	if h.kind == unknownCSV && whole && isNote(text) {
		h.kind, h.text = note, shown(string(text))
	}
	return h
}

func bySignature(begin []byte) (kind, bool) {
	for _, s := range []struct {
		signature string
		kind      kind
	}{
		{"\x1f\x8b", gzipped},
		{"PK\x03\x04", zipped},
		{"age-encryption.org/", sealed},
		{"-----BEGIN AGE ENCRYPTED FILE-----", sealed},
	} {
		if bytes.HasPrefix(begin, []byte(s.signature)) {
			return s.kind, true
		}
	}
	return 0, false
}

// isBinary says that the beginning is no text: a NUL early on, or many control
// characters.
func isBinary(begin []byte) bool {
	early := begin[:min(len(begin), 1024)]
	controls := 0
	for _, c := range early {
		if c == 0 {
			return true
		}
		if c < ' ' && !strings.ContainsRune("\t\n\r\f", rune(c)) {
			controls++
		}
	}
	return controls*10 > len(early)
}

// isNote says that a text is a line or two of prose.
func isNote(text []byte) bool {
	return len(text) <= 400 && bytes.Count(text, []byte("\n")) < 3 && bytes.IndexByte(text, ' ') >= 0 && bytes.IndexByte(text, ',') < 0
}
