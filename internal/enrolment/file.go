package enrolment

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/oneseat/oneseat/usagefile"
)

const family = "oneseat-enrolment/"

// algorithm is the one of signatures: Ed25519ctx of RFC 8032 with the context
// [Format].
const algorithm = "ed25519ctx"

// document is the file. Its keys are contracts.
type document struct {
	Format     string            `json:"format"`
	Enterprise enterpriseMembers `json:"enterprise"`
	Hub        string            `json:"hub,omitzero"`
	Recipient  string            `json:"recipient"`
	// Fingerprint is of the recipient: what usage files name as their audience.
	Fingerprint string           `json:"fingerprint"`
	IssuedAt    string           `json:"issued_at"`
	Licenses    *licenseMembers  `json:"licenses,omitzero"`
	PublicKey   string           `json:"public_key"`
	Signature   *signatureMember `json:"signature,omitzero"`
}

type enterpriseMembers struct {
	Slug string `json:"slug"`
	Name string `json:"name,omitzero"`
}

type licenseMembers struct {
	Seats     int    `json:"seats"`
	ExpiresAt string `json:"expires_at,omitzero"`
}

type signatureMember struct {
	Algorithm string `json:"algorithm"`
	Value     string `json:"value"`
}

// Encode writes the file of an enrolment, signed with the enterprise's key. The
// error is CodeBadValue when a value cannot be, or the writer's.
func Encode(w io.Writer, key ed25519.PrivateKey, e Enrolment) error {
	e.Key, _ = key.Public().(ed25519.PublicKey)
	e.IssuedAt = e.IssuedAt.UTC().Truncate(time.Second)
	if err := e.check(); err != nil {
		return err
	}
	d := documentOf(&e)
	text, err := d.signedText()
	if err != nil {
		return err
	}
	signature, err := key.Sign(nil, text, signing())
	if err != nil {
		return fmt.Errorf("sign enrolment: %w", err)
	}
	d.Signature = &signatureMember{algorithm, base64.StdEncoding.EncodeToString(signature)}
	file, err := json.Marshal(&d, jsontext.WithIndent("  "))
	if err == nil {
		_, err = w.Write(append(file, '\n'))
	}
	return err
}

func signing() *ed25519.Options { return &ed25519.Options{Hash: crypto.Hash(0), Context: Format} }

