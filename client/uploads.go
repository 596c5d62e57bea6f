package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
)

// Uploads gives all uploads, newest first.
func (c *Client) Uploads(ctx context.Context) iter.Seq2[Upload, error] {
	type page struct{ Uploads []Upload }
	return pages(ctx, c, "/uploads", nil, func(p *page) []Upload { return p.Uploads })
}

// Upload gives an upload.
func (c *Client) Upload(ctx context.Context, id string) (*Upload, error) {
	u := &Upload{}
	return u, c.get(ctx, uploadPath(id), nil, u)
}

func uploadPath(id string) string { return "/uploads/" + url.PathEscape(id) }

// Preview gives the result there would be if an upload were applied. Status 404
// when the upload has no preview: it is held, or decided.
func (c *Client) Preview(ctx context.Context, id string) (*Result, error) {
	r := &Result{}
	return r, c.get(ctx, uploadPath(id)+"/preview", nil, r)
}

// PreviewedChanges gives what applying an upload would change, by name: of each
// kind the first thousand.
func (c *Client) PreviewedChanges(ctx context.Context, id string) iter.Seq2[Change, error] {
	return pages(ctx, c, uploadPath(id)+"/changes", nil, (*changesPage).entries)
}

// Confirmation says who the instance of a held upload is.
type Confirmation struct {
	// Fingerprint of the signing key, as the instance itself shows it: all of
	// it or its short form.
	Fingerprint string `json:"fingerprint"`
	// SameAs is the instance this is, set up again; 0: another one.
	SameAs int64 `json:"same_as,omitempty"`
	// HostName is what to call another instance whose host name is taken.
	HostName string `json:"host_name,omitempty"`
}

// Confirm says who the instance of a held upload is; the upload then is in
// preview.
func (c *Client) Confirm(ctx context.Context, id string, who Confirmation) (*Upload, error) {
	u := &Upload{}
	return u, c.send(ctx, http.MethodPost, uploadPath(id)+"/confirm", who, u)
}

// Apply makes an upload in preview count. Status 409 when applying would now
// change something else than its preview said; nothing was applied then.
func (c *Client) Apply(ctx context.Context, id string) (*Upload, error) {
	u := &Upload{}
	return u, c.send(ctx, http.MethodPost, uploadPath(id)+"/apply", nil, u)
}

// Discard drops a pending upload.
func (c *Client) Discard(ctx context.Context, id string) (*Upload, error) {
	u := &Upload{}
	return u, c.send(ctx, http.MethodPost, uploadPath(id)+"/discard", nil, u)
}
