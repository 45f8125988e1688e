package register

import (
	"errors"
	"net/http"
	"strings"

	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// questions shows the first step for a reason that a link or the start page names.
func (s *Service) questions(c *web.Call) error {
	a, err := s.read(c)
	if errors.Is(err, errUnknownReason) {
		return c.Redirect("/daftar")
	}
	if err != nil {
		return err
	}
	if len(a.reason.Channels) == 0 {
		return a.notEligible(requirement.Verdict{})
	}
	return a.show(0, nil, http.StatusOK)
}

func (a *application) asked() []requirement.Question {
	return a.set.QuestionsFor(a.reason, a.today())
}

func checkAnswers(a *application) (web.Mistakes, error) {
	var m web.Mistakes
	for _, q := range a.asked() {
		if q.Kind == requirement.AskYesNo {
			v := a.in.Get(q.Code)
			if v != "ya" && v != "tidak" {
				m.Add(q.Code, a.call.T("daftar.pilih", "isian", q.Label.In(a.call.Lang)))
			}
			a.answers[q.Code] = v
			continue
		}
		d, ok := a.in.Date(q.Code)
		switch {
		case d == "":
			m.Add(q.Code, a.call.T("daftar.tanggal-kosong", "isian", q.Label.In(a.call.Lang)))
		case !ok || d < "1900-01-01" || d > a.today().AddMonths(12*100):
			m.Add(q.Code, dateWrong(a.call, a.in, q.Code, q.Label.In(a.call.Lang)))
		case q.Code == requirement.BirthDate && d > a.today():
			m.Add(q.Code, a.call.T("daftar.lahir-nanti"))
		}
		a.answers[q.Code] = string(d)
	}
	return m, nil
}

// dateWrong says why a date cannot be read.
func dateWrong(c *web.Call, in web.Input, name, label string) string {
	day, month, year := in.Get(name+"-hari"), in.Get(name+"-bulan"), in.Get(name+"-tahun")
	if parts := strings.Split(in.Get(name), "-"); len(parts) == 3 {
		year, month, day = parts[0], parts[1], parts[2]
	}
	switch {
	case day+month+year == "":
		return c.T("daftar.tanggal-salah", "isian", label)
	case day == "":
		return c.T("daftar.tanggal.tanpa-hari", "isian", label)
	case month == "":
		return c.T("daftar.tanggal.tanpa-bulan", "isian", label)
	case year == "":
		return c.T("daftar.tanggal.tanpa-tahun", "isian", label)
	case len(year) != 4 || year < "1900":
		return c.T("daftar.tanggal.tahun", "isian", label)
	}
	return c.T("daftar.tanggal-salah", "isian", label)
}

func showQuestions(a *application, f *page.Form) ([]page.Block, any, error) {
	var value []map[string]string
	for _, q := range a.asked() {
		f.Fields = append(f.Fields, a.questionField(q))
		value = append(value, map[string]string{"nama": q.Code, "jenis": string(q.Kind), "tanya": q.Label.In(a.call.Lang)})
	}
	blocks := []page.Block{page.Lead{Text: a.call.T("daftar.syarat.pengantar", "sebab", a.reason.Title.In(a.call.Lang))}}
	return blocks, map[string]any{"tanya": value}, nil
}

func (a *application) questionField(q requirement.Question) page.Field {
	c := a.call
	f := page.Field{Kind: page.DateInput, Name: q.Code, Label: q.Label.In(c.Lang), Hint: q.Hint.In(c.Lang)}
	if q.Kind == requirement.AskYesNo {
		f.Kind = page.Radios
		for _, v := range []string{"ya", "tidak"} {
			f.Options = append(f.Options, page.Option{Value: v, Label: c.T("daftar." + v), Checked: a.in.Get(q.Code) == v})
		}
		return f
	}
	if f.Hint == "" {
		f.Hint = c.T("daftar.tanggal-contoh")
	}
	if q.Code == requirement.BirthDate {
		f.Autocomplete = "bday"
	}
	d, _ := a.in.Date(q.Code)
	f.Value = string(d)
	return f
}

// notEligible says why not, or why not yet with the day from which it is
// possible, or where to go for a programme that this service does not handle.
func (a *application) notEligible(v requirement.Verdict) error {
	c := a.call
	title, text := c.T("daftar.bukan-di-sini.judul"), c.T("daftar.bukan-di-sini.teks")
	value := map[string]any{"layak": false}
	if v.Rule != nil {
		title, text = c.T("daftar.belum.judul"), page.Refusal(c.Lang, v.Rule.Refusal, v.From)
		value["sumber"] = v.Rule.Source
	}
	p := journeyPage(c, "daftar.belum.judul", 2)
	p.Title = title
	if v.From != "" {
		p.Title = c.T("daftar.belum.sejak", "tanggal", page.Date(c.Lang, v.From))
		value["sejak"] = v.From
	}
	value["alasan"] = text
	p.Blocks = []page.Block{page.Notice{Kind: "info", Title: a.reason.Title.In(c.Lang), Text: text}}
	if v.Rule != nil {
		p.Blocks = append(p.Blocks, page.Text{Text: c.T("daftar.dasar", "sumber", v.Rule.Source)})
	}
	p.Blocks = append(p.Blocks,
		page.Button{Link: page.Link{URL: c.URL("/klaim/" + a.reason.Code + "/"), Text: c.T("daftar.baca-syarat")}},
		page.Button{Link: page.Link{URL: c.URL("/daftar"), Text: c.T("daftar.sebab-lain")}, Secondary: true})
	return c.Show(http.StatusOK, p, value)
}
