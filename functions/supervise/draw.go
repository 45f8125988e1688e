package supervise

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// DrawStore is what the pages need of the openings by draw.
type DrawStore interface {
	Draws(ctx context.Context, branch string, from requirement.Date) ([]claim.Draw, error)
	EnterValue(ctx context.Context, by claim.Desk, d requirement.Date, ch requirement.Channel, value string) (claim.Draw, error)
}

// draws lists the branch's draws, and asks two people for the public value of
// those that wait for it.
func (o *office) draws() error { return o.drawsPage(http.StatusOK, nil, nil) }

func (o *office) drawsPage(status int, in web.Input, m web.Mistakes) error {
	list, err := o.Store.Draws(o.Context(), o.code(), o.today())
	if err != nil {
		return err
	}
	p := o.page("penyelia.menu.undian", page.Lead{Text: o.T("penyelia.undian.pengantar")})
	if len(list) == 0 {
		p.Blocks = append(p.Blocks, page.Text{Text: o.T("undian.tidak-ada.teks")})
	}
	p.Blocks = append(p.Blocks, o.valueForm(list, in, m)...)
	value := []map[string]string{}
	for _, d := range list {
		p.Blocks = append(p.Blocks, o.drawBlocks(d)...)
		value = append(value, map[string]string{"undian": d.Name(), "keadaan": d.StateName(o.Now()), "nilai": d.Value})
	}
	if len(m) > 0 {
		return o.Show(status, p, m.Value())
	}
	return o.Show(status, p, map[string]any{"undian": value})
}

// valueForm asks for the public value of one of the draws that wait for it, and
// says where it is to be read; nothing if none waits.
func (o *office) valueForm(list []claim.Draw, in web.Input, m web.Mistakes) []page.Block {
	which := page.Field{Kind: page.Radios, Name: "undian", Label: o.T("penyelia.undian.pilih")}
	var sources page.List
	for _, d := range list {
		if d.State != claim.DrawClosed || d.Confirmed != "" {
			continue
		}
		hint := o.T("penyelia.undian.tutup") + " " + o.moment(d.Closes)
		if d.Entered != "" {
			hint += ". " + o.T("penyelia.undian.menunggu")
		}
		which.Options = append(which.Options, page.Option{Value: d.Name(), Label: o.drawTitle(d), Hint: hint, Checked: in.Get("undian") == d.Name()})
		if source := d.Source.In(o.Lang); !slices.Contains(sources.Items, source) {
			sources.Items = append(sources.Items, source)
		}
	}
	if len(which.Options) == 0 {
		return nil
	}
	if len(which.Options) == 1 {
		which.Options[0].Checked = true
	}
	form := &page.Form{Action: o.at("/undian"), Errors: m, Buttons: []page.Submit{{Text: o.T("penyelia.undian.simpan")}}, Fields: []page.Field{which,
		{Kind: page.TextInput, Name: "nilai", Label: o.T("penyelia.undian.nilai"), Hint: o.T("penyelia.undian.petunjuk"), Value: in.Get("nilai"), Autocomplete: "off", Width: 20}}}
	return []page.Block{page.Heading{Level: 2, ID: "sumber", Text: o.T("undian.sumber")}, sources, form}
}

func (o *office) moment(t time.Time) string { return page.Moment(o.Lang, t, o.Roster.Branch) }

func (o *office) drawTitle(d claim.Draw) string {
	return page.Date(o.Lang, d.Date) + ", " + o.channel(d.Channel)
}

func (o *office) drawBlocks(d claim.Draw) []page.Block {
	rows := []page.Row{{Key: o.T("undian.keadaan"), Value: o.T("undian.keadaan." + d.StateName(o.Now()))},
		{Key: o.T("penyelia.undian.tutup"), Value: o.moment(d.Closes)},
		{Key: o.T("undian.sumber"), Value: d.Source.In(o.Lang)}}
	if d.State != claim.DrawCommitted {
		rows = append(rows, page.Row{Key: o.T("undian.peserta"), Value: page.Number(o.Lang, d.Entries)})
	}
	if d.Confirmed != "" {
		rows = append(rows, page.Row{Key: o.T("undian.nilai"), Value: d.Value})
	}
	out := []page.Block{page.Heading{Level: 2, ID: d.Name(), Text: o.drawTitle(d)}}
	if by, err := d.ValueBy(o.Roster.Branch, o.Booking.Opening); err == nil && d.Waits() {
		until := o.moment(by)
		rows = append(rows, page.Row{Key: o.T("undian.paling-lambat"), Value: o.T("undian.paling-lambat.teks", "waktu", until)})
		if d.Overdue(by, o.Now()) {
			out = append(out, page.Notice{Kind: "danger", Title: o.T("penyelia.undian.terlambat", "waktu", until), Text: o.T("penyelia.undian.terlambat.teks")})
		}
	}
	return append(out, page.Summary{Rows: rows})
}

// maxValue is the longest public value, in characters.
const maxValue = 60

// enterValue notes the public value of a closed draw. The second person does
// not see what the first one entered, and must read it at the source too.
func (o *office) enterValue() error {
	in, err := o.Input("undian", "nilai")
	if err != nil {
		return err
	}
	value := strings.Join(strings.Fields(in.Get("nilai")), " ")
	if value == "" || utf8.RuneCountInString(value) > maxValue {
		return o.drawsPage(http.StatusUnprocessableEntity, in, web.Mistakes{{Field: "nilai", Message: o.T("penyelia.undian.kosong")}})
	}
	list, err := o.Store.Draws(o.Context(), o.code(), o.today())
	if err != nil {
		return err
	}
	if in.Get("undian") == "" {
		return o.drawsPage(http.StatusUnprocessableEntity, in, web.Mistakes{{Field: "undian", Message: o.T("penyelia.undian.pilih.salah")}})
	}
	for _, d := range list {
		if d.Name() != in.Get("undian") {
			continue
		}
		_, err := o.Store.EnterValue(o.Context(), o.by(), d.Date, d.Channel, value)
		switch {
		case errors.Is(err, claim.ErrStale):
			return o.drawsPage(http.StatusConflict, in, web.Mistakes{{Field: "nilai", Message: o.T("penyelia.undian.beda")}})
		case errors.Is(err, claim.ErrSecondPerson):
			return o.drawsPage(http.StatusConflict, in, web.Mistakes{{Field: "nilai", Message: o.T("penyelia.undian.orang-lain")}})
		case err != nil:
			return fmt.Errorf("public value: %w", err)
		}
		return o.Redirect("/penyelia/" + o.code() + "/undian")
	}
	return claim.ErrNotFound
}

// drawn tells whether a draw of the period was announced already: then its
// mode stands.
func (o *office) drawn(from, to requirement.Date) (bool, error) {
	list, err := o.Store.Draws(o.Context(), o.code(), from)
	for _, d := range list {
		if d.Date <= to {
			return true, err
		}
	}
	return false, err
}
