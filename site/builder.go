package site

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/sample"
	"lapakasik/site/searchindex"
)

// A Report tells what a build did.
type Report struct {
	Set   string // version of the requirement set
	Pages int    // of the site
	Files int    // of the site, pages among them
	Made  int    // pages that were made again; the others were as they should be
}

// Update builds the content into dir. What it made before, and what is the
// same by the digests of program and content, is neither parsed nor made nor
// written again; the result has the bytes of a build into a new folder. With
// mistakes in the content, of type Problems, the folder stays as it was.
//
// One build at a time may use the folder.
func Update(ctx context.Context, fsys fs.FS, dir string, o Options) (*Report, error) {
	f, err := openFolder(dir)
	if err != nil {
		return nil, fmt.Errorf("write site: %w", err)
	}
	defer f.discard()
	return update(ctx, fsys, f, o)
}

func update(ctx context.Context, fsys fs.FS, f *folder, o Options) (*Report, error) {
	done := phase(ctx, "state")
	old, _ := readState(f.path(memory)) // none is as good as a damaged one
	done()
	now, report, err := build(ctx, newSources(fsys), o, old, f)
	if err != nil {
		return nil, err
	}
	if now == nil {
		return &report.Report, nil
	}
	defer phase(ctx, "state")()
	f.step()
	if err := f.replace(memory, now.encode()); err != nil {
		return nil, fmt.Errorf("write site: %w", err)
	}
	return &report.Report, nil
}

// A Builder builds the same content again and again in memory, for a preview.
// It makes only what has changed; each Result is that of Build.
type Builder struct {
	Options Options
	mu      sync.Mutex
	state   *state
	kept    kept
	set     *requirement.Set
}

// Build is like the function Build. After a mistake the next build goes on
// from the last that had none.
func (b *Builder) Build(ctx context.Context, fsys fs.FS) (*Result, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	defer b.kept.discard()
	now, report, err := build(ctx, newSources(fsys), b.Options, b.state.clone(), &b.kept)
	if err != nil {
		return nil, err
	}
	if now != nil {
		b.state = now
	}
	if report.set != nil {
		b.set = report.set
	}
	return &Result{Set: b.set, Files: b.kept.files, Pages: report.Pages}, nil
}

// kept holds the files of a Builder. The map is never changed, because
// Results share it.
type kept struct {
	files  map[string][]byte
	mu     sync.Mutex
	staged map[string][]byte
}

func (k *kept) put(name string, b []byte) (stamp, error) {
	if old, ok := k.files[name]; ok && bytes.Equal(old, b) {
		return stamp{}, nil
	}
	b = bytes.Clone(b)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.staged == nil {
		k.staged = map[string][]byte{}
	}
	k.staged[name] = b
	return stamp{}, nil
}

func (k *kept) get(name string) ([]byte, error) {
	if b, ok := k.files[name]; ok {
		return b, nil
	}
	return nil, fs.ErrNotExist
}

func (k *kept) fresh(string, stamp) bool { return true }

func (k *kept) commit(names []string) error {
	files := maps.Clone(k.files)
	if names != nil {
		files = make(map[string][]byte, len(names))
		for _, name := range names {
			files[name] = k.files[name]
		}
	}
	maps.Copy(files, k.staged)
	k.files = files
	return nil
}

func (k *kept) discard() { k.staged = nil }

// A place is where the files of a build go.
type place interface {
	get(name string) ([]byte, error)          // a file as it was committed
	put(name string, b []byte) (stamp, error) // lays a file aside
	fresh(name string, st stamp) bool         // whether a file is as it was put
	commit(names []string) error              // puts all in place; with names, takes away all others
	discard()                                 // forgets what lies aside
}

// report is a Report with the set, if it was read.
type report struct {
	Report
	set *requirement.Set
}

// build makes the files of the site and returns what to remember of them, or
// nil for what is remembered already. It may change the state of before.
//
//	sources ─► digests ─┬─ the same as in the state ────────────► nothing to do
//	                    ├─ some pages differ, in what only ─────► part: those pages
//	                    │  they and their translations show        and their links
//	                    └─ anything else, or any mistake ───────► whole
//
// So a mistake is found and told by one and the same code.
func build(ctx context.Context, src *sources, o Options, old *state, to place) (*state, *report, error) {
	key, err := o.key()
	if err == nil && old != nil && old.key == key { // a program that cannot be read remembers nothing
		now, r, err := part(ctx, src, o, old, to)
		if err != nil || r != nil {
			return now, r, err
		}
		to.discard()
	}
	return whole(ctx, src, o, key, to)
}

