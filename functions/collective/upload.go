package collective

import (
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Permissions live as long as those of everybody's documents (package upload).
const (
	formLife   = 30 * time.Minute
	scriptLife = 5 * time.Minute
	anyPicture = "image/*"
	maxUploads = 40 // of one owner, inspected or allowed
)

// A target is where one file goes: a letter of the company, or a slot of a worker.
type target struct {
	owner string
	slot  string
	kind  requirement.Document
	docs  []claim.Document // that the owner has
	at    string           // address of the page
	list  string           // address that shows the result
}

// spent counts the files that were inspected and those that may still come.
func (t *target) spent(now time.Time) int {
	n := 0
	for _, d := range t.docs {
		if d.State != claim.DocWaiting || now.Before(d.Expires) {
			n++
		}
	}
	return n
}

// allow notes that one file may come. claim.ErrTooMany after too many.
func (d *desk) allow(t *target, doc claim.Document) (claim.Document, error) {
	if t.spent(d.Now()) >= maxUploads {
		return doc, claim.ErrTooMany
	}
	id, err := d.s.NewID()
	if err != nil {
		return doc, fmt.Errorf("upload id: %w", err)
	}
	doc.Upload, doc.Slot, doc.Kind, doc.State, doc.Created = id, t.slot, t.kind.Code, claim.DocWaiting, d.Now().UTC()
	if err := d.s.Store.AllowUpload(d.Context(), t.owner, doc); err != nil {
		return doc, fmt.Errorf("allow upload: %w", err)
	}
	return doc, nil
}

// filePage shows what belongs here, and the plain form that sends it straight
// to the file store. The script takes it over where there is one.
func (d *desk) filePage(t *target) error {
	doc := claim.Document{Expires: d.Now().Add(formLife)}
	accept := "image/jpeg,image/png,application/pdf"
	if t.kind.Photo {
		doc.Media, accept = anyPicture, "image/jpeg,image/png"
	}
	doc, err := d.allow(t, doc)
	if err != nil {
		return err
	}
	url, fields, err := d.s.Signer.PresignPOST(d.Context(), claim.InboxKey(doc.Upload, doc.Slot), d.Absolute(t.at+"/selesai"))
	if err != nil {
		return fmt.Errorf("sign upload form: %w", err)
	}
	form := &page.Form{Action: url, Upload: true, Script: "berkas", Buttons: []page.Submit{{Text: d.T("unggah.unggah")}}}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		form.Fields = append(form.Fields, page.Field{Kind: page.Hidden, Name: name, Value: fields[name]})
	}
	// S3 ignores every field after the file, so it comes last.
	form.Fields = append(form.Fields, page.Field{Kind: page.FileInput, Name: "file", Label: d.T("unggah.file.label"), Hint: d.T("unggah.file.petunjuk"), Accept: accept,
		Attributes: map[string]string{"required": "", "data-izin": d.URL(t.at + "/izin"), "data-dokumen": t.kind.Code, "data-slot": t.slot, "data-berkas": d.URL(t.list)}})
	p := d.inner(t.kind.Title.In(d.Lang), page.Lead{Text: t.kind.Help.In(d.Lang)})
	p.Scripts = append(p.Scripts, "berkas")
	p.Back = &page.Link{URL: d.URL(t.list), Text: d.T("situs.kembali")}
	if newest := newest(t.docs, t.slot); newest != nil && newest.State == claim.DocRefused {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "danger", Title: d.T("unggah.status.ditolak"), Text: join(words(d.Call, newest.Findings))})
	}
	p.Blocks = append(p.Blocks, form)
	return d.Show(http.StatusOK, p, map[string]any{"slot": t.slot, "jenis": t.kind.Code})
}

func join(list []string) string {
	out := ""
	for _, s := range list {
		out += s + " "
	}
	return out
}

// wanted reads what a script wants to send.
func (d *desk) wanted(in web.Input, photo bool) (claim.Document, web.Mistakes) {
	var m web.Mistakes
	doc := claim.Document{Media: in.Get("jenis"), SHA256: in.Get("sha256"), Expires: d.Now().Add(scriptLife)}
	allowed := []string{"image/jpeg", "image/png", "application/pdf"}
	if photo {
		allowed = allowed[:2]
	}
	if !slices.Contains(allowed, doc.Media) {
		m.Add("jenis", d.T("unggah.jenis-salah"))
	}
	var err error
	doc.Size, err = strconv.ParseInt(in.Get("ukuran"), 10, 64)
	if err != nil || doc.Size < 1 || doc.Size > MaxSize {
		m.Add("ukuran", d.T("unggah.ukuran-salah"))
	}
	if sum, err := hex.DecodeString(doc.SHA256); err != nil || len(sum) != 32 {
		m.Add("sha256", d.T("unggah.sha-salah"))
	}
	return doc, m
}

// permit signs one PUT: exactly this type, length and content.
func (d *desk) permit(t *target, doc claim.Document, more map[string]any) error {
	doc, err := d.allow(t, doc)
	if err != nil {
		return err
	}
	url, header, err := d.s.Signer.PresignPUT(d.Context(), claim.InboxKey(doc.Upload, doc.Slot), doc.Media, doc.Size, doc.SHA256)
	if err != nil {
		return fmt.Errorf("sign upload: %w", err)
	}
	value := map[string]any{"unggahan": doc.Upload, "url": url, "header": header}
	maps.Copy(value, more)
	return d.Show(http.StatusOK, d.inner(t.kind.Title.In(d.Lang)), value)
}

var errNoLetter = errors.New("collective: no such letter")

// letterOf is the place of a letter of the opened request, while it may change.
func (s *Service) letterOf(c *web.Call) (*desk, *target, error) {
	d, err := s.desk(c)
	if err != nil {
		return nil, nil, err
	}
	code := c.R.PathValue("surat")
	if d.set.Company.Letter(code) == nil {
		return d, nil, errNoLetter
	}
	if !d.req.Editable(c.Now()) {
		return d, nil, claim.ErrClosed
	}
	return d, &target{owner: d.req.ID, slot: code, kind: d.document(code), docs: d.req.Documents, at: "/kolektif/surat/" + code, list: "/kolektif/permohonan"}, nil
}

func (s *Service) letter(c *web.Call) error {
	d, t, err := s.letterOf(c)
	if errors.Is(err, errNoLetter) {
		return c.Redirect("/kolektif/permohonan")
	}
	if err != nil {
		return err
	}
	return d.filePage(t)
}

func (s *Service) letterSent(c *web.Call) error {
	d, t, err := s.letterOf(c)
	if err != nil || d == nil {
		return c.Redirect("/kolektif/permohonan")
	}
	return c.Redirect("/kolektif/permohonan?tunggu=" + t.slot)
}

func (s *Service) permitLetter(c *web.Call) error {
	in, err := c.Input("dokumen", "jenis", "ukuran", "sha256")
	if err != nil {
		return err
	}
	d, t, err := s.letterOf(c)
	if errors.Is(err, errNoLetter) {
		return web.Bad{Code: "isian-asing", Detail: "surat"}
	}
	if err != nil {
		return err
	}
	doc, m := d.wanted(in, t.kind.Photo)
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, d.inner(t.kind.Title.In(c.Lang)), m.Value())
	}
	return d.permit(t, doc, nil)
}
