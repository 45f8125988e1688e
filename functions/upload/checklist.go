package upload

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// refreshes bounds how often a page without JavaScript asks for the result of an inspection.
const refreshes = 40

// checklist shows every slot with its state, the deadline, and what is missing.
func (s *Service) checklist(c *web.Call) error {
	f, err := s.open(c)
	if err != nil {
		return err
	}
	p, err := f.checklistPage(nil)
	if err != nil {
		return err
	}
	waitsFor := c.R.URL.Query().Get("tunggu")
	count, _ := strconv.Atoi(c.R.URL.Query().Get("ke"))
	if f.waiting(waitsFor) && count < refreshes {
		p.Refresh = 4
		p.Path = c.URL("/berkas") + "?tunggu=" + waitsFor + "&ke=" + strconv.Itoa(count+1)
		// A page that reloads under a reader's eyes is no help to them (WCAG
		// 2.2.1), so without the script there is a link.
		p.Blocks = append([]page.Block{page.Notice{Kind: "info", Title: c.T("unggah.diperiksa.judul"), Text: c.T("unggah.diperiksa.teks"),
			Link: &page.Link{URL: p.Path, Text: c.T("unggah.lihat-hasil")}}}, p.Blocks...)
	}
	return c.Show(http.StatusOK, p, f.value())
}

// waiting tells whether the newest file of a slot has no result yet.
func (f *folder) waiting(slot string) bool {
	if f.list.Item(slot) == nil {
		return false
	}
	w := f.newest(slot, claim.DocWaiting)
	if w == nil {
		return false
	}
	for _, state := range []claim.DocState{claim.DocPassed, claim.DocRefused} {
		if d := f.newest(slot, state); d != nil && d.Created.After(w.Created) {
			return false
		}
	}
	return true
}

func (f *folder) checklistPage(mistakes web.Mistakes) (*page.Page, error) {
	c := f.call
	p := f.page(c.T("unggah.judul"))
	end, err := f.until()
	switch {
	case err != nil:
		p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: c.T("unggah.ditutup.judul"), Text: c.T("unggah.ditutup.teks")})
	case f.reg.Status == claim.Draft:
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: c.T("unggah.batas", "batas", f.moment(end)), Text: c.T("unggah.batas.teks")})
	case f.reg.Status == claim.Postponed:
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: c.T("unggah.perbaiki", "batas", f.moment(end)), Text: c.T("unggah.perbaiki.teks")})
	default:
		p.Blocks = append(p.Blocks, page.Notice{Kind: "success", Title: c.T("unggah.terkirim.judul"), Text: c.T("unggah.terkirim.teks", "batas", f.moment(end))})
	}
	required, rest := page.Checklist{}, page.Checklist{}
	for _, it := range f.list {
		if it.Need == requirement.Required {
			required.Items = append(required.Items, f.task(it, err == nil && f.replaceable(it.Slot)))
		} else {
			rest.Items = append(rest.Items, f.task(it, err == nil && f.replaceable(it.Slot)))
		}
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "wajib", Text: c.T("unggah.wajib")}, required)
	if err == nil && (f.reg.Status == claim.Draft || f.reg.Status == claim.Postponed) {
		p.Blocks = append(p.Blocks, f.submitForm(mistakes))
	}
	if len(rest.Items) > 0 {
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "tambahan", Text: c.T("unggah.tambahan")},
			page.Text{Text: c.T("unggah.tambahan.teks")}, rest)
	}
	p.Back = &page.Link{URL: c.URL("/status"), Text: c.T("unggah.ke-status")}
	return p, nil
}

func (f *folder) submitForm(mistakes web.Mistakes) *page.Form {
	c := f.call
	return &page.Form{Action: c.URL("/berkas/kirim"), Errors: mistakes,
		Fields:  []page.Field{{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(f.reg.Version)}},
		Buttons: []page.Submit{{Text: c.T("unggah.kirim")}}}
}

