package match

import (
	"github.com/oneseat/oneseat/bench/gen"
	"github.com/oneseat/oneseat/licensing"
)

// shardSize is how many accounts are placed at once.
const shardSize = 1 << 16

// eachShard reads the accounts that count of an instance, a shard at a time.
// The slice is good until the next one.
func eachShard(dir string, instance int, do func([]licensing.ServerAccount) error) error {
	accounts := make([]licensing.ServerAccount, 0, shardSize)
	emails := make([]licensing.ServerEmail, 0, shardSize)
	flush := func() error {
		err := do(accounts)
		accounts, emails = accounts[:0], emails[:0]
		return err
	}
	err := each(dir, gen.ServerFile(instance), 4, func(r *rows) error {
		if r.is(3, "true") || r.is(1, "ghost") || r.is(1, "scim-admin") {
			return nil
		}
		a := licensing.ServerAccount{UserID: r.text(0)}
		if !r.is(2, "") {
			emails = append(emails, licensing.ServerEmail{Email: licensing.NewEmail(r.text(2)), Primary: true})
			a.Emails = emails[len(emails)-1:]
		}
		accounts = append(accounts, a)
		if len(accounts) < shardSize {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	return flush()
}
