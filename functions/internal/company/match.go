package company

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"lapakasik/site/requirement"
)

// A Match is where a file of a bulk belongs, by its name
// "<NIK or row>_<document>.pdf".
type Match struct {
	Row  int    // of the list
	Slot string // of the worker's checklist
	Kind string // document code
}

// A Miss says why a file's name leads nowhere.
type Miss string

// The misses; each has words that say what to do.
const (
	MissForm     Miss = "bentuk"   // not "<NIK or row>_<document>.<type>"
	MissType     Miss = "jenis"    // not .pdf, .jpg, .jpeg or .png
	MissWorker   Miss = "pekerja"  // nobody of the list
	MissDocument Miss = "dokumen"  // no document of this worker's checklist
	MissTwo      Miss = "dua-slot" // the document fits two slots
	MissTwice    Miss = "ganda"    // another file of the same bulk was taken for the same place
)

var types = []string{".pdf", ".jpg", ".jpeg", ".png"}

// A Matcher matches file names with the workers of a list.
type Matcher struct {
	rows, niks map[string]int
	workers    map[int]*Worker
	set        *requirement.Set
	on         requirement.Date
	taken      map[Match]bool
}

// NewMatcher matches names with workers whose checklist is that of a day.
func NewMatcher(set *requirement.Set, on requirement.Date, workers []Worker) *Matcher {
	m := &Matcher{map[string]int{}, map[string]int{}, map[int]*Worker{}, set, on, map[Match]bool{}}
	for i := range workers {
		w := &workers[i]
		m.rows[strconv.Itoa(w.Row)], m.niks[w.Person.NIK], m.workers[w.Row] = w.Row, w.Row, w
	}
	return m
}

// Take notes that a file was taken for a place, so that no other has it.
func (m *Matcher) Take(place Match) { m.taken[place] = true }

// Match finds the place of a file. "" if there is one; otherwise the Miss.
func (m *Matcher) Match(name string) (Match, Miss) {
	name = path.Base(strings.ReplaceAll(strings.TrimSpace(name), `\`, "/"))
	ext := strings.ToLower(path.Ext(name))
	if !slices.Contains(types, ext) {
		return Match{}, MissType
	}
	who, what, ok := strings.Cut(strings.TrimSuffix(name, path.Ext(name)), "_")
	if !ok || strings.TrimSpace(what) == "" {
		return Match{}, MissForm
	}
	row, ok := m.rows[strings.TrimSpace(who)]
	if !ok {
		row, ok = m.niks[strings.TrimSpace(who)]
	}
	if !ok {
		return Match{}, MissWorker
	}
	found := m.slots(m.workers[row], slug(what))
	switch {
	case len(found) == 0:
		return Match{}, MissDocument
	case len(found) > 1:
		return Match{}, MissTwo
	case m.taken[found[0]]:
		return Match{}, MissTwice
	}
	return found[0], ""
}

// slots are the places of a worker's checklist that a document name means: the
// slot itself, or a document that is accepted there.
func (m *Matcher) slots(w *Worker, name string) []Match {
	var out []Match
	for _, it := range w.Checklist(m.set, m.on) {
		for _, code := range it.OneOf {
			if name == code || name == it.Slot && len(it.OneOf) == 1 {
				out = append(out, Match{w.Row, it.Slot, code})
			}
		}
	}
	return out
}

// slug turns what people type into the form of a code: "Kartu Peserta" is "kartu-peserta".
func slug(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), "-")
}
