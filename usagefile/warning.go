package usagefile

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// Warning is something noticed that does not make a file wrong.
type Warning struct {
	Code WarningCode
	// Count is how often: users, or snapshots that were skipped.
	Count int64
	// First is the id of the first user it was noticed at, as it may be shown;
	// empty when it is not about users.
	First string
}

// Message names the sentence for this warning.
func (w Warning) Message() (key string, args map[string]any) {
	return "usagefile.warn_" + string(w.Code), map[string]any{"Count": w.Count, "First": w.First}
}

// notes gathers warnings: one per code, with a number.
type notes struct{ list []Warning }

func (n *notes) add(code WarningCode, id string) {
	for i := range n.list {
		if n.list[i].Code == code {
			n.list[i].Count++
			return
		}
	}
	n.list = append(n.list, Warning{code, 1, licensing.MaskText(id)})
}

func (n *notes) user(a *licensing.ServerAccount) {
	primaries := 0
	for _, e := range a.Emails {
		if e.Primary {
			primaries++
		}
	}
	switch {
	case len(a.Emails) == 0:
		n.add(WarnWithoutAddress, a.UserID)
	case primaries == 0:
		n.add(WarnNoPrimary, a.UserID)
	case primaries > 1:
		n.add(WarnManyPrimaries, a.UserID)
	}
}

// warnings are those of users and header together, sorted by code.
func (n *notes) warnings(h *Header) []Warning {
	list := slices.Clone(n.list)
	if !h.Sealed() && h.Audience.IsZero() {
		list = append(list, Warning{Code: WarnWithoutAudience, Count: 1})
	}
	slices.SortFunc(list, func(a, b Warning) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return list
}
