package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub/store"
	"github.com/oneseat/oneseat/licensing"
)

// missDocument says which account almost joined which cloud account; without
// host and id it is an invitation that did. The addresses are looked up where
// they stand whenever somebody reads the line.
type missDocument struct {
	Login string `json:"login"`
	Host  string `json:"host,omitempty"`
	ID    string `json:"id,omitempty"`
}

// near makes the list of near misses: it goes through the items of the server
// instances, then once through the cloud side.
func (m *listMaker) near(ctx context.Context) error {
	accounts, err := m.accountsAlone(ctx)
	if err != nil {
		return err
	}
	finder := licensing.NewNearFinder(m.r.Domains)
	for i := range accounts {
		finder.Want(&accounts[i].Account)
	}
	if len(accounts) > 0 && m.r.cloudSeq() > 0 {
		cloud := cloudScan{ctx: ctx, e: m.e, seq: m.r.cloudSeq()}
		for c := range cloud.accounts {
			finder.Look(c)
		}
		if cloud.err != nil {
			return cloud.err
		}
	}
	for i := range accounts {
		a := &accounts[i]
		p := &m.Alone[a.whose]
		p.Misses = append(p.Misses, missesOf(finder, a.at, &a.Account)...)
	}
	return m.nearLines(ctx)
}

// aloneAccount is a server account of somebody who has no others.
type aloneAccount struct {
	whose   int
	at      licensing.HostID
	Account licensing.ServerAccount
}

func (m *listMaker) accountsAlone(ctx context.Context) ([]aloneAccount, error) {
	var out []aloneAccount
	var decoder store.AccountDecoder
	for _, in := range m.r.Inputs {
		if in.Source == CloudSource || len(m.whose) == 0 {
			continue
		}
		for item, err := range m.e.Items(ctx, in.Source, in.Seq) {
			if err != nil {
				return nil, err
			}
			at := licensing.HostID{Host: in.Host, ID: item.Key}
			whose, alone := m.whose[at]
			if !alone {
				continue
			}
			account, err := decoder.Decode(&item)
			if err != nil {
				return nil, err
			}
			out = append(out, aloneAccount{whose, at, account})
		}
	}
	return out, nil
}

func missesOf(f *licensing.NearFinder, at licensing.HostID, a *licensing.ServerAccount) []WorkMiss {
	var out []WorkMiss
	for _, miss := range f.Misses(a) {
		out = append(out, WorkMiss{NearMiss: NearMiss{NearMiss: miss}, Account: at})
	}
	return out
}

// bestOf sorts a person's near misses, in which those of one account stand in
// their order, and keeps the best.
func bestOf(misses []WorkMiss) []WorkMiss {
	slices.SortStableFunc(misses, func(x, y WorkMiss) int {
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(strings.ToLower(x.Login), strings.ToLower(y.Login)),
			cmp.Compare(x.Account.Host, y.Account.Host), cmp.Compare(x.Account.ID, y.Account.ID))
	})
	return misses[:min(len(misses), licensing.MaxNearMisses)]
}

// nearLines writes the list. What would be saved is counted over everybody who
// almost joined the same cloud account before any other: all of them and the
// cloud account's person would be one.
func (m *listMaker) nearLines(ctx context.Context) error {
	around := map[string]int64{}
	for i := range m.Alone {
		if p := &m.Alone[i]; len(p.Misses) > 0 {
			p.Misses = bestOf(p.Misses)
			around[p.best()]++
		}
	}
	for login := range around {
		consumes, err := m.consumesNow(ctx, m.ids.Of("cloud:"+login))
		if err != nil {
			return err
		}
		if !consumes {
			around[login]--
		}
	}
	list, err := m.list(ctx, WorkNear)
	if err != nil {
		return err
	}
	for i := range m.Alone {
		p := &m.Alone[i]
		if len(p.Misses) == 0 || around[p.best()] == 0 {
			continue
		}
		line, err := m.nearLine(p, around[p.best()])
		if err != nil {
			return err
		}
		if err := list.put(ctx, line); err != nil {
			return err
		}
	}
	for _, b := range m.beside {
		line, err := m.besideLine(b)
		if err == nil {
			err = list.put(ctx, line)
		}
		if err != nil {
			return err
		}
	}
	return list.close(ctx)
}

// besideLine is a line of the list about an invitation, which saves its license
// when it is accepted.
func (m *listMaker) besideLine(b besidePerson) (store.WorkLine, error) {
	login := strings.ToLower(b.login)
	document, err := json.Marshal([]missDocument{{Login: login}})
	return store.WorkLine{
		ID: b.id, Place: nearPlace(m.gap.worthOfInvitation(b.id.String(), b.unsure), 1, login) + "\x01", Saves: 1, Document: string(document), Since: m.r.CreatedAt,
	}, err
}

