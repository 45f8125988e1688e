package site

import (
	"slices"
	"strconv"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// branchPage describes one branch office: where it is, when it serves, how
// many. What no source confirms is said to be so.
func (s *Site) branchPage(b *requirement.Branch, l requirement.Lang) *page.Page {
	t := func(key string, pairs ...string) string { return page.T(l, key, pairs...) }
	address := b.Address
	if address == "" {
		address = t("kantor.tanpa-alamat")
	}
	p := &page.Page{Lang: l, Path: branchPath(b.Code), Title: b.Name, Description: t("kantor.deskripsi", "nama", b.Name), Section: "/kantor/",
		Crumbs: []page.Link{{URL: page.Localise(l, "/"), Text: t("situs.beranda")}, {URL: page.Localise(l, "/kantor/"), Text: t("situs.menu.kantor")}},
		Blocks: []page.Block{page.Summary{Rows: []page.Row{
			{Key: t("kantor.alamat"), Value: address}, {Key: t("kantor.kota"), Value: b.City + ", " + b.Province},
			{Key: t("kantor.zona"), Value: b.Zone}, {Key: t("kantor.sumber"), Value: b.Source}}}}}
	if !b.Bookable {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: t("kantor.belum-dibuka"), Text: t("kantor.belum-dibuka.teks")})
		return p
	}
	p.Blocks = append(p.Blocks, page.Button{Link: page.Link{URL: page.Localise(l, "/daftar"), Text: t("halaman.daftar-singkat")}},
		page.Heading{Level: 2, ID: "jam", Text: t("kantor.jam")})
	if s.assumed[b.Code] {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "warning", Title: t("kantor.jam.perkiraan"), Text: s.data.timetable.Note.In(l)})
	}
	for _, c := range []requirement.Channel{requirement.Online, requirement.Onsite} {
		if desk, ok := b.Desks[c]; ok {
			p.Blocks = append(p.Blocks, page.Heading{Level: 3, ID: "jam-" + string(c), Text: t("daftar.kanal." + string(c))}, deskSummary(l, b, desk))
		}
	}
	p.Blocks = append(p.Blocks, page.Text{Text: t("kantor.jam.berubah")},
		page.Summary{Rows: []page.Row{{Key: t("kantor.dibuka"), Value: t("kantor.dibuka.isi", "jam", page.Clocks(l, s.Set.Booking.ReopenAt, b.Zone))}}})
	return withDaysOff(p, s.Set.Holidays, b)
}

func deskSummary(l requirement.Lang, b *requirement.Branch, d requirement.Desk) page.Summary {
	t := func(key string, pairs ...string) string { return page.T(l, key, pairs...) }
	rows := []page.Row{
		{Key: t("kantor.hari"), Value: weekdays(l, d.Days)},
		{Key: t("kantor.buka"), Value: page.Clock(l, d.Open, "") + "–" + page.Clock(l, d.Close, b.Zone)},
	}
	var breaks []string
	for _, br := range d.Breaks {
		v := page.Clock(l, br.From, "") + "–" + page.Clock(l, br.To, b.Zone)
		if len(br.Days) > 0 {
			v += " (" + weekdays(l, br.Days) + ")"
		}
		breaks = append(breaks, v)
	}
	if len(breaks) > 0 {
		rows = append(rows, page.Row{Key: t("kantor.istirahat"), Value: strings.Join(breaks, "; ")})
	}
	return page.Summary{Rows: append(rows,
		page.Row{Key: t("kantor.lama"), Value: t("kantor.menit", "n", strconv.Itoa(d.Minutes))},
		page.Row{Key: t("kantor.tempat"), Value: t("kantor.tempat.isi", "petugas", strconv.Itoa(d.Officers), "tempat", strconv.Itoa(d.Places))})}
}

func weekdays(l requirement.Lang, days []int) string {
	if slices.Equal(days, []int{1, 2, 3, 4, 5}) {
		return page.Weekday(l, 1) + "–" + page.Weekday(l, 5)
	}
	var out []string
	for _, d := range days {
		out = append(out, page.Weekday(l, d))
	}
	return strings.Join(out, ", ")
}

func withDaysOff(p *page.Page, holidays []requirement.Holiday, b *requirement.Branch) *page.Page {
	t := func(key string) string { return page.T(p.Lang, key) }
	var rows []string
	for _, c := range b.Closures {
		rows = append(rows, page.ShortDate(p.Lang, c.From)+"–"+page.ShortDate(p.Lang, c.To)+": "+c.Reason.In(p.Lang))
	}
	for _, h := range holidays {
		rows = append(rows, page.Date(p.Lang, h.Date)+": "+h.Name.In(p.Lang))
	}
	if len(rows) > 0 {
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "libur", Text: t("kantor.libur")}, page.Text{Text: t("kantor.libur.teks")},
			page.Details{Summary: t("kantor.libur.daftar"), Blocks: []page.Block{page.List{Items: rows}}})
	}
	return p
}

// branchList lists all offices by province.
func (s *Site) branchList(l requirement.Lang) []page.Block {
	var out []page.Block
	province := ""
	var links page.Links
	branches := slices.Clone(s.Set.Branches)
	slices.SortStableFunc(branches, func(a, b requirement.Branch) int { return strings.Compare(a.Province, b.Province) })
	flush := func() {
		if len(links.Items) > 0 {
			out = append(out, links)
			links = page.Links{}
		}
	}
	for _, b := range branches {
		if b.Province != province {
			flush()
			province = b.Province
			out = append(out, page.Heading{Level: 2, ID: strings.ToLower(strings.ReplaceAll(province, " ", "-")), Text: province})
		}
		note := b.City
		if b.Bookable {
			note += ". " + page.T(l, "kantor.dapat-dipesan")
		}
		links.Items = append(links.Items, page.LinkItem{Link: page.Link{URL: page.Localise(l, branchPath(b.Code)), Text: b.Name}, Note: note})
	}
	flush()
	return out
}
