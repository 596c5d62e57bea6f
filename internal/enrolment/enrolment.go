package enrolment

import (
	"crypto/ed25519"
	"net/url"
	"time"
	"unicode/utf8"

	"github.com/oneseat/oneseat/usagefile"
)

// Format is the version this package writes and reads, and what the signature
// is bound to. A file of a later version is refused with [CodeNewerVersion].
const Format = "oneseat-enrolment/1"

// MediaType is what an enrolment file is sent as.
const MediaType = "application/json"

// MaxBytes is the size of the largest file that is read.
const MaxBytes = 64 << 10

// maxText is the length of the longest text in a file, in bytes.
const maxText = 1024

// Enrolment is what an enrolment file says.
type Enrolment struct {
	// Slug is the enterprise's name in addresses, Name what people call it.
	Slug, Name string
	// Hub is the address of the hub, http or https; empty when agents do not
	// reach it.
	Hub string
	// Recipient is what usage files are sealed to.
	Recipient usagefile.Recipient
	// IssuedAt is when the file was made; UTC, whole seconds. Of two files of
	// one enterprise the later one counts.
	IssuedAt time.Time
	// Licenses is nil unless OneSeat itself is who issues the licenses.
	Licenses *Licenses
	// Key is the enterprise's, which signed the file. Encode sets it.
	Key ed25519.PublicKey
}

// Licenses are what the enterprise grants to a server instance.
type Licenses struct {
	// Seats is the number of people, from 1.
	Seats int
	// ExpiresAt is when they end; zero when they do not.
	ExpiresAt time.Time
}

// Fingerprint names the enterprise's key: what people compare before an agent
// trusts the file.
func (e *Enrolment) Fingerprint() usagefile.Fingerprint { return usagefile.KeyFingerprint(e.Key) }

// FileName is the name the file should have.
func (e *Enrolment) FileName() string { return e.Slug + "-enrolment.json" }

// Check compares a file with the one that an agent goes by, nil for none. It
// refuses a file of another enterprise (CodeOtherEnterprise), one that is signed
// with another key (CodeKeyChanged), and an older one (CodeOlder). The same file
// again is not refused.
func Check(next, known *Enrolment) error {
	switch {
	case known == nil:
		return nil
	case next.Slug != known.Slug:
		return fault(CodeOtherEnterprise, "Slug", next.Slug, "Known", known.Slug)
	case !next.Key.Equal(known.Key):
		return fault(CodeKeyChanged, "Slug", next.Slug, "Fingerprint", next.Fingerprint().Short(), "Known", known.Fingerprint().Short())
	case next.IssuedAt.Before(known.IssuedAt):
		return fault(CodeOlder, "IssuedAt", next.IssuedAt.Format(time.RFC3339), "Known", known.IssuedAt.Format(time.RFC3339))
	default:
		return nil
	}
}

// check says what is wrong with the values.
func (e *Enrolment) check() error {
	switch {
	case !isText(e.Slug) || e.Slug == "":
		return badValue("enterprise.slug")
	case !isText(e.Name):
		return badValue("enterprise.name")
	case !isHub(e.Hub):
		return badValue("hub")
	case e.Recipient == usagefile.Recipient{}:
		return badValue("recipient")
	case e.IssuedAt.IsZero():
		return badValue("issued_at")
	case e.Licenses != nil && e.Licenses.Seats < 1:
		return badValue("licenses.seats")
	default:
		return nil
	}
}

func isText(text string) bool { return len(text) <= maxText && utf8.ValidString(text) }

// isHub says that a text is the address of a hub, or empty.
func isHub(text string) bool {
	if text == "" {
		return true
	}
	address, err := url.Parse(text)
	return err == nil && isText(text) && (address.Scheme == "https" || address.Scheme == "http") && address.Host != "" && address.User == nil
}
