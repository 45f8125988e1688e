package collective

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A wish is the opened registration of a worker whose company hands it in.
type wish struct {
	*web.Call
	reg    claim.Registration
	set    *requirement.Set
	reason *requirement.Reason
}

// wish opens the worker's own registration. claim.ErrClosed where there is
// nothing (any more) to agree to.
func (s *Service) wish(c *web.Call) (*wish, error) {
	id, err := c.Session()
	if err != nil {
		return nil, err
	}
	reg, err := s.Store.ByID(c.Context(), id)
	if err != nil {
		return nil, fmt.Errorf("consent: %w", err)
	}
	set, err := s.Sets.Version(c.Context(), reg.SetVersion)
	if err != nil {
		return nil, fmt.Errorf("requirement set of the registration: %w", err)
	}
	reason := set.Reason(reg.Reason)
	if reg.Company == "" || reason == nil || reg.Status != claim.Draft || !c.Now().Before(reg.Deadline) {
		return nil, claim.ErrClosed
	}
	return &wish{c, reg, set, reason}, nil
}

// consents shows the worker what the company has handed in, and asks.
func (s *Service) consents(c *web.Call) error {
	w, err := s.wish(c)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, w.page(nil, nil), w.value())
}

func (w *wish) page(in web.Input, m web.Mistakes) *page.Page {
	x := w.reg.Private.Person
	field := page.Field{Kind: page.Boxes, Name: "persetujuan", Label: w.T("daftar.persetujuan.label"), Hint: w.T("kolektif.setuju.petunjuk")}
	for _, k := range w.set.ConsentsFor(w.reason, requirement.Collective) {
		o := page.Option{Value: k.Code, Label: k.Text.In(w.Lang), Hint: k.Source}
		if !k.Required {
			o.Label += " " + w.T("daftar.tidak-wajib")
		}
		for _, v := range in["persetujuan"] {
			o.Checked = o.Checked || v == k.Code
		}
		field.Options = append(field.Options, o)
	}
	rows := []page.Row{
		{Key: w.T("daftar.nama.label"), Value: x.Name}, {Key: w.T("daftar.nik.label"), Value: x.NIK}, {Key: w.T("daftar.kpj.label"), Value: strings.Join(x.KPJ, ", ")},
		{Key: w.T("daftar.ponsel.label"), Value: x.Phone}, {Key: w.T("daftar.surel.label"), Value: x.Email}, {Key: w.T("daftar.bank.label"), Value: x.Bank},
		{Key: w.T("daftar.rekening.label"), Value: x.Account}, {Key: w.T("daftar.pemilik.label"), Value: x.Holder}, {Key: w.T("daftar.sebab"), Value: w.reason.Title.In(w.Lang)}}
	p := &page.Page{Title: w.T("kolektif.setuju.judul"), Section: "/status", Scripts: []page.Script{"formulir"},
		Crumbs: []page.Link{{URL: w.URL("/"), Text: w.T("situs.beranda")}, {URL: w.URL("/status"), Text: w.T("unggah.pendaftaran")}},
		Back:   &page.Link{URL: w.URL("/status"), Text: w.T("unggah.ke-status")}}
	p.Blocks = []page.Block{page.Lead{Text: w.T("kolektif.setuju.pengantar")}, page.Summary{Rows: rows},
		page.Notice{Kind: "info", Title: w.T("kolektif.setuju.wakil"), Text: w.T("kolektif.setuju.wakil.teks")},
		&page.Form{Action: w.URL("/kolektif/persetujuan"), Errors: m, Fields: []page.Field{field}, Buttons: []page.Submit{{Text: w.T("kolektif.setuju.tombol")}}},
		page.Text{Text: w.T("kolektif.setuju.tidak")},
		page.Button{Link: page.Link{URL: w.URL("/status/batal"), Text: w.T("daftar.batal")}, Secondary: true}}
	return p
}

func (w *wish) value() map[string]any {
	asked := []map[string]any{}
	for _, k := range w.set.ConsentsFor(w.reason, requirement.Collective) {
		asked = append(asked, map[string]any{"kode": k.Code, "wajib": k.Required, "versi": k.Version, "teks": k.Text.In(w.Lang)})
	}
	return map[string]any{"persetujuan": asked, "batas": w.reg.Deadline.UTC().Format(time.RFC3339)}
}

// consent keeps what the worker agreed to, and submits the claim if its
// documents are there already; otherwise a job submits it when they are.
func (s *Service) consent(c *web.Call) error {
	in, err := c.Input("persetujuan")
	if err != nil {
		return err
	}
	w, err := s.wish(c)
	if err != nil {
		return err
	}
	given := map[string]bool{}
	for _, code := range in["persetujuan"] {
		given[code] = true
	}
	var m web.Mistakes
	var proofs []claim.ConsentProof
	for _, k := range w.set.ConsentsFor(w.reason, requirement.Collective) {
		switch {
		case given[k.Code]:
			proofs = append(proofs, claim.ConsentProof{Code: k.Code, Version: k.Version, Lang: c.Lang, Given: c.Now().UTC()})
		case k.Required:
			m.Add("persetujuan", c.T("kolektif.setuju.wajib"))
		}
	}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, w.page(in, m), m.Value())
	}
	if _, err := s.Store.Consent(c.Context(), w.reg.ID, w.reg.Version, proofs); err != nil {
		return fmt.Errorf("consent: %w", err)
	}
	reg, err := s.Store.ByID(c.Context(), w.reg.ID) // a file may have passed meanwhile
	if err != nil {
		return fmt.Errorf("consent: %w", err)
	}
	if claim.Complete(w.set, reg) {
		if _, err := s.Store.Submit(c.Context(), reg.ID, reg.Version); err != nil && !errors.Is(err, claim.ErrStale) {
			return fmt.Errorf("submit after consent: %w", err)
		}
	}
	return c.Redirect("/status")
}
