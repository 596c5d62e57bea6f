package main

import (
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/nearest"
	"github.com/oneseat/oneseat/licensing"
)

// The names of --policy (C7).
const (
	policyBilling             = "billing"
	policyManagedUsers        = "managed_users"
	policyNeverSignedIn       = "never_signed_in"
	policyUnlinkedSubscribers = "unlinked_subscribers"
	policyUseGitHubJoins      = "use_github_joins"
)

// policyValues are what a policy may be; the first is the default.
func policyValues(name string) []string {
	switch name {
	case policyBilling:
		return []string{"volume", "metered"}
	case policyManagedUsers:
		return []string{"false", "true"}
	case policyNeverSignedIn:
		return []string{"include", "leave_out"}
	case policyUnlinkedSubscribers:
		return []string{"free", "consume"}
	case policyUseGitHubJoins:
		return []string{"true", "false"}
	default:
		return nil
	}
}

// policies are the values given with --policy, by name.
type policies map[string]string

// parsePolicies reads NAME=VALUE; the names a command takes are known to it. A
// name with two values is refused.
func parsePolicies(given []string, names ...string) (policies, error) {
	out := policies{}
	known := strings.Join(names, ", ")
	for _, text := range given {
		name, value, ok := strings.Cut(text, "=")
		switch {
		case !ok:
			return nil, usage("usage.bad_policy", "Value", text, "Names", known)
		case !slices.Contains(names, name) && nearest.To(name, names) != "":
			return nil, usage("usage.bad_policy_near", "Name", name, "Near", nearest.To(name, names), "Names", known)
		case !slices.Contains(names, name):
			return nil, usage("usage.bad_policy_name", "Name", name, "Names", known)
		case !slices.Contains(policyValues(name), value):
			return nil, usage("usage.bad_policy_value", "Name", name, "Value", value, "Allowed", strings.Join(policyValues(name), ", "))
		}
		if before, twice := out[name]; twice && before != value {
			return nil, usage("usage.policy_twice", "Name", name, "Value", value, "Other", before)
		}
		out[name] = value
	}
	return out, nil
}

func (p policies) leaveOutNeverSignedIn() bool { return p[policyNeverSignedIn] == "leave_out" }

// apply changes what the policies say; what they do not say stays.
func (p policies) apply(to *licensing.Policy) {
	switch p[policyBilling] {
	case "volume":
		to.Billing = licensing.Volume
	case "metered":
		to.Billing = licensing.Metered
	}
	if v, ok := p[policyManagedUsers]; ok {
		to.ManagedUsers = v == "true"
	}
	if v, ok := p[policyUseGitHubJoins]; ok {
		to.UseGitHubJoins = v == "true"
	}
	if v, ok := p[policyUnlinkedSubscribers]; ok {
		to.ConsumeUnlinkedSubscribers = v == "consume"
	}
}
