package connect

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
)

// Kind says where something went wrong between an agent and its hub.
type Kind string

// The kinds.
const (
	KindName      Kind = "name"             // the hub's name is not found
	KindReach     Kind = "reach"            // nobody answers there
	KindTLS       Kind = "tls"              // somebody answers who cannot prove to be the hub
	KindProxy     Kind = "proxy"            // the proxy does not let it through
	KindTimeout   Kind = "timeout"          // nothing came for too long
	KindCut       Kind = "cut"              // the connection broke
	KindClock     Kind = "clock"            // the clocks are too far apart
	KindRevoked   Kind = "revoked"          // Connect was disabled on the hub, or the hub does not know it
	KindSecond    Kind = "second_machine"   // two have the same identity
	KindElsewhere Kind = "wrong_enterprise" // the file is for somebody else
	KindTooLarge  Kind = "too_large"        // over a limit of the hub, or of something between
	KindRefused   Kind = "refused"          // the hub read it and said no
	KindBusy      Kind = "busy"             // the hub asks to come later
	KindHub       Kind = "hub"              // the hub failed
	KindStranger  Kind = "stranger"         // what answers is no hub
	KindWaiting   Kind = "waiting"          // an owner did not decide yet; nothing is wrong
	KindDenied    Kind = "denied"           // an owner said no
	KindLapsed    Kind = "lapsed"           // nobody decided in time
)

// Failure is what went wrong, as a sentence that says what to do. What a hub
// says in words that the agent's catalogue may not have is in Detail.
type Failure struct {
	Kind Kind
	// Key and Args name the sentence.
	Key  string
	Args map[string]any
	// Detail is the hub's own sentence, in English; empty when no hub spoke.
	Detail string
	// RetryAfter is how long the hub asks to wait, 0 when it does not say.
	RetryAfter time.Duration
	// HubTime is the hub's clock, zero when no hub spoke.
	HubTime time.Time

	cause error
}

// Message names the sentence.
func (f *Failure) Message() (key string, args map[string]any) { return f.Key, f.Args }

// Error is the technical text for logs, without addresses of people.
func (f *Failure) Error() string {
	text := "connect: " + string(f.Kind) + " " + f.Key
	if f.cause != nil {
		text += ": " + errs.Text(f.cause)
	}
	return text
}

// Unwrap is what caused it, nil when the hub said so.
func (f *Failure) Unwrap() error { return f.cause }

// Final says that trying the same again cannot help: somebody has to do what the
// sentence says, or the next snapshot is another one.
func (f *Failure) Final() bool {
	switch f.Kind {
	case KindRevoked, KindSecond, KindElsewhere, KindTooLarge, KindRefused, KindDenied, KindLapsed:
		return true
	default:
		return false
	}
}

// FailureOf gives the failure in the chain of an error, nil when there is none.
func FailureOf(err error) *Failure {
	f, _ := errors.AsType[*Failure](err)
	return f
}

// proxyError is that a proxy did not let a connection through.
type proxyError struct{ status string }

func (e *proxyError) Error() string { return "proxy answers " + e.status }

// classify makes a failure of an error of the network.
func classify(err error, hub string) *Failure {
	f := &Failure{cause: err, Args: map[string]any{"Hub": hub}}
	f.Kind, f.Key = kindOf(err)
	if refused, ok := errors.AsType[*proxyError](err); ok {
		f.Args["Status"] = refused.status
	}
	if missing, ok := errors.AsType[*net.DNSError](err); ok {
		f.Args["Name"] = missing.Name
	}
	return f
}

func kindOf(err error) (kind Kind, key string) {
	var operation *net.OpError
	switch {
	case is[*proxyError](err):
		return KindProxy, "connect.proxy_refused"
	case errors.As(err, &operation) && operation.Op == "proxyconnect":
		return KindProxy, "connect.proxy_away"
	case is[*net.DNSError](err):
		return KindName, "connect.name"
	case isExpired(err):
		return KindTLS, "connect.certificate_expired"
	case is[x509.UnknownAuthorityError](err):
		return KindTLS, "connect.certificate_unknown"
	case is[x509.HostnameError](err):
		return KindTLS, "connect.certificate_name"
	case errors.Is(err, http.ErrSchemeMismatch):
		return KindTLS, "connect.no_tls"
	case is[*tls.CertificateVerificationError](err), is[tls.RecordHeaderError](err), is[tls.AlertError](err):
		return KindTLS, "connect.tls"
	case errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return KindTimeout, "connect.timeout"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return KindReach, "connect.unreachable"
	default:
		return KindCut, "connect.cut"
	}
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func isExpired(err error) bool {
	invalid, ok := errors.AsType[x509.CertificateInvalidError](err)
	return ok && invalid.Reason == x509.Expired
}

func isTimeout(err error) bool {
	t, ok := errors.AsType[net.Error](err)
	return ok && t.Timeout()
}

// unexpected is an answer that no hub gives.
func unexpected(hub string, status int, cause error) *Failure {
	return &Failure{Kind: KindStranger, Key: "connect.stranger", Args: map[string]any{"Hub": hub, "Status": status}, cause: cause}
}

// failed says that an answer is a failure of the hub.
func failed(hub string, status int) *Failure {
	return &Failure{
		Kind: KindHub, Key: "connect.hub_failed", Args: map[string]any{"Hub": hub, "Status": status},
		cause: fmt.Errorf("status %d", status),
	}
}
