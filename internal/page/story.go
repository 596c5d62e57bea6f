package page

import "github.com/a-h/templ"

// Story is a page in an interesting state, with invented people, for a
// storybook.
type Story struct {
	// Name stands in the story's address.
	Name string
	// Show makes the page, in the frame of whoever looks.
	Show func(Frame) templ.Component
}
