package collective

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// overview shows the opened request: what is missing, or how far it is.
func (s *Service) overview(c *web.Call) error {
	d, err := s.desk(c)
	if err != nil {
		return err
	}
	p, value, err := d.overviewPage(nil)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, p, value)
}

// names of the states in addresses, words and the JSON form.
var stateNames = map[company.Status]string{company.Open: "dibuka", company.Sent: "dikirim", company.Reserving: "disetujui",
	company.Agreed: "disetujui", company.Done: "terdaftar", company.Refused: "ditolak"}

func (d *desk) overviewPage(m web.Mistakes) (*page.Page, any, error) {
	r := d.req
	name := stateNames[r.Status]
	if r.Status == company.Open && !d.Now().Before(r.Until) {
		name = "lewat"
	}
	value := map[string]any{"status": name, "versi": r.Version, "pekerja": r.Rows, "batas": r.Until.UTC().Format(time.RFC3339)}
	kind := map[string]string{"dibuka": "warning", "ditolak": "danger", "lewat": "danger", "terdaftar": "success", "disetujui": "success"}[name]
	if kind == "" {
		kind = "info"
	}
	p := newPage(d.Call, d.T("kolektif.permohonan.judul"),
		page.Notice{Kind: kind, Title: d.T("kolektif.status."+name+".judul", "batas", d.moment(r.Until)), Text: d.T("kolektif.status." + name + ".teks")})
	if len(r.Returns) > 0 {
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "alasan", Text: d.T("kolektif.alasan")}, d.grounds())
	}
	p.Blocks = append(p.Blocks, page.Summary{Rows: d.rows()})
	switch {
	case name == "dibuka":
		tasks := d.tasks(value)
		p.Blocks = append(p.Blocks, tasks, d.sendForm(m))
		again(d.Call, p, "/kolektif/permohonan", tasks)
	case r.Status == company.Agreed || r.Status == company.Done:
		blocks, err := d.progress(value)
		if err != nil {
			return nil, nil, err
		}
		p.Blocks = append(p.Blocks, blocks...)
	}
	p.Blocks = append(p.Blocks, &page.Form{Action: d.URL("/kolektif/keluar"), Buttons: []page.Submit{{Text: d.T("kolektif.keluar"), Secondary: true}}})
	return p, value, nil
}

func (d *desk) grounds() page.Block {
	var out page.List
	for _, code := range d.req.Returns {
		if g := d.set.Company.Return(code); g != nil {
			out.Items = append(out.Items, g.Text.In(d.Lang))
		}
	}
	return out
}

func (d *desk) rows() []page.Row {
	p := d.req.Private
	rows := []page.Row{
		{Key: d.T("kolektif.perusahaan.label"), Value: p.Company},
		{Key: d.T("kolektif.jumlah"), Value: d.T("kolektif.jumlah.nilai", "phk", page.Number(d.Lang, p.LaidOff), "semua", page.Number(d.Lang, p.Workers), "persen", page.Percent(d.Lang, p.LaidOff, p.Workers))},
		{Key: d.T("kolektif.kantor"), Value: d.branch().Name},
		{Key: d.T("kolektif.nama.label"), Value: p.Name},
	}
	for _, day := range days(d.req.Block) {
		rows = append(rows, page.Row{Key: d.T("kolektif.jadwal"), Value: d.T("kolektif.jadwal.hari", "hari", page.Date(d.Lang, day.Date), "n", page.Number(d.Lang, day.Places))})
	}
	return rows
}

// days adds the sessions of a block up by day, in order.
func days(block []company.Session) []company.Session {
	var out []company.Session
	for _, x := range block {
		if n := len(out); n > 0 && out[n-1].Date == x.Date {
			out[n-1].Places += x.Places
			continue
		}
		out = append(out, x)
	}
	return out
}

// tasks are the letters and the list.
func (d *desk) tasks(value map[string]any) page.Checklist {
	var out page.Checklist
	files := []map[string]any{}
	for _, l := range d.set.Company.Letters {
		doc := d.document(l.Document)
		t := page.Task{Title: doc.Title.In(d.Lang), Kind: "todo", Status: d.T("unggah.status.belum"), Link: &page.Link{URL: d.URL("/kolektif/surat/" + l.Document), Text: doc.Title.In(d.Lang)}}
		newest, status := newest(d.req.Documents, l.Document), "belum"
		switch {
		case d.req.Passed(l.Document):
			t.Kind, t.Status, status = "done", d.T("unggah.status.diterima"), "diterima"
		case newest != nil && newest.State == claim.DocWaiting && d.Now().Before(newest.Expires) && d.R.URL.Query().Get("tunggu") == l.Document:
			t.Kind, t.Status, status = "busy", d.T("unggah.status.diperiksa"), "menunggu"
		case refused(d.req.Documents, l.Document) != nil:
			t.Kind, t.Status, t.Details, status = "error", d.T("unggah.status.ditolak"), words(d.Call, refused(d.req.Documents, l.Document).Findings), "ditolak"
		}
		files = append(files, file(l.Document, status, newest))
		out.Items = append(out.Items, t)
	}
	list := page.Task{Title: d.T("kolektif.daftar.judul"), Kind: "todo", Status: d.T("unggah.status.belum"), Link: &page.Link{URL: d.URL("/kolektif/daftar"), Text: d.T("kolektif.daftar.judul")}}
	if d.req.List != "" {
		list.Kind, list.Status = "done", d.T("kolektif.daftar.ada", "n", page.Number(d.Lang, d.req.Rows))
	}
	value["berkas"] = files
	out.Items = append(out.Items, list)
	return out
}

