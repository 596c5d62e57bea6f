package usagefile_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/cryptotest"

	"github.com/klauspost/compress/zstd"

	"github.com/oneseat/oneseat/usagefile"
)

// defectReader is how a file of testdata/defects is read: as a hub that knows
// the instance, with limits small enough for small files.
func defectReader(tb testing.TB, code string) usagefile.Options {
	tb.Helper()
	opts := reader(tb)
	switch usagefile.Code(code) { //nolint:exhaustive // the others need nothing special
	case usagefile.CodeNoIdentity:
		opts.Identities = nil
	case usagefile.CodeLimitFile:
		opts.Limits.FileBytes = 900
	case usagefile.CodeLimitHeader:
		opts.Limits.HeaderBytes = 700
	case usagefile.CodeLimitUsers:
		opts.Limits.Users = 1
	case usagefile.CodeLimitEmails:
		opts.Limits.EmailsPerUser = 1
	}
	return opts
}

// TestEveryDefectHasItsCode reads testdata/defects/CODE--WHAT.json: each file
// is refused with exactly that code.
func TestEveryDefectHasItsCode(t *testing.T) {
	if *update {
		writeDefects(t)
	}
	for _, name := range mustGlob(t, "testdata/defects/*.json") {
		code, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(name), ".json"), "--")
		users, receipt, err := decode(mustRead(t, name), defectReader(t, code), known(t))
		wantCode(t, name, err, usagefile.Code(code))
		if receipt != nil {
			t.Errorf("%s: got a receipt after %d users", name, len(users))
		}
	}
}

func writeDefects(t *testing.T) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(defects())) {
		cryptotest.SetGlobalRandom(t, 1)
		mustWrite(t, filepath.Join("testdata", "defects", name+".json"), defects()[name](newForge(t)))
	}
}

func replaced(data []byte, old, replacement string) []byte {
	if !bytes.Contains(data, []byte(old)) {
		panic("nothing to replace: " + old)
	}
	return bytes.Replace(data, []byte(old), []byte(replacement), 1)
}

// body is a good file in clear, up to and including the last signed byte.
func (f *forge) body(users ...string) string {
	body, _, _ := strings.Cut(string(f.clear(users...)), `"signature"`)
	return body
}

// defects makes every file of testdata/defects.
func defects() map[string]func(*forge) []byte {
	all := map[string]func(*forge) []byte{}
	for _, some := range []map[string]func(*forge) []byte{
		strangers(), malformed(), malformedUsers(), badBase64(), tampered(), wrongUsers(), notForUs(), overLimits(), history(),
	} {
		maps.Copy(all, some)
	}
	return all
}

func text(s string) func(*forge) []byte { return func(*forge) []byte { return []byte(s) } }

func strangers() map[string]func(*forge) []byte {
	long := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("encrypted for GitHub alone "), 4000))
	instance := `"instance":{"server_id":"` + serverID + `","host_name":"git.acme.example","features":[],"public_key":"ssh-rsa AAAA","version":"3.15.2"}`
	return map[string]func(*forge) []byte{
		"empty":                               text(""),
		"empty--white-space":                  text("\n \n"),
		"user_report":                         text("id,email\n1,mona@acme.example\n"),
		"web_page":                            text("<!DOCTYPE html><title>Sign in</title>"),
		"not_json--byte-order-mark":           func(f *forge) []byte { return append([]byte("\ufeff"), f.clear(forgedMona)...) },
		"not_json--binary":                    text("PK\x03\x04\x14\x00"),
		"github_export":                       text(`{` + instance + `,"users":"` + long[:800] + `"}`),
		"github_export--users-first":          text(`{"users":"aGVsbG8=",` + instance + `}`),
		"github_export--users-first-and-long": text(`{"users":"` + long + `",` + instance + `}`),
		"other_format--cloud-list":            text(`{"format":"oneseat-cloud-list/1","enterprise":{"slug":"acme"}}`),
		"other_format--array":                 text(`[{"user_id":"1"}]`),
		"other_format--empty-object":          text(`{}`),
		"other_format--package":               text(`{"name":"acme","version":"1.0.0"}`),
		"other_format--version-0":             text(`{"format":"oneseat-usage-file/0"}`),
		"newer_version":                       text(`{"format":"oneseat-usage-file/2","anything":[1]}`),
		"key_order--format-not-first":         text(`{"audience":"","format":"oneseat-usage-file/1"}`),
	}
}

