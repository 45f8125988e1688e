package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// edited is a copy of the content, to be changed at will.
type edited struct {
	t   *testing.T
	dir string
}

func copyContent(t *testing.T) edited {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../../content")); err != nil {
		t.Fatal(err)
	}
	return edited{t, dir}
}

// replace changes the first place that holds old; with old empty it appends.
func (e edited) replace(name, old, now string) {
	e.t.Helper()
	file := filepath.Join(e.dir, filepath.FromSlash(name))
	b, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(b), old) {
		e.t.Fatalf("%s does not hold %q: %v", name, old, err)
	}
	text := string(b) + now
	if old != "" {
		text = strings.Replace(string(b), old, now, 1)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		e.t.Fatal(err)
	}
}

var dated = regexp.MustCompile(`(?:reviewed|date): (20\d\d-\d\d-\d\d)`)

// newest is the last day on which something in the copy was changed or
// reviewed: on that day none of it is still to come, or overdue.
func (e edited) newest() string {
	e.t.Helper()
	day := ""
	err := filepath.WalkDir(e.dir, func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".md" {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range dated.FindAllSubmatch(b, -1) {
			day = max(day, string(m[1]))
		}
		return err
	})
	if err != nil {
		e.t.Fatal(err)
	}
	return day
}

// call runs the program on the copy.
func (e edited) call(args ...string) (out, errOut string, err error) {
	var o, eo strings.Builder
	name := []string{}
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = slices.Clone(args[:1]), args[1:]
	}
	args = append(append(name, "-content", e.dir, "-today", e.newest()), args...)
	err = run(e.t.Context(), args, &o, &eo)
	return o.String(), eo.String(), err
}

// What Hugo builds without a word stops our build, with the place, the line
// and what to do, in the language that was asked for.
func TestMistakesStopTheBuild(t *testing.T) {
	for _, tt := range []struct{ name, file, old, now, id, en string }{
		{"broken link", "gratis.md", "(/kontak/)", "(/kontakt/)", "tautan /kontakt/ tidak menuju halaman mana pun", "link /kontakt/ leads to no page"},
		{"broken fragment", "gratis.md", "(/kontak/)", "(/kontak/#tidak-ada)", "tautan /kontak/#tidak-ada punya jangkar yang tidak ada di halaman itu", "has an anchor that is not on that page"},
		{"missing title", "kontak.md", "title: ", "titel: ", "kunci titel tidak dikenal", "unknown key titel"},
		{"lost line", "klaim/phk.md", "situation: \"Saya terkena PHK\"\n", "", "keadaan (situation) belum ada", "situation is missing"},
		{"lost applicant", "klaim/meninggal-dunia.md", "applicant: heir\n", "", "pemohon (applicant) belum ada", "applicant is missing"},
		{"lost kind of a reason", "klaim/phk.md", "kind: reason\n", "", "harus punya kind: reason", "must have kind: reason"},
		{"lost kind of the standard", "standar-pelayanan.md", "kind: standard\n", "", "halaman ini harus punya kind: standard", "this page must have kind: standard"},
		{"wrong type", "kontak.md", "order: ", "order: abc #", `seharusnya bilangan bulat, tertulis teks "abc"`, `want a whole number, found text "abc"`},
		{"broken word", "kata/situs.yaml", `{id: "Beranda"`, `{id: Beranda`, "kata-kata tidak dapat dibaca", "the words cannot be read"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e := copyContent(t)
			e.replace(tt.file, tt.old, tt.now)
			out := filepath.Join(e.dir, "..", "out")
			for lang, want := range map[string]string{"id": tt.id, "en": tt.en} {
				_, report, err := e.call("-out", out, "-lang", lang)
				if !errors.Is(err, errMistakes) || !strings.Contains(report, want) || !strings.HasPrefix(report, tt.file+":") || !strings.Contains(report, " | ") || !strings.Contains(report, "^") || !strings.Contains(report, "→ ") {
					t.Errorf("build -lang %s = %v:\n%s\nwant %q with place, excerpt, caret and what to do", lang, err, report, want)
				}
			}
			if files, err := os.ReadDir(out); err == nil && len(files) > 0 {
				t.Errorf("%d files were written", len(files))
			}
		})
	}
}

