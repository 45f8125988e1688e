package site_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pgregory.net/rapid"

	"lapakasik/site"
	"lapakasik/site/disk"
	"lapakasik/site/requirement"
)

// An edited site is content that is changed step by step, and what was built
// of it in every way.
type edited struct {
	*rapid.T
	pages   map[string]parts // by file
	rest    map[string]string
	origin  string
	today   requirement.Date
	drafts  bool
	dir     string
	builder site.Builder
	good    map[string][]byte // files of the last build without mistakes
	count   *counts
	time    time.Time
	marks   map[string]marked // of files and folders
}

// A marked file is what it holds and the mark that it got with that.
type marked struct {
	holds string
	mark  disk.Mark
}

// A slowDisk gives all that is written within two seconds the same mark.
type slowDisk struct {
	fstest.MapFS
	marks map[string]marked
}

func (d slowDisk) Mark(name string) (disk.Mark, error) { return d.marks[name].mark, nil }

func (d slowDisk) ReadMarked(name string, _ []byte) ([]byte, disk.Mark, error) {
	b, err := d.ReadFile(name)
	return b, d.marks[name].mark, err
}

// parts of a page's file that are edited each by itself.
type parts struct{ title, description, front, body string }

// counts tells whether the property has seen what it is about.
type counts struct{ whole, part, none, broken int }

var (
	titles   = rapid.SampledFrom([]string{"Judul", "Nama lain", "Bagian & <kata>", "\"Kutip\""})
	letters  = rapid.SampledFrom([]string{"a", "b", "c", "d"})
	topics   = []string{"Satu", "Dua", "Tiga", "Empat"}
	pictures = rapid.SampledFrom([]string{"gambar/kartu.png", "gambar/meja.png"})
)

func (p parts) String() string {
	return "---\ntitle: " + strconv.Quote(p.title) + "\ndescription: " + strconv.Quote(p.description) + "\n" + p.front + "---\n" + p.body
}

// drawBody draws a body with a number of sections.
func (e *edited) drawBody(sections int) string {
	b := strings.Builder{}
	b.WriteString("Teks.\n\n")
	for _, topic := range rapid.Permutation(topics).Draw(e.T, "topics")[:sections] {
		fmt.Fprintf(&b, "## %s\n\nTeks JHT %d.\n\n", topic, rapid.IntRange(0, 99).Draw(e.T, "text"))
	}
	for range rapid.IntRange(0, 2).Draw(e.T, "links") {
		fmt.Fprintf(&b, "[x](%s)\n\n", e.drawTarget())
	}
	switch rapid.IntRange(0, 19).Draw(e.T, "special") {
	case 0:
		b.WriteString("<b>mentah</b>\n")
	case 1, 2, 3:
		fmt.Fprintf(&b, "![Kartu](/%s)\n", pictures.Draw(e.T, "picture"))
	case 4:
		b.WriteString("| a | b |\n|---|---|\n| c | d |\n")
	}
	return b.String()
}

func (e *edited) drawTarget() string {
	to := rapid.SampledFrom([]string{"", "/", "/klaim/", "/klaim/pindah/", "/kantor/kota/", "/panduan/", "/panduan/a/", "/panduan/a/b/", "/daftar", "/lama/", "/kantor/tidak/", "/kantor/kota/index.html", "/klaim/pindah/cetak/"}).Draw(e.T, "to")
	if to == "" || rapid.IntRange(0, 2).Draw(e.T, "anchor") == 0 {
		return to + "#" + strings.ToLower(rapid.SampledFrom(topics).Draw(e.T, "topic"))
	}
	return to
}

func (e *edited) drawFront() string {
	return rapid.SampledFrom([]string{"", "", "order: 3\n", "section: /klaim/\n", "review_every_days: 30\n", "sources: [{title: Buku}]\n",
		"changes: [{date: 2026-11-20, text: {id: Baru., en: New.}}]\n", "aliases: [/lama/]\n", "aliases: [/tua/]\n", "kind: privacy\n" + smallUpkeep, "draft: true\n", "publish: 2026-11-21\n", "expires: 2026-11-20\n"}).Draw(e.T, "front") +
		"reviewed: 2026-11-" + rapid.SampledFrom([]string{"18", "19", "20"}).Draw(e.T, "day") + "\n"
}

