package hub

import (
	"hash/maphash"

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
}

// doubtEmpty is a snapshot with nobody in it; the other codes are those of
// mixup.
const doubtEmpty = "empty"

// Message names the sentence for a person.
func (d Doubt) Message() (key string, args map[string]any) {
	args = map[string]any{"Host": d.Host}
	switch {
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
