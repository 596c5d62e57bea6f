package client

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"
)

// File is what is uploaded.
type File struct {
	// Name is for the history, and says of a report of GitHub's when it is of.
	Name string
	// Content is read once, to its end.
	Content io.Reader
}

// Arrival is what can be said of every upload. The zero value is usual.
type Arrival struct {
	// Supersede drops the pending upload of the same source instead of being
	// refused because of it.
	Supersede bool
	// Identity is an unsealing key file, for a usage file that the hub has no
	// key for. The hub uses it for this file and forgets it.
	Identity []byte
}

func (a Arrival) query(name string) url.Values {
	query := url.Values{}
	if name != "" {
		query.Set("file_name", name)
	}
	if a.Supersede {
		query.Set("supersede", "true")
	}
	return query
}

// UploadUsage brings a usage file. The upload it gives is in preview, or held
// until somebody confirms its instance. The same file again gives the upload it
// has already. Status 409 when another one of the instance is pending; see
// [Error.Upload].
func (c *Client) UploadUsage(ctx context.Context, file File, a Arrival) (*Upload, error) {
	r := request{path: "/uploads", query: a.query(file.Name), body: file.Content, kind: "application/octet-stream"}
	if len(a.Identity) > 0 {
		var err error
		if r.body, r.kind, err = form(part{"identity", File{"identity", bytes.NewReader(a.Identity)}}, part{"file", file}); err != nil {
			return nil, err
		}
	}
	return c.bring(ctx, r)
}

// ByHand says of which instance a server's own report is.
type ByHand struct {
	Arrival

	// Host is the host name of the instance.
	Host string
	// ReplaceSigned accepts it although the people of the instance came in
	// signed usage files.
	ReplaceSigned bool
	// TakenAt is when the report was made; zero: unknown.
	TakenAt time.Time
	// NeverSignedIn is "keep" or "leave_out" for accounts that never signed
	// in; empty: as the enterprise's settings say.
	NeverSignedIn string
}

// UploadCSV brings a server's own report, for an instance where no agent runs.
func (c *Client) UploadCSV(ctx context.Context, file File, by ByHand) (*Upload, error) {
	query := by.query(file.Name)
	query.Set("host", by.Host)
	if by.ReplaceSigned {
		query.Set("replace_signed", "true")
	}
	if !by.TakenAt.IsZero() {
		query.Set("taken_at", by.TakenAt.UTC().Format(time.RFC3339))
	}
	if by.NeverSignedIn != "" {
		query.Set("never_signed_in", by.NeverSignedIn)
	}
	return c.bring(ctx, request{path: "/uploads/csv", query: query, body: file.Content, kind: "text/csv"})
}

// CloudSide says how the files of a cloud side are read.
type CloudSide struct {
	Arrival

	// AllowPartial accepts an answer of GitHub's that lacks rows.
	AllowPartial bool
	// Date is the age of files that do not say it themselves; zero: none.
	Date time.Time
}

// LoadCloud brings the cloud side, all of it: cloud lists and GitHub's
// consumed-license reports.
func (c *Client) LoadCloud(ctx context.Context, files []File, how CloudSide) (*Upload, error) {
	query := how.query("")
	if how.AllowPartial {
		query.Set("allow_partial", "true")
	}
	if !how.Date.IsZero() {
		query.Set("date", how.Date.UTC().Format(time.RFC3339))
	}
	parts := make([]part, len(files))
	for i, file := range files {
		parts[i] = part{"file", file}
	}
	body, kind, err := form(parts...)
	if err != nil {
		return nil, err
	}
	return c.bring(ctx, request{path: "/cloud-list", query: query, body: body, kind: kind})
}

// part is a file of a form, under a name.
type part struct {
	name string
	file File
}

// form is a multipart form, whose files are read when it is.
func form(list ...part) (body io.Reader, kind string, err error) {
	var around bytes.Buffer // what stands between the files
	var all []io.Reader
	cut := func() {
		all = append(all, bytes.NewReader(bytes.Clone(around.Bytes())))
		around.Reset()
	}
	parts := multipart.NewWriter(&around)
	for _, p := range list {
		if _, err := parts.CreateFormFile(p.name, p.file.Name); err != nil {
			return nil, "", err
		}
		cut()
		all = append(all, p.file.Content)
	}
	err = parts.Close()
	cut()
	return io.MultiReader(all...), parts.FormDataContentType(), err
}

func (c *Client) bring(ctx context.Context, r request) (*Upload, error) {
	r.method = http.MethodPost
	u := &Upload{}
	_, err := c.call(ctx, r, u)
	return u, err
}