// put makes the files of a page in both languages.
func (e *edited) put(name string) {
	n := rapid.IntRange(2, len(topics)).Draw(e.T, "sections")
	e.pages[name+".md"] = parts{titles.Draw(e.T, "title"), "Isi.", "reviewed: 2026-11-20\n", e.drawBody(n)}
	e.pages[name+".en.md"] = parts{titles.Draw(e.T, "title"), "Content.", "", e.drawBody(n)}
}

// guide draws the name of a page of the guide, which may have pages below it.
func (e *edited) guide() string {
	return rapid.SampledFrom([]string{"panduan", "panduan/a", "panduan/b", "panduan/a/b", "panduan/a/c"}).Draw(e.T, "guide")
}

func (e *edited) page() string {
	if name := e.guide() + rapid.SampledFrom([]string{".md", ".en.md"}).Draw(e.T, "language"); e.pages[name] != (parts{}) {
		return name
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(e.pages))).Draw(e.T, "page")
}

// edit changes one thing.
func (e *edited) edit() {
	e.time = e.time.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute}).Draw(e.T, "time"))
	name := e.page()
	p := e.pages[name]
	switch what := rapid.IntRange(0, 18).Draw(e.T, "what"); what {
	case 0, 1, 2, 3, 4, 5:
		switch what {
		case 0, 1:
			p.body = e.drawBody(min(strings.Count(p.body, "## "), len(topics)))
		case 2: // a heading goes or comes
			topic := "## " + rapid.SampledFrom(topics[:2]).Draw(e.T, "topic") + "\n\n"
			if other := strings.Replace(p.body, topic, "## Lain\n\n", 1); other != p.body {
				p.body = other
			} else if other := strings.Replace(p.body, "## Lain\n\n", topic, 1); other != p.body || rapid.IntRange(0, 4).Draw(e.T, "alone") > 0 {
				p.body = other
			} else {
				p.body = topic + p.body
			}
		case 3:
			p.title = titles.Draw(e.T, "title")
		case 4:
			p.description = "Isi " + letters.Draw(e.T, "description")
		case 5:
			p.body += "\n[x](/" + e.guide() + "/#" + strings.ToLower(rapid.SampledFrom(topics[:2]).Draw(e.T, "topic")) + ")\n"
		}
		e.pages[name] = p
	case 6:
		e.put(e.guide())
	case 7:
		gone := e.guide()
		delete(e.pages, gone+".md")
		if rapid.IntRange(0, 4).Draw(e.T, "half") > 0 {
			delete(e.pages, gone+".en.md")
		}
	case 8:
		to := e.guide()
		for _, end := range []string{".md", ".en.md"} {
			if from := e.guide() + end; e.pages[from] != (parts{}) {
				e.pages[to+end] = e.pages[from]
				delete(e.pages, from)
			}
		}
	case 9:
		e.replaceWord()
	case 10:
		e.rest[pictures.Draw(e.T, "picture")] = drawing(rapid.IntRange(1, 3).Draw(e.T, "width"))
	case 11:
		e.origin = "https://" + letters.Draw(e.T, "origin") + ".example"
	case 18:
		e.today = rapid.SampledFrom([]requirement.Date{"", "2026-11-20", "2026-11-21"}).Draw(e.T, "today")
		e.drafts = rapid.Bool().Draw(e.T, "drafts")
	case 12:
		e.T.Cleanup(site.SetProgram(letters.Draw(e.T, "program")))
	case 13, 14:
		e.tamper()
	default:
		if strings.HasSuffix(name, ".en.md") {
			name = strings.TrimSuffix(name, ".en.md") + ".md"
			p = e.pages[name]
		}
		if p.title != "" {
			p.front = e.drawFront()
			e.pages[name] = p
		}
	}
}

