// Package permit lets one file come straight from a browser to the file store:
//
//	page with a plain form ─ Service.Form ─────────┐
//	script ─ Wanted ─ Service.Put ─────────────────┼─► inbox ─► inspect
//	form that we take ourselves ─ Service.Allow ───┘
//
// Each file that may come is noted before, so that inspection knows whose it
// is, and that nobody sends too many.
package permit

import (
	"context"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A permission to send a plain form lives as long as a person may take to find
// the paper and photograph it; one for the script is used at once.
const (
	formLife   = 30 * time.Minute
	scriptLife = 5 * time.Minute
)

// maxFiles bounds the files of one owner that came or were announced, and once
// more those that forms could still bring.
const maxFiles = 40

// anyPicture tells inspection that the file must be a JPEG or PNG.
const anyPicture = "image/*"

// Store notes files that may come.
type Store interface {
	AllowUpload(ctx context.Context, owner string, doc claim.Document) error
}

// Signer signs requests that put one object into the inbox.
type Signer interface {
	// PresignPUT binds key, type, length, digest (hexadecimal SHA-256) and
	// that the object is new; header must be sent as returned.
	PresignPUT(ctx context.Context, key, media string, size int64, sha256 string) (url string, header map[string]string, err error)
	// PresignPOST returns an HTML form's action and hidden fields with a policy
	// for exactly the key and 1 to claim.MaxFile bytes; the browser is sent to back.
	PresignPOST(ctx context.Context, key, back string) (url string, fields map[string]string, err error)
}

// Service permits files.
type Service struct {
	Store  Store
	Signer Signer
	// NewID returns 32 random hexadecimal digits.
	NewID func() (string, error)
}

// A Place is where one file goes.
type Place struct {
	Owner string // a registration, or a company's request
	Slot  string
	Kind  requirement.Document
	Have  []claim.Document // of the owner, in any state
	Until time.Time        // nothing comes later; zero: no such time
	Page  string           // address of the file's page; below it are "/izin" and "/selesai"
	List  string           // address of the page that shows the result
}

// Full tells whether the owner has as many files as one may have, counting
// those that were announced and may still come. A form that somebody looked at
// is no file yet.
func (p *Place) Full(now time.Time) bool {
	n := 0
	for _, d := range p.Have {
		if d.State != claim.DocWaiting || d.SHA256 != "" && now.Before(d.Expires) {
			n++
		}
	}
	return n >= maxFiles
}

// again is a permission that a form may be given once more, nil for none: the
// newest of the place, if it lives long enough and no file came after it. Only
// who has looked at very many forms gets one, so that looking costs no file and
// what may come stays bounded.
func (p *Place) again(now, until time.Time) *claim.Document {
	forms := 0
	var newest *claim.Document
	var came time.Time
	for i, d := range p.Have {
		form := d.State == claim.DocWaiting && d.SHA256 == ""
		live := form && now.Before(d.Expires)
		if live {
			forms++
		}
		switch {
		case d.Slot != p.Slot:
		case live && d.Kind == p.Kind.Code && (newest == nil || d.Created.After(newest.Created)):
			newest = &p.Have[i]
		case !form && d.Created.After(came):
			came = d.Created
		}
	}
	if forms < maxFiles || newest == nil || !newest.Created.After(came) || newest.Expires.Before(until.Add(-formLife/2)) {
		return nil
	}
	return newest
}

// until is when a permission ends that would live to a time.
func (p *Place) until(t time.Time) time.Time {
	if !p.Until.IsZero() && p.Until.Before(t) {
		return p.Until
	}
	return t
}

// Media are the types that a file of the kind may have.
func (p *Place) Media() []string {
	if p.Kind.Photo {
		return []string{"image/jpeg", "image/png"}
	}
	return []string{"image/jpeg", "image/png", "application/pdf"}
}

// Form is the plain form that sends the file. The script takes it over where
// there is one, and falls back to it. Each page gets a permission of its own,
// since of two files sent with one only the first would count; but see again.
// claim.ErrTooMany if the place is full.
func (s *Service) Form(c *web.Call, p *Place) (*page.Form, error) {
	doc := claim.Document{Expires: c.Now().Add(formLife)}
	if p.Kind.Photo {
		doc.Media = anyPicture
	}
	var err error
	if old := p.again(c.Now(), p.until(doc.Expires)); old != nil && !p.Full(c.Now()) {
		doc = *old
	} else if doc, err = s.allow(c, p, doc); err != nil {
		return nil, err
	}
	url, fields, err := s.Signer.PresignPOST(c.Context(), claim.InboxKey(doc.Upload, doc.Slot), c.Absolute(p.Page+"/selesai"))
	if err != nil {
		return nil, fmt.Errorf("sign upload form: %w", err)
	}
	form := &page.Form{Action: url, Upload: true, Script: "berkas", Buttons: []page.Submit{{Text: c.T("unggah.unggah")}}}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		form.Fields = append(form.Fields, page.Field{Kind: page.Hidden, Name: name, Value: fields[name]})
	}
	// S3 ignores every field after the file, so it comes last.
	form.Fields = append(form.Fields, page.Field{Kind: page.FileInput, Name: "file", Label: c.T("unggah.file.label"), Hint: c.T("unggah.file.petunjuk"),
		Accept: strings.Join(p.Media(), ","), Attributes: map[string]string{"required": "",
			"data-izin": c.URL(p.Page + "/izin"), "data-dokumen": p.Kind.Code, "data-slot": p.Slot, "data-berkas": c.URL(p.List)}})
	return form, nil
}

