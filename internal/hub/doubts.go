package hub

import (
	"context"
	"hash/maphash"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/internal/mixup"
	"github.com/oneseat/oneseat/licensing"
)

// Doubt is what puts a total in doubt: files that are in order, and yet
// probably not what was meant. Whoever decides about a preview reads it first.
type Doubt struct {
	Code  string `json:"code"`
	Host  string `json:"host,omitempty"`  // empty: the cloud side
	Other string `json:"other,omitempty"` // host that it may be of, or has the same accounts
	// Was and Is are how many accounts a source had and has, where that is the
	// doubt.
	Was int64 `json:"was,omitempty"`
	Is  int64 `json:"is,omitempty"`
}

// doubtEmpty is a snapshot with nobody in it, doubtShrunk one with less than
// half of the accounts that were there; the other codes are those of mixup.
const (
	doubtEmpty  = "empty"
	doubtShrunk = "shrunk"
)

// fewAccounts is how many a source has that may lose half of them unnoticed.
const fewAccounts = 10

// Previewed gives what applying an upload would make count, with everything
// that puts it in doubt, and what counts now; that is nil before the first
// count. NotFound when there is no preview of it.
func (s *Service) Previewed(ctx context.Context, enterprise int64, u *Upload) (preview, current *Result, err error) {
	if preview, err = s.Result(ctx, enterprise, u.PreviewResult); err != nil {
		return nil, nil, err
	}
	current, err = s.Current(ctx, enterprise)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return preview, nil, nil
	case err != nil:
		return nil, nil, err
	}
	preview.Doubts = append(preview.Doubts, shrunk(current, preview)...)
	return preview, current, nil
}

// shrunk says which sources lose more than half of their accounts from one
// result to another: as a rule a list was cut short. Sources that are gone or
// empty are no matter of it.
func shrunk(before, after *Result) []Doubt {
	var out []Doubt
	look := func(host string, was, is int64) {
		if was >= fewAccounts && is > 0 && 2*is < was {
			out = append(out, Doubt{Code: doubtShrunk, Host: host, Was: was, Is: is})
		}
	}
	look("", int64(before.Statement.CloudAccounts), int64(after.Statement.CloudAccounts))
	for _, in := range after.Inputs {
		for _, old := range before.Inputs {
			if in.Source != CloudSource && in.Source == old.Source {
				look(in.Host, old.Items, in.Items)
			}
		}
	}
	return out
}

// Message names the sentence for a person.
func (d Doubt) Message() (key string, args map[string]any) {
	args = map[string]any{"Host": d.Host}
	switch {
	case d.Code == doubtShrunk && d.Host == "":
		return "hub.doubt_shrunk_cloud", map[string]any{"Was": int(d.Was), "Is": int(d.Is)}
	case d.Code == doubtShrunk:
		return "hub.doubt_shrunk", map[string]any{"Host": d.Host, "Was": int(d.Was), "Is": int(d.Is)}
	case d.Host == "":
		return "hub.doubt_empty_cloud", map[string]any{}
	case d.Code == string(mixup.SameAccounts):
		args["Other"] = d.Other
		return "hub.doubt_same_accounts", args
	case d.Code == string(mixup.Swapped):
		args["Other"] = d.Other
		return "hub.doubt_swapped", args
	case d.Code == string(mixup.OtherPeople):
		return "hub.doubt_other_people", args
	default:
		return "hub.doubt_empty", args
	}
}

// watch looks at the accounts of server instances while they are counted.
type watch struct {
	hash maphash.Hash
	size int // of a sample; 0: GitHub's report is not there to compare with
	Seen []mixup.Instance
}

// begin says whose accounts come next.
func (w *watch) begin(host string, accounts int64) {
	w.Seen = append(w.Seen, mixup.Instance{Host: host, Accounts: accounts})
}

// item is the next account, as it is kept.
func (w *watch) item(i *store.Item) {
	w.hash.Reset()
	_, _ = w.hash.WriteString(i.Key)
	_ = w.hash.WriteByte(0)
	_, _ = w.hash.WriteString(i.Document)
	w.Seen[len(w.Seen)-1].Digest += w.hash.Sum64()
}

// accounts are some of them; a sample is taken of the first.
func (w *watch) accounts(list []licensing.ServerAccount) {
	if last := &w.Seen[len(w.Seen)-1]; last.Sample == nil && w.size > 0 {
		last.Sample = mixup.SampleOf(list, w.size)
	}
}

// doubts are what was noticed.
func (w *watch) doubts(c *counted) []Doubt {
	var out []Doubt
	for _, in := range c.inputs {
		if in.Items == 0 {
			out = append(out, Doubt{Code: doubtEmpty, Host: in.Host})
		}
	}
	for _, found := range mixup.Find(w.Seen, c.Rows) {
		host := licensing.NormalHost(w.Seen[found.At].Host)
		out = append(out, Doubt{Code: string(found.Code), Host: host, Other: found.Other})
	}
	return out
}
