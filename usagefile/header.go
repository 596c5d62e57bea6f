package usagefile

import (
	"cmp"
	"crypto/ed25519"
	"fmt"
	"strings"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// Format is the version this package writes and reads, and the context of its
// signature. A file of a later version is refused with [CodeNewerVersion].
const Format = "oneseat-usage-file/1"

// MediaType is what a usage file is sent as.
const MediaType = "application/json"

// LicenseUsageSync is the name of the feature that is license sync.
const LicenseUsageSync = "license_usage_sync"

// sealScheme is the one way users are sealed in this version.
const sealScheme = "age+zstd/1"

// Header is what a file says before its users. Whoever carries the file can
// read it. It is a claim until the file was verified.
type Header struct {
	// Audience is the fingerprint of the enterprise's recipient. Zero only
	// when the users are in clear.
	Audience Fingerprint
	Instance Instance
	Snapshot Snapshot
	// Recipients the users are sealed to, as age writes them; empty when the
	// users are in clear.
	Recipients []string
}

// Sealed says that the users are sealed.
func (h Header) Sealed() bool { return len(h.Recipients) > 0 }

// FileName is the name the file should have: HOSTNAME-usage-SEQUENCE.json,
// with whatever does not belong in a file name replaced, and with the server id
// where nothing is left of the host name.
func (h Header) FileName() string {
	host := strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|[]`, r) || isUnseen(r) {
			return '-'
		}
		return r
	}, licensing.NormalHost(h.Instance.HostName))
	host = cmp.Or(strings.TrimLeft(host, ".-"), h.Instance.ServerID)
	return fmt.Sprintf("%s-usage-%d.json", host, h.Snapshot.Sequence)
}

// Instance is the server instance whose accounts are reported.
type Instance struct {
	// ServerID is a UUID in lower case; it stays when the host is renamed.
	ServerID string
	// HostName as configured, with the port if it has one.
	HostName string
	// HTTPOnly is true when the instance serves without TLS.
	HTTPOnly bool
	// Version of the server software; empty when unknown.
	Version string
	// License is the SHA-256 of the instance's license file; zero when there
	// is none.
	License Digest
	// PublicKey is the key the file is signed with.
	PublicKey ed25519.PublicKey
	// Rotation is the previous key's word for PublicKey; nil when the key was
	// never changed.
	Rotation *Rotation
	// Features are the features switched on, in the instance's order.
	Features []Feature
}

// Feature is a feature that is switched on.
type Feature struct {
	Name      string
	EnabledAt time.Time // zero when unknown
}

// Snapshot says what was taken when. It belongs to the accounts, not to the
// file: exporting one snapshot twice gives the same Sequence and Digest.
type Snapshot struct {
	// Sequence is positive and grows with every snapshot of the instance.
	Sequence int64
	// TakenAt is when the agent took it; UTC.
	TakenAt time.Time
	// SourceAt is when its source was produced; zero when unknown.
	SourceAt time.Time
	// Digest of the users; see [Digest].
	Digest Digest
	// Nonce of the digest. In a sealed file it stands with the users, so it is
	// zero in a header until they were opened.
	Nonce Nonce
	// Previous is the digest of the snapshot before; zero for the first.
	Previous Digest
	// UserCount is the number of users as they stand in the file.
	UserCount int64
	// Note is free text, such as the number of a change ticket.
	Note string
}
