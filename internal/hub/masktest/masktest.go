// Package masktest is for the tests that no surface shows an address which
// GitHub's report would not show: an enterprise that has one in every place
// where a cloud side can have any, and the search for them in bytes.
//
// Every surface of a hub proves it with the same addresses. Which surfaces
// there are is a list in internal/archtest, so that none is forgotten. The
// package asks nothing and serves nothing.
//
// Start with [CloudList] and [Search].
package masktest

import (
	"bytes"
	"html"
	"net/url"
	"strings"
)

// Addresses are those in [CloudList] that nobody may see unrevealed: outside
// the verified domains, or not verified. Their local parts stand nowhere else.
func Addresses() []string {
	return []string{
		"secret-verified@home.example", "secret-unverified@acme.example", "secret-claim@home.example", "secret-user@home.example",
		"secret-scim@home.example", "secret-invited@home.example", "secret-beside@home.example", "secret-tie@home.example",
		"secret-second@home.example",
	}
}

// CloudList is a cloud list of the enterprise acme with such an address in
// every place. The address mona@acme.example of mona is one that may be seen.
func CloudList() string {
	return `{"format": "oneseat-cloud-list/1", "as_of": "2026-11-20T08:00:00Z", "enterprise": {"slug": "acme"},
	"verified_domains": ["acme.example"], "users": [
	{"login": "mona", "emails": [
		{"email": "mona@acme.example", "primary": true, "verified": true},
		{"email": "secret-verified@home.example", "verified": true},
		{"email": "secret-unverified@acme.example", "verified": false},
		{"email": "secret-invited@home.example", "verified": true},
		{"email": "secret-second@home.example", "verified": true}],
	 "saml_identities": [{"organization": "", "name_id": "mona", "attributes": [{"name": "emails", "value": "secret-claim@home.example"}]}],
	 "scim_identities": [{"organization": "eng", "user_name": "secret-user@home.example", "emails": ["secret-scim@home.example"]}],
	 "organizations": [{"login": "eng", "role": "Member"}]},
	{"login": "paying", "emails": [{"email": "secret-beside@home.example", "verified": true}],
	 "outside_collaborator": ["eng/tools"], "organizations": [{"login": "eng", "role": "Member"}]},
	{"login": "one", "emails": [{"email": "secret-tie@home.example", "verified": true}], "organizations": [{"login": "eng", "role": "Member"}]},
	{"login": "two", "emails": [{"email": "secret-tie@home.example", "verified": true}], "organizations": [{"login": "eng", "role": "Member"}]}],
	"invitations": [
		{"email": "secret-invited@home.example", "organization": "art", "kind": "member", "source": "scim"},
		{"email": "secret-beside@home.example", "repository": "eng/tools", "kind": "outside_collaborator", "source": "scim"},
		{"email": "secret-tie@home.example", "organization": "art", "kind": "member", "source": "scim"}]}`
}

// Search gives those of [Addresses] of which a text holds the local part, as it
// is or as an address of the web or HTML writes it.
func Search(text []byte) []string {
	readings := []string{string(text), html.UnescapeString(string(text))}
	if decoded, err := url.QueryUnescape(string(text)); err == nil {
		readings = append(readings, decoded)
	}
	var found []string
	for _, address := range Addresses() {
		local, _, _ := strings.Cut(address, "@")
		for _, reading := range readings {
			if bytes.Contains(bytes.ToLower([]byte(reading)), []byte(local)) {
				found = append(found, address)
				break
			}
		}
	}
	return found
}