func TestCheck(t *testing.T) {
	e := copyContent(t)
	if out, _, err := e.call("check", "-strict"); err != nil || out != "0 kesalahan, 0 saran\n" {
		t.Fatalf("check = %v:\n%s\nwant nothing wrong", err, out)
	}
	e.replace("kontak.md", "reviewed: 2026", "reviewed: 2025")
	if out, _, err := e.call("check"); err != nil || !strings.HasSuffix(out, "0 kesalahan, 1 saran\n") {
		t.Errorf("check with advice = %v:\n%s\nwant no failure", err, out)
	}
	if _, _, err := e.call("check", "-strict"); !errors.Is(err, errMistakes) {
		t.Errorf("check -strict with advice = %v; want errMistakes", err)
	}
	e.replace("gratis.md", "(/kontak/)", "(/kontakt/)")
	e.replace("data/antrean.yaml", "draft_hours", "draft_hour")
	e.replace("kata/cari.yaml", ", en: ", ", e: ")
	e.replace("kata/situs.yaml", ", en: ", ", e: ")
	out, _, err := e.call("check", "-lang", "en")
	if !errors.Is(err, errMistakes) || !strings.Contains(out, "gratis.md:") || !strings.Contains(out, "data/antrean.yaml:") || !strings.Contains(out, "kata/cari.yaml:") || !strings.Contains(out, "kata/situs.yaml:") || !strings.HasSuffix(out, "4 mistakes, 1 pieces of advice\n") {
		t.Errorf("check = %v:\n%s\nwant everything at once", err, out)
	}
}

// A new page and a new claim reason are drafts without a mistake, seen in the
// preview only, and published when the line draft goes.
func TestNew(t *testing.T) {
	for _, tt := range []struct{ kind, address, file, page string }{
		{"halaman", "bantuan/contoh-baru", "bantuan/contoh-baru.md", "bantuan/contoh-baru/index.html"},
		{"sebab", "contoh-sebab", "klaim/contoh-sebab.md", "klaim/contoh-sebab/index.html"},
	} {
		t.Run(tt.kind, func(t *testing.T) {
			e := copyContent(t)
			if out, report, err := e.call("new", tt.kind, tt.address, "-title", `Judul "baru"`); err != nil || !strings.Contains(out, tt.file[:len(tt.file)-3]) {
				t.Fatalf("new = %v\n%s%s", err, out, report)
			}
			if out, _, err := e.call("check", "-strict"); err != nil {
				t.Fatalf("check after new = %v\n%s", err, out)
			}
			dist := t.TempDir()
			page := filepath.Join(dist, tt.page)
			e.call("-out", dist)
			if _, err := os.Stat(page); err == nil {
				t.Error("a draft is on the site")
			}
			e.replace(tt.file, "draft: true\n", "")
			e.fillIn(tt.file)
			if _, report, err := e.call("-out", dist); err != nil {
				t.Fatalf("build = %v\n%s", err, report)
			}
			if b, err := os.ReadFile(page); err != nil || !strings.Contains(string(b), "Judul &#34;baru&#34;") && !strings.Contains(string(b), `Judul "baru"`) {
				t.Errorf("the page is not on the site: %v", err)
			}
			if _, _, err := e.call("new", tt.kind, tt.address); err == nil || !strings.Contains(err.Error(), "sudah ada") {
				t.Errorf("new over a file = %v; want a refusal", err)
			}
		})
	}
}

var unfilled = regexp.MustCompile("‹([^›]*)›")