// replaceWord changes the data or a reason: a word that a page shows, a
// number, an order, or the end of a line.
func (e *edited) replaceWord() {
	swap := rapid.SampledFrom([][3]string{
		{"data/dokumen.yaml", "Surat A", "Surat Z"}, {"data/pertanyaan.yaml", "bila saldo besar", "bila saldo kecil"}, {"data/kantor.yaml", "Kantor Kota", "Kantor Lain"},
		{"data/libur.yaml", "Natal", "Hari raya"}, {"data/istilah.yaml", "savings", "money"}, {"data/bahasa.yaml", "25", "3"}, {"data/bagian.yaml", "Who", "Whom"}, {"data/jadwal.yaml", "Perkiraan.", "Belum pasti."}, {"data/antrean.yaml", "30", "31"},
		{"data/persetujuan.yaml", "Setuju.", "Ya."}, {"klaim/pindah.md", "Pindah kerja", "Pindah tempat"}, {"klaim/pindah.md", "Saya pindah", "Kami pindah"},
		{"klaim/pindah.md", "amount: 1", "amount: 2"}, {"klaim/pindah.en.md", "I change", "We change"}, {"klaim/pindah.md", "Dibuat.", "Ditulis."},
		{"klaim/pindah.md", "reviewed: 2026-11-20", "reviewed: 2026-11-21"}, {"klaim/pindah.md", "Anda yang", "Kamu yang"}, {"data/dokumen.yaml", "\n", "\r\n"},
		{"klaim/pindah.md", "Tunggu dulu.", "Tunggu."}, {"klaim/pindah.md", "/klaim/lama/", "/klaim/tua/"}, {"data/kantor.yaml", "bookable: true", "bookable: false"},
	}).Draw(e.T, "swap")
	text := e.rest[swap[0]]
	if now := strings.ReplaceAll(text, swap[1], swap[2]); now != text {
		e.rest[swap[0]] = now
		return
	}
	e.rest[swap[0]] = strings.ReplaceAll(text, swap[2], swap[1])
}

// tamper touches what was built, or what a build remembers of it.
func (e *edited) tamper() {
	names := slices.Sorted(maps.Keys(e.good))
	if len(names) == 0 {
		return
	}
	name := rapid.SampledFrom(append(names, ".lapakasik-state", ".lapakasik-state", ".lapakasik-new")).Draw(e.T, "file")
	file := filepath.Join(e.dir, name)
	if name == ".lapakasik-new" {
		must(e.T, os.MkdirAll(file, 0o755))
		must(e.T, os.WriteFile(filepath.Join(file, "0"), []byte("x"), 0o644))
		return
	}
	b, err := os.ReadFile(file)
	switch {
	case err != nil || rapid.Bool().Draw(e.T, "remove"):
		_ = os.Remove(file)
	case rapid.Bool().Draw(e.T, "cut"):
		must(e.T, os.WriteFile(file, b[:len(b)/2], 0o644))
	default:
		must(e.T, os.WriteFile(file, append(b, 'x'), 0o644))
	}
}

func must(t rapid.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func drawing(width int) string {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, width, 2))) // into memory
	return b.String()
}

// content is what was edited, on a disk with marks or on one without.
func (e *edited) content() fs.FS {
	fsys := fstest.MapFS{}
	for name, p := range e.pages {
		fsys[name] = &fstest.MapFile{Data: []byte(p.String())}
	}
	for name, text := range e.rest {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	marks := map[string]marked{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if d.IsDir() {
			var names strings.Builder
			list, _ := fsys.ReadDir(name)
			for _, entry := range list {
				fmt.Fprintln(&names, entry.Name())
			}
			marks[name] = e.mark(name, names.String())
			return err
		}
		marks[name] = e.mark(name, string(fsys[name].Data))
		return err
	})
	must(e.T, err)
	if e.marks = marks; rapid.IntRange(0, 9).Draw(e.T, "other disk") == 0 {
		return fsys
	}
	return slowDisk{fsys, marks}
}

// mark is that of before, unless the file or folder holds something else.
func (e *edited) mark(name, holds string) marked {
	if was := e.marks[name]; was.holds == holds && was.mark != (disk.Mark{}) {
		return was
	}
	return marked{holds, disk.Mark{Size: 1, Changed: e.time.Truncate(2 * time.Second).UnixNano()}}
}

// check builds in every way and compares: whole and new, in memory after the
// last, and into the folder of the last.
func (e *edited) check() (broken bool) {
	ctx, fsys, o := e.Context(), e.content(), site.Options{Origin: e.origin, Today: e.today, Drafts: e.drafts, Search: true}
	want, wrong := site.Build(ctx, fsys, o)
	e.builder.Options = o
	got, err := e.builder.Build(ctx, fsys)
	e.sameProblems("in memory", err, wrong)
	report, err := site.Update(ctx, fsys, e.dir, o)
	e.sameProblems("in the folder", err, wrong)
	if wrong != nil {
		e.count.broken++
		e.sameFiles("in the folder after a mistake", onDisk(e.T, e.dir), e.good, true)
		return true
	}
	e.good = want.Files
	e.sameFiles("in memory", got.Files, want.Files, false)
	e.sameFiles("in the folder", onDisk(e.T, e.dir), want.Files, false)
	if got.Pages != want.Pages || report.Pages != want.Pages || report.Files != len(want.Files) || got.Set.Version != want.Set.Version || report.Set != want.Set.Version {
		e.Fatalf("reports differ: %+v, %d pages and set %s; want %d pages, set %s", report, got.Pages, got.Set.Version, want.Pages, want.Set.Version)
	}
	switch {
	case report.Made == 0:
		e.count.none++
	case report.Made < report.Pages:
		e.count.part++
	default:
		e.count.whole++
	}
	return false
}

