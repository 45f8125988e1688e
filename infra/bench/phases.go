package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"

	"lapakasik/infra/bench/corpus"
	"lapakasik/site"
	"lapakasik/site/disk"
)

// phases builds once more, all and then one changed page, and prints how long
// the pieces of work took together, whichever processor did them.
func (t *track) phases() error {
	if err := os.RemoveAll(t.path("ours")); err != nil {
		return err
	}
	fmt.Fprintf(t.out, "\nWhere the time goes, all processors together:\n\n| | phase | time | part |\n|---|---|---|---|\n")
	for _, what := range []string{"full", "one page"} {
		began := time.Now()
		took, err := t.traced()
		if err != nil {
			return err
		}
		t.rows(what, took, time.Since(began))
		if err := add(t.path("content", corpus.Name(1)), "Kalimat terakhir."); err != nil {
			return err
		}
	}
	return nil
}

func (t *track) traced() (map[string]time.Duration, error) {
	var mu sync.Mutex
	took := map[string]time.Duration{}
	ctx := site.WithTrace(context.Background(), func(phase string, d time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		took[phase] += d
	})
	_, err := site.Update(ctx, disk.Open(t.path("content")), t.path("ours"), site.Options{Origin: "https://lapakasik.example"})
	return took, err
}

func (t *track) rows(what string, took map[string]time.Duration, wall time.Duration) {
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	for _, name := range slices.SortedFunc(maps.Keys(took), func(a, b string) int { return cmp.Compare(took[b], took[a]) }) {
		fmt.Fprintf(t.out, "| %s | %s | %s | %.0f %% |\n", what, name, seconds(took[name]), 100*float64(took[name])/float64(sum))
	}
	fmt.Fprintf(t.out, "| %s | wall | %s | |\n", what, seconds(wall))
}
