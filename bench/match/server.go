package match

import (
	"path/filepath"

	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/internal/source"
	"github.com/oneseat/oneseat/licensing"
)

// eachShard reads the accounts that count of an instance as every command of
// the product does, a shard at a time.
func eachShard(dir string, instance int, do func([]licensing.ServerAccount)) error {
	file := source.FromPath(filepath.Join(dir, gen.ServerFile(instance)))
	server, err := source.OpenServer(file, source.ServerOptions{})
	if err != nil {
		return err
	}
	defer server.Close() //nolint:errcheck // only read
	var end source.ServerSummary
	for accounts, err := range server.Shards(&end) {
		if err != nil {
			return err
		}
		do(accounts)
	}
	return nil
}
