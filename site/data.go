package site

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"lapakasik/site/requirement"
)

// timetable is the default of branches that have none of their own. Assumed
// says that no source confirms it, and the pages say so.
type timetable struct {
	Desks   map[requirement.Channel]requirement.Desk `yaml:"desks"`
	Note    requirement.Text                         `yaml:"note"`
	Assumed bool                                     `yaml:"assumed"`
}

// data is content/data, with the text of each file for messages.
type data struct {
	documents []requirement.Document
	questions []requirement.Question
	branches  []requirement.Branch
	timetable timetable
	holidays  []requirement.Holiday
	booking   requirement.Booking
	consents  []requirement.Consent
	sections  []requiredSection
	terms     []term
	plain     plainLimits
	device    requirement.Device
	deciding  requirement.Deciding
	company   requirement.Company
	results   requirement.Results
	survey    []requirement.SurveyQuestion
	services  []service
	files     map[string]text
}

// proseData are the data files that prose is read and checked with.
var proseData = []string{"bagian", "bahasa", "istilah"}

// readData reads every data file, or those for prose, as many at a time as there
// are processors. With problems the data is not to be used.
func readData(ctx context.Context, fsys fs.FS, prose bool) (data, Problems, error) {
	d := data{files: map[string]text{}}
	targets := d.targets()
	names := slices.Sorted(maps.Keys(targets))
	if prose {
		names = proseData
	}
	texts, found := make([]text, len(names)), make([]Problems, len(names))
	err := each(ctx, len(names), func(i int) error {
		texts[i], found[i] = readText(fsys, "data/"+names[i]+".yaml")
		if len(found[i]) == 0 {
			found[i] = texts[i].decode(targets[names[i]])
		}
		return nil
	})
	for i, name := range names {
		d.files[name] = texts[i]
	}
	return d, slices.Concat(found...), err
}

// targets says into what each file of data/ is read.
func (d *data) targets() map[string]any {
	return map[string]any{
		"dokumen": &d.documents, "pertanyaan": &d.questions, "kantor": &d.branches, "jadwal": &d.timetable,
		"libur": &d.holidays, "antrean": &d.booking, "persetujuan": &d.consents, "perangkat": &d.device,
		"bagian": &d.sections, "istilah": &d.terms, "bahasa": &d.plain, "keputusan": &d.deciding, "kolektif": &d.company, "kinerja": &d.results, "survei": &d.survey,
		"layanan": &d.services,
	}
}

// in returns a problem at a place of a data file.
func (d *data) in(name string, w way, format string, args ...any) Problem {
	return d.files[name].in(w, format, args...)
}

// readText reads a file of the content and refuses what would break a parser
// or hide from an editor.
func readText(fsys fs.FS, name string) (text, Problems) {
	t := text{file: name, first: 1}
	var err error
	t.body, err = readString(fsys, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return t, Problems{wholeFile(name, "the file is missing")}
	case err != nil:
		return t, Problems{wholeFile(name, "cannot be read: %v", err)}
	case len(t.body) > maxFile:
		return t, Problems{wholeFile(name, "the file has %d KB; want at most %d", len(t.body)>>10, maxFile>>10)}
	}
	if strings.Contains(t.body, "\r") {
		t.body = newlines.Replace(t.body)
	}
	return t, t.unreadable()
}

func readString(fsys fs.FS, name string) (string, error) {
	if s, ok := fsys.(*sources); ok {
		return s.text(name)
	}
	b, err := fs.ReadFile(fsys, name)
	return string(b), err
}
