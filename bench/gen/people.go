package gen

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/oneseat/oneseat/licensing"
)

// people gives everybody names and addresses.
type people struct {
	first, last    []string
	accented       []string
	domains        []string
	foreignDomains []string
	privateDomains []string
}

func newPeople() people {
	return people{
		first: strings.Fields("ada amir anouk bela bo chidi dara edda emre farah finn gus hana ines ivo jun kaya " +
			"lena luca mara mika nadia noor olu otis petra ravi runa sami selma taro tess uma vera wim yara yusuf zora"),
		last: strings.Fields("abara adler bauer bello castro dahl demir ekman fabre garcia haas horvat ito jansen " +
			"keller kovac lang lopez marin meyer moreau nagy novak okafor olsen park petrov quist rossi sato silva " +
			"tanaka toth unger vega weber yilmaz zeman"),
		accented:       strings.Fields("zoë josé françois björn łukasz søren renée јован θάλεια"),
		domains:        strings.Fields("acme.example acme.example acme.example acme.example eu.acme.example labs.acme.example acme-robotics.example contractors.example"),
		foreignDomains: strings.Fields("bücher.example straße.example łódź.example 日本.example cañón.example"),
		privateDomains: strings.Fields("home.example post.example mailbox.example letters.example"),
	}
}

func (l people) isForeign(p int) bool { return draw(1000, foreign, p, 0) < 5 }

// local is the part before the @, unique for each person.
func (l people) local(p int, separator string) string {
	first := l.first[draw(len(l.first), firstName, p, 0)]
	if l.isForeign(p) {
		first = l.accented[draw(len(l.accented), firstName, p, 1)]
	}
	return first + separator + l.last[draw(len(l.last), lastName, p, 0)] + separator + strconv.FormatInt(int64(p), 36)
}

// work is the address most of a person's accounts have; half of 1 % of the
// people have one that is not ASCII.
func (l people) work(p int) string {
	if l.isForeign(p) {
		return l.local(p, ".") + "@" + l.foreignDomains[draw(len(l.foreignDomains), domainOf, p, 0)]
	}
	return l.local(p, ".") + "@" + l.domains[draw(len(l.domains), domainOf, p, 0)]
}

// private is the address a person uses elsewhere.
func (l people) private(p int) string {
	return l.local(p, "_") + "@" + l.privateDomains[draw(len(l.privateDomains), privateDomain, p, 0)]
}

// login is what a person is called; those of the cloud have capitals in one
// of twenty, as people write them.
func (l people) login(p int) string {
	first := l.first[draw(len(l.first), firstName, p, 0)]
	last := l.last[draw(len(l.last), lastName, p, 0)]
	if draw(20, cloudLogin, p, 0) == 0 {
		first, last = title(first), title(last)
	}
	return first + "-" + last + "-" + strconv.FormatInt(int64(p), 36)
}

// spelled writes an address as a person or a directory might: one in ten in
// mixed case, and what is not ASCII decomposed or in its ASCII form.
func spelled(address string, t trait, of, and int) string {
	way := draw(20, t, of, and)
	if !isASCII(address) {
		return spelledForeign(address, way)
	}
	switch way {
	case 0:
		return title(address)
	case 1:
		return strings.ToUpper(address)
	default:
		return address
	}
}

func spelledForeign(address string, way int) string {
	local, domain, _ := strings.Cut(address, "@")
	switch way % 4 {
	case 0:
		return norm.NFD.String(address)
	case 1:
		return local + "@" + asciiDomain(domain)
	case 2:
		return title(address)
	default:
		return address
	}
}

// asciiDomain is a domain as address keys have it.
func asciiDomain(domain string) string {
	key, ok := licensing.NewEmail("x@" + domain).Key()
	if !ok {
		panic("gen: a domain of the list makes no address: " + domain)
	}
	return strings.TrimPrefix(key.Address(), "x@")
}

// title makes the ASCII letters after a start or a separator upper case.
func title(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' && (i == 0 || strings.IndexByte(".@-", b[i-1]) >= 0) {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
