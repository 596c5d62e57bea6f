package licensing

// offer is what a server account offers for joining: one key at most (R2).
type offer struct {
	key     string
	ok      bool
	email   Email // the address that gave the key, or that was to give it
	several bool  // none is marked primary and there are several keys, or several are marked
	marked  bool  // at least one is marked
}

// offerOf is R2.
func offerOf(a *ServerAccount) offer {
	if len(a.Emails) == 1 {
		e := a.Emails[0].Email
		key, ok := addressKey(e.text)
		return offer{key: key, ok: ok, email: e}
	}
	primaries := 0
	for _, e := range a.Emails {
		if e.Primary {
			primaries++
		}
	}
	o := offer{marked: primaries > 0, several: primaries > 1}
	for _, e := range a.Emails {
		if o.marked && !e.Primary {
			continue
		}
		o.consider(e.Email)
	}
	return o
}

// consider takes an address that may give the key: the smallest key wins, and
// among texts of one key the smallest text.
func (o *offer) consider(e Email) {
	key, ok := addressKey(e.text)
	switch {
	case !ok:
		if !o.ok && (o.email.text == "" || e.text < o.email.text) {
			o.email = e
		}
	case !o.ok:
		o.key, o.ok, o.email = key, true, e
	case key == o.key:
		if e.text < o.email.text {
			o.email = e
		}
	default:
		o.several = true // as marked ones are, when these are
		if key < o.key {
			o.key, o.email = key, e
		}
	}
}
