package store

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/oneseat/oneseat/internal/errs"
)

// PersonIDs makes the ids of an enterprise's people. It is not safe for
// concurrent use.
type PersonIDs struct {
	mac  func([]byte) []byte
	text []byte
}

// NewPersonIDs makes ids with an enterprise's salt.
func NewPersonIDs(salt []byte) *PersonIDs {
	mac := hmac.New(sha256.New, salt)
	var sum []byte
	return &PersonIDs{mac: func(text []byte) []byte {
		mac.Reset()
		mac.Write(text)
		sum = mac.Sum(sum[:0])
		return sum
	}}
}

// Of is the id of the person at an anchor.
func (p *PersonIDs) Of(anchor string) PersonID {
	p.text = append(p.text[:0], anchor...)
	return PersonID(p.mac(p.text)[:16])
}

// ParsePersonID reads the 32 digits of [PersonID.String]; NotFound when the
// text is something else: there is nobody of that name.
func ParsePersonID(text string) (PersonID, error) {
	var id PersonID
	if len(text) != hex.EncodedLen(len(id)) {
		return id, errs.New(errs.NotFound, "hub.no_person")
	}
	if _, err := hex.Decode(id[:], []byte(text)); err != nil {
		return id, errs.Wrap(errs.NotFound, err, "hub.no_person")
	}
	return id, nil
}

// storedID is an id as its column has it.
func storedID(column []byte) (PersonID, error) {
	if len(column) != len(PersonID{}) {
		return PersonID{}, fmt.Errorf("a person's id of %d bytes", len(column))
	}
	return PersonID(column), nil
}

// String is 32 lower-case hex digits.
func (id PersonID) String() string { return hex.EncodeToString(id[:]) }

// Compare is the order people are stored in.
func (id PersonID) Compare(other PersonID) int { return bytes.Compare(id[:], other[:]) }
