package main

import (
	"net/http"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// door measures somebody who takes a number, comes again at the turn and is
// told that nothing is left. The hundredth of a function's callers is measured:
// what it knows of the branch by then is shared.
func (x *measure) door() []step {
	const branch = "jakarta-sudirman"
	x.steps = nil
	a := apptest.New(x.t, "../../..", x.m.url)
	opens := storetest.Morning
	newest := requirement.DateOf(opens).AddDays(a.Set.Booking.HorizonDays)
	x.must(a.Store.EnsureDay(x.t.Context(), claim.DayPlan{Branch: branch, Date: newest, Sessions: []claim.Session{{Channel: requirement.Online, Time: "09:00", Places: 1}}}))
	a.Clock.Move(-10 * time.Minute)
	form := func(n int) map[string][]string {
		f := a.Application(n)
		f.Set("kantor", branch)
		f.Set("tanggal", string(newest))
		f.Set("jam", "09:00")
		return f
	}
	crowd := make([]*apptest.Browser, 100)
	for i := range crowd {
		crowd[i] = a.Browser()
		take := func() {
			x.seen(crowd[i].Ask(http.MethodPost, "/daftar/nomor/"+branch, map[string]any{}), http.StatusOK)
		}
		if i < len(crowd)-1 {
			take()
			continue
		}
		x.step(step{Name: "taking a number at the door, and the page that shows it", Times: 1, MemoryMB: pages}, take)
		x.step(step{Name: "filling in the form meanwhile", Times: 1, MemoryMB: pages}, func() {
			x.seen(crowd[i].Get("/daftar"), http.StatusOK)
			for _, name := range []string{"syarat", "kantor", "tanggal", "jam", "data-diri"} {
				x.seen(crowd[i].Post("/daftar/"+name, form(i)), http.StatusOK)
			}
			x.seen(crowd[i].Post("/daftar", form(i)), http.StatusAccepted)
		})
	}
	a.Clock.Move(20 * time.Minute)
	won := crowd[0].Post("/daftar", form(0))
	x.seen(won, http.StatusCreated)
	a.Clock.Move(time.Minute)
	x.seen(crowd[1].Post("/daftar", form(1)), http.StatusConflict)
	last := len(crowd) - 1
	x.step(step{Name: "the form is sent at the turn, and nothing is left", Times: 1, MemoryMB: pages}, func() {
		x.seen(crowd[last].Post("/daftar", form(last)), http.StatusConflict)
	})
	return x.steps
}

// draw measures somebody who joins the draw, looks twice and wins nothing.
func (x *measure) draw() []step {
	const branch, day = "bandar-lampung", requirement.Date("2026-12-07")
	x.steps = nil
	a := apptest.New(x.t, "../../..", x.m.url)
	ctx := x.t.Context()
	a.ByDraw(branch, day)
	d := a.Announce(branch, day)
	a.Clock.Move(d.Opens.Add(time.Hour).Sub(a.Clock.Now()))
	form := a.Application(1)
	form.Del("jam")
	form.Set("tanggal", string(day))
	form.Set("keinginan-1", "09:00")
	who := a.Browser()
	x.step(step{Name: "joining the draw: six pages and the entry", Times: 1, MemoryMB: pages}, func() {
		x.seen(who.Get("/daftar"), http.StatusOK)
		for _, name := range []string{"syarat", "kantor", "tanggal", "jam", "data-diri"} {
			x.seen(who.Post("/daftar/"+name, form), http.StatusOK)
		}
		x.seen(who.Post("/daftar", form), http.StatusCreated)
	})
	x.step(step{Name: "looking at the ticket", Times: 2, MemoryMB: pages}, func() { x.seen(who.Get("/status"), http.StatusOK) })
	entries, err := a.Store.Entries(ctx, branch, day, requirement.Online)
	if err != nil || len(entries) != 1 {
		x.t.Fatalf("entries: %v %v", entries, err)
	}
	id := entries[0].Registration
	x.step(step{Name: "drawn late: the wait list, and its end", Times: 1, Calls: 0.2, MemoryMB: pages}, func() {
		_, err := a.Store.Wait(ctx, id, 1000)
		x.must(err)
		_, err = a.Store.LapseEntry(ctx, id)
		x.must(err)
	})
	x.mails(a, id)
	return x.steps
}
