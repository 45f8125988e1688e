package supervise

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
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

// draws lists the branch's draws; one that is closed waits for its public
// value, which two people enter.
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
	value := []map[string]string{}
	for _, d := range list {
		p.Blocks = append(p.Blocks, o.drawBlocks(d, in, m)...)
		value = append(value, map[string]string{"undian": d.Name(), "keadaan": d.StateName(o.Now()), "nilai": d.Value})
	}
	if len(m) > 0 {
		return o.Show(status, p, m.Value())
	}
	return o.Show(status, p, map[string]any{"undian": value})
}

func (o *office) drawBlocks(d claim.Draw, in web.Input, m web.Mistakes) []page.Block {
	moment := func(t requirement.Date, clock string) string { return page.Date(o.Lang, t) + ", " + clock }
	closes := d.Closes.In(o.Roster.Branch.Location())
	rows := []page.Row{{Key: o.T("undian.keadaan"), Value: o.T("undian.keadaan." + d.StateName(o.Now()))},
		{Key: o.T("penyelia.undian.tutup"), Value: moment(requirement.DateOf(closes), o.clock(d.Closes))},
		{Key: o.T("undian.sumber"), Value: d.Source.In(o.Lang)}}
	if d.State != claim.DrawCommitted {
		rows = append(rows, page.Row{Key: o.T("undian.peserta"), Value: page.Number(o.Lang, d.Entries)})
	}
	if d.Confirmed != "" {
		rows = append(rows, page.Row{Key: o.T("undian.nilai"), Value: d.Value})
	}
	blocks := []page.Block{page.Heading{Level: 2, ID: d.Name(), Text: page.Date(o.Lang, d.Date) + ", " + o.channel(d.Channel)}, page.Summary{Rows: rows}}
	if d.State != claim.DrawClosed || d.Confirmed != "" {
		return blocks
	}
	form := &page.Form{Action: o.at("/undian"), Buttons: []page.Submit{{Text: o.T("penyelia.undian.simpan")}}, Fields: []page.Field{
		{Kind: page.Hidden, Name: "undian", Value: d.Name()},
		{Kind: page.TextInput, Name: "nilai", Label: o.T("penyelia.undian.nilai"), Hint: o.T("penyelia.undian.petunjuk"), Autocomplete: "off", Width: 20}}}
	if in.Get("undian") == d.Name() {
		form.Errors, form.Fields[1].Value = m, in.Get("nilai")
	}
	if d.Entered != "" {
		blocks = append(blocks, page.Notice{Kind: "warning", Title: o.T("penyelia.undian.menunggu"), Text: o.T("penyelia.undian.menunggu.teks")})
	}
	return append(blocks, form)
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
