// Package roll reads and writes lists of workers (daftar pekerja) as companies
// keep them: XLSX, or CSV as an Indonesian Excel writes it.
//
//	file ─► XLSX or CSV by its first bytes ─► cells ─► header ─► each row ─┬─► workers
//	                                                                       └─► problems
//
// A list is good as a whole or not at all: with one problem there are no
// workers. A problem names row, column and what to do. Files come from
// strangers: what they may unpack to is bounded, formulas are never computed,
// and what is written is read as text by a spreadsheet.
package roll

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"lapakasik/functions/internal/company"
	"lapakasik/site/requirement"
)

// MaxSize is the largest file in bytes: 5,000 rows need under one megabyte.
const MaxSize = 3 << 20

// Bounds of what a file may hold.
const (
	maxColumns = 64
	maxCell    = 300 // bytes
	maxUnpack  = 48 << 20
	maxTags    = 3 << 19 // 5,000 workers need half a million, a formatted row without a worker one, and a sheet has 2^20 rows
	spare      = 100     // rows beyond the limit that are still looked at, to say how many there are
)

// A Problem is one thing to mend. Code names its words, "kolektif.daftar.<code>".
type Problem struct {
	Row    int    // of the spreadsheet, from 1; 0: the file as a whole
	Column string // as the header has it; "" for the row as a whole
	Cell   string // "C12"; "" where there is none
	Code   string
	Detail string // a name or number for the words
	// Reason and Rule name the rule that the worker does not meet, "" for none:
	// its words are the set's, and a list may have thousands of them.
	Reason string
	Rule   int              // its place among the rules of Reason
	From   requirement.Date // the day from which the rule is met, "" if waiting does not help
}

// A Spec is what a list is held against.
type Spec struct {
	Set   *requirement.Set
	Today requirement.Date
	// Phone and Email are the representative's own, which no worker may have:
	// what a worker is told is for the worker.
	Phone, Email string
}

// A cell is what stands in one cell of a sheet.
type cell struct {
	text    string
	number  bool // kept as a number, so that digits may be lost
	late    bool // a number that counts days from 1904, not 1900
	formula bool
	failed  bool // holds an error of the spreadsheet's, such as #N/A
}

// A row is one line of a sheet with its number.
type row struct {
	n     int
	cells []cell
}

// Read reads a list. With problems there are no workers.
func Read(body []byte, spec Spec) ([]company.Worker, []Problem) {
	rows, bad := sheet(body, spec.Set.Company.MaxWorkers+1+spare)
	if bad != nil {
		return nil, []Problem{*bad}
	}
	if len(rows) == 0 {
		return nil, []Problem{{Code: "kosong"}}
	}
	r := &reader{Spec: spec, columns: Columns(spec.Set), seen: map[string]int{}}
	if r.header(rows[0]); len(r.problems) > 0 {
		return nil, r.problems
	}
	if limit := spec.Set.Company.MaxWorkers; len(rows)-1 > limit {
		return nil, []Problem{{Code: "terlalu-banyak", Detail: strconv.Itoa(limit)}}
	}
	for _, line := range rows[1:] {
		r.worker(line)
	}
	if len(r.workers) == 0 && len(r.problems) == 0 {
		return nil, []Problem{{Code: "tanpa-pekerja"}}
	}
	if len(r.problems) > 0 {
		return nil, r.problems
	}
	return r.workers, nil
}

// sheet returns the rows of a file that hold anything, at most limit of them.
func sheet(body []byte, limit int) ([]row, *Problem) {
	switch {
	case len(body) == 0:
		return nil, &Problem{Code: "kosong"}
	case len(body) > MaxSize:
		return nil, &Problem{Code: "terlalu-besar"}
	case bytes.HasPrefix(body, []byte("PK\x03\x04")):
		return xlsxRows(body, limit)
	case bytes.HasPrefix(body, []byte("\xd0\xcf\x11\xe0")):
		return nil, &Problem{Code: "xls"} // an old workbook, or one with a password
	case !maybeText(http.DetectContentType(body)):
		return nil, &Problem{Code: "bukan-daftar"}
	}
	return csvRows(body, limit)
}

