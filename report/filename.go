package report

import "time"

// FileName is the name GitHub gives a downloaded CSV,
// "consumed_licenses-acme-20261120T090000Z.csv". The timestamp is ISO 8601 in
// the form without colons, which no file system minds.
func FileName(slug string, at time.Time) string {
	return "consumed_licenses-" + slug + "-" + at.UTC().Format("20060102T150405Z") + ".csv"
}