// file is one slot in the JSON form, as the script of uploads reads it.
func file(slot, status string, newest *claim.Document) map[string]any {
	out := map[string]any{"slot": slot, "status": status}
	if newest != nil {
		out["unggahan"] = newest.Upload
	}
	return out
}

// again lets a page that shows a file under inspection ask for the result:
// by script, or by a link.
func again(c *web.Call, p *page.Page, path string, list page.Checklist) {
	count, _ := strconv.Atoi(c.R.URL.Query().Get("ke"))
	for _, t := range list.Items {
		if t.Kind == "busy" && count < refreshes {
			p.Refresh, p.Path = 4, c.URL(path)+"?tunggu="+c.R.URL.Query().Get("tunggu")+"&ke="+strconv.Itoa(count+1)
			p.Blocks = append([]page.Block{page.Notice{Kind: "info", Title: c.T("unggah.diperiksa.judul"), Text: c.T("unggah.diperiksa.teks"),
				Link: &page.Link{URL: p.Path, Text: c.T("unggah.lihat-hasil")}}}, p.Blocks...)
			return
		}
	}
}

// refreshes bounds how often a page asks for the result of an inspection.
const refreshes = 40

func newest(docs []claim.Document, slot string) *claim.Document {
	var best *claim.Document
	for i := range docs {
		if d := &docs[i]; d.Slot == slot && (best == nil || d.Created.After(best.Created)) {
			best = d
		}
	}
	return best
}

// refused is the newest file of a slot that was inspected, if it did not pass.
// A form that somebody looked at since changes nothing of it.
func refused(docs []claim.Document, slot string) *claim.Document {
	inspected := slices.DeleteFunc(slices.Clone(docs), func(d claim.Document) bool { return d.State == claim.DocWaiting })
	if d := newest(inspected, slot); d != nil && d.State == claim.DocRefused {
		return d
	}
	return nil
}

// words says findings in plain words.
func words(c *web.Call, findings []string) []string {
	out := make([]string, len(findings))
	for i, code := range findings {
		out[i] = c.T("berkas.temuan." + code)
	}
	return out
}

func (d *desk) sendForm(m web.Mistakes) *page.Form {
	return &page.Form{Action: d.URL("/kolektif/kirim"), Errors: m, Buttons: []page.Submit{{Text: d.T("kolektif.kirim")}},
		Fields: []page.Field{{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(d.req.Version)}}}
}

// send hands the request to the branch, once everything is there.
func (s *Service) send(c *web.Call) error {
	in, err := c.Input("versi")
	if err != nil {
		return err
	}
	d, err := s.desk(c)
	if err != nil {
		return err
	}
	if d.req.Status != company.Open {
		return c.Redirect("/kolektif/permohonan")
	}
	var m web.Mistakes
	for _, code := range d.req.Missing(&d.set.Company) {
		m.Add(code, c.T("kolektif.kurang", "surat", d.document(code).Title.In(c.Lang)))
	}
	if d.req.List == "" {
		m.Add("daftar", c.T("kolektif.kurang-daftar"))
	}
	if d.req.Rows > d.req.Private.LaidOff {
		m.Add("daftar", c.T("kolektif.terlalu-banyak", "n", page.Number(c.Lang, d.req.Rows), "phk", page.Number(c.Lang, d.req.Private.LaidOff)))
	}
	if len(m) > 0 {
		p, _, err := d.overviewPage(m)
		if err != nil {
			return err
		}
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	version := d.req.Version
	if v, err := strconv.Atoi(in.Get("versi")); err == nil {
		version = v
	}
	if _, err := s.Store.SendCompany(c.Context(), d.req.ID, version); err != nil {
		return fmt.Errorf("send company: %w", err)
	}
	return c.Redirect("/kolektif/permohonan")
}

// progress counts the workers whose claims were sent, and leads to the rest.
func (d *desk) progress(value map[string]any) ([]page.Block, error) {
	entries, err := d.s.Store.Lines(d.Context(), d.req.ID)
	if err != nil {
		return nil, fmt.Errorf("progress of a company: %w", err)
	}
	sent := 0
	for _, e := range entries {
		if e.Sent {
			sent++
		}
	}
	value["terkirim"], value["belum"], value["disiapkan"] = sent, d.req.Rows-sent, len(entries)
	rows := []page.Row{
		{Key: d.T("kolektif.kemajuan.terkirim"), Value: page.Number(d.Lang, sent)},
		{Key: d.T("kolektif.kemajuan.belum"), Value: page.Number(d.Lang, d.req.Rows-sent)}}
	if n := d.req.Rows - len(entries); n > 0 {
		rows = append(rows, page.Row{Key: d.T("kolektif.kemajuan.disiapkan"), Value: page.Number(d.Lang, n)})
	}
	return []page.Block{page.Heading{Level: 2, ID: "kemajuan", Text: d.T("kolektif.kemajuan")}, page.Summary{Rows: rows},
		page.Button{Link: page.Link{URL: d.URL("/kolektif/berkas"), Text: d.T("kolektif.berkas.judul")}},
		page.Button{Link: page.Link{URL: d.URL("/kolektif/pekerja"), Text: d.T("kolektif.pekerja.judul")}, Secondary: true},
		page.Text{Text: d.T("kolektif.hak-pekerja")}}, nil
}

// agreedOn is the day on which the branch agreed: what the workers' claims
// need is that of this day.
func (d *desk) agreedOn() requirement.Date {
	return requirement.DateOf(d.req.Agreed.In(d.branch().Location()))
}
