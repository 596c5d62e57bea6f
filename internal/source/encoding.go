package source

import (
	"bufio"
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// decoded gives a file's text as the mark at its beginning says it is encoded:
// UTF-16 becomes UTF-8, the mark itself is left out. Without a mark the bytes
// pass as they are.
func decoded(in io.Reader) io.Reader {
	rest := bufio.NewReaderSize(in, headBytes)
	mark := make([]byte, 3)
	n, err := io.ReadFull(rest, mark)
	begin := io.MultiReader(bytes.NewReader(mark[:n]), rest)
	switch {
	case err != nil: // a short file has no mark; reading on gives the error
	case string(mark) == "\xef\xbb\xbf":
		return rest
	case bytes.HasPrefix(mark, []byte("\xff\xfe")), bytes.HasPrefix(mark, []byte("\xfe\xff")):
		return transform.NewReader(begin, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	return begin
}

// decode1252 gives text that is in Windows-1252 as UTF-8; false when it holds
// a byte which that has no character for.
func decode1252(text []byte) ([]byte, bool) {
	for _, c := range text {
		if strings.IndexByte("\x81\x8d\x8f\x90\x9d", c) >= 0 {
			return nil, false
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(text)
	return out, err == nil
}

// undoubled turns back text that was taken for Windows-1252 and turned into
// UTF-8 although it was UTF-8 already: "josÃ©" is "josé". False when text is
// not of that kind.
func undoubled(text []byte) ([]byte, bool) {
	once, err := charmap.Windows1252.NewEncoder().Bytes(text)
	if err != nil || !utf8.Valid(once) || utf8.RuneCount(once) == len(once) {
		return nil, false
	}
	return once, true
}