func malformed() map[string]func(*forge) []byte {
	with := func(pairs ...string) func(*forge) []byte {
		return func(f *forge) []byte {
			for i := 0; i < len(pairs); i += 2 {
				f.with(pairs[i], pairs[i+1])
			}
			return f.clear(forgedMona)
		}
	}
	sealedWith := func(old, replacement string) func(*forge) []byte {
		return func(f *forge) []byte { return f.with(old, replacement).sealed(forgedMona) }
	}
	return map[string]func(*forge) []byte{
		"not_json--header":             with(`"http_only":false`, `"http_only":falsy`),
		"invalid_utf8--header":         with(`git.acme.example`, "git.acme\xff.example"),
		"unknown_key--top":             with(`"snapshot":`, `"comment":"","snapshot":`),
		"unknown_key--instance":        with(`"license":""`, `"license":"","edition":""`),
		"unknown_key--snapshot":        with(`"user_count":1`, `"user_count":1,"people":1`),
		"missing_key--features":        with(`,"features":[]`, ``),
		"missing_key--user-count":      with(`,"user_count":1`, ``),
		"key_order--instance":          with(`"http_only":false,"version":"3.17.2"`, `"version":"3.17.2","http_only":false`),
		"key_order--audience-missing":  func(f *forge) []byte { return f.with(auditless(f), "").clear(forgedMona) },
		"duplicate_key--top":           with(`"instance":`, `"audience":"","instance":`),
		"duplicate_key--instance":      with(`"version":"3.17.2"`, `"version":"3.17.2","version":"3.17.2"`),
		"bad_value--server-id":         with(serverID, strings.ToUpper(serverID)),
		"bad_value--server-id-number":  with(`"`+serverID+`"`, `17`),
		"bad_value--host-empty":        with(`"git.acme.example"`, `""`),
		"bad_value--host-escape-code":  with(`git.acme.example`, `git\u001b[2J.acme.example`),
		"bad_value--host-dot":          with(`git.acme.example`, `.`),
		"bad_value--host-wide-space":   with(`git.acme.example`, "git\u3000acme.example"),
		"bad_value--host-unseen":       with(`git.acme.example`, "git\u200e\u200f.acme.example"),
		"bad_value--http-only-text":    with(`"http_only":false`, `"http_only":"false"`),
		"bad_value--license":           with(`"license":""`, `"license":"md5:00"`),
		"bad_value--features-null":     with(`"features":[]`, `"features":null`),
		"bad_value--feature":           with(`"features":[]`, `"features":["license_usage_sync"]`),
		"bad_value--sequence-zero":     with(`"sequence":8`, `"sequence":0`),
		"bad_value--sequence-negative": with(`"sequence":8`, `"sequence":-8`),
		"bad_value--sequence-float":    with(`"sequence":8`, `"sequence":8.0`),
		"bad_value--sequence-exponent": with(`"sequence":8`, `"sequence":8e0`),
		"bad_value--sequence-huge":     with(`"sequence":8`, `"sequence":9007199254740992`),
		"bad_value--time-offset":       with(`09:00:00Z`, `09:00:00+00:00`),
		"bad_value--time":              with(`2026-11-20T`, `2026-13-20T`),
		"bad_value--time-short-hour":   with(`T09:00:00Z`, `T9:00:00Z`),
		"bad_value--time-comma":        with(`09:00:00Z`, `09:00:00,5Z`),
		"bad_value--time-zeros":        with(`09:00:00Z`, `09:00:00.500Z`),
		"bad_value--first-has-before":  with(`"sequence":8`, `"sequence":1`),
		"bad_value--digest-empty":      with(forgedDigest(forgedMona), ``),
		"bad_value--digest-capitals":   with(forgedDigest(forgedMona), "sha256:"+strings.ToUpper(forgedDigest(forgedMona)[7:])),
		"bad_value--audience":          with(`"audience":"`, `"audience":"0`),
		"bad_value--nonce-missing":     with(`,"nonce":"`+b64(forgedNonce())+`"`, ``),
		"bad_value--nonce-zero":        with(b64(forgedNonce()), b64(make([]byte, 32))),
		"bad_value--users-text":        func(f *forge) []byte { return f.sign(strings.TrimSuffix(f.head(false, nil), "[") + `"",`) },
		"bad_value--nonce-beside-seal": sealedWith(`,"previous"`, `,"nonce":"`+b64(forgedNonce())+`","previous"`),
		"bad_value--scheme":            sealedWith(`age+zstd/1`, `age+gzip/1`),
		"bad_value--no-recipients":     func(f *forge) []byte { return f.with(`["`+f.recipient+`"]`, `[]`).sealed(forgedMona) },
		"bad_value--recipient":         func(f *forge) []byte { return f.with(`["age1`, `["age2`).sealed(forgedMona) },
		"bad_value--audience-not-sealed": func(f *forge) []byte {
			return f.with(`"audience":"`, `"audience":"","x":"`).with(`,"x":"`+fingerprintText(f.recipient)+`"`, ``).sealed(forgedMona)
		},
	}
}

