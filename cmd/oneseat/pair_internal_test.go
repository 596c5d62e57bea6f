package main

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/oneseat/oneseat/internal/browsertest"
	"github.com/oneseat/oneseat/internal/demo"
)

// TestPeoplePairAndSync is what the owners of a hub and of an agent do on the
// pages of OneSeat Connect, with the real program and a real browser: with a
// mouse in English, with the keys alone in French, without scripts in Japanese;
// and what those meet who may not. The parts build on each other.
func TestPeoplePairAndSync(t *testing.T) { //nolint:tparallel // the parts build on each other
	t.Parallel()
	began := time.Now()
	b := newPair(t).come(t)
	const first = "from two fresh directories to the new total"
	for _, part := range []struct {
		name string
		run  func(*both)
	}{
		{first, func(b *both) { b.begins(began) }},
		{"the connection record on both sides", (*both).compareRecords},
		{"Sync now on the agent", (*both).syncHere},
		{"Sync now on the hub", (*both).syncThere},
		{"a hub that is away", (*both).missHub},
		{"a sync that waits for an owner", (*both).holdSync},
		{"license sync off and on", (*both).switchSync},
		{"a hub that was restored", (*both).restoreHub},
		{"whoever may not", (*both).refuseOthers},
		{"Connect disabled on the hub, and paired again by keys in French", (*both).pairInFrench},
		{"Connect disabled on the agent, denied, and paired again without scripts in Japanese", (*both).pairInJapanese},
	} {
		if !t.Run(part.name, func(t *testing.T) { part.run(b.in(t)) }) && part.name == first {
			return
		}
	}
}

// begins is the first quarter of an hour of somebody who has both sides: README
// and guides promise that it takes three minutes.
func (b *both) begins(began time.Time) {
	b.sam.join(b.site.link)
	b.sam.click(`a[href="/"]`)
	b.sam.until("/", "a source that was read", func() bool { return b.sam.text("[data-test=consumed]") != "–" })
	b.sam.follow(`[data-test=sync] a[href="/connect"]`)
	b.sam.seen("agent-connect")
	b.sam.write("#hub", strings.TrimPrefix(b.hub.url, "http://")+acme+"/licensing")
	b.sam.tick("#sync")
	b.sam.follow(`form[action="/connect"] [type=submit]`)
	code := b.code()
	fingerprint := b.sam.text("[data-test=fingerprint]")
	b.sam.Shoot("pair-agent-code")
	b.mona.join(b.hub.link)
	b.mona.click(`a[href="/"]`)
	b.mona.follow(`main a[href$="/connect"]`)
	if shown := b.mona.text("[data-test=copy]"); shown != b.hub.url {
		b.t.Errorf("the hub gives its address as %q", shown)
	}
	b.mona.seen("hub-connect")
	b.mona.write("#code", "BBBB-BBBB")
	b.mona.follow(`form[action$="/connect"] [type=submit]`)
	b.mona.wants("[data-test=refusal]", "hub.unknown_code")
	b.mona.write("#code", strings.ToLower(strings.ReplaceAll(code, "-", " ")))
	b.mona.follow(`form[action$="/connect"] [type=submit]`)
	b.mona.seen("hub-approve")
	if shown := b.mona.text("[data-test=agent-fingerprint]"); shown == "" || shown != fingerprint {
		b.t.Errorf("the hub shows the fingerprint %q, and the agent %q", shown, fingerprint)
	}
	b.mona.follow("[data-test=approve]")
	b.mona.wants("[data-test=done]", "pagesettings.done.agent_approved")
	b.mona.Shoot("pair-hub-approved")
	b.mona.Do(chromedp.WaitVisible(`//dt[. = "License sync"]`)) // both pages look again by themselves
	b.sam.Do(chromedp.WaitVisible("[data-test=license-sync]"))
	b.sam.seen("agent-connected")
	b.totals()
	b.t.Logf("from two fresh directories to the new total: %.1f s", time.Since(began).Seconds())
	b.sam.open("/")
	b.sam.wants("[data-test=last-sync]", "pageconnect.run.succeeded")
}

