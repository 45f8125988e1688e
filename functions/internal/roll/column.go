package roll

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/site/requirement"
)

// Codes of problems that several columns have.
const (
	wrongDate   = "bukan-tanggal"
	wrongReason = "sebab-asing"
	wrongOrder  = "tidak-urut"
)

// Headers of columns that are looked for by name.
const (
	born      = "Tanggal lahir"
	workStart = "Mulai kerja"
	workEnd   = "Akhir kerja"
)

// kind is how a column's cells are to be kept in a sheet.
type kind int

const (
	asText   kind = iota
	asDigits      // as text, because a number loses zeros in front and digits after the fifteenth
	asDate
)

// A Column is one column of the list.
type Column struct {
	Header   string
	kind     kind
	question string // code of the question that it answers, "" for none
	wrong    string // code of the problem of a value that cannot be read, "…-salah" where there is a fault
	fault    func(string) claim.Fault
	into     func(*company.Worker, string) bool
}

// Columns are the columns of a list, in the order of the template: the person,
// the claim reason, the period of work, then what the reasons ask.
func Columns(set *requirement.Set) []Column {
	out := slices.Clone(columns)
	seen := map[string]bool{requirement.BirthDate: true}
	for _, code := range set.Company.Reasons {
		reason := set.Reason(code)
		if reason == nil {
			continue
		}
		for _, rule := range reason.Rules {
			add(&out, set, seen, rule.Question)
		}
		for _, l := range reason.Lists {
			for _, it := range l.Items {
				for _, q := range it.When {
					add(&out, set, seen, q)
				}
			}
		}
	}
	return out
}

func add(out *[]Column, set *requirement.Set, seen map[string]bool, code string) {
	q := set.Question(code)
	if q == nil || seen[code] {
		return
	}
	seen[code] = true
	c := Column{Header: strings.ToUpper(code[:1]) + strings.ReplaceAll(code[1:], "-", " "), question: code}
	if q.Kind == requirement.AskDate {
		c.kind = asDate
	}
	*out = append(*out, c)
}

var columns = []Column{
	person("Nama", asText, "nama-salah", claim.ParseName, claim.NameFault, func(p *claim.Person, v string) { p.Name = v }),
	person("NIK", asDigits, "nik-salah", claim.ParseNIK, claim.NIKFault, func(p *claim.Person, v string) { p.NIK = v }),
	person("KPJ", asDigits, "kpj-salah", claim.ParseKPJs, claim.KPJsFault, func(p *claim.Person, v string) { p.KPJ = strings.Fields(v) }),
	person(born, asDate, wrongDate, parseDate, nil, func(p *claim.Person, v string) { p.BirthDate = requirement.Date(v) }),
	person("Nomor ponsel", asDigits, "ponsel-salah", claim.ParsePhone, nil, func(p *claim.Person, v string) { p.Phone = v }),
	person("Surel", asText, "surel-salah", claim.ParseEmail, nil, func(p *claim.Person, v string) { p.Email = v }),
	person("Bank", asText, "bank-salah", claim.ParseBank, nil, func(p *claim.Person, v string) { p.Bank = v }),
	person("Nomor rekening", asDigits, "rekening-salah", claim.ParseAccount, nil, func(p *claim.Person, v string) { p.Account = v }),
	person("Nama pemilik rekening", asText, "nama-salah", claim.ParseName, claim.NameFault, func(p *claim.Person, v string) { p.Holder = v }),
	{Header: "Sebab klaim", wrong: wrongReason},
	{Header: workStart, kind: asDate, wrong: wrongDate, into: func(w *company.Worker, v string) bool { return date(&w.From, v) }},
	{Header: workEnd, kind: asDate, wrong: wrongDate, into: func(w *company.Worker, v string) bool { return date(&w.To, v) }},
}

