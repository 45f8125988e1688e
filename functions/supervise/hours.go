package supervise

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// breaks is how many breaks the form has: as the default timetable, one for
// most days and one for Friday.
const breaks = 2

// hours shows the weekly hours of a channel.
func (o *office) hours() error {
	ch, err := o.channelOf()
	if err != nil {
		return err
	}
	desk := o.Hours.On(o.Roster.Branch, o.today()).Desks[ch]
	if d, ok := o.Hours.Desks[ch]; ok {
		desk = d
	} else if d, ok := o.Roster.Branch.Desks[ch]; ok {
		desk = d
	}
	in := inputOf(desk)
	in["versi"] = []string{strconv.Itoa(o.Hours.Version)}
	return o.hoursPage(http.StatusOK, ch, in, nil)
}

func (o *office) channelOf() (requirement.Channel, error) {
	ch := requirement.Channel(o.R.PathValue("kanal"))
	if !slices.Contains(channels, ch) {
		return "", claim.ErrNotFound
	}
	return ch, nil
}

func (o *office) hoursPage(status int, ch requirement.Channel, in web.Input, m web.Mistakes) error {
	form := &page.Form{Action: o.at("/jam/" + string(ch)), Errors: m, Fields: o.hoursFields(in), Buttons: []page.Submit{{Text: o.T("penyelia.periksa")}}}
	p := o.page("penyelia.menu.jam-"+string(ch), page.Lead{Text: o.T("penyelia.jam.pengantar")}, form)
	var value any = map[string]string{"versi": in.Get("versi")}
	if len(m) > 0 {
		value = m.Value()
	}
	return o.Show(status, p, value)
}

func (o *office) hoursFields(in web.Input) []page.Field {
	digits := func(name string) page.Field {
		return page.Field{Kind: page.Digits, Name: name, Label: o.T("penyelia.jam." + name), Value: in.Get(name), Width: 2, Autocomplete: "off"}
	}
	clock := func(name, key string) page.Field {
		return page.Field{Kind: page.TextInput, Name: name, Label: o.T(key), Value: in.Get(name), Width: 5, Autocomplete: "off"}
	}
	out := []page.Field{{Kind: page.Hidden, Name: "versi", Value: in.Get("versi")}, digits("petugas"), digits("sekaligus"),
		clock("buka", "penyelia.jam.buka"), clock("tutup", "penyelia.jam.tutup"), digits("menit"), o.weekdays("hari-kerja", o.T("penyelia.jam.hari"), in)}
	for i := 1; i <= breaks; i++ {
		n := strconv.Itoa(i)
		for _, f := range []page.Field{clock("istirahat-dari-"+n, "penyelia.jam.istirahat-dari"), clock("istirahat-sampai-"+n, "penyelia.jam.istirahat-sampai")} {
			f.Label, f.Optional = f.Label+" "+n, true
			out = append(out, f)
		}
		out = append(out, o.weekdays("istirahat-hari-"+n, o.T("penyelia.jam.istirahat-hari", "n", n), in))
	}
	return out
}

func (o *office) weekdays(name, label string, in web.Input) page.Field {
	f := page.Field{Kind: page.Boxes, Name: name, Label: label}
	for d := 1; d <= 7; d++ {
		v := strconv.Itoa(d)
		f.Options = append(f.Options, page.Option{Value: v, Label: page.Weekday(o.Lang, d), Checked: slices.Contains(in[name], v)})
	}
	return f
}

var hoursNames = []string{"versi", "pasti", "petugas", "sekaligus", "buka", "tutup", "menit", "hari-kerja",
	"istirahat-dari-1", "istirahat-sampai-1", "istirahat-hari-1", "istirahat-dari-2", "istirahat-sampai-2", "istirahat-hari-2"}

