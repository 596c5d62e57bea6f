package password_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/crypto/argon2"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin/password"
)

const good = "rain over mossy roofs"

func TestAHashIsOfOnePassword(t *testing.T) {
	t.Parallel()
	h := password.NewHasher()
	kept, err := h.Hash(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	again, err := h.Hash(t.Context(), good)
	if err != nil || again == kept || strings.Contains(kept, "rain") {
		t.Errorf("%s and %s (%v)", kept, again, err)
	}
	for text, want := range map[string]bool{good: true, good + " ": false, "Rain over mossy roofs": false, "": false} {
		if ok, err := h.Verify(t.Context(), text, kept); ok != want || err != nil {
			t.Errorf("%q: %v, %v", text, ok, err)
		}
	}
}

// TestHashesAreTheLibrarys: what stands in a database is argon2id with the
// parameters it names, whichever program reads it.
func TestHashesAreTheLibrarys(t *testing.T) {
	t.Parallel()
	kept, err := password.NewHasher().Hash(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(kept, "$")
	if len(parts) != 6 || strings.Join(parts[:4], "$") != "$argon2id$v=19$m=19456,t=2,p=1" {
		t.Fatal(kept)
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil || len(salt) != 16 {
		t.Fatal(salt, err)
	}
	want := base64.RawStdEncoding.EncodeToString(argon2.IDKey([]byte(good), salt, 2, 19456, 1, 32))
	if parts[5] != want {
		t.Errorf("got %s, want %s", parts[5], want)
	}
}

// TestKeyboardsComposeAlike: é as one character and as two.
func TestKeyboardsComposeAlike(t *testing.T) {
	t.Parallel()
	h := password.NewHasher()
	kept, err := h.Hash(t.Context(), "caf\u00e9 sous la pluie")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := h.Verify(t.Context(), "cafe\u0301 sous la pluie", kept); !ok || err != nil {
		t.Errorf("%v, %v", ok, err)
	}
}

func TestNobodysPassword(t *testing.T) {
	t.Parallel()
	h := password.NewHasher()
	for _, text := range []string{"", good} {
		if ok, err := h.Verify(t.Context(), text, ""); ok || err != nil {
			t.Errorf("%q: %v, %v", text, ok, err)
		}
	}
	kept, err := h.Hash(t.Context(), good)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"x", kept[1:], kept[:len(kept)-1], kept + "A", strings.Replace(kept, "m=19456", "m=4294967295", 1), strings.Replace(kept, "argon2id", "argon2i", 1)} {
		if ok, err := h.Verify(t.Context(), good, wrong); ok || err == nil || errs.KindOf(err) != errs.Internal {
			t.Errorf("%s: %v, %v", wrong, ok, err)
		}
	}
}

// TestACrowdIsTurnedAway: of many at once, those that find no place to wait
// are refused at once, and the others all get their turn.
func TestACrowdIsTurnedAway(t *testing.T) {
	t.Parallel()
	h := password.NewHasher()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	var hashed, refused, left atomic.Int32
	var all sync.WaitGroup
	const crowd = 300
	for range crowd {
		all.Go(func() {
			_, err := h.Hash(ctx, good)
			switch {
			case err == nil:
				hashed.Add(1)
			case said(err) == "signin.busy" && errs.KindOf(err) == errs.Unavailable:
				if refused.Add(1) == 1 {
					leave()
				}
			case errors.Is(err, context.Canceled):
				left.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if refused.Load() == 0 || hashed.Load()+refused.Load()+left.Load() != crowd {
		t.Errorf("%d hashed, %d refused, %d left", hashed.Load(), refused.Load(), left.Load())
	}
	if _, err := h.Hash(t.Context(), good); err != nil {
		t.Errorf("nobody is there any more, and still: %v", err)
	}
}
