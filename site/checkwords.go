package site

import (
	_ "embed"
	"slices"
	"strings"

	"lapakasik/site/page"
)

// wordList has a line for each entry of kata/ that the program knows: its file,
// its key and its placeholders in order. It is made by
//
//	go test ./site -run WordList -update
//
//go:embed words.txt
var wordList string

// checkWords holds the words in use against those that the program knows: each
// is there in both languages, with the same placeholders. What it does not know
// hurts nobody.
func checkWords(src *sources) Problems {
	var ps Problems
	words := page.Words()
	for line := range strings.Lines(wordList) {
		want := strings.Fields(line)
		file, key, names := want[0], want[1], want[2:]
		t, ok := words[key]
		switch {
		case !ok:
			ps = append(ps, wholeFile(file, "the words %s are missing", key))
		case isBlank(t.ID) || isBlank(t.EN):
			ps = append(ps, src.atWords(file, key, "%s needs words in both languages", key))
		case slices.Equal(page.Placeholders(t.ID), names) && slices.Equal(page.Placeholders(t.EN), names):
		case len(names) == 0:
			ps = append(ps, src.atWords(file, key, "%s has no placeholders", key))
		default:
			ps = append(ps, src.atWords(file, key, "%s needs the placeholders {%s} in both languages", key, strings.Join(names, "} {")))
		}
	}
	return ps
}

// atWords returns a problem at an entry of a file of words.
func (s *sources) atWords(file, key, format string, args ...any) Problem {
	t, unread := readText(s.FS, file)
	if i := strings.Index("\n"+t.body, "\n"+key+":"); i >= 0 && len(unread) == 0 {
		return t.offset(i, format, args...)
	}
	return wholeFile(file, format, args...)
}
