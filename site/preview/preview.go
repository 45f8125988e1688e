// Package preview shows the site while its content is being edited.
//
//	content/ ─ what changed? ─► site.Build ─┬─ good ─► the pages are replaced ──┐
//	   ▲      (names, sizes, times)         └─ wrong ─► a report stands above    ├─► event ─► the open
//	   └──────── every 250 ms ◄──────────────────────── the last good pages ─────┘           browser reloads
//
// Pages carry one small script that listens to the events; without it, a
// reload by hand shows the same.
package preview

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"maps"
	"net/http"
	"sync"
	"time"

	"lapakasik/site"
	"lapakasik/site/disk"
	"lapakasik/site/requirement"
)

// Options say what to show.
type Options struct {
	Dir    string                         // folder of the content
	Lang   requirement.Lang               // of the reports
	Origin string                         // of canonical links
	Drafts bool                           // show what is not published too
	Good   func(files map[string][]byte)  // is told each good build before it is shown, nil for nobody
	Report func(problems string, ok bool) // is told each build's report, "" for none; nil for nobody
	Extra  map[string][]byte              // files beside the site's own, "penyunting/index.html"
}

// A Preview holds the last good build and what is wrong with the newest one.
// It is safe for concurrent use.
type Preview struct {
	o       Options
	builder site.Builder

	mu      sync.Mutex
	files   map[string][]byte // of the last good build
	report  string            // of the newest build, "" if it is good
	builds  int
	changed chan struct{} // closed at the next build
	state   uint64
	began   int64
	done    <-chan struct{}
}

// New builds the site once. An error is a content folder that cannot be read;
// mistakes in the content are shown, not returned. Open browsers are let go
// when the context ends.
func New(ctx context.Context, o Options) (*Preview, error) {
	p := &Preview{o: o, changed: make(chan struct{}), began: time.Now().UnixMilli(), done: ctx.Done()}
	state, err := p.look()
	if err != nil {
		return nil, fmt.Errorf("preview: %w", err)
	}
	p.state = state
	return p, p.build(ctx)
}

// Watch builds anew whenever the content changed, until the context ends.
func (p *Preview) Watch(ctx context.Context) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.refresh(ctx)
		}
	}
}

// refresh builds if the content changed. A folder that cannot be read for a
// moment, as while an editor replaces a file, is looked at again later.
func (p *Preview) refresh(ctx context.Context) {
	state, err := p.look()
	if err != nil || state == p.state {
		return
	}
	p.state = state
	if err := p.build(ctx); err != nil && ctx.Err() == nil {
		p.publish(nil, err.Error())
	}
}

// look returns a number that changes with the name, size or time of any file.
func (p *Preview) look() (uint64, error) {
	h := fnv.New64a()
	err := fs.WalkDir(disk.Open(p.o.Dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			fmt.Fprintf(h, "%s %d %d\n", name, info.Size(), info.ModTime().UnixNano())
		}
		return err
	})
	return h.Sum64(), err
}

func (p *Preview) build(ctx context.Context) error {
	content := disk.Open(p.o.Dir)
	err := site.UseWords(content)
	var made *site.Result
	if err == nil {
		p.builder.Options = site.Options{Origin: p.o.Origin, Today: site.Today(time.Now()), Drafts: p.o.Drafts, Search: true}
		made, err = p.builder.Build(ctx, content)
	}
	var wrong site.Problems
	switch {
	case errors.As(err, &wrong):
		p.publish(nil, wrong.In(p.o.Lang))
		return nil
	case err != nil:
		return err
	}
	files := maps.Clone(made.Files)
	maps.Copy(files, p.o.Extra)
	p.publish(files, "")
	return nil
}

// publish replaces the pages unless there are none, and wakes the browsers.
func (p *Preview) publish(files map[string][]byte, report string) {
	if files != nil && p.o.Good != nil {
		p.o.Good(files)
	}
	p.mu.Lock()
	if files != nil {
		p.files = files
	}
	p.report = report
	p.builds++
	close(p.changed)
	p.changed = make(chan struct{})
	p.mu.Unlock()
	if p.o.Report != nil {
		p.o.Report(report, report == "")
	}
}

// File returns a file of the last good build, a page with the script and the
// report of the newest build in it.
func (p *Preview) File(name string) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil {
		return broken(p.o.Lang, p.report, p.version()), true
	}
	b, ok := p.files[name]
	if !ok {
		return nil, false
	}
	return decorate(name, b, p.o.Lang, p.report, p.version()), true
}

// version names a build, also across restarts.
func (p *Preview) version() string { return fmt.Sprintf("%d-%d", p.began, p.builds) }

// Report is what is wrong with the newest build, "" if it is good.
func (p *Preview) Report() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.report
}

// events tells the browser of each build, by server-sent events (HTML
// standard, section 9.2).
func (p *Preview) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for {
		p.mu.Lock()
		version, changed := p.version(), p.changed
		p.mu.Unlock()
		if _, err := fmt.Fprintf(w, "retry: 500\ndata: %s\n\n", version); err != nil {
			return
		}
		if control.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-p.done:
			return
		case <-changed:
		}
	}
}
