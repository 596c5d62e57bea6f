package report

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/oneseat/oneseat/licensing"
)

// Code says what is wrong with a report.
type Code string

// The codes. Each names a sentence of the catalogue, "report." + code.
const (
	// CodeJSON: not well-formed JSON; the cause says why.
	CodeJSON Code = "json"
	// CodeTruncated: the JSON ends in the middle.
	CodeTruncated Code = "truncated"
	// CodeNotReport: JSON that is no answer of consumed-licenses; Field is
	// the key that is missing.
	CodeNotReport Code = "not_report"
	// CodePartial: fewer users than total_seats_consumed promises (Got, Want).
	CodePartial Code = "partial"
	// CodeValue: Field holds Value, which cannot be read.
	CodeValue Code = "value"
	// CodeNoLogin: Field says that there is a cloud account, which has no login.
	CodeNoLogin Code = "no_login"
	// CodeServerID: Value is neither HOST:ID nor ID:HOST:ROLE.
	CodeServerID Code = "server_id"
	// CodeQuote: a quotation mark in a CSV where none may be, or one that is
	// never closed.
	CodeQuote Code = "quote"
	// CodeFieldCount: a CSV row with more or fewer cells than the header (Got,
	// Want).
	CodeFieldCount Code = "field_count"
	// CodeNoHeader: a CSV without a single row.
	CodeNoHeader Code = "no_header"
	// CodeColumnMissing: a CSV without the column Field.
	CodeColumnMissing Code = "column_missing"
	// CodeColumnTwice: a CSV with the column Field twice.
	CodeColumnTwice Code = "column_twice"
	// CodeRowTooLong, CodeTooManyRows, CodeTooLong, CodeTooDeep: over a limit
	// of [Limits]; Limit is its value.
	CodeRowTooLong  Code = "row_too_long"
	CodeTooManyRows Code = "too_many_rows"
	CodeTooLong     Code = "too_long"
	CodeTooDeep     Code = "too_deep"
)

// Error is a report that cannot be read. Members that do not apply are zero.
type Error struct {
	Code Code
	// Byte of the input (JSON), counted from 0.
	Byte int64
	// Line and Column of the input (CSV), counted from 1, columns in bytes.
	Line, Column int
	// Row is the number of the user, counted from 1.
	Row int
	// Field is a JSON key or a column as the header spells it.
	Field string
	// Value is what stands there, shortened, an address masked.
	Value string
	// Got were counted where Want were promised.
	Got, Want int
	Limit     int64
	// Err is the cause, for logs.
	Err error
}

// Error is the technical text.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("consumed-license report: ")
	b.WriteString(string(e.Code))
	switch {
	case e.Line > 0:
		fmt.Fprintf(&b, " at line %d, column %d", e.Line, e.Column)
	case e.Byte > 0:
		fmt.Fprintf(&b, " at byte %d", e.Byte)
	}
	if e.Field != "" {
		fmt.Fprintf(&b, " in %s", e.Field)
	}
	if e.Value != "" {
		fmt.Fprintf(&b, ": %q", e.Value)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap is the cause, nil when there is none.
func (e *Error) Unwrap() error { return e.Err }

// Message is the key of the sentence for the person who reads the report, and
// its arguments. The sentences say nothing about the place, which whoever
// knows the file's name puts in front.
func (e *Error) Message() (key string, args map[string]any) {
	cause := ""
	if e.Err != nil {
		cause = e.Err.Error()
	}
	return "report." + string(e.Code), map[string]any{
		"Byte": e.Byte, "Line": e.Line, "Column": e.Column, "Row": e.Row,
		"Field": e.Field, "Value": e.Value, "Got": e.Got, "Want": e.Want,
		"Count": e.Want - e.Got, "Limit": e.Limit, "Cause": cause,
	}
}

// shown is a value of a report as an error may show it: short, and masked when
// it may be an address.
func shown(value string) string {
	const longest = 60
	if strings.Contains(value, "@") {
		return licensing.NewEmail(value).String()
	}
	if len(value) <= longest {
		return value
	}
	cut := longest
	for !utf8.RuneStart(value[cut]) {
		cut--
	}
	return value[:cut] + "…"
}
