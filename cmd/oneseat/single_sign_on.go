package main

import (
	"time"

	"github.com/oneseat/oneseat/internal/signin/oidc"
)

// singleSignOn are the settings about the OpenID Connect provider that vouches
// for people. Which people may come in is no setting: those who were added.
type singleSignOn struct {
	OIDCIssuer           string `name:"oidc-issuer" placeholder:"URL" setting:"hub"`
	OIDCClientID         string `name:"oidc-client-id" placeholder:"ID" setting:"hub"`
	OIDCClientSecret     string `hidden:"" name:"oidc-client-secret" noflag:"" placeholder:"SECRET" secret:"" setting:"hub"`
	OIDCClientSecretFile string `name:"oidc-client-secret-file" placeholder:"FILE" setting:"hub"`
}

// check looks at the settings alone.
func (o *singleSignOn) check(v *settings) error {
	switch {
	case o.OIDCIssuer == "" && (o.OIDCClientID != "" || o.OIDCClientSecret != "" || o.OIDCClientSecretFile != ""):
		return usage("settings.half_oidc", "Missing", "oidc-issuer")
	case o.OIDCIssuer == "":
		return nil
	case o.OIDCClientID == "":
		return usage("settings.half_oidc", "Missing", "oidc-client-id")
	}
	if _, err := oidc.New(oidc.Config{Issuer: o.OIDCIssuer, ClientID: o.OIDCClientID, Now: time.Now}); err != nil {
		return usage("settings.bad_oidc", "Option", v.place("oidc-issuer"), "Value", o.OIDCIssuer)
	}
	return nil
}

// provider is the one that the settings name, nil for none. They were checked.
func (o *singleSignOn) provider(v *settings) (*oidc.Provider, error) {
	if o.OIDCIssuer == "" {
		return nil, nil //nolint:nilnil // no provider is a good answer
	}
	secret, err := v.secret("oidc-client-secret", o.OIDCClientSecret, o.OIDCClientSecretFile)
	if err != nil {
		return nil, err
	}
	return oidc.New(oidc.Config{Issuer: o.OIDCIssuer, ClientID: o.OIDCClientID, ClientSecret: secret, Now: time.Now})
}
