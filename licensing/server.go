package licensing

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"
)

// ServerAccount is one login on a server instance, as a snapshot has it:
// suspended and built-in users were left out when the snapshot was taken (C3).
type ServerAccount struct {
	UserID string // unique on its instance, never empty
	Emails []ServerEmail
	// AdvancedSecurity: the account uses Advanced Security on its instance.
	AdvancedSecurity bool
}

// ServerEmail is an address of a server account.
type ServerEmail struct {
	Email   Email
	Primary bool
}

// HostID names a server account: the instance's host and the user id there.
type HostID struct {
	Host string // as NormalHost gives it
	ID   string
}

// String is HOST:ID.
func (h HostID) String() string { return h.Host + ":" + h.ID }

// NormalHost is the form in which host names are compared: lower case,
// without port, white space around it and trailing dot.
func NormalHost(host string) string {
	host = strings.TrimSpace(host)
	if i := strings.LastIndexByte(host, ':'); i >= 0 && isDigits(host[i+1:]) && (strings.Count(host, ":") == 1 || host[i-1] == ']') {
		host = host[:i]
	}
	return strings.ToLower(strings.TrimRight(host, "."))
}

// IsHost says that a text is a host name or a network address, with a port or
// without: what can stand before the colon of a [HostID], and nothing that
// hides, breaks a line or is an address of a person.
func IsHost(host string) bool {
	host = NormalHost(host)
	if literal, ok := strings.CutPrefix(host, "["); ok {
		address, err := netip.ParseAddr(strings.TrimSuffix(literal, "]"))
		return err == nil && address.Is6() && address.Zone() == "" && strings.HasSuffix(literal, "]")
	}
	odd := func(r rune) bool { return r != '-' && r != '_' && !unicode.In(r, unicode.L, unicode.M, unicode.Nd) }
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || strings.Trim(label, "-") != label || strings.ContainsFunc(label, odd) {
			return false
		}
	}
	return len(host) <= 253 && utf8.ValidString(host)
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
