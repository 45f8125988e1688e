package collective

import (
	"errors"
	"maps"
	"net/http"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
)

// filePage shows what belongs here, and the plain form that sends it straight
// to the file store. The script takes it over where there is one.
func (d *desk) filePage(t *permit.Place) error {
	form, err := d.s.Files.Form(d.Call, t)
	if err != nil {
		return err
	}
	p := d.inner(t.Kind.Title.In(d.Lang), page.Lead{Text: t.Kind.Help.In(d.Lang)})
	p.Scripts = append(p.Scripts, "berkas")
	p.Back = &page.Link{URL: d.URL(t.List), Text: d.T("situs.kembali")}
	if old := refused(t.Have, t.Slot); old != nil {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "danger", Title: d.T("unggah.status.ditolak"), Text: strings.Join(words(d.Call, old.Findings), " ")})
	}
	p.Blocks = append(p.Blocks, form)
	return d.Show(http.StatusOK, p, map[string]any{"slot": t.Slot, "jenis": t.Kind.Code})
}

// permit signs one PUT for the script.
func (d *desk) permit(t *permit.Place, doc claim.Document, more map[string]any) error {
	value, err := d.s.Files.Put(d.Call, t, doc)
	if err != nil {
		return err
	}
	maps.Copy(value, more)
	return d.Show(http.StatusOK, d.inner(t.Kind.Title.In(d.Lang)), value)
}

var errNoLetter = errors.New("collective: no such letter")

// letterOf is the place of a letter of the opened request, while it may change.
func (s *Service) letterOf(c *web.Call) (*desk, *permit.Place, error) {
	d, err := s.desk(c)
	if err != nil {
		return nil, nil, err
	}
	code := c.R.PathValue("surat")
	if d.set.Company.Letter(code) == nil {
		return d, nil, errNoLetter
	}
	if !d.req.Editable(c.Now()) {
		return d, nil, errClosed
	}
	return d, &permit.Place{Owner: d.req.ID, Slot: code, Kind: d.document(code), Have: d.req.Documents, Page: "/kolektif/surat/" + code, List: "/kolektif/permohonan"}, nil
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
	return c.Redirect("/kolektif/permohonan?tunggu=" + t.Slot)
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
	doc, m := permit.Wanted(c, t, in)
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, d.inner(t.Kind.Title.In(c.Lang)), m.Value())
	}
	return d.permit(t, doc, nil)
}