// fillIn fills in what a template leaves open, after the check has named every
// place of it.
func (e edited) fillIn(name string) {
	e.t.Helper()
	report, _, _ := e.call("check")
	for _, name := range []string{name, strings.TrimSuffix(name, ".md") + ".en.md"} {
		file := filepath.Join(e.dir, filepath.FromSlash(name))
		b, err := os.ReadFile(file)
		if err != nil {
			e.t.Fatal(err)
		}
		open := unfilled.FindAllString(string(b), -1)
		if len(open) < 3 {
			e.t.Errorf("%s leaves %d places open; want more", name, len(open))
		}
		for _, words := range open {
			if want := words + " masih harus diisi"; !strings.Contains(report, want) {
				e.t.Errorf("%s: the check does not say %q", name, want)
			}
		}
		if err := os.WriteFile(file, unfilled.ReplaceAll(b, []byte("$1")), 0o644); err != nil {
			e.t.Fatal(err)
		}
	}
}

// All words of a template that are to be replaced are marked, so the check finds
// them: what it holds besides is a heading or a link that a page may keep.
func TestTemplatesMarkWhatIsOpen(t *testing.T) {
	names, err := fs.Glob(templates, "templates/*.md")
	if err != nil || len(names) != 4 {
		t.Fatalf("templates %v, %v", names, err)
	}
	for _, name := range names {
		b, err := fs.ReadFile(templates, name)
		if err != nil {
			t.Fatal(err)
		}
		_, front, _ := strings.Cut(string(b), "---\n")
		front, body, _ := strings.Cut(front, "---\n")
		for line := range strings.Lines(body) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' && !strings.Contains(line, "](/") && !strings.HasPrefix(line, "‹") {
				t.Errorf("%s: %q is not marked", name, line)
			}
		}
		for line := range strings.Lines(front) {
			if strings.Contains(line, `"`) && !strings.Contains(line, `"‹`) && !strings.Contains(line, `answer: "ya"`) && !strings.Contains(line, "Halaman dibuat.") {
				t.Errorf("%s: %q is not marked", name, line)
			}
		}
	}
}

func TestWrongCalls(t *testing.T) {
	e := copyContent(t)
	for _, args := range [][]string{{"cek"}, {"-lang", "en", "check"}, {"-search=false", "cek"}, {"new"}, {"new", "halaman"},
		{"new", "halaman", "Halaman Baru"}, {"new", "halaman", "../keluar"}, {"new", "artikel", "x"}, {"check", "-lang", "fr"}, {"check", "-today", "24-11-2026"}, {"check", "-x"}} {
		if _, report, err := e.call(args...); !errors.Is(err, errUsage) || report == "" {
			t.Errorf("%v = %v, %q; want a wrong call that is explained", args, err, report)
		}
	}
}

// An address where no page can be is refused with what to write instead.
func TestNewRefuses(t *testing.T) {
	e := copyContent(t)
	for _, tt := range []struct{ address, want string }{
		{"daftar", "dipakai program ini sendiri"},
		{"daftar/syarat", "dipakai program ini sendiri"},
		{"kolektif/cara", "dipakai program ini sendiri"},
		{"en/baru", "dipakai program ini sendiri"},
		{"klaim/baru", "new sebab baru"},
	} {
		_, report, err := e.call("new", "halaman", tt.address)
		if !errors.Is(err, errUsage) || !strings.Contains(report, tt.want) {
			t.Errorf("new halaman %s = %v, %q; want it refused with %q", tt.address, err, report, tt.want)
		}
		if _, err := os.Stat(filepath.Join(e.dir, tt.address+".md")); err == nil {
			t.Errorf("new halaman %s wrote a file", tt.address)
		}
	}
}

func TestReviewList(t *testing.T) {
	e := copyContent(t)
	e.replace("kontak.md", "reviewed: 2026", "reviewed: 2025")
	out, _, err := e.call("review")
	lines := strings.Split(out, "\n")
	if err != nil || len(lines) < 20 || !strings.Contains(lines[1], "kontak.md") || !strings.Contains(lines[1], "terlambat") {
		t.Errorf("review = %v:\n%s\nwant kontak.md first, overdue", err, out)
	}
}
