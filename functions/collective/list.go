package collective

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lapakasik/functions/internal/roll"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// shownProblems is how many problems of a list its page shows.
const shownProblems = 100

// list shows how the list of workers is made, and takes it.
func (s *Service) list(c *web.Call) error {
	d, err := s.desk(c)
	if err != nil {
		return err
	}
	if !d.req.Editable(c.Now()) {
		return errClosed
	}
	return c.Show(http.StatusOK, d.listPage(nil, problemFile{}), map[string]any{"pekerja": d.req.Rows})
}

func (d *desk) listPage(m web.Mistakes, bad problemFile) *page.Page {
	p := d.inner(d.T("kolektif.daftar.judul"), page.Lead{Text: d.T("kolektif.daftar.pengantar", "n", page.Number(d.Lang, d.set.Company.MaxWorkers))})
	if d.req.List != "" && bad.All == 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "success", Title: d.T("kolektif.daftar.ada", "n", page.Number(d.Lang, d.req.Rows)), Text: d.T("kolektif.daftar.ada.teks")})
	}
	if bad.All > 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "danger", Title: d.T("kolektif.daftar.galat", "n", page.Number(d.Lang, bad.All)), Text: d.T("kolektif.daftar.galat.teks")})
		p.Blocks = append(p.Blocks, d.problemTable(bad)...)
	}
	form := &page.Form{Action: d.URL("/kolektif/daftar"), Upload: true, Errors: m, Buttons: []page.Submit{{Text: d.T("kolektif.daftar.unggah")}},
		Fields: []page.Field{{Kind: page.FileInput, Name: "daftar", Label: d.T("kolektif.daftar.label"), Hint: d.T("kolektif.daftar.petunjuk"), Accept: ".xlsx,.csv"}}}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "templat", Text: d.T("kolektif.daftar.templat")},
		page.Links{Items: []page.LinkItem{
			{Link: page.Link{URL: d.URL("/kolektif/templat.xlsx"), Text: d.T("kolektif.daftar.templat.xlsx")}, File: true},
			{Link: page.Link{URL: d.URL("/kolektif/templat.csv"), Text: d.T("kolektif.daftar.templat.csv")}, File: true}}},
		page.Heading{Level: 2, ID: "unggah", Text: d.T("kolektif.daftar.unggah")}, form,
		page.Details{Summary: d.T("kolektif.daftar.kolom"), Blocks: []page.Block{d.columnTable()}})
	return p
}

// problemTable shows the first problems, and where more of them are.
func (d *desk) problemTable(bad problemFile) []page.Block {
	t := page.Table{Caption: d.T("kolektif.daftar.galat.tabel"), Head: d.problemHead()}
	for _, x := range bad.First[:min(len(bad.First), shownProblems)] {
		t.Rows = append(t.Rows, d.problemRow(x))
	}
	out := []page.Block{t}
	if len(bad.First) > shownProblems {
		out = append(out, page.Text{Text: d.T("kolektif.daftar.galat.sisa", "n", page.Number(d.Lang, len(bad.First)-shownProblems))})
	}
	if bad.left() > 0 {
		out = append(out, page.Text{Text: d.cut(bad)})
	}
	return append(out, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: d.URL("/kolektif/daftar/galat.csv"),
		Text: d.T("kolektif.daftar.galat.unduh", "n", page.Number(d.Lang, len(bad.First)))}, File: true}}})
}

// cut says that a file does not hold every problem.
func (d *desk) cut(bad problemFile) string {
	return d.T("kolektif.daftar.galat.terpotong", "n", page.Number(d.Lang, len(bad.First)), "sisa", page.Number(d.Lang, bad.left()))
}

func (d *desk) problemHead() []string {
	return []string{d.T("kolektif.daftar.baris"), d.T("kolektif.daftar.sel"), d.T("kolektif.daftar.nama-kolom"), d.T("kolektif.daftar.perbaikan")}
}

func (d *desk) problemRow(x roll.Problem) []string {
	row := []string{"–", "–", "–", d.said(x)}
	if x.Row > 0 {
		row[0] = strconv.Itoa(x.Row)
	}
	if x.Cell != "" {
		row[1] = x.Cell
	}
	if x.Column != "" {
		row[2] = x.Column
	}
	return row
}

// said is a problem in plain words, with what to do. A rule speaks to the
// worker, so its words are quoted.
func (d *desk) said(x roll.Problem) string {
	if reason := d.set.Reason(x.Reason); reason != nil && x.Rule < len(reason.Rules) {
		x.Detail = page.Refusal(d.Lang, reason.Rules[x.Rule].Refusal, x.From)
	}
	return d.T("kolektif.galat."+x.Code, "isi", x.Detail)
}

