package register

import (
	"fmt"
	"net/http"

	"lapakasik/functions/internal/agenda"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// receipt is the proof of what was received, to keep or print. Its QR holds
// the code alone, for the officer's scanner.
func (s *Service) receipt(c *web.Call) error {
	reg, set, err := s.mine(c)
	if err != nil {
		return err
	}
	code := claim.FormatCode(reg.Private.Code)
	qr, err := page.QR(code)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	over, show := reg.Status == claim.Cancelled || reg.Status == claim.Lapsed, ""
	if !over {
		show = c.T("daftar.tanda-terima.simpan")
	}
	p := personalPage(c, "daftar.tanda-terima.judul")
	p.Back = &page.Link{URL: c.URL("/status"), Text: c.T("daftar.ke-status")}
	p.Blocks = []page.Block{
		page.Panel{Title: c.T("daftar.tanda-terima." + statusName(reg.Status)), Text: show, Code: code},
		page.Picture{SVG: qr, Alt: c.T("daftar.tanda-terima.qr")},
		page.Summary{Rows: summary(c, set, reg)},
	}
	if papers := received(c, set, reg); len(papers) > 0 {
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "berkas", Text: c.T("daftar.tanda-terima.berkas")}, page.List{Items: papers})
	}
	if reg.Place.Time != "" && !over {
		p.Blocks = append(p.Blocks, page.Button{Link: page.Link{URL: c.URL("/tanda-terima/jadwal.ics"), Text: c.T("daftar.tanda-terima.kalender")}, Secondary: true})
	}
	p.Blocks = append(p.Blocks, page.Text{Text: c.T("daftar.tanda-terima.cetak")})
	return c.Show(http.StatusOK, p, registrationValue(reg))
}

// received lists the documents that passed, with the time in the branch's zone.
func received(c *web.Call, set *requirement.Set, reg claim.Registration) []string {
	var out []string
	for _, d := range reg.Documents {
		if kind := set.Document(d.Kind); d.State == claim.DocPassed && kind != nil {
			out = append(out, c.T("daftar.tanda-terima.satu", "berkas", kind.Title.In(c.Lang), "waktu", moment(c, set.Branch(reg.Place.Branch), d.Created)))
		}
	}
	return out
}

// calendar is the place as a calendar entry.
func (s *Service) calendar(c *web.Call) error {
	reg, set, err := s.mine(c)
	if err != nil {
		return err
	}
	branch := set.Branch(reg.Place.Branch)
	if branch == nil || reg.Place.Time == "" {
		return claim.ErrNotFound
	}
	title := c.T("daftar.kalender.judul", "kanal", channelName(c, reg))
	if c.Rehearsal() {
		title = c.T("situs.latihan") + " " + title
	}
	entry, err := agenda.Entry(reg, branch, agenda.Words{Title: title, Text: c.T("daftar.kalender.teks"), URL: c.Absolute("/status")})
	if err != nil {
		return err
	}
	return c.File("text/calendar; charset=utf-8", "lapak-asik.ics", entry)
}
