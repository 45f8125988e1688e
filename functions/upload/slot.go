package upload

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A permission to upload with the plain form lives as long as a person may
// take to find the paper and photograph it; one for the script is used at once.
const (
	formLife   = 30 * time.Minute
	scriptLife = 5 * time.Minute
)

// anyPicture tells inspection that the file must be a JPEG or PNG.
const anyPicture = "image/*"

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
	form, err := s.fileForm(f, *it, kind)
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
	if f.spent() >= maxUploads {
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

// fileForm is the plain upload form with its policy. The script takes it over
// where there is one, and falls back to it.
func (s *Service) fileForm(f *folder, it requirement.Item, kind string) (*page.Form, error) {
	c := f.call
	doc, err := s.allowForm(f, it, kind)
	if err != nil {
		return nil, err
	}
	url, fields, err := s.Signer.PresignPOST(c.Context(), claim.InboxKey(doc.Upload, doc.Slot), c.Absolute("/berkas/"+it.Slot+"/selesai"))
	if err != nil {
		return nil, fmt.Errorf("sign upload form: %w", err)
	}
	form := &page.Form{Action: url, Upload: true, Script: "berkas", Buttons: []page.Submit{{Text: c.T("unggah.unggah")}}}
	for _, name := range sortedKeys(fields) {
		form.Fields = append(form.Fields, page.Field{Kind: page.Hidden, Name: name, Value: fields[name]})
	}
	accept := "image/jpeg,image/png,application/pdf"
	if f.kind(kind).Photo {
		accept = "image/jpeg,image/png"
	}
	// S3 ignores every field after the file, so it comes last.
	form.Fields = append(form.Fields, page.Field{Kind: page.FileInput, Name: "file", Label: c.T("unggah.file.label"),
		Hint: c.T("unggah.file.petunjuk"), Accept: accept, Attributes: map[string]string{"required": "",
			"data-izin": c.URL("/berkas/" + it.Slot + "/izin"), "data-dokumen": kind, "data-slot": it.Slot, "data-berkas": c.URL("/berkas")}})
	return form, nil
}

// allowForm returns a permission for the plain form. Each page gets its own:
// of two files sent with one permission only the first would count.
func (s *Service) allowForm(f *folder, it requirement.Item, kind string) (claim.Document, error) {
	doc := claim.Document{Slot: it.Slot, Kind: kind, Expires: f.call.Now().Add(formLife)}
	if f.kind(kind).Photo {
		doc.Media = anyPicture
	}
	return s.allow(f, doc)
}

func (s *Service) allow(f *folder, doc claim.Document) (claim.Document, error) {
	id, err := s.NewID()
	if err != nil {
		return doc, fmt.Errorf("upload id: %w", err)
	}
	doc.Upload, doc.State, doc.Created = id, claim.DocWaiting, f.call.Now().UTC()
	if end, err := f.until(); err == nil && end.Before(doc.Expires) {
		doc.Expires = end
	}
	if err := s.Store.AllowUpload(f.call.Context(), f.reg.ID, doc); err != nil {
		return doc, fmt.Errorf("allow upload: %w", err)
	}
	return doc, nil
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
	doc, m := f.wanted(in, *it)
	if len(m) > 0 {
		p, err := f.checklistPage(m)
		if err != nil {
			return err
		}
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	doc, err = s.allow(f, doc)
	if err != nil {
		return err
	}
	url, header, err := s.Signer.PresignPUT(c.Context(), claim.InboxKey(doc.Upload, doc.Slot), doc.Media, doc.Size, doc.SHA256)
	if err != nil {
		return fmt.Errorf("sign upload: %w", err)
	}
	value := map[string]any{"unggahan": doc.Upload, "url": url, "header": header}
	return c.Show(http.StatusOK, f.page(f.title(*it)), value)
}

// wanted reads what the script wants to send.
func (f *folder) wanted(in web.Input, it requirement.Item) (claim.Document, web.Mistakes) {
	c := f.call
	var m web.Mistakes
	doc := claim.Document{Slot: it.Slot, Kind: in.Get("dokumen"), Media: in.Get("jenis"), SHA256: in.Get("sha256"), Expires: c.Now().Add(scriptLife)}
	if !slices.Contains(it.OneOf, doc.Kind) {
		m.Add("dokumen", c.T("unggah.pilih.label"))
	}
	allowed := []string{"image/jpeg", "image/png", "application/pdf"}
	if f.kind(doc.Kind).Photo {
		allowed = allowed[:2]
	}
	if !slices.Contains(allowed, doc.Media) {
		m.Add("jenis", c.T("unggah.jenis-salah"))
	}
	var err error
	doc.Size, err = strconv.ParseInt(in.Get("ukuran"), 10, 64)
	if err != nil || doc.Size < 1 || doc.Size > MaxSize {
		m.Add("ukuran", c.T("unggah.ukuran-salah"))
	}
	if sum, err := hex.DecodeString(doc.SHA256); err != nil || len(sum) != 32 {
		m.Add("sha256", c.T("unggah.sha-salah"))
	}
	return doc, m
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

func sortedKeys(m map[string]string) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
