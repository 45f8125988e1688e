package dynamo_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// firmRules are the smallest set that an import needs.
var firmRules = &requirement.Set{Version: "0123456789abcdef", Reasons: []requirement.Reason{{Code: "phk", Programme: "JHT"}},
	Booking: requirement.Booking{CutoffHours: 2}, Company: requirement.Company{ConsentDays: 7}}

func staffed(n int) []company.Worker {
	var out []company.Worker
	for i := range n {
		p := storetest.Booking(i).Person
		p.NIK, p.Email = fmt.Sprintf("99%02d01010190%04d", i/9000+1, i%9000+1), fmt.Sprintf("pekerja%d@contoh.id", i)
		out = append(out, company.Worker{Row: i + 2, Person: p, Reason: "phk", Answers: requirement.Answers{requirement.BirthDate: "1990-01-01"}})
	}
	return out
}

// agreed returns a request of n workers whose block the branch has agreed, at
// tomorrow's one session.
func agreed(t *testing.T, s *dynamo.Store, workers []company.Worker, places int) company.Request {
	t.Helper()
	ctx := context.Background()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.EnsureDay(ctx, storetest.Plan(places)))
	r, err := s.NewCompany(ctx, []byte("0123456789abcdef"), "d", company.Request{Branch: "uji", SetVersion: firmRules.Version, Lang: requirement.ID,
		Until: s.Now().AddDate(0, 0, 14), Private: company.Private{Company: "PT Uji", Workers: 10, LaidOff: 3, Name: "Wati Uji", Phone: "+6281199990000", Email: "wati@contoh.id"}})
	must(err)
	r, err = s.KeepList(ctx, r.ID, r.Version, strings.Repeat("a", 32), workers)
	must(err)
	r, err = s.SendCompany(ctx, r.ID, r.Version)
	must(err)
	_, err = s.AgreeCompany(ctx, claim.Desk{Officer: "o1", Branch: "uji"}, r.ID, r.Version, []company.Session{{Date: storetest.Tomorrow, Time: "08:00", Places: len(workers)}})
	must(err)
	return r
}

func intake(limit int) dynamo.Intake {
	return dynamo.Intake{Set: firmRules, Branch: &requirement.Branch{Code: "uji", Zone: "WIB"}, Limit: limit}
}

// bring reserves and imports until nothing is left, however often it breaks off.
func bring(t *testing.T, s *dynamo.Store, id string, limit, tries int) {
	t.Helper()
	for range tries {
		if s.Reserve(context.Background(), id) != nil {
			continue
		}
		left, err := s.ImportCompany(context.Background(), id, intake(limit))
		if err == nil && left == 0 {
			return
		}
	}
	t.Fatalf("not done after %d runs", tries)
}

// whole checks that every worker has one claim at one seat, and nothing else is held.
func whole(t *testing.T, s *dynamo.Store, id string, want int) {
	t.Helper()
	ctx := context.Background()
	entries, err := s.Lines(ctx, id)
	if err != nil || len(entries) != want {
		t.Fatalf("%d rows, %v; want %d", len(entries), err, want)
	}
	regs, err := s.Day(ctx, "uji", storetest.Tomorrow)
	if err != nil {
		t.Fatal(err)
	}
	owners := map[string]int{}
	for _, r := range regs {
		if r.Place.Channel != requirement.Collective || r.Status != claim.Draft {
			t.Errorf("registration of %s, %s", r.Place.Channel, r.Status)
		}
		owners[r.ID]++
	}
	for _, e := range entries {
		if !e.Loose && owners[e.Owner] != 1 {
			t.Errorf("row %d has %d registrations", e.Row, owners[e.Owner])
		}
	}
	if differences, err := s.Reconcile(ctx, "uji", storetest.Tomorrow); err != nil || len(differences) > 0 {
		t.Errorf("differences %v, %v", differences, err)
	}
	sessions, err := s.Sessions(ctx, "uji", storetest.Tomorrow)
	if err != nil || sessions[0].Places-sessions[0].Free != len(regs) {
		t.Errorf("sessions %+v, %v; want %d taken", sessions, err, len(regs))
	}
	if broken, err := s.VerifyEvents(ctx, id); err != nil || broken != 0 {
		t.Errorf("event %d of the company is broken, %v", broken, err)
	}
	if differences, err := s.ReconcileClaim(ctx, id); err != nil || len(differences) > 0 {
		t.Errorf("differences of the company %v, %v", differences, err)
	}
	if r, err := s.CompanyByID(ctx, id); err != nil || r.Status != company.Done {
		t.Errorf("the request is %s, %v", r.Status, err)
	}
}

// Every worker once, whatever is lost on the way: replies, whole runs, and
// when two runs meet.
func TestImportExactlyOnce(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	s.Now = storetest.NewClock(storetest.Morning).Now
	r := agreed(t, s, staffed(60), 80)
	proxy.loseReply.Store(7)
	var runs sync.WaitGroup
	for range 3 {
		runs.Go(func() {
			for range 4 { // each run breaks off somewhere
				_ = s.Reserve(context.Background(), r.ID)
				_, _ = s.ImportCompany(context.Background(), r.ID, intake(9))
			}
		})
	}
	runs.Wait()
	proxy.loseReply.Store(0)
	if proxy.lost.Load() == 0 {
		t.Error("the proxy lost no reply")
	}
	bring(t, s, r.ID, 25, 20)
	whole(t, s, r.ID, 60)
}

