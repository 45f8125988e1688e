package apptest

import (
	"context"
	"strings"

	"lapakasik/functions/draw/lot"
	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// ByDraw has a branch's supervisor open a day by draw.
func (a *App) ByDraw(branch string, day requirement.Date) {
	a.tb.Helper()
	_, err := a.Store.SaveTimetable(context.Background(), claim.Desk{Officer: strings.Repeat("a", 32), Branch: branch},
		claim.Timetable{Days: []claim.DayRule{{From: day, To: day, Mode: requirement.Ballot}}})
	if err != nil {
		a.tb.Fatal(err)
	}
}

// Announce does what the job does ahead of the window of a day's draw, online.
func (a *App) Announce(branch string, day requirement.Date) claim.Draw {
	a.tb.Helper()
	ctx := context.Background()
	opens, closes, err := claim.Window(a.Set.Branch(branch), day, a.Set.Booking.Opening)
	if err != nil {
		a.tb.Fatal(err)
	}
	d := claim.Draw{Branch: branch, Channel: requirement.Online, Date: day, Opens: opens, Closes: closes, Nonce: "1", Source: a.Set.Booking.Opening.Source}
	seed, err := a.Store.DrawSeed(ctx, d)
	if err == nil {
		d.Commitment, err = lot.Commitment(seed)
	}
	if err == nil {
		d, err = a.Store.AnnounceDraw(ctx, d)
	}
	if err != nil {
		a.tb.Fatal(err)
	}
	return d
}
