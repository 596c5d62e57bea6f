package source

import (
	"bytes"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// The formats of ours, without their versions.
const (
	usageFileFormat = "oneseat-usage-file/"
	cloudListFormat = "oneseat-cloud-list/"
	enrolmentFormat = "oneseat-enrolment/"
)

// members are the keys of a JSON object that were seen at the beginning of a
// file, with the first byte of their values.
type members struct {
	kinds   map[string]jsontext.Kind
	texts   map[string]string // values that are short texts
	element []string          // keys of the first element of "users"
}

// lookJSON recognises a JSON file by the keys of its object, or of the first
// object of its array, as far as they were read.
func lookJSON(begin []byte) head {
	decoder := jsontext.NewDecoder(bytes.NewReader(begin), jsontext.AllowDuplicateNames(true))
	m := members{kinds: map[string]jsontext.Kind{}, texts: map[string]string{}}
	open, err := decoder.ReadToken()
	if err == nil && open.Kind() == '[' {
		open, err = decoder.ReadToken()
	}
	if err == nil && open.Kind() == '{' {
		m.read(decoder)
	}
	return m.head()
}

// read takes note of keys until the object or the beginning of the file ends.
func (m *members) read(decoder *jsontext.Decoder) {
	for decoder.PeekKind() == '"' {
		name, err := decoder.ReadToken()
		if err != nil {
			return
		}
		key := name.String()
		m.kinds[key] = decoder.PeekKind()
		if key == "users" && m.kinds[key] == '[' && len(m.element) == 0 {
			if !m.firstUser(decoder) {
				return
			}
			continue
		}
		value, err := decoder.ReadValue()
		if err != nil {
			return
		}
		if value.Kind() == '"' && len(value) < 1000 {
			text, err := jsontext.AppendUnquote(nil, value)
			if err == nil {
				m.texts[key] = string(text)
			}
		}
	}
}

// firstUser takes note of the keys of the first user and passes over the
// others; false when the beginning of the file ends before.
func (m *members) firstUser(decoder *jsontext.Decoder) bool {
	depth := decoder.StackDepth()
	for {
		token, err := decoder.ReadToken()
		if err != nil {
			return false
		}
		here := decoder.StackDepth()
		if here == depth {
			return true
		}
		// The names of an object are its tokens number 1, 3, 5, …
		_, length := decoder.StackIndex(here)
		if here == depth+2 && token.Kind() == '"' && length%2 == 1 && len(m.element) < 100 {
			m.element = append(m.element, token.String())
		}
	}
}

func (m *members) head() head {
	for _, text := range m.texts {
		switch {
		case strings.HasPrefix(text, usageFileFormat):
			return head{kind: usageFile}
		case strings.HasPrefix(text, cloudListFormat):
			return head{kind: cloudList}
		case strings.HasPrefix(text, enrolmentFormat):
			return head{kind: enrolmentFile}
		}
	}
	switch {
	case m.kinds["users"] == '"':
		return head{kind: gitHubExport}
	case m.isReport():
		return head{kind: reportJSON}
	case m.kinds["message"] == '"' && len(m.kinds) <= 4:
		return head{kind: gitHubMessage, text: shown(m.texts["message"])}
	case m.kinds["instance"] == '{' && m.kinds["snapshot"] == '{':
		return head{kind: usageFile}
	case m.kinds["instance"] == '{':
		return head{kind: gitHubExport}
	case m.isCloudList():
		return head{kind: cloudList}
	}
	return head{kind: unknownJSON}
}

func (m *members) isReport() bool {
	const first = "github_com_login"
	return m.kinds["total_seats_consumed"] != 0 || m.kinds[first] != 0 || slices.Contains(m.element, first)
}

// isCloudList says that at least one key is one of a cloud list's own.
func (m *members) isCloudList() bool {
	for _, key := range []string{"format", "enterprise", "verified_domains", "users", "invitations", "visual_studio_subscriptions"} {
		if m.kinds[key] != 0 {
			return true
		}
	}
	return false
}
