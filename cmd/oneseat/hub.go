package main

import (
	"cmp"
	"net"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/oneseat/oneseat/internal/signin"
)

// hubCommand is the receiving role, and what its operator does beside it.
type hubCommand struct {
	Serve hubServeCommand `cmd:"" name:"serve" default:"withargs" hidden:""`
	Init  hubInitCommand  `cmd:"" name:"init"`
	Owner hubOwnerCommand `cmd:"" name:"owner"`
	Token hubTokenCommand `cmd:"" name:"token"`

	Enrolment hubEnrolmentCommand `cmd:"" name:"enrolment"`
	Resume    hubResumeCommand    `cmd:"" name:"resume"`
}

// url is where people reach the hub.
func (o *serving) url() string {
	if o.ExternalURL != "" {
		return strings.TrimSuffix(o.ExternalURL, "/")
	}
	scheme := "http://"
	if o.TLSCert != "" {
		scheme = "https://"
	}
	host, port, _ := net.SplitHostPort(o.Listen)
	return scheme + net.JoinHostPort(cmp.Or(host, "localhost"), port)
}

// link is where somebody comes in by a one-time link.
func (o *serving) link(secret signin.Secret) string { return o.url() + "/join/" + secret.Text() }

// again are the options that another call, named by its words, needs to find the
// same hub or agent, in whatever shell and directory: the settings that this call
// took from its options or its environment. What is secret is left out, and what is
// off, which it is where nothing is said.
func again(v *settings, parsed *kong.Context, words ...string) string {
	var options strings.Builder
	other := commandOf(parsed.Model.Node, words)
	for _, f := range parsed.Selected().Flags {
		shared := (f.Tag.Get("setting") == "hub" || f.Tag.Get("setting") == "agent" || f.Name == "config") && flagNamed(other, f.Name) != nil
		from, text := v.from(f.Name), rooted(f, flagText(f))
		shown := from == byOption || from == byEnvironment && (!f.Tag.Has("secret") || redacted(f, text) == text)
		switch {
		case !shared || !shown || f.IsBool() && text != "true":
		case f.IsBool():
			options.WriteString(" --" + f.Name)
		default:
			options.WriteString(" --" + f.Name + " " + quoted(text))
		}
	}
	return options.String()
}

// quoted is a word as a shell takes it.
func quoted(word string) string {
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
