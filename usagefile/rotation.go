package usagefile

import (
	"crypto/ed25519"
)

// Rotation is the word of an instance's previous signing key for its new one.
type Rotation struct {
	Previous  ed25519.PublicKey
	Signature []byte
}

// MakeRotation lets the previous key vouch for the next. The result goes into
// [Instance.Rotation] of every file signed with the next key.
func MakeRotation(serverID string, previous ed25519.PrivateKey, next ed25519.PublicKey) *Rotation {
	public := ed25519.PublicKey(previous[ed25519.SeedSize:])
	return &Rotation{
		Previous:  append(ed25519.PublicKey(nil), public...),
		Signature: ed25519.Sign(previous, rotationText(serverID, next)),
	}
}

// Vouches says that the previous key signed the next one for this instance.
// Whether the previous key is the one that is trusted is for [Check].
func (r *Rotation) Vouches(serverID string, next ed25519.PublicKey) bool {
	return len(r.Previous) == ed25519.PublicKeySize &&
		ed25519.Verify(r.Previous, rotationText(serverID, next), r.Signature)
}

func rotationText(serverID string, next ed25519.PublicKey) []byte {
	return []byte("oneseat-key-rotation/1\n" + serverID + "\n" + encodeBase64(next))
}
