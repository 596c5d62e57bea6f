package usagefile

import "io"

// Inspection is what can be said of a file without trusting it.
type Inspection struct {
	Header Header
	// Receipt says what was verified; nil when the file is refused.
	Receipt *Receipt
	// Refusal is why; nil when there is a receipt.
	Refusal error
}

// Inspect reads a file to its end and says everything that can be said with
// the keys at hand. Sealed users that no key was given for are passed over:
// form and signature are checked, and Receipt.Opened is false. Of a file for
// somebody else only the header is looked at. The error is for a file whose
// header cannot be read.
func Inspect(r io.Reader, opts Options) (*Inspection, error) {
	f, err := open(r, opts)
	if err != nil {
		return nil, err
	}
	i := &Inspection{Header: f.header, Refusal: f.forUs()}
	if i.Refusal != nil {
		return i, nil //nolint:nilerr // the verdict is the result
	}
	if f.header.Sealed() && len(opts.Identities) == 0 {
		f.passOver()
	}
	i.Receipt, i.Refusal = f.Verify()
	i.Header = f.header
	return i, nil
}
