package report

import (
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// ParseHostID reads an element of enterprise_server_user_ids, which GitHub
// documents as HOST:ID and sends as ID:HOST:ROLE. No host is all digits: when
// the first part is, it is the id (unless the only other part is all digits
// too), else the last one is. The host may have a port. A role is passed over.
// False when text is neither.
func ParseHostID(text string) (licensing.HostID, bool) {
	text = strings.TrimSpace(text)
	first, rest, ok := strings.Cut(text, ":")
	if !ok {
		return licensing.HostID{}, false
	}
	last := strings.LastIndexByte(text, ':')
	host, id := text[:last], text[last+1:]
	if digits(first) && (last > len(first) || !digits(id)) {
		host, id = rest, first
		if end := strings.LastIndexByte(rest, ':'); end >= 0 {
			host = rest[:end]
		}
	}
	host = licensing.NormalHost(host)
	if host == "" || id == "" {
		return licensing.HostID{}, false
	}
	return licensing.HostID{Host: host, ID: id}, true
}

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
