package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/hub/api"
	"github.com/oneseat/oneseat/internal/signin"
)

const acme = "/api/v1/enterprises/acme"

// admin is a token that changes acme.
func (k *kit) admin() string { return k.token(k.acme, signin.AdminEnterprise) }

// post sends a body as an admin and wants a status.
func (k *kit) post(path, token string, body []byte, status int) answer {
	k.t.Helper()
	a := k.ask(http.MethodPost, acme+path, token, bytes.NewReader(body), "Content-Type", "application/json")
	if a.Status != status {
		k.t.Fatalf("POST %s is answered with %d, want %d: %s", path, a.Status, status, a.Body)
	}
	return a
}

// upload reads an answer that is an upload.
func (a answer) upload(t *testing.T) api.Upload {
	t.Helper()
	var u api.Upload
	a.into(t, &u)
	return u
}

// problem is what a refusal says.
type problem struct {
	Status int    `json:"status"`
	Detail string `json:"detail"`
	Errors []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

func (a answer) problem(t *testing.T) problem {
	t.Helper()
	var p problem
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("a refusal is %s: %s", got, a.Body)
	}
	a.into(t, &p)
	return p
}

// mustSpoolNothing fails when a file is left in the spool.
func (k *kit) mustSpoolNothing() {
	k.t.Helper()
	left, err := os.ReadDir(k.spooled)
	if err != nil || len(left) > 0 {
		k.t.Errorf("the spool holds %v, %v", left, err)
	}
}

// counted is the current result.
func (k *kit) counted(token string) api.Result {
	k.t.Helper()
	var r api.Result
	k.mustGet(acme+"/statement", token).into(k.t, &r)
	return r
}

func TestAnUploadIsConfirmedAppliedAndUndone(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		token, git := k.admin(), newAgent(1, "git.acme.example")
		list := k.post("/cloud-list?file_name=cloud.json", token, []byte(cloudList("mona", "hubot")), http.StatusCreated).upload(t)
		k.post("/uploads/"+list.ID+"/apply", token, nil, http.StatusOK)
		k.post("/recount", token, nil, http.StatusOK)
		file := k.export(git, accounts("1", "mona@acme.example", "2", "new@acme.example"))
		sent := k.post("/uploads?file_name=usage.json", token, file, http.StatusCreated)
		u := sent.upload(t)
		if u.State != "held" || !u.Pending || u.HostName != git.host || sent.Header.Get("Location") != k.url+acme+"/uploads/"+u.ID {
			t.Fatalf("the first file of an instance is %s", sent.Body)
		}
		body := fmt.Sprintf(`{"fingerprint": %q}`, git.fingerprint())
		u = k.post("/uploads/"+u.ID+"/confirm", token, []byte(body), http.StatusOK).upload(t)
		var preview api.Result
		k.mustGet(acme+"/uploads/"+u.ID+"/preview", token).into(t, &preview)
		if !preview.Preview || preview.Difference.Licenses != 1 || preview.Statement.Licenses != 3 {
			t.Errorf("the preview is %+v", preview)
		}
		var changes struct{ Changes []api.Change }
		k.mustGet(acme+"/uploads/"+u.ID+"/changes", token).into(t, &changes)
		if len(changes.Changes) != 2 || changes.Changes[0].After[0].Name != "new@acme.example" {
			t.Errorf("the changes are %+v", changes)
		}
		if u = k.post("/uploads/"+u.ID+"/apply", token, nil, http.StatusOK).upload(t); u.State != "applied" {
			t.Errorf("the applied upload is %s", u.State)
		}
		k.post("/recount", token, nil, http.StatusOK)
		if r := k.counted(token); r.Statement.Licenses != 3 || r.Range.High != 3 || len(r.Inputs) != 2 {
			t.Errorf("the result is %+v", r)
		}
		next := k.post("/uploads", token, k.export(git, accounts("1", "mona@acme.example")), http.StatusCreated).upload(t)
		k.post("/uploads/"+next.ID+"/apply", token, nil, http.StatusOK)
		k.post("/recount", token, nil, http.StatusOK)
		var snapshots struct{ Snapshots []api.Snapshot }
		at := fmt.Sprintf("/instances/%d/snapshots", u.Instance)
		k.mustGet(acme+at, token).into(t, &snapshots)
		if len(snapshots.Snapshots) != 2 || !snapshots.Snapshots[0].Current {
			t.Fatalf("the snapshots are %+v", snapshots)
		}
		path := fmt.Sprintf("%s/%d/undo", at, snapshots.Snapshots[1].Number)
		back := k.post(path, token, []byte(`{"reason": "half of the people were missing"}`), http.StatusCreated).upload(t)
		if back.Kind != "undo" || back.Reason == "" {
			t.Errorf("going back is %+v", back)
		}
		k.post("/uploads/"+back.ID+"/discard", token, nil, http.StatusOK)
		path = fmt.Sprintf("/instances/%d/remove", u.Instance)
		gone := k.post(path, token, []byte(`{"reason": "it was switched off"}`), http.StatusCreated).upload(t)
		k.post("/uploads/"+gone.ID+"/apply", token, nil, http.StatusOK)
		k.post("/recount", token, nil, http.StatusOK)
		if r := k.counted(token); r.Statement.Licenses != 2 {
			t.Errorf("without the instance %d licenses are consumed", r.Statement.Licenses)
		}
		k.mustSpoolNothing()
	})
}

