package desk

import (
	"net/http"
	"slices"
	"strconv"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func arrivalForm(c *guard.Call, code string, m web.Mistakes) *page.Form {
	return &page.Form{Action: c.URL("/meja/" + c.Branch + "/hadir"), Errors: m, Buttons: []page.Submit{{Text: c.T("meja.hadir.catat"), Secondary: len(m) == 0}},
		Fields: []page.Field{{Kind: page.TextInput, Name: "kode", Label: c.T("meja.hadir.kode"), Hint: c.T("meja.hadir.petunjuk"), Value: code, Autocomplete: "off", Width: 30}}}
}

// arrive notes that the owner of a code stands at the branch, and says the
// queue number to tell them. An onsite draft needs its documents first: on
// paper, if the person has them in hand.
func (s *Service) arrive(c *guard.Call) error {
	in, err := c.Input("kode")
	if err != nil {
		return err
	}
	by, _, err := s.desk(c, "")
	if err != nil {
		return err
	}
	code, err := claim.ParseCode(in.Get("kode"))
	if err != nil {
		m := web.Mistakes{{Field: "kode", Message: c.T("daftar.kode.salah")}}
		return c.Show(http.StatusUnprocessableEntity, &page.Page{Title: c.T("meja.hadir"), Section: "/meja", Blocks: []page.Block{arrivalForm(c, in.Get("kode"), m)}}, m.Value())
	}
	id, err := s.Store.ByCode(c.Context(), c.Branch, code)
	if err != nil {
		return err
	}
	r, err := s.Store.Peek(c.Context(), c.Branch, id)
	if err != nil {
		return err
	}
	if r.Status == claim.Draft && r.Place.Channel == requirement.Onsite {
		return s.papers(c, by, id, http.StatusOK, nil, nil)
	}
	return s.arrived(c, by, id)
}

func (s *Service) arrived(c *guard.Call, by claim.Desk, id string) error {
	reg, err := s.Store.Arrive(c.Context(), by.Officer, id)
	if err != nil {
		return err
	}
	p := &page.Page{Title: c.T("meja.hadir"), Section: "/meja", Blocks: []page.Block{
		page.Panel{Title: c.T("meja.hadir.tercatat"), Text: c.T("meja.hadir.tercatat.teks"), Code: strconv.Itoa(reg.Call.Number)},
		page.Button{Link: page.Link{URL: c.URL("/meja/" + c.Branch), Text: c.T("meja.hadir.kembali")}}}}
	if reg.Call.Number == 0 {
		p.Blocks[0] = page.Notice{Kind: "success", Title: c.T("meja.hadir.tercatat"), Text: c.T("meja.hadir.online")}
	}
	return c.Show(http.StatusOK, p, map[string]any{"nomor": reg.Call.Number})
}

// papers asks the officer which documents are there on paper. Showing who the
// person is, to compare the KTP, is a look that the audit trail keeps.
func (s *Service) papers(c *guard.Call, by claim.Desk, id string, status int, seen []string, m web.Mistakes) error {
	r, err := s.Store.View(c.Context(), by, id, "papers")
	if err != nil {
		return err
	}
	set, err := s.Sets.Version(c.Context(), r.SetVersion)
	if err != nil {
		return err
	}
	boxes := page.Field{Kind: page.Boxes, Name: "berkas", Label: c.T("meja.kertas.berkas")}
	var slots []string
	for _, slot := range missing(set, r) {
		title := slot
		if d := set.Document(slot); d != nil {
			title = d.Title.In(c.Lang)
		}
		slots = append(slots, slot)
		boxes.Options = append(boxes.Options, page.Option{Value: slot, Label: title, Checked: slices.Contains(seen, slot)})
	}
	p := &page.Page{Title: c.T("meja.kertas"), Section: "/meja", Blocks: []page.Block{page.Lead{Text: c.T("meja.kertas.pengantar")},
		page.Summary{Rows: []page.Row{{Key: c.T("meja.orang.nama"), Value: claimant(r)}, {Key: c.T("daftar.tanggal-lahir"), Value: page.Date(c.Lang, r.Private.Person.BirthDate)}}},
		&page.Form{Action: c.URL("/meja/" + c.Branch + "/kertas"), Errors: m, Buttons: []page.Submit{{Text: c.T("meja.kertas.simpan")}},
			Fields: []page.Field{{Kind: page.Hidden, Name: "klaim", Value: id}, {Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(r.Version)}, boxes}}}}
	var value any = map[string]any{"klaim": id, "versi": strconv.Itoa(r.Version), "berkas": slots}
	if len(m) > 0 {
		value = m.Value()
	}
	return c.Show(status, p, value)
}

// missing are the required documents that did not come as files.
func missing(set *requirement.Set, r claim.Registration) []string {
	var out []string
	for _, it := range claim.ChecklistOf(set, r) {
		if it.Need == requirement.Required && !r.Passed(it.Slot) {
			out = append(out, it.Slot)
		}
	}
	return out
}

// paper takes the officer's word that every required document is there.
func (s *Service) paper(c *guard.Call) error {
	in, err := c.Input("klaim", "versi", "berkas")
	if err != nil {
		return err
	}
	by, _, err := s.desk(c, "")
	if err != nil {
		return err
	}
	version, err := strconv.Atoi(in.Get("versi"))
	if err != nil {
		return web.Bad{Code: "isian-rusak", Detail: "versi"}
	}
	r, err := s.Store.View(c.Context(), by, in.Get("klaim"), "papers")
	if err != nil {
		return err
	}
	set, err := s.Sets.Version(c.Context(), r.SetVersion)
	if err != nil {
		return err
	}
	for _, slot := range missing(set, r) {
		if !slices.Contains(in["berkas"], slot) {
			return s.papers(c, by, r.ID, http.StatusUnprocessableEntity, in["berkas"], web.Mistakes{{Field: "berkas", Message: c.T("meja.kertas.kurang")}})
		}
	}
	if _, err := s.Store.AcceptPaper(c.Context(), by, r.ID, version); err != nil {
		return err
	}
	return s.arrived(c, by, r.ID)
}
