package api

import (
	"time"

	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/i18n"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/internal/spool"
)

// Config is what an API is made of.
type Config struct {
	Hub  *hub.Service
	Desk *signin.Desk
	// Sentences are those inside of answers: why a sync failed.
	Sentences *i18n.Catalogue
	// Spool keeps uploads while they are taken in.
	Spool *spool.Spool
	// Version of the program, for the description of the API.
	Version string
	// Now is the clock, nil the machine's.
	Now func() time.Time
}

// API answers REST calls. It is safe for concurrent use.
type API struct {
	*v1 // GitHub's calls need no more than our own
}

// New makes an API.
func New(c Config) *API {
	if c.Now == nil {
		c.Now = time.Now //nolint:forbidigo // the default of the clock
	}
	return &API{newV1(c)}
}