func (e *edited) sameProblems(where string, got, want error) {
	if (got == nil) != (want == nil) || got != nil && got.Error() != want.Error() {
		e.Fatalf("problems %s:\n%v\nwant:\n%v", where, got, want)
	}
}

// sameFiles compares two sites; with touched a file may be missing or changed
// by hand, but none may be new.
func (e *edited) sameFiles(where string, got, want map[string][]byte, touched bool) {
	for name, b := range want {
		if g, ok := got[name]; (!ok || !bytes.Equal(g, b)) && !touched {
			e.Fatalf("%s: %s differs (%d bytes; want %d)", where, name, len(g), len(b))
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			e.Fatalf("%s: %s is not to be there", where, name)
		}
	}
}

func onDisk(t rapid.TB, dir string) map[string][]byte {
	out := map[string][]byte{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), ".lapakasik-") {
			return err
		}
		b, err := os.ReadFile(file)
		name, _ := filepath.Rel(dir, file)
		out[filepath.ToSlash(name)] = b
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return out
}

// However content, program and built files are edited, an incremental build
// has the bytes and the problems of a full one.
//
//	go test ./site -run Incremental -v -rapid.checks 2000
func TestIncrementalEqualsFull(t *testing.T) {
	const usual, few = "100", "30" // rapid's own, and enough to see each kind of build
	if f := flag.Lookup("rapid.checks"); f.Value.String() == usual {
		must(t, f.Value.Set(few))
		defer f.Value.Set(usual)
	}
	var count counts
	rapid.Check(t, func(t *rapid.T) {
		dir, err := os.MkdirTemp("", "situs-")
		must(t, err)
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		e := &edited{T: t, pages: map[string]parts{}, rest: map[string]string{}, dir: dir, origin: "https://a.example", count: &count, time: time.Unix(1e9, 0)}
		t.Cleanup(site.SetClock(func() time.Time { return e.time }))
		for name, f := range small(nil) {
			if title, rest, plain := strings.Cut(string(f.Data), "---\ntitle: "); plain && title == "" && !strings.HasPrefix(name, "klaim/") {
				front, body, _ := strings.Cut(rest, "---\n")
				e.pages[name] = parts{"Judul", "Isi.", strings.SplitN(front, "\n", 3)[2], body}
				continue
			}
			e.rest[name] = string(f.Data)
		}
		for name, to := range map[string]string{"panduan": "a/", "panduan/a": "a/b/", "panduan/a/b": ""} {
			body := "## Satu\n\nTeks.\n\n## Dua\n\n[x](/panduan/" + to + "#dua)\n"
			e.pages[name+".md"] = parts{"Panduan", "Isi.", "reviewed: 2026-11-20\n", body}
			e.pages[name+".en.md"] = parts{"Guide", "Content.", "", body}
		}
		for _, name := range []string{"gambar/kartu.png", "gambar/meja.png"} {
			e.rest[name] = drawing(1)
		}
		e.check()
		for range rapid.IntRange(1, 12).Draw(t, "edits") {
			pages, rest := maps.Clone(e.pages), maps.Clone(e.rest)
			e.edit()
			if e.check() && rapid.IntRange(0, 3).Draw(t, "mend") > 0 {
				e.pages, e.rest = pages, rest
				e.check()
			}
		}
	})
	t.Logf("builds: %d whole, %d in part, %d with nothing to do, %d of content with mistakes", count.whole, count.part, count.none, count.broken)
	if !t.Failed() && (min(count.whole, count.part, count.none, count.broken) < 10) {
		t.Error("some kind of build was hardly tried")
	}
}

