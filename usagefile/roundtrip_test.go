package usagefile_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

func crowd(n int) []licensing.ServerAccount {
	users := make([]licensing.ServerAccount, n)
	for i := range users {
		users[i] = user(fmt.Sprintf("%07d", i), fmt.Sprintf("*person.%d@acme.example", i), fmt.Sprintf("q%d@other.example", i*7919))
	}
	return users
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 3, 100, 999, 1000, 5000} {
		for _, cleartext := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d users, clear %v", n, cleartext), func(t *testing.T) {
				t.Parallel()
				x := export(t)
				x.Cleartext = cleartext
				want := crowd(n)
				users, receipt, err := decode(mustEncode(t, x, want...), reader(t), known(t))
				if err != nil {
					t.Fatal(err)
				}
				if got := lines(users); got != lines(want) {
					t.Errorf("got\n%.500s\nwant\n%.500s", got, lines(want))
				}
				if receipt.Users != int64(n) || receipt.Header.Snapshot.UserCount != int64(n) || !receipt.Opened {
					t.Errorf("got %+v, want %d users, opened", receipt, n)
				}
			})
		}
	}
}

// Sealed bytes of every length around the end of the first and the second
// chunk, one of them exactly full.
func TestRoundTripAroundChunkBoundaries(t *testing.T) {
	t.Parallel()
	const chunk = 48 << 10
	text := randomText(3 * chunk)
	for _, chunks := range []int{1, 2} {
		full := 0
		near := chunks * chunk
		for range 8 { // the seal's overhead is not quite linear
			near += chunks*chunk - sealedBytes(t, mustEncode(t, export(t), incompressible(text, near)...))
		}
		for size := near - 20; size < near+20; size++ {
			users := incompressible(text, size)
			data := mustEncode(t, export(t), users...)
			got, _, err := decode(data, reader(t), known(t))
			if err != nil || lines(got) != lines(users) {
				t.Fatalf("%d chunks, size %d: %v", chunks, size, err)
			}
			if sealedBytes(t, data) == chunks*chunk {
				full++
			}
		}
		if full == 0 {
			t.Errorf("no file of exactly %d full chunks among these: move the sizes", chunks)
		}
	}
}

// randomText does not compress to less than 3/4.
func randomText(n int) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	random := rand.New(rand.NewPCG(1, 2))
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(text)
}

// incompressible gives users whose addresses are the first n bytes of text.
func incompressible(text string, n int) []licensing.ServerAccount {
	var users []licensing.ServerAccount
	for from := 0; from < n; from += 1000 {
		users = append(users, user(fmt.Sprintf("%03d", from/1000), text[from:min(n, from+1000)]))
	}
	return users
}

func TestExportingTwiceIsTheSameSnapshot(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	one, err := usagefile.Encode(&first, instanceKey(t), export(t), source(people()...))
	if err != nil {
		t.Fatal(err)
	}
	x := export(t)
	x.Snapshot = one.Header.Snapshot // with digest, nonce and count: one pass
	passes := 0
	two, err := usagefile.Encode(&second, instanceKey(t), x, func(yield func(licensing.ServerAccount, error) bool) {
		passes++
		source(people()...)(yield)
	})
	if err != nil {
		t.Fatal(err)
	}
	if passes != 1 {
		t.Errorf("got %d passes over the users, want 1", passes)
	}
	if bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two sealed exports have the same bytes: the seal is not fresh")
	}
	if one.Header.Snapshot != two.Header.Snapshot {
		t.Errorf("got snapshots\n%+v\n%+v, want the same", one.Header.Snapshot, two.Header.Snapshot)
	}
}

func TestAddressesAreSortedAndTheSourceIsNotTouched(t *testing.T) {
	t.Parallel()
	given := user("1", "z@acme.example", "b@acme.example", "*b@acme.example", "*B@acme.example")
	before := lines([]licensing.ServerAccount{given})
	users, _, err := decode(mustEncode(t, inClear(t), given), reader(t), known(t))
	if err != nil {
		t.Fatal(err)
	}
	want := lines([]licensing.ServerAccount{user("1", "*B@acme.example", "*b@acme.example", "b@acme.example", "z@acme.example")})
	if got := lines(users); got != want {
		t.Errorf("got %s want %s", got, want)
	}
	if after := lines([]licensing.ServerAccount{given}); after != before {
		t.Errorf("the caller's user became %s was %s", after, before)
	}
}

