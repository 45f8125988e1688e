package inspect_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
)

// Object-created events come one to three times each, several in one call or
// apart, in any order and at once; one file can never be kept. Every other
// file has its one result, the one that fails is reported each time, and
// nothing is left in the inbox but its file (TRUST T7).
func TestEventsDuplicatedAndReordered(t *testing.T) {
	seeds := []uint64{1, 2, 3, 4, 5, 6}
	if one, ok := storetest.Seed(); ok {
		seeds = []uint64{one}
	}
	d := open(t)
	files := d.service.Files
	for _, seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 7))
		var keys []string
		var docs []claim.Document
		for n := range 6 {
			doc := d.allow(claim.Document{})
			body := photo(t)
			if n%3 == 2 {
				body = []byte("bukan gambar")
			}
			d.post(doc, body)
			<-d.created
			docs, keys = append(docs, doc), append(keys, claim.InboxKey(doc.Upload, doc.Slot))
		}
		poison := docs[3]
		d.service.Files = failing{files, poison.Upload}
		d.deliver(seed, calls(t, r, keys), poison.Upload)
		d.service.Files = files
		for n, doc := range docs {
			got, want := d.result(doc.Upload), claim.DocPassed
			switch {
			case doc.Upload == poison.Upload:
				want = claim.DocWaiting
			case n%3 == 2:
				want = claim.DocRefused
			}
			if got.State != want || want == claim.DocPassed && !slices.Contains(d.versions(vault), got.Version) {
				t.Errorf("-seed %d: file %d is %s; want %s", seed, n, got.State, want)
			}
		}
		if left := d.versions(inbox); len(left) != 1 {
			t.Errorf("-seed %d: %d files are left in the inbox; want the one that fails", seed, len(left))
		}
		if err := d.service.File(t.Context(), claim.InboxKey(poison.Upload, poison.Slot)); err != nil {
			t.Errorf("-seed %d: the file that failed, when the vault is well again: %v", seed, err)
		}
		if n, err := d.store.VerifyEvents(t.Context(), d.reg); n != 0 || err != nil {
			t.Errorf("-seed %d: event %d of the trail is broken: %v", seed, n, err)
		}
	}
	inspections := 0
	steps, err := d.store.History(t.Context(), d.reg)
	for _, x := range steps {
		if strings.HasPrefix(x.Action, "inspect ") {
			inspections++
		}
	}
	if want := 6 * len(seeds); err != nil || inspections != want {
		t.Errorf("%d inspections in the trail, %v; want one of each file, %d", inspections, err, want)
	}
}

// calls are the events of keys, each one to three times, in any order and grouping.
func calls(t *testing.T, r *rand.Rand, keys []string) []events.S3Event {
	t.Helper()
	var all []string
	for _, k := range keys {
		for range 1 + r.IntN(3) {
			all = append(all, k)
		}
	}
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	var out []events.S3Event
	for len(all) > 0 {
		n := min(len(all), 1+r.IntN(4))
		out = append(out, eventOf(t, all[:n]...))
		all = all[n:]
	}
	return out
}

// deliver hands events over, three at once. Exactly the calls with the file
// that fails report it.
func (d *desk) deliver(seed uint64, list []events.S3Event, poison string) {
	d.t.Helper()
	var wg sync.WaitGroup
	room := make(chan struct{}, 3)
	for _, e := range list {
		room <- struct{}{}
		wg.Go(func() {
			defer func() { <-room }()
			err := d.service.Handle(d.t.Context(), e)
			has := slices.ContainsFunc(e.Records, func(r events.S3EventRecord) bool { return strings.Contains(r.S3.Object.Key, poison) })
			if errors.Is(err, errDown) != has || err != nil && !has {
				d.t.Errorf("-seed %d: a call with the file that fails (%t): %v", seed, has, err)
			}
		})
	}
	wg.Wait()
}
