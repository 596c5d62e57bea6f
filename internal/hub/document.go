package hub

import (
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// The document of a person. What is empty is left out, and what most people
// have two or three times stands once: the address of an account that is the
// anchor's, and the value that matched when it is the account's address.
type (
	personDocument struct {
		Anchor   string         `json:"anchor"`
		Consumes bool           `json:"consumes,omitzero"`
		License  string         `json:"license,omitzero"`
		Beside   string         `json:"beside,omitzero"`
		Cloud    jsontext.Value `json:"cloud,omitzero"`
		// Shown are the places of the cloud account's addresses that the report
		// shows. They decide what the person is found by, so that people are
		// written anew when the verified domains change.
		Shown []int `json:"shown,omitzero"`
		// Unsure is why they may be one with somebody else; see [UnsureKinds].
		Unsure string `json:"unsure,omitzero"`
		// OnlyHere says that the one instance of all their server accounts alone
		// accounts for them.
		OnlyHere bool             `json:"only_here,omitzero"`
		Servers  []placedDocument `json:"servers,omitzero"`
		rareDocument
	}
	rareDocument struct {
		ReportEmails  []string             `json:"report_emails,omitzero"`
		Invitations   []invitedDocument    `json:"invitations,omitzero"`
		Subscriptions []subscribedDocument `json:"subscriptions,omitzero"`
	}
	placedDocument struct {
		Host     string         `json:"host"`
		ID       string         `json:"id"`
		Email    *string        `json:"email,omitzero"` // nil: the anchor's
		Security bool           `json:"advanced_security,omitzero"`
		Reason   reasonDocument `json:"why"`
	}
	invitedDocument struct {
		Invitation jsontext.Value `json:"invitation"`
		Consumes   bool           `json:"consumes,omitzero"`
		FromReport bool           `json:"from_report,omitzero"`
		Reason     reasonDocument `json:"why"`
	}
	subscribedDocument struct {
		Subscription jsontext.Value `json:"subscription"`
		FromReport   bool           `json:"from_report,omitzero"`
		Reason       reasonDocument `json:"why"`
	}
	reasonDocument struct {
		Rule       uint8     `json:"rule"`
		Value      *string   `json:"value,omitzero"` // nil: the account's address
		Attribute  uint8     `json:"attribute,omitzero"`
		Tie        bool      `json:"tie,omitzero"`
		Source     time.Time `json:"source,omitzero"`
		FromReport bool      `json:"from_report,omitzero"`
	}
)

func reasonOf(r licensing.Reason) reasonDocument {
	value := r.Value.Address()
	return reasonDocument{uint8(r.Rule), &value, uint8(r.Attribute), r.Tie, r.Source, r.FromReport}
}

// reason reads a reason of an account with an address; of what is no account it
// names its value.
func (d *reasonDocument) reason(address string) licensing.Reason {
	if d.Value != nil {
		address = *d.Value
	}
	return licensing.Reason{
		Rule: licensing.Rule(d.Rule), Value: licensing.NewEmail(address), Attribute: licensing.Attribute(d.Attribute),
		Tie: d.Tie, Source: d.Source, FromReport: d.FromReport,
	}
}

// documentWriter writes documents of people by hand, the rare parts excepted: a
// first upload writes one for everybody. The bytes are good until the next.
type documentWriter struct{ b []byte }

// write says everything of a person; cloud is the document of the cloud
// account.
func (w *documentWriter) write(p *licensing.Person, cloud string, shown []int, unsure licensing.Unsure) ([]byte, error) {
	w.b = append(w.b[:0], `{"anchor":`...)
	w.text(p.Anchor.ID())
	w.flag(`,"consumes":true`, p.Consumes)
	w.member(`,"license":`, string(p.License))
	w.member(`,"beside":`, p.Beside)
	w.member(`,"unsure":`, unsureName(unsure))
	w.flag(`,"only_here":true`, p.OnlyHost != "")
	if p.Cloud >= 0 {
		w.b = append(append(w.b, `,"cloud":`...), cloud...)
	}
	for i, place := range shown {
		w.b = append(w.b, separator(i, `,"shown":[`)...)
		w.b = strconv.AppendInt(w.b, int64(place), 10)
	}
	w.end(len(shown))
	for i := range p.Servers {
		w.b = append(w.b, separator(i, `,"servers":[`)...)
		w.server(&p.Servers[i], addressOf(p.Anchor))
	}
	w.end(len(p.Servers))
	if err := w.rare(p); err != nil {
		return nil, err
	}
	w.b = append(w.b, '}')
	return w.b, nil
}

// separator stands before the ith value of a list.
func separator(i int, first string) string {
	if i == 0 {
		return first
	}
	return ","
}

// end ends a list, if it was begun.
func (w *documentWriter) end(values int) { w.flag("]", values > 0) }

func (w *documentWriter) flag(text string, is bool) {
	if is {
		w.b = append(w.b, text...)
	}
}

func (w *documentWriter) member(name, value string) {
	if value != "" {
		w.b = append(w.b, name...)
		w.text(value)
	}
}

// text writes a text. The error would be of bytes that are no UTF-8, in whose
// place U+FFFD is written: nobody reads such a text into a hub.
func (w *documentWriter) text(text string) { w.b, _ = jsontext.AppendQuote(w.b, text) }

// server writes a server account of a person whose anchor has an address.
func (w *documentWriter) server(a *licensing.PlacedAccount, anchor string) {
	w.b = append(w.b, `{"host":`...)
	w.text(a.Host)
	w.b = append(w.b, `,"id":`...)
	w.text(a.ID)
	address := a.Email.Address()
	if address != anchor {
		w.b = append(w.b, `,"email":`...)
		w.text(address)
	}
	w.flag(`,"advanced_security":true`, a.AdvancedSecurity)
	w.b = append(w.b, `,"why":`...)
	w.reason(&a.Reason, address)
	w.b = append(w.b, '}')
}

// reason writes the reason of an account with an address.
func (w *documentWriter) reason(r *licensing.Reason, address string) {
	w.b = append(w.b, `{"rule":`...)
	w.b = strconv.AppendUint(w.b, uint64(r.Rule), 10)
	if value := r.Value.Address(); value != address {
		w.b = append(w.b, `,"value":`...)
		w.text(value)
	}
	if r.Attribute != 0 {
		w.b = append(w.b, `,"attribute":`...)
		w.b = strconv.AppendUint(w.b, uint64(r.Attribute), 10)
	}
	w.flag(`,"tie":true`, r.Tie)
	if !r.Source.IsZero() {
		w.b = append(w.b, `,"source":"`...)
		w.b = r.Source.AppendFormat(w.b, time.RFC3339Nano)
		w.b = append(w.b, '"')
	}
	w.flag(`,"from_report":true`, r.FromReport)
	w.b = append(w.b, '}')
}

// rare writes what few people have.
func (w *documentWriter) rare(p *licensing.Person) error {
	if len(p.ReportEmails)+len(p.Invitations)+len(p.Subscriptions) == 0 {
		return nil
	}
	var d rareDocument
	for _, e := range p.ReportEmails {
		d.ReportEmails = append(d.ReportEmails, e.Address())
	}
	for i := range p.Invitations {
		v := &p.Invitations[i]
		item, err := store.InvitationItem(&v.Invitation)
		if err != nil {
			return err
		}
		d.Invitations = append(d.Invitations, invitedDocument{jsontext.Value(item.Document), v.Consumes, v.Row >= 0, reasonOf(v.Reason)})
	}
	for i := range p.Subscriptions {
		v := &p.Subscriptions[i]
		item, err := store.SubscriptionItem(&v.Subscription)
		if err != nil {
			return err
		}
		d.Subscriptions = append(d.Subscriptions, subscribedDocument{jsontext.Value(item.Document), v.Row >= 0, reasonOf(v.Reason)})
	}
	text, err := json.Marshal(&d)
	if err == nil {
		w.b = append(append(w.b, ','), text[1:len(text)-1]...) // the members without their braces
	}
	return err
}

// anchoredAddress begins the text of an anchor that is an address.
const anchoredAddress = "address:"

// addressOf is the address of an anchor that is one.
func addressOf(a licensing.Anchor) string {
	if a.Kind == licensing.AnchorAddress {
		return a.Text()
	}
	return ""
}
