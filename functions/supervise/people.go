package supervise

import (
	"net/http"
	"strconv"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
)

// colleagues are the officers of the branch who can work.
func (o *office) colleagues() ([]staff.Person, error) {
	all, err := o.People.People(o.Context())
	if err != nil {
		return nil, err
	}
	var out []staff.Person
	for _, p := range all {
		if p.Is(staff.Officer, staff.Supervisor) && p.Serves(o.code()) {
			out = append(out, p)
		}
	}
	return out, nil
}

// hands shows what each officer has in hand, without names of participants.
func (o *office) hands() error {
	people, err := o.colleagues()
	if err != nil {
		return err
	}
	p := o.page("penyelia.menu.petugas", page.Lead{Text: o.T("penyelia.petugas.pengantar")})
	total := 0
	for _, who := range people {
		ids, err := o.Store.InHand(o.Context(), o.code(), who.ID)
		if err != nil {
			return err
		}
		total += len(ids)
		if len(ids) > 0 {
			p.Blocks = append(p.Blocks, page.Heading{Level: 2, Text: o.T("penyelia.petugas.punya", "nama", who.Name, "n", strconv.Itoa(len(ids)))})
		}
		for _, id := range ids {
			r, err := o.Store.Peek(o.Context(), o.code(), id)
			if err != nil {
				return err
			}
			p.Blocks = append(p.Blocks, o.inHand(r, who, people)...)
		}
	}
	if total == 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: o.T("penyelia.petugas.kosong"), Text: o.T("penyelia.petugas.kosong.teks")})
	}
	return o.Show(http.StatusOK, p, map[string]int{"petugas": len(people), "di-tangan": total})
}

func (o *office) inHand(r claim.Registration, who staff.Person, people []staff.Person) []page.Block {
	to := page.Field{Kind: page.Select, Name: "ke", Label: o.T("penyelia.petugas.ke"), Options: []page.Option{{Label: o.T("penyelia.petugas.antrean")}}}
	for _, p := range people {
		if p.ID != who.ID && !p.Disabled {
			to.Options = append(to.Options, page.Option{Value: p.ID, Label: p.Name})
		}
	}
	return []page.Block{
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: o.URL("/meja/" + o.code() + "/klaim/" + r.ID), Text: page.Date(o.Lang, r.Place.Date) + ", " + page.Clock(o.Lang, r.Place.Time, o.Roster.Branch.Zone)},
			Note: o.T("penyelia.petugas.sejak", "jam", o.clock(r.Call.Since))}}},
		&page.Form{Action: o.at("/petugas"), Buttons: []page.Submit{{Text: o.T("penyelia.petugas.alihkan"), Secondary: true}},
			Fields: []page.Field{{Kind: page.Hidden, Name: "klaim", Value: r.ID}, {Kind: page.Hidden, Name: "dari", Value: who.ID}, to}}}
}

// reassign gives a claim to another officer of the branch, or back to the queue.
func (o *office) reassign() error {
	in, err := o.Input("klaim", "dari", "ke")
	if err != nil {
		return err
	}
	from := claim.Desk{Officer: in.Get("dari"), Branch: o.code()}
	if in.Get("ke") == "" {
		_, err = o.Store.Release(o.Context(), o.Person.ID, from, in.Get("klaim"))
	} else {
		err = o.giveTo(from, in.Get("ke"), in.Get("klaim"))
	}
	if err != nil {
		return err
	}
	return o.Redirect("/penyelia/" + o.code() + "/petugas")
}

func (o *office) giveTo(from claim.Desk, officer, id string) error {
	people, err := o.colleagues()
	if err != nil {
		return err
	}
	r, err := o.Store.Peek(o.Context(), o.code(), id)
	if err != nil {
		return err
	}
	for _, p := range people {
		if p.ID == officer && !p.Disabled {
			limit := min(6, max(1, o.Hours.On(o.Roster.Branch, o.today()).Desks[r.Place.Channel].Places))
			_, err := o.Store.HandOver(o.Context(), o.Person.ID, from.Officer, claim.Desk{Officer: officer, Branch: o.code(), Limit: limit}, id)
			return err
		}
	}
	return staff.ErrForbidden
}

// shownLetters is how many mails that failed the page lists of each shard.
const shownLetters = 50

// letters lists the branch's mails that could not be sent.
func (o *office) letters() error {
	all, err := o.Store.DeadLetters(o.Context(), shownLetters)
	if err != nil {
		return err
	}
	p := o.page("penyelia.menu.pesan", page.Lead{Text: o.T("penyelia.pesan.pengantar")})
	n := 0
	for _, l := range all {
		r, err := o.Store.Peek(o.Context(), o.code(), l.Registration)
		if err != nil {
			continue // another branch's
		}
		n++
		p.Blocks = append(p.Blocks, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: o.URL("/meja/" + o.code() + "/klaim/" + r.ID), Text: o.T("pesan." + string(l.Kind) + ".subjek")},
			Note: o.T("penyelia.pesan.percobaan", "n", strconv.Itoa(l.Tries), "hari", page.Date(o.Lang, r.Place.Date))}}},
			&page.Form{Action: o.at("/pesan"), Fields: []page.Field{{Kind: page.Hidden, Name: "klaim", Value: l.Registration}, {Kind: page.Hidden, Name: "nomor", Value: l.Seq}},
				Buttons: []page.Submit{{Text: o.T("penyelia.pesan.kirim"), Secondary: true}}})
	}
	if n == 0 {
		p.Blocks = append(p.Blocks, page.Notice{Kind: "success", Title: o.T("penyelia.pesan.kosong"), Text: o.T("penyelia.pesan.kosong.teks")})
	}
	return o.Show(http.StatusOK, p, map[string]int{"pesan": n})
}

func (o *office) sendAgain() error {
	in, err := o.Input("klaim", "nomor")
	if err != nil {
		return err
	}
	if strings.Trim(in.Get("nomor"), "0123456789-r") != "" || in.Get("nomor") == "" {
		return web.Bad{Code: "isian-rusak", Detail: "nomor"}
	}
	if err := o.Store.Retry(o.Context(), o.by(), dynamo.Letter{Registration: in.Get("klaim"), Seq: in.Get("nomor")}); err != nil {
		return err
	}
	return o.Redirect("/penyelia/" + o.code() + "/pesan")
}
