package api

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// secretOf is the token that a request carries, in any way that GitHub takes
// one: "Bearer SECRET", "token SECRET", or HTTP's own user and password, with
// the secret as the password or, beside the password x-oauth-basic or none, as
// the user. Empty when there is none.
func secretOf(r *http.Request) string {
	scheme, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	rest = strings.TrimSpace(rest)
	switch strings.ToLower(scheme) {
	case "bearer", "token":
		return rest
	case "basic":
		return basicSecret(rest)
	default:
		return ""
	}
}

func basicSecret(encoded string) string {
	text, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil {
		return ""
	}
	user, password, _ := strings.Cut(string(text), ":")
	if password == "" || password == "x-oauth-basic" { //nolint:gosec // GitHub's word for no password
		return user
	}
	return password
}
