package main

import (
	"cmp"
	"encoding/base64"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/usagefile"
)

// showInspection writes header and checks as text.
func (s *session) showInspection(name string, found *usagefile.Inspection, by signer) {
	h := found.Header
	s.out.Strong(s.T("inspect.title", "Host", h.Instance.HostName, "Sequence", h.Snapshot.Sequence, "Count", h.Snapshot.UserCount))
	s.out.Definitions(2, s.headerLines(name, h))
	s.out.Heading(s.T("inspect.checks"))
	s.out.Definitions(2, s.checkLines(found, by))
	if found.Receipt == nil {
		return
	}
	for _, w := range found.Receipt.Warnings {
		s.warn(s.sentence(w))
	}
}

func (s *session) headerLines(name string, h usagefile.Header) []terminal.Definition {
	in, snap := h.Instance, h.Snapshot
	line := func(key, text string) terminal.Definition {
		return terminal.Definition{Term: s.T("inspect." + key), Text: cmp.Or(text, s.T("inspect.none"))}
	}
	list := []terminal.Definition{
		line("file", name),
		line("server_id", in.ServerID),
		line("host", s.hostLine(in)),
		line("version", in.Version),
		line("license", in.License.String()),
		line("features", s.featureLine(in.Features)),
		line("taken", s.instant(snap.TakenAt)),
		line("source", s.instant(snap.SourceAt)),
		line("digest", snap.Digest.String()),
		line("previous", snap.Previous.String()),
		line("audience", h.Audience.Short()),
		line("users", s.sealLine(h)),
	}
	if snap.Note != "" {
		list = append(list, line("note", snap.Note))
	}
	return list
}

func (s *session) hostLine(in usagefile.Instance) string {
	if in.HTTPOnly {
		return s.T("inspect.http_only", "Host", in.HostName)
	}
	return in.HostName
}

func (s *session) featureLine(features []usagefile.Feature) string {
	var list []string
	for _, f := range features {
		list = append(list, s.T("inspect.feature", "Name", f.Name, "Date", s.date(f.EnabledAt)))
	}
	return strings.Join(list, ", ")
}

func (s *session) sealLine(h usagefile.Header) string {
	if h.Sealed() {
		return s.T("inspect.sealed", "Count", len(h.Recipients), "Recipients", strings.Join(h.Recipients, ", "))
	}
	return s.T("inspect.clear")
}

// checkLines say what was verified, and what was not and why.
func (s *session) checkLines(found *usagefile.Inspection, by signer) []terminal.Definition {
	list := []terminal.Definition{
		{Term: s.T("inspect.key"), Text: usagefile.KeyFingerprint(found.Header.Instance.PublicKey).Short()},
		{Term: s.T("inspect.known"), Text: s.T("inspect.signer." + string(by))},
	}
	if found.Refusal != nil {
		return append(list, terminal.Definition{Term: s.T("inspect.verdict"), Text: s.T("inspect.refused")})
	}
	users := "inspect.users_unopened"
	if found.Receipt.Opened {
		users = "inspect.users_right"
	}
	return append(
		list,
		terminal.Definition{Term: s.T("inspect.signature"), Text: s.T("inspect.signature_right", "Size", s.Number(int(found.Receipt.Bytes)))},
		terminal.Definition{Term: s.T("inspect.content"), Text: s.T(users, "Count", found.Receipt.Users)},
	)
}

// inspectionDocument is an inspection for programs. It holds no users.
type inspectionDocument struct {
	Format     string            `json:"format"`
	Audience   string            `json:"audience"`
	Recipients []string          `json:"recipients"`
	ServerID   string            `json:"server_id"`
	HostName   string            `json:"host_name"`
	HTTPOnly   bool              `json:"http_only"`
	Version    string            `json:"version"`
	License    string            `json:"license"`
	Features   []featureDocument `json:"features"`
	PublicKey  string            `json:"public_key"`
	SignedBy   string            `json:"signed_by"`
	Signer     signer            `json:"signer"`
	Sequence   int64             `json:"sequence"`
	TakenAt    string            `json:"taken_at"`
	SourceAt   string            `json:"source_at"`
	Digest     string            `json:"digest"`
	Previous   string            `json:"previous"`
	UserCount  int64             `json:"user_count"`
	Note       string            `json:"note"`
	Verified   bool              `json:"verified"` // signature and form
	Opened     bool              `json:"opened"`   // and the users
	Refusal    string            `json:"refusal"`  // a code, or empty
	Warnings   []warningDocument `json:"warnings"`
}

type featureDocument struct {
	Name      string `json:"name"`
	EnabledAt string `json:"enabled_at"`
}

type warningDocument struct {
	Code  string `json:"code"`
	Count int64  `json:"count"`
}

func inspectionJSON(found *usagefile.Inspection, by signer) inspectionDocument {
	h := found.Header
	in, snap := h.Instance, h.Snapshot
	d := inspectionDocument{
		Format: usagefile.Format, Audience: h.Audience.String(), Recipients: append([]string{}, h.Recipients...),
		ServerID: in.ServerID, HostName: in.HostName, HTTPOnly: in.HTTPOnly, Version: in.Version, License: in.License.String(),
		Features: []featureDocument{}, PublicKey: base64.StdEncoding.EncodeToString(in.PublicKey),
		SignedBy: usagefile.KeyFingerprint(in.PublicKey).String(), Signer: by,
		Sequence: snap.Sequence, TakenAt: rfc3339(snap.TakenAt), SourceAt: rfc3339(snap.SourceAt),
		Digest: snap.Digest.String(), Previous: snap.Previous.String(), UserCount: snap.UserCount, Note: snap.Note,
		Refusal: refusalCode(found.Refusal), Warnings: []warningDocument{},
	}
	for _, f := range in.Features {
		d.Features = append(d.Features, featureDocument{f.Name, rfc3339(f.EnabledAt)})
	}
	if r := found.Receipt; r != nil {
		d.Verified, d.Opened = true, r.Opened
		for _, w := range r.Warnings {
			d.Warnings = append(d.Warnings, warningDocument{string(w.Code), w.Count})
		}
	}
	return d
}

// rfc3339 is a time for programs, empty when it is unknown.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
