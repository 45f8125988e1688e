package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestBounds(t *testing.T) {
	for _, args := range []string{
		"-url https://lapak.example", "-url http://10.0.0.1:8080", "-url http://localhost:8080", "-url http://127.0.0.1.example:80", "-url http://0.0.0.0:80", "-url ftp://127.0.0.1",
		"-limit 3h", "-limit 0s", "-attempts 1000001", "-attempts 0", "-people -1", "-seats 0", "-clients 5000", "-nonsense",
	} {
		if _, err := read(strings.Fields(args)); err == nil {
			t.Errorf("%s is allowed", args)
		}
	}
	for _, args := range []string{"", "-url http://127.0.0.1:8080", "-url http://[::1]:8080", "-url http://127.4.5.6:1", "-limit 2h"} {
		if _, err := read(strings.Fields(args)); err != nil {
			t.Errorf("%s: %v", args, err)
		}
	}
}

func TestHistogram(t *testing.T) {
	h := &histogram{}
	for i := 1; i <= 1000; i++ {
		h.add(time.Duration(i) * time.Millisecond)
	}
	for share, want := range map[float64]time.Duration{.5: 500 * time.Millisecond, .99: 990 * time.Millisecond, 1: time.Second} {
		if got := h.quantile(share); got < want || got > want*126/100 {
			t.Errorf("quantile(%v) = %v; want %v to a quarter more", share, got, want)
		}
	}
	h.add(0)
	h.add(time.Hour)
	if h.max != time.Hour || h.n != 1002 || !strings.Contains(h.chart("x", 0), "<rect") {
		t.Errorf("max %v of %d", h.max, h.n)
	}
}

// A small rush on both stores with lost lines: every seat is sold once, nobody is lost.
func TestSmallRush(t *testing.T) {
	for _, store := range []string{"engine", "metered"} {
		s, err := rush{store: store, seats: 140, attempts: 600, clients: 32, seed: 7, limit: time.Minute, dir: t.TempDir(), root: checkout(t)}.run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.won != 140 || s.unsold+s.lost+s.double+s.twice+len(s.differences) > 0 || s.cut {
			t.Errorf("%s: %+v", store, s)
		}
		r := &report{rushes: []*sale{s}}
		if err := r.broken(); err != nil || !strings.Contains(r.text(), "140 of 140 seats") {
			t.Errorf("%v %s", err, r.text())
		}
	}
}

func checkout(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// A few people come to the pages of a program that this test starts.
func TestSmallVisit(t *testing.T) {
	here := checkout(t)
	t.Chdir(".") // the file store changes it
	w, err := visit{name: "day", people: 6, over: time.Second, seed: 1, limit: time.Minute, dir: t.TempDir(), root: here}.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if w.won != 6 || w.reopened != 6 || w.tried != 6 || w.cut {
		t.Errorf("%d confirmed, %d of %d reopened, answers %v; want 6 of each", w.won, w.reopened, w.tried, w.codes)
	}
}

// A small throng through the door: the door lets in no faster than it says,
// every seat is sold once, and nobody is lost.
func TestSmallThrong(t *testing.T) {
	for _, store := range []string{"engine", "metered"} {
		a, err := throng{store: store, seats: 60, presses: 4000, clients: 16, rate: 40, seed: 7, limit: 2 * time.Minute, dir: t.TempDir(), root: checkout(t)}.run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		s := a.rush
		if s.won != 60 || s.unsold+s.lost+s.double+s.twice+len(s.differences) > 0 || s.cut || a.pressed.Load() < 4000 {
			t.Errorf("%s: %d won, %d left over, %d lost, %d double, %d twice, %v, %d presses", store, s.won, s.unsold, s.lost, s.double, s.twice, s.differences, a.pressed.Load())
		}
		if fastest := time.Duration(59) * time.Second / 40; a.soldIn < fastest {
			t.Errorf("%s: sold in %v; the door lets 60 in no sooner than %v", store, a.soldIn, fastest)
		}
		if a.told.Load() == 0 {
			t.Errorf("%s: nobody of %d was told at the door that nothing is left", store, a.pressed.Load())
		}
		r := &report{doors: []*admission{a}}
		if err := r.broken(); err != nil || !strings.Contains(r.text(), "not reached") {
			t.Errorf("%v %s", err, r.text())
		}
	}
}

// Who is told that they are in the draw is found by it.
func TestSmallJoin(t *testing.T) {
	j, err := joining{rush{store: "metered", seats: perDay, attempts: 200, clients: 16, seed: 7, limit: time.Minute, dir: t.TempDir(), root: checkout(t)}, 200}.run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if j.entered != 200 || j.entries != 200 || (&report{joins: []*joined{j}}).broken() != nil {
		t.Errorf("%d entered, %d failed, %d found", j.entered, j.failed, j.entries)
	}
}
