package main

import (
	"fmt"
	"strconv"
	"strings"
)

// size is a number of accounts, written as 10k or 1M.
type size int

func (s *size) UnmarshalText(text []byte) error {
	digits, unit := string(text), 1
	switch {
	case strings.HasSuffix(digits, "k"):
		digits, unit = digits[:len(digits)-1], 1000
	case strings.HasSuffix(digits, "M"):
		digits, unit = digits[:len(digits)-1], 1_000_000
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n <= 0 || n > 1_000_000_000/unit {
		return fmt.Errorf("%q is no size: write 500, 10k or 1M", text)
	}
	*s = size(n * unit)
	return nil
}

func (s size) String() string {
	switch {
	case s > 0 && s%1_000_000 == 0:
		return strconv.Itoa(int(s)/1_000_000) + "M"
	case s > 0 && s%1000 == 0:
		return strconv.Itoa(int(s)/1000) + "k"
	default:
		return strconv.Itoa(int(s))
	}
}

func mebibytes(n int64) string { return strconv.FormatFloat(float64(n)/(1<<20), 'f', 0, 64) }

func seconds(s float64) string { return strconv.FormatFloat(s, 'f', 3, 64) }

func times(a, b float64) string { return strconv.FormatFloat(a/b, 'f', 2, 64) }
