package help

// Topic is a page of help, as its address names it.
type Topic string

// The topics.
const (
	SyncLicenseUsage    Topic = "sync-license-usage"
	AboutLicenses       Topic = "about-licenses"
	CloudSide           Topic = "cloud-side"
	ViewLicenseUsage    Topic = "view-license-usage"
	MatchingRules       Topic = "matching-rules"
	Words               Topic = "words"
	Troubleshooting     Topic = "troubleshooting"
	VerifiedDomains     Topic = "verified-domains"
	AboutConnect        Topic = "about-connect"
	EnableAutomaticSync Topic = "enable-automatic-sync"
	CannotKnow          Topic = "cannot-know"
)

// topic is a page.
type topic struct {
	Name     Topic
	Icon     string
	Sections []section
}

// section has a heading with an anchor.
type section struct {
	Name   string
	Title  string // key of the catalogue
	Blocks []block
	only   Role // the one side that it is written for; empty: both
}

// key is that of a text about the topic itself.
func (t *topic) key(what string) string { return area + string(t.Name) + "." + what }

// area is where the texts stand in the catalogue.
const area = "pagehelp."

// about is a section for both sides, on one of its own when only is given.
func about(name string, shapes ...shape) part { return part{name: name, shapes: shapes} }

func (s part) on(side Role) part {
	s.only = side
	return s
}

// part is a section before its topic is known.
type part struct {
	name   string
	only   Role
	shapes []shape
}

func newTopic(name Topic, icon string, parts ...part) topic {
	t := topic{Name: name, Icon: icon}
	for _, s := range parts {
		prefix := t.key(s.name)
		title := prefix + ".title"
		if s.only != "" {
			prefix += "." + string(s.only)
		}
		t.Sections = append(t.Sections, section{Name: s.name, Title: title, Blocks: blocks(prefix, s.shapes), only: s.only})
	}
	return t
}

// topicsFor are the topics as one side reads them, in the order of the
// navigation.
func topicsFor(role Role) []topic {
	all := topics()
	for i := range all {
		var kept []section
		for _, s := range all[i].Sections {
			if s.only == "" || s.only == role {
				kept = append(kept, s)
			}
		}
		all[i].Sections = kept
	}
	return all
}

// topics are all of them, with the sections of both sides.
func topics() []topic {
	return []topic{
		newTopic(
			SyncLicenseUsage, "sync",
			about("about", p(3), notes()),
			about("who", has(4)),
			about("what-is-sent", p(1), has(3), p(2)),
			about("automatically", p(2)),
			about("trigger", p(2)),
			about("manually", p(1), does(6), p(2)).on(Cloud),
			about("manually", p(1), does(5), p(1)).on(Server),
			about("take-back", p(1)),
			about("at-github", p(1), does(2), p(1), notes()),
		),
		newTopic(
			CloudSide, "cloud",
			about("what", p(2)),
			about("which", has(2), p(1)),
			about("report", does(4), p(1)),
			about("list", p(1), files(), p(1), has(4), p(1)),
			about("keys", p(1), files(), has(9), p(1)),
			about("after", has(4), p(1)),
		),
		newTopic(
			AboutLicenses, "law",
			about("one-person", p(2)),
			about("counts", has(5)),
			about("counts-not", has(8)),
			about("invitations", p(2)),
			about("visual-studio", p(2)),
			about("billing", p(2)),
			about("free-one", p(1), has(4)),
		),
		newTopic(
			ViewLicenseUsage, "graph",
			about("who", p(1)),
			about("totals", p(1), has(5)),
			about("adds-up", p(2)),
			about("github-figure", p(2), has(4)),
			about("instances", p(1), has(3), p(1)),
			about("people", p(1), does(3)),
			about("report", p(2)),
		),
		newTopic(MatchingRules, "git-merge", ruleParts()...),
		newTopic(
			Words, "list-unordered",
			about("github-sync", has(2)),
			about("counting", has(5)),
			about("sources", has(6)),
			about("lists", has(5)),
			about("marks", p(1), has(1)),
			about("uploads", has(3)),
		),
		newTopic(
			Troubleshooting, "question",
			about("counted-twice", p(1), does(5), p(1), has(4)),
			about("fixed-but-still", p(1), does(3)),
			about("differs", p(1), has(5)),
			about("stale", p(1), has(2)),
			about("range", p(1)),
			about("held", p(1), does(3)),
			about("refused", p(1), has(5)),
			about("left-but-counted", p(1), has(3)),
			about("more-people", p(1)),
			about("masked", p(1)),
		),
		newTopic(
			VerifiedDomains, "shield-check",
			about("why", p(2)),
			about("personal-accounts", notes(), p(1)),
			about("managed-users", notes()),
			about("verify", does(5), p(2)),
			about("find-people", p(1), does(2)),
		),
		newTopic(
			AboutConnect, "arrow-both",
			about("what", p(1), has(4)),
			about("not-github-connect", p(1), has(3)),
			about("turn-on", p(1)),
		),
		newTopic(
			EnableAutomaticSync, "clock",
			about("with-connect", p(1), does(4), p(1)),
			about("now", p(1), does(4), notes()),
			about("at-github", p(1), does(4), p(1)),
		),
		newTopic(
			CannotKnow, "eye-closed",
			about("hidden-addresses", p(2), has(3)),
			about("the-bill", p(1)),
			about("same-human", p(2)),
			about("shared-address", p(1)),
			about("since-then", p(1)),
			about("never-signed-in", p(1)),
			about("other-products", p(1)),
		),
	}
}

// ruleParts are the sections of the rules, each named by its number: those of
// joining, then those of consuming.
func ruleParts() []part {
	parts := []part{about("why", p(3)), about("addresses", p(1), has(4))}
	for _, rule := range []string{"R0", "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10"} {
		parts = append(parts, about(rule, p(1), shows()))
	}
	for _, rule := range []string{"C1", "C2", "C3", "C4", "C5", "C6", "C7"} {
		parts = append(parts, about(rule, p(1), shows()))
	}
	return append(parts, about("adds-up", p(2)))
}
