package results

import (
	"fmt"
	"net/http"
	"net/url"

	"lapakasik/functions/internal/tally"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// ask shows the survey to who holds an invitation.
func (s *Service) ask(c *web.Call) error {
	in, err := c.Input("undangan")
	if err != nil {
		return err
	}
	if _, err := c.Invited(in.Get("undangan")); err != nil {
		return err
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	return c.Show(http.StatusOK, surveyPage(c, set, in, nil), surveyValue(c, set))
}

func surveyPage(c *web.Call, set *requirement.Set, in web.Input, m web.Mistakes) *page.Page {
	form := &page.Form{Action: c.URL("/survei"), Errors: m, Buttons: []page.Submit{{Text: c.T("survei.kirim")}},
		Fields: []page.Field{{Kind: page.Hidden, Name: "undangan", Value: in.Get("undangan")}}}
	for _, q := range set.Survey {
		f := page.Field{Kind: page.Radios, Name: q.Code, Label: q.Label.In(c.Lang)}
		for _, o := range q.Options {
			f.Options = append(f.Options, page.Option{Value: o.Code, Label: o.Label.In(c.Lang), Checked: in.Get(q.Code) == o.Code})
		}
		form.Fields = append(form.Fields, f)
	}
	return &page.Page{Title: c.T("survei.judul"), Switch: "/survei?undangan=" + url.QueryEscape(in.Get("undangan")), Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}},
		Blocks: []page.Block{page.Lead{Text: c.T("survei.pengantar")}, page.Text{Text: c.T("survei.tanpa-nama")}, form}}
}

func surveyValue(c *web.Call, set *requirement.Set) any {
	type option struct {
		Code  string `json:"kode"`
		Label string `json:"teks"`
	}
	type question struct {
		Code    string   `json:"kode"`
		Label   string   `json:"teks"`
		Options []option `json:"jawaban"`
	}
	out := make([]question, len(set.Survey))
	for i, q := range set.Survey {
		out[i] = question{Code: q.Code, Label: q.Label.In(c.Lang)}
		for _, o := range q.Options {
			out[i].Options = append(out[i].Options, option{o.Code, o.Label.In(c.Lang)})
		}
	}
	return map[string]any{"tanya": out}
}

// answer counts a filled-in survey. claim.ErrAnswered for the second of an invitation.
func (s *Service) answer(c *web.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	allowed := []string{"undangan"}
	for _, q := range set.Survey {
		allowed = append(allowed, q.Code)
	}
	in, err := c.Input(allowed...)
	if err != nil {
		return err
	}
	invitation, err := c.Invited(in.Get("undangan"))
	if err != nil {
		return err
	}
	answers, mistakes := read(c, set, in)
	if len(mistakes) > 0 {
		return c.Show(http.StatusUnprocessableEntity, surveyPage(c, set, in, mistakes), mistakes.Value())
	}
	if err := s.Store.Answer(c.Context(), invitation, tally.Answered(tally.MonthOf(c.Now()), answers)); err != nil {
		return fmt.Errorf("survey: %w", err)
	}
	p := &page.Page{Title: c.T("survei.terima-kasih"), Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}}, Blocks: []page.Block{
		page.Lead{Text: c.T("survei.dihitung")}, page.Button{Link: page.Link{URL: c.URL("/kinerja"), Text: c.T("survei.lihat-hasil")}, Secondary: true}}}
	for _, q := range set.Survey {
		if o := q.Option(answers[q.Code]); o != nil && o.Advice != (requirement.Text{}) {
			p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: q.Label.In(c.Lang) + " " + o.Label.In(c.Lang), Text: o.Advice.In(c.Lang),
				Link: &page.Link{URL: c.URL("/bantuan/"), Text: c.T("survei.bantuan")}})
		}
	}
	return c.Show(http.StatusOK, p, map[string]string{"lanjut": c.URL("/kinerja")})
}

// read returns the answers that were given, one at most to each question.
func read(c *web.Call, set *requirement.Set, in web.Input) (map[string]string, web.Mistakes) {
	answers := map[string]string{}
	var m web.Mistakes
	for i := range set.Survey {
		q := &set.Survey[i]
		given := in.Get(q.Code)
		switch {
		case given == "":
		case q.Option(given) == nil:
			m.Add(q.Code, c.T("survei.salah"))
		default:
			answers[q.Code] = given
		}
	}
	if len(m) == 0 && len(answers) == 0 {
		m.Add(set.Survey[0].Code, c.T("survei.kosong"))
	}
	return answers, m
}
