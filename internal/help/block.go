package help

import "strconv"

// kind is what a block of text is.
type kind uint8

const (
	paragraph kind = iota
	steps          // in this order
	list
	note
	example
	file // lines as they stand in a file
)

// word is the kind in a key of the catalogue.
func (k kind) word() string {
	switch k {
	case steps:
		return "step"
	case list:
		return "item"
	case note:
		return "note"
	case example:
		return "example"
	case file:
		return "file"
	case paragraph:
		return "p"
	default:
		return ""
	}
}

// block is a part of a section: texts of one kind, one after the other.
type block struct {
	Kind kind
	Keys []string // of the catalogue
}

// shape is a block before its section is known: how many texts of which kind.
type shape struct {
	kind kind
	n    int
}

func p(n int) shape    { return shape{paragraph, n} }
func does(n int) shape { return shape{steps, n} }
func has(n int) shape  { return shape{list, n} }
func notes() shape     { return shape{note, 1} }
func shows() shape     { return shape{example, 1} }
func files() shape     { return shape{file, 1} }

// blocks names the texts of a section: each kind is numbered through.
func blocks(prefix string, shapes []shape) []block {
	next := map[kind]int{}
	var all []block
	for _, s := range shapes {
		b := block{Kind: s.kind}
		for range s.n {
			next[s.kind]++
			b.Keys = append(b.Keys, prefix+"."+s.kind.word()+strconv.Itoa(next[s.kind]))
		}
		all = append(all, b)
	}
	return all
}