func fingerprintText(recipient string) string {
	r, err := usagefile.ParseRecipient(recipient)
	if err != nil {
		panic(err)
	}
	return r.Fingerprint().String()
}

func auditless(f *forge) string { return `"audience":"` + fingerprintText(f.recipient) + `",` }

func malformedUsers() map[string]func(*forge) []byte {
	one := func(user string) func(*forge) []byte { return func(f *forge) []byte { return f.clear(user) } }
	return map[string]func(*forge) []byte{
		"not_json--user":               one(`{"emails":[],"user_id":"1"]`),
		"not_json--no-comma":           one(forgedMona + forgedHubot),
		"not_json--escape":             one(`{"emails":[],"user_id":"\ud800"}`),
		"not_json--sealed":             func(f *forge) []byte { return f.sealed(forgedMona, `{"emails":[],"user_id":"2"`) },
		"not_json--sealed-text-behind": func(f *forge) []byte { return f.sealed(forgedMona, `end`) },
		"invalid_utf8--user":           one("{\"emails\":[{\"email\":\"j\xf6rg@acme.example\",\"primary\":true}],\"user_id\":\"1\"}"),
		"invalid_utf8--sealed":         func(f *forge) []byte { return f.sealed("{\"emails\":[],\"user_id\":\"\xc3\"}") },
		"unknown_key--login":           one(`{"emails":[],"login":"mona","user_id":"1"}`),
		"unknown_key--sealed-name":     func(f *forge) []byte { return f.sealed(`{"emails":[],"name":"Mona L","user_id":"1"}`) },
		"unknown_key--email":           one(`{"emails":[{"email":"a@acme.example","primary":true,"verified":true}],"user_id":"1"}`),
		"unknown_key--beside-nonce": func(f *forge) []byte {
			return f.sealedBytes(f.seal(f.compress([]byte(`{"nonce":"` + b64(forgedNonce()) + `","x":1}` + "\n"))))
		},
		"missing_key--user-id":      one(`{"emails":[]}`),
		"missing_key--emails":       one(`{"user_id":"1"}`),
		"missing_key--primary":      one(`{"emails":[{"email":"a@acme.example"}],"user_id":"1"}`),
		"missing_key--nonce":        func(f *forge) []byte { return f.sealedBytes(f.seal(f.compress([]byte("{}\n")))) },
		"duplicate_key--user":       one(`{"emails":[],"user_id":"1","user_id":"2"}`),
		"duplicate_key--escaped":    one(`{"emails":[],"user_id":"1","user\u005fid":"2"}`),
		"bad_value--user-id-number": one(`{"emails":[],"user_id":1}`),
		"bad_value--user-id-empty":  one(`{"emails":[],"user_id":""}`),
		"bad_value--user-null":      one(`null`),
		"bad_value--emails-text":    one(`{"emails":"a@acme.example","user_id":"1"}`),
		"bad_value--email-null":     one(`{"emails":[{"email":null,"primary":true}],"user_id":"1"}`),
		"bad_value--primary-number": one(`{"emails":[{"email":"a@acme.example","primary":1}],"user_id":"1"}`),
		"bad_value--security-false": one(`{"advanced_security":false,"emails":[],"user_id":"1"}`),
		"bad_value--sealed-array":   func(f *forge) []byte { return f.sealed(`[]`) },
	}
}

