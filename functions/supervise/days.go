package supervise

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// maxRules bounds the list, and so the item that holds it.
const maxRules = 200

// days lists the days that are not as the week says, and takes one more.
func (o *office) days() error {
	return o.daysPage(http.StatusOK, web.Input{"versi": {strconv.Itoa(o.Hours.Version)}}, nil)
}

func (o *office) daysPage(status int, in web.Input, m web.Mistakes) error {
	p := o.page("penyelia.menu.hari", page.Lead{Text: o.T("penyelia.hari.pengantar")})
	for i, r := range o.Hours.Days {
		if r.To < o.today() {
			continue
		}
		p.Blocks = append(p.Blocks, page.Panel{Title: o.period(r), Text: o.ruleWords(r)},
			&page.Form{Action: o.at("/hari/hapus"), Fields: []page.Field{{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(o.Hours.Version)}, {Kind: page.Hidden, Name: "nomor", Value: strconv.Itoa(i)}},
				Buttons: []page.Submit{{Text: o.T("penyelia.hari.hapus"), Secondary: true}}})
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, Text: o.T("penyelia.hari.tambah")},
		&page.Form{Action: o.at("/hari"), Errors: m, Fields: o.dayFields(in), Buttons: []page.Submit{{Text: o.T("penyelia.periksa")}}})
	var value any = map[string]any{"aturan": len(o.Hours.Days), "versi": o.Hours.Version}
	if len(m) > 0 {
		value = m.Value()
	}
	return o.Show(status, p, value)
}

func (o *office) period(r claim.DayRule) string {
	if r.From == r.To {
		return page.Date(o.Lang, r.From)
	}
	return page.Date(o.Lang, r.From) + " – " + page.Date(o.Lang, r.To)
}

func (o *office) ruleWords(r claim.DayRule) string {
	if r.Closed {
		return o.T("penyelia.hari.tutup")
	}
	if r.Mode != "" {
		return o.T("penyelia.hari.jenis." + kinds[r.Mode])
	}
	out := ""
	for _, ch := range channels {
		if n, ok := r.Officers[ch]; ok {
			out += o.T("penyelia.hari.petugas", "kanal", o.channel(ch), "n", strconv.Itoa(n)) + " "
		}
	}
	return out
}

func (o *office) dayFields(in web.Input) []page.Field {
	date := func(name string) page.Field {
		d, _ := in.Date(name)
		return page.Field{Kind: page.DateInput, Name: name, Label: o.T("penyelia.hari." + name), Value: string(d)}
	}
	kind := page.Field{Kind: page.Radios, Name: "jenis", Label: o.T("penyelia.hari.jenis")}
	for _, k := range []string{"tutup", "petugas", "undian", "langsung"} {
		kind.Options = append(kind.Options, page.Option{Value: k, Label: o.T("penyelia.hari.jenis." + k), Checked: in.Get("jenis") == k})
	}
	out := []page.Field{{Kind: page.Hidden, Name: "versi", Value: in.Get("versi")}, date("dari"), date("sampai"), kind}
	for _, ch := range channels {
		out = append(out, page.Field{Kind: page.Digits, Name: "petugas-" + string(ch), Label: o.T("penyelia.hari.petugas-" + string(ch)), Hint: o.T("penyelia.hari.petugas.petunjuk"),
			Value: in.Get("petugas-" + string(ch)), Width: 2, Optional: true, Autocomplete: "off"})
	}
	return out
}

func (o *office) addDay() error {
	in, err := o.Input("versi", "pasti", "dari", "sampai", "jenis", "petugas-online", "petugas-onsite")
	if err != nil {
		return err
	}
	rule, m := o.ruleOf(in)
	if len(m) == 0 && rule.Mode != "" {
		announced, err := o.drawn(rule.From, rule.To)
		if err != nil {
			return err
		}
		if announced {
			m.Add("dari", o.T("penyelia.hari.sudah-diumumkan"))
		}
	}
	if len(m) > 0 {
		return o.daysPage(http.StatusUnprocessableEntity, in, m)
	}
	next := o.Hours
	next.Days = slices.DeleteFunc(slices.Clone(o.Hours.Days), func(r claim.DayRule) bool { return r.To < o.today().AddDays(-31) })
	next.Days = append(next.Days, rule)
	slices.SortStableFunc(next.Days, func(a, b claim.DayRule) int { return cmp.Compare(a.From, b.From) })
	return o.propose(in, "penyelia.menu.hari", next, "/penyelia/"+o.code()+"/hari", o.dayFields(in))
}

// kinds are the modes of an opening as the form calls them.
var kinds = map[requirement.Mode]string{requirement.Ballot: "undian", requirement.FirstCome: "langsung"}

func (o *office) ruleOf(in web.Input) (claim.DayRule, web.Mistakes) {
	var m web.Mistakes
	r := claim.DayRule{Closed: in.Get("jenis") == "tutup"}
	var okFrom, okTo bool
	if r.From, okFrom = in.Date("dari"); !okFrom || r.From < o.today() {
		m.Add("dari", o.T("penyelia.hari.dari.salah"))
	}
	if r.To, okTo = in.Date("sampai"); !okTo || r.To < r.From || r.From.AddDays(366) < r.To {
		m.Add("sampai", o.T("penyelia.hari.sampai.salah"))
	}
	switch in.Get("jenis") {
	case "tutup", "petugas":
	case "undian":
		r.Mode = requirement.Ballot
	case "langsung":
		r.Mode = requirement.FirstCome
	default:
		m.Add("jenis", o.T("penyelia.hari.jenis.pilih"))
	}
	for _, ch := range channels {
		name := "petugas-" + string(ch)
		if r.Closed || r.Mode != "" || in.Get(name) == "" {
			continue
		}
		n, err := strconv.Atoi(in.Get(name))
		if err != nil || n < 0 || n > 99 {
			m.Add(name, o.T("penyelia.salah.angka", "dari", "0", "sampai", "99"))
		}
		if r.Officers == nil {
			r.Officers = map[requirement.Channel]int{}
		}
		r.Officers[ch] = n
	}
	if len(m) == 0 && !r.Closed && r.Mode == "" && r.Officers == nil {
		m.Add("petugas-online", o.T("penyelia.hari.petugas.pilih"))
	}
	if len(o.Hours.Days) >= maxRules {
		m.Add("dari", o.T("penyelia.hari.terlalu-banyak"))
	}
	return r, m
}

// dropDay takes a rule back: the day is as the week says again.
func (o *office) dropDay() error {
	in, err := o.Input("versi", "nomor", "pasti")
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(in.Get("nomor"))
	if err != nil || n < 0 {
		return web.Bad{Code: "isian-rusak", Detail: "nomor"}
	}
	if n >= len(o.Hours.Days) {
		return claim.ErrStale
	}
	next := o.Hours
	next.Days = slices.Delete(slices.Clone(o.Hours.Days), n, n+1)
	return o.propose(in, "penyelia.menu.hari", next, "/penyelia/"+o.code()+"/hari/hapus",
		[]page.Field{{Kind: page.Hidden, Name: "versi", Value: in.Get("versi")}, {Kind: page.Hidden, Name: "nomor", Value: in.Get("nomor")}})
}