func TestEncodeMergesEqualNeighbours(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	receipt, err := usagefile.Encode(&file, instanceKey(t), inClear(t),
		source(user("1", "*a@acme.example", "b@acme.example"), user("1", "b@acme.example", "*a@acme.example"), user("2", "*c@acme.example")))
	if err != nil {
		t.Fatal(err)
	}
	if want := []usagefile.Warning{{Code: usagefile.WarnMerged, Count: 1, First: "1"}}; receipt.Users != 2 || fmt.Sprint(receipt.Warnings) != fmt.Sprint(want) {
		t.Errorf("got %d users and %v, want 2 and %v", receipt.Users, receipt.Warnings, want)
	}
	_, read, err := decode(file.Bytes(), reader(t), known(t))
	if err != nil || read.Header.Snapshot.UserCount != 2 || len(read.Warnings) != 0 {
		t.Errorf("got %+v, %v; want a file of 2 users without warnings", read, err)
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	broken := errors.New("the directory went away")
	long := strings.Repeat("x", usagefile.DefaultTextBytes+1)
	many := make([]string, usagefile.DefaultEmailsPerUser+1)
	tests := []struct {
		name   string
		change func(*usagefile.Export)
		users  usagefile.Users
		want   usagefile.Code
		user   int64
	}{
		{"no recipient", func(x *usagefile.Export) { x.Recipients = nil }, source(), usagefile.CodeNoRecipient, 0},
		{"zero recipient", func(x *usagefile.Export) { x.Recipients = make([]usagefile.Recipient, 1) }, source(), usagefile.CodeBadValue, 0},
		{"no server id", func(x *usagefile.Export) { x.Instance.ServerID = "" }, source(), usagefile.CodeBadValue, 0},
		{"server id in capitals", func(x *usagefile.Export) { x.Instance.ServerID = strings.ToUpper(serverID) }, source(), usagefile.CodeBadValue, 0},
		{"no host", func(x *usagefile.Export) { x.Instance.HostName = "" }, source(), usagefile.CodeBadValue, 0},
		{"host with escape codes", func(x *usagefile.Export) { x.Instance.HostName = "git\x1b[2J" }, source(), usagefile.CodeBadValue, 0},
		{"note of two lines", func(x *usagefile.Export) { x.Snapshot.Note = "a\nb" }, source(), usagefile.CodeBadValue, 0},
		{"note that turns text around", func(x *usagefile.Export) { x.Snapshot.Note = "a\u202eb" }, source(), usagefile.CodeBadValue, 0},
		{"note that is no UTF-8", func(x *usagefile.Export) { x.Snapshot.Note = "a\xffb" }, source(), usagefile.CodeInvalidUTF8, 0},
		{"long note", func(x *usagefile.Export) { x.Snapshot.Note = long }, source(), usagefile.CodeLimitText, 0},
		{"sequence 0", func(x *usagefile.Export) { x.Snapshot.Sequence = 0 }, source(), usagefile.CodeBadValue, 0},
		{"no time", func(x *usagefile.Export) { x.Snapshot.TakenAt = x.Snapshot.TakenAt.AddDate(-3000, 0, 0) }, source(), usagefile.CodeBadValue, 0},
		{"rotation of another instance", func(x *usagefile.Export) {
			x.Instance.Rotation = usagefile.MakeRotation("other", instanceKey(t), public(instanceKey(t)))
		}, source(), usagefile.CodeBadRotation, 0},
		{"header over its limit", func(x *usagefile.Export) { x.Limits.HeaderBytes = 500 }, source(), usagefile.CodeLimitHeader, 0},
		{"no id", nil, source(user("")), usagefile.CodeBadValue, 1},
		{"long id", nil, source(user("1"), user(long)), usagefile.CodeLimitText, 2},
		{"long address", nil, source(user("1", long)), usagefile.CodeLimitText, 1},
		{"many addresses", nil, source(user("1", many...)), usagefile.CodeLimitEmails, 1},
		{"address that is no UTF-8", nil, source(user("1", "j\xf6rg@acme.example")), usagefile.CodeInvalidUTF8, 1},
		{"out of order", nil, source(user("2"), user("10")), usagefile.CodeOutOfOrder, 2},
		{"one id, two people", nil, source(user("2", "a@acme.example"), user("2", "b@acme.example")), usagefile.CodeConflictingUser, 2},
		{"over the number of users", func(x *usagefile.Export) { x.Limits.Users = 2 }, source(crowd(3)...), usagefile.CodeLimitUsers, 0},
		{"over the size", func(x *usagefile.Export) { x.Limits.FileBytes = 1000 }, source(people()...), usagefile.CodeLimitFile, 0},
		{"unpacks too far", func(x *usagefile.Export) { x.Limits.Ratio = 1 }, source(crowd(70_000)...), usagefile.CodeLimitRatio, 0},
		{"a digest of other users", func(x *usagefile.Export) { x.Snapshot.Digest = seven() }, source(), usagefile.CodeSourceChanged, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			x := export(t)
			if test.change != nil {
				test.change(&x)
			}
			_, err := usagefile.Encode(&bytes.Buffer{}, instanceKey(t), x, test.users)
			wantCode(t, test.name, err, test.want)
			if e, ok := errors.AsType[*usagefile.Error](err); ok && e.User != test.user {
				t.Errorf("got user %d, want %d (%v)", e.User, test.user, err)
			}
		})
	}
	t.Run("the source fails", func(t *testing.T) {
		t.Parallel()
		_, err := usagefile.Encode(&bytes.Buffer{}, instanceKey(t), export(t), func(yield func(licensing.ServerAccount, error) bool) {
			_ = yield(user("1"), nil) && yield(licensing.ServerAccount{}, broken)
		})
		if !errors.Is(err, broken) {
			t.Errorf("got %v, want the source's own error", err)
		}
	})
	t.Run("the second pass differs", func(t *testing.T) {
		t.Parallel()
		pass := 0
		_, err := usagefile.Encode(&bytes.Buffer{}, instanceKey(t), export(t), func(yield func(licensing.ServerAccount, error) bool) {
			pass++
			yield(user(fmt.Sprint(pass)), nil)
		})
		wantCode(t, "second pass", err, usagefile.CodeSourceChanged)
	})
}

