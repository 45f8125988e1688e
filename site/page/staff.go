package page

// Staff is the frame of the officers' pages in place of the public one: who is
// logged in, where they can go, and the way out.
type Staff struct {
	Name  string
	Links []Link // URLs in the language of the page
	Leave string // address that a POST ends the session at
}
