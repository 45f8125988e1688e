package dynamo_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"pgregory.net/rapid"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

func later(clock string) claim.Place {
	return claim.Place{Branch: "uji", Channel: requirement.Online, Date: storetest.Tomorrow, Time: clock}
}

func twoSessions(t testing.TB, s *dynamo.Store, places int) {
	t.Helper()
	plan := storetest.Plan(places)
	plan.Sessions = append(plan.Sessions, claim.Session{Channel: requirement.Online, Time: "09:00", Places: places})
	if err := s.EnsureDay(context.Background(), plan); err != nil {
		t.Fatal(err)
	}
}

func move(s *dynamo.Store, reg claim.Registration, clock string) (claim.Registration, error) {
	start := storetest.Morning.Add(25 * time.Hour)
	return s.Move(context.Background(), reg.ID, reg.Version, later(clock), start, reg.Deadline)
}

func TestChanges(t *testing.T) {
	submit := func(s *dynamo.Store, r claim.Registration) (claim.Registration, error) {
		return s.Submit(context.Background(), r.ID, r.Version)
	}
	cancel := func(s *dynamo.Store, r claim.Registration) (claim.Registration, error) {
		return s.Cancel(context.Background(), r.ID, r.Version)
	}
	moving := func(s *dynamo.Store, r claim.Registration) (claim.Registration, error) { return move(s, r, "09:00") }
	stale := func(s *dynamo.Store, r claim.Registration) (claim.Registration, error) {
		return s.Cancel(context.Background(), r.ID, r.Version+1)
	}
	device := func(s *dynamo.Store, r claim.Registration) (claim.Registration, error) {
		return s.KeepDeviceTest(context.Background(), r.ID, map[claim.DeviceCheck]bool{claim.Camera: false})
	}
	phone := func(s *dynamo.Store, r claim.Registration) (claim.Registration, error) {
		return s.SetPhone(context.Background(), r.ID, r.Version, true)
	}
	type step = func(*dynamo.Store, claim.Registration) (claim.Registration, error)
	for _, tt := range []struct {
		name  string
		steps []step
		wait  time.Duration
		want  error // of the last step
		state claim.Status
	}{
		{"submit", []step{submit}, 0, nil, claim.Submitted},
		{"cancel a draft", []step{cancel}, 0, nil, claim.Cancelled},
		{"cancel a claim", []step{submit, cancel}, 0, nil, claim.Cancelled},
		{"move a draft", []step{moving}, 0, nil, claim.Draft},
		{"move a claim", []step{submit, moving}, 0, nil, claim.Submitted},
		{"move to where one is", []step{moving, moving}, 0, nil, claim.Draft},
		{"submit twice", []step{submit, submit}, 0, claim.ErrClosed, claim.Submitted},
		{"cancel twice", []step{cancel, cancel}, 0, claim.ErrClosed, claim.Cancelled},
		{"move after cancelling", []step{cancel, moving}, 0, claim.ErrClosed, claim.Cancelled},
		{"submit after cancelling", []step{cancel, submit}, 0, claim.ErrClosed, claim.Cancelled},
		{"submit after the deadline", []step{submit}, 23 * time.Hour, claim.ErrClosed, claim.Draft},
		{"move after the deadline", []step{moving}, 23 * time.Hour, claim.ErrClosed, claim.Draft},
		{"keep a device test twice", []step{device, device}, 0, nil, claim.Draft},
		{"device test, telephone and move of a claim", []step{submit, device, phone, moving}, 0, nil, claim.Submitted},
		{"device test after cancelling", []step{cancel, device}, 0, claim.ErrClosed, claim.Cancelled},
		{"device test after the deadline", []step{device}, 23 * time.Hour, claim.ErrClosed, claim.Draft},
		{"telephone after cancelling", []step{cancel, phone}, 0, claim.ErrClosed, claim.Cancelled},
		{"an old page", []step{stale}, 0, claim.ErrStale, claim.Draft},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := storetest.New(t)
			clock := storetest.NewClock(storetest.Morning)
			s.Now = clock.Now
			twoSessions(t, s, 3)
			reg := book(t, s, 1)
			clock.Move(tt.wait)
			var err error
			for i, do := range tt.steps {
				next, failed := do(s, reg)
				if failed != nil && i < len(tt.steps)-1 {
					t.Fatalf("step %d: %v", i+1, failed)
				}
				if err = failed; err == nil {
					reg = next
				}
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("last step = %v; want %v", err, tt.want)
			}
			got, err := s.ByID(t.Context(), reg.ID)
			if err != nil || got.Status != tt.state {
				t.Errorf("status = %s, %v; want %s", got.Status, err, tt.state)
			}
			agree(t, s)
			if n, err := s.VerifyEvents(t.Context(), reg.ID); n != 0 || err != nil {
				t.Errorf("VerifyEvents = %d, %v; want a whole chain", n, err)
			}
		})
	}
}