func documentOf(e *Enrolment) document {
	d := document{
		Format: Format, Enterprise: enterpriseMembers{e.Slug, e.Name}, Hub: e.Hub,
		Recipient: e.Recipient.String(), Fingerprint: e.Recipient.Fingerprint().String(),
		IssuedAt: e.IssuedAt.Format(time.RFC3339), PublicKey: base64.StdEncoding.EncodeToString(e.Key),
	}
	if l := e.Licenses; l != nil {
		d.Licenses = &licenseMembers{Seats: l.Seats}
		if !l.ExpiresAt.IsZero() {
			d.Licenses.ExpiresAt = l.ExpiresAt.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
	}
	return d
}

// signedText is what the signature is over: the file without it, in the form of
// RFC 8785, so that neither line ends nor spaces matter and every value does.
func (d document) signedText() ([]byte, error) {
	d.Signature = nil
	text, err := json.Marshal(&d)
	if err != nil {
		return nil, fmt.Errorf("encode enrolment: %w", err)
	}
	value := jsontext.Value(text)
	if err := value.Canonicalize(); err != nil {
		return nil, fmt.Errorf("encode enrolment: %w", err)
	}
	return value, nil
}

// Decode reads a file and refuses it for anything that is wrong with it. Whether
// its key is the enterprise's is not known here: compare the fingerprint, or
// [Check] it against what is known. The error is an [*Error], or the reader's.
func Decode(r io.Reader) (*Enrolment, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read enrolment: %w", err)
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if err := look(text); err != nil {
		return nil, err
	}
	var d document
	if err := json.Unmarshal(text, &d, json.RejectUnknownMembers(true)); err != nil {
		return nil, misread(err)
	}
	return d.verified()
}

// look refuses what is no file of this version.
func look(text []byte) error {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		return fault(CodeEmpty)
	case len(text) > MaxBytes:
		if bytes.Contains(text[:MaxBytes], []byte(`"oneseat-usage-file/`)) {
			return fault(CodeUsageFile)
		}
		return fault(CodeTooLarge, "Limit", MaxBytes)
	}
	var head struct {
		Format string `json:"format"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		if _, grammar := errors.AsType[*jsontext.SyntacticError](err); grammar && bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
			return fault(CodeNotJSON).because(err)
		}
		return fault(CodeOtherFormat).because(err)
	}
	number, ours := strings.CutPrefix(head.Format, family)
	version, err := strconv.Atoi(number)
	switch {
	case head.Format == Format:
		return nil
	case strings.HasPrefix(head.Format, "oneseat-usage-file/"):
		return fault(CodeUsageFile)
	case ours && err == nil && version > 1:
		return fault(CodeNewerVersion, "Version", version)
	default:
		return fault(CodeOtherFormat)
	}
}

// misread is the refusal of what is JSON, but not of this shape.
func misread(err error) *Error {
	semantic, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return fault(CodeNotJSON).because(err)
	}
	key := strings.ReplaceAll(strings.TrimPrefix(string(semantic.JSONPointer), "/"), "/", ".")
	if errors.Is(err, json.ErrUnknownName) {
		return fault(CodeUnknownKey, "Key", shown(key)).because(err)
	}
	return badValue(shown(key)).because(err)
}

// shown is a key of a file, as a refusal may show it.
func shown(key string) string {
	const longest = 60
	key = strings.ToValidUTF8(key, "�")
	if len(key) > longest {
		return strings.ToValidUTF8(key[:longest], "") + "…"
	}
	return key
}

// verified gives what the file says once everything in it is in order.
func (d *document) verified() (*Enrolment, error) {
	e, err := d.enrolment()
	if err != nil {
		return nil, err
	}
	text, err := d.signedText()
	if err != nil {
		return nil, err
	}
	if d.Signature == nil || d.Signature.Algorithm != algorithm {
		return nil, badValue("signature")
	}
	signature, ok := strict(d.Signature.Value, ed25519.SignatureSize)
	if !ok {
		return nil, badValue("signature.value")
	}
	if ed25519.VerifyWithOptions(e.Key, text, signature, signing()) != nil {
		return nil, fault(CodeChanged)
	}
	if d.Fingerprint != e.Recipient.Fingerprint().String() {
		return nil, fault(CodeFingerprintDiffers)
	}
	return e, nil
}

// enrolment reads the values.
func (d *document) enrolment() (*Enrolment, error) {
	e := &Enrolment{Slug: d.Enterprise.Slug, Name: d.Enterprise.Name, Hub: d.Hub}
	var ok bool
	var err error
	if e.Recipient, err = usagefile.ParseRecipient(d.Recipient); err != nil {
		return nil, badValue("recipient").because(err)
	}
	if e.IssuedAt, ok = instant(d.IssuedAt); !ok {
		return nil, badValue("issued_at")
	}
	if l := d.Licenses; l != nil {
		e.Licenses = &Licenses{Seats: l.Seats}
		if e.Licenses.ExpiresAt, ok = instant(l.ExpiresAt); !ok && l.ExpiresAt != "" {
			return nil, badValue("licenses.expires_at")
		}
	}
	if e.Key, ok = strict(d.PublicKey, ed25519.PublicKeySize); !ok {
		return nil, badValue("public_key")
	}
	return e, e.check()
}

func instant(text string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339, text)
	return at.UTC(), err == nil
}

// strict reads base64 that has one form only, of so many bytes.
func strict(text string, size int) ([]byte, bool) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	return raw, err == nil && len(raw) == size && !strings.ContainsAny(text, "\r\n")
}
