package site

import (
	"io/fs"

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
	files     map[string]text
}

func readData(fsys fs.FS) (data, Problems) {
	d := data{files: map[string]text{}}
	var ps Problems
	for name, out := range map[string]any{
		"dokumen": &d.documents, "pertanyaan": &d.questions, "kantor": &d.branches, "jadwal": &d.timetable,
		"libur": &d.holidays, "antrean": &d.booking, "persetujuan": &d.consents,
	} {
		file := "data/" + name + ".yaml"
		b, err := fs.ReadFile(fsys, file)
		if err != nil {
			ps = append(ps, Problem{File: file, Message: "the file is missing"})
			continue
		}
		if p := wholeFile(file, string(b)); p != nil {
			ps = append(ps, *p)
			continue
		}
		d.files[name] = text{file, string(b), 1}
		ps = append(ps, d.files[name].decode(out)...)
	}
	return d, ps
}