func TestTheSameFileAgainIsTheSameUpload(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		token, git := k.admin(), newAgent(1, "git.acme.example")
		first := k.export(git, accounts("1", "mona@acme.example"))
		u := k.post("/uploads", token, first, http.StatusCreated).upload(t)
		if again := k.post("/uploads", token, first, http.StatusOK).upload(t); again.ID != u.ID {
			t.Errorf("the same file is %s and then %s", u.ID, again.ID)
		}
		other := k.post("/uploads", token, k.export(git, accounts("2", "hubot@acme.example")), http.StatusConflict)
		if got := other.Header.Get("Location"); got != k.url+acme+"/uploads/"+u.ID {
			t.Errorf("another file while one is pending is led to %q", got)
		}
		if p := other.problem(t); !strings.Contains(p.Detail, u.ID) {
			t.Errorf("the refusal says %q", p.Detail)
		}
		k.post("/uploads/"+u.ID+"/confirm", token, fmt.Appendf(nil, `{"fingerprint": %q}`, git.fingerprint()), http.StatusOK)
		k.post("/uploads/"+u.ID+"/apply", token, nil, http.StatusOK)
		if again := k.post("/uploads", token, first, http.StatusOK).upload(t); again.ID != u.ID || again.State != "applied" {
			t.Errorf("the file that counts is %s, %s, when it comes again", again.ID, again.State)
		}
		k.mustSpoolNothing()
	})
}

func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	k := one(t)
	token := k.admin()
	file := k.export(newAgent(1, "git.acme.example"), accounts("1", "mona@acme.example"))
	for name, c := range map[string]struct {
		path   string
		body   []byte
		status int
		says   string
	}{
		"nothing":          {"/uploads", nil, http.StatusUnprocessableEntity, "holds no bytes"},
		"a page":           {"/uploads", []byte("<html>"), http.StatusUnprocessableEntity, ""},
		"half":             {"/uploads", file[:len(file)/2], http.StatusUnprocessableEntity, ""},
		"a CSV as a usage": {"/uploads", []byte("id,email\n1,mona@acme.example\n"), http.StatusUnprocessableEntity, ""},
		"too large":        {"/uploads", bytes.Repeat([]byte("x"), maxUpload+1), http.StatusRequestEntityTooLarge, ""},
		"GitHub's report":  {"/uploads", []byte("github_com_login,github_com_name,license_type\nmona,,Enterprise\n"), http.StatusUnprocessableEntity, "This is GitHub's report of consumed licenses"},
		"a list as a CSV":  {"/uploads/csv?host=git.acme.example&file_name=list.json", []byte(cloudList("mona")), http.StatusUnprocessableEntity, "list.json is a cloud list"},
		"usage as a list":  {"/cloud-list", file, http.StatusUnprocessableEntity, "This is the usage file of a server instance"},
		"no host":          {"/uploads/csv", []byte("id,email\n1,mona@acme.example\n"), http.StatusUnprocessableEntity, ""},
		"another's list":   {"/cloud-list", []byte(strings.Replace(cloudList("mona"), `"acme"`, `"other"`, 1)), http.StatusUnprocessableEntity, "other"},
	} {
		a := k.post(c.path, token, c.body, c.status)
		if p := a.problem(t); p.Detail == "" || !strings.Contains(p.Detail, c.says) {
			t.Errorf("%s: the refusal says %q", name, p.Detail)
		}
		if at := a.Header.Get("Location"); at != "" {
			if u := k.mustGet(strings.TrimPrefix(at, k.url), token).upload(t); u.State != "refused" || u.Refusal == nil || u.Refusal.Message != a.problem(t).Detail {
				t.Errorf("%s: recorded as %+v", name, u)
			}
		}
	}
	k.mustSpoolNothing()
}

