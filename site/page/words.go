package page

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"lapakasik/content"
	"lapakasik/site/requirement"
)

// A wordList is content/kata by key, and the digest of its files.
type wordList struct {
	byKey  map[string]requirement.Text
	digest [sha256.Size]byte
}

// words are those of the embedded files, or of UseWords.
func words() *wordList {
	if edited := editedWords.Load(); edited != nil {
		return edited
	}
	return embeddedWords()
}

var editedWords atomic.Pointer[wordList]

// embeddedWords are held by tests, so a broken file never leaves the workshop.
var embeddedWords = sync.OnceValue(func() *wordList {
	all, err := loadWords(content.Words)
	if err != nil {
		panic(err)
	}
	return all
})

// A WordError is an entry of kata/*.yaml that cannot be read.
type WordError struct {
	File string // "kata/situs.yaml"
	Line int    // from 1
	What string // in English
}

func (e *WordError) Error() string { return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.What) }

// UseWords takes the words of all pages from kata/*.yaml below files from now
// on, for a program whose content is edited while it runs. With an error,
// often a *WordError, the words stay as they were.
func UseWords(files fs.FS) error {
	all, err := loadWords(files)
	if err != nil {
		return err
	}
	editedWords.Store(all)
	frames.Clear()
	shapes.Clear()
	return nil
}

// Words are the words in use, by key. They are not to be changed.
func Words() map[string]requirement.Text { return words().byKey }

// Placeholders returns the names in braces of a text, in order, each once.
func Placeholders(s string) []string {
	var out []string
	for {
		before, rest, ok := strings.Cut(s, "}")
		if !ok {
			slices.Sort(out)
			return slices.Compact(out)
		}
		if open := strings.LastIndexByte(before, '{'); open >= 0 {
			out = append(out, before[open+1:])
		}
		s = rest
	}
}

// WordsDigest changes with the words that pages are made with.
func WordsDigest() [sha256.Size]byte { return words().digest }

// loadWords reads kata/*.yaml. Each line is one entry, a form of YAML that is
// read some thirty times faster: a function pays for it at each cold start.
//
//	situs.hari: {id: "Hari", en: "Day"}
//
// An entry that cannot be read is a *WordError.
func loadWords(files fs.FS) (*wordList, error) {
	names, err := fs.Glob(files, "kata/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	all := make(map[string]requirement.Text, 2048)
	sums := sha256.New()
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		fmt.Fprintf(sums, "%s %d\n", name, len(b))
		sums.Write(b)
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
				return nil, &WordError{name, n, err.Error()}
			}
			all[key] = text
		}
	}
	list := &wordList{byKey: all}
	sums.Sum(list.digest[:0])
	return list, nil
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
	text, ok := words().byKey[key]
	if !ok {
		return key
	}
	return fill(text.In(l), pairs)
}

// fill puts the value that follows a name in pairs in the place of {name}.
func fill(s string, pairs []string) string {
	if len(pairs) < 2 {
		return s
	}
	var out strings.Builder
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			out.WriteString(s)
			return out.String()
		}
		end := open + 1
		value := s[open:end] // not a name of ours
		for i := 0; i+1 < len(pairs); i += 2 {
			if name := s[open+1:]; strings.HasPrefix(name, pairs[i]) && strings.HasPrefix(name[len(pairs[i]):], "}") {
				value, end = pairs[i+1], open+len(pairs[i])+2
				break
			}
		}
		out.WriteString(s[:open])
		out.WriteString(value)
		s = s[end:]
	}
}
