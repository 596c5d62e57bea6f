package gen

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Instances is the number of server instances, whatever the size.
const Instances = 20

// The files [Write] makes in its directory, beside one [ServerFile] for each
// instance.
const (
	CloudAccountsFile   = "cloud_accounts.csv"
	CloudEmailsFile     = "cloud_emails.csv"
	CloudIdentitiesFile = "cloud_identities.csv"
	InvitationsFile     = "invitations.csv"
	SubscriptionsFile   = "subscriptions.csv"
	DomainsFile         = "domains.csv"
)

// At is the instant the results are computed for.
func At() time.Time { return time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC) }

// Host is the host name of instance i.
func Host(i int) string { return fmt.Sprintf("ghes-%02d.acme.example", i+1) }

// ServerFile is the name of the file with the accounts of instance i.
func ServerFile(i int) string { return "server-" + Host(i) + ".csv" }

// smallest is the least size at which each share below is at least one row.
const smallest = 2200

// Write makes the enterprise with that many server accounts (at least 2,200)
// as CSV files in dir, which exists:
//
//   - a server file for each instance, in the shape of a site-admin report with
//     the columns id, login, email and suspended?: 3 % suspended, 1 % without
//     address, 6 % with another address of the person, 10 % in mixed case, half
//     of 1 % not ASCII, and the two built-in accounts;
//   - cloud_accounts.csv (id, login, suspended, organization, collaboration,
//     pending), cloud_emails.csv (account, email, primary, verified) and
//     cloud_identities.csv (account, organization, protocol, name, value), all
//     in ascending order of the account's id: 45 % of the accounts known by a
//     verified address, 35 % by SAML, 12 % by SCIM, the others by nothing that
//     joins; 2 % suspended, 3 % unaffiliated; one in a thousand also claims
//     the address of somebody else;
//   - invitations.csv and subscriptions.csv, each 1 % of the size;
//   - domains.csv (domain, ascii), the few domains that are not ASCII, for
//     programs that have no IDNA.
//
// Server rows stand in another order on each instance.
func Write(dir string, size int) error {
	if size < smallest {
		return fmt.Errorf("generate an enterprise: %d server accounts, want at least %d", size, smallest)
	}
	w := writer{dir: dir, population: newPopulation(size), people: newPeople()}
	steps := []func() error{w.servers, w.cloudAccounts, w.cloudEmails, w.cloudIdentities, w.invitations, w.subscriptions, w.domains}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("generate an enterprise: %w", err)
		}
	}
	return nil
}

type writer struct {
	dir string
	population
	people
}

// file writes one CSV file: a header, and the rows fill hands to row.
func (w writer) file(name string, header []string, fill func(row func(...string) error) error) (err error) {
	f, err := os.Create(filepath.Join(w.dir, name))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := csv.NewWriter(f)
	if err := out.Write(header); err != nil {
		return err
	}
	if err := fill(func(fields ...string) error { return out.Write(fields) }); err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
