package client

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Error is a refusal of the hub.
type Error struct {
	// Status is the HTTP status.
	Status int `json:"status"`
	// Type leads to what this kind of refusal means; Title is its name.
	Type  string `json:"type"`
	Title string `json:"title"`
	// Detail is the sentence about this very refusal: what is wrong and what
	// to do.
	Detail string `json:"detail"`
	// Errors are the single things that are wrong, when there are several.
	Errors []FieldError `json:"errors"`
	// RequestID names the request in the hub's log.
	RequestID string `json:"request_id"`
	// Location leads to what is in the way, or to what records the refusal,
	// where there is something: an upload.
	Location string `json:"-"`

	cause error
}

// FieldError is one of several things that are wrong.
type FieldError struct {
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// Error is the sentence, with those of the single things.
func (e *Error) Error() string {
	parts := []string{e.Detail}
	for _, one := range e.Errors {
		if one.Field != "" {
			parts = append(parts, one.Field+": "+one.Detail)
		} else {
			parts = append(parts, one.Detail)
		}
	}
	return strings.Join(parts, "\n")
}

// Unwrap is why an answer could not be read, when that is the error.
func (e *Error) Unwrap() error { return e.cause }

// maxRefusal bounds what is read of a refusal, in bytes.
const maxRefusal = 1 << 20

// refusal reads what the hub, or something before it, says.
func refusal(answer *http.Response) error {
	e := &Error{}
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxRefusal))
	if err == nil {
		err = json.Unmarshal(text, e)
	}
	if err != nil || e.Detail == "" {
		*e = Error{Title: http.StatusText(answer.StatusCode), cause: err}
		e.Detail = "The address answers " + strconv.Itoa(answer.StatusCode) + " " + e.Title + ", but not as a hub does."
	}
	e.Status, e.Location = answer.StatusCode, answer.Header.Get("Location")
	return e
}

// Upload is the id of the upload that Location leads to; empty for none.
func (e *Error) Upload() string {
	_, id, _ := strings.Cut(e.Location, "/uploads/")
	return id
}
