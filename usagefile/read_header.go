package usagefile

import "crypto/ed25519"

// headerReader reads a header strictly: exactly the keys of this version, in
// their order, every value in its one form.
type headerReader struct {
	*tokens
	h Header
}

// readHeader reads from the value of "format" up to the key "users".
func (t *tokens) readHeader() (Header, error) {
	r := headerReader{tokens: t}
	err := t.members("",
		member{name: "audience", read: r.audience},
		member{name: "instance", read: r.instance},
		member{name: "snapshot", read: r.snapshot},
		member{name: "encryption", optional: true, read: r.encryption},
		member{name: "users", last: true})
	if err == nil {
		err = r.consistent()
	}
	return r.h, err
}

// consistent checks what no single value shows.
func (r *headerReader) consistent() error {
	h := &r.h
	if h.Sealed() == !h.Snapshot.Nonce.IsZero() {
		return r.bad("snapshot.nonce", "encryption XOR nonce")
	}
	if h.Sealed() && !h.sealedTo(h.Audience) {
		return r.bad("audience", "SHA-256(encryption.recipients[n])")
	}
	if h.Snapshot.Sequence == 1 && !h.Snapshot.Previous.IsZero() {
		return r.bad("snapshot.previous", `""`)
	}
	if rotation := h.Instance.Rotation; rotation != nil && !rotation.Vouches(h.Instance.ServerID, h.Instance.PublicKey) {
		return r.place(fault(CodeBadRotation, "Previous", KeyFingerprint(rotation.Previous).Short()))
	}
	return nil
}

func (h *Header) sealedTo(f Fingerprint) bool {
	for _, text := range h.Recipients {
		if (Recipient{text}).Fingerprint() == f {
			return true
		}
	}
	return false
}

func (r *headerReader) audience(key string) (err error) {
	text, err := r.text(key)
	if err != nil || text == "" {
		return err
	}
	var ok bool
	if r.h.Audience, ok = ParseFingerprint(text); !ok {
		return r.bad(key, "HEX×64")
	}
	return nil
}

func (r *headerReader) instance(key string) error {
	in := &r.h.Instance
	return r.object(key,
		member{name: "server_id", read: func(key string) error { return r.serverID(key, &in.ServerID) }},
		member{name: "host_name", read: func(key string) error { return r.host(key, &in.HostName) }},
		member{name: "http_only", read: func(key string) (err error) { in.HTTPOnly, err = r.boolean(key); return err }},
		member{name: "version", read: func(key string) error { return r.line(key, &in.Version) }},
		member{name: "license", read: func(key string) error { return r.digest(key, &in.License) }},
		member{name: "public_key", read: func(key string) error { return r.key(key, &in.PublicKey) }},
		member{name: "rotation", optional: true, read: r.rotation},
		member{name: "features", read: r.features})
}

func (r *headerReader) rotation(key string) error {
	rotation := &Rotation{}
	r.h.Instance.Rotation = rotation
	return r.object(key,
		member{name: "previous", read: func(key string) error { return r.key(key, &rotation.Previous) }},
		member{name: "signature", read: func(key string) (err error) {
			rotation.Signature, err = r.bytes(key, ed25519.SignatureSize)
			return err
		}})
}

func (r *headerReader) features(key string) error {
	return r.array(key, func() error {
		feature := Feature{}
		err := r.object(key,
			member{name: "name", read: func(key string) error { return r.word(key, &feature.Name) }},
			member{name: "enabled_at", optional: true, read: func(key string) error { return r.time(key, &feature.EnabledAt) }})
		r.h.Instance.Features = append(r.h.Instance.Features, feature)
		return err
	})
}

func (r *headerReader) snapshot(key string) error {
	s := &r.h.Snapshot
	return r.object(key,
		member{name: "sequence", read: func(key string) (err error) { s.Sequence, err = r.integer(key, 1); return err }},
		member{name: "taken_at", read: func(key string) error { return r.time(key, &s.TakenAt) }},
		member{name: "source_at", optional: true, read: func(key string) error { return r.time(key, &s.SourceAt) }},
		member{name: "digest", read: func(key string) error { return r.someDigest(key, &s.Digest) }},
		member{name: "nonce", optional: true, read: func(key string) error { return r.nonce(key, &s.Nonce) }},
		member{name: "previous", read: func(key string) error { return r.digest(key, &s.Previous) }},
		member{name: "user_count", read: func(key string) (err error) { s.UserCount, err = r.integer(key, 0); return err }},
		member{name: "note", optional: true, read: func(key string) error { return r.line(key, &s.Note) }})
}

func (r *headerReader) encryption(key string) error {
	return r.object(key,
		member{name: "scheme", read: func(key string) error {
			scheme, err := r.text(key)
			if err == nil && scheme != sealScheme {
				err = r.bad(key, sealScheme)
			}
			return err
		}},
		member{name: "recipients", read: r.recipients})
}

func (r *headerReader) recipients(key string) error {
	err := r.array(key, func() error {
		text, err := r.text(key)
		if err != nil {
			return err
		}
		if _, err := ParseRecipient(text); err != nil {
			return r.bad(key, "age1…")
		}
		r.h.Recipients = append(r.h.Recipients, text)
		return nil
	})
	if err == nil && !r.h.Sealed() {
		err = r.bad(key, "age1…")
	}
	return err
}
