package api

import (
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

// eyes show a person as the hub lets a token see them, in the shapes of this
// API.
type eyes struct{ hub.Eyes }

// eyesOn are the eyes for a person of a result.
func eyesOn(r *hub.Result, p *licensing.Person) eyes { return eyes{hub.EyesOn(r, p)} }

// asserted is what an identity provider or an invitation says.
func (e eyes) asserted(address licensing.Email) Address {
	text, hidden := e.Asserted(address)
	return Address{Address: text, Hidden: hidden}
}

// missed is the cloud account's address of a near miss.
func (e eyes) missed(m *licensing.NearMiss) Address {
	text, hidden := e.Missed(m)
	return Address{Address: text, Hidden: hidden}
}

// text is asserted for places that have no room to say that it is a mask.
func (e eyes) text(address licensing.Email) string { return e.asserted(address).Address }

// reported is what GitHub's report shows.
func reported(address licensing.Email) string { return hub.Eyes{}.Reported(address) }
