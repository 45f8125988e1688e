package desk

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A waiter is a claim that no officer has.
type waiter struct {
	claim.Registration
	from time.Time // when it may be called
	may  bool
}

// A queue is a branch's work at a moment, without a person's name.
type queue struct {
	mine, all []claim.Registration
	waiting   []waiter // in the order in which they are called
	proposed  []claim.Registration
	ready     int // have said that they are there
}

func (s *Service) queue(ctx context.Context, set *requirement.Set, b *requirement.Branch, officer string, now time.Time) (queue, error) {
	today, err := s.Store.Day(ctx, b.Code, requirement.DateOf(now.In(b.Location())))
	if err != nil {
		return queue{}, fmt.Errorf("queue: %w", err)
	}
	backlog, err := s.Store.Backlog(ctx, b.Code)
	if err != nil {
		return queue{}, fmt.Errorf("queue: %w", err)
	}
	late := map[string]bool{}
	for _, r := range backlog {
		late[r.ID] = true
	}
	today = slices.DeleteFunc(today, func(r claim.Registration) bool { return late[r.ID] })
	var q queue
	for _, r := range slices.Concat(backlog, today) {
		q.put(r, b, &set.Deciding, officer, late[r.ID], now)
	}
	slices.SortStableFunc(q.waiting, before)
	return q, nil
}

func (q *queue) put(r claim.Registration, b *requirement.Branch, rules *requirement.Deciding, officer string, late bool, now time.Time) {
	if r.Status == claim.Draft || r.Status == claim.Cancelled || r.Status == claim.Lapsed {
		return
	}
	q.all = append(q.all, r)
	switch {
	case r.Status == claim.Proposed:
		q.proposed = append(q.proposed, r)
	case r.Status != claim.Submitted:
	case r.Call.Mine(officer):
		q.mine = append(q.mine, r)
	case r.Call.Free():
		from, ok := claim.CallFrom(b, rules, r, late)
		q.waiting = append(q.waiting, waiter{r, from, ok && !now.Before(from)})
		if r.Call.State == claim.Arrived {
			q.ready++
		}
	}
}

// before: who may be called first, then who is there, then by the hour.
func before(a, b waiter) int {
	rank := func(w waiter) int {
		switch {
		case w.may && w.Call.State == claim.Arrived:
			return 0
		case w.may && w.Call.State == claim.Waiting:
			return 1
		case w.may:
			return 2
		}
		return 3
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), a.from.Compare(b.from), a.Call.Arrived.Compare(b.Call.Arrived), cmp.Compare(a.Place.Seat, b.Place.Seat))
}

// next is the claim that is called next, "" if nobody may be called.
func (q *queue) next() string {
	if len(q.waiting) == 0 || !q.waiting[0].may || q.waiting[0].Call.State == claim.Absent {
		return ""
	}
	return q.waiting[0].ID
}

func (q *queue) value() map[string]any {
	list := func(rs []claim.Registration) []string {
		ids := make([]string, len(rs))
		for i, r := range rs {
			ids[i] = r.ID
		}
		return ids
	}
	ids := make([]string, len(q.waiting))
	for i, w := range q.waiting {
		ids[i] = w.ID
	}
	return map[string]any{"saya": list(q.mine), "menunggu": ids, "usulan": list(q.proposed), "siap": q.ready}
}

// tiles are the officer's own claims.
func tiles(c *guard.Call, mine []claim.Registration) []page.Block {
	if len(mine) == 0 {
		return []page.Block{page.Text{Text: c.T("meja.kosong")}}
	}
	var items []page.LinkItem
	for _, r := range mine {
		items = append(items, page.LinkItem{Link: page.Link{URL: c.URL(address(c, r.ID)), Text: label(c, r)}, Note: c.T("meja.panggilan." + callName(r.Call.State))})
	}
	return []page.Block{page.Cards{Items: items}}
}

// waiting is the list of who waits with the buttons that call.
func waiting(c *guard.Call, set *requirement.Set, list []waiter, m web.Mistakes) []page.Block {
	if len(list) == 0 {
		return []page.Block{page.Text{Text: c.T("meja.antrean.kosong")}}
	}
	choice := page.Field{Kind: page.Radios, Name: "klaim", Label: c.T("meja.antrean.pilih")}
	for _, w := range list {
		hint := reasonTitle(c, set, w.Registration)
		if len(w.Flags) > 0 {
			hint += " · " + c.T("meja.ada-tanda")
		}
		state := c.T("meja.panggilan." + callName(w.Call.State))
		if !w.may {
			state = c.T("meja.belum-waktunya")
		}
		choice.Options = append(choice.Options, page.Option{Value: w.ID, Label: label(c, w.Registration) + " · " + state, Hint: hint, Disabled: !w.may})
	}
	mistakes := slices.DeleteFunc(slices.Clone(m), func(e page.Error) bool { return e.Field != "klaim" })
	return []page.Block{&page.Form{Action: c.URL("/meja/" + c.Branch + "/ambil"), Fields: []page.Field{choice}, Errors: mistakes,
		Buttons: []page.Submit{{Text: c.T("meja.panggil-berikut"), Name: "berikut", Value: "ya"}, {Text: c.T("meja.panggil-ini"), Secondary: true}}}}
}

func proposals(c *guard.Call, set *requirement.Set, list []claim.Registration) page.Block {
	var items []page.LinkItem
	for _, r := range list {
		items = append(items, page.LinkItem{Link: page.Link{URL: c.URL(address(c, r.ID)), Text: label(c, r)}, Note: reasonTitle(c, set, r)})
	}
	return page.Links{Items: items}
}

// table is the whole day.
func table(c *guard.Call, set *requirement.Set, all []claim.Registration) page.Block {
	t := page.Table{Caption: c.T("meja.hari-ini.tabel"), Head: []string{c.T("meja.kolom.tempat"), c.T("meja.kolom.sebab"), c.T("meja.kolom.status")}}
	for _, r := range all {
		t.Rows = append(t.Rows, []string{label(c, r), reasonTitle(c, set, r), c.T("meja.status." + statusName(r.Status))})
	}
	return t
}

func address(c *guard.Call, id string) string { return "/meja/" + c.Branch + "/klaim/" + id }

// label says a claim without a person: hour, channel, and the queue number or
// the first letters of its id.
func label(c *guard.Call, r claim.Registration) string {
	name := "#" + r.ID[:min(6, len(r.ID))]
	if r.Call.Number > 0 {
		name = c.T("meja.nomor", "n", page.Number(c.Lang, r.Call.Number))
	}
	return r.Place.Time + " " + c.T("meja.kanal."+string(r.Place.Channel)) + " " + name
}

func reasonTitle(c *guard.Call, set *requirement.Set, r claim.Registration) string {
	if reason := set.Reason(r.Reason); reason != nil {
		return reason.Programme + ": " + reason.Title.In(c.Lang)
	}
	return r.Reason
}

func callName(s claim.CallState) string {
	return map[claim.CallState]string{claim.Waiting: "menunggu", claim.Arrived: "siap", claim.Taken: "dilayani", claim.Held: "ditahan", claim.Absent: "tidak-hadir"}[s]
}

func statusName(s claim.Status) string {
	return map[claim.Status]string{claim.Draft: "draf", claim.Submitted: "belum", claim.Proposed: "diusulkan", claim.Approved: "setuju", claim.Refused: "tolak",
		claim.Postponed: "tunda", claim.Cancelled: "dibatalkan", claim.Lapsed: "kedaluwarsa"}[s]
}
