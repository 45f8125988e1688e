package site

import (
	"fmt"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// printPath is the address of a reason's checklist for paper.
func printPath(code string) string { return "/klaim/" + code + "/cetak/" }

// printable is a claim reason's checklist on one sheet of A4, with boxes to
// tick and a QR code back to its page. It holds what is required today; the
// older lists stay on the page.
func (s *Site) printable(r *requirement.Reason, l requirement.Lang) (*page.Page, error) {
	t := func(key string, pairs ...string) string { return page.T(l, key, pairs...) }
	back := page.Localise(l, "/klaim/"+r.Code+"/")
	qr, err := page.QR(s.options.Origin + back)
	if err != nil {
		return nil, fmt.Errorf("checklist of %s: %w", r.Code, err)
	}
	p := &page.Page{Lang: l, Path: printPath(r.Code), Title: t("cetak.judul", "sebab", r.Title.In(l)), Section: "/klaim/", Private: true,
		Back: &page.Link{URL: back, Text: r.Title.In(l)}}
	p.Blocks = append(p.Blocks, page.Lead{Text: t("cetak.isian")}, page.Picture{SVG: qr, Alt: t("cetak.qr", "alamat", s.options.Origin+back)})
	if len(r.Rules) > 0 {
		var rules []string
		for _, task := range s.ruleTasks(l, r) {
			rules = append(rules, task.Title)
		}
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "syarat", Text: t("halaman.syarat")}, page.List{Items: rules})
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "berkas", Text: t("cetak.berkas")})
	for i := range r.Lists {
		if list := &r.Lists[i]; list.Basis == requirement.Law && s.inForce(list) {
			p.Blocks = append(p.Blocks, page.Checklist{Boxes: true, Items: s.briefTasks(l, list)},
				page.Text{Text: t("halaman.dasar", "sumber", list.Source)})
		}
	}
	p.Blocks = append(p.Blocks, page.Text{Text: t("cetak.alamat", "alamat", s.options.Origin+back)})
	return p, nil
}

// inForce tells whether a list is in force today; without a day the newest is.
func (s *Site) inForce(l *requirement.List) bool {
	today := s.options.Today
	if today == "" {
		return l.ValidTo == ""
	}
	return l.ValidFrom <= today && (l.ValidTo == "" || today <= l.ValidTo)
}

// briefTasks are the documents of a list with only what decides whether one is
// needed.
func (s *Site) briefTasks(l requirement.Lang, list *requirement.List) []page.Task {
	var out []page.Task
	for i := range list.Items {
		it := &list.Items[i]
		full := s.itemTask(l, list, it)
		brief := page.Task{Title: full.Title, Details: full.Details}
		if len(full.Alternatives) > 0 {
			brief.Hint = page.T(l, "cetak.salah-satu", "berkas", strings.Join(full.Alternatives, "; "))
		}
		out = append(out, brief)
	}
	return out
}
