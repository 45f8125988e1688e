package page

import "io"

// Script is an own module script by name; see Assets.
type Script string

// Render writes the page.
func Render(w io.Writer, p *Page) error { return nil }