// whole builds every page.
func whole(ctx context.Context, src *sources, o Options, key digest, to place) (*state, *report, error) {
	s, err := loadAll(ctx, src, o)
	if err != nil {
		return nil, nil, err
	}
	var mu sync.Mutex
	stamps := map[string]stamp{}
	all, err := s.makeFiles(ctx, func(name string, b []byte) error {
		st, err := to.put(name, b)
		mu.Lock()
		defer mu.Unlock()
		stamps[name] = st
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	done := phase(ctx, "links")
	err = all.check.problems().err()
	done()
	if err != nil {
		return nil, nil, err
	}
	done = phase(ctx, "state")
	now, err := s.remember(ctx, src, key, all, stamps)
	done()
	if err != nil {
		return nil, nil, err
	}
	defer phase(ctx, "write")()
	names := make([]string, len(now.outputs))
	for i := range now.outputs {
		names[i] = now.outputs[i].name
	}
	r := &report{Report{Set: s.Set.Version, Pages: len(all.check.pages), Files: len(names), Made: len(all.check.pages)}, s.Set}
	return now, r, to.commit(names)
}

// remember returns the state that a whole build leaves.
func (s *Site) remember(ctx context.Context, src *sources, key digest, all *made, stamps map[string]stamp) (*state, error) {
	names, err := src.names()
	if err != nil {
		return nil, fmt.Errorf("read content: %w", err)
	}
	st := &state{set: s.Set.Version}
	if !src.changed {
		st.key = key // else the next build believes nothing
	}
	docs := map[string]*document{}
	for _, d := range s.docs {
		docs[d.name] = d
	}
	for _, name := range slices.Sorted(maps.Keys(src.dirs)) {
		st.folders = append(st.folders, sourceFolder{name, src.dirs[name]})
	}
	st.sources = make([]sourceFile, len(names))
	err = inRuns(ctx, len(names), func(i int) {
		f := &st.sources[i]
		f.name = names[i]
		f.seen, f.read = src.files[f.name]
		if d := docs[f.name]; d != nil {
			f.shared, f.reason, f.aliases = d.shared(names), d.Kind == kindReason, d.Aliases
		}
	})
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(all.source)) {
		f := outputFile{name: name, source: all.source[name], stamp: stamps[name]}
		f.links(all.check.pages[name])
		st.outputs = append(st.outputs, f)
	}
	return st, nil
}

// links remembers what a page offers and asks of others.
func (f *outputFile) links(p *webPage) {
	if p == nil {
		return
	}
	f.ids, f.far = p.ids, ""
	for _, r := range p.far {
		f.far += r.ref + "\n"
	}
}

// shared is the digest of what pages other than the document's own and its
// translation's may show or ask of it: its whole front matter but for what
// only the page itself shows. A page that others lie below is in their crumbs
// with its title; names are all files of the content in order.
func (d *document) shared(names []string) digest {
	f := d.front
	f.Description, f.Reviewed, f.ReviewEvery, f.Sources = "", "", 0, nil
	below := strings.TrimPrefix(d.path, "/")
	if i, _ := slices.BinarySearch(names, below); len(d.Changes) == 0 && d.lang == requirement.ID && (i == len(names) || !strings.HasPrefix(names[i], below)) {
		f.Title = "" // else it is in crumbs, or on the page of changes
	}
	e := encoder{make([]byte, 0, 256)}
	for _, text := range []string{f.Title, f.Kind, f.Section, string(f.Publish), string(f.Expires), f.Situation, f.Programme, string(f.Applicant)} {
		e.text(text)
	}
	e.number(f.Order)
	e.texts(f.Aliases)
	if f.Draft {
		e.number(1)
	}
	if len(f.Changes)+len(f.Channels)+len(f.Rules)+len(f.Lists) > 0 {
		e.b = fmt.Appendf(e.b, "%#v", []any{f.Changes, f.Channels, f.Rules, f.Lists})
	}
	return sha256.Sum256(e.b)
}

// part makes the pages again that a small change concerns. It returns no
// report when the change is not small, or anything is wrong; the state, which
// it changes, is then of no more use.
func part(ctx context.Context, src *sources, o Options, st *state, to place) (*state, *report, error) {
	stale, ok, err := st.stale(ctx, src, to)
	gathers := func(name string) bool { path, _ := address(name); return path == changesPath } // from every page
	if err != nil || !ok || slices.ContainsFunc(slices.Collect(maps.Keys(stale)), gathers) || len(stale) > len(st.sources)/8+2 {
		return nil, nil, err
	}
	r := &report{Report: Report{Set: st.set, Files: len(st.outputs)}}
	for i := range st.outputs {
		if strings.HasSuffix(st.outputs[i].name, ".html") {
			r.Pages++
		}
	}
	switch {
	case len(stale) > 0:
	case src.renewed.Load():
		return st, r, nil
	default:
		return nil, r, nil
	}
	done := phase(ctx, "part: load")
	prose := st.prose(stale)
	s, err := load(ctx, src, o, scope{st.needed(stale, prose), st.address(), prose})
	done()
	if err != nil || !prose && s.Set.Version != st.set || src.changed {
		return nil, nil, ctx.Err()
	}
	if !st.renew(s, src, stale) {
		return nil, nil, nil
	}
	check, err := s.makePart(ctx, st, stale, to)
	if err != nil {
		return nil, nil, err
	}
	defer phase(ctx, "part: links, write")()
	if len(check.problems()) > 0 || st.loses(check.pages) {
		return nil, nil, nil
	}
	for name, p := range check.pages {
		f, _ := st.output(name)
		f.links(p)
	}
	r.Made = len(check.pages)
	return st, r, to.commit(nil)
}

// stale returns the names of the documents whose pages are to be made again,
// because they or their files have changed; false when anything else has.
func (s *state) stale(ctx context.Context, src *sources, to place) (map[string]bool, bool, error) {
	done := phase(ctx, "part: names")
	ok, err := s.sameNames(ctx, src)
	done()
	if err != nil || !ok {
		return nil, false, err
	}
	defer phase(ctx, "part: digests")()
	var mu sync.Mutex
	stale := map[string]bool{}
	add := func(name string) {
		mu.Lock()
		defer mu.Unlock()
		stale[name] = true
		ok = ok && strings.HasSuffix(name, ".md")
	}
	err = inRuns(ctx, len(s.sources)+len(s.outputs), func(i int) {
		if i < len(s.sources) {
			if f := &s.sources[i]; f.read && !src.same(f.name, &f.seen, src.file) {
				add(f.name)
			}
		} else if f := &s.outputs[i-len(s.sources)]; !to.fresh(f.name, f.stamp) {
			add(f.source)
		}
	})
	return stale, ok, err
}

// sameNames tells whether the content has the files that it had.
func (s *state) sameNames(ctx context.Context, src *sources) (bool, error) {
	var other atomic.Bool
	err := inRuns(ctx, len(s.folders), func(i int) {
		if f := &s.folders[i]; !src.same(f.name, &f.seen, src.dir) {
			other.Store(true)
		}
	})
	if err != nil || other.Load() {
		return false, err
	}
	src.list = s.names()
	for _, f := range s.folders {
		src.dirs[f.name] = f.seen
	}
	return true, nil
}

// names returns all files of the content.
func (s *state) names() []string {
	names := make([]string, len(s.sources))
	for i := range s.sources {
		names[i] = s.sources[i].name
	}
	return names
}

// inRuns calls f for 0 to n-1, a run of numbers for each processor at a time.
func inRuns(ctx context.Context, n int, f func(i int)) error {
	const run = 64
	return each(ctx, (n+run-1)/run, func(r int) error {
		for i := r * run; i < min(n, (r+1)*run); i++ {
			f(i)
		}
		return nil
	})
}

// prose tells whether no page of some documents shows the requirement set. It
// is then as it was, because neither reasons nor data have changed.
func (s *state) prose(stale map[string]bool) bool {
	for name := range stale {
		path, _ := address(name)
		f, _ := s.source(name)
		other, ok := s.source(otherName(name))
		if !ok || f.reason || other.reason || slices.Contains(setPaths, path) {
			return false
		}
	}
	return true
}

// needed returns the documents to load so that the pages of some can be made:
// they and their translations, the pages above them for the crumbs, and if
// they are not all prose, all reasons for the requirement set.
func (s *state) needed(stale map[string]bool, prose bool) []string {
	need := map[string]bool{}
	for name := range stale {
		need[name], need[otherName(name)] = true, true
		path, _ := address(name)
		for path = up(path); len(path) > 1; path = up(path) {
			for _, end := range []string{".md", ".en.md", "/index.md", "/index.en.md"} {
				if above := strings.Trim(path, "/") + end; s.has(above) {
					need[above] = true
				}
			}
		}
	}
	for i := range s.sources {
		if f := &s.sources[i]; f.reason && !prose {
			need[f.name], need[otherName(f.name)] = true, true
		}
	}
	return slices.Sorted(maps.Keys(need))
}

// up returns the path above a path: "/klaim/" of "/klaim/phk/".
func up(path string) string {
	path = strings.TrimSuffix(path, "/")
	return path[:strings.LastIndex(path, "/")+1]
}

// otherName returns the file of the translation.
func otherName(name string) string {
	_, l := address(name)
	return translationName(&document{name: name, lang: l})
}

func (s *state) has(name string) bool {
	_, ok := s.source(name)
	return ok
}

// address tells the addresses of the documents, branches and samples that the
// state knows.
func (s *state) address() func(path string) bool {
	aliases := map[string]bool{}
	for i := range s.sources {
		for _, a := range s.sources[i].aliases {
			aliases[a] = true
		}
	}
	return func(path string) bool {
		name := strings.Trim(path, "/")
		if strings.HasSuffix(path, "/") && strings.HasPrefix(path, offices) || strings.HasPrefix(path, samplePath(sample.Sample{})) {
			file, _ := target("", path)
			if _, ok := s.output(file); ok {
				return true
			}
		}
		return aliases[path] || path == "/"+name+"/" && (s.has(name+".md") || s.has(name+"/index.md"))
	}
}

// renew takes over what was read again; false when other pages show some of
// what has changed.
func (s *state) renew(part *Site, src *sources, stale map[string]bool) bool {
	names := s.names()
	for name, now := range src.files {
		f, ok := s.source(name)
		if !ok || f.sum != now.sum && !stale[name] {
			return false
		}
		f.seen = now
	}
	for _, d := range part.docs {
		if f, ok := s.source(d.name); !ok || f.shared != d.shared(names) {
			return false
		}
	}
	return true
}

// makePart makes the pages of some documents and of their translations.
func (s *Site) makePart(ctx context.Context, now *state, stale map[string]bool, to place) (*linkCheck, error) {
	var pages []*page.Page
	for _, d := range s.shown() {
		if stale[d.name] || stale[translationName(d)] {
			pages = append(pages, s.documentPages(d, s.options)...)
		}
	}
	check := s.newLinkCheck(func(name string) bool { _, ok := now.output(name); return ok }, func(name string) *webPage {
		if f, ok := now.output(name); ok && f.ids != "" {
			return &webPage{ids: f.ids}
		}
		return nil
	})
	var mu sync.Mutex
	stamps := map[string]stamp{} // taken over when nobody reads the outputs any more
	put := func(name string, b []byte) error {
		st, err := to.put(name, b)
		mu.Lock()
		defer mu.Unlock()
		stamps[name] = st
		return err
	}
	sections, err := s.renderPages(ctx, pages, check, put)
	if err == nil && s.options.Search {
		err = renewSearch(ctx, pages, sections, to, put)
	}
	for name, st := range stamps {
		if f, ok := now.output(name); ok {
			f.stamp = st
		}
	}
	return check, err
}

// renewSearch renews the index for pages that were made again.
func renewSearch(ctx context.Context, pages []*page.Page, sections [][]searchindex.Section, to place, put func(name string, b []byte) error) error {
	index, err := to.get(searchFile)
	if err == nil {
		index, err = renewIndex(ctx, index, pages, sections)
	}
	if err != nil {
		return err
	}
	return put(searchFile, index)
}

// loses tells whether pages that were made again lack an anchor that others
// lead to.
func (s *state) loses(made map[string]*webPage) bool {
	lost := false
	for name, p := range made {
		f, ok := s.output(name)
		lost = lost || !ok || f.ids != p.ids
	}
	for i := 0; lost && i < len(s.outputs); i++ {
		f := &s.outputs[i]
		for ref := range strings.Lines(f.far) {
			to, anchor := target(f.name, strings.TrimSuffix(ref, "\n"))
			if p := made[to]; p != nil && made[f.name] == nil && !p.has(anchor) {
				return true
			}
		}
	}
	return false
}
