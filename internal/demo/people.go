package demo

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The domains of the enterprise; both are verified.
const (
	domain         = "halden.example"
	acquiredDomain = "lumen.example"
)

// human is somebody who may have accounts.
type human struct {
	name, login, mail string
	number            int
}

// named is somebody by name; the mail is that of the enterprise.
func named(first, last string) human {
	f, l := plain(first), plain(last)
	return human{name: first + " " + last, login: f[:1] + l + "-halden", mail: f + "." + l + "@" + domain}
}

// at is the address in another domain.
func (h human) at(domain string) string { return strings.Split(h.mail, "@")[0] + "@" + domain }

// private is an address that the enterprise does not know.
func (h human) private() string { return h.login + "@home.example" }

// shouted is the address as somebody typed it who does not care.
func (h human) shouted() string {
	local, at, _ := strings.Cut(h.mail, "@")
	first, rest, _ := strings.Cut(local, ".")
	return strings.ToUpper(first[:1]) + first[1:] + "." + strings.ToUpper(rest) + "@" + strings.ToUpper(at[:1]) + at[1:]
}

// plain is a name as addresses have it: lower case, without accents.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 'ø':
			return 'o'
		case r == 'ł':
			return 'l'
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			return r
		}
		return -1
	}, norm.NFD.String(strings.ToLower(name)))
}

// somebody is the next one whom nothing sets apart.
func (b *builder) somebody() human {
	first, last := firstNames(), lastNames()
	n := b.met
	b.met++
	h := named(first[n%len(first)], last[(n*7+n/len(first))%len(last)])
	h.number = n
	if b.logins[h.login] {
		h.login = strings.TrimSuffix(h.login, "-halden") + fmt.Sprintf("%d-halden", n)
		h.mail = strings.Replace(h.mail, "@", fmt.Sprintf("%d@", n), 1)
	}
	b.logins[h.login] = true
	return h
}

func firstNames() []string {
	return strings.Fields(`Aiko Amélie Anders Anjali Beatriz Benoît Carlos Chiara Daniel Deepa Elif Emeka Fatou Felix Giulia
		Haruto Hilde Ibrahim Ingrid Jakub João Kateřina Kofi Laila Léa Liang Magnus Malik Mei Mónica Nadia Nils Oona Paulo Priya
		Rasmus Renée Samira Sanjay Sofía Søren Tamar Tomás Uma Viktor Wanda Xenia Yara Zofia Łukasz`)
}

func lastNames() []string {
	return strings.Fields(`Abara Almeida Andersen Bakker Berg Bianchi Boateng Castillo Chen Costa Dubois Eriksson Farouk Fontaine
		García Gupta Haddad Hansen Hoffmann Horvat Ito Jansen Jensen Kaya Kimura Kowalski Krüger Lambert Larsen Laurent Lindgren
		Lopes Mäkinen Mehta Moreau Müller Nakamura Nguyen Nielsen Okoye Olsen Patel Pereira Petrov Ramos Rossi Sato Schmidt Silva
		Singh Sørensen Tanaka Torres Vargas Virtanen Wang Weber Yılmaz Zhang`)
}