// A program killed at any change of the published files leaves no page that a
// later build takes for fresh.
func TestKilledBuild(t *testing.T) {
	const stop = "SITUS_STOP"
	edits := map[string]string{"gratis.md": strings.Replace(plainPage, "Teks.", "Teks lain.", 1), "gratis.en.md": strings.Replace(plainPageEN, "Text.", "Other text.", 1)}
	before, after := small(map[string]string{"lama.md": plainPage, "lama.en.md": plainPageEN}), small(edits)
	part := small(edits)
	part["kontak.md"] = &fstest.MapFile{Data: []byte(strings.Replace(plainPage, "Teks.", "Kontak.", 1))}
	o := site.Options{Origin: "https://a.example"}
	if dir := os.Getenv(stop); dir != "" {
		defer site.SetProgram("uji")()
		n, _ := strconv.Atoi(os.Getenv(stop + "_N"))
		now := after
		if os.Getenv(stop+"_PART") != "" {
			now = part
		}
		must(t, site.UpdateKilled(t.Context(), now, dir, o, n))
		return
	}
	defer site.SetProgram("uji")()
	for _, tt := range []struct {
		name          string
		was, now      fstest.MapFS
		env           string
		atLeast, most int
	}{{"whole", before, after, "", 8, 60}, {"part", after, part, "1", 3, 10}} {
		t.Run(tt.name, func(t *testing.T) {
			want, err := site.Build(t.Context(), tt.now, o)
			must(t, err)
			killed := 0
			for n := 0; ; n++ {
				dir := t.TempDir()
				_, err := site.Update(t.Context(), tt.was, dir, o)
				must(t, err)
				cmd := exec.Command(os.Args[0], "-test.run=^TestKilledBuild$")
				cmd.Env = append(os.Environ(), stop+"="+dir, stop+"_N="+strconv.Itoa(n), stop+"_PART="+tt.env)
				out, err := cmd.CombinedOutput()
				if err != nil && cmd.ProcessState.ExitCode() != -1 {
					t.Fatalf("stopped at %d: %v: %s", n, err, out)
				}
				_, again := site.Update(t.Context(), tt.now, dir, o)
				must(t, again)
				if got := onDisk(t, dir); !maps.EqualFunc(got, want.Files, bytes.Equal) {
					t.Errorf("stopped at %d: the next build left other files than a full one", n)
				}
				if err == nil {
					break // it came to its end
				}
				killed++
			}
			if killed < tt.atLeast || killed > tt.most {
				t.Errorf("killed %d times; want %d to %d", killed, tt.atLeast, tt.most)
			}
		})
	}
}

// What an edit concerns is made again, and what it does not is left alone.
func TestMadeAgain(t *testing.T) {
	defer site.SetProgram("uji")()
	const all = 46
	sub := map[string]string{"klaim/pindah/x.md": plainPage, "klaim/pindah/x.en.md": plainPageEN, "klaim/pindah/y.md": strings.Replace(plainPage, "Teks.", "## Satu\n\nTeks.\n\n## Dua\n\nTeks.\n", 1),
		"klaim/pindah/y.en.md": asLong(plainPageEN, "## Satu\n\n## Dua\n")}
	for _, tt := range []struct {
		name, file, old, now string
		made                 int
		problem              string
	}{
		{"nothing", "gratis.md", "Teks.", "Teks.", 0, ""},
		{"text", "gratis.md", "Teks.", "Teks lain.", 2, ""},
		{"English text", "gratis.en.md", "Text.", "Other text.", 2, ""},
		{"day of review", "gratis.md", "2026-11-20", "2026-11-21", 2, ""},
		{"title", "gratis.md", "Judul", "Judul lain", 2, ""},
		{"text of a reason with an old address", "klaim/pindah.md", "Anda yang", "Kamu yang", 4, ""},
		{"title that others show in their crumbs", "bantuan.md", "Judul", "Judul lain", all, ""},
		{"title of a reason", "klaim/pindah.md", "Pindah kerja", "Pindah tempat", all, ""},
		{"address", "gratis.md", "reviewed:", "aliases: [/bebas/]\nreviewed:", all + 2, ""},
		{"data", "data/dokumen.yaml", "Surat A", "Surat Z", all, ""},
		{"link that leads nowhere", "gratis.md", "Teks.", "[x](/tidak/)", 0, "gratis.md:7:5: link /tidak/ leads to no page"},
		{"anchor that is there", "gratis.md", "Teks.", "[x](/klaim/pindah/y/#satu)", 2, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir, was := t.TempDir(), small(sub)
			update := func(fsys fstest.MapFS) (*site.Report, error) {
				return site.Update(t.Context(), fsys, dir, site.Options{})
			}
			_, err := update(was)
			must(t, err)
			now := small(sub)
			now[tt.file] = &fstest.MapFile{Data: []byte(strings.Replace(string(was[tt.file].Data), tt.old, tt.now, 1))}
			r, err := update(now)
			if tt.problem != "" {
				if err == nil || !strings.HasPrefix(err.Error(), tt.problem) {
					t.Errorf("Update = %v; want %s", err, tt.problem)
				}
				return
			}
			must(t, err)
			if r.Made != tt.made {
				t.Errorf("%d pages made; want %d of %d", r.Made, tt.made, r.Pages)
			}
		})
	}
}