func person(header string, k kind, wrong string, parse func(string) (string, bool), fault func(string) claim.Fault, into func(*claim.Person, string)) Column {
	return Column{Header: header, kind: k, wrong: wrong, fault: fault, into: func(w *company.Worker, typed string) bool {
		v, ok := parse(typed)
		if ok {
			into(&w.Person, v)
		}
		return ok
	}}
}

// problem is the code of the problem of a value that cannot be read.
func (c *Column) problem(value string) string {
	if c.fault == nil {
		return c.wrong
	}
	return strings.TrimSuffix(c.wrong, string(claim.Malformed)) + string(c.fault(value))
}

func date(into *requirement.Date, typed string) bool {
	v, ok := parseDate(typed)
	if ok {
		*into = requirement.Date(v)
	}
	return ok
}

// failures are what a spreadsheet shows in place of a value, and writes into CSV.
var failures = []string{"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"}

// value takes a cell as its column means it. code is what the spreadsheet did
// to the value that cannot be undone.
func (c *Column) value(x cell) (value, code string) {
	text := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(x.text), "'"))
	switch {
	case x.failed || slices.Contains(failures, text):
		return "", "sel-galat"
	case x.formula:
		return "", "rumus"
	case len(text) > maxCell || !utf8.ValidString(text):
		return "", "sel-panjang"
	case strings.ContainsFunc(text, unicode.IsControl):
		return "", "sel-rusak"
	case x.number && c.kind == asDate:
		return serial(text, x.late)
	case c.kind == asDigits && scientific(text):
		return "", "notasi-ilmiah"
	case x.number && c.kind == asDigits:
		return digits(c.Header, text)
	}
	return text, ""
}

// scientific tells whether a spreadsheet wrote a long number as 9,97101E+15.
func scientific(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E")
	return ok && exponent != "" && strings.Trim(exponent, "+-0123456789") == "" && mantissa != "" && strings.Trim(mantissa, "0123456789.,") == ""
}

// digits takes a number where digits were meant, if none can have been lost: a
// spreadsheet keeps fifteen, and no zero in front. A mobile number begins with
// one zero and no more, so that one comes back.
func digits(header, text string) (string, string) {
	switch {
	case header == "Nomor ponsel" && strings.HasPrefix(text, "8"):
		return "0" + text, ""
	case header == "Nomor ponsel" && strings.HasPrefix(text, "62"), header == "KPJ" && len(text) == 11:
		return text, ""
	}
	return "", "angka"
}

// late1904 is how many days later a workbook begins to count that was made by
// an old Excel of the Mac.
const late1904 = 1462

// serial turns a day as spreadsheets count it into a date.
func serial(text string, late bool) (string, string) {
	f, err := strconv.ParseFloat(text, 64)
	if late && f >= 0 {
		f += late1904
	}
	if err != nil || f < 61 || f >= 2958466 { // before 1 March 1900 Excel counts a day that never was
		return "", wrongDate
	}
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(f)).Format(time.DateOnly), ""
}

// layouts of a date, day first as Indonesia writes it.
var layouts = []string{time.DateOnly, "2/1/2006", "2-1-2006", "2.1.2006"}

func parseDate(typed string) (string, bool) {
	typed = strings.TrimSuffix(typed, "T00:00:00")
	for _, l := range layouts {
		if t, err := time.Parse(l, typed); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return t.Format(time.DateOnly), true
		}
	}
	return typed, false
}

func parseAnswer(k requirement.QuestionKind, typed string) (string, bool) {
	if k == requirement.AskDate {
		return parseDate(typed)
	}
	switch strings.ToLower(typed) {
	case "ya", "yes":
		return "ya", true
	case "tidak", "no":
		return "tidak", true
	}
	return "", false
}

// Name is the header as it is compared: "nomor-ponsel".
func (c *Column) Name() string { return slug(c.Header) }

// Question is the code of the question that the column answers, "" for none.
func (c *Column) Question() string { return c.question }
