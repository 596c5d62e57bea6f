package main

import (
	"cmp"
	"strings"

	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/internal/terminal"
	"github.com/oneseat/oneseat/licensing"
)

// exportDocument is what came of an export, for programs.
type exportDocument struct {
	File          string   `json:"file"`
	ServerID      string   `json:"server_id"`
	HostName      string   `json:"host_name"`
	Sequence      int64    `json:"sequence"`
	Digest        string   `json:"digest"`
	SameSnapshot  bool     `json:"same_snapshot"`
	TakenAt       string   `json:"taken_at"`
	Users         int64    `json:"users"`
	UsersBefore   *int64   `json:"users_before"` // of the snapshot before; null for the first
	Suspended     int      `json:"left_out_suspended"`
	BuiltIn       int      `json:"left_out_built_in"`
	NeverSignedIn int      `json:"left_out_never_signed_in"`
	SealedTo      []string `json:"sealed_to"` // fingerprints; empty in clear
	SignedBy      string   `json:"signed_by"`
	Bytes         int64    `json:"bytes"`
}

// show prints what left the instance.
func (c *exportCommand) show(s *session, done *exported) error {
	for _, w := range done.summary.Warnings {
		s.warn(s.sentence(w))
	}
	for _, w := range done.receipt.Warnings {
		s.warn(s.sentence(w))
	}
	c.warnChanged(s, done)
	if c.Format == "json" {
		return s.json(c.document(done))
	}
	h := done.receipt.Header
	state := s.T("export.changed")
	if done.same {
		state = s.T("export.same", "Sequence", h.Snapshot.Sequence)
	}
	s.out.Strong(s.T("export.title", "Host", h.Instance.HostName, "Sequence", h.Snapshot.Sequence, "Count", done.receipt.Users))
	s.out.Definitions(2, []terminal.Definition{
		{Term: s.T("export.file"), Text: done.file},
		{Term: s.T("export.size"), Text: s.T("export.bytes", "Bytes", done.receipt.Bytes)},
		{Term: s.T("export.state"), Text: state},
		{Term: s.T("export.users"), Text: s.usersLine(done)},
		{Term: s.T("export.taken"), Text: s.instant(h.Snapshot.TakenAt)},
		{Term: s.T("export.source"), Text: c.Source},
		{Term: s.T("export.left_out"), Text: s.leftOut(&done.summary)},
		{Term: s.T("export.sealed_to"), Text: c.sealedTo(s)},
		{Term: s.T("export.signed_by"), Text: done.receipt.SignedBy.Short()},
	})
	s.out.Blank()
	s.out.Prose(0, s.T("export.only"))
	return nil
}

// warnChanged warns of what looks like the report of another instance: another
// host name, or half of the users gone.
func (c *exportCommand) warnChanged(s *session, done *exported) {
	if done.host != "" && licensing.NormalHost(done.host) != licensing.NormalHost(c.HostName) {
		s.warn(s.T("export.other_host", "Before", done.host, "Now", c.HostName))
	}
	if before, now := done.before.UserCount, done.receipt.Users; done.before.Sequence > 0 && now <= before/2 && now < before {
		s.warn(s.T("export.halved", "Before", before, "Count", now, "File", done.file))
	}
}

// usersLine is how many users there were and are.
func (s *session) usersLine(done *exported) string {
	if done.before.Sequence == 0 || done.same {
		return s.Number(int(done.receipt.Users))
	}
	return s.T("export.before_after", "Before", done.before.UserCount, "After", done.receipt.Users)
}

// leftOut says how many accounts do not count, by cause.
func (s *session) leftOut(sum *source.ServerSummary) string {
	var causes []string
	for _, c := range []struct {
		key string
		n   int
	}{
		{"export.suspended", sum.Suspended}, {"export.built_in", sum.BuiltIn}, {"export.never_signed_in", sum.NeverSignedIn},
	} {
		if c.n > 0 {
			causes = append(causes, s.T(c.key, "N", c.n))
		}
	}
	return cmp.Or(strings.Join(causes, ", "), s.T("export.left_out_none"))
}

func (c *exportCommand) sealedTo(s *session) string {
	if c.Cleartext {
		return s.T("export.clear")
	}
	return strings.Join(c.fingerprints(true), ", ")
}

func (c *exportCommand) fingerprints(short bool) []string {
	list := []string{}
	for _, r := range c.recipients {
		if short {
			list = append(list, r.Fingerprint().Short())
		} else {
			list = append(list, r.Fingerprint().String())
		}
	}
	return list
}

func (c *exportCommand) document(done *exported) exportDocument {
	h := done.receipt.Header
	d := exportDocument{
		File: done.file, ServerID: h.Instance.ServerID, HostName: h.Instance.HostName,
		Sequence: h.Snapshot.Sequence, Digest: h.Snapshot.Digest.String(), SameSnapshot: done.same,
		TakenAt: rfc3339(h.Snapshot.TakenAt), Users: done.receipt.Users,
		Suspended: done.summary.Suspended, BuiltIn: done.summary.BuiltIn, NeverSignedIn: done.summary.NeverSignedIn,
		SealedTo: []string{}, SignedBy: done.receipt.SignedBy.String(), Bytes: done.receipt.Bytes,
	}
	if done.before.Sequence > 0 {
		d.UsersBefore = &done.before.UserCount
	}
	if !c.Cleartext {
		d.SealedTo = c.fingerprints(false)
	}
	return d
}
