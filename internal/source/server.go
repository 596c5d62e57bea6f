package source

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/oneseat/oneseat/licensing"
	"github.com/oneseat/oneseat/usagefile"
)

// ServerOptions choose how a server instance's accounts are read.
type ServerOptions struct {
	Limits Limits
	// LeaveOutNeverSignedIn leaves out accounts of which a report shows no
	// sign-in (the policy never_signed_in=leave_out). A CSV then needs the
	// columns last_logged_ip or last_active; a usage file has been decided.
	LeaveOutNeverSignedIn bool
	// LeftOut, unless nil, is told of the accounts of a CSV that do not count,
	// in no order and from the goroutines that call Parse, one at a time. It is
	// for somebody who asks for one of them: nothing keeps them.
	LeftOut func(LeftOut)
	// Everyone, unless nil, is told of every account of a CSV, those that do
	// not count too, a block at a time and in no order, once per row: an id
	// that stands twice comes twice. As with the accounts given, nothing of it
	// counts before Finish said that the file is in order.
	Everyone func([]Row)
	// Usage says who reads usage files.
	Usage usagefile.Options
}

// LeftOut is an account that does not count, and why: "suspended", "built_in"
// or "never_signed_in".
type LeftOut struct {
	UserID, Login string
	Email         licensing.Email
	Cause         string
}

// Row is an account of a report as the instance's own people may see it. Of a
// report's columns it has no more than it needs to be found and told apart.
type Row struct {
	LeftOut // with an empty cause when the account counts

	SignIn SignIn
}

// SignIn says whether a report shows that somebody ever signed in.
type SignIn uint8

// What a report shows.
const (
	SignInUnknown SignIn = iota // it has no column for that
	SignInSeen
	SignInNone
)

// Server reads the accounts of one server instance in shards.
//
// Whoever is in no hurry ranges over [Server.Shards]. Whoever is calls Next
// from one goroutine at a time and Parse from as many as there are cores, then
// Finish. Either way nothing read counts before the end says that the whole
// file was in order.
type Server struct {
	// Header is what a usage file says of itself, a claim until Finish; nil
	// for a CSV, which does not even name its host.
	Header *usagefile.Header

	shards shards
}

// shards is a way of reading accounts.
type shards interface {
	next() (Block, error)
	parse(b Block) []licensing.ServerAccount
	finish() (*ServerSummary, error)
	io.Closer
}

// Block is a piece of a file that was read and not yet parsed.
type Block struct {
	csv      block
	accounts []licensing.ServerAccount // of a usage file, where reading is parsing
}

// Format prints how much a block holds, and nothing of it, whatever the verb:
// it may be text that nobody has looked at.
func (b Block) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "block of %d bytes, %d accounts", len(b.csv.data), len(b.accounts))
}

// ServerSummary is what was noticed in a file that is in order.
type ServerSummary struct {
	// Accounts that count.
	Accounts int
	// Accounts left out, by cause.
	Suspended, BuiltIn, NeverSignedIn int
	// Merged are further rows of an account that said the same.
	Merged   int
	Warnings []Warning
	// Receipt of a usage file, with its warnings; nil for a CSV.
	Receipt *usagefile.Receipt
}

// OpenServer recognises what a file holds and begins to read it. The caller
// closes the Server.
func OpenServer(file File, options ServerOptions) (*Server, error) {
	options.Limits = options.Limits.orDefaults()
	in, err := openAndLook(file)
	if err != nil {
		return nil, err
	}
	s, err := readServer(in, options)
	if err != nil {
		return nil, closing(in.closer, err)
	}
	return s, nil
}

func readServer(in *opened, options ServerOptions) (*Server, error) {
	if err := in.notServer(); err != nil {
		return nil, err
	}
	if in.head.kind == usageFile {
		usage, err := openUsage(in.file, options.Usage)
		if err != nil {
			return nil, err
		}
		if err := in.closer.Close(); err != nil {
			return nil, closing(usage, in.file.fault(err))
		}
		header := usage.file.Header()
		return &Server{Header: &header, shards: usage}, nil
	}
	csv, err := newCSVServer(in, options)
	if err != nil {
		return nil, err
	}
	return &Server{shards: csv}, nil
}

// Next reads the next block; [io.EOF] after the last one, and early when
// enough is wrong already. Any other error is the input's.
func (s *Server) Next() (Block, error) { return s.shards.next() }

// Parse gives the accounts of a block, at most 65,536. It may be called from
// several goroutines at once, with each block once and in any order. What is
// wrong in a block is told by Finish.
func (s *Server) Parse(b Block) []licensing.ServerAccount { return s.shards.parse(b) }

// Finish reads and parses what is left, and says whether the file was in
// order: the error is a refusal or [*Problems]. It is called after every Parse
// has returned.
func (s *Server) Finish() (*ServerSummary, error) {
	for {
		b, err := s.shards.next()
		switch {
		case errors.Is(err, io.EOF):
			return s.shards.finish()
		case err != nil:
			return nil, err
		}
		s.shards.parse(b)
	}
}

// Close closes the file.
func (s *Server) Close() error { return s.shards.Close() }

// Shards gives the accounts shard by shard and fills in the summary at the end.
// An error comes last, and then nothing given before counts.
func (s *Server) Shards(summary *ServerSummary) iter.Seq2[[]licensing.ServerAccount, error] {
	return func(yield func([]licensing.ServerAccount, error) bool) {
		for {
			b, err := s.Next()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if accounts := s.Parse(b); len(accounts) > 0 && !yield(accounts, nil) {
				return
			}
		}
		end, err := s.Finish()
		if err != nil {
			yield(nil, err)
			return
		}
		*summary = *end
	}
}
