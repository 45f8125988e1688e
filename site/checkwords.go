package site

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// wordList has a line for each entry of kata/ that the program knows: its file,
// its key and its placeholders in order. It is made by
//
//	go test ./site -run WordList -update
//
//go:embed words.txt
var wordList string

// UseWords takes the words of all pages from kata/ of the content from now on.
// The error is of type Problems when an entry cannot be read; it tells whatever
// else is wrong with the words too, and they stay as they were.
func UseWords(fsys fs.FS) error {
	err := page.UseWords(fsys)
	var wrong *page.WordError
	if !errors.As(err, &wrong) {
		return err
	}
	all := &wordFiles{words: map[string]requirement.Text{}, given: map[string]string{}}
	names, err := fs.Glob(fsys, "kata/*.yaml")
	if err != nil {
		return err
	}
	for _, name := range names {
		all.read(fsys, name)
	}
	if all.problems.concerns(wrong.File) {
		return append(all.problems, all.check(fsys)...).sorted()
	}
	t, ps := readText(fsys, wrong.File)
	return append(ps, t.at(wrong.Line, 1, noEntry))
}

// noEntry is said of a line of kata/ that is no entry.
const noEntry = "the words cannot be read: want key: {id: \"…\", en: \"…\"}"

// wordFiles are the entries of kata/ one by one, in which a mistake hides no
// other.
type wordFiles struct {
	words    map[string]requirement.Text
	given    map[string]string // where each key is, of those that cannot be read too
	problems Problems
}

// wordLine is as much as there is of an entry.
var wordLine = sync.OnceValue(func() *regexp.Regexp {
	const quoted = `("(?:[^"\\]|\\.)*")`
	return regexp.MustCompile(`^([^\s:]+)(?::(?: \{(?:id: ` + quoted + `(?:, (?:en: ` + quoted + `(\}$)?)?)?)?)?)?`)
})

func (w *wordFiles) read(fsys fs.FS, name string) {
	t, ps := readText(fsys, name)
	w.problems = append(w.problems, ps...)
	n := 0
	for line := range strings.Lines(t.body) {
		n++
		entry := strings.TrimSpace(line)
		if entry == "" || entry[0] == '#' {
			continue
		}
		m := wordLine().FindStringSubmatch(entry)
		if m == nil {
			m = make([]string, 5)
		}
		key := m[1]
		id, wrong := strconv.Unquote(m[2])
		en, wrongEN := strconv.Unquote(m[3])
		switch _, twice := w.words[key]; {
		case m[4] == "" || wrong != nil || wrongEN != nil:
			indent := len(line) - len(strings.TrimLeft(line, " \t"))
			w.problems = append(w.problems, t.at(n, indent+utf8.RuneCountInString(m[0])+1, noEntry))
		case twice:
			w.problems = append(w.problems, t.at(n, 1, "the words %s are already at %s", key, w.given[key]))
		default:
			w.words[key] = requirement.Text{ID: id, EN: en}
		}
		w.given[key] = fmt.Sprintf("%s:%d", name, n)
	}
}

// check holds the entries that can be read against those that the program knows.
func (w *wordFiles) check(fsys fs.FS) Problems {
	return checkWordList(fsys, w.words, func(key string) bool { return w.given[key] != "" })
}

// checkWords holds the words in use against those that the program knows.
func checkWords(src *sources) Problems {
	return checkWordList(src.FS, page.Words(), func(string) bool { return false })
}

// checkWordList checks that each entry that the program knows is there in both
// languages, with the same placeholders; of one that cannot be
// read, but is given, all is said. What the program does not know hurts nobody.
func checkWordList(fsys fs.FS, words map[string]requirement.Text, given func(key string) bool) Problems {
	var ps Problems
	for line := range strings.Lines(wordList) {
		want := strings.Fields(line)
		file, key, names := want[0], want[1], want[2:]
		t, ok := words[key]
		switch {
		case !ok && given(key):
		case !ok:
			ps = append(ps, wholeFile(file, "the words %s are missing", key))
		case isBlank(t.ID) || isBlank(t.EN):
			ps = append(ps, atWords(fsys, file, key, "%s needs words in both languages", key))
		case slices.Equal(page.Placeholders(t.ID), names) && slices.Equal(page.Placeholders(t.EN), names):
		case len(names) == 0:
			ps = append(ps, atWords(fsys, file, key, "%s has no placeholders", key))
		default:
			ps = append(ps, atWords(fsys, file, key, "%s needs the placeholders {%s} in both languages", key, strings.Join(names, "} {")))
		}
	}
	return ps
}

// atWords returns a problem at an entry of a file of words.
func atWords(fsys fs.FS, file, key, format string, args ...any) Problem {
	t, unread := readText(fsys, file)
	if i := strings.Index("\n"+t.body, "\n"+key+":"); i >= 0 && len(unread) == 0 {
		return t.offset(i, format, args...)
	}
	return wholeFile(file, format, args...)
}
