package site

import (
	"cmp"
	"io/fs"
	"path"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"lapakasik/site/requirement"
)

// Kinds of pages.
const (
	kindPage     = "page"
	kindReason   = "reason"
	kindHome     = "home"
	kindStandard = "standard"
	kindPrivacy  = "privacy"
)

var kinds = []string{kindPage, kindReason, "procedure", kindStandard, kindHome, kindPrivacy}

// front is the front matter of a page. The Indonesian file carries everything,
// the English one only its words (see translated).
type front struct {
	Title       string           `yaml:"title"`
	Description string           `yaml:"description"`
	Keywords    string           `yaml:"keywords"` // what people call it who look for it, found by the search
	Kind        string           `yaml:"kind"`
	Section     string           `yaml:"section"`
	Order       int              `yaml:"order"`
	Reviewed    requirement.Date `yaml:"reviewed"`
	ReviewEvery int              `yaml:"review_every_days"`
	Sources     []source         `yaml:"sources"`
	Changes     []changeNote     `yaml:"changes"`
	Aliases     []string         `yaml:"aliases"`
	Draft       bool             `yaml:"draft"`
	Publish     requirement.Date `yaml:"publish"`
	Expires     requirement.Date `yaml:"expires"`

	Situation string                `yaml:"situation"`
	Programme string                `yaml:"programme"`
	Channels  []requirement.Channel `yaml:"channels"`
	Applicant requirement.Applicant `yaml:"applicant"`
	Rules     []requirement.Rule    `yaml:"rules"`
	Lists     []requirement.List    `yaml:"lists"`
}

type source struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

type changeNote struct {
	Date requirement.Date `yaml:"date"`
	Text requirement.Text `yaml:"text"`
}

// translated is the front matter of an English file.
type translated struct {
	Title       string `yaml:"title"`
	Description string `yaml:"description"`
	Keywords    string `yaml:"keywords"`
	Situation   string `yaml:"situation"`
}

// A document is one markdown file: front matter and body with their places.
type document struct {
	name string // "klaim/phk.md"
	lang requirement.Lang
	path string // "/klaim/phk/"
	meta text
	body text // see bodyText
	front
	unfilled Problems // places that the template of a new page leaves to be filled in
	broken   bool     // the front matter has problems; what it says is not to be used
	from     fs.FS    // it was read from
}

const (
	maxFile = 256 << 10
	fence   = "---\n"

	maxDescription = 160 // characters; search results cut what is longer
)

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// unreadable tells what makes a file unfit to be parsed.
func (t text) unreadable() Problems {
	bad := control(t.body)
	switch {
	case strings.HasPrefix(t.body, "\ufeff"):
		return Problems{t.at(1, 1, "the file starts with a byte order mark; save it as UTF-8 without BOM")}
	case !utf8.ValidString(t.body):
		return Problems{wholeFile(t.file, "the file is not UTF-8")}
	case bad >= 0:
		return Problems{t.offset(bad, "the file holds a control character (%U)", t.body[bad])}
	}
	return nil
}

// control returns where the first control character is, or -1. Every byte
// below the space is one: UTF-8 has such bytes in no other character.
func control(s string) int {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' {
			return i
		}
	}
	return -1
}

// readDocument splits and decodes one file. A document that cannot be read is
// broken, but still has its address; nil is a file whose name is none.
func readDocument(fsys fs.FS, name string) (*document, Problems) {
	if !isFileName(name) {
		return nil, Problems{wholeFile(name, "a file name is an address: want small letters, digits and dashes, then .md or .en.md")}
	}
	d := &document{name: name, from: fsys}
	d.path, d.lang = address(name)
	t, ps := readText(fsys, name)
	if len(ps) == 0 {
		d.unfilled = t.unfilled()
		ps = d.split(t)
	}
	if len(ps) == 0 {
		ps = d.decodeFront()
	}
	d.broken = len(ps) > 0
	return d, ps
}

