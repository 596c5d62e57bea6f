package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/licensing"
)

// setText gives a member the value that stands in a cell of a CSV or in a JSON
// text. The code is empty when the value can be read.
func setText(member any, text string) Code {
	switch m := member.(type) {
	case *string:
		*m = text
	case *licensing.Email:
		*m = licensing.NewEmail(text)
	case *licensing.LicenseType:
		*m = licenseType(text)
	case *bool:
		value, ok := parseBool(text)
		*m = value != nil && *value
		return codeUnless(ok)
	case **bool:
		value, ok := parseBool(text)
		*m = value
		return codeUnless(ok)
	case *int:
		value, ok := parseInt(text)
		*m = value
		return codeUnless(ok)
	default:
		return setList(member, split(text))
	}
	return ""
}

// setList gives a member a list. An empty list takes nothing away, because a
// member may stand under two names.
func setList(member any, values []string) Code {
	if len(values) == 0 {
		return ""
	}
	switch m := member.(type) {
	case *[]string:
		*m = values
	case *[]licensing.Email:
		*m = make([]licensing.Email, len(values))
		for i, value := range values {
			(*m)[i] = licensing.NewEmail(value)
		}
	case *[]licensing.HostID:
		ids := make([]licensing.HostID, len(values))
		for i, value := range values {
			id, ok := ParseHostID(value)
			if !ok {
				return CodeServerID
			}
			ids[i] = id
		}
		*m = ids
	default:
		return CodeValue
	}
	return ""
}

func codeUnless(ok bool) Code {
	if ok {
		return ""
	}
	return CodeValue
}

// split takes a cell of several values apart: they are joined by commas, with
// or without white space.
func split(cell string) []string {
	if strings.TrimSpace(cell) == "" {
		return nil
	}
	values := strings.Split(cell, ",")
	for i := range values {
		values[i] = strings.TrimSpace(values[i])
	}
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

// parseBool reads true and false in any case; empty is nil.
func parseBool(text string) (*bool, bool) {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "":
		return nil, true
	case "true":
		return new(true), true
	case "false":
		return new(false), true
	}
	return nil, false
}

// parseInt reads a number that is not negative; empty is 0.
func parseInt(text string) (int, bool) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0
}

func licenseType(text string) licensing.LicenseType {
	for _, known := range []licensing.LicenseType{licensing.LicenseEnterprise, licensing.LicenseVisualStudio} {
		if strings.EqualFold(text, string(known)) {
			return known
		}
	}
	return licensing.LicenseType(text)
}

// settle ends a user that was read: roles come into the live spelling, and one
// that does not say whether there is a cloud account has one when it has a
// login. The code is empty unless it claims an account without a login.
func (u *User) settle(cloudUserSaid bool) Code {
	if !cloudUserSaid {
		u.CloudUser = u.Login != ""
	}
	if u.CloudUser && u.Login == "" {
		return CodeNoLogin
	}
	for i, role := range u.EnterpriseRoles {
		u.EnterpriseRoles[i] = liveSpelling(role, enterpriseRoles())
	}
	for i, role := range u.MemberRoles {
		if at := strings.LastIndexByte(role, ':'); at >= 0 {
			u.MemberRoles[i] = role[:at+1] + liveSpelling(role[at+1:], memberRoles())
		}
	}
	return ""
}

func enterpriseRoles() []string {
	return []string{
		RoleOwner, RoleMember, RoleOutside, RoleRepository, RolePending,
		RolePendingOutside, RoleBillingManager, RoleGuestCollaborator,
	}
}

func memberRoles() []string {
	return []string{OrganizationOwner, OrganizationMember, RepositoryCollaborator}
}

func liveSpelling(text string, known []string) string {
	for _, live := range known {
		if strings.EqualFold(text, live) {
			return live
		}
	}
	return text
}
