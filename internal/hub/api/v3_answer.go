package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/signin"
)

// githubVersions are the versions of GitHub's API in which the two calls are as
// they are here, the one to take when none is asked for first.
func githubVersions() []string { return []string{"2022-11-28", "2026-03-10"} }

// answerGitHub writes JSON with the headers of GitHub's answers, or nothing but
// them when the caller has that body already.
func answerGitHub(w http.ResponseWriter, r *http.Request, body []byte) error {
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:])
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "private, max-age=60, s-maxage=60")
	h.Set("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With")
	h.Set("Etag", `W/"`+tag+`"`)
	h.Set("X-Github-Media-Type", "github.v3; format=json")
	h.Set("X-Github-Api-Version-Selected", selected(r))
	h.Set("X-Oauth-Scopes", scopeList(askerOf(r.Context()).Scopes))
	h.Set("X-Accepted-Oauth-Scopes", scopeList(acceptedScopes()))
	if knows(r, tag) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}

func acceptedScopes() []signin.Scope {
	return []signin.Scope{signin.AdminEnterprise, signin.ManageBilling, signin.ReadEnterprise}
}

func scopeList(list []signin.Scope) string {
	texts := make([]string, 0, len(list))
	for _, s := range list {
		texts = append(texts, string(s))
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

func selected(r *http.Request) string {
	asked, known := r.Header.Get("X-Github-Api-Version"), githubVersions()
	if slices.Contains(known, asked) {
		return asked
	}
	return known[0]
}

// knows says that the caller has the body with a tag, weak or not.
func knows(r *http.Request, tag string) bool {
	for header := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if one := strings.TrimSpace(header); one == "*" || strings.TrimPrefix(one, "W/") == `"`+tag+`"` {
			return true
		}
	}
	return false
}
