// Package agenda makes the calendar entry of a place (RFC 5545), for the
// receipt and for mails: times in UTC so that every calendar shows the right
// hour, one UID for a registration, and a higher SEQUENCE with each change.
package agenda

import (
	"time"

	ics "github.com/arran4/golang-ical"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// Words are what a calendar shows; nothing of a person.
type Words struct{ Title, Text, URL string }

// Entry returns the entry of a registration's place. What was cancelled or has
// lapsed is marked so.
func Entry(reg claim.Registration, branch *requirement.Branch, words Words) ([]byte, error) {
	start, err := branch.At(reg.Place.Date, reg.Place.Time)
	if err != nil {
		return nil, err
	}
	cal := ics.NewCalendar()
	cal.SetProductId("-//Lapak Asik//Jadwal//ID")
	cal.SetMethod(ics.MethodPublish)
	e := cal.AddEvent(reg.ID + "@lapakasik")
	e.SetDtStampTime(reg.Created)
	e.SetStartAt(start)
	e.SetEndAt(start.Add(time.Duration(branch.Desks[reg.Place.Channel].Minutes) * time.Minute))
	e.SetSequence(reg.Version)
	e.SetSummary(words.Title)
	e.SetLocation(branch.Name)
	e.SetDescription(words.Text)
	e.SetURL(words.URL)
	if reg.Status == claim.Cancelled || reg.Status == claim.Lapsed {
		e.SetStatus(ics.ObjectStatusCancelled)
	}
	return []byte(cal.Serialize()), nil
}
