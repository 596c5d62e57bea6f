package api

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/internal/web"
	"github.com/oneseat/oneseat/report"
)

// consumedLicensesCSV answers GET /enterprises/{enterprise}/consumed-licenses.csv:
// the current result as the file that GitHub's owners download, one row per
// consumed license. The query's generation is A or C, A when it is not said, and
// bom=true begins the file with a byte order mark. A page of people is held at a
// time, whatever the size.
func consumedLicensesCSV(service *hub.Service) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		options, err := csvOptions(r.URL.Query())
		if err != nil {
			return err
		}
		who := askerOf(r.Context())
		if r.Method == http.MethodHead { // it reads nobody: no walk begins
			result, err := service.Current(r.Context(), who.About.Number)
			if err == nil {
				fileHeaders(w.Header(), who.About.Slug, result)
			}
			return err
		}
		result, err := service.WalkResult(r.Context(), who.About.Number, hub.Walk{Walker: who.Token, Actor: who.Name}, 1)
		if err != nil {
			return err
		}
		d := download{service, who.About.Number, result}
		first, err := d.people(r.Context(), 0) // before the answer begins, so that it can still be a refusal
		if err != nil {
			return err
		}
		fileHeaders(w.Header(), who.About.Slug, result)
		return d.write(r.Context(), w, options, first)
	}
}

func fileHeaders(h http.Header, slug string, r *hub.Result) {
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="`+report.FileName(slug, r.AsOf)+`"`)
}

// download is a result on its way into a file.
type download struct {
	service    *hub.Service
	enterprise int64
	result     *hub.Result
}

// people gives those at a place of the result, none behind its end.
func (d *download) people(ctx context.Context, from int64) ([]*hub.Person, error) {
	return d.service.People(ctx, d.enterprise, d.result.Number, hub.Consumed, from, hub.MaxPage)
}

// write writes the first people and all behind them.
func (d *download) write(ctx context.Context, w io.Writer, options report.CSVOptions, people []*hub.Person) error {
	out, err := report.NewCSVWriter(w, options)
	if err != nil {
		return err
	}
	for from := int64(0); len(people) > 0; {
		for _, p := range people {
			row := d.result.Row(p)
			if err := out.Write(&row); err != nil {
				return err
			}
		}
		from += int64(len(people))
		if people, err = d.people(ctx, from); err != nil {
			return err
		}
	}
	return out.Close()
}

func csvOptions(query url.Values) (report.CSVOptions, error) {
	var options report.CSVOptions
	var wrong []web.Field
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if name != "generation" && name != "bom" {
			wrong = append(wrong, web.Field{Name: name, Err: errs.New(errs.Invalid, "api.bad_field", "Problem", "unknown query parameter")})
		}
	}
	switch generation := query.Get("generation"); strings.ToUpper(generation) {
	case "", "A":
	case "C":
		options.Generation = report.GenerationC
	default:
		wrong = append(wrong, web.Field{Name: "generation", Err: errs.New(errs.Invalid, "api.bad_generation", "Value", generation)})
	}
	if bom := query.Get("bom"); bom != "" {
		var err error
		if options.BOM, err = strconv.ParseBool(bom); err != nil {
			wrong = append(wrong, web.Field{Name: "bom", Err: errs.Wrap(errs.Invalid, err, "api.bad_boolean", "Name", "bom", "Value", bom)})
		}
	}
	if len(wrong) > 0 {
		return options, web.Invalid(wrong...)
	}
	return options, nil
}