// best is the lower-cased login of the cloud account that a person almost
// joined before any other.
func (p *alonePerson) best() string { return strings.ToLower(p.Misses[0].Login) }

// nearLine is a line of the list: in the order of what it is worth, then who
// saves most comes first, and who almost joined the same cloud account comes
// together.
func (m *listMaker) nearLine(p *alonePerson, saves int64) (store.WorkLine, error) {
	misses := make([]missDocument, 0, len(p.Misses))
	for _, miss := range p.Misses {
		misses = append(misses, missDocument{strings.ToLower(miss.Login), miss.Account.Host, miss.Account.ID})
	}
	document, err := json.Marshal(misses)
	worth := worthOfMiss(m.gap.hasSources(p.sources), &p.Misses[0])
	return store.WorkLine{
		ID: p.id, Place: nearPlace(worth, saves, p.best()) + "\x01" + p.Misses[0].Account.String(), Sources: p.sources, Saves: saves,
		Document: string(document), Since: m.r.CreatedAt,
	}, err
}

// maxNearSaves is how many licenses a line saves of those that the page of a
// cloud account names: more people are hardly ever near to one.
const maxNearSaves = 4

// nearPlace begins the place of a line by what it is worth, how many licenses
// that are, and the lower-cased login of the cloud account that it is nearest
// to.
func nearPlace(worth WorkWorth, saves int64, login string) string {
	return fmt.Sprintf("%s%016x%s", worth.rank(), math.MaxInt64-saves, login)
}

// workMisses looks up what a line is about: the accounts it names, on both
// sides, at most [licensing.MaxNearMisses] on each.
func (s *Service) workMisses(ctx context.Context, enterprise int64, r *Result, p *Person, document string) ([]WorkMiss, error) {
	var named []missDocument
	if err := json.Unmarshal([]byte(document), &named); err != nil {
		return nil, fmt.Errorf("near misses of person %s: %w", p.ID, err)
	}
	e := s.store.For(enterprise)
	finder := licensing.NewNearFinder(r.Domains)
	mine := map[licensing.HostID]*licensing.ServerAccount{}
	var out []WorkMiss
	for _, miss := range named {
		if miss.Host == "" {
			out = append(out, besideMiss(p))
			continue
		}
		at := licensing.HostID{Host: miss.Host, ID: miss.ID}
		if mine[at] != nil {
			continue
		}
		account, err := serverAccount(ctx, e, r, p, at)
		if errs.KindOf(err) == errs.NotFound {
			continue // forgotten since
		}
		if err != nil {
			return nil, err
		}
		mine[at] = account
		finder.Want(account)
	}
	near, err := lookAtLogins(ctx, e, r.cloudSeq(), finder, named)
	if err != nil {
		return nil, err
	}
	for at, account := range mine {
		out = append(out, missesOf(finder, at, account)...)
	}
	for i := range out {
		out[i].Near = near[strings.ToLower(out[i].Login)]
	}
	return bestOf(out), nil
}

// besideMiss is that of somebody who is an invitation beside an account.
func besideMiss(p *Person) WorkMiss {
	miss := WorkMiss{Invitation: true, NearMiss: NearMiss{NearMiss: licensing.NearMiss{Login: p.Person.Beside}}}
	if len(p.Person.Invitations) > 0 {
		miss.Mine, miss.Attribute = p.Person.Invitations[0].Email, p.Person.Invitations[0].Reason.Attribute
		miss.To = cmp.Or(p.Person.Invitations[0].Organization, p.Person.Invitations[0].Repository)
	}
	return miss
}

// lookAtLogins shows a finder the cloud accounts that are named, each once, and
// gives them by lower-cased login.
func lookAtLogins(ctx context.Context, e *store.Enterprise, seq int64, f *licensing.NearFinder, named []missDocument) (map[string]*licensing.CloudAccount, error) {
	seen := map[string]*licensing.CloudAccount{}
	for _, miss := range named {
		if seen[miss.Login] != nil || miss.Host == "" {
			continue
		}
		document, err := e.Item(ctx, CloudSource, seq, store.KindCloudAccount, miss.Login)
		if errs.KindOf(err) == errs.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		account, err := store.DecodeCloudAccount(document)
		if err != nil {
			return nil, err
		}
		f.Look(&account)
		seen[miss.Login] = &account
	}
	return seen, nil
}