func badBase64() map[string]func(*forge) []byte {
	key := func(f *forge) string { return b64(public(f.key)) }
	chunk := func(change func(text string) string) func(*forge) []byte {
		return func(f *forge) []byte {
			stream := f.seal(f.compress([]byte(`{"nonce":"` + b64(forgedNonce()) + `"}` + "\n" + forgedMona + "\n")))
			for len(stream)%3 != 1 { // so that the text has padding
				stream = append(stream, 0)
			}
			return f.chunks(`"`+change(b64(stream))+`"`, forgedMona)
		}
	}
	parts := func(sizes ...int) func(*forge) []byte {
		return func(f *forge) []byte {
			var list []string
			for _, n := range sizes {
				list = append(list, `"`+b64(make([]byte, n))+`"`)
			}
			return f.chunks(strings.Join(list, ","))
		}
	}
	return map[string]func(*forge) []byte{
		"loose_base64--key-unpadded":     func(f *forge) []byte { return f.with(key(f), strings.TrimSuffix(key(f), "=")).clear() },
		"loose_base64--key-short":        func(f *forge) []byte { return f.with(key(f), b64(public(f.key)[:31])).clear() },
		"loose_base64--key-long":         func(f *forge) []byte { return f.with(key(f), b64(append(public(f.key), 0))).clear() },
		"loose_base64--key-line-break":   func(f *forge) []byte { return f.with(key(f), key(f)[:20]+`\n`+key(f)[20:]).clear() },
		"loose_base64--key-unused-bits":  func(f *forge) []byte { return f.with(key(f), bumped(key(f), 42)).clear() },
		"loose_base64--nonce":            func(f *forge) []byte { return f.with(b64(forgedNonce()), b64(forgedNonce()[1:])).clear() },
		"loose_base64--chunk-padding":    chunk(func(s string) string { return strings.TrimRight(s, "=") }),
		"loose_base64--chunk-bits":       chunk(func(s string) string { return bumped(s, len(s)-3) }),
		"loose_base64--chunk-url":        chunk(func(s string) string { return "-_" + s[2:] }),
		"loose_base64--chunk-line-break": chunk(func(s string) string { return s[:64] + `\n` + s[64:] }),
		"loose_base64--chunk-escape":     chunk(func(s string) string { return fmt.Sprintf(`\u%04x`, s[0]) + s[1:] }),
		"loose_base64--signature": func(f *forge) []byte {
			data := f.clear()
			at := bytes.LastIndex(data, []byte(`"}}`)) - 3
			data[at] = bumped(string(data), at)[at]
			return data
		},
		"bad_chunk--none":            parts(),
		"bad_chunk--empty":           parts(0),
		"bad_chunk--short-first":     parts(100, 48<<10),
		"bad_chunk--long":            parts(48<<10 + 1),
		"bad_chunk--after-last":      parts(48<<10, 5, 5),
		"bad_value--chunk-number":    func(f *forge) []byte { return f.chunks(`17`) },
		"broken_seal--trailing-data": chunk(func(s string) string { return s }),
	}
}

