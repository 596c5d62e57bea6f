package api

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/spool"
	"github.com/oneseat/oneseat/usagefile"
)

// maxIdentity bounds a key file that comes with an upload, in bytes.
const maxIdentity = 64 << 10

// usageBody describes a usage file, alone or with the key that opens it.
func usageBody() *huma.RequestBody {
	body := rawBody("A usage file; for a hub without keys with the key that opens it.", "application/octet-stream", "application/json")
	binary := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	body.Content["multipart/form-data"] = &huma.MediaType{Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"},
		Properties: map[string]*huma.Schema{"identity": binary, "file": binary},
	}}
	return body
}

// sealed takes a body that is a usage file, or a form of it and an unsealing
// key file. The keys are used for this file and kept nowhere: they are never
// in a file of the spool.
func sealed(r *http.Request, stay *spool.Stay) ([]*usagefile.Identity, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, one(r, stay)
	}
	form, err := r.MultipartReader()
	if err != nil {
		return nil, errs.Wrap(errs.Invalid, err, "api.bad_form")
	}
	var keys []*usagefile.Identity
	for files := 0; ; {
		part, err := form.NextPart()
		switch {
		case errors.Is(err, io.EOF) && files == 1:
			return keys, nil
		case errors.Is(err, io.EOF):
			return nil, errs.New(errs.Invalid, "spool.empty_file")
		case err != nil:
			return nil, errs.Wrap(errs.Invalid, err, "api.bad_form")
		case part.FormName() == "identity" && keys == nil:
			keys, err = identities(part)
		case part.FormName() == "file" && files == 0:
			files++
			_, err = stay.Take(part)
		default:
			return nil, errs.New(errs.Invalid, "api.strange_part", "Name", part.FormName())
		}
		if err != nil {
			return nil, err
		}
	}
}

// identities reads a key file.
func identities(part io.Reader) ([]*usagefile.Identity, error) {
	text, err := io.ReadAll(io.LimitReader(part, maxIdentity+1))
	switch {
	case err != nil:
		return nil, errs.Wrap(errs.Invalid, err, "api.bad_form")
	case len(text) > maxIdentity:
		return nil, errs.New(errs.TooLarge, "spool.file_too_large", "Most", maxIdentity)
	}
	return usagefile.ReadKeyFile(bytes.NewReader(text))
}
