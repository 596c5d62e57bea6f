package demo

import "fmt"

// crowd is everybody whom nothing sets apart: the shares are those of an
// enterprise that grew, and bought another one.
func (b *builder) crowd() {
	for _, group := range []struct {
		people int
		add    func(human)
	}{
		{118, func(h human) { // in the cloud and on the main instance
			b.cloud(h, verified(h.mail), inTeam(h))
			b.server(Main, h, h.mail)
		}},
		{46, func(h human) { // and on the acquired one, spelt as people spell
			b.cloud(h, verified(h.mail), inTeam(h))
			b.server(Main, h, h.mail)
			b.server(Acquired, h, h.shouted())
		}},
		{44, func(h human) { // known to the cloud by single sign-on alone
			b.cloud(h, verified(h.private()), nameID(h.mail), inTeam(h))
			b.server(Main, h, h.mail)
		}},
		{22, func(h human) { // provisioned, and of the acquired company
			b.cloud(h, userName(h.at(acquiredDomain)), inTeam(h))
			b.server(Acquired, h, h.at(acquiredDomain))
		}},
		{52, func(h human) { b.cloud(h, verified(h.mail), inTeam(h)) }}, // in the cloud alone
		{12, func(h human) { // outside collaborators
			b.cloud(h, verified(h.at("partners.example")), collaborates("imaging/firmware"))
		}},
		{28, func(h human) { b.server(Acquired, h, h.at(acquiredDomain)) }}, // on a server alone
		{14, func(h human) { // on a server, and not seen since summer
			b.server(Main, h, h.mail, dormant)
		}},
		{9, func(h human) { b.server(Main, h, h.mail, suspended) }},
		{6, func(h human) { b.cloud(h, verified(h.mail), inTeam(h), suspendedInCloud) }},
	} {
		for range group.people {
			group.add(b.somebody())
		}
	}
	for _, host := range []string{Main, Acquired} {
		b.server(host, human{login: "ghost"}, "")
	}
	b.server(Main, human{login: "scim-admin"}, "")
	for i := range 3 {
		b.server(Acquired, human{login: fmt.Sprintf("camera-rig-%d", i+1)}, "")
	}
}
