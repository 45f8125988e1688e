package page

import (
	"html/template"

	"lapakasik/site/requirement"
)

// A Page is one whole HTML page. The generator and the functions describe a
// page with it; this package alone knows how it looks.
type Page struct {
	Lang        requirement.Lang
	Path        string // of the Indonesian page, "/klaim/phk/"; English is "/en" + Path
	Title       string // the h1
	Description string
	Keywords    string   // found by the search, not shown
	Crumbs      []Link   // from the home page down, without the page itself
	Section     string   // path of the main navigation entry to mark, "" for none
	Blocks      []Block  // the content, in order
	Scripts     []Script // own module scripts, loaded late; the page works without them
	Refresh     int      // seconds after which the script asks again, 0 for never; offer a link too
	RefreshTo   string   // of a page that has moved: the new address, at once
	Private     bool     // personal or part of the journey: not indexed, no hreflang, no offline copy
	Staff       *Staff   // of an officers' page: the frame in place of the public one
	Rehearsal   bool     // nothing of it counts: every such page says so, and leads on within the rehearsal
	Fresh       bool     // made for each request: no offline copy
	Step, Steps int      // "Langkah 2 dari 5"; Steps 0 shows nothing
	Back        *Link
	Updated     string // already formatted date
	Origin      string // of a generated page, for canonical and hreflang links; "" for none
	Wide        bool   // the whole width, for overviews
	OnlyLang    bool   // the other language has no such page
	Switch      string // path of the Indonesian site that the language switch leads to, "" for that of the page
	Upload      string // origin that forms and scripts may upload to, for the CSP
	Pictures    string // origin that pictures may come from beside our own, for the CSP
	Reload      int    // seconds after which a page without scripts asks again, 0 for never
	Card        string // path of the picture that shows the page in a chat, "" for none
	Contents    []Link // table of contents of a long page, URLs "#..."
}

// A Link is an address with its words.
type Link struct{ URL, Text string }

// A Block is one component of a page. The types below are all there are.
type Block interface{ block() }

