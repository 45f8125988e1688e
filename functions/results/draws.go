package results

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// pastDraws is for how many days after their day draws are listed.
const pastDraws = 60

// drawsKept is for how long the distribution may keep the list of draws.
const drawsKept = 30 * time.Second

// draws lists what a branch's draws have published: the commitment before the
// window, the digest of the list at its close, and the result.
func (s *Service) draws(c *web.Call) error {
	in, err := c.Input("cabang")
	if err != nil {
		return err
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("draws: %w", err)
	}
	var m web.Mistakes
	b := set.Branch(in.Get("cabang"))
	if in.Get("cabang") != "" && (b == nil || !b.Bookable) {
		m.Add("cabang", c.T("kinerja.cabang.salah"))
		b = nil
	}
	p := &page.Page{Title: c.T("undian.judul"), Path: "/undian", Description: c.T("undian.ringkas"), Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}},
		Blocks: []page.Block{page.Lead{Text: c.T("undian.pengantar")}, drawFilter(c, set, b, m),
			page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL("/bantuan/undian/"), Text: c.T("undian.cara")}}}}}}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	list := []map[string]any{}
	if b != nil {
		draws, err := s.Store.Draws(c.Context(), b.Code, requirement.DateOf(c.Now().In(b.Location())).AddDays(-pastDraws))
		if err != nil {
			return err
		}
		p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "daftar", Text: b.Name})
		if len(draws) == 0 {
			p.Blocks = append(p.Blocks, page.Drawing{Of: "empty"}, page.Notice{Kind: "info", Title: c.T("undian.tidak-ada.judul"), Text: c.T("undian.tidak-ada.teks")})
		}
		for i := len(draws) - 1; i >= 0; i-- { // newest first
			p.Blocks = append(p.Blocks, drawBlocks(c, b, set.Booking.Opening, draws[i])...)
			list = append(list, drawOf(b, set.Booking.Opening, draws[i], c.Now()))
		}
	}
	c.Public(drawsKept)
	return c.Show(http.StatusOK, p, map[string]any{"undian": list})
}

func drawFilter(c *web.Call, set *requirement.Set, chosen *requirement.Branch, m web.Mistakes) *page.Form {
	field := page.Field{Kind: page.Select, Name: "cabang", Label: c.T("kinerja.cabang")}
	for _, b := range set.Branches {
		if b.Bookable {
			field.Options = append(field.Options, page.Option{Value: b.Code, Label: b.Name, Checked: chosen != nil && b.Code == chosen.Code})
		}
	}
	return &page.Form{Action: c.URL("/undian"), Get: true, Errors: m, Fields: []page.Field{field}, Buttons: []page.Submit{{Text: c.T("kinerja.tampilkan"), Secondary: true}}}
}

// drawBlocks is what one draw has published so far.
func drawBlocks(c *web.Call, b *requirement.Branch, rules requirement.Opening, d claim.Draw) []page.Block {
	at := func(t time.Time) string { return page.Moment(c.Lang, t, b) }
	rows := []page.Row{{Key: c.T("undian.jendela"), Value: c.T("undian.dari-sampai", "buka", at(d.Opens), "tutup", at(d.Closes))},
		{Key: c.T("undian.keadaan"), Value: c.T("undian.keadaan." + d.StateName(c.Now()))},
		{Key: c.T("undian.ikrar"), Value: d.Commitment}, {Key: c.T("undian.sumber"), Value: d.Source.In(c.Lang)}}
	var files []page.LinkItem
	if d.ListDigest != "" {
		rows = append(rows, page.Row{Key: c.T("undian.peserta"), Value: page.Number(c.Lang, d.Entries)}, page.Row{Key: c.T("undian.tempat"), Value: drawPlaces(c, b, d)},
			page.Row{Key: c.T("undian.sidik"), Value: d.ListDigest})
		files = append(files, page.LinkItem{Link: page.Link{URL: "/data/undian/" + d.ListName() + ".json", Text: c.T("undian.berkas-daftar")}})
	}
	if by, err := d.ValueBy(b, rules); err == nil && d.Waits() {
		rows = append(rows, page.Row{Key: c.T("undian.paling-lambat"), Value: c.T("undian.paling-lambat.teks", "waktu", at(by))})
	}
	out := []page.Block{page.Heading{Level: 3, ID: d.Name(), Text: page.Date(c.Lang, d.Date) + ", " + c.T("daftar.kanal."+string(d.Channel))}}
	if d.Seed == "" {
		out = append(out, page.Summary{Rows: rows}, page.Links{Items: files})
		if d.Waits() {
			out = append(out, page.Text{Text: c.T("undian.catat")})
		}
		return out
	}
	rows = append(rows, page.Row{Key: c.T("undian.nilai"), Value: d.Value}, page.Row{Key: c.T("undian.benih"), Value: d.Seed})
	files = append(files, page.LinkItem{Link: page.Link{URL: d.File(), Text: c.T("undian.berkas-hasil")}})
	return append(out, page.Summary{Rows: rows}, page.Links{Items: files}, page.Text{Text: c.T("undian.periksa", "perintah", "go run ./infra/draw verify "+d.Name()+".json -ticket TIKET -commitment IKRAR -list SIDIK")})
}

// drawPlaces says how many places a closed draw gives, and of each time.
func drawPlaces(c *web.Call, b *requirement.Branch, d claim.Draw) string {
	said, sum := make([]string, len(d.Sessions)), 0
	for i, x := range d.Sessions {
		said[i], sum = page.Clock(c.Lang, x.Time, b.Zone)+": "+page.Number(c.Lang, x.Places), sum+x.Places
	}
	return c.T("undian.tempat.jumlah", "jumlah", page.Number(c.Lang, sum), "jam", strings.Join(said, "; "))
}

// drawOf is the JSON form of a draw.
func drawOf(b *requirement.Branch, rules requirement.Opening, d claim.Draw, now time.Time) map[string]any {
	v := map[string]any{"kantor": d.Branch, "tanggal": d.Date, "kanal": d.Channel, "keadaan": d.StateName(now),
		"buka": d.Opens.UTC(), "tutup": d.Closes.UTC(), "ikrar": d.Commitment}
	if d.ListDigest != "" {
		places := []map[string]any{}
		for _, x := range d.Sessions {
			places = append(places, map[string]any{"jam": x.Time, "tempat": x.Places})
		}
		v["sidik_daftar"], v["peserta"], v["tempat"] = d.ListDigest, d.Entries, places
	}
	if by, err := d.ValueBy(b, rules); err == nil && d.Waits() {
		v["nilai_sampai"] = by
	}
	if d.Seed != "" {
		v["nilai"], v["benih"], v["hasil"] = d.Value, d.Seed, d.File()
	}
	return v
}
