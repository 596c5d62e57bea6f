package usagefile_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"testing"

	"github.com/oneseat/oneseat/usagefile"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	old, next := instanceKey(t), nextKey(t)
	rotation := usagefile.MakeRotation(serverID, old, public(next))
	elsewhere := usagefile.MakeRotation("00000000-0000-0000-0000-000000000000", old, public(next))
	stranger := usagefile.MakeRotation(serverID, next, public(next))
	eight := usagefile.Digest{8}
	tests := []struct {
		name     string
		key      ed25519.PrivateKey
		rotation *usagefile.Rotation
		sequence int64
		digest   usagefile.Digest
		previous usagefile.Digest
		want     usagefile.Standing
		code     usagefile.Code
	}{
		{"the next", old, nil, 8, eight, seven(), usagefile.Standing{}, ""},
		{"the same again", old, nil, 7, seven(), usagefile.Digest{6}, usagefile.Standing{Repeated: true}, ""},
		{"one was skipped", old, nil, 9, eight, usagefile.Digest{1}, usagefile.Standing{Missing: 1}, ""},
		{"many were skipped", old, nil, 1007, eight, usagefile.Digest{1}, usagefile.Standing{Missing: 999}, ""},
		{"older", old, nil, 6, eight, seven(), usagefile.Standing{}, usagefile.CodeRollback},
		{"older with an older key", next, nil, 6, eight, seven(), usagefile.Standing{}, usagefile.CodeRollback},
		{"same sequence, other people", old, nil, 7, eight, seven(), usagefile.Standing{}, usagefile.CodeCloned},
		{"next to another seven", old, nil, 8, eight, usagefile.Digest{7}, usagefile.Standing{}, usagefile.CodeCloned},
		{"says it is the first", old, nil, 8, eight, usagefile.Digest{}, usagefile.Standing{}, usagefile.CodeCloned},
		{"skips one, but stands on seven", old, nil, 9, eight, seven(), usagefile.Standing{}, usagefile.CodeCloned},
		{"skips one and says it is the first", old, nil, 9, eight, usagefile.Digest{}, usagefile.Standing{}, usagefile.CodeCloned},
		{"new key", next, nil, 8, eight, seven(), usagefile.Standing{}, usagefile.CodeKeyChanged},
		{"new key, same snapshot", next, nil, 7, seven(), usagefile.Digest{}, usagefile.Standing{}, usagefile.CodeKeyChanged},
		{"new key, rotated", next, rotation, 8, eight, seven(), usagefile.Standing{Rotated: true}, ""},
		{"new key, rotated, one skipped", next, rotation, 9, eight, usagefile.Digest{1}, usagefile.Standing{Rotated: true, Missing: 1}, ""},
		{"rotation made for another instance", next, elsewhere, 8, eight, seven(), usagefile.Standing{}, usagefile.CodeKeyChanged},
		{"rotation by a key nobody knows", next, stranger, 8, eight, seven(), usagefile.Standing{}, usagefile.CodeKeyChanged},
		{"rotated before the known key", old, usagefile.MakeRotation(serverID, next, public(old)), 8, eight, seven(), usagefile.Standing{}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			h := usagefile.Header{
				Instance: usagefile.Instance{ServerID: serverID, PublicKey: public(test.key), Rotation: test.rotation},
				Snapshot: usagefile.Snapshot{Sequence: test.sequence, Digest: test.digest, Previous: test.previous},
			}
			got, err := usagefile.Check(&usagefile.Receipt{Header: h}, known(t))
			wantCode(t, test.name, err, test.code)
			if got != test.want {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if gap := len(got.Warnings()) > 0; gap != (test.want.Missing > 0) {
				t.Errorf("got warnings %v with %d missing", got.Warnings(), test.want.Missing)
			}
		})
	}
	t.Run("nothing known", func(t *testing.T) {
		t.Parallel()
		got, err := usagefile.Check(&usagefile.Receipt{}, nil)
		if err != nil || got != (usagefile.Standing{Held: true}) {
			t.Errorf("got %+v, %v; want held", got, err)
		}
	})
}

// A rotation is vouched for by pure Ed25519 over exactly this text.
func TestRotationText(t *testing.T) {
	t.Parallel()
	r := usagefile.MakeRotation(serverID, instanceKey(t), public(nextKey(t)))
	text := "oneseat-key-rotation/1\n" + serverID + "\n" + b64(public(nextKey(t)))
	if !ed25519.Verify(public(instanceKey(t)), []byte(text), r.Signature) || !r.Vouches(serverID, public(nextKey(t))) {
		t.Error("the previous key does not vouch for the next")
	}
	r.Signature[0] ^= 1
	if r.Vouches(serverID, public(nextKey(t))) {
		t.Error("a changed signature vouches")
	}
	r.Previous = r.Previous[:31]
	if r.Vouches(serverID, public(nextKey(t))) {
		t.Error("half a key vouches")
	}
}

func TestARotatedFileIsAccepted(t *testing.T) {
	t.Parallel()
	x := export(t)
	x.Instance.Rotation = usagefile.MakeRotation(serverID, instanceKey(t), public(nextKey(t)))
	var file bytes.Buffer
	if _, err := usagefile.Encode(&file, nextKey(t), x, source(people()...)); err != nil {
		t.Fatal(err)
	}
	_, receipt, err := decode(file.Bytes(), reader(t), known(t))
	if err != nil {
		t.Fatal(err)
	}
	standing, err := usagefile.Check(receipt, known(t))
	if err != nil || fmt.Sprint(standing) != fmt.Sprint(usagefile.Standing{Rotated: true}) {
		t.Errorf("got %+v, %v", standing, err)
	}
}