// Wanted reads the fields "jenis", "ukuran" and "sha256": the file that the
// script wants to send.
func Wanted(c *web.Call, p *Place, in web.Input) (claim.Document, web.Mistakes) {
	var m web.Mistakes
	doc := claim.Document{Media: in.Get("jenis"), SHA256: in.Get("sha256")}
	if !slices.Contains(p.Media(), doc.Media) {
		m.Add("jenis", c.T("unggah.jenis-salah"))
	}
	var err error
	doc.Size, err = strconv.ParseInt(in.Get("ukuran"), 10, 64)
	if err != nil || doc.Size < 1 || doc.Size > claim.MaxFile {
		m.Add("ukuran", c.T("unggah.ukuran-salah"))
	}
	if sum, err := hex.DecodeString(doc.SHA256); err != nil || len(sum) != 32 {
		m.Add("sha256", c.T("unggah.sha-salah"))
	}
	return doc, m
}

// Put signs one PUT for what was Wanted: exactly this type, length and
// content. It returns what the script is answered. claim.ErrTooMany if the
// place is full.
func (s *Service) Put(c *web.Call, p *Place, doc claim.Document) (map[string]any, error) {
	doc, err := s.Allow(c, p, doc)
	if err != nil {
		return nil, err
	}
	url, header, err := s.Signer.PresignPUT(c.Context(), claim.InboxKey(doc.Upload, doc.Slot), doc.Media, doc.Size, doc.SHA256)
	if err != nil {
		return nil, fmt.Errorf("sign upload: %w", err)
	}
	return map[string]any{"unggahan": doc.Upload, "url": url, "header": header}, nil
}

// Allow notes that a file of known type, length and content comes now, and
// returns it with its upload id. claim.ErrTooMany if the place is full.
func (s *Service) Allow(c *web.Call, p *Place, doc claim.Document) (claim.Document, error) {
	doc.Expires = c.Now().Add(scriptLife)
	return s.allow(c, p, doc)
}

func (s *Service) allow(c *web.Call, p *Place, doc claim.Document) (claim.Document, error) {
	if p.Full(c.Now()) {
		return doc, claim.ErrTooMany
	}
	id, err := s.NewID()
	if err != nil {
		return doc, fmt.Errorf("upload id: %w", err)
	}
	doc.Upload, doc.Slot, doc.Kind, doc.State, doc.Created = id, p.Slot, p.Kind.Code, claim.DocWaiting, c.Now().UTC()
	doc.Expires = p.until(doc.Expires)
	if err := s.Store.AllowUpload(c.Context(), p.Owner, doc); err != nil {
		return doc, fmt.Errorf("allow upload: %w", err)
	}
	return doc, nil
}
