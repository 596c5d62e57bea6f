package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oneseat/oneseat/internal/nearest"
)

// oneOf refuses a value of an option that is none of those it takes.
func oneOf(option, value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	if near := nearest.To(value, allowed); near != "" {
		return usage("usage.bad_value_near", "Option", option, "Value", value, "Allowed", strings.Join(allowed, ", "), "Near", near)
	}
	return usage("usage.bad_value", "Option", option, "Value", value, "Allowed", strings.Join(allowed, ", "))
}

// json writes a value for programs.
func (s *session) json(v any) error {
	encoder := json.NewEncoder(s.stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("write result: %w", err)
	}
	return nil
}

// instant is a time as people read it.
func (s *session) instant(t time.Time) string {
	if t.IsZero() {
		return s.T("time.unknown")
	}
	return s.T("time.instant", "Time", t.UTC().Format("2006-01-02 15:04:05"))
}

// date is the day of an instant, for dates of reports.
func (s *session) date(t time.Time) string {
	if t.IsZero() {
		return s.T("time.unknown")
	}
	return t.UTC().Format(time.DateOnly)
}

// sentence is what a warning says.
func (s *session) sentence(w interface {
	Message() (key string, args map[string]any)
},
) string {
	key, values := w.Message()
	args := make([]any, 0, 2*len(values))
	for name, value := range values {
		args = append(args, name, value)
	}
	return s.T(key, args...)
}
