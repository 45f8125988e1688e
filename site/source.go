package site

import (
	"io/fs"
	"path"
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

// front is the front matter of a page. The Indonesian file carries everything,
// the English one only its words (see translated).
type front struct {
	Title       string           `yaml:"title"`
	Description string           `yaml:"description"`
	Kind        string           `yaml:"kind"`
	Section     string           `yaml:"section"`
	Order       int              `yaml:"order"`
	Reviewed    requirement.Date `yaml:"reviewed"`
	ReviewEvery int              `yaml:"review_every_days"`
	Sources     []source         `yaml:"sources"`
	Changes     []changeNote     `yaml:"changes"`
	Aliases     []string         `yaml:"aliases"`

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
	Situation   string `yaml:"situation"`
}

// A document is one markdown file: front matter and body with their places.
type document struct {
	name string // "klaim/phk.md"
	lang requirement.Lang
	path string // "/klaim/phk/"
	meta text
	body text
	front
}

const (
	maxFile = 256 << 10
	fence   = "---\n"
)

// readDocument splits and decodes one file.
func readDocument(fsys fs.FS, name string) (*document, Problems) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, Problems{{File: name, Message: err.Error()}}
	}
	s := strings.ReplaceAll(string(b), "\r\n", "\n")
	d := &document{name: name, lang: requirement.ID}
	base := strings.TrimSuffix(name, ".md")
	if en, ok := strings.CutSuffix(base, ".en"); ok {
		d.lang, base = requirement.EN, en
	}
	d.path = "/" + strings.TrimSuffix(base, "index")
	if !strings.HasSuffix(d.path, "/") {
		d.path += "/"
	}
	if p := wholeFile(name, s); p != nil {
		return nil, Problems{*p}
	}
	rest := strings.TrimPrefix(s, fence)
	end := strings.Index(rest, "\n"+fence)
	if !strings.HasPrefix(s, fence) || end < 0 {
		return nil, Problems{{File: name, Line: 1, Message: "front matter must start with --- on the first line and end with ---"}}
	}
	d.meta = text{name, rest[:end+1], 2}
	d.body = text{name, rest[end+1+len(fence):], 3 + strings.Count(rest[:end+1], "\n")}
	return d, d.decodeFront()
}

// wholeFile refuses what would break the parser or hide from an editor.
func wholeFile(name, s string) *Problem {
	switch {
	case strings.HasPrefix(s, "\ufeff"):
		return &Problem{File: name, Line: 1, Message: "the file starts with a byte order mark; save it as UTF-8 without BOM"}
	case len(s) > maxFile:
		return &Problem{File: name, Message: "the file is larger than 256 KB; split the page"}
	case !utf8.ValidString(s):
		return &Problem{File: name, Message: "the file is not UTF-8"}
	case strings.ContainsRune(s, 0):
		return &Problem{File: name, Message: "the file holds a zero byte"}
	}
	return nil
}

func (d *document) decodeFront() Problems {
	if d.lang == requirement.EN {
		var t translated
		ps := d.meta.decode(&t)
		d.Title, d.Description, d.Situation = t.Title, t.Description, t.Situation
		return append(ps, d.needs()...)
	}
	ps := d.meta.decode(&d.front)
	if d.Kind == "" {
		d.Kind = kindPage
	}
	return append(ps, d.needs()...)
}

// needs are the lines that every front matter must have, and what they may hold.
func (d *document) needs() Problems {
	var ps Problems
	top := func(format string, args ...any) { ps = append(ps, d.meta.at(1, 0, format, args...)) }
	if d.Title == "" {
		top("title is missing")
	}
	if d.Description == "" {
		top("description is missing")
	}
	if n := utf8.RuneCountInString(d.Description); n > 160 {
		ps = append(ps, d.meta.find("description", "description has %d characters; want at most 160", n))
	}
	if d.lang == requirement.EN {
		return ps
	}
	switch d.Kind {
	case kindPage, kindReason, kindHome, kindStandard, kindPrivacy, "procedure":
	default:
		ps = append(ps, d.meta.find(d.Kind, "unknown kind %q", d.Kind))
	}
	if _, err := requirement.ParseDate(string(d.Reviewed)); err != nil {
		ps = append(ps, d.meta.find("reviewed", "reviewed: %v", err))
	}
	for _, c := range d.Changes {
		if _, err := requirement.ParseDate(string(c.Date)); err != nil {
			ps = append(ps, d.meta.find("changes", "changes: %v", err))
		}
	}
	for _, a := range d.Aliases {
		if !strings.HasPrefix(a, "/") || !strings.HasSuffix(a, "/") {
			ps = append(ps, d.meta.find(a, "alias %q: want a path like /lama/", a))
		}
	}
	return ps
}

func (d *document) code() string { return path.Base(strings.TrimSuffix(d.path, "/")) }