func TestAnUploadThatBreaksOffLeavesNothing(t *testing.T) {
	t.Parallel()
	k := one(t)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, k.url+acme+"/uploads", io.MultiReader(strings.NewReader("{"), broken{}))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+k.admin())
	if res, err := http.DefaultTransport.RoundTrip(r); err == nil {
		_ = res.Body.Close()
		if res.StatusCode < http.StatusBadRequest {
			t.Errorf("half an upload is answered with %d", res.StatusCode)
		}
	}
	var list struct{ Uploads []api.Upload }
	if k.mustGet(acme+"/uploads", k.reader()).into(t, &list); len(list.Uploads) > 0 {
		t.Errorf("half an upload became %+v", list.Uploads)
	}
}

// broken is a body that ends with an error.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestAnUploaderBringsFilesOfItsInstanceAlone(t *testing.T) {
	t.Parallel()
	k := one(t)
	git := newAgent(1, "git.acme.example")
	k.join(git, accounts("1", "mona@acme.example"))
	k.join(git, accounts("2", "mona@acme.example")) // so that there is one to go back to
	sources, err := k.hub.Sources(t.Context(), k.acme.Number)
	if err != nil {
		t.Fatal(err)
	}
	number := sources[1].Number
	token, admin := k.uploader(number), k.admin()
	k.post("/uploads", token, k.export(newAgent(2, "two.acme.example"), accounts("1", "hubot@acme.example")), http.StatusForbidden)
	u := k.post("/uploads", token, k.export(git, accounts("2", "hubot@acme.example")), http.StatusCreated).upload(t)
	k.post("/uploads/"+u.ID+"/apply", token, nil, http.StatusNotFound)
	k.post("/uploads?supersede=true", token, k.export(git, accounts("3", "hubot@acme.example")), http.StatusCreated)

	for name, ask := range map[string]func() answer{
		"a removal": func() answer {
			return k.post(fmt.Sprintf("/instances/%d/remove", number), admin, []byte(`{"reason": "it was switched off"}`), http.StatusCreated)
		},
		"an undo": func() answer {
			return k.post(fmt.Sprintf("/instances/%d/snapshots/1/undo", number), admin, []byte(`{"reason": "half were missing"}`), http.StatusCreated)
		},
		"an admin's file": func() answer {
			return k.post("/uploads", admin, k.export(git, accounts("4", "hubot@acme.example")), http.StatusCreated)
		},
	} {
		k.discardPending(admin)
		pending := ask().upload(t)
		a := k.post("/uploads?supersede=true", token, k.export(git, accounts("5", "hubot@acme.example")), http.StatusConflict)
		if text := string(a.Body); strings.Contains(text, pending.ID) || strings.Contains(text, pending.Actor) || a.Header.Get("Location") != "" {
			t.Errorf("beside %s the refusal names it: %s, Location %q", name, text, a.Header.Get("Location"))
		}
		if now := k.mustGet(acme+"/uploads/"+pending.ID, admin).upload(t); !now.Pending {
			t.Errorf("%s is %s", name, now.State)
		}
	}
}

// discardPending discards what waits for a decision.
func (k *kit) discardPending(admin string) {
	k.t.Helper()
	var list struct{ Uploads []api.Upload }
	k.mustGet(acme+"/uploads", admin).into(k.t, &list)
	for _, u := range list.Uploads {
		if u.Pending {
			k.post("/uploads/"+u.ID+"/discard", admin, nil, http.StatusOK)
		}
	}
}

