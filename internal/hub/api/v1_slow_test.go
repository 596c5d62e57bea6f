package api_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/signin"
)

// slow is an upload on its way: its body comes when a test sends it.
type slow struct {
	k    *kit
	body *io.PipeWriter
	done chan answer
}

// begin sends the head of an upload and the first of its body, and returns when
// the hub has begun to read it.
func (k *kit) begin(token string) *slow {
	k.t.Helper()
	in, out := io.Pipe()
	r, err := http.NewRequestWithContext(k.t.Context(), http.MethodPost, k.url+acme+"/uploads", in)
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	s := &slow{k, out, make(chan answer, 1)}
	before := k.spooledFiles()
	go func() { s.done <- k.do(r) }()
	s.send([]byte("{"))
	for wait := time.Now().Add(time.Minute); k.spooledFiles() == before; time.Sleep(time.Millisecond) {
		if time.Now().After(wait) {
			k.t.Fatal("the upload never began")
		}
	}
	return s
}

func (s *slow) send(part []byte) {
	s.k.t.Helper()
	if _, err := s.body.Write(part); err != nil {
		s.k.t.Fatal(err)
	}
}

func (s *slow) end() answer {
	_ = s.body.Close()
	return <-s.done
}

// TestASlowUploadIsInNobodysWay: a token sends slowly in every place it has.
func TestASlowUploadIsInNobodysWay(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		git := newAgent(1, "git.acme.example")
		token := k.uploaderOf(git)
		crawling := []*slow{k.begin(token), k.begin(token)}
		a := k.post("/uploads", token, []byte("x"), http.StatusServiceUnavailable)
		if p := a.problem(k.t); !strings.Contains(p.Detail, "of yours") {
			k.t.Errorf("one more is refused with %q", p.Detail)
		}
		theirs := k.ask(http.MethodPost, "/api/v1/enterprises/other/cloud-list", k.token(k.other, signin.AdminEnterprise),
			strings.NewReader(strings.Replace(cloudList("mona"), `"acme"`, `"other"`, 1)))
		if theirs.Status != http.StatusCreated {
			k.t.Errorf("another enterprise's upload is answered with %d %s", theirs.Status, theirs.Body)
		}
		k.post("/cloud-list", k.admin(), []byte(cloudList("mona")), http.StatusCreated)
		for _, s := range crawling {
			if a := s.end(); a.Status != http.StatusUnprocessableEntity {
				k.t.Errorf("an upload of one byte is answered with %d %s", a.Status, a.Body)
			}
		}
		k.mustSpoolNothing()
	})
}

// TestATokenThatEndsOnTheWayBringsNothing: the body began with a token that is
// none any more when it is here.
func TestATokenThatEndsOnTheWayBringsNothing(t *testing.T) {
	t.Parallel()
	for how, end := range map[string]func(k *kit, id string){
		"revoked": func(k *kit, id string) {
			if _, err := k.desk.RevokeToken(k.t.Context(), k.by(), k.acme.Number, id); err != nil {
				k.t.Fatal(err)
			}
		},
		"expired": func(k *kit, _ string) { k.move(2 * time.Hour) },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			each(t, func(k *kit) {
				file := k.export(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example"))
				secret, token, err := k.desk.CreateToken(k.t.Context(), k.by(), signin.NewToken{
					Enterprise: k.acme.Number, Name: "mid", Scopes: []signin.Scope{signin.AdminEnterprise}, ExpiresAt: k.clock().Add(time.Hour),
				})
				if err != nil {
					k.t.Fatal(err)
				}
				s := k.begin(secret.Text())
				end(k, token.ID)
				s.send(file[1:])
				if a := s.end(); a.Status != http.StatusUnauthorized {
					k.t.Errorf("answered with %d %s", a.Status, a.Body)
				}
				var list struct{ Uploads []api.Upload }
				if k.mustGet(acme+"/uploads", k.reader()).into(k.t, &list); len(list.Uploads) > 0 {
					k.t.Errorf("it became %+v", list.Uploads)
				}
				k.mustSpoolNothing()
			})
		})
	}
}

// uploaderOf is a token that brings usage files of an instance, which counts.
func (k *kit) uploaderOf(a *agent) string {
	k.t.Helper()
	k.join(a, accounts("1", "mona@acme.example"))
	sources, err := k.hub.Sources(k.t.Context(), k.acme.Number)
	if err != nil {
		k.t.Fatal(err)
	}
	for _, src := range sources {
		if src.HostName == a.host {
			return k.uploader(src.Number)
		}
	}
	k.t.Fatal(fmt.Sprint("no source of ", a.host))
	return ""
}

// spooledFiles is how many files are in the spool.
func (k *kit) spooledFiles() int {
	k.t.Helper()
	list, err := os.ReadDir(k.spooled)
	if err != nil {
		k.t.Fatal(err)
	}
	return len(list)
}