type (
	// HTML is already rendered and trusted content: the generator's markdown.
	HTML struct{ Body template.HTML }
	// Text is one paragraph.
	Text struct{ Text string }
	// Lead is the opening paragraph.
	Lead struct{ Text string }
	// Heading is a section heading of level 2 or 3 with an anchor.
	Heading struct {
		Level    int
		ID, Text string
	}
	// List is a bulleted, or with Ordered a numbered, list.
	List struct {
		Ordered bool
		Items   []string
	}
	// Steps is a procedure, one numbered step each.
	Steps struct{ Items []Step }
	// Step is one step of Steps.
	Step struct{ Title, Text string }
	// Summary is a list of question and answer pairs, with an optional link to change each.
	Summary struct{ Rows []Row }
	// Row is one line of Summary.
	Row struct {
		Key, Value string
		Change     *Link
	}
	// Panel is the large confirmation at the end: title, and the code in big type.
	Panel struct{ Title, Text, Code string }
	// Notice draws attention: Kind "info", "warning", "success" or "danger".
	Notice struct {
		Kind, Title, Text string
		Link              *Link
	}
	// Button is a link that looks like a button; Secondary a quieter one.
	Button struct {
		Link
		Secondary bool
	}
	// Links is a list of links with an optional sentence each.
	Links struct{ Items []LinkItem }
	// LinkItem is one of Links.
	LinkItem struct {
		Link
		Note string
		File bool // to be saved, not opened
	}
	// Cards is a grid of links with a sentence each, for overviews.
	Cards struct{ Items []LinkItem }
	// Checklist is a list of tasks or documents with their state.
	// With Boxes each line begins with a box to tick, on the screen too.
	Checklist struct {
		Items []Task
		Boxes bool
	}
	// Task is one line of Checklist. Kind colours the status: "todo", "busy", "done", "warning", "error", "optional".
	Task struct {
		Title, Hint  string
		Status, Kind string
		Link         *Link
		Details      []string // what the check found, in plain words
		Alternatives []string // accepted instead, any one
		Source       string   // law and article
	}
	// Table has a caption, column heads and rows; Numeric columns align right.
	Table struct {
		Caption string
		Head    []string
		Rows    [][]string
		Numeric []bool
	}
	// Picture is a vector drawing made by us, such as a QR code, with its text alternative.
	Picture struct {
		SVG template.HTML
		Alt string
	}
	// Drawing says at a glance what kind of page this is; its words say the same.
	// Of is "lost" (nothing at this address), "wait" (the rules say no for now),
	// "broken" (our fault) or "empty" (nothing to show).
	Drawing struct{ Of string }
	// Chart draws numbers as bars; the same numbers stand in a table beside it.
	Chart struct {
		Title, Text string // what it shows, and what it says in one sentence
		Bars        []Bar
	}
	// Bar is one bar of Chart: its length in the chart's own measure, and the words for it.
	Bar struct {
		Label, Value string
		Length       int
	}
	// Details is text behind a summary line that opens it.
	Details struct {
		Summary string
		Blocks  []Block
	}
	// Form is a form with its fields; with Errors the page shows the error summary and a title with a prefix.
	Form struct {
		Action  string
		Get     bool // method GET, for choices that are not personal
		Upload  bool // multipart/form-data; checked by the browser too
		Fields  []Field
		Errors  []Error
		Buttons []Submit // the first is the main one
		Script  string   // value of data-module for a script, "" for none
		// Attributes are data-* for a script.
		Attributes map[string]string
	}
	// Submit is a button of a form; with Action it sends to another address.
	Submit struct {
		Text, Name, Value, Action string
		Secondary, Danger         bool
	}
	// Error is a mistake that the person can mend: the field's name and what to do.
	Error struct{ Field, Message string }
)

// FieldKind is the type of a form field.
type FieldKind string

// The kinds of field. DateInput is three inputs named Name+"-hari", "-bulan",
// "-tahun"; its Value is "2006-01-02" or, while wrong, "YYYY|MM|DD" as typed.
const (
	Hidden    FieldKind = "hidden"
	TextInput FieldKind = "text"
	EmailBox  FieldKind = "email"
	PhoneBox  FieldKind = "tel"
	Password  FieldKind = "password" // never shown again
	Digits    FieldKind = "digits"   // inputmode numeric, not type=number
	TextArea  FieldKind = "textarea"
	DateInput FieldKind = "date"
	Radios    FieldKind = "radios"
	Boxes     FieldKind = "boxes"
	Select    FieldKind = "select"
	FileInput FieldKind = "file"
)

// A Field is one question of a form.
type Field struct {
	Kind         FieldKind
	Name         string // form name and base of the ids
	Label, Hint  string
	Value        string
	Options      []Option // Radios, Boxes, Select
	Autocomplete string
	Accept       string            // FileInput
	Width        int               // expected characters, 0 for the full width
	Optional     bool              // adds "(tidak wajib)"
	Attributes   map[string]string // data-* for a script; FileInput, Radios, Boxes, DateInput
}

// An Option is one choice. Group starts a new group with that heading.
type Option struct {
	Value, Label, Hint string
	Group              string
	Checked, Disabled  bool
}

func (HTML) block()      {}
func (Text) block()      {}
func (Lead) block()      {}
func (Heading) block()   {}
func (List) block()      {}
func (Steps) block()     {}
func (Summary) block()   {}
func (Panel) block()     {}
func (Notice) block()    {}
func (Button) block()    {}
func (Links) block()     {}
func (Cards) block()     {}
func (Checklist) block() {}
func (Table) block()     {}
func (Picture) block()   {}
func (Drawing) block()   {}
func (Chart) block()     {}
func (Details) block()   {}
func (*Form) block()     {}
