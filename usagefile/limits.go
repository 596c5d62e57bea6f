package usagefile

// The default limits. A sealed file of a million users is about 20 MB, so the
// defaults leave room for ten times the largest enterprise known.
const (
	DefaultFileBytes     = 2 << 30    // 2 GiB
	DefaultHeaderBytes   = 64 << 10   // 64 KiB
	DefaultUsers         = 10_000_000 // users of one file
	DefaultEmailsPerUser = 250        // addresses of one user
	DefaultTextBytes     = 1024       // one address, user id, host name, note
	DefaultNesting       = 8          // the format itself nests 5 deep
	DefaultRatio         = 200        // bytes unpacked from one sealed byte
)

// Limits bound what is read and written. A field that is not positive has its
// default. What [Encode] wrote under some limits, [Open] reads under the same.
type Limits struct {
	// FileBytes is the size of the whole file.
	FileBytes int64
	// HeaderBytes is what may stand before the first user.
	HeaderBytes int64
	// Users is the number of users as they stand in the file.
	Users int64
	// EmailsPerUser is the number of addresses one user may have.
	EmailsPerUser int
	// TextBytes is the length of any one text in UTF-8, without quotes and
	// escapes. Larger than 1 MiB counts as 1 MiB.
	TextBytes int
	// Nesting is how deep objects and arrays may stand inside each other
	// before a value of the wrong kind is called a bomb.
	Nesting int
	// Ratio is how many bytes one byte of the opened seal may unpack to. The
	// first 4 MiB are free.
	Ratio int64
}

const (
	maxTextBytes  = 1 << 20
	ratioFree     = 4 << 20
	windowBytes   = 1 << 20          // the most a zstd frame may ask us to keep
	maxSafeNumber = 1<<53 - 1        // the largest integer every JSON reader keeps
	minTokenBytes = 2 * sealedInText // one chunk, with room for white space
)

func (l Limits) withDefaults() Limits {
	l.FileBytes = orDefault(l.FileBytes, DefaultFileBytes)
	l.HeaderBytes = orDefault(l.HeaderBytes, DefaultHeaderBytes)
	l.Users = orDefault(l.Users, DefaultUsers)
	l.EmailsPerUser = orDefault(l.EmailsPerUser, DefaultEmailsPerUser)
	l.TextBytes = min(orDefault(l.TextBytes, DefaultTextBytes), maxTextBytes)
	l.Nesting = orDefault(l.Nesting, DefaultNesting)
	l.Ratio = orDefault(l.Ratio, DefaultRatio)
	return l
}

// tokenBytes is how much may have to be held for one JSON token: a text whose
// every byte is written as \u00xx.
func (l Limits) tokenBytes() int64 { return int64(max(minTokenBytes, 6*l.TextBytes+64)) }

func orDefault[N int | int64](n, fallback N) N {
	if n <= 0 {
		return fallback
	}
	return n
}
