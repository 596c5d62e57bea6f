package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// What browsers may do with an answer: nothing with one of an API; with a page,
// use what this server has and nobody else's.
const (
	policyAPI  = "default-src 'none'; frame-ancestors 'none'"
	policyPage = "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; " +
		"frame-ancestors 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'"
)

// headers are those of every answer; a handler may replace them.
func (a *App) headers(v *visit) {
	h := v.reply.Header()
	h.Set("X-Request-Id", v.event.RequestID)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policyAPI)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "deny")
	switch v.route.Style {
	case StyleGitHub:
		h.Set("X-GitHub-Request-Id", v.event.RequestID)
	case StylePage:
		h.Set("Content-Security-Policy", policyPage)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
	case StyleProblem:
	}
	if v.from.tls {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// crossOrigin refuses changes that a page of somebody else's makes a browser
// ask for. Programs that are no browser are not affected.
func crossOrigin(external *url.URL) (*http.CrossOriginProtection, error) {
	protection := http.NewCrossOriginProtection()
	if external == nil {
		return protection, nil
	}
	if external.Scheme != "http" && external.Scheme != "https" || external.Host == "" || external.RawQuery != "" || external.Fragment != "" {
		return nil, errors.New("web: the external URL is not http(s)://host")
	}
	if err := protection.AddTrustedOrigin(external.Scheme + "://" + external.Host); err != nil {
		return nil, fmt.Errorf("web: external URL: %w", err)
	}
	return protection, nil
}
