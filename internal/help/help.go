package help

import (
	"net/http"
	"slices"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/page"
	"github.com/oneseat/oneseat/internal/web"
)

// Role is whose pages the reader is on: some sections are written for one side.
type Role string

// The roles.
const (
	Cloud  Role = "cloud"  // the enterprise's side, the hub
	Server Role = "server" // beside a server instance, the agent
)

// Place is a page of a role that a text speaks of.
type Place string

// The places.
const (
	PlaceLicensing Place = "licensing" // totals
	PlaceInstances Place = "instances" // Enterprise Server instances
	PlaceUsage     Place = "usage"     // Add server usage
	PlacePeople    Place = "people"
	PlaceWorklists Place = "worklists" // Counted more than once?
	PlaceCloud     Place = "cloud"     // Cloud side, among the settings
)

// Config is what the pages are made of.
type Config struct {
	Role Role
	// Around says what stands around a page for whoever asks.
	Around func(*http.Request) (Around, error)
}

// Around is what a reader has around a page of help, signed in or not.
type Around struct {
	// Frame begins the page, with the navigation of the pages that they come
	// from.
	Frame page.Frame
	// Places are the paths of what texts speak of. One that is not there for the
	// reader stands in the text without a link.
	Places map[Place]string
}

// Help shows the pages. It is safe for concurrent use.
type Help struct {
	config Config
	topics []topic
}

// New makes the pages.
func New(c Config) *Help { return &Help{config: c, topics: topicsFor(c.Role)} }

// root is where help begins.
const root = "/help"

// Path is that of a topic, and of a section in it; without a topic it is where
// help begins.
func Path(t Topic, section string) string {
	switch {
	case t == "":
		return root
	case section == "":
		return root + "/" + string(t)
	default:
		return root + "/" + string(t) + "#" + section
	}
}

// Routes are the pages, open to everybody.
func (h *Help) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: root, Name: "help", Style: web.StylePage, Handler: h.index},
		{Method: http.MethodGet, Pattern: root + "/{topic}", Name: "help-topic", Style: web.StylePage, Handler: h.topic},
	}
}

// helpPage is a topic, or the list of them when it has none.
type helpPage struct {
	page.Frame

	Topic  *topic
	Topics []topic
	places map[Place]string
}

func (h *Help) index(w http.ResponseWriter, r *http.Request) error {
	p, err := h.page(r, nil)
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, indexContent(p))
}

func (h *Help) topic(w http.ResponseWriter, r *http.Request) error {
	at := slices.IndexFunc(h.topics, func(t topic) bool { return string(t.Name) == r.PathValue("topic") })
	if at < 0 {
		return errs.New(errs.NotFound, "pagehelp.none")
	}
	p, err := h.page(r, &h.topics[at])
	if err != nil {
		return err
	}
	return page.Show(w, r, http.StatusOK, topicContent(p))
}

// page begins a page, that of a topic with the list of them at its side.
func (h *Help) page(r *http.Request, at *topic) (*helpPage, error) {
	around, err := h.config.Around(r)
	if err != nil {
		return nil, err
	}
	p := &helpPage{Frame: around.Frame, Topic: at, Topics: h.topics, places: around.Places}
	p.Title, p.Help = p.T("pagehelp.title"), root
	p.Side = nil
	if at == nil {
		return p, nil
	}
	p.Title = p.T(at.key("title"))
	for _, t := range h.topics {
		p.Side = append(p.Side, page.Link{
			Text: p.T(t.key("title")), Path: Path(t.Name, ""), Icon: t.Icon, Current: t.Name == at.Name,
		})
	}
	return p, nil
}
