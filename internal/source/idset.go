package source

import "github.com/zeebo/xxh3"

// idSet remembers which ids of an instance were seen, in little memory: a bit
// for each number where numbers are dense, as they are on a server, which
// numbers its accounts; eight bytes for a number elsewhere; sixteen (a hash,
// seeded anew for each file) for an id that is no number.
type idSet struct {
	seed    uint64
	pages   map[uint64]*page
	budget  int // further pages that the ids seen so far pay for
	numbers map[uint64]struct{}
	texts   map[xxh3.Uint128]struct{}
	last    *page // of the number lastly added
	lastNo  uint64
}

// page has a bit for each of pageIDs numbers.
type page [pageIDs / 64]uint64

const (
	pageIDs = 1 << 12
	// freePages are there from the beginning; each further page of 512 bytes
	// is paid for by idsPerPage ids, so that bits never cost more than 32
	// bytes an id.
	freePages  = 1 << 10
	idsPerPage = 16
)

func newIDSet(seed uint64) *idSet {
	return &idSet{
		seed: seed, pages: map[uint64]*page{}, budget: freePages * idsPerPage,
		numbers: map[uint64]struct{}{}, texts: map[xxh3.Uint128]struct{}{},
	}
}

// addNumber says whether a number is new, and remembers it.
func (s *idSet) addNumber(n uint64) bool {
	p := s.page(n / pageIDs)
	if p == nil || len(s.numbers) > 0 {
		if _, seen := s.numbers[n]; seen {
			return false
		}
	}
	s.budget++
	if p == nil {
		s.numbers[n] = struct{}{}
		return true
	}
	word, bit := &p[n%pageIDs/64], uint64(1)<<(n%64)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// page is the page of a number; nil when there is none and none can be paid.
func (s *idSet) page(number uint64) *page {
	if s.last != nil && s.lastNo == number {
		return s.last
	}
	p := s.pages[number]
	if p == nil {
		if s.budget < idsPerPage {
			return nil
		}
		s.budget -= idsPerPage
		p = new(page)
		s.pages[number] = p
	}
	s.last, s.lastNo = p, number
	return p
}

// addText says whether an id that is no plain number is new, and remembers it.
func (s *idSet) addText(id string) bool {
	key := xxh3.HashString128Seed(id, s.seed)
	if _, seen := s.texts[key]; seen {
		return false
	}
	s.texts[key] = struct{}{}
	return true
}
