// Package corpus writes the same pages twice, for a race between generators:
//
//	seed ─► N pages of some 600 words, each in both languages
//	          ├─► DIR/content   ours, on top of the published content
//	          └─► DIR/hugo      a Hugo project with the same bodies and a like layout
//
// The same seed gives the same bytes. A page's text is words in a row without
// a meaning, so nothing in it can be taken for a fact.
package corpus

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Options of a corpus.
type Options struct {
	Pages int    // generated pages, each in both languages
	Seed  uint64 // the same seed gives the same pages
	Base  fs.FS  // content that the pages are added to; it has the data and the frame's pages
}

// perChapter is how many pages a chapter has, its own among them.
const perChapter = 50

// Name returns the file of generated page i below the content, in Indonesian.
func Name(i int) string {
	if i%perChapter == 0 {
		return chapter(i) + ".md"
	}
	return fmt.Sprintf("%s/halaman-%05d.md", chapter(i), i)
}

func chapter(i int) string { return fmt.Sprintf("panduan/bab-%04d", i/perChapter) }

// HugoName returns the file of a generated page in the Hugo project.
func HugoName(name string) string {
	return hugoName(name, !strings.Contains(name, "/halaman-")) // a chapter has pages below it
}

func path(i int) string { return "/" + strings.TrimSuffix(Name(i), ".md") + "/" }

// translation returns the name of the English file.
func translation(name string) string { return strings.TrimSuffix(name, ".md") + ".en.md" }

// Write writes both projects below dir, which must be empty.
func Write(dir string, o Options) error {
	if err := writeBase(dir, o.Base); err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	for i := range o.Pages {
		for lang := range languages {
			b := pageText(o, i, &languages[lang])
			name := Name(i)
			if lang == 1 {
				name = translation(name)
			}
			if err := writeFile(filepath.Join(dir, "content", name), b); err != nil {
				return fmt.Errorf("corpus: %w", err)
			}
			if err := writeFile(filepath.Join(dir, "hugo", "content", HugoName(name)), b); err != nil {
				return fmt.Errorf("corpus: %w", err)
			}
		}
	}
	if err := writeHugo(filepath.Join(dir, "hugo")); err != nil {
		return fmt.Errorf("corpus: %w", err)
	}
	return nil
}

// writeBase copies the content that the pages are added to.
func writeBase(dir string, base fs.FS) error {
	return fs.WalkDir(base, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := fs.ReadFile(base, name)
		if err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, "content", name), b); err != nil || !strings.HasSuffix(name, ".md") {
			return err
		}
		below, _ := fs.Stat(base, strings.TrimSuffix(strings.TrimSuffix(name, ".md"), ".en")) // its folder, if it has one
		return writeFile(filepath.Join(dir, "hugo", "content", hugoName(name, below != nil && below.IsDir())), hugoFront(b))
	})
}

func writeFile(name string, b []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, b, 0o644)
}

// pageText returns one generated page: the bytes are content of ours and of Hugo.
func pageText(o Options, i int, l *language) []byte {
	w := &writer{language: l, rand: rand.New(rand.NewPCG(o.Seed, uint64(i)))}
	w.front(i)
	w.opening(o.Pages)
	for n := range 4 {
		w.section(n)
	}
	return w.out.Bytes()
}

// A writer writes one page. Both languages draw the same numbers, so they have
// the same structure.
type writer struct {
	*language
	rand *rand.Rand
	out  bytes.Buffer
}

func (w *writer) printf(format string, args ...any) { fmt.Fprintf(&w.out, format, args...) }

func (w *writer) front(i int) {
	w.printf("---\ntitle: \"%s\"\ndescription: \"%s\"\n", w.title(i), w.sentence(10))
	if w.indonesian {
		w.printf("reviewed: 2026-11-%02d\nreview_every_days: 365\n", 1+i%20)
	}
	w.printf("---\n")
}

// opening leads to two other pages, once to a section of theirs.
func (w *writer) opening(pages int) {
	a, b := w.rand.IntN(pages), w.rand.IntN(pages)
	w.printf("%s %s **%s** [%s](%s). %s [%s](%s#%s).\n\n", w.sentences(3, 12), w.word(), w.words(2), w.words(2), path(a),
		w.sentence(8), w.words(3), path(b), w.anchor)
}

// section has a heading, paragraphs, and a list, a table or smaller headings by its number.
func (w *writer) section(n int) {
	w.printf("## %s\n\n%s *%s* %s\n\n", w.headings[n], w.sentences(3, 12), w.words(2), w.sentences(2, 12))
	switch n {
	case 0:
		for range 5 {
			w.printf("- **%s.** %s\n", w.words(2), w.sentence(7))
		}
	case 1:
		w.printf("| %s | %s |\n|---|---|\n", w.word(), w.word())
		for range 5 {
			w.printf("| %s | %s |\n", w.words(2), w.words(5))
		}
	case 2:
		for n := range 5 {
			w.printf("%d. %s\n", n+1, w.sentence(8))
		}
	default:
		w.printf("### %s\n\n%s\n\n### %s\n\n%s [%s](https://example.org/%d)\n", w.headings[4], w.sentences(3, 12),
			w.headings[5], w.sentences(4, 12), w.words(2), w.rand.IntN(1000))
	}
	w.printf("\n%s\n\n", w.sentence(12))
}

func (w *writer) word() string { return w.vocabulary[w.rand.IntN(len(w.vocabulary))] }

func (w *writer) words(n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = w.word()
	}
	return strings.Join(out, " ")
}

// sentence has about n words.
func (w *writer) sentence(n int) string {
	s := w.words(n - 2 + w.rand.IntN(5))
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func (w *writer) sentences(count, n int) string {
	out := make([]string, count)
	for i := range out {
		out[i] = w.sentence(n)
	}
	return strings.Join(out, " ")
}

func (w *writer) title(i int) string {
	s := w.words(3)
	return fmt.Sprintf("%s%s %d", strings.ToUpper(s[:1]), s[1:], i+1)
}