// unfilled finds what a new page holds between ‹ and ›: who writes it is to put
// something else there.
func (t text) unfilled() Problems {
	var ps Problems
	for at := 0; ; {
		i := strings.Index(t.body[at:], "‹")
		if i < 0 {
			return ps
		}
		at += i
		words := firstLine(t.body[at:])
		if end := strings.Index(words, "›"); end >= 0 {
			words = words[:end+len("›")]
		}
		ps = append(ps, t.offset(at, "%s is still to be filled in", words))
		at += len(words)
	}
}

// bodyText is the body. Thousands of pages do not keep theirs once they are
// HTML; should there be something to say of one after that, it is read again.
func (d *document) bodyText() text {
	if d.body.body == "" {
		if again, ps := readText(d.from, d.name); len(ps) == 0 {
			fresh := document{}
			_ = fresh.split(again) // without a body there is no excerpt
			return fresh.body
		}
	}
	return d.body
}

// split parts the front matter from the body.
func (d *document) split(t text) Problems {
	rest, opened := strings.CutPrefix(t.body, fence)
	end := fenceAt(rest)
	if line := almostFence(rest); opened && end < 0 && line > 0 {
		return Problems{t.at(1+line, 1, "front matter ends with a line of three dashes and nothing else")}
	}
	if !opened || end < 0 {
		return Problems{t.at(1, 0, "front matter must start with --- on the first line and end with ---")}
	}
	d.meta = text{t.file, strings.Clone(rest[:end]), 2} // it outlives the body
	if rest = rest[end:]; len(rest) > len(fence) {
		d.body.body = rest[len(fence):]
	}
	d.body.file, d.body.first = t.file, 3+strings.Count(d.meta.body, "\n")
	return nil
}

// fenceAt returns where the line that ends the front matter is, -1 if nowhere.
// It may be the first line, and the last without a line break.
func fenceAt(s string) int {
	if s == "---" || strings.HasPrefix(s, fence) {
		return 0
	}
	if i := strings.Index(s, "\n"+fence); i >= 0 {
		return i + 1
	}
	if strings.HasSuffix(s, "\n---") {
		return len(s) - len("---")
	}
	return -1
}

// almostFence returns the number of the first line that was meant to end the
// front matter and has other dashes, or a space behind them; 0 if there is none.
func almostFence(s string) int {
	n := 0
	for line := range strings.Lines(s) {
		n++
		if line = strings.TrimSpace(line); len(line) > 1 && strings.Trim(line, "-–—") == "" {
			return n
		}
	}
	return 0
}

// address returns the path and language of a file: "klaim/phk.en.md" is
// "/klaim/phk/" in English, "index.md" is "/".
func address(name string) (string, requirement.Lang) {
	l := requirement.ID
	base := strings.TrimSuffix(name, ".md")
	if en, ok := strings.CutSuffix(base, ".en"); ok {
		l, base = requirement.EN, en
	}
	if base == "index" {
		return "/", l
	}
	return "/" + strings.TrimSuffix(base, "/index") + "/", l
}

func (d *document) decodeFront() Problems {
	if d.lang == requirement.EN {
		var t translated
		ps := d.decodeTranslated(&t)
		d.Title, d.Description, d.Keywords, d.Situation = t.Title, t.Description, t.Keywords, t.Situation
		if len(ps) > 0 {
			return ps
		}
		return d.needsWords()
	}
	if !d.front.decodeSimple(d.meta.body) {
		if ps := d.meta.decode(&d.front); len(ps) > 0 {
			return ps
		}
	}
	d.Kind = cmp.Or(d.Kind, kindPage)
	return append(d.needsWords(), d.needs()...)
}

// decodeTranslated reads the front matter of an English file.
func (d *document) decodeTranslated(out *translated) Problems {
	var f front
	if f.decodeSimple(d.meta.body) {
		out.Title, out.Description, out.Keywords, out.Situation = f.Title, f.Description, f.Keywords, f.Situation
		f.Title, f.Description, f.Keywords, f.Situation = "", "", "", ""
		if reflect.ValueOf(f).IsZero() {
			return nil
		}
	}
	return d.meta.decode(out)
}