// task is one line of the checklist, with what the last inspection found.
func (f *folder) task(it requirement.Item, open bool) page.Task {
	c := f.call
	t := page.Task{Title: f.title(it), Hint: it.Note.In(c.Lang), Kind: "todo", Status: c.T("unggah.status.belum")}
	if it.Need != requirement.Required {
		t.Kind, t.Status = "optional", c.T("unggah.status.tambahan")
	}
	if open {
		t.Link = &page.Link{URL: c.URL("/berkas/" + it.Slot), Text: t.Title}
	}
	passed, refused := f.newest(it.Slot, claim.DocPassed), f.newest(it.Slot, claim.DocRefused)
	switch {
	case passed != nil && len(passed.Findings) > 0:
		t.Kind, t.Status, t.Details = "warning", c.T("unggah.status.diterima-catatan"), f.words(passed.Findings)
	case passed != nil:
		t.Kind, t.Status = "done", c.T("unggah.status.diterima")
	case f.waiting(it.Slot) && c.R.URL.Query().Get("tunggu") == it.Slot:
		t.Kind, t.Status = "busy", c.T("unggah.status.diperiksa")
	case refused != nil:
		t.Kind, t.Status = "error", c.T("unggah.status.ditolak")
	}
	if refused != nil && (passed == nil || refused.Created.After(passed.Created)) {
		t.Details = append(t.Details, f.words(refused.Findings)...)
	}
	return t
}

// words says findings in plain words.
func (f *folder) words(findings []string) []string {
	out := make([]string, len(findings))
	for i, code := range findings {
		out[i] = f.call.T("berkas.temuan." + code)
	}
	return out
}

func (f *folder) moment(t time.Time) string {
	return page.Moment(f.call.Lang, t, f.set.Branch(f.reg.Place.Branch))
}

// value is the JSON form of the checklist.
func (f *folder) value() any {
	type file struct {
		Slot     string   `json:"slot"`
		Name     string   `json:"nama"`
		Required bool     `json:"wajib"`
		Upload   string   `json:"unggahan,omitempty"`
		Status   string   `json:"status"`
		Findings []string `json:"temuan"`
	}
	state := map[claim.DocState]string{claim.DocWaiting: "menunggu", claim.DocPassed: "diterima", claim.DocRefused: "ditolak"}
	files := []file{}
	for _, it := range f.list {
		entry := file{Slot: it.Slot, Name: f.title(it), Required: it.Need == requirement.Required, Status: "belum", Findings: []string{}}
		found := false
		for _, d := range f.reg.Documents {
			if d.Slot == it.Slot {
				e := entry
				e.Upload, e.Status, e.Findings = d.Upload, state[d.State], f.words(d.Findings)
				files, found = append(files, e), true
			}
		}
		if !found {
			files = append(files, entry)
		}
	}
	return map[string]any{"berkas": files, "lengkap": len(f.list.Missing(f.reg.Passed)) == 0, "batas": f.reg.Deadline.UTC().Format(time.RFC3339)}
}

// submit sends the claim: only when every required slot has passed. What is
// missing is named, and nothing is lost.
func (s *Service) submit(c *web.Call) error {
	in, err := c.Input("versi")
	if err != nil {
		return err
	}
	f, err := s.open(c)
	if err != nil {
		return err
	}
	if f.reg.Status == claim.Submitted {
		return c.Redirect("/tanda-terima")
	}
	end, err := f.until()
	if err != nil {
		return err
	}
	var m web.Mistakes
	for _, slot := range claim.Unmended(f.reg) {
		m.Add(slot, c.T("unggah.belum-diperbaiki", "berkas", f.title(*f.list.Item(slot))))
	}
	for _, slot := range f.list.Missing(f.reg.Passed) {
		m.Add(slot, c.T("unggah.kurang", "berkas", f.title(*f.list.Item(slot))))
	}
	if len(m) > 0 {
		p, err := f.checklistPage(m)
		if err != nil {
			return err
		}
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	if !claim.Consented(f.reg) {
		return c.Redirect("/kolektif/persetujuan")
	}
	version := f.reg.Version
	if v, err := strconv.Atoi(in.Get("versi")); err == nil && v > version {
		return claim.ErrStale
	}
	if f.reg.Status == claim.Postponed {
		if _, err := s.Store.Mend(c.Context(), f.reg.ID, version, end); err != nil {
			return fmt.Errorf("mend: %w", err)
		}
		return c.Redirect("/status")
	}
	if _, err := s.Store.Submit(c.Context(), f.reg.ID, version); err != nil {
		return fmt.Errorf("submit: %w", err)
	}
	return c.Redirect("/tanda-terima")
}
