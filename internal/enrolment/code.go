package enrolment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Code says why an enrolment file was refused. It is a contract: programs branch
// on it, and the catalogue has a sentence for each under "enrolment." + code.
type Code string

// What came is no enrolment file of this version, or not as the format asks.
const (
	CodeEmpty        Code = "empty"         // no bytes at all
	CodeTooLarge     Code = "too_large"     // more than MaxBytes
	CodeUsageFile    Code = "usage_file"    // a usage file, which goes the other way
	CodeNotJSON      Code = "not_json"      // breaks the grammar of JSON, or ends too early
	CodeOtherFormat  Code = "other_format"  // JSON of another kind
	CodeNewerVersion Code = "newer_version" // an enrolment file of a later format
	CodeUnknownKey   Code = "unknown_key"   // a key the format does not have
	CodeBadValue     Code = "bad_value"     // a value that is missing, or cannot be
)

// The file is not what its enterprise made.
const (
	CodeChanged            Code = "changed"             // the signature is not of this key over these values
	CodeFingerprintDiffers Code = "fingerprint_differs" // signed, but fingerprint and recipient disagree
)

// The file contradicts the one an agent goes by; see [Check].
const (
	CodeOtherEnterprise Code = "other_enterprise" // of another enterprise
	CodeKeyChanged      Code = "key_changed"      // signed with another key
	CodeOlder           Code = "older"            // issued before the one in force
)

// Codes are all of them, in the order of the documentation.
func Codes() []Code {
	return []Code{
		CodeEmpty, CodeTooLarge, CodeUsageFile, CodeNotJSON, CodeOtherFormat, CodeNewerVersion, CodeUnknownKey, CodeBadValue,
		CodeChanged, CodeFingerprintDiffers, CodeOtherEnterprise, CodeKeyChanged, CodeOlder,
	}
}

// Error is why an enrolment file was refused. Its text is English and technical;
// what a person reads is the sentence [Error.Message] names.
type Error struct {
	Code Code

	values map[string]any
	cause  error
}

func fault(code Code, values ...any) *Error {
	e := &Error{Code: code, values: map[string]any{}}
	for i := 0; i+1 < len(values); i += 2 {
		e.values[fmt.Sprint(values[i])] = values[i+1]
	}
	return e
}

func badValue(key string) *Error { return fault(CodeBadValue, "Key", key) }

func (e *Error) because(cause error) *Error {
	e.cause = cause
	return e
}

// Message names the sentence for this error.
func (e *Error) Message() (key string, args map[string]any) {
	return "enrolment." + string(e.Code), maps.Clone(e.values)
}

// Error is the code with its values.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "enrolment file: %s", e.Code)
	for _, name := range slices.Sorted(maps.Keys(e.values)) {
		fmt.Fprintf(&b, ", %s %v", strings.ToLower(name), e.values[name])
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

// Unwrap is the error below, for operators.
func (e *Error) Unwrap() error { return e.cause }