// A worker who has a claim keeps it, and gets no second one; the row has files
// only. The place that was reserved goes back.
func TestImportKeepsOwnClaims(t *testing.T) {
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	workers := staffed(3)
	r := agreed(t, s, workers, 8)
	own := storetest.Booking(1)
	own.Person.NIK = workers[1].Person.NIK
	reg, err := s.Book(context.Background(), own)
	if err != nil {
		t.Fatal(err)
	}
	bring(t, s, r.ID, 10, 5)
	entries, err := s.Lines(context.Background(), r.ID)
	if err != nil {
		t.Fatal(err)
	}
	if i := slices.IndexFunc(entries, func(e company.Line) bool { return e.Loose }); len(entries) != 3 || i != 1 || entries[1].Owner == reg.ID {
		t.Fatalf("entries %+v", entries)
	}
	if sessions, err := s.Sessions(context.Background(), "uji", storetest.Tomorrow); err != nil || sessions[0].Free != 5 {
		t.Errorf("sessions %+v, %v; want 5 of 8 free", sessions, err)
	}
	// A file of the loose row goes through inspection like any other.
	doc := claim.Document{Slot: "ktp", Kind: "ktp", Upload: strings.Repeat("b", 32), State: claim.DocWaiting, Created: s.Now(), Expires: s.Now().Add(time.Hour)}
	if err := s.AllowUpload(context.Background(), entries[1].Owner, doc); err != nil {
		t.Fatal(err)
	}
	doc.State = claim.DocPassed
	if err := s.FinishUpload(context.Background(), entries[1].Owner, doc); err != nil {
		t.Fatal(err)
	}
	if docs, err := s.FilesOf(context.Background(), entries[1].Owner); err != nil || len(docs) != 1 || docs[0].State != claim.DocPassed {
		t.Errorf("files %+v, %v", docs, err)
	}
}

// A block for which there are too few places changes nothing.
func TestReserveTooMany(t *testing.T) {
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	r := agreed(t, s, staffed(9), 8)
	if err := s.Reserve(context.Background(), r.ID); !errors.Is(err, claim.ErrFull) {
		t.Fatalf("reserve = %v; want ErrFull", err)
	}
	if sessions, err := s.Sessions(context.Background(), "uji", storetest.Tomorrow); err != nil || sessions[0].Free != 8 {
		t.Errorf("sessions %+v, %v; want all free", sessions, err)
	}
	if got, err := s.CompanyByID(context.Background(), r.ID); err != nil || got.Status != company.Sent || len(got.Block) != 0 {
		t.Errorf("the request is %+v, %v", got, err)
	}
}

// Without the worker's own consent a claim is never submitted; with it the row
// says so, and nothing of what comes after.
func TestConsentBeforeSubmission(t *testing.T) {
	ctx := context.Background()
	s := storetest.New(t)
	clock := storetest.NewClock(storetest.Morning)
	s.Now = clock.Now
	r := agreed(t, s, staffed(2), 8)
	bring(t, s, r.ID, 10, 5)
	entries, err := s.Lines(ctx, r.ID)
	if err != nil {
		t.Fatal(err)
	}
	id := entries[0].Owner
	if _, err := s.Submit(ctx, id, 1); !errors.Is(err, claim.ErrClosed) {
		t.Fatalf("submit without consent = %v; want ErrClosed", err)
	}
	reg, err := s.Consent(ctx, id, 1, []claim.ConsentProof{{Code: "wakil-perusahaan", Version: "v", Lang: requirement.ID, Given: s.Now()}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Submit(ctx, id, reg.Version); err != nil {
		t.Fatal(err)
	}
	clock.Move(25 * time.Hour)
	if n, err := s.LapseDue(ctx, "uji", storetest.Tomorrow); err != nil || n != 1 {
		t.Errorf("lapsed %d, %v; want the one without consent", n, err)
	}
	entries, err = s.Lines(ctx, r.ID)
	if err != nil || !entries[0].Sent || entries[1].Sent {
		t.Errorf("entries %+v, %v", entries, err)
	}
	// Nobody else can agree in this way, and nobody after the deadline.
	if _, err := s.Consent(ctx, entries[1].Owner, 0, reg.Consents); !errors.Is(err, claim.ErrClosed) {
		t.Errorf("consent after the deadline = %v; want ErrClosed", err)
	}
}

// IMPORT=full imports 5,000 workers and says how long it took.
func TestImport5000(t *testing.T) {
	n := 400
	if os.Getenv("IMPORT") == "full" {
		n = 5000
	}
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	if err := s.EnsureDay(context.Background(), storetest.Plan(n)); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	r := agreed(t, s, staffed(n), n)
	staged := time.Since(began)
	if err := s.Reserve(context.Background(), r.ID); err != nil {
		t.Fatal(err)
	}
	reserved := time.Since(began)
	bring(t, s, r.ID, 1000, 10)
	t.Logf("%d workers: list %v, places %v, registrations %v", n, staged.Round(time.Millisecond), (reserved - staged).Round(time.Millisecond), (time.Since(began) - reserved).Round(time.Millisecond))
	whole(t, s, r.ID, n)
}
