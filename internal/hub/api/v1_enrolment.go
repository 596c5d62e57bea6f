package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/enrolment"
	"github.com/oneseat/oneseat/internal/web"
)

func (v *v1) enrolmentCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/enrolment", Name: "get-enrolment", Access: admins(), Tag: "Enterprise",
			Summary: "The file that enrols agents",
			Text:    "Signed by the enterprise. With it an agent knows what to seal usage files to and where this hub is. The header Oneseat-Fingerprint names the key; compare it on the agent.",
			Run:     answers(v.enrolment),
		},
	}
}

type enrolmentInput struct {
	InEnterprise

	Seats     int       `query:"seats" minimum:"0" maximum:"100000000" doc:"Licenses granted to the server instance. Only where OneSeat itself is who issues them; absent or 0: the file speaks of none."`
	ExpiresAt time.Time `query:"expires_at" doc:"When those licenses end; absent: never."`
}

type enrolmentOutput struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition" doc:"The name the file should have."`
	Fingerprint string `header:"Oneseat-Fingerprint" doc:"Fingerprint of the enterprise's key, which signed the file."`
	Body        []byte `contentType:"application/json" doc:"The enrolment file."`
}

func (v *v1) enrolment(ctx context.Context, in *enrolmentInput) (*enrolmentOutput, error) {
	who := askerOf(ctx)
	var licenses *enrolment.Licenses
	if in.Seats > 0 {
		licenses = &enrolment.Licenses{Seats: in.Seats, ExpiresAt: in.ExpiresAt}
	}
	file, err := v.hub.Enrolment(ctx, who.About.Number, who.Name, web.URL(outcomeOf(ctx).request, "", nil), licenses)
	if err != nil {
		return nil, err
	}
	return &enrolmentOutput{
		ContentType: enrolment.MediaType, Disposition: `attachment; filename="` + file.FileName() + `"`,
		Fingerprint: file.Fingerprint().String(), Body: file.Text,
	}, nil
}
