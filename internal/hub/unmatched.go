package hub

import "github.com/oneseat/oneseat/licensing"

// Unmatched is a Visual Studio subscription that belongs to nobody known (R9),
// with all that was loaded of it: whoever reads it has to find out whose it is.
type Unmatched struct {
	ID    string          `json:"id,omitempty"`
	Email licensing.Email `json:"email,omitzero"`
	Login string          `json:"login,omitempty"` // one that names nobody
}

// Name is what to call it: its address, else the login, else the id.
func (s *Unmatched) Name() licensing.Email {
	switch {
	case !s.Email.IsZero():
		return s.Email
	case s.Login != "":
		return licensing.NewEmail(s.Login)
	default:
		return licensing.NewEmail(s.ID)
	}
}

// unmatchedOf lists those of a count, maxListed of them.
func unmatchedOf(r *licensing.Result) []Unmatched {
	all := r.Unmatched()
	var out []Unmatched
	for i := range all[:min(len(all), maxListed)] {
		s := &all[i].Subscription
		out = append(out, Unmatched{s.ID, s.Email, s.Login})
	}
	return out
}
