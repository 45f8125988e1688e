package register

import (
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/page"
)

// reopening is when a place of the session that was given back opens for
// everybody. false: none waits for that, or only for people at the branch.
func (a *application) reopening(x claim.Session) (time.Time, bool) {
	if x.Reopens.IsZero() || a.here != nil {
		return x.Reopens, false
	}
	start, err := a.branch.At(a.place.Date, x.Time)
	if err != nil {
		return x.Reopens, false
	}
	_, err = claim.Deadline(a.set.Booking, x.Reopens, start)
	return x.Reopens, err == nil
}

// announced says when places that are given back open, in the branch's zone.
func (a *application) announced() string {
	return page.Clocks(a.call.Lang, a.set.Booking.ReopenAt, a.branch.Zone)
}
