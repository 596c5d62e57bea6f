package usagefile

import "io"

// budget hands a reader on byte by byte as far as was allowed. A JSON decoder
// holds whatever one token needs: the budget bounds it before the token was
// read.
type budget struct {
	r     io.Reader
	n     int64
	upTo  int64
	over  func() *Error // what being over it means
	fatal *Error
}

func (b *budget) Read(p []byte) (int, error) {
	if b.n >= b.upTo {
		if b.fatal == nil {
			b.fatal = b.over().at(b.n)
		}
		return 0, b.fatal
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.upTo-b.n)])
	b.n += int64(n)
	return n, err
}
