package hub

import (
	"context"
	"time"

	"github.com/oneseat/oneseat/licensing"
)

// PurchaseSource is where a number of licenses bought comes from.
type PurchaseSource string

// The sources, in the order in which they decide.
const (
	BoughtByContract PurchaseSource = "contract" // lines that are in force
	BoughtBySettings PurchaseSource = "settings" // the one number of the settings
	BoughtByList     PurchaseSource = "list"     // what was loaded says so
	BoughtUnknown    PurchaseSource = ""
)

// Purchase is how many licenses were bought. Contract lines decide when any is
// in force on the day; else the number of the settings, when there is one; else
// what was loaded says: the cloud list, or GitHub's report.
type Purchase struct {
	Source PurchaseSource `json:"source,omitempty"`
	// Seats is the number; 0: nobody says.
	Seats int `json:"seats,omitempty"`
	// VisualStudio of them are of that type; only contract lines tell.
	VisualStudio int `json:"visual_studio,omitempty"`
	// Lines is how many lines are in force.
	Lines int `json:"lines,omitempty"`
	// Listed is what was loaded says, whatever decided; 0: nothing.
	Listed int `json:"listed,omitempty"`
}

// purchaseOf decides as [Purchase] says.
func purchaseOf(lines []ContractLine, v Settings, listed int, at time.Time) Purchase {
	out := Purchase{Listed: listed}
	for i := range lines {
		line := &lines[i]
		if !line.InForce(at) {
			continue
		}
		out.Source = BoughtByContract
		out.Lines++
		out.Seats += line.Seats
		if line.License == licensing.LicenseVisualStudio {
			out.VisualStudio += line.Seats
		}
	}
	switch {
	case out.Lines > 0:
	case v.Purchased > 0:
		out.Source, out.Seats = BoughtBySettings, v.Purchased
	case listed > 0:
		out.Source, out.Seats = BoughtByList, listed
	}
	return out
}

// Purchased is what is in force now, before anything was counted with it. What
// was loaded is known to a result alone: Listed is 0.
func (s *Service) Purchased(ctx context.Context, about EnterpriseInfo) (Purchase, error) {
	lines, err := s.ContractLines(ctx, about.Number)
	return purchaseOf(lines, about.Settings, 0, s.now()), err
}