// bumped changes the lowest bit of one base64 digit.
func bumped(text string, at int) string {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	return text[:at] + string(digits[strings.IndexByte(digits, text[at])^1]) + text[at+1:]
}

func tampered() map[string]func(*forge) []byte {
	return map[string]func(*forge) []byte{
		"truncated--in-header": func(f *forge) []byte { return f.clear(forgedMona)[:200] },
		"truncated--in-users": func(f *forge) []byte {
			d := f.clear(forgedMona, forgedHubot)
			return d[:bytes.Index(d, []byte("hubot"))]
		},
		"truncated--in-seal":         func(f *forge) []byte { d := f.sealed(forgedMona); return d[:len(d)-300] },
		"truncated--signature":       func(f *forge) []byte { d := f.clear(forgedMona); return d[:len(d)-30] },
		"truncated--last-newline":    func(f *forge) []byte { return bytes.TrimSuffix(f.clear(forgedMona), []byte("\n")) },
		"trailing_bytes--newline":    func(f *forge) []byte { return append(f.clear(forgedMona), '\n') },
		"trailing_bytes--twice":      func(f *forge) []byte { d := f.clear(forgedMona); return append(d, d...) },
		"missing_key--signature":     func(f *forge) []byte { return []byte(strings.TrimSuffix(f.body(forgedMona), ",") + "}\n") },
		"not_json--after-users":      func(f *forge) []byte { return []byte(strings.TrimSuffix(f.body(forgedMona), ",") + ":\n") },
		"signature_form--crlf":       func(f *forge) []byte { return replaced(f.clear(forgedMona), "}}\n", "}}\r\n") },
		"signature_form--space":      func(f *forge) []byte { return replaced(f.clear(forgedMona), `"signature":{`, `"signature": {`) },
		"signature_form--algorithm":  func(f *forge) []byte { return replaced(f.clear(forgedMona), `"ed25519ph"`, `"ed25519"`) },
		"signature_form--second-key": func(f *forge) []byte { return replaced(f.clear(forgedMona), `"signature"`, `"note":"","signature"`) },
		"changed--address":           func(f *forge) []byte { return replaced(f.clear(forgedMona), "mona@", "nona@") },
		"changed--user-removed":      func(f *forge) []byte { return replaced(f.clear(forgedMona, forgedHubot), ","+forgedHubot, "") },
		"changed--login-added":       func(f *forge) []byte { return replaced(f.clear(forgedMona), `"user_id"`, `"login":"mona","user_id"`) },
		"changed--sealed":            func(f *forge) []byte { return f.flipSealed(f.sealed(forgedMona)) },
		"changed--resorted": func(f *forge) []byte {
			return replaced(f.clear(forgedMona, forgedHubot), forgedMona+","+forgedHubot, forgedHubot+","+forgedMona)
		},
		"wrong_signature--host":     func(f *forge) []byte { return replaced(f.clear(forgedMona), "git.acme", "got.acme") },
		"wrong_signature--sequence": func(f *forge) []byte { return replaced(f.sealed(forgedMona), `"sequence":8`, `"sequence":9`) },
		"wrong_signature--other-key": func(f *forge) []byte {
			f.key = nextKey(f.t)
			return f.with(b64(public(f.key)), b64(public(instanceKey(f.t)))).clear(forgedMona)
		},
		"wrong_signature--other-context": func(f *forge) []byte {
			data := f.clear(forgedMona)
			other := newForge(f.t).with("git.acme", "got.acme").clear(forgedMona)
			return append(data[:len(data)-100], other[len(other)-100:]...)
		},
		"bad_rotation--forged": func(f *forge) []byte {
			return f.with(`"features"`, `"rotation":{"previous":"`+b64(public(nextKey(f.t)))+`","signature":"`+b64(make([]byte, 64))+`"},"features"`).clear()
		},
		"broken_seal--changed-and-signed": func(f *forge) []byte {
			stream := f.seal(f.compress([]byte(`{"nonce":"` + b64(forgedNonce()) + `"}` + "\n")))
			stream[len(stream)-1] ^= 1
			return f.sealedBytes(stream)
		},
		"broken_seal--cut-and-signed": func(f *forge) []byte {
			stream := f.seal(f.compress([]byte(`{"nonce":"` + b64(forgedNonce()) + `"}` + "\n")))
			return f.sealedBytes(stream[:len(stream)-20])
		},
		"broken_seal--no-age": func(f *forge) []byte { return f.sealedBytes([]byte("not an age stream\n")) },
		"bad_compression--none": func(f *forge) []byte {
			return f.sealedBytes(f.seal([]byte(`{"nonce":"` + b64(forgedNonce()) + `"}` + "\n")))
		},
		"bad_compression--cut": func(f *forge) []byte {
			d := f.compress([]byte(`{"nonce":"` + b64(forgedNonce()) + `"}` + "\n"))
			return f.sealedBytes(f.seal(d[:len(d)-6]))
		},
		"bad_compression--extra": func(f *forge) []byte {
			return f.sealedBytes(f.seal(append(f.compress([]byte(`{"nonce":"`+b64(forgedNonce())+`"}`+"\n")), "extra"...)))
		},
	}
}

