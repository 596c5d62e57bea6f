package ui

import (
	"crypto/ed25519"
	"strconv"
	"strings"
	"time"

	"github.com/oneseat/oneseat/usagefile"
)

// headerItem is a field of what stands in clear in a usage file.
type headerItem struct {
	Field string // its name in [usagefile.Header]
	Label string
	Value string // empty: there is none
	Mono  bool
}

// header is everything that whoever carries the file can read: every field of
// [usagefile.Header] but the nonce, which a sealed file has with its users. The
// note is the one that is asked for below.
func (p *exportPage) header() []headerItem {
	return append(p.headerInstance(&p.Leaving.Header.Instance), p.headerSnapshot(&p.Leaving.Header)...)
}

func (p *exportPage) headerInstance(i *usagefile.Instance) []headerItem {
	tls := p.T("pageconnect.record.tls_yes")
	if i.HTTPOnly {
		tls = p.T("pageconnect.record.tls_no")
	}
	rotation := ""
	if i.Rotation != nil {
		rotation = p.T("pageagent.header.rotated")
	}
	var features []string
	for _, one := range i.Features {
		features = append(features, one.Name+" ("+p.timeOf(one.EnabledAt)+")")
	}
	return []headerItem{
		{Field: "Instance.HostName", Label: p.T("pageagent.identity.host"), Value: i.HostName},
		{Field: "Instance.ServerID", Label: p.T("pageagent.identity.server_id"), Value: i.ServerID, Mono: true},
		{Field: "Instance.HTTPOnly", Label: p.T("pageconnect.record.tls"), Value: tls},
		{Field: "Instance.Version", Label: p.T("pageagent.export.version"), Value: i.Version},
		{Field: "Instance.License", Label: p.T("pageconnect.record.license"), Value: i.License.String(), Mono: true},
		{Field: "Instance.PublicKey", Label: p.T("pageconnect.record.public_key"), Value: keyOf(i.PublicKey), Mono: true},
		{Field: "Instance.Rotation", Label: p.T("pageagent.header.rotation"), Value: rotation},
		{Field: "Instance.Features", Label: p.T("pageconnect.record.features"), Value: strings.Join(features, ", ")},
	}
}

func (p *exportPage) headerSnapshot(h *usagefile.Header) []headerItem {
	s := &h.Snapshot
	return []headerItem{
		{Field: "Snapshot.Sequence", Label: p.T("pageagent.identity.sequence"), Value: strconv.FormatInt(s.Sequence, 10)},
		{Field: "Snapshot.TakenAt", Label: p.T("pageagent.snapshots.taken"), Value: p.timeOf(s.TakenAt)},
		{Field: "Snapshot.SourceAt", Label: p.T("pageagent.snapshots.produced"), Value: p.timeOf(s.SourceAt)},
		{Field: "Snapshot.Digest", Label: p.T("pageagent.snapshots.digest"), Value: s.Digest.String(), Mono: true},
		{Field: "Snapshot.Previous", Label: p.T("pageagent.header.previous"), Value: s.Previous.String(), Mono: true},
		{Field: "Snapshot.UserCount", Label: p.T("pageagent.export.users"), Value: p.count(s.UserCount)},
		{Field: "Snapshot.Note", Label: p.T("pageagent.export.note"), Value: s.Note},
		{Field: "Audience", Label: p.T("pageagent.header.audience"), Value: h.Audience.Short(), Mono: true},
		{Field: "Recipients", Label: p.T("pageagent.header.recipients"), Value: strings.Join(h.Recipients, " "), Mono: true},
	}
}

// timeOf is an instant, empty for none.
func (p *exportPage) timeOf(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return p.Time(at)
}

// keyOf is the fingerprint of a key, empty for none.
func keyOf(key ed25519.PublicKey) string {
	if len(key) == 0 {
		return ""
	}
	return usagefile.KeyFingerprint(key).String()
}
