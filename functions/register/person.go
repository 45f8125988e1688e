package register

import (
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A box is one text field about the person: how it looks and how it is read.
type box struct {
	name         string
	kind         page.FieldKind
	autocomplete string
	width        int
	heir         bool // asked only when the heir claims
	parse        func(string) (string, bool)
	fault        func(string) claim.Fault // nil: there is one way to be wrong
	into         func(*claim.Person, string)
}

// boxes are asked in this order. For an heir's claim nik, nama and kpj are the member's.
var boxes = []box{
	{"nama", page.TextInput, "name", 0, false, claim.ParseName, claim.NameFault, func(p *claim.Person, v string) { p.Name = v }},
	{"nik", page.Digits, "off", 20, false, claim.ParseNIK, claim.NIKFault, func(p *claim.Person, v string) { p.NIK = v }},
	{"kpj", page.TextInput, "off", 0, false, claim.ParseKPJs, claim.KPJsFault, func(p *claim.Person, v string) { p.KPJ = strings.Fields(v) }},
	{"nama-ahli-waris", page.TextInput, "name", 0, true, claim.ParseName, claim.NameFault, func(p *claim.Person, v string) { p.HeirName = v }},
	{"nik-ahli-waris", page.Digits, "off", 20, true, claim.ParseNIK, claim.NIKFault, func(p *claim.Person, v string) { p.HeirNIK = v }},
	{"hubungan", page.TextInput, "off", 30, true, claim.ParseName, claim.NameFault, func(p *claim.Person, v string) { p.HeirRelation = v }},
	{"ponsel", page.PhoneBox, "tel", 20, false, claim.ParsePhone, nil, func(p *claim.Person, v string) { p.Phone = v }},
	{"surel", page.EmailBox, "email", 0, false, claim.ParseEmail, nil, func(p *claim.Person, v string) { p.Email = v }},
	{"bank", page.TextInput, "off", 30, false, claim.ParseBank, nil, func(p *claim.Person, v string) { p.Bank = v }},
	{"rekening", page.Digits, "off", 20, false, claim.ParseAccount, nil, func(p *claim.Person, v string) { p.Account = v }},
	{"pemilik", page.TextInput, "name", 0, false, claim.ParseName, claim.NameFault, func(p *claim.Person, v string) { p.Holder = v }},
}

var personFields = func() []string {
	var names []string
	for _, b := range boxes {
		names = append(names, b.name)
	}
	return names
}()

func (a *application) boxes() []box {
	var out []box
	for _, b := range boxes {
		if !b.heir || a.reason.Applicant == requirement.Heir {
			out = append(out, b)
		}
	}
	return out
}

func checkPerson(a *application) (web.Mistakes, error) {
	var m web.Mistakes
	a.person = claim.Person{BirthDate: requirement.Date(a.answers[requirement.BirthDate])}
	for _, b := range a.boxes() {
		typed := a.in.Get(b.name)
		v, ok := b.parse(typed)
		switch {
		case typed == "":
			m.Add(b.name, a.call.T("daftar."+b.name+".kosong"))
		case !ok:
			m.Add(b.name, b.wrong(a.call, typed))
		case a.realNIK(b, v):
			m.Add(b.name, a.call.T("latihan.nik-asli"))
		case a.rehearsedNIK(b, v):
			m.Add(b.name, a.call.T("latihan.nik-latihan"))
		default:
			b.into(&a.person, v)
		}
	}
	return m, nil
}

// faults are the words of what can be wrong with more than one box.
var faults = map[claim.Fault]string{claim.ImpossibleDate: "daftar.nik.tanggal", claim.ImpossibleSerial: "daftar.nik.urut",
	claim.TooLong: "daftar.nama.panjang", claim.TooManyCards: "daftar.kpj.banyak"}

// wrong says why what was typed cannot be read.
func (b box) wrong(c *web.Call, typed string) string {
	if b.fault != nil {
		if key := faults[b.fault(typed)]; key != "" {
			return c.T(key)
		}
	}
	return c.T("daftar." + b.name + ".salah")
}

func showPerson(a *application, f *page.Form) ([]page.Block, any, error) {
	c := a.call
	fields := []string{}
	for _, b := range a.boxes() {
		f.Fields = append(f.Fields, page.Field{Kind: b.kind, Name: b.name, Label: c.T("daftar." + b.name + ".label"),
			Hint: c.T("daftar." + b.name + ".petunjuk"), Value: a.in.Get(b.name), Autocomplete: b.autocomplete, Width: b.width})
		fields = append(fields, b.name)
	}
	intro := "daftar.data-diri.pengantar"
	if a.reason.Applicant == requirement.Heir {
		intro = "daftar.data-diri.pengantar-ahli-waris"
	}
	return []page.Block{page.Lead{Text: c.T(intro)}}, map[string]any{"isian": fields}, nil
}