// Two changes of one registration at once: one wins, and all agrees.
func TestChangesRace(t *testing.T) {
	s := storetest.New(t)
	s.Now = storetest.NewClock(storetest.Morning).Now
	twoSessions(t, s, 10)
	var wg sync.WaitGroup
	for n := range 8 {
		reg := book(t, s, n)
		for _, do := range []func() error{
			func() error { _, err := s.Cancel(t.Context(), reg.ID, reg.Version); return err },
			func() error { _, err := move(s, reg, "09:00"); return err },
			func() error { _, err := s.Submit(t.Context(), reg.ID, reg.Version); return err },
		} {
			wg.Go(func() {
				if err := do(); err != nil && !errors.Is(err, claim.ErrStale) && !errors.Is(err, claim.ErrClosed) {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	agree(t, s)
}

// Lost replies of changes: the change took place once.
func TestChangesWithLostReplies(t *testing.T) {
	proxy := newFaultProxy(t, storetest.Engine(t).URL)
	s := storetest.New(t, proxy.url)
	s.Now = storetest.NewClock(storetest.Morning).Now
	twoSessions(t, s, 30)
	for n := range 12 {
		reg := book(t, s, n)
		proxy.loseReply.Store(2)
		moved, err := move(s, reg, "09:00")
		if err != nil || moved.Place.Time != "09:00" {
			t.Errorf("Move with lost replies = %v, %v", moved.Place, err)
		}
		if _, err := s.Cancel(t.Context(), reg.ID, moved.Version); err != nil {
			t.Errorf("Cancel with lost replies = %v", err)
		}
		proxy.loseReply.Store(0)
	}
	if proxy.lost.Load() == 0 {
		t.Error("the proxy lost no reply")
	}
	agree(t, s)
}

func TestUploads(t *testing.T) {
	s := storetest.New(t)
	open(t, s, 2)
	reg := book(t, s, 1)
	doc := claim.Document{Slot: "ktp", Upload: strings.Repeat("a", 32), Kind: "ktp", State: claim.DocWaiting, Created: storetest.Morning, Expires: storetest.Morning.Add(time.Minute)}
	if err := s.AllowUpload(t.Context(), reg.ID, doc); err != nil {
		t.Fatal(err)
	}
	id, got, err := s.Upload(t.Context(), doc.Upload)
	if err != nil || id != reg.ID || got.Slot != "ktp" || got.State != claim.DocWaiting {
		t.Fatalf("Upload = %s, %+v, %v", id, got, err)
	}
	if _, _, err := s.Upload(t.Context(), strings.Repeat("b", 32)); !errors.Is(err, claim.ErrNotFound) {
		t.Errorf("Upload of an unknown id = %v; want ErrNotFound", err)
	}
	got.State, got.Findings, got.VaultKey = claim.DocPassed, []string{"blurred"}, "vault/x"
	if err := s.FinishUpload(t.Context(), id, got); err != nil {
		t.Fatal(err)
	}
	again := got
	again.State = claim.DocRefused
	if err := s.FinishUpload(t.Context(), id, again); err != nil {
		t.Fatal(err)
	}
	full, err := s.ByID(t.Context(), id)
	if err != nil || len(full.Documents) != 1 || full.Documents[0].State != claim.DocPassed || !full.Passed("ktp") {
		t.Errorf("documents = %+v, %v; want the first result", full.Documents, err)
	}
	if n, err := s.VerifyEvents(t.Context(), id); n != 0 || err != nil {
		t.Errorf("VerifyEvents = %d, %v", n, err)
	}
	if full.Version != reg.Version {
		t.Errorf("an inspection raised the version to %d; the person's page would be stale", full.Version)
	}
}

// What is stored holds nothing that names a person.
func TestNothingPersonalIsStored(t *testing.T) {
	e := storetest.Engine(t)
	db := storetest.Client(e.URL)
	s := storetest.New(t)
	open(t, s, 2)
	reg := book(t, s, 1)
	if _, err := s.Submit(t.Context(), reg.ID, reg.Version); err != nil {
		t.Fatal(err)
	}
	tables, err := db.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	words := append(storetest.Canary(storetest.Booking(1)), reg.Private.Code, claim.FormatCode(reg.Private.Code))
	seen := 0
	for _, name := range tables.TableNames {
		out, err := db.Scan(t.Context(), &dynamodb.ScanInput{TableName: &name})
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range out.Items {
			seen++
			dump := fmt.Sprintf("%+v", it)
			for _, v := range it {
				dump += fmt.Sprintf("%+v", v)
			}
			for _, w := range words {
				if bytes.Contains([]byte(dump), []byte(w)) {
					t.Errorf("table %s holds %q", name, w)
				}
			}
		}
	}
	if seen < 6 {
		t.Errorf("looked at %d items; want at least the six of a booking", seen)
	}
}

// Any sequence of bookings, changes and hours keeps seats, registrations and locks in agreement.
func TestAnySequenceAgrees(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := storetest.New(t)
		clock := storetest.NewClock(storetest.Morning)
		s.Now = clock.Now
		twoSessions(t, s, 2)
		regs := []claim.Registration{}
		draw := func() (claim.Registration, bool) {
			if len(regs) == 0 {
				return claim.Registration{}, false
			}
			return regs[rapid.IntRange(0, len(regs)-1).Draw(rt, "which")], true
		}
		expected := func(err error) {
			for _, ok := range []error{nil, claim.ErrFull, claim.ErrAlreadyBooked, claim.ErrClosed, claim.ErrStale, claim.ErrKeyReused} {
				if errors.Is(err, ok) {
					return
				}
			}
			rt.Fatal(err)
		}
		forms := 0
		rt.Repeat(map[string]func(*rapid.T){
			"book": func(rt *rapid.T) {
				b := storetest.Booking(rapid.IntRange(0, 4).Draw(rt, "person"))
				forms++
				b.Key, b.Digest, b.Deadline = []byte(fmt.Sprintf("form-%011d", forms)), fmt.Sprint(forms), clock.Now().Add(3*time.Hour)
				reg, err := s.Book(t.Context(), b)
				expected(err)
				if err == nil {
					regs = append(regs, reg)
				}
			},
			"cancel": func(*rapid.T) {
				if r, ok := draw(); ok {
					_, err := s.Cancel(t.Context(), r.ID, 0)
					expected(err)
				}
			},
			"submit": func(*rapid.T) {
				if r, ok := draw(); ok {
					_, err := s.Submit(t.Context(), r.ID, 0)
					expected(err)
				}
			},
			"move": func(rt *rapid.T) {
				if r, ok := draw(); ok {
					r.Version = 0
					_, err := move(s, r, rapid.SampledFrom([]string{"08:00", "09:00"}).Draw(rt, "to"))
					expected(err)
				}
			},
			"an hour passes": func(*rapid.T) { clock.Move(time.Hour) },
			"sweep": func(*rapid.T) {
				_, err := s.LapseDue(t.Context(), "uji", storetest.Tomorrow)
				expected(err)
			},
			"": func(rt *rapid.T) {
				if _, err := s.LapseDue(t.Context(), "uji", storetest.Tomorrow); err != nil {
					rt.Fatal(err)
				}
				differences, err := s.Reconcile(t.Context(), "uji", storetest.Tomorrow)
				if err != nil || len(differences) > 0 {
					rt.Fatalf("%v, %v", differences, err)
				}
			},
		})
	})
}