// flipSealed changes one digit in the middle of the only chunk.
func (f *forge) flipSealed(data []byte) []byte {
	at := bytes.Index(data, []byte(`"users":[`)) + 300
	data[at] = bumped(string(data), at)[at]
	return data
}

func wrongUsers() map[string]func(*forge) []byte {
	other := `{"emails":[{"email":"mona@other.example","primary":true}],"user_id":"1"}`
	return map[string]func(*forge) []byte{
		"out_of_order":             func(f *forge) []byte { return f.clear(forgedHubot, forgedMona) },
		"out_of_order--numbers":    func(f *forge) []byte { return f.clear(`{"emails":[],"user_id":"2"}`, `{"emails":[],"user_id":"10"}`) },
		"out_of_order--sealed":     func(f *forge) []byte { return f.sealed(forgedHubot, forgedMona) },
		"conflicting_user":         func(f *forge) []byte { return f.clear(forgedMona, other) },
		"conflicting_user--sealed": func(f *forge) []byte { return f.sealed(forgedMona, other) },
		"count_differs":            func(f *forge) []byte { return f.with(`"user_count":1`, `"user_count":2`).clear(forgedMona) },
		"count_differs--sealed":    func(f *forge) []byte { return f.with(`"user_count":1`, `"user_count":0`).sealed(forgedMona) },
		"digest_differs":           func(f *forge) []byte { return f.with(forgedDigest(forgedMona), forgedDigest()).clear(forgedMona) },
		"digest_differs--nonce": func(f *forge) []byte {
			return f.with(b64(forgedNonce()), b64(bytes.Repeat([]byte{1}, 32))).clear(forgedMona)
		},
		"digest_differs--sealed": func(f *forge) []byte { return f.with(forgedDigest(forgedMona), forgedDigest()).sealed(forgedMona) },
	}
}

func notForUs() map[string]func(*forge) []byte {
	return map[string]func(*forge) []byte{
		"other_audience--sealed": func(f *forge) []byte {
			f.recipient = otherEnterprise(f.t)[0].Recipient().String()
			return f.sealed(forgedMona)
		},
		"other_audience--clear": func(f *forge) []byte {
			f.recipient = otherEnterprise(f.t)[0].Recipient().String()
			return f.clear(forgedMona)
		},
		"other_recipient": func(f *forge) []byte {
			other := newForge(f.t)
			other.recipient = otherEnterprise(f.t)[0].Recipient().String()
			return f.sealedBytes(other.seal([]byte("whatever")))
		},
		"no_identity": func(f *forge) []byte { return f.sealed(forgedMona) },
	}
}

