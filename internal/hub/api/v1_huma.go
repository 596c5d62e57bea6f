package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/licensing"
)

// maxJSON bounds the body of a request that is no file.
const maxJSON = 64 << 10

// adapter is between huma, which reads parameters and describes them, and
// web, which answers: it keeps what huma would write until it is known to be no
// refusal, so that every refusal is web's.
type adapter struct{ operations map[string]web.Handler }

// Handle keeps an operation for its route.
func (a *adapter) Handle(op *huma.Operation, run func(huma.Context)) {
	a.operations[op.OperationID] = func(w http.ResponseWriter, r *http.Request) error {
		out := &outcome{header: http.Header{}, request: r}
		ctx := context.WithValue(r.Context(), outcomeKey{}, out)
		run(humago.NewContext(op, r.WithContext(ctx), out))
		if out.refusal != nil {
			return out.refusal
		}
		return out.send(w)
	}
}

// ServeHTTP is never called: routes are mounted by web.
func (a *adapter) ServeHTTP(http.ResponseWriter, *http.Request) {}

// outcome is an answer that was not sent yet: a page at most, so it is small.
type outcome struct {
	request *http.Request
	header  http.Header
	status  int
	body    bytes.Buffer
	refusal error
}

type outcomeKey struct{}

// outcomeOf is the outcome of the operation that runs in a context.
func outcomeOf(ctx context.Context) *outcome {
	out, ok := ctx.Value(outcomeKey{}).(*outcome)
	if !ok {
		panic("api: no operation runs in this context")
	}
	return out
}

func (o *outcome) Header() http.Header         { return o.header }
func (o *outcome) WriteHeader(status int)      { o.status = status }
func (o *outcome) Write(b []byte) (int, error) { return o.body.Write(b) }

func (o *outcome) send(w http.ResponseWriter) error {
	maps.Copy(w.Header(), o.header)
	if o.body.Len() > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(o.body.Len()))
	}
	w.WriteHeader(o.status)
	_, err := w.Write(o.body.Bytes())
	return err
}

// operation adds an operation to a description: see answers.
type operation func(huma.API, huma.Operation)

// answers makes an operation of a function.
func answers[I, O any](answer func(context.Context, *I) (*O, error)) operation {
	return func(api huma.API, op huma.Operation) {
		huma.Register(api, op, func(ctx context.Context, in *I) (*O, error) {
			out, err := answer(ctx, in)
			if err != nil {
				outcomeOf(ctx).refusal = err
				return nil, refused{}
			}
			return out, nil
		})
	}
}

// refused tells huma that there is no answer; the refusal is in the outcome.
type refused struct{}

func (refused) Error() string  { return "refused" }
func (refused) GetStatus() int { return http.StatusInternalServerError }

// refusals keeps what huma refuses by itself: parameters and bodies that are
// not what the description says.
func refusals(ctx huma.Context, _ string, answer any) (any, error) {
	if model, ok := answer.(*huma.ErrorModel); ok {
		outcomeOf(ctx.Context()).refusal = refusalOf(model)
	}
	return answer, nil
}

// refusalOf puts it into our words. Of its statuses those stay that say more
// than 422 does: what cannot be read at all, and what is of no known type.
func refusalOf(model *huma.ErrorModel) error {
	switch model.Status {
	case http.StatusRequestEntityTooLarge:
		return errs.New(errs.TooLarge, "api.body_too_large", "Most", maxJSON)
	case http.StatusBadRequest, http.StatusUnsupportedMediaType:
		return web.WithStatus(model.Status, invalid(model))
	default:
		return invalid(model)
	}
}

func invalid(model *huma.ErrorModel) error {
	if len(model.Errors) == 0 {
		return errs.New(errs.Invalid, "api.bad_request", "Problem", model.Detail)
	}
	var fields []web.Field
	for _, e := range model.Errors {
		fields = append(fields, web.Field{Name: fieldName(e.Location), Err: errs.New(errs.Invalid, "api.bad_field", "Problem", e.Message)})
	}
	return web.Invalid(fields...)
}

// fieldName is a place in a request as the asker wrote it. It can hold what the
// asker should not have sent.
func fieldName(location string) string {
	for _, part := range []string{"query.", "path.", "header.", "body."} {
		if name, ok := strings.CutPrefix(location, part); ok {
			return licensing.MaskText(name)
		}
	}
	return licensing.MaskText(location)
}

// jsonFormat reads and writes JSON as it is meant for programs: < stays <.
func jsonFormat() huma.Format {
	return huma.Format{
		Marshal: func(w io.Writer, value any) error {
			enc := json.NewEncoder(w)
			enc.SetEscapeHTML(false)
			return enc.Encode(value)
		},
		Unmarshal: func(data []byte, into any) error {
			if err := json.Unmarshal(data, into); err != nil {
				return err
			}
			return texts(data)
		},
	}
}

// texts refuses JSON, which can be read, with texts that databases do not keep:
// see [web.IsText].
func texts(data []byte) error {
	if !web.IsText(string(data)) {
		return errors.New("a body that is no UTF-8")
	}
	for in := json.NewDecoder(bytes.NewReader(data)); ; {
		token, err := in.Token()
		if text, ok := token.(string); ok && !web.IsText(text) {
			return errors.New("a text with the character NUL")
		}
		if err != nil {
			return nil //nolint:nilerr // it was read as a whole before: this is its end
		}
	}
}
