package page

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"lapakasik/content"
	"lapakasik/site/requirement"
)

// words holds content/kata by key. The files are embedded and held by tests,
// so a broken one never leaves the workshop.
var words = sync.OnceValue(func() map[string]requirement.Text {
	all, err := loadWords(content.Words)
	if err != nil {
		panic(err)
	}
	return all
})

// loadWords reads kata/*.yaml. Each line is one entry, a form of YAML that is
// read some thirty times faster: a function pays for it at each cold start.
//
//	situs.hari: {id: "Hari", en: "Day"}
//
// An error names file and line.
func loadWords(files fs.FS) (map[string]requirement.Text, error) {
	names, err := fs.Glob(files, "kata/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	all := make(map[string]requirement.Text, 512)
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		n := 0
		for line := range strings.Lines(string(b)) {
			n++
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			key, text, err := parseWords(line)
			if _, twice := all[key]; twice && err == nil {
				err = fmt.Errorf("%q is defined twice", key)
			}
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, n, err)
			}
			all[key] = text
		}
	}
	return all, nil
}

// parseWords reads one entry.
func parseWords(line string) (string, requirement.Text, error) {
	var t requirement.Text
	key, rest, ok := strings.Cut(line, ": {id: ")
	if !ok || key == "" {
		return "", t, fmt.Errorf(`want key: {id: "…", en: "…"}; got %q`, line)
	}
	var err error
	if t.ID, rest, err = quoted(rest); err == nil {
		if rest, ok = strings.CutPrefix(rest, ", en: "); ok {
			t.EN, rest, err = quoted(rest)
		}
	}
	if err != nil || !ok || rest != "}" {
		return "", t, fmt.Errorf(`want key: {id: "…", en: "…"}; got %q`, line)
	}
	return key, t, nil
}

func quoted(s string) (text, rest string, err error) {
	q, err := strconv.QuotedPrefix(s)
	if err != nil {
		return "", s, err
	}
	text, err = strconv.Unquote(q)
	return text, s[len(q):], err
}

// T returns the words of a key of content/kata in the language, with each
// {name} replaced by the value that follows its name in pairs. For an unknown
// key it returns the key; a test holds every key used in code and templates
// against the files.
func T(l requirement.Lang, key string, pairs ...string) string {
	text, ok := words()[key]
	if !ok {
		return key
	}
	s := text.In(l)
	if len(pairs) < 2 {
		return s
	}
	swap := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		swap = append(swap, "{"+pairs[i]+"}", pairs[i+1])
	}
	return strings.NewReplacer(swap...).Replace(s)
}
