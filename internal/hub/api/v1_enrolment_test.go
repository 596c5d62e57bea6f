package api_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/signin"
)

func TestTheEnrolmentFileIsGivenToAdmins(t *testing.T) {
	t.Parallel()
	each(t, func(k *kit) {
		a := k.mustGet(acme+"/enrolment?seats=20&expires_at=2027-01-01T00:00:00Z", k.admin())
		file, err := enrolment.Decode(bytes.NewReader(a.Body))
		if err != nil {
			k.t.Fatalf("%v: %s", err, a.Body)
		}
		if file.Recipient != k.to || file.Hub != k.url || file.Licenses.Seats != 20 || file.Licenses.ExpiresAt != time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC) {
			k.t.Errorf("got %+v", file)
		}
		if got := a.Header.Get("Oneseat-Fingerprint"); got != file.Fingerprint().String() {
			k.t.Errorf("the key is said to be %s", got)
		}
		if !strings.Contains(a.Header.Get("Content-Disposition"), "acme-enrolment.json") {
			k.t.Errorf("got %v", a.Header)
		}
		if a := k.ask(http.MethodGet, acme+"/enrolment", k.token(k.acme, signin.ReadEnterprise), nil); a.Status < 400 {
			k.t.Errorf("whoever reads is answered with %d", a.Status)
		}
		entries, err := k.desk.Entries(k.t.Context(), k.acme.Number, 0, 10, signin.Filter{Action: hub.AuditEnrolment})
		if err != nil || len(entries) != 1 {
			k.t.Errorf("got %v, %v", entries, err)
		}
	})
}