func (d *desk) columnTable() page.Block {
	t := page.Table{Caption: d.T("kolektif.daftar.kolom"), Head: []string{d.T("kolektif.daftar.nama-kolom"), d.T("kolektif.daftar.isi")}}
	t.Rows = append(t.Rows, help(d.Call, d.set)...)
	return t
}

// takeList reads a list. With one problem nothing of it is kept, and the list
// before stays what it was.
func (s *Service) takeList(c *web.Call) error {
	d, err := s.desk(c)
	if err != nil {
		return err
	}
	if !d.req.Editable(c.Now()) {
		return errClosed
	}
	if err := c.Attempt("company-list", d.req.ID, 60, time.Hour); err != nil {
		return err
	}
	files, beyond, err := c.Files("daftar", 1)
	if err != nil {
		return err
	}
	var m web.Mistakes
	if len(files) == 0 || len(beyond) > 0 {
		m.Add("daftar", c.T("kolektif.daftar.pilih"))
		return c.Show(http.StatusUnprocessableEntity, d.listPage(m, problemFile{}), m.Value())
	}
	workers, problems := roll.Read(files[0].Body, roll.Spec{Set: d.set, Today: requirement.DateOf(c.Now().In(d.branch().Location())),
		Phone: d.req.Private.Phone, Email: d.req.Private.Email})
	if len(problems) > 0 {
		return d.refuseList(problems)
	}
	id, err := s.Files.NewID()
	if err != nil {
		return err
	}
	if d.req, err = s.Store.KeepList(c.Context(), d.req.ID, d.req.Version, id, workers); err != nil {
		return fmt.Errorf("keep list: %w", err)
	}
	if c.JSON() {
		return c.Show(http.StatusOK, nil, map[string]any{"pekerja": len(workers)})
	}
	return c.Redirect("/kolektif/daftar")
}

func (d *desk) refuseList(problems []roll.Problem) error {
	bad, body, err := pack(problems)
	if err != nil {
		return err
	}
	if err := d.s.Store.KeepProblems(d.Context(), d.req.ID, body); err != nil {
		return err
	}
	var m web.Mistakes
	m.Add("daftar", d.T("kolektif.daftar.galat", "n", page.Number(d.Lang, len(problems))))
	return d.Show(http.StatusUnprocessableEntity, d.listPage(m, bad), d.problemsValue(problems))
}

func (d *desk) problemsValue(problems []roll.Problem) any {
	type problem struct {
		Row     int    `json:"baris"`
		Cell    string `json:"sel,omitempty"`
		Column  string `json:"kolom,omitempty"`
		Message string `json:"pesan"`
	}
	var list []problem
	for _, x := range problems[:min(len(problems), shownProblems)] {
		list = append(list, problem{x.Row, x.Cell, x.Column, d.said(x)})
	}
	return map[string]any{"galat": map[string]any{"kode": "daftar", "jumlah": len(problems), "daftar": list}}
}

// problems gives the problems of the newest list that was not good as a file,
// whose last line says how many more there are.
func (s *Service) problems(c *web.Call) error {
	d, err := s.desk(c)
	if err != nil {
		return err
	}
	body, err := s.Store.Problems(c.Context(), d.req.ID)
	if err != nil {
		return err
	}
	bad, err := unpack(body)
	if err != nil {
		return err
	}
	lines := [][]string{d.problemHead()}
	for _, x := range bad.First {
		lines = append(lines, d.problemRow(x))
	}
	if bad.left() > 0 {
		lines = append(lines, []string{"–", "–", "–", d.cut(bad)})
	}
	out, err := roll.Lines(lines)
	if err != nil {
		return err
	}
	return c.File("text/csv; charset=utf-8", "galat-daftar-pekerja.csv", out)
}

// template gives an empty list. It needs no request: whoever asks may look.
func (s *Service) template(form string) func(*web.Call) error {
	return func(c *web.Call) error {
		set, err := s.Sets.Current(c.Context())
		if err != nil {
			return fmt.Errorf("template: %w", err)
		}
		if form == "csv" {
			b, err := roll.WriteCSV(set, nil)
			if err != nil {
				return err
			}
			return c.File("text/csv; charset=utf-8", "daftar-pekerja.csv", b)
		}
		b, err := roll.WriteXLSX(set, nil, append([][]string{{c.T("kolektif.daftar.nama-kolom"), c.T("kolektif.daftar.isi")}}, help(c, set)...))
		if err != nil {
			return err
		}
		return c.File("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "daftar-pekerja.xlsx", b)
	}
}

// help says what belongs into each column.
func help(c *web.Call, set *requirement.Set) [][]string {
	var out [][]string
	for _, col := range roll.Columns(set) {
		text := c.T("kolektif.kolom." + col.Name())
		if q := set.Question(col.Question()); q != nil {
			text = q.Label.In(c.Lang)
		}
		out = append(out, []string{col.Header, text})
	}
	return out
}
