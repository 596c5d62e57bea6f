package hub

import (
	"bytes"
	"context"
	"crypto/ed25519"

	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/usagefile"
)

// EnrolmentFile is a file that enrols agents with an enterprise.
type EnrolmentFile struct {
	enrolment.Enrolment

	// Text is the file.
	Text []byte
}

// Enrolment makes the file that enrols agents with an enterprise: what to seal
// usage files to, where the hub is, and the key to know the enterprise by, which
// is made with the first file. Hub is the hub's address, empty where agents do
// not reach it; licenses are nil unless OneSeat itself is who issues them.
//
// Usage files are sealed to the hub's own unsealing key, and where that is
// elsewhere to the first recipient of the settings. Errors: Conflict when there
// is neither, or no directory for the key that signs.
func (s *Service) Enrolment(ctx context.Context, enterprise int64, actor, hub string, licenses *enrolment.Licenses) (*EnrolmentFile, error) {
	in, err := s.store.For(enterprise).Inputs(ctx)
	if err != nil {
		return nil, err
	}
	recipient, err := s.recipient(&in.EnterpriseInfo)
	if err != nil {
		return nil, err
	}
	key, err := s.keys.Signing(in.Slug)
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	err = enrolment.Encode(&text, key, enrolment.Enrolment{
		Slug: in.Slug, Name: in.Name, Hub: hub, Recipient: recipient, IssuedAt: s.now(), Licenses: licenses,
	})
	if err != nil {
		return nil, err
	}
	made, err := enrolment.Decode(bytes.NewReader(text.Bytes()))
	if err != nil {
		return nil, err
	}
	err = s.store.For(enterprise).InTx(ctx, func(tx *store.Tx) error {
		return s.record(ctx, tx, actor, AuditEnrolment, in.Slug, "fingerprint", made.Fingerprint().Short(), "recipient", recipient.Fingerprint().Short())
	})
	return &EnrolmentFile{Enrolment: *made, Text: text.Bytes()}, err
}

// EnrolmentKey gives the fingerprint of the key that signs the enrolment files of
// an enterprise, which is made unless it is there. Conflict as for
// [Service.Enrolment].
func (s *Service) EnrolmentKey(slug string) (usagefile.Fingerprint, error) {
	key, err := s.keys.Signing(slug)
	if err != nil {
		return usagefile.Fingerprint{}, err
	}
	public, _ := key.Public().(ed25519.PublicKey) // of such a key it is one
	return usagefile.KeyFingerprint(public), nil
}

// recipient is what usage files for an enterprise are sealed to.
func (s *Service) recipient(info *EnterpriseInfo) (usagefile.Recipient, error) {
	keys, err := s.keys.Read(info.Slug)
	switch {
	case err != nil:
		return usagefile.Recipient{}, err
	case len(keys) > 0:
		return keys[0].Recipient(), nil
	case len(info.Settings.Recipients) > 0:
		return usagefile.ParseRecipient(info.Settings.Recipients[0])
	default:
		return usagefile.Recipient{}, errs.New(errs.Conflict, "hub.no_recipient_to_seal_to")
	}
}
