package terminal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/oneseat/oneseat/internal/terminal"
)

func environment(columns string) func(string) string {
	return func(name string) string {
		if name == "COLUMNS" {
			return columns
		}
		return ""
	}
}

func TestWidthCountsCells(t *testing.T) {
	t.Parallel()
	tests := map[string]int{
		"":             0,
		"mona":         4,
		"田中":           4,
		"e\u0301":      1,
		"a\u200db":     2,
		"ﾊﾝｶｸ":         4,
		"Ａ":            2,
		"naïve – “so”": 12,
	}
	for text, want := range tests {
		if got := terminal.Width(text); got != want {
			t.Errorf("Width(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestCleanDisarmsATerminal(t *testing.T) {
	t.Parallel()
	got := terminal.Clean("a\x1b[31mred\u202e\u2028\nb\xff")
	if want := "a�[31mred���b�"; got != want {
		t.Errorf("Clean = %q, want %q", got, want)
	}
}

func TestShortenKeepsBothEnds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text  string
		cells int
		want  string
	}{
		{"short", 5, "short"},
		{"ghes-1.acme.example", 11, "ghes-…ample"},
		{"田中太郎さん", 7, "田…ん"},
		{"anything", 1, "…"},
		{"anything", 0, ""},
	}
	for _, test := range tests {
		got := terminal.Shorten(test.text, test.cells)
		if got != test.want || terminal.Width(got) > test.cells {
			t.Errorf("Shorten(%q, %d) = %q, want %q", test.text, test.cells, got, test.want)
		}
	}
}

func TestShortenListSaysHowManyAreLeftOut(t *testing.T) {
	t.Parallel()
	items := []string{"ada", "bruno", "chidi", "dana", "zoe"}
	tests := []struct {
		items       []string
		more, cells int
		want        string
	}{
		{items, 0, 40, "ada, bruno, chidi, dana, zoe"},
		{items, 0, 24, "ada, bruno, … +2, zoe"},
		{items, 0, 16, "ada, … +3, zoe"},
		{items, 0, 10, "ada, … +4"},
		{items, 0, 8, "a…, … +4"},
		{items, 37, 40, "ada, bruno, chidi, dana, zoe, … +37"},
		{items, 37, 20, "ada, bruno, … +40"},
		{items[:1], 0, 2, "a…"},
		{nil, 0, 5, ""},
	}
	for _, test := range tests {
		got := terminal.ShortenList(test.items, test.more, test.cells)
		if got != test.want || terminal.Width(got) > test.cells {
			t.Errorf("ShortenList(%d, %d) = %q, want %q", test.more, test.cells, got, test.want)
		}
	}
}

func TestWrapBreaksAtSpaces(t *testing.T) {
	t.Parallel()
	got := strings.Join(terminal.Wrap("one two three\nfour a-very-long-word five", 9), "|")
	if want := "one two|three|four|a-very-long-word|five"; got != want {
		t.Errorf("Wrap = %q, want %q", got, want)
	}
}

// table has every trap: a wide character, a long list, a number, a fixed
// column.
func table() terminal.Table {
	return terminal.Table{
		Indent:  2,
		Columns: []terminal.Column{{Head: "LOGIN"}, {Head: "ACCOUNTS", Right: true}, {Head: "ADDRESSES"}, {Head: "RULE", Fixed: true}},
		Rows: [][]terminal.Cell{
			{terminal.Text("田中-acme"), terminal.Text("3"), terminal.List([]string{"a@acme.example", "b@acme.example", "c@acme.example"}, 0), terminal.Text("R4")},
			{terminal.Text("mona"), terminal.Text("12,345"), terminal.List([]string{"mona@acme.example"}, 0), terminal.Text("R3")},
		},
	}
}

func TestTableFitsEveryWidth(t *testing.T) {
	t.Parallel()
	for columns := 40; columns <= 90; columns++ {
		var out bytes.Buffer
		terminal.New(&out, environment(string(rune('0'+columns/10))+string(rune('0'+columns%10)))).Table(table())
		for line := range strings.Lines(out.String()) {
			if got := terminal.Width(strings.TrimSuffix(line, "\n")); got > columns {
				t.Errorf("at %d columns a line takes %d: %q", columns, got, line)
			}
		}
	}
}

func TestTableIsWholeInAPipe(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	terminal.New(&out, environment("")).Table(table())
	want := `  LOGIN      ACCOUNTS  ADDRESSES                                       RULE
  田中-acme         3  a@acme.example, b@acme.example, c@acme.example  R4
  mona         12,345  mona@acme.example                               R3
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestTotalIsSetOff(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	terminal.New(&out, environment("60")).Table(terminal.Table{
		Total:   true,
		Columns: []terminal.Column{{}, {Right: true}},
		Rows: [][]terminal.Cell{
			{terminal.Text("Cloud accounts"), terminal.Text("1,200")},
			{terminal.Text("Licenses"), terminal.Text("1,200")},
		},
	})
	want := `Cloud accounts  1,200
                ─────
Licenses        1,200
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestNoEmphasisOutsideATerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	s := terminal.New(&out, environment("50"))
	s.Heading("Licenses")
	s.Faint(2, "as of today")
	if got, want := out.String(), "\nLicenses\n  as of today\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestDefinitionsHangBesideTheirTerms(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	terminal.New(&out, environment("44")).Definitions(2, []terminal.Definition{
		{Term: "--note TEXT", Text: "a short text"},
		{Term: "--recipient age1…", Text: "whom the file is sealed to, as the enterprise gave it"},
		{Term: "--an-option-with-a-very-long-name", Text: "stands alone"},
		{Term: "empty", Text: ""},
	})
	want := `  --note TEXT        a short text
  --recipient age1…  whom the file is sealed
                     to, as the enterprise
                     gave it
  --an-option-with-a-very-long-name
                     stands alone
  empty
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, bytes.ErrTooLarge }

func TestTheFirstErrorOfWritingIsKept(t *testing.T) {
	t.Parallel()
	s := terminal.New(broken{}, environment(""))
	s.Line("one")
	s.Blank()
	if s.Err() == nil {
		t.Error("writing failed and nobody knows")
	}
}
