package usagefile

import "crypto/ed25519"

// Known is what is kept of an instance: its last accepted snapshot and the key
// that signed it.
type Known struct {
	PublicKey ed25519.PublicKey
	Sequence  int64
	Digest    Digest
}

// Standing is how a file stands to what is known of its instance, when nothing
// contradicts.
type Standing struct {
	// Held: the instance is not known. The file waits until an owner confirmed
	// the fingerprint of its key, once.
	Held bool
	// Repeated: this is the last accepted snapshot again, if in other bytes.
	Repeated bool
	// Rotated: a new key, which the known one vouches for.
	Rotated bool
	// Missing is the number of snapshots between the last accepted one and this
	// one that never arrived.
	Missing int64
}

// Warnings are what should be said about it.
func (s Standing) Warnings() []Warning {
	if s.Missing == 0 {
		return nil
	}
	return []Warning{{Code: WarnGap, Count: s.Missing}}
}

// Check compares a verified file with what is known of the instance it names;
// nil when nothing is. It refuses an older snapshot ([CodeRollback]), a key the
// known one does not vouch for ([CodeKeyChanged]), and a snapshot that stands
// beside the known one instead of behind it ([CodeCloned]): the same sequence
// with another digest, the next sequence with another digest before it, or a
// later one with the known digest or none before it.
func Check(r *Receipt, known *Known) (Standing, error) {
	if known == nil {
		return Standing{Held: true}, nil
	}
	s, k := r.Header.Snapshot, r.Header.Instance.PublicKey
	rotated := !k.Equal(known.PublicKey)
	switch {
	case s.Sequence < known.Sequence:
		return Standing{}, fault(CodeRollback, "Sequence", s.Sequence, "Known", known.Sequence)
	case rotated && !vouched(r.Header.Instance, known.PublicKey):
		return Standing{}, fault(CodeKeyChanged, "Key", KeyFingerprint(k).Short(), "Known", KeyFingerprint(known.PublicKey).Short())
	case beside(s, known):
		return Standing{}, fault(CodeCloned, "Sequence", s.Sequence, "Known", known.Sequence)
	}
	return Standing{
		Repeated: s.Sequence == known.Sequence,
		Rotated:  rotated,
		Missing:  max(0, s.Sequence-known.Sequence-1),
	}, nil
}

func vouched(in Instance, by ed25519.PublicKey) bool {
	return in.Rotation != nil && in.Rotation.Previous.Equal(by) && in.Rotation.Vouches(in.ServerID, in.PublicKey)
}

func beside(s Snapshot, known *Known) bool {
	switch s.Sequence {
	case known.Sequence:
		return s.Digest != known.Digest
	case known.Sequence + 1:
		return s.Previous != known.Digest
	default: // what came between has a digest of its own
		return s.Previous.IsZero() || s.Previous == known.Digest
	}
}