func overLimits() map[string]func(*forge) []byte {
	small := `{"emails":[],"user_id":"1"}`
	bomb := func(f *forge) []byte {
		return []byte(`{"nonce":"` + b64(forgedNonce()) + `"}` + "\n" + strings.Repeat(small+"\n", 8<<20/len(small)))
	}
	return map[string]func(*forge) []byte{
		"limit_file": func(f *forge) []byte { return f.clear(forgedMona, forgedHubot) },
		"limit_header": func(f *forge) []byte {
			return f.with(`"user_count"`, strings.Repeat(" ", 100)+`"user_count"`).clear(forgedMona)
		},
		"limit_users":         func(f *forge) []byte { return f.clear(forgedMona, forgedHubot) },
		"limit_users--sealed": func(f *forge) []byte { return f.sealed(forgedMona, forgedHubot) },
		"limit_emails": func(f *forge) []byte {
			return f.clear(`{"emails":[{"email":"a","primary":true},{"email":"b","primary":false}],"user_id":"1"}`)
		},
		"limit_text--note": func(f *forge) []byte {
			return f.with(`"user_count":0`, `"user_count":0,"note":"`+strings.Repeat("x", 1025)+`"`).clear()
		},
		"limit_text--address": func(f *forge) []byte {
			return f.clear(`{"emails":[{"email":"` + strings.Repeat("x", 1025) + `","primary":true}],"user_id":"1"}`)
		},
		"limit_text--sealed":      func(f *forge) []byte { return f.sealed(`{"emails":[],"user_id":"` + strings.Repeat("x", 1<<20) + `"}`) },
		"limit_text--white-space": func(f *forge) []byte { return f.sealed(strings.Repeat(" ", 1<<20)) },
		"limit_text--white-space-at-the-end": func(f *forge) []byte {
			return f.sign(strings.TrimSuffix(f.body(forgedMona), ",") + strings.Repeat(" ", 200<<10) + ",")
		},
		"limit_nesting--header": func(f *forge) []byte { return f.with(`"license":""`, `"license":`+strings.Repeat("[", 300)).clear() },
		"limit_nesting--user": func(f *forge) []byte {
			return f.clear(`{"emails":` + strings.Repeat(`[`, 50) + strings.Repeat(`]`, 50) + `}`)
		},
		"limit_nesting--sealed": func(f *forge) []byte { return f.sealed(strings.Repeat("[", 100_000)) },
		"limit_ratio":           func(f *forge) []byte { return f.sealedBytes(f.seal(f.compress(bomb(f)))) },
		"limit_window": func(f *forge) []byte {
			f.scheme = []zstd.EOption{zstd.WithWindowSize(8 << 20)}
			return f.sealedBytes(f.seal(f.compress(bomb(f))))
		},
	}
}

func history() map[string]func(*forge) []byte {
	rotated := func(f *forge, previous string) []byte {
		f.key = nextKey(f.t)
		r := usagefile.MakeRotation(previous, instanceKey(f.t), public(f.key))
		return f.with(`"features"`, `"rotation":{"previous":"`+b64(r.Previous)+`","signature":"`+b64(r.Signature)+`"},"features"`).clear(forgedMona)
	}
	return map[string]func(*forge) []byte{
		"rollback":                     func(f *forge) []byte { return f.with(`"sequence":8`, `"sequence":6`).clear(forgedMona) },
		"cloned--same-sequence":        func(f *forge) []byte { return f.with(`"sequence":8`, `"sequence":7`).clear(forgedMona) },
		"cloned--other-previous":       func(f *forge) []byte { return f.with(seven().String(), forgedDigest()).clear(forgedMona) },
		"cloned--begins-anew":          func(f *forge) []byte { return f.with(seven().String(), "").clear(forgedMona) },
		"cloned--skips-one":            func(f *forge) []byte { return f.with(`"sequence":8`, `"sequence":9`).clear(forgedMona) },
		"key_changed":                  func(f *forge) []byte { f.key = nextKey(f.t); return f.clear(forgedMona) },
		"bad_rotation--other-instance": func(f *forge) []byte { return rotated(f, "00000000-0000-0000-0000-000000000000") },
	}
}
