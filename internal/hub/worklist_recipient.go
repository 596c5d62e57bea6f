package hub

import (
	"cmp"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// The keys of to whom a letter goes: an address, or whoever has a login where no
// address of theirs may be seen.
const (
	keyToAddress = "work.to.address"
	keyToGitHub  = "work.to.github"
)

// recipient is to whom a letter to the owner of a login goes: to the best of the
// verified addresses that the reader may see, the primary one first, and to the
// one that an identity provider vouches for where there is none. The account may
// be nil.
func recipient(login string, a *licensing.CloudAccount, eyes Eyes) Sentence {
	if a == nil {
		return say(keyToGitHub, "Login", login, "Name", "")
	}
	own := slices.Clone(a.Emails)
	slices.SortStableFunc(own, func(x, y licensing.CloudEmail) int { return cmp.Compare(rankOf(x), rankOf(y)) })
	for _, e := range own {
		if text, hidden := eyes.See(e); e.Verified && !hidden {
			return toAddress(login, a, text)
		}
	}
	for _, said := range assertedOf(a) {
		if text, hidden := eyes.Asserted(said); !hidden && strings.Contains(text, "@") {
			return toAddress(login, a, text)
		}
	}
	return say(keyToGitHub, "Login", login, "Name", a.Name)
}

func rankOf(e licensing.CloudEmail) int {
	if e.Primary {
		return 0
	}
	return 1
}

// assertedOf is what identity providers call somebody.
func assertedOf(a *licensing.CloudAccount) []licensing.Email {
	var out []licensing.Email
	for i := range a.SCIM {
		out = append(append(out, a.SCIM[i].UserName), a.SCIM[i].Emails...)
	}
	for i := range a.SAML {
		out = append(out, a.SAML[i].NameID)
	}
	return out
}

// toAddress says to send to an address, as the reader sees it.
func toAddress(login string, a *licensing.CloudAccount, address string) Sentence {
	name := ""
	if a != nil {
		name = a.Name
	}
	return say(keyToAddress, "Login", login, "Name", name, "Address", address)
}
