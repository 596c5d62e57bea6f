package connect

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// maxAnswer is the size of the largest answer that is read, in bytes: a grant
// with an enrolment file.
const maxAnswer = 256 << 10

// kindBy is the kind of a refusal by the sentence a hub names. Of any other that
// it names the kind is [KindRefused]: it read what was sent and said no.
func kindBy(code string) (kind Kind, known bool) {
	kind, known = map[string]Kind{
		"connect.clock":            KindClock,
		"connect.revoked":          KindRevoked,
		"connect.unknown":          KindRevoked,
		"connect.bad_signature":    KindRevoked,
		"connect.second_machine":   KindSecond,
		"connect.replayed":         KindCut, // the next assertion is another one
		"connect.token_ended":      KindCut, // so is the next token
		"connect.busy":             KindBusy,
		"connect.busy_by_hand":     KindBusy,
		"usagefile.other_audience": KindElsewhere,
		"hub.other_instance":       KindElsewhere,
	}[code]
	return kind, known
}

// oauthKind is that of an error of OAuth that comes without a sentence, or
// with one that says no more.
func oauthKind(code string) (kind Kind, key string) {
	switch code {
	case OAuthPending:
		return KindWaiting, "connect.pending"
	case OAuthSlowDown:
		return KindWaiting, "connect.slow_down"
	case OAuthDenied:
		return KindDenied, "connect.denied"
	case OAuthExpired:
		return KindLapsed, "connect.lapsed"
	default:
		return "", ""
	}
}

// refusalOf makes a failure of an answer that is no success.
func refusalOf(answer *http.Response, body []byte, hub string) *Failure {
	f := refused(answer.StatusCode, body, hub)
	if seconds, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && seconds > 0 {
		f.RetryAfter = time.Duration(min(seconds, 24*60*60)) * time.Second
	}
	if at, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		f.HubTime = at
	}
	return f
}

func refused(status int, body []byte, hub string) *Failure {
	var r Refusal
	err := json.Unmarshal(body, &r)
	spoke := err == nil && (r.Error != "" || r.Code != "")
	if kind, key := oauthKind(r.Error); spoke && key != "" {
		return &Failure{Kind: kind, Key: key, Args: map[string]any{"Hub": hub}, Detail: r.Description}
	}
	switch {
	case status == http.StatusRequestEntityTooLarge && !spoke:
		return &Failure{Kind: KindTooLarge, Key: "connect.too_large", Args: map[string]any{"Hub": hub}}
	case r.Code == "database.full", r.Code == "spool.no_spool":
		return &Failure{Kind: KindHub, Key: "connect.hub_full", Args: map[string]any{"Hub": hub}, Detail: r.detail()}
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return &Failure{Kind: KindBusy, Key: "connect.busy", Args: map[string]any{"Hub": hub}, Detail: r.detail()}
	case status >= http.StatusInternalServerError:
		return failed(hub, status)
	case !spoke:
		return unexpected(hub, status, err)
	default:
		return said(status, &r, hub)
	}
}

// said is what a hub put into words.
func said(status int, r *Refusal, hub string) *Failure {
	f := &Failure{Kind: KindRefused, Key: r.Code, Args: r.Args, Detail: r.detail()}
	kind, known := kindBy(r.Code)
	switch {
	case known:
		f.Kind = kind
	case status == http.StatusRequestEntityTooLarge:
		f.Kind = KindTooLarge
	case r.Code == "":
		f.Key = "connect.refused"
	}
	if f.Args == nil {
		f.Args = map[string]any{}
	}
	if _, ok := f.Args["Hub"]; !ok {
		f.Args["Hub"] = hub
	}
	return f
}

func (r *Refusal) detail() string {
	if r.Detail != "" {
		return clip(r.Detail)
	}
	return clip(r.Description)
}
