package demo

import "time"

// cases are people who are worth looking at, each by a name that says who it
// is. What is expected of them is held against the engine by a test.
func (b *builder) cases() {
	b.joined()
	b.countedTwice()
	b.consumingNothing()
	b.invited()
	b.subscribed()
}

// joined are people whose accounts belong together, each by another rule.
func (b *builder) joined() {
	ines := named("Inés", "Barroso")
	b.cloud(ines, verified("ines@home.example"), nameID(ines.mail), inTeam(ines), owner)
	b.server(Main, ines, ines.mail)
	b.show(ines.login, "R3", 1, "her only verified address is private; single sign-on asserts the one of her server account")

	tarik := named("Tarik", "Osman")
	b.cloud(tarik, verified(tarik.mail), verified(tarik.at(acquiredDomain)), inTeam(tarik))
	b.server(Main, tarik, tarik.shouted())
	b.server(Acquired, tarik, tarik.at(acquiredDomain))
	b.show(tarik.login, "R4", 1, "three accounts under two addresses, both verified in the cloud")

	mika := named("Mika", "Aalto")
	b.server(Main, mika, mika.mail)
	b.server(Acquired, mika, mika.shouted())
	b.show(mika.mail, "R6", 1, "no cloud account; the same address on both instances")

	lab := human{login: "optics-lab", name: "Optics Lab", mail: "lab@" + domain}
	zoe := named("Zoë", "Marchand")
	b.cloud(zoe, verified(zoe.mail), userName(lab.mail), inTeam(zoe))
	b.cloud(lab, userName(lab.mail), inTeam(lab))
	b.server(Main, lab, lab.mail)
	b.show(lab.login, "R10", 1, "two cloud accounts claim one address: a tie, reported as a conflict")

	robot := human{login: "build-robot"}
	b.show(b.server(Main, robot, ""), "R7", 1, "a server account without an address is a person of its own")
}

// countedTwice are people who cost two licenses, and could cost one.
func (b *builder) countedTwice() {
	dana := named("Dana", "Whitlock")
	b.cloud(dana, verified(dana.mail), unverified(dana.at(acquiredDomain)), inTeam(dana))
	b.server(Acquired, dana, dana.at(acquiredDomain))
	b.show(dana.at(acquiredDomain), "R6", 1, "she typed the address into her cloud account, and never verified it")
	for range 6 {
		h := b.somebody()
		b.cloud(h, verified(h.mail), unverified(h.at(acquiredDomain)), inTeam(h))
		b.server(Acquired, h, h.at(acquiredDomain))
	}

	yusuf := named("Yusuf", "Demir")
	b.cloud(yusuf, verified(yusuf.mail), inTeam(yusuf))
	b.server(Acquired, yusuf, yusuf.at(acquiredDomain))
	b.show(yusuf.at(acquiredDomain), "R6", 1, "the same name under the other domain of the enterprise")
	for range 4 {
		h := b.somebody()
		b.cloud(h, verified(h.mail), inTeam(h))
		b.server(Acquired, h, h.at(acquiredDomain))
	}

	deploy := human{login: "deploy-robot", name: "Deploy robot", mail: "deploy@" + domain}
	b.cloud(deploy, verified(deploy.mail), inTeam(deploy))
	b.server(Main, deploy, "deploy+main@"+domain)
	b.show("deploy+main@"+domain, "R6", 1, "what stands behind a plus sign makes it another address")
}

// consumingNothing are people with accounts and without a license.
func (b *builder) consumingNothing() {
	greta := named("Greta", "Holm")
	b.cloud(greta, verified(greta.mail), owner)
	b.show(greta.login, "C2", 0, "enterprise owner without an organization")
	pavel := named("Pavel", "Novotny")
	b.cloud(pavel, verified(pavel.mail), billing)
	b.show(pavel.login, "C2", 0, "billing manager, and nothing else")
	amara := named("Amara", "Diallo")
	b.cloud(amara, verified(amara.mail), billing)
	b.server(Main, amara, amara.mail)
	b.show(amara.login, "C3", 1, "billing manager, who would consume nothing, but works on an instance")
}

// invited are people who have no cloud account yet, or soon one more right.
func (b *builder) invited() {
	olga := named("Olga", "Brandt")
	b.invite(olga.mail, "imaging", "", 6*day)
	b.server(Main, olga, olga.mail)
	b.show(olga.mail, "R5", 1, "invited to the cloud, and at work on an instance already")
	petra := named("Petra", "Sand")
	b.inviteByDirectory(petra.mail, "imaging", 40*day)
	b.show(petra.mail, "C4", 1, "invited by the directory: such an invitation does not expire")
	quentin := named("Quentin", "Roux")
	b.invite(quentin.mail, "imaging", "", 9*day)
	for range 3 {
		b.invite(b.somebody().mail, "platform", "", 6*day)
	}
	gil := named("Gil", "Ferreira")
	address := gil.at("partners.example")
	b.cloud(gil, verified(address), collaborates("imaging/firmware"))
	b.invite(address, "", "imaging/lens-models", 6*day)
	b.show(gil.login, "R8", 1, "an outside collaborator invited by e-mail: a license more until it is accepted")
}

// subscribed are people with a Visual Studio subscription.
func (b *builder) subscribed() {
	lena := named("Lena", "Fischer")
	b.cloud(lena, verified(lena.mail), inTeam(lena))
	b.subscribe(lena.mail, "")
	b.show(lena.login, "C6", 1, "has a Visual Studio subscription")
	for range 5 {
		h := b.somebody()
		b.cloud(h, verified(h.mail), inTeam(h))
		b.server(Main, h, h.mail)
		b.subscribe("", h.login)
	}
	b.subscribe("unassigned@"+domain, "")
}

const day = 24 * time.Hour