// compareRecords: both sides show the same of the record, each where it belongs.
func (b *both) compareRecords() {
	b.instance()
	b.mona.tick("[data-test=connection-record] summary")
	b.mona.seen("hub-instance")
	b.sam.open("/connect")
	for _, field := range []string{"public_key", "host", "enterprise", "consumed", "server_id", "source_at", "sync_enabled", "sync_every"} {
		here, there := b.sam.text("[data-test=record-"+field+"]"), b.mona.text("[data-test=record-"+field+"]")
		if strings.TrimSpace(here) == "" || there != here {
			b.t.Errorf("%s is %q on the agent, and %q on the hub", field, here, there)
		}
	}
	b.mona.open(acme + "/instances")
	b.mona.wants("[data-test=connect]", "pagehubconnect.label.on")
	b.mona.wants("[data-test=instance]", "hub.event_synced")
}

// syncHere: what changed in the source is counted on the hub, and the record
// follows.
func (b *both) syncHere() {
	b.write(b.without(20))
	b.syncs("pageconnect.run.succeeded")
	now := b.sam.says.Number(b.totals())
	b.mona.until(b.instance(), "a record with "+now, func() bool { return strings.Contains(b.mona.text("[data-test=record-consumed]"), now) })
}

// syncThere: owners on the hub cannot, and are told why, until an owner of the
// agent lets them.
func (b *both) syncThere() {
	at := b.instance()
	b.mona.wants("[data-test=no-requests]", "pagehubconnect.sync.not_asked")
	b.mona.shows(`form[action$="/sync"]`, 0)
	b.sam.open("/connect")
	b.sam.Do(chromedp.SetValue("#every", "daily"), chromedp.SetValue("#at", "04:30"))
	b.sam.tick("#asks")
	b.sam.follow(`form[action="/connect/schedule"] [type=submit]`)
	b.sam.wants("[data-test=done]", "pageagent.done.schedule")
	if every := browsertest.Value[string](b.sam.Tab, `document.getElementById("every").value`); every != "daily" {
		b.t.Errorf("the schedule is %s", every)
	}
	b.mona.comes(at, "[data-test=connected]", "pagehubconnect.sync.every_daily")
	b.write(b.without(10))
	b.mona.follow(`form[action$="/sync"] [type=submit]`)
	b.mona.wants("[data-test=done]", "pagesettings.done.sync_asked")
	b.mona.Shoot("pair-hub-asked")
	b.mona.comes(at, "[data-test=sync-request]", "pagehubconnect.request.arrived")
	b.totals()
	b.sam.open("/")
	b.sam.wants("[data-test=run]", "pageconnect.cause.request")
}

// missHub: the agent says what is wrong, tries again, and is well when the hub is
// there again.
func (b *both) missHub() {
	b.write(b.report)
	b.stopHub()
	b.syncs("pageconnect.run.retrying")
	b.sam.wants("main", "connect.cut", "Hub", b.hub.url) // once, above the run
	b.sam.tick("[data-test=sync] summary")
	b.sam.seen("agent-away")
	b.sam.open("/connect")
	b.sam.follow(`a[href$="/disable"]`)
	b.sam.seen("agent-disable")
	b.startHub()
	b.syncs("pageconnect.run.succeeded")
	b.totals()
	b.sam.tick("[data-test=sync] summary")
	b.sam.wants("[data-test=run]:nth-child(2)", "connect.cut", "Hub", b.hub.url)
	b.sam.seen("agent-history")
}

// holdSync: what moves the total by more than the enterprise wants is shown to an
// owner, who does not want it, and then does.
func (b *both) holdSync() {
	b.mona.open(acme + "/settings/instances")
	b.mona.tick(`[name=hold][value=hold]`)
	b.mona.write("#hold-licenses", "3")
	b.mona.follow(`form[action$="/hold"] [type=submit]`)
	b.mona.wants("[data-test=done]", "pagesettings.done.hold")
	b.mona.seen("hub-settings")
	before := b.totals()
	for _, deed := range []string{"discard", "apply"} {
		b.write(b.without(60))
		b.syncs("pageconnect.run.held")
		b.mona.open(acme + "/instances")
		b.mona.follow("[data-test=instance] .Label--attention")
		if then := b.mona.number("[data-test=then]"); then >= before {
			b.t.Errorf("%d licenses then, and %d before", then, before)
		}
		b.mona.seen("hub-held")
		b.mona.follow("[data-test=" + deed + "]")
		if deed == "discard" {
			b.sam.comes("/", "main", "agentsync.discarded")
			b.sam.seen("agent-discarded")
		}
	}
	b.totals()
	b.mona.open(acme + "/settings/instances")
	b.mona.tick(`[name=hold][value=never]`)
	b.mona.follow(`form[action$="/hold"] [type=submit]`)
	b.mona.wants("[data-test=done]", "pagesettings.done.hold")
}

