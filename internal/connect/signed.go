package connect

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/usagefile"
)

// MaxSigned is the length of the longest signed text that is read, in bytes.
const MaxSigned = 8 << 10

// leeway is how far two clocks may be apart before anybody has to do something.
const leeway = time.Minute

// What a signed text is for, in its header, so that none can be used as
// another.
const (
	typeStatement = "oneseat-pairing+jwt"
	typeAssertion = "oneseat-assertion+jwt"
	typeKeyProof  = "oneseat-key+jwt"
)

// moment is what every signed text says of when and for whom.
type moment struct {
	Audience string `json:"aud"`
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"` // seconds since 1970
	Expires  int64  `json:"exp"`
}

func newMoment(hub string, now time.Time, life time.Duration) moment {
	return moment{Audience: hub, ID: rand.Text(), IssuedAt: now.Unix(), Expires: now.Add(life).Unix()}
}

// check holds the moment against the reader's own. How far the other clock is
// off tells the time of day to whoever signed, who can then sign again.
func (m *moment) check(hub string, now time.Time, life time.Duration) error {
	issued, expires := time.Unix(m.IssuedAt, 0), time.Unix(m.Expires, 0)
	switch {
	case m.Audience != hub:
		return errs.New(errs.Invalid, "connect.other_address", "Given", clip(m.Audience), "Hub", hub)
	case m.ID == "" || len(m.ID) > 64 || expires.Sub(issued) > life || !issued.Before(expires):
		return errs.New(errs.Invalid, "connect.bad_statement")
	case now.Add(leeway).Before(issued), now.Add(-leeway).After(expires):
		return errs.New(errs.Unauthenticated, "connect.clock", "HubTime", now.UTC().Format(time.RFC3339), "Given", issued.UTC().Format(time.RFC3339))
	default:
		return nil
	}
}

// sign makes a signed text of claims.
func sign(kind, keyID string, key ed25519.PrivateKey, claims any) (string, error) {
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(kind))
	if keyID != "" {
		options = options.WithHeader("kid", keyID)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.EdDSA, Key: key}, options)
	if err != nil {
		return "", err
	}
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// signed is a text whose signature nobody looked at yet.
type signed struct {
	token *jwt.JSONWebToken
	keyID string
}

// open parses a signed text of a kind.
func open(kind, text string) (*signed, error) {
	if len(text) > MaxSigned {
		return nil, errs.New(errs.TooLarge, "connect.bad_statement")
	}
	token, err := jwt.ParseSigned(text, []jose.SignatureAlgorithm{jose.EdDSA})
	if err != nil || len(token.Headers) != 1 {
		return nil, errs.Wrap(errs.Invalid, err, "connect.bad_statement")
	}
	header := token.Headers[0]
	if is, _ := header.ExtraHeaders[jose.HeaderType].(string); is != kind {
		return nil, errs.New(errs.Invalid, "connect.bad_statement")
	}
	return &signed{token: token, keyID: header.KeyID}, nil
}

// peek reads claims that nobody vouches for, to find out whose they say they
// are.
func (s *signed) peek(claims any) error {
	if err := s.token.UnsafeClaimsWithoutVerification(claims); err != nil {
		return errs.Wrap(errs.Invalid, err, "connect.bad_statement")
	}
	return nil
}

// read verifies the signature and reads the claims.
func (s *signed) read(key ed25519.PublicKey, claims any) error {
	if len(key) != ed25519.PublicKeySize {
		return errs.New(errs.Unauthenticated, "connect.bad_signature")
	}
	if err := s.token.Claims(key, claims); err != nil {
		return errs.Wrap(errs.Unauthenticated, err, "connect.bad_signature")
	}
	return nil
}

// KeyID names a key in the header of what it signed: its fingerprint.
func KeyID(key ed25519.PublicKey) string { return usagefile.KeyFingerprint(key).String() }

// keyText is a public key in JSON: strict base64 of its 32 bytes.
type keyText ed25519.PublicKey

func (k keyText) MarshalJSON() ([]byte, error) {
	return json.Marshal(base64.StdEncoding.EncodeToString(k))
}

func (k *keyText) UnmarshalJSON(b []byte) error {
	var text string
	if err := json.Unmarshal(b, &text); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != ed25519.PublicKeySize {
		return errs.New(errs.Invalid, "connect.bad_statement")
	}
	*k = raw
	return nil
}

// clip bounds a text of somebody else's.
func clip(text string) string {
	if len(text) > 200 {
		return text[:200]
	}
	return text
}
