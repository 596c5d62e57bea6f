package licensing

import "fmt"

// Code names a defect of what was given to the engine.
type Code string

// The defects. Readers refuse them first, with the place in the file; the
// engine refuses them for callers that come without a reader.
const (
	CodeNoLogin           Code = "no_login"           // a cloud account without login
	CodeLoginTwice        Code = "login_twice"        // a login twice, case ignored
	CodeInvitationAddress Code = "invitation_address" // an invitation whose email is no address
	CodeUnknownLogin      Code = "unknown_login"      // a report row whose login is no account
	CodeInstanceTwice     Code = "instance_twice"     // a host named twice
	CodeNoUserID          Code = "no_user_id"         // a server account without user id
	CodeForeignShard      Code = "foreign_shard"      // a shard of another index or host
	CodeTooMany           Code = "too_many"           // more than the engine's limits
	CodeStatement         Code = "statement"          // the statement does not hold: a defect of ours
)

// Error is a refusal of the engine.
type Error struct {
	Code  Code
	Value string // the login, host or user id concerned; shown through MaskText
}

// Error is the technical text.
func (e *Error) Error() string { return fmt.Sprintf("licensing: %s: %q", e.Code, MaskText(e.Value)) }

// Message names the sentence for a person.
func (e *Error) Message() (key string, args map[string]any) {
	return "licensing." + string(e.Code), map[string]any{"Value": MaskText(e.Value)}
}
