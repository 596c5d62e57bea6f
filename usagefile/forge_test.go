package usagefile_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/klauspost/compress/zstd"

	"github.com/oneseat/oneseat/usagefile"
)

// forge writes usage files from the description of the format, without the
// package's own writer: well-formed ones and every kind of defect, signed as a
// faulty or hostile instance would sign them.
type forge struct {
	t         testing.TB
	key       ed25519.PrivateKey
	recipient string // who it is sealed to
	scheme    []zstd.EOption
	header    []string // what to replace in the header, pairs
}

func newForge(tb testing.TB) *forge {
	tb.Helper()
	return &forge{t: tb, key: instanceKey(tb), recipient: enterprise(tb)[0].Recipient().String()}
}

func b64(data []byte) string { return base64.StdEncoding.EncodeToString(data) }

func forgedNonce() []byte { return bytes.Repeat([]byte{0x5a}, 32) }

// digest is SHA-256 over the nonce and the given lines.
func forgedDigest(users ...string) string {
	sum := sha256.New()
	sum.Write(forgedNonce())
	for _, line := range users {
		sum.Write([]byte(line + "\n"))
	}
	return fmt.Sprintf("sha256:%x", sum.Sum(nil))
}

// head is a header for these users, up to the bracket of "users".
func (f *forge) head(sealed bool, users []string) string {
	nonce, encryption := `,"nonce":"`+b64(forgedNonce())+`"`, ""
	audience := sha256.Sum256([]byte(f.recipient))
	if sealed {
		nonce, encryption = "", `"encryption":{"scheme":"age+zstd/1","recipients":["`+f.recipient+`"]},`
	}
	text := `{"format":"oneseat-usage-file/1","audience":"` + fmt.Sprintf("%x", audience) + `",` +
		`"instance":{"server_id":"` + serverID + `","host_name":"git.acme.example","http_only":false,"version":"3.17.2","license":"",` +
		`"public_key":"` + b64(public(f.key)) + `","features":[]},` +
		`"snapshot":{"sequence":8,"taken_at":"2026-11-20T09:00:00Z","digest":"` + forgedDigest(users...) + `"` + nonce +
		`,"previous":"` + seven().String() + `","user_count":` + fmt.Sprint(len(users)) + `},` + encryption + `"users":[`
	for i := 0; i < len(f.header); i += 2 {
		if !strings.Contains(text, f.header[i]) {
			f.t.Fatalf("nothing to replace: %s", f.header[i])
		}
		text = strings.Replace(text, f.header[i], f.header[i+1], 1)
	}
	return text
}

// with replaces old by replacement in the header.
func (f *forge) with(old, replacement string) *forge {
	f.header = append(f.header, old, replacement)
	return f
}

// clear writes users as they are, one element each.
func (f *forge) clear(users ...string) []byte {
	return f.sign(f.head(false, users) + strings.Join(users, ",") + "],")
}

// sealed writes users as JSON lines into a seal.
func (f *forge) sealed(users ...string) []byte {
	lines := `{"nonce":"` + b64(forgedNonce()) + `"}` + "\n"
	for _, line := range users {
		lines += line + "\n"
	}
	return f.sealedBytes(f.seal(f.compress([]byte(lines))), users...)
}

func (f *forge) sealedBytes(stream []byte, users ...string) []byte {
	var chunks []string
	for len(stream) > 0 {
		n := min(len(stream), 48<<10)
		chunks = append(chunks, `"`+b64(stream[:n])+`"`)
		stream = stream[n:]
	}
	return f.chunks(strings.Join(chunks, ","), users...)
}

// chunks writes whatever stands in the array.
func (f *forge) chunks(elements string, users ...string) []byte {
	return f.sign(f.head(true, users) + elements + "],")
}

func (f *forge) compress(data []byte) []byte {
	var out bytes.Buffer
	w, err := zstd.NewWriter(&out, append([]zstd.EOption{zstd.WithWindowSize(1 << 20), zstd.WithEncoderConcurrency(1)}, f.scheme...)...)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		f.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return out.Bytes()
}

func (f *forge) seal(data []byte) []byte {
	to, err := age.ParseX25519Recipient(f.recipient)
	if err != nil {
		f.t.Fatal(err)
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		f.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		f.t.Fatal(err)
	}
	return out.Bytes()
}

// sign adds the signature to everything up to and including the comma.
func (f *forge) sign(body string) []byte {
	sum := sha512.Sum512([]byte(body))
	value, err := f.key.Sign(nil, sum[:], &ed25519.Options{Hash: crypto.SHA512, Context: "oneseat-usage-file/1"})
	if err != nil {
		f.t.Fatal(err)
	}
	return []byte(body + `"signature":{"algorithm":"ed25519ph","value":"` + b64(value) + `"}}` + "\n")
}

// openSealed gives what stands in the sealed part, opened with nothing but age
// and zstd.
func openSealed(tb testing.TB, data []byte) []byte {
	tb.Helper()
	opened, err := age.Decrypt(bytes.NewReader(sealedStream(tb, data)), testIdentity(tb))
	if err != nil {
		tb.Fatal(err)
	}
	r, err := zstd.NewReader(opened)
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Close()
	var out bytes.Buffer
	if _, err := out.ReadFrom(r); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

func testIdentity(tb testing.TB) age.Identity {
	tb.Helper()
	ids, err := age.ParseIdentities(bytes.NewReader(mustRead(tb, "testdata/keys/enterprise-TEST-KEY.txt")))
	if err != nil {
		tb.Fatal(err)
	}
	return ids[0]
}

func sealedStream(tb testing.TB, data []byte) []byte {
	tb.Helper()
	var file struct{ Users []string }
	if err := json.Unmarshal(data, &file); err != nil {
		tb.Fatal(err)
	}
	var stream []byte
	for _, chunk := range file.Users {
		part, err := base64.StdEncoding.Strict().DecodeString(chunk)
		if err != nil {
			tb.Fatal(err)
		}
		stream = append(stream, part...)
	}
	return stream
}

func sealedBytes(tb testing.TB, data []byte) int {
	tb.Helper()
	return len(sealedStream(tb, data))
}

// The canonical users most forged files have.
const (
	forgedMona  = `{"emails":[{"email":"mona@acme.example","primary":true}],"user_id":"1"}`
	forgedHubot = `{"advanced_security":true,"emails":[{"email":"hubot@acme.example","primary":true}],"user_id":"2"}`
)

// What the forge writes without a defect is read: the format's description
// suffices to write it.
func TestTheForgeWritesGoodFiles(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][]byte{
		"clear":  newForge(t).clear(forgedMona, forgedHubot),
		"sealed": newForge(t).sealed(forgedMona, forgedHubot),
		"other order of keys, white space": newForge(t).with(forgedDigest(forgedSpaced), forgedDigest(forgedMona)).
			with(`"instance":{`, "\"instance\"\t:\n{ ").clear(forgedSpaced),
	} {
		users, receipt, err := decode(data, reader(t), known(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if int64(len(users)) != receipt.Users || users[0].Emails[0].Email.Address() != "mona@acme.example" {
			t.Errorf("%s: got %s", name, lines(users))
		}
		if receipt.SignedBy != usagefile.KeyFingerprint(public(instanceKey(t))) {
			t.Errorf("%s: got signer %s", name, receipt.SignedBy)
		}
	}
}

const forgedSpaced = `{ "user_id" : "1", "emails":[ {"primary":true,"email":"mon\u0061@acme.example"} ] }`