// maybeText tells whether what a browser would take for a media type may be
// CSV: a PDF, picture or web page is not.
func maybeText(media string) bool {
	return strings.HasPrefix(media, "text/plain") || media == "application/octet-stream"
}

type reader struct {
	Spec
	columns  []Column
	at       []int // index into columns of each column of the sheet; -1: empty header
	seen     map[string]int
	workers  []company.Worker
	problems []Problem
}

// header finds the columns. A file that has none of them is no list, which says
// more than each column that it lacks.
func (r *reader) header(line row) {
	place := map[string]int{}
	for i, c := range r.columns {
		place[slug(c.Header)] = i
	}
	for i, c := range line.cells {
		name := slug(c.text)
		k, ok := place[name]
		switch {
		case name == "":
			k = -1
		case !ok:
			r.problems = append(r.problems, Problem{Row: line.n, Cell: address(i, line.n), Code: "kolom-asing", Detail: shorten(c.text)})
			k = -1
		case slices.Contains(r.at, k):
			r.problems = append(r.problems, Problem{Row: line.n, Cell: address(i, line.n), Code: "kolom-ganda", Detail: r.columns[k].Header})
		}
		r.at = append(r.at, k)
	}
	if !slices.ContainsFunc(r.at, func(k int) bool { return k >= 0 }) {
		r.problems = []Problem{{Row: line.n, Code: "bukan-daftar"}}
		return
	}
	for i, c := range r.columns {
		if !slices.Contains(r.at, i) {
			r.problems = append(r.problems, Problem{Row: line.n, Code: "kolom-kurang", Detail: c.Header})
		}
	}
}

// worker reads one row.
func (r *reader) worker(line row) {
	w := company.Worker{Row: line.n, Answers: requirement.Answers{}}
	before := len(r.problems)
	values := make([]string, len(r.columns))
	cells := make([]string, len(r.columns))
	bad := make([]bool, len(r.columns))
	for i := range line.cells {
		if i >= len(r.at) || r.at[i] < 0 {
			if line.cells[i].text != "" {
				r.problems = append(r.problems, Problem{Row: line.n, Cell: address(i, line.n), Code: "sel-lebih"})
			}
			continue
		}
		k := r.at[i]
		cells[k] = address(i, line.n)
		value, code := r.columns[k].value(line.cells[i])
		if code != "" {
			r.say(line.n, k, cells[k], code)
			bad[k] = true
		}
		values[k] = value
	}
	r.reason(&w, values, cells)
	for k, c := range r.columns {
		if bad[k] || c.question != "" {
			continue
		}
		switch {
		case values[k] == "":
			r.say(line.n, k, cells[k], "sel-kosong")
		case c.into != nil && !c.into(&w, values[k]):
			r.say(line.n, k, cells[k], c.problem(values[k]))
		}
	}
	r.answers(&w, values, cells, bad)
	if len(r.problems) == before {
		r.whole(&w, cells)
	}
	r.twice(&w, cells)
	if len(r.problems) == before {
		r.workers = append(r.workers, w)
	}
}

// reason finds the claim reason first: it says which answers the row needs.
func (r *reader) reason(w *company.Worker, values, cells []string) {
	k := slices.IndexFunc(r.columns, func(c Column) bool { return c.wrong == wrongReason })
	typed := slug(values[k])
	for _, code := range r.Set.Company.Reasons {
		reason := r.Set.Reason(code)
		if reason != nil && typed != "" && (typed == code || typed == slug(reason.Title.ID) || typed == slug(reason.Title.EN)) {
			w.Reason = code
			return
		}
	}
	if typed != "" {
		r.say(w.Row, k, cells[k], wrongReason)
	}
}

