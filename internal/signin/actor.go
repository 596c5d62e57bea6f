package signin

import "slices"

// Scope is something a token lets its bearer do in its enterprise. The names
// are those GitHub gives the same rights.
type Scope string

// The scopes.
const (
	ReadEnterprise  Scope = "read:enterprise"           // read what the enterprise's report shows
	ManageBilling   Scope = "manage_billing:enterprise" // the same, under the name billing tools ask for
	AdminEnterprise Scope = "admin:enterprise"          // everything, changes and single addresses included
	Upload          Scope = "upload"                    // bring usage files of one instance, and nothing else
)

// Scopes are all scopes, from reading to changing.
func Scopes() []Scope { return []Scope{ReadEnterprise, ManageBilling, AdminEnterprise, Upload} }

// Actor is who asks. The zero value is nobody, who may nothing.
type Actor struct {
	// Name is for logs and the audit log: "token NAME", "owner NAME" and so for the other
	// roles, "command line" or "job". It holds no address.
	Name string
	// Token is the id of the token that was shown, empty for others.
	Token string
	// Enterprise is the one that all of this holds in.
	Enterprise int64
	Scopes     []Scope
	// Instance is the number of the one instance that the scope [Upload] is
	// for, 0 without it. Whoever takes a file in holds it against this.
	Instance int64
}

// CommandLine is whoever runs the program on its own machine: they have the
// database, so they may everything in it.
func CommandLine(enterprise int64) Actor {
	return Actor{Name: "command line", Enterprise: enterprise, Scopes: []Scope{AdminEnterprise}}
}

// Job is the program itself, when a schedule comes round.
func Job(enterprise int64) Actor {
	return Actor{Name: "job", Enterprise: enterprise, Scopes: []Scope{AdminEnterprise}}
}

// May says that the actor has a scope, or one that includes it:
// [AdminEnterprise] includes all.
func (a Actor) May(s Scope) bool {
	return slices.Contains(a.Scopes, s) || slices.Contains(a.Scopes, AdminEnterprise)
}