// switchSync: without license sync there is nothing to press, and both sides say
// so.
func (b *both) switchSync() {
	at := b.instance()
	b.sam.open("/connect")
	b.sam.follow(`form[action="/connect/sync"] [type=submit]`)
	b.sam.wants("[data-test=done]", "pageagent.done.sync_off")
	b.sam.seen("agent-sync-off")
	b.sam.open("/")
	b.sam.wants("[data-test=sync]", "pageconnect.sync.off")
	b.sam.shows(`form[action="/sync"]`, 0)
	b.mona.comes(at, "[data-test=connected]", "pagehubconnect.sync.off")
	b.mona.shows(`form[action$="/sync"]`, 0)
	b.sam.open("/connect")
	b.sam.follow(`form[action="/connect/sync"] [type=submit]`)
	b.sam.wants("[data-test=done]", "pageagent.done.sync_on")
	b.sam.comes("/", "[data-test=last-sync]", "pageconnect.run.succeeded")
}

// restoreHub: the one step of an owner whose hub came from a backup.
func (b *both) restoreHub() {
	b.mona.open(acme + "/settings/instances")
	b.mona.tick("#restored-sure")
	b.mona.follow(`form[action$="/restored"] [type=submit]`)
	b.mona.wants("[data-test=done]", "pagesettings.done.restored")
	b.syncs("pageconnect.run.succeeded")
}

// pairInFrench: disabled on the hub in two steps; the agent says so, and is paired
// again by keys alone.
func (b *both) pairInFrench() {
	b.instance()
	b.mona.follow(`a[href$="/disable-connect"]`)
	b.mona.seen("hub-disable")
	b.mona.follow(`form[action$="/disable-connect"] [type=submit]`)
	b.mona.wants("[data-test=done]", "pagesettings.done.connect_disabled")
	b.mona.wants("section:has(#connect)", "pagehubconnect.ended_do")
	b.mona.seen("hub-disabled")
	b.mona.open(acme + "/instances")
	b.mona.wants("[data-test=connect]", "pagehubconnect.label.off")
	b.sam.until("/connect", "an end", func() bool { return b.sam.many("[data-test=ended]") > 0 })
	b.sam.seen("agent-ended")
	b.mona, b.sam = keysOf(b.mona.person, "fr"), keysOf(b.sam.person, "fr")
	b.pairs()
	b.sam.seen("agent-connected-fr")
	b.sam.follow(`form[action="/connect/sync"] [type=submit]`)
	b.sam.wants("[data-test=done]", "pageagent.done.sync_on")
	b.sam.comes("/", "[data-test=last-sync]", "pageconnect.run.succeeded")
	b.sam.seen("agent-license-fr")
	b.instance()
	b.mona.seen("hub-instance-fr")
	b.totals()
}

// pairInJapanese: disabled on the agent in two steps; a code that somebody denies,
// one that is of no more use, and one that is approved, without any script.
func (b *both) pairInJapanese() {
	b.mona, b.sam = b.mona.silent("ja"), b.sam.silent("ja")
	b.sam.open("/connect")
	b.sam.follow(`a[href$="/disable"]`)
	b.sam.wants("#disable", "pageconnect.disable_sure")
	b.sam.follow(`form[action="/connect/disable"] [type=submit]`)
	b.sam.wants("[data-test=done]", "pageagent.done.disconnect")
	b.mona.open(acme + "/instances")
	b.mona.wants("[data-test=connect]", "pagehubconnect.label.off")
	b.sam.wants("#enable", "pageconnect.disabled")
	code := b.asks()
	b.sam.Shoot("pair-agent-code-ja")
	b.sam.open("/")
	b.sam.shows("[data-test=pairing]", 1)
	b.types(code)
	b.mona.Shoot("pair-hub-approve-ja")
	b.mona.follow("[data-test=deny]")
	b.mona.wants("[data-test=done]", "pagesettings.done.agent_denied")
	b.mona.Shoot("pair-hub-denied-ja")
	b.sam.comes("/connect", "[data-test=ended]", "connect.denied", "Hub", b.hub.url)
	b.sam.Shoot("pair-agent-denied-ja")
	b.types(code)
	b.mona.wants("[data-test=refusal]", "hub.unknown_code")
	b.pairs()
	b.sam.Shoot("pair-agent-connected-ja")
	b.instance()
	if host := b.mona.text("h1"); host != demo.Main {
		b.t.Errorf("the instance is %q", host)
	}
}