// answers reads what the reason asks, and leaves the other columns alone.
func (r *reader) answers(w *company.Worker, values, cells []string, bad []bool) {
	reason := r.Set.Reason(w.Reason)
	if reason == nil {
		return
	}
	if w.Person.BirthDate != "" {
		w.Answers[requirement.BirthDate] = string(w.Person.BirthDate)
	}
	for _, q := range r.Set.QuestionsFor(reason, r.Today) {
		k := r.asking(q.Code)
		if k < 0 || bad[k] {
			continue
		}
		switch answer, ok := parseAnswer(q.Kind, values[k]); {
		case values[k] == "":
			r.say(w.Row, k, cells[k], "sel-kosong")
		case !ok && q.Kind == requirement.AskYesNo:
			r.say(w.Row, k, cells[k], "bukan-ya-tidak")
		case !ok:
			r.say(w.Row, k, cells[k], wrongDate)
		default:
			w.Answers[q.Code] = answer
		}
	}
}

// period checks the days of a life and of work against each other. A list is
// of workers who may claim today, and so have left.
func (r *reader) period(w *company.Worker, cells []string) {
	for _, x := range []struct {
		wrong        bool
		header, code string
	}{
		{w.Person.BirthDate > r.Today, born, "lahir-nanti"},
		{w.From <= w.Person.BirthDate, workStart, "kerja-sebelum-lahir"},
		{w.To < w.From, workEnd, "masa-kerja"},
		{w.To > r.Today, workEnd, "kerja-nanti"},
	} {
		if x.wrong {
			k := r.column(x.header)
			r.say(w.Row, k, cells[k], x.code)
		}
	}
}

// whole checks what needs the whole row: the period of work, and whether the
// reason's rules let the worker claim today.
func (r *reader) whole(w *company.Worker, cells []string) {
	r.period(w, cells)
	reason := r.Set.Reason(w.Reason)
	v := reason.Decide(w.Answers, r.Today)
	if v.Eligible {
		return
	}
	p := Problem{Row: w.Row, Code: "belum-berhak", Reason: w.Reason, Rule: slices.Index(reason.Rules, *v.Rule), From: v.From}
	k := r.asking(v.Rule.Question)
	if v.Rule.Question == requirement.BirthDate {
		k = r.column(born)
	}
	if k >= 0 {
		p.Column, p.Cell = r.columns[k].Header, cells[k]
	}
	r.problems = append(r.problems, p)
}

// column is the one of a header that every list has.
func (r *reader) column(header string) int {
	return slices.IndexFunc(r.columns, func(c Column) bool { return c.Header == header })
}

// asking is the column that answers a question and no more, -1 without one.
func (r *reader) asking(question string) int {
	return slices.IndexFunc(r.columns, func(c Column) bool { return c.question == question })
}

// twice finds what two workers cannot share. A worker's own telephone and mail
// are how the worker alone is told, so they are of no one else.
func (r *reader) twice(w *company.Worker, cells []string) {
	once := map[string][]string{"nik": {w.Person.NIK}, "kpj": w.Person.KPJ, "nomor-ponsel": {w.Person.Phone}, "surel": {strings.ToLower(w.Person.Email)}}
	for k, c := range r.columns {
		name := slug(c.Header)
		for _, v := range once[name] {
			if v == "" {
				continue
			}
			if name == "nomor-ponsel" && v == r.Phone || name == "surel" && v == strings.ToLower(r.Email) {
				r.say(w.Row, k, cells[k], "milik-wakil")
				continue
			}
			if first, ok := r.seen[name+v]; ok && first != w.Row {
				r.problems = append(r.problems, Problem{Row: w.Row, Column: c.Header, Cell: cells[k], Code: "ganda", Detail: strconv.Itoa(first)})
				continue
			}
			r.seen[name+v] = w.Row
		}
	}
}

func (r *reader) say(n, column int, cell, code string) {
	r.problems = append(r.problems, Problem{Row: n, Column: r.columns[column].Header, Cell: cell, Code: code})
}

// slug is how headers and reasons are compared: "Nomor ponsel" is "nomor-ponsel".
func slug(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9')
	}), "-")
}

// address names a cell as spreadsheets do: column 0 of row 5 is "A5".
func address(column, row int) string {
	name := ""
	for n := column; n >= 0; n = n/26 - 1 {
		name = string(rune('A'+n%26)) + name
	}
	return name + strconv.Itoa(row)
}

func shorten(s string) string {
	r := []rune(strings.Join(strings.Fields(s), " "))
	return string(r[:min(len(r), 40)])
}
