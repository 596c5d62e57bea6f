package signin_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/signin"
	"github.com/oneseat/oneseat/licensing"
)

// TestNobodySeesASecret: not in what fmt, slog and JSON make of it, not in
// errors about it, and not in any column of any table.
func TestNobodySeesASecret(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		token, made, err := k.CreateToken(t.Context(), signin.CommandLine(acme), reading("sync"))
		if err != nil {
			t.Fatal(err)
		}
		link, owner, err := k.AddOwner(t.Context(), signin.CommandLine(acme), signin.NewOwner{
			Enterprise: acme, Name: "Ada", Email: licensing.NewEmail("ada@acme.example"), Role: signin.RoleOwner,
		})
		if err != nil {
			t.Fatal(err)
		}
		var seen bytes.Buffer
		shown := []any{token, &token, link, made, owner, []signin.Secret{token, link}, struct{ Secret signin.Secret }{link}}
		for _, value := range shown {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				fmt.Fprintf(&seen, verb, value)
			}
			if err := json.NewEncoder(&seen).Encode(value); err != nil {
				t.Fatal(err)
			}
			slog.New(slog.NewTextHandler(&seen, nil)).Info("value", "value", value)
			slog.New(slog.NewJSONHandler(&seen, nil)).Info("value", "value", value)
		}
		mistyped := token.Text()[:len(token.Text())-1] + "_"
		if _, err := k.RevokeToken(t.Context(), signin.CommandLine(acme), acme, made.ID); err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{mistyped, token.Text(), link.Text()} {
			_, err := k.Authenticate(t.Context(), secret)
			wantKind(t, err, errs.Unauthenticated)
			fmt.Fprintf(&seen, "%v %+v", err, err)
		}
		for _, table := range []string{"api_token", "owner", "audit_entry", "audit_chain"} {
			seen.WriteString(k.mustDump(table))
		}
		for _, secret := range []signin.Secret{token, link} {
			random := secret.Text()[4:34]
			if strings.Contains(seen.String(), random) || strings.Contains(seen.String(), fmt.Sprintf("%x", random)) {
				t.Errorf("%v is to be read in %s", secret, seen.String())
			}
		}
		if !strings.Contains(seen.String(), "ost_…") || !strings.Contains(seen.String(), "osl_…") || !strings.Contains(seen.String(), made.ID) {
			t.Errorf("nothing was looked at: %s", seen.String())
		}
	})
}

func wantKind(t *testing.T, err error, kind errs.Kind) {
	t.Helper()
	if errs.KindOf(err) != kind {
		t.Errorf("got %v (%v), want %v", err, errs.KindOf(err), kind)
	}
}

// mustDump gives every value of a table.
func (k *kit) mustDump(table string) string {
	k.t.Helper()
	rows, err := k.db.Read.QueryContext(k.t.Context(), "SELECT * FROM "+table)
	if err != nil {
		k.t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // the rows were read
	columns, err := rows.Columns()
	if err != nil {
		k.t.Fatal(err)
	}
	var dump strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			k.t.Fatal(err)
		}
		for _, v := range values {
			fmt.Fprintf(&dump, "%s|", *v.(*any))
		}
		dump.WriteByte('\n')
	}
	if rows.Err() != nil || dump.Len() == 0 {
		k.t.Fatalf("%s is empty (%v)", table, rows.Err())
	}
	return dump.String()
}

// TestMistypedSecretsAreToldApart: without asking the database, whichever
// character is wrong, and whichever two stand the wrong way round.
func TestMistypedSecretsAreToldApart(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		secret, _ := k.mustToken(reading("sync"))
		if err := signin.CheckToken(secret); err != nil {
			t.Fatal(err)
		}
		wrong := []string{"", "ost_", secret[1:], secret[:len(secret)-1], secret + "0", " " + secret, strings.ToUpper(secret), "osl_" + secret[4:], strings.Repeat("x", 1<<20)}
		for i := range secret {
			for _, c := range []byte("0aZ_") {
				changed := []byte(secret)
				changed[i] = c
				wrong = append(wrong, string(changed))
			}
			if i > 0 {
				swapped := []byte(secret)
				swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
				wrong = append(wrong, string(swapped))
			}
		}
		for _, text := range wrong {
			if text == secret {
				continue
			}
			wantError(t, signin.CheckToken(text), errs.Unauthenticated, "signin.token_mistyped")
		}
		_, err := k.Authenticate(t.Context(), wellFormed)
		wantError(t, err, errs.Unauthenticated, "signin.token_unknown")
	})
}

// wellFormed is thirty zeros with their checksum, which was worked out without
// this package: secrets of today are good with programs of tomorrow.
const wellFormed = "ost_0000000000000000000000000000001QNcge"

func TestSecretsDiffer(t *testing.T) {
	t.Parallel()
	Each(t, func(t *testing.T, k *kit) {
		seen := map[string]bool{}
		digits := map[rune]bool{}
		for i := range 40 {
			secret, _ := k.mustToken(reading(fmt.Sprint(i)))
			seen[secret] = true
			for _, c := range secret[4:34] {
				digits[c] = true
			}
		}
		// 1,200 digits: one of the 62 is missing once in 5 million runs.
		if len(seen) != 40 || len(digits) != 62 {
			t.Errorf("%d secrets with %d digits", len(seen), len(digits))
		}
	})
}
