package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/examine"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

var update = flag.Bool("update", false, "write what was measured, and the sheet")

// A meter stands before the engine, asks it for the units of every request and adds them up.
type meter struct {
	url           string
	mu            sync.Mutex
	writes, reads float64
}

func newMeter(t *testing.T, engine string) *meter {
	m := &meter{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		body = append([]byte(`{"ReturnConsumedCapacity":"TOTAL",`), bytes.Replace(bytes.TrimPrefix(body, []byte("{")), []byte(`"ReturnConsumedCapacity":"TOTAL",`), nil, 1)...)
		req, err := http.NewRequestWithContext(r.Context(), r.Method, engine+r.URL.Path, bytes.NewReader(body))
		if err != nil {
			return
		}
		req.Header = r.Header.Clone()
		req.Header.Del("Content-Length")
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			return
		}
		defer func() { _ = res.Body.Close() }()
		out, err := io.ReadAll(res.Body)
		if err != nil {
			return
		}
		m.add(r.Header.Get("X-Amz-Target"), out)
		for k, v := range res.Header {
			w.Header()[k] = v
		}
		w.WriteHeader(res.StatusCode)
		_, _ = w.Write(out)
	}))
	t.Cleanup(srv.Close)
	m.url = srv.URL
	return m
}

func (m *meter) add(target string, body []byte) {
	type capacity struct{ CapacityUnits float64 }
	var one struct{ ConsumedCapacity capacity }
	var many struct{ ConsumedCapacity []capacity }
	if json.Unmarshal(body, &one) != nil && json.Unmarshal(body, &many) != nil {
		return
	}
	n := one.ConsumedCapacity.CapacityUnits
	for _, c := range many.ConsumedCapacity {
		n += c.CapacityUnits
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if strings.HasSuffix(target, "Item") && !strings.HasSuffix(target, "GetItem") || strings.HasSuffix(target, "WriteItems") || strings.HasSuffix(target, "WriteItem") {
		m.writes += n
	} else {
		m.reads += n
	}
}

// A measure is one walk through a claim's life.
type measure struct {
	t     *testing.T
	m     *meter
	calls int
	bytes int
	steps []step
}

// step measures f, which says how often it asked a function.
func (x *measure) step(s step, f func()) {
	x.m.mu.Lock()
	x.m.writes, x.m.reads = 0, 0
	x.m.mu.Unlock()
	x.calls, x.bytes = 0, 0
	began := time.Now()
	f()
	took := time.Since(began)
	if s.Calls == 0 {
		s.Calls, s.API = float64(x.calls), float64(x.calls)
	}
	s.Writes, s.Reads, s.KB = x.m.writes, x.m.reads, math.Ceil(float64(x.bytes)/1024)
	s.Millis = math.Ceil(float64(took.Milliseconds()+1) / max(s.Calls, 1))
	x.steps = append(x.steps, s)
}

func (x *measure) seen(got apptest.Answer, want int) apptest.Answer {
	x.t.Helper()
	if got.Status != want {
		x.t.Fatalf("answer %d; want %d", got.Status, want)
	}
	x.calls++
	x.bytes += len(got.Body)
	return got
}

func (x *measure) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

const pages = 512 // MB of a page's function, as in template.yaml

// What a claim takes, through the real pages and store. Units must be those of
// units.yaml; times are noted when -update writes it, and held against nothing.
func TestUnits(t *testing.T) {
	x := &measure{t: t, m: newMeter(t, storetest.Engine(t).URL)}
	a := apptest.New(t, "../../..", x.m.url)
	b := a.Browser()
	ctx := t.Context()
	branch := a.Set.Branch("bandar-lampung")
	plan := claim.Plan(branch, storetest.Tomorrow, a.Set.Holidays)
	places := 0
	for _, s := range plan.Sessions {
		places += s.Places
	}
	x.step(step{Name: "a seat is made the night before", Times: 1, Calls: 1 / float64(places), MemoryMB: pages}, func() { x.must(a.Store.EnsureDay(ctx, plan)) })
	seat := &x.steps[0]
	seat.Writes, seat.Reads, seat.Millis = math.Ceil(100*seat.Writes/float64(places))/100, math.Ceil(100*seat.Reads/float64(places))/100, 1000
	form := a.Application(1)
	x.step(step{Name: "registering: seven pages and the booking", Times: 1, MemoryMB: pages}, func() {
		x.seen(b.Get("/daftar"), http.StatusOK)
		for _, name := range []string{"syarat", "kantor", "tanggal", "jam", "data-diri", "periksa"} {
			x.seen(b.Post("/daftar/"+name, form), http.StatusOK)
		}
		x.seen(b.Post("/daftar", form), http.StatusCreated)
	})
	ids, err := a.Store.Drafts(ctx, "bandar-lampung", storetest.Tomorrow, storetest.Morning.Add(100*time.Hour))
	if err != nil || len(ids) != 1 {
		t.Fatalf("drafts: %v %v", ids, err)
	}
	id := ids[0]
	x.step(step{Name: "opening the status page", Times: 4, MemoryMB: pages}, func() { x.seen(b.Get("/status"), http.StatusOK) })
	x.step(step{Name: "sending a document: page, permission, done", Times: 4, Calls: 3, API: 3, MemoryMB: pages, Puts: 1, ScanMB: 1}, func() {
		x.seen(b.Get("/berkas"), http.StatusOK)
		x.must(a.Store.AllowUpload(ctx, id, document(1, claim.DocWaiting)))
	})
	photo := photograph(t)
	x.step(step{Name: "inspecting it", Times: 4, Calls: 1, MemoryMB: 1536, Puts: 1, Gets: 1, StoredMB: 1}, func() {
		_, _, err := a.Store.Upload(ctx, document(1, "").Upload)
		x.must(err)
		x.must(a.Store.FinishUpload(ctx, id, document(1, claim.DocPassed)))
		examine.File(ctx, photo, "image/jpeg", examine.Default())
	})
	var reg claim.Registration
	x.step(step{Name: "submitting", Times: 1, Calls: 1, API: 1, MemoryMB: pages}, func() {
		reg, err = a.Store.ByID(ctx, id)
		x.must(err)
		reg, err = a.Store.Submit(ctx, id, reg.Version)
		x.must(err)
	})
	a.Clock.Move(24 * time.Hour)
	desk := claim.Desk{Officer: "petugas-uji", Branch: "bandar-lampung", Counter: "1", Limit: 6}
	x.step(step{Name: "an officer looks at the queue", Times: 6, Calls: 1, API: 1, MemoryMB: pages}, func() {
		_, err := a.Store.Day(ctx, desk.Branch, storetest.Tomorrow)
		x.must(err)
	})
	x.step(step{Name: "an officer opens the claim or a document", Times: 4, Calls: 1, API: 1, MemoryMB: pages, Gets: 1}, func() {
		_, err := a.Store.View(ctx, desk, id, "ktp")
		x.must(err)
	})
	x.step(step{Name: "taking and deciding", Times: 1, Calls: 2, API: 2, MemoryMB: pages}, func() {
		reg, err := a.Store.Take(ctx, desk, id)
		x.must(err)
		rules := &requirement.Deciding{MendDays: 7, MendDaysMax: 30, TwoPeopleAbove: 50_000_000}
		_, err = a.Store.Decide(ctx, desk, id, reg.Version, claim.Decision{Action: claim.ActApprove, Sum: 1_000_000}, rules)
		x.must(err)
	})
	x.mails(a, id)
	x.step(step{Name: "counting for recap and results", Times: 1, Calls: 0.2, MemoryMB: pages}, func() {
		x.must(a.Store.CountRecap(ctx, id))
		_, err := a.Store.Tally(ctx, id)
		x.must(err)
	})
	got := units{Steps: x.steps}
	got.Door, got.Draw = x.door(), x.draw()
	got.hold(x)
}

// The sheet is what the program prints, of the units that TestUnits has written.
func TestSheet(t *testing.T) {
	want, err := sheet("../../..")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile("../../../infra/COST.md", []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("../../../infra/COST.md")
	if err != nil || string(got) != want {
		t.Errorf("infra/COST.md is not what infra/cost/run prints (%v): run it with -write", err)
	}
}

// mails sends what is due to a registration, and measures the first of them.
func (x *measure) mails(a *apptest.App, id string) {
	ctx := x.t.Context()
	due := func() []dynamo.Letter {
		letters, err := a.Store.LettersDue(ctx, 10)
		x.must(err)
		return letters
	}
	letters := due()
	if len(letters) == 0 {
		x.t.Fatal("nobody is to be told anything")
	}
	at := len(x.steps)
	x.step(step{Name: "telling it by mail", Calls: 0.2, MemoryMB: pages, Mails: 1}, func() {
		_, err := a.Store.ByID(ctx, id)
		x.must(err)
		_, err = a.Store.LetterBegun(ctx, letters[0])
		x.must(err)
		x.must(a.Store.LetterSent(ctx, letters[0], "receipt"))
	})
	sent := 1.0
	for letters = due(); len(letters) > 0; letters = due() { // one at a time, in order
		x.must(a.Store.LetterSent(ctx, letters[0], "receipt"))
		sent++
	}
	x.steps[at].Times = sent
}

func document(n int, state claim.DocState) claim.Document {
	return claim.Document{Slot: "ktp", Upload: strings.Repeat(fmt.Sprint(n), 32), Kind: "ktp", State: state, Media: "image/jpeg", Size: 1 << 20,
		SHA256: strings.Repeat("0", 64), VaultKey: "vault/ktp", Created: storetest.Morning, Expires: storetest.Morning.Add(100 * time.Hour)}
}

// photograph is what a telephone sends: twelve million pixels, none like its neighbour.
func photograph(t *testing.T) []byte {
	t.Helper()
	picture := image.NewGray(image.Rect(0, 0, 4000, 3000))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i*31 ^ i>>9)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// hold compares with units.yaml, or writes it.
func (got units) hold(x *measure) {
	x.t.Helper()
	const path = "../../../infra/cost/units.yaml"
	if *update {
		got.Measured = time.Now().UTC().Format(time.DateOnly) + " on two cores beside the store"
		out, err := yaml.Dump(got)
		x.must(err)
		x.must(os.WriteFile(path, append([]byte("# What one claim takes, step by step. Written by `go test ./functions/local/cost -update`, not by hand.\n"), out...), 0o600))
	}
	var want units
	x.must(load(path, &want))
	same(x.t, got.Steps, want.Steps)
	same(x.t, got.Door, want.Door)
	same(x.t, got.Draw, want.Draw)
}

func same(t *testing.T, have, wanted []step) {
	t.Helper()
	if len(wanted) != len(have) {
		t.Fatalf("%d steps in units.yaml; want %d", len(wanted), len(have))
	}
	for i, want := range wanted {
		got := have[i]
		if got.Name != want.Name || math.Abs(got.Writes-want.Writes) > .01 || math.Abs(got.Reads-want.Reads) > 1 || got.Calls != want.Calls {
			t.Errorf("%s takes %v write and %v read units in %v calls; units.yaml says %v, %v, %v: run with -update", got.Name, got.Writes, got.Reads, got.Calls, want.Writes, want.Reads, want.Calls)
		}
	}
}