// Whatever the writer refuses at, what it wrote is no file.
func TestAnAbandonedExportIsNoFile(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	pass := 0
	_, err := usagefile.Encode(&file, instanceKey(t), inClear(t), func(yield func(licensing.ServerAccount, error) bool) {
		pass++
		users := crowd(2000)
		if pass == 2 {
			users[1999].UserID = "1"
		}
		source(users...)(yield)
	})
	if err == nil || file.Len() == 0 {
		t.Fatalf("got %d bytes and %v, want some bytes and an error", file.Len(), err)
	}
	_, _, err = decode(file.Bytes(), reader(t), known(t))
	wantCode(t, "abandoned", err, usagefile.CodeTruncated)
}

type fullDisk struct{ left int }

var errFull = errors.New("no space left")

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.left -= len(p); d.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestEncodeSaysWhenWritingFails(t *testing.T) {
	t.Parallel()
	whole := len(mustEncode(t, inClear(t), crowd(3000)...))
	for left := 0; left < whole; left += whole/10 + 1 {
		for _, x := range []usagefile.Export{inClear(t), export(t)} {
			_, err := usagefile.Encode(&fullDisk{left % 20_000}, instanceKey(t), x, source(crowd(3000)...))
			if !errors.Is(err, errFull) {
				t.Fatalf("room for %d bytes: got %v, want the disk's error", left, err)
			}
		}
	}
}
