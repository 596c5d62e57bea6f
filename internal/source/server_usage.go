package source

import (
	"io"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// usageServer gives the users of a usage file in shards. They are unverified
// until finish, as everything is that a Server gives.
type usageServer struct {
	name   string
	closer io.Closer
	file   *usagefile.File
	ended  bool
}

// openUsage opens a usage file anew: its signature is over the bytes as they
// are, with nothing decoded.
func openUsage(f File, options usagefile.Options) (*usageServer, error) {
	in, err := f.open()
	if err != nil {
		return nil, err
	}
	file, err := usagefile.Open(in, options)
	if err != nil {
		return nil, closing(in, ofFile(f.Name, err))
	}
	return &usageServer{name: f.Name, closer: in, file: file}, nil
}

// ofFile puts a file's name in front of what is wrong with it.
func ofFile(name string, err error) error {
	return errs.Wrap(errs.Invalid, err, "source.of_file", "File", name, "Problem", err)
}

func (u *usageServer) next() (Block, error) {
	if u.ended {
		return Block{}, io.EOF
	}
	accounts := make([]licensing.ServerAccount, 0, maxBlockRows)
	for a := range u.file.UnverifiedUsers() {
		if accounts = append(accounts, a); len(accounts) == maxBlockRows {
			return Block{accounts: accounts}, nil
		}
	}
	u.ended = true
	if len(accounts) == 0 {
		return Block{}, io.EOF
	}
	return Block{accounts: accounts}, nil
}

func (u *usageServer) parse(b Block) []licensing.ServerAccount { return b.accounts }

func (u *usageServer) finish() (*ServerSummary, error) {
	receipt, err := u.file.Verify()
	if err != nil {
		return nil, ofFile(u.name, err)
	}
	return &ServerSummary{Accounts: int(receipt.Users), Receipt: receipt}, nil
}

// Close closes the file.
func (u *usageServer) Close() error { return u.closer.Close() }