// A part of the site remembers what its pages offer now.
func TestAnchorGoneBefore(t *testing.T) {
	defer site.SetProgram("uji")()
	dir, fsys := t.TempDir(), small(map[string]string{"gratis.md": strings.Replace(plainPage, "Teks.", "## Satu\n\nTeks.", 1), "gratis.en.md": asLong(plainPageEN, "## Satu\n")})
	edit := func(name, old, now string, made int) error {
		t.Helper()
		fsys[name] = &fstest.MapFile{Data: bytes.Replace(fsys[name].Data, []byte(old), []byte(now), 1)}
		r, err := site.Update(t.Context(), fsys, dir, site.Options{})
		if err == nil && r.Made != made {
			t.Errorf("%s: %d pages made; want %d", name, r.Made, made)
		}
		return err
	}
	must(t, edit("gratis.md", "", "", 42))
	must(t, edit("gratis.md", "## Satu\n", "## Dua\n", 2))
	const want = "kontak.md:7:5: link /gratis/#satu has an anchor that is not on that page"
	if err := edit("kontak.md", "Teks.", "[x](/gratis/#satu)", 0); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("Update = %v; want %s", err, want)
	}
	must(t, edit("kontak.md", "#satu", "#dua", 2))
	if err := edit("gratis.md", "## Dua\n", "## Tiga\n", 0); err == nil {
		t.Error("Update without a heading that another page leads to = nil error")
	}
}

// A countedDisk counts how often a file is read.
type countedDisk struct {
	disk.Folder
	reads *atomic.Int64
}

func (d countedDisk) ReadMarked(name string, buffer []byte) ([]byte, disk.Mark, error) {
	d.reads.Add(1)
	return d.Folder.ReadMarked(name, buffer)
}

// On a disk a file is not read again as long as its mark is the same, and any
// change is seen, also one that leaves its size and time as they were.
func TestUpdateFromDisk(t *testing.T) {
	defer site.SetProgram("uji")()
	defer site.SetClock(func() time.Time { return time.Now().Add(time.Hour) })() // when all marks have settled
	from, dir := t.TempDir(), t.TempDir()
	must(t, os.CopyFS(from, small(nil)))
	old := time.Unix(1e9, 0)
	replace := func(name, text string) {
		t.Helper()
		file := filepath.Join(from, name)
		must(t, os.MkdirAll(filepath.Dir(file), 0o755))
		must(t, os.WriteFile(file+".new", []byte(text), 0o644))
		must(t, os.Chtimes(file+".new", old, old))
		must(t, os.Rename(file+".new", file))
	}
	replace("gratis.md", plainPage)
	for _, tt := range []struct {
		name string
		edit func()
		made int
	}{
		{"new folder", func() {}, 42},
		{"nothing", func() {}, 0},
		{"as long and as old", func() { replace("gratis.md", strings.Replace(plainPage, "Teks.", "Kata.", 1)) }, 2},
		{"same bytes", func() { replace("gratis.md", strings.Replace(plainPage, "Teks.", "Kata.", 1)) }, 0},
		{"new page", func() { replace("x/y.md", plainPage); replace("x/y.en.md", plainPageEN) }, 44},
	} {
		tt.edit()
		var reads atomic.Int64
		r, err := site.Update(t.Context(), countedDisk{disk.Open(from), &reads}, dir, site.Options{})
		must(t, err)
		if tt.name == "nothing" && reads.Load() > 0 && runtime.GOOS == "linux" {
			t.Errorf("%d files were read; want none", reads.Load())
		}
		want, err := site.Build(t.Context(), disk.Open(from), site.Options{})
		must(t, err)
		if r.Made != tt.made || !maps.EqualFunc(onDisk(t, dir), want.Files, bytes.Equal) {
			t.Errorf("%s: %d pages made; want %d, and the files of a full build", tt.name, r.Made, tt.made)
		}
	}
}