func (o *office) setHours() error {
	ch, err := o.channelOf()
	if err != nil {
		return err
	}
	in, err := o.Input(hoursNames...)
	if err != nil {
		return err
	}
	for _, name := range []string{"hari-kerja", "istirahat-hari-1", "istirahat-hari-2"} {
		if len(in[name]) == 1 { // from the look at what it does: see hidden
			in[name] = strings.Split(in.Get(name), ",")
		}
	}
	desk, m := o.deskOf(in)
	if len(m) > 0 {
		return o.hoursPage(http.StatusUnprocessableEntity, ch, in, m)
	}
	next := o.Hours
	next.Desks = maps.Clone(o.Hours.Desks)
	if next.Desks == nil {
		next.Desks = map[requirement.Channel]requirement.Desk{}
	}
	next.Desks[ch] = desk
	return o.propose(in, "penyelia.menu.jam-"+string(ch), next, "/penyelia/"+o.code()+"/jam/"+string(ch), o.hoursFields(in))
}

// deskOf reads the form; every mistake is named at once.
func (o *office) deskOf(in web.Input) (requirement.Desk, web.Mistakes) {
	var m web.Mistakes
	number := func(name string, low, high int) int {
		n, err := strconv.Atoi(in.Get(name))
		if err != nil || n < low || n > high {
			m.Add(name, o.T("penyelia.salah.angka", "dari", strconv.Itoa(low), "sampai", strconv.Itoa(high)))
		}
		return n
	}
	d := requirement.Desk{Officers: number("petugas", 0, 99), Places: number("sekaligus", 1, 6), Minutes: number("menit", 5, 240)}
	d.Open, d.Close = o.span(in, "buka", "tutup", &m)
	d.Days = weekdaysOf(in["hari-kerja"])
	if len(d.Days) == 0 {
		m.Add("hari-kerja", o.T("penyelia.salah.hari-kerja"))
	}
	for i := 1; i <= breaks; i++ {
		n := strconv.Itoa(i)
		from, to := "istirahat-dari-"+n, "istirahat-sampai-"+n
		if in.Get(from)+in.Get(to) == "" {
			continue
		}
		b := requirement.Break{Days: weekdaysOf(in["istirahat-hari-"+n])}
		b.From, b.To = o.span(in, from, to, &m)
		d.Breaks = append(d.Breaks, b)
	}
	// More than 999 places of a session have no seat number of their own.
	if len(m) == 0 && d.Officers*d.Places > 999 {
		m.Add("petugas", o.T("penyelia.salah.angka", "dari", "0", "sampai", strconv.Itoa(999/d.Places)))
	}
	return d, m
}

func (o *office) span(in web.Input, from, to string, m *web.Mistakes) (string, string) {
	a, okA := clockOf(in.Get(from))
	b, okB := clockOf(in.Get(to))
	if !okA {
		m.Add(from, o.T("penyelia.salah.jam"))
	}
	if !okB {
		m.Add(to, o.T("penyelia.salah.jam"))
	}
	if okA && okB && a >= b {
		m.Add(to, o.T("penyelia.salah.urut"))
	}
	return a, b
}

// clockOf reads a time of day; "8.30" and "08:30" are the same.
func clockOf(s string) (string, bool) {
	for _, layout := range []string{"15:04", "15.04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.Format("15:04"), true
		}
	}
	return s, false
}

func weekdaysOf(list []string) []int {
	var out []int
	for _, v := range list {
		if n, err := strconv.Atoi(v); err == nil && n >= 1 && n <= 7 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

func inputOf(d requirement.Desk) web.Input {
	in := web.Input{"petugas": {strconv.Itoa(d.Officers)}, "sekaligus": {strconv.Itoa(max(1, d.Places))}, "buka": {d.Open}, "tutup": {d.Close}, "menit": {strconv.Itoa(cmp.Or(d.Minutes, 30))}}
	for _, n := range d.Days {
		in["hari-kerja"] = append(in["hari-kerja"], strconv.Itoa(n))
	}
	for i, b := range d.Breaks {
		n := strconv.Itoa(i + 1)
		in["istirahat-dari-"+n], in["istirahat-sampai-"+n] = []string{b.From}, []string{b.To}
		for _, day := range b.Days {
			in["istirahat-hari-"+n] = append(in["istirahat-hari-"+n], strconv.Itoa(day))
		}
	}
	return in
}
