package register

import (
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
)

// checkConsent reads the boxes. Only what rests on consent is asked (UU
// 27/2022 art. 20 to 22); a box that the channel cannot do without is a
// mistake when empty, and the other channel is named as the way out.
func checkConsent(a *application) (web.Mistakes, error) {
	var m web.Mistakes
	given := map[string]bool{}
	for _, code := range a.in["persetujuan"] {
		given[code] = true
	}
	a.proofs = nil
	for _, k := range a.set.ConsentsFor(a.reason, a.place.Channel) {
		switch {
		case given[k.Code]:
			a.proofs = append(a.proofs, claim.ConsentProof{Code: k.Code, Version: k.Version, Lang: a.call.Lang, Given: a.call.Now().UTC()})
		case k.Required:
			m.Add("persetujuan", a.call.T("daftar.persetujuan.wajib", "isi", k.Text.In(a.call.Lang)))
		}
	}
	return m, nil
}

func showReview(a *application, f *page.Form) ([]page.Block, any, error) {
	c := a.call
	f.Action = c.URL("/daftar")
	f.Buttons = []page.Submit{{Text: c.T("daftar.pesan")}}
	if a.draw != nil {
		f.Buttons[0].Text = c.T("undian.ikuti")
	}
	if a.waits() {
		f.Buttons[0].Text = c.T("daftar.tunggu.kirim")
	}
	var value []map[string]any
	consents := page.Field{Kind: page.Boxes, Name: "persetujuan", Label: c.T("daftar.persetujuan.label"), Hint: c.T("daftar.persetujuan.petunjuk")}
	for _, k := range a.set.ConsentsFor(a.reason, a.place.Channel) {
		o := page.Option{Value: k.Code, Label: k.Text.In(c.Lang), Hint: k.Source}
		if !k.Required {
			o.Label += " " + c.T("daftar.tidak-wajib")
		}
		for _, v := range a.in["persetujuan"] {
			o.Checked = o.Checked || v == k.Code
		}
		consents.Options = append(consents.Options, o)
		value = append(value, map[string]any{"kode": k.Code, "wajib": k.Required, "versi": k.Version, "teks": k.Text.In(c.Lang)})
	}
	if len(consents.Options) > 0 {
		f.Fields = append(f.Fields, consents)
	}
	blocks := []page.Block{
		page.Lead{Text: c.T("daftar.periksa.pengantar")},
		page.Summary{Rows: append(a.placeRows(), a.personRows()...)},
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL("/privasi/"), Text: c.T("daftar.privasi")}, Note: c.T("daftar.privasi.catatan")}}},
	}
	return blocks, map[string]any{"persetujuan": value}, nil
}

func (a *application) placeRows() []page.Row {
	c := a.call
	rows := []page.Row{
		{Key: c.T("daftar.sebab"), Value: a.reason.Title.In(c.Lang)},
		{Key: c.T("daftar.kantor"), Value: a.branch.Name},
		{Key: c.T("daftar.kanal"), Value: c.T("daftar.kanal." + string(a.place.Channel))},
		{Key: c.T("daftar.waktu"), Value: when(c, a.place, a.branch.Zone)},
	}
	if a.draw != nil {
		rows = append(rows, a.wishRow())
	}
	if a.waits() {
		rows = append(rows, waitRow(c, a.branch.Zone, a.waitFor))
	}
	return rows
}

// when says day and time with the branch's zone.
func when(c *web.Call, p claim.Place, zone string) string {
	if p.Time == "" {
		return c.T("daftar.waktu.belum", "tanggal", page.Date(c.Lang, p.Date))
	}
	return page.Date(c.Lang, p.Date) + ", " + page.Clock(c.Lang, p.Time, zone)
}

func (a *application) personRows() []page.Row {
	c := a.call
	rows := []page.Row{{Key: c.T("daftar.tanggal-lahir"), Value: page.Date(c.Lang, a.person.BirthDate)}}
	for _, b := range a.boxes() {
		v, _ := b.parse(a.in.Get(b.name))
		if b.name == "kpj" {
			v = strings.ReplaceAll(v, " ", ", ")
		}
		rows = append(rows, page.Row{Key: c.T("daftar." + b.name + ".label"), Value: v})
	}
	return rows
}
