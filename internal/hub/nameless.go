package hub

import (
	"regexp"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// anchoredInvitation begins the text of the anchor of an invitation that GitHub's
// report has without a name; what follows is the hash of all that the report says
// of it, and a number that tells equal ones apart.
const anchoredInvitation = "invitation:"

// hashDigits is how much of the hash stands in a name: enough that the few
// invitations of an enterprise differ.
const hashDigits = 6

// namelessForm is what nobody else is called: no login, address or host has a
// blank.
var namelessForm = regexp.MustCompile(`^invitation ([0-9a-f]{1,6}(?:-[0-9]+)?)$`)

// namelessNumber is the number in the name of such an invitation, of what
// follows anchoredInvitation. It stays the same as long as the report says the
// same of the invitation, whoever else comes and goes.
func namelessNumber(text string) string {
	hash, n, _ := strings.Cut(text, "#")
	hash = hash[:min(len(hash), hashDigits)]
	if n == "" || n == "1" {
		return hash
	}
	return hash + "-" + n
}

// NamelessNumber is the number of an invitation that GitHub's report has without
// a name, if that is what somebody's name is of: the same on every surface.
func NamelessNumber(name licensing.Email) (number string, is bool) {
	if m := namelessForm.FindStringSubmatch(name.Address()); m != nil {
		return m[1], true
	}
	return "", false
}