// in returns a problem at a value of the front matter.
func (d *document) in(w way, format string, args ...any) Problem {
	return d.meta.in(w, format, args...)
}

// whole returns a problem of a document as a whole, at its title if it has one,
// where a program for texts can go to.
func (d *document) whole(format string, args ...any) Problem {
	if d.meta.file == "" {
		return wholeFile(d.name, format, args...)
	}
	return d.in(way{"title"}, format, args...)
}

// needsWords checks what the front matter of every language must have.
func (d *document) needsWords() Problems {
	var ps Problems
	if isBlank(d.Title) {
		ps = append(ps, d.in(way{"title"}, "title is missing"))
	}
	if isBlank(d.Description) {
		ps = append(ps, d.in(way{"description"}, "description is missing"))
	}
	if n := utf8.RuneCountInString(d.Description); n > maxDescription {
		ps = append(ps, d.in(way{"description"}, "description has %d characters; want at most %d", n, maxDescription))
	}
	return ps
}

// needs checks what only the Indonesian front matter has.
func (d *document) needs() Problems {
	var ps Problems
	at := func(w way, format string, args ...any) { ps = append(ps, d.in(w, format, args...)) }
	if !isKind(d.Kind) {
		at(way{"kind"}, "kind %q: want one of %s", d.Kind, strings.Join(kinds, ", "))
	}
	if _, err := requirement.ParseDate(string(d.Reviewed)); d.Reviewed == "" {
		at(way{"reviewed"}, "reviewed is missing: the day when somebody last read the page against its sources")
	} else if err != nil {
		at(way{"reviewed"}, wrongDate, "reviewed", d.Reviewed)
	}
	if d.ReviewEvery < 0 {
		at(way{"review_every_days"}, "review_every_days must not be negative")
	}
	for i, s := range d.Sources {
		if isBlank(s.Title) {
			at(way{"sources", i}, "a source needs a title")
		}
		if s.URL != "" && !strings.HasPrefix(s.URL, "https://") {
			at(way{"sources", i, "url"}, "source address %q: want https://…", s.URL)
		}
	}
	for i, c := range d.Changes {
		if _, err := requirement.ParseDate(string(c.Date)); err != nil {
			at(way{"changes", i, "date"}, wrongDate, "changes", c.Date)
		}
		if isBlank(c.Text.ID) || isBlank(c.Text.EN) {
			at(way{"changes", i, "text"}, "a change needs its text in both languages")
		}
	}
	for i, a := range d.Aliases {
		if !isAlias(a) {
			at(way{"aliases", i}, "alias %q: want a path like /lama/", a)
		}
	}
	return append(ps, d.checkDays()...)
}

// small are the letters of codes and, with the dash, of addresses.
const small = "abcdefghijklmnopqrstuvwxyz0123456789"

// isFileName tells whether a file of the content may have a name.
func isFileName(name string) bool {
	address, ok := strings.CutSuffix(name, ".md")
	return ok && areParts(strings.TrimSuffix(address, ".en"))
}

// isAlias tells whether a page may have had an address.
func isAlias(path string) bool {
	path, opened := strings.CutPrefix(path, "/")
	path, closed := strings.CutSuffix(path, "/")
	return opened && closed && areParts(path)
}

// areParts tells whether a text is parts of an address with slashes between.
func areParts(s string) bool {
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || strings.Trim(part, small+"-") != "" {
			return false
		}
	}
	return true
}

// isBlank tells whether a text says nothing.
func isBlank(s string) bool { return strings.TrimSpace(s) == "" }

func isKind(k string) bool { return slices.Contains(kinds, k) }

func (d *document) code() string { return path.Base(strings.TrimSuffix(d.path, "/")) }
