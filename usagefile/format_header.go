package usagefile

import (
	"bytes"
	"fmt"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The header as it is written. The order of the fields is the order of the
// keys.
type wireHeader struct {
	Format     string          `json:"format"`
	Audience   string          `json:"audience"`
	Instance   wireInstance    `json:"instance"`
	Snapshot   wireSnapshot    `json:"snapshot"`
	Encryption *wireEncryption `json:"encryption,omitzero"`
}

type wireInstance struct {
	ServerID  string        `json:"server_id"`
	HostName  string        `json:"host_name"`
	HTTPOnly  bool          `json:"http_only"`
	Version   string        `json:"version"`
	License   string        `json:"license"`
	PublicKey string        `json:"public_key"`
	Rotation  *wireRotation `json:"rotation,omitzero"`
	Features  []wireFeature `json:"features"`
}

type wireRotation struct {
	Previous  string `json:"previous"`
	Signature string `json:"signature"`
}

type wireFeature struct {
	Name      string `json:"name"`
	EnabledAt string `json:"enabled_at,omitzero"`
}

type wireSnapshot struct {
	Sequence  int64  `json:"sequence"`
	TakenAt   string `json:"taken_at"`
	SourceAt  string `json:"source_at,omitzero"`
	Digest    string `json:"digest"`
	Nonce     string `json:"nonce,omitzero"`
	Previous  string `json:"previous"`
	UserCount int64  `json:"user_count"`
	Note      string `json:"note,omitzero"`
}

type wireEncryption struct {
	Scheme     string   `json:"scheme"`
	Recipients []string `json:"recipients"`
}

// formatHeader gives the bytes of a file up to the bracket that begins its
// users, and the header as a reader of those bytes has it: so nothing is
// written that would not be read.
func formatHeader(h Header, limits Limits) ([]byte, Header, error) {
	text, err := json.Marshal(wireOf(&h), jsontext.WithIndent("  "))
	if err != nil {
		return nil, Header{}, fault(CodeInvalidUTF8).because(fmt.Errorf("format header: %w", err))
	}
	text = append(bytes.TrimSuffix(text, []byte("\n}")), ",\n  \"users\": ["...)
	t := newTokens(bytes.NewReader(text), limits)
	t.header = limits.HeaderBytes
	if err := t.begin(); err != nil {
		return nil, Header{}, err
	}
	read, err := t.readHeader()
	return text, read, err
}

func wireOf(h *Header) *wireHeader {
	w := &wireHeader{
		Format: Format, Audience: h.Audience.String(),
		Instance: wireInstance{
			ServerID: h.Instance.ServerID, HostName: h.Instance.HostName, HTTPOnly: h.Instance.HTTPOnly,
			Version: h.Instance.Version, License: h.Instance.License.String(),
			PublicKey: encodeBase64(h.Instance.PublicKey), Features: []wireFeature{},
		},
		Snapshot: wireSnapshot{
			Sequence: h.Snapshot.Sequence, TakenAt: wireTime(h.Snapshot.TakenAt), SourceAt: wireTime(h.Snapshot.SourceAt),
			Digest: h.Snapshot.Digest.String(), Previous: h.Snapshot.Previous.String(),
			UserCount: h.Snapshot.UserCount, Note: h.Snapshot.Note,
		},
	}
	if !h.Snapshot.Nonce.IsZero() {
		w.Snapshot.Nonce = encodeBase64(h.Snapshot.Nonce[:])
	}
	if r := h.Instance.Rotation; r != nil {
		w.Instance.Rotation = &wireRotation{encodeBase64(r.Previous), encodeBase64(r.Signature)}
	}
	for _, f := range h.Instance.Features {
		w.Instance.Features = append(w.Instance.Features, wireFeature{f.Name, wireTime(f.EnabledAt)})
	}
	if h.Sealed() {
		w.Encryption = &wireEncryption{sealScheme, h.Recipients}
	}
	return w
}

// wireTime is RFC 3339 in UTC with no more digits than needed; empty for the
// zero time.
func wireTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// appendNonce appends the first line of the sealed part, without its newline.
func appendNonce(dst []byte, n Nonce) []byte {
	return append(append(append(dst, `{"nonce":"`...), encodeBase64(n[:])...), `"}`...)
}
