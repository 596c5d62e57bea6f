package main

import "strings"

// nearest is the word most like a mistyped one, case ignored; empty when none
// is near enough to be what was meant. Of two that are equally near the first
// is taken.
func nearest(word string, words []string) string {
	best, least := "", max(len(word)/3, 1)+1
	for _, w := range words {
		if d := distance(strings.ToLower(word), strings.ToLower(w)); d < least {
			best, least = w, d
		}
	}
	return best
}

// distance is how many runes must be inserted, removed, replaced or swapped with
// their neighbour to make one text the other.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, last, this := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := range x {
		this[0] = i + 1
		for j := range y {
			cost := 0
			if x[i] != y[j] {
				cost = 1
			}
			this[j+1] = min(this[j]+1, last[j+1]+1, last[j]+cost)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				this[j+1] = min(this[j+1], before[j-1]+1)
			}
		}
		before, last, this = last, this, before
	}
	return last[len(y)]
}