// TestAnUploaderIsNotToldWhoBroughtTheSame: it learns that its file is here.
func TestAnUploaderIsNotToldWhoBroughtTheSame(t *testing.T) {
	t.Parallel()
	k := one(t)
	git := newAgent(1, "git.acme.example")
	token, admin := k.uploaderOf(git), k.admin()
	file := k.export(git, accounts("2", "hubot@acme.example"))
	theirs := k.post("/uploads?file_name=secret.json", admin, file, http.StatusCreated).upload(t)
	again := k.post("/uploads", token, file, http.StatusOK).upload(t)
	if again.ID != theirs.ID || again.State != theirs.State || again.Actor+again.FileName != "" || again.Preview != 0 {
		t.Errorf("the same file is answered with %+v", again)
	}
}

func TestReportsByHand(t *testing.T) {
	t.Parallel()
	k := one(t)
	token := k.admin()
	users := []byte("id,email\n1,mona@acme.example\n2,hubot@acme.example\n")
	u := k.post("/uploads/csv?host=old.acme.example&file_name=users.csv", token, users, http.StatusCreated).upload(t)
	if u.Kind != "csv" || u.Accounts != 2 {
		t.Errorf("the report is %+v", u)
	}
	k.post("/uploads/"+u.ID+"/apply", token, nil, http.StatusOK)
	var list struct{ Instances []api.Instance }
	k.mustGet(acme+"/instances", token).into(t, &list)
	if len(list.Instances) != 1 || list.Instances[0].Signed || list.Instances[0].Last == nil || list.Instances[0].Last.Status != "success" {
		t.Errorf("the instances are %+v", list.Instances)
	}
}

func TestACloudSideOfSeveralFiles(t *testing.T) {
	t.Parallel()
	k := one(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, text := range map[string]string{
		"one.json": cloudList("mona"), "two.json": strings.Replace(cloudList("hubot"), "T08", "T07", 1),
	} {
		part, err := form.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	a := k.ask(http.MethodPost, acme+"/cloud-list", k.admin(), &body, "Content-Type", form.FormDataContentType())
	if u := a.upload(t); a.Status != http.StatusCreated || u.Accounts != 2 || len(u.Files) != 2 {
		t.Errorf("a form of two files is answered with %d: %s", a.Status, a.Body)
	}
	k.mustSpoolNothing()
}

func TestWhatIsAskedWronglyIsNamed(t *testing.T) {
	t.Parallel()
	k := one(t)
	token := k.admin()
	for _, c := range []struct{ method, path, body, field string }{
		{http.MethodGet, "/people?per_page=1000", "", "per_page"},
		{http.MethodGet, "/people?deploymnet=cloud", "", "deploymnet"},
		{http.MethodGet, "/people?page=2&q=mona", "", "q"},
		{http.MethodGet, "/results?before=x", "", "before"},
		{http.MethodPut, "/settings", `{"name": "Acme", "settings": {"billing": "monthly"}}`, "settings.billing"},
		{http.MethodPut, "/settings", `{"name": "Acme", "settings": {"biling": "metered"}}`, "settings.biling"},
		{http.MethodPost, "/tokens", `{"name": "nightly", "scopes": ["everything"]}`, "scopes[0]"},
	} {
		a := k.ask(c.method, acme+c.path, token, strings.NewReader(c.body), "Content-Type", "application/json")
		p := a.problem(t)
		if a.Status != http.StatusUnprocessableEntity || len(p.Errors) == 0 || p.Errors[0].Field != c.field {
			t.Errorf("%s %s is answered with %d: %s", c.path, c.body, a.Status, a.Body)
		}
	}
	large, err := json.Marshal(map[string]string{"name": strings.Repeat("x", 1<<17)})
	if err != nil {
		t.Fatal(err)
	}
	if a := k.ask(http.MethodPut, acme+"/settings", token, bytes.NewReader(large)); a.Status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body that is too large is answered with %d: %s", a.Status, a.Body)
	}
}
