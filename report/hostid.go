package report

import (
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// ParseHostID reads an element of enterprise_server_user_ids, which GitHub
// documents as HOST:ID and sends as ID:HOST:ROLE; HOST:ID:ROLE is read too. No
// host is all digits: when the first part is, it is the id (unless the only
// other part is all digits too). Else the last part is, or the one before it
// when that is all digits and the last is not. The host may have a port. A role
// is passed over. False when text is none of these, or could be read as
// several.
func ParseHostID(text string) (licensing.HostID, bool) {
	text = strings.TrimSpace(text)
	first, rest, ok := strings.Cut(text, ":")
	if !ok {
		return licensing.HostID{}, false
	}
	host, id := cutLast(text)
	switch between := len(host) > len(first); {
	case digits(first) && between:
		host, id = rest[:strings.LastIndexByte(rest, ':')], first
	case digits(first) && !digits(id):
		host, id = id, first
	case between && !digits(id): // a role, then, and the id stands before it
		if host, id = cutLast(host); !digits(id) {
			return licensing.HostID{}, false
		}
	}
	host = licensing.NormalHost(host)
	if host == "" || id == "" {
		return licensing.HostID{}, false
	}
	return licensing.HostID{Host: host, ID: id}, true
}

// cutLast cuts at the last colon.
func cutLast(text string) (before, after string) {
	at := strings.LastIndexByte(text, ':')
	return text[:max(0, at)], text[at+1:]
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
