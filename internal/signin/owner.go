package signin

import (
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/signin/sqlgen"
	"github.com/oneseat/oneseat/licensing"
)

// MaxOwners is how many people of all roles an enterprise has at most.
const MaxOwners = 200

// linkFor is how long a one-time link is good.
const linkFor = 24 * time.Hour

// Role is what a person may in an enterprise.
type Role string

// The roles.
const (
	RoleOwner          Role = "owner"           // everything
	RoleBillingManager Role = "billing_manager" // read, for billing
	RoleAuditor        Role = "auditor"         // read
)

// Roles are all roles, from everything to reading.
func Roles() []Role { return []Role{RoleOwner, RoleBillingManager, RoleAuditor} }

func (r Role) known() bool { return slices.Contains(Roles(), r) }

// Scopes are what the role may.
func (r Role) Scopes() []Scope {
	switch r {
	case RoleOwner:
		return []Scope{AdminEnterprise}
	case RoleBillingManager:
		return []Scope{ManageBilling}
	case RoleAuditor:
		return []Scope{ReadEnterprise}
	default:
		return nil
	}
}

// title is the role before a name: "billing manager".
func (r Role) title() string { return strings.ReplaceAll(string(r), "_", " ") }

// invited, joined and removed are what the audit log says of the role.
func (r Role) invited() Action {
	switch r {
	case RoleBillingManager:
		return BillingManagerInvited
	case RoleAuditor:
		return AuditorInvited
	case RoleOwner:
	}
	return OwnerInvited
}

func (r Role) joined() Action {
	switch r {
	case RoleBillingManager:
		return BillingManagerAdded
	case RoleAuditor:
		return AuditorAdded
	case RoleOwner:
	}
	return OwnerAdded
}

func (r Role) removed() Action {
	switch r {
	case RoleBillingManager:
		return BillingManagerRemoved
	case RoleAuditor:
		return AuditorRemoved
	case RoleOwner:
	}
	return OwnerRemoved
}

// Owner is a person who may sign in, whatever their role.
type Owner struct {
	ID         string
	Enterprise int64
	// Name is unique in the enterprise.
	Name      string
	Email     licensing.Email // none when it was not given
	Role      Role
	CreatedBy string
	CreatedAt time.Time
	// JoinedAt is when a one-time link was used first; zero: not yet.
	JoinedAt time.Time
	// LinkExpiresAt is when the open link ends, or ended; zero: none is open.
	LinkExpiresAt time.Time
}

// Actor is the person, signed in.
func (o *Owner) Actor() Actor {
	return Actor{Name: o.Role.title() + " " + o.Name, Enterprise: o.Enterprise, Scopes: o.Role.Scopes()}
}

// NewOwner is a person to be added.
type NewOwner struct {
	Enterprise int64
	// Name has 1 to 100 characters that print, no @, and nobody else of the
	// enterprise has it.
	Name  string
	Email licensing.Email // may be none
	Role  Role
}

func ownerFromRow(r *sqlgen.Owner) Owner {
	o := Owner{
		ID: r.ID, Enterprise: r.Enterprise, Name: r.Name, Email: licensing.NewEmail(r.Email), Role: Role(r.Role),
		CreatedBy: r.CreatedBy, CreatedAt: instant(r.CreatedAt), JoinedAt: instant(r.JoinedAt),
	}
	if r.LinkHash.Valid {
		o.LinkExpiresAt = instant(r.LinkExpiresAt)
	}
	return o
}
