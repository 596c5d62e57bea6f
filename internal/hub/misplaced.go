package hub

import (
	"errors"
	"io"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/usagefile"
)

// Place is where a file belongs that was brought where another kind does.
type Place string

// The places.
const (
	PlaceCloud  Place = "cloud"  // the cloud side
	PlaceUsage  Place = "usage"  // usage files
	PlaceReport Place = "report" // a server's own report, by hand
)

// PlaceOf is where a refused file belongs; empty when it belongs nowhere here,
// or was refused for something else.
func PlaceOf(r *Refusal) Place {
	switch r.Key {
	case "hub.is_github_report", "hub.is_cloud_list":
		return PlaceCloud
	case "hub.is_usage_file":
		return PlaceUsage
	case "hub.is_server_report", "usagefile.user_report":
		return PlaceReport
	}
	return ""
}

// misplaced makes of a refusal what it is for whoever brought the file to a hub:
// the file is called what it is, with the place here that it belongs to. Other
// refusals stay as they are.
func misplaced(err error) error {
	r := refusalOf(err)
	var key string
	switch r.Key {
	case "source.report_as_server", "source.report_not_usage":
		key = "hub.is_github_report"
	case "source.list_as_server", "source.list_not_usage":
		key = "hub.is_cloud_list"
	case "source.server_as_cloud", "source.server_not_usage":
		key = "hub.is_server_report"
	case "source.usage_as_cloud", "source.of_file": // the latter: a sealed or damaged one, by hand
		key = "hub.is_usage_file"
	case "source.not_usage_file":
		key = "hub.no_usage_file"
	default:
		return err
	}
	return errs.Wrap(errs.Invalid, err, key, "File", r.Args["File"])
}

// notUsage says what a file is, where the reader of usage files can only say
// that it is none. What looks like a usage file keeps that reader's refusal.
func notUsage(err error, name string, file io.ReadSeeker) error {
	refusal, ok := errors.AsType[*usagefile.Error](err)
	if !ok || refusal.Code != usagefile.CodeNotJSON && refusal.Code != usagefile.CodeOtherFormat {
		return err
	}
	again := source.File{Name: name, Open: func() (io.ReadCloser, error) {
		_, err := file.Seek(0, io.SeekStart)
		return io.NopCloser(file), err
	}}
	if other := source.LookForUsage(again); errs.KindOf(other) == errs.Invalid {
		return misplaced(other)
	}
	return err
}
