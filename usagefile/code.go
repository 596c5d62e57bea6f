package usagefile

// Code says why a file was refused. It is a contract: programs branch on it,
// and the catalogue has a sentence for each under "usagefile." + code.
type Code string

// WarningCode says what was noticed about a file that is not refused for it.
// It is a contract as [Code] is; its sentence is "usagefile.warn_" + code.
type WarningCode string

// What came is no usage file of this version.
const (
	CodeEmpty        Code = "empty"         // no bytes at all
	CodeNotJSON      Code = "not_json"      // breaks the grammar of JSON
	CodeInvalidUTF8  Code = "invalid_utf8"  // bytes that are no UTF-8
	CodeUserReport   Code = "user_report"   // a CSV of users, such as all_users.csv
	CodeWebPage      Code = "web_page"      // HTML, as a sign-in page in a file's place
	CodeGitHubExport Code = "github_export" // GitHub Enterprise Server's own export
	CodeOtherFormat  Code = "other_format"  // JSON of another kind
	CodeNewerVersion Code = "newer_version" // a usage file of a later format
)

// The file is not as the format asks.
const (
	CodeTruncated     Code = "truncated"      // ends too early
	CodeTrailing      Code = "trailing_bytes" // goes on after its end
	CodeUnknownKey    Code = "unknown_key"    // a key the format does not have
	CodeMissingKey    Code = "missing_key"    // a required key is absent
	CodeDuplicateKey  Code = "duplicate_key"  // a key stands twice in one object
	CodeKeyOrder      Code = "key_order"      // header keys in another order
	CodeBadValue      Code = "bad_value"      // a value of the wrong kind or form
	CodeLooseBase64   Code = "loose_base64"   // base64 that is not strict
	CodeBadChunk      Code = "bad_chunk"      // sealed users not in chunks of 48 KiB
	CodeSignatureForm Code = "signature_form" // the end is not in its one form
)

// The file is not what its instance made.
const (
	CodeChanged         Code = "changed"          // content altered after the export
	CodeWrongSignature  Code = "wrong_signature"  // signature not of this key over these bytes
	CodeBadRotation     Code = "bad_rotation"     // the previous key did not sign the new one
	CodeDigestDiffers   Code = "digest_differs"   // signed, but users and digest disagree
	CodeCountDiffers    Code = "count_differs"    // signed, but user_count disagrees
	CodeOutOfOrder      Code = "out_of_order"     // users not in ascending order
	CodeConflictingUser Code = "conflicting_user" // one id with different addresses
)

// The file is for somebody else, or cannot be opened.
const (
	CodeOtherAudience  Code = "other_audience"  // meant for another enterprise
	CodeOtherRecipient Code = "other_recipient" // sealed to other keys
	CodeNoIdentity     Code = "no_identity"     // sealed, and no unsealing key given
	CodeBrokenSeal     Code = "broken_seal"     // the age stream is not whole
	CodeBadCompression Code = "bad_compression" // the zstd stream is not whole
)

// The file contradicts what is known of its instance; see [Check].
const (
	CodeRollback   Code = "rollback"    // an older sequence than the last accepted
	CodeCloned     Code = "cloned"      // the same sequence with another digest
	CodeKeyChanged Code = "key_changed" // a new signing key without a valid rotation
)

// Over a limit; see [Limits].
const (
	CodeLimitFile    Code = "limit_file"    // bytes of the file
	CodeLimitHeader  Code = "limit_header"  // bytes before the users
	CodeLimitUsers   Code = "limit_users"   // users
	CodeLimitEmails  Code = "limit_emails"  // addresses of one user
	CodeLimitText    Code = "limit_text"    // bytes of one text
	CodeLimitNesting Code = "limit_nesting" // objects and arrays inside each other
	CodeLimitRatio   Code = "limit_ratio"   // how far the sealed part unpacks
	CodeLimitWindow  Code = "limit_window"  // memory the sealed part asks for
)

// Not of the file itself.
const (
	CodeUnreadable    Code = "unreadable"     // the reader failed
	CodeSourceChanged Code = "source_changed" // users or file changed while being read
	CodeNoRecipient   Code = "no_recipient"   // nobody to seal to, and not asked for in clear
	CodeBadRecipient  Code = "bad_recipient"  // no age recipient of ours
	CodeBadKeyFile    Code = "bad_key_file"   // no unsealing key in the key file
)

// Noticed, and not refused.
const (
	WarnMerged            WarningCode = "merged"             // equal neighbours became one
	WarnWithoutAddress    WarningCode = "without_address"    // users with no address
	WarnNoPrimary         WarningCode = "no_primary"         // users with addresses, none primary
	WarnManyPrimaries     WarningCode = "many_primaries"     // users with several primary addresses
	WarnWithoutAudience   WarningCode = "without_audience"   // in clear, and meant for nobody in particular
	WarnAudienceUnchecked WarningCode = "audience_unchecked" // in clear, and the reader did not say who it is
	WarnGap               WarningCode = "gap"                // snapshots between the last and this one
)
