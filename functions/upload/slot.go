package upload

import (
	"errors"
	"net/http"
	"slices"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

var errNoSlot = errors.New("upload: no such slot in this checklist")

// slot shows one slot: what belongs into it, how to photograph it, and the
// form that sends the file straight to the file store.
func (s *Service) slot(c *web.Call) error {
	f, it, err := s.openSlot(c)
	if errors.Is(err, errNoSlot) {
		return c.Redirect("/berkas")
	}
	if err != nil {
		return err
	}
	p := f.page(f.title(*it))
	p.Crumbs = append(p.Crumbs, page.Link{URL: c.URL("/berkas"), Text: c.T("unggah.judul")})
	p.Back = &page.Link{URL: c.URL("/berkas"), Text: c.T("unggah.ke-berkas")}
	kind := c.R.URL.Query().Get("jenis")
	if len(it.OneOf) == 1 {
		kind = it.OneOf[0]
	}
	if !slices.Contains(it.OneOf, kind) {
		p.Blocks = []page.Block{page.Lead{Text: c.T("unggah.pilih.pengantar")}, f.kindForm(*it)}
		return c.Show(http.StatusOK, p, map[string]any{"slot": it.Slot, "jenis": it.OneOf})
	}
	form, err := s.Files.Form(c, f.place(it, kind))
	if err != nil {
		return err
	}
	doc := f.kind(kind)
	p.Title = doc.Title.In(c.Lang)
	p.Blocks = []page.Block{page.Lead{Text: doc.Help.In(c.Lang)}}
	if old := f.newest(it.Slot, claim.DocPassed); old != nil {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: c.T("unggah.ganti.judul"), Text: c.T("unggah.ganti.teks")})
	}
	if c.Rehearsal() {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: c.T("latihan.contoh"), Text: c.T("latihan.contoh.teks"),
			Link: &page.Link{URL: c.URL(page.RehearsalBase+"/") + "#contoh", Text: c.T("latihan.contoh.ambil")}})
	}
	p.Blocks = append(p.Blocks, form, page.Details{Summary: c.T("unggah.tips.judul"), Blocks: []page.Block{page.List{Items: []string{
		c.T("unggah.tips.cahaya"), c.T("unggah.tips.rata"), c.T("unggah.tips.penuh"), c.T("unggah.tips.pdf")}}}})
	return c.Show(http.StatusOK, p, map[string]any{"slot": it.Slot, "jenis": it.OneOf})
}

// openSlot opens the folder and the slot named in the address.
// claim.ErrClosed after the deadline, ErrTooMany after too many files.
func (s *Service) openSlot(c *web.Call) (*folder, *requirement.Item, error) {
	f, err := s.open(c)
	if err != nil {
		return nil, nil, err
	}
	it := f.list.Item(c.R.PathValue("slot"))
	if it == nil || len(it.OneOf) == 0 || !f.replaceable(it.Slot) {
		return f, nil, errNoSlot
	}
	if _, err := f.until(); err != nil {
		return f, it, err
	}
	if f.place(it, it.OneOf[0]).Full(c.Now()) {
		return f, it, claim.ErrTooMany
	}
	return f, it, nil
}

func (f *folder) kindForm(it requirement.Item) *page.Form {
	c := f.call
	field := page.Field{Kind: page.Radios, Name: "jenis", Label: c.T("unggah.pilih.label")}
	for _, code := range it.OneOf {
		d := f.kind(code)
		field.Options = append(field.Options, page.Option{Value: code, Label: d.Title.In(c.Lang), Hint: d.Help.In(c.Lang)})
	}
	return &page.Form{Action: c.URL("/berkas/" + it.Slot), Get: true, Fields: []page.Field{field}, Buttons: []page.Submit{{Text: c.T("unggah.lanjut")}}}
}

// permit signs one PUT for the script: exactly this type, length and content.
func (s *Service) permit(c *web.Call) error {
	in, err := c.Input("dokumen", "jenis", "ukuran", "sha256")
	if err != nil {
		return err
	}
	f, it, err := s.openSlot(c)
	if errors.Is(err, errNoSlot) {
		return web.Bad{Code: "isian-asing", Detail: "slot"}
	}
	if err != nil {
		return err
	}
	place := f.place(it, in.Get("dokumen"))
	doc, m := permit.Wanted(c, place, in)
	if !slices.Contains(it.OneOf, in.Get("dokumen")) {
		m.Add("dokumen", c.T("unggah.pilih.label"))
	}
	if len(m) > 0 {
		p, err := f.checklistPage(m)
		if err != nil {
			return err
		}
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	value, err := s.Files.Put(c, place, doc)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, f.page(f.title(*it)), value)
}

// sent is where the file store leads the browser after a plain upload.
func (s *Service) sent(c *web.Call) error {
	return c.Redirect("/berkas?tunggu=" + safeSlot(c.R.PathValue("slot")))
}

func safeSlot(slot string) string {
	for _, r := range slot {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return ""
		}
	}
	return slot
}
