package page

import (
	"fmt"
	"io/fs"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"lapakasik/content"
	"lapakasik/site/requirement"
)

// words holds content/kata by key. The files are embedded and held by tests,
// so a broken one is a broken build.
var words = sync.OnceValue(func() map[string]requirement.Text {
	all, err := loadWords(content.Words)
	if err != nil {
		panic(err)
	}
	return all
})

func loadWords(files fs.FS) (map[string]requirement.Text, error) {
	names, err := fs.Glob(files, "kata/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("words: %w", err)
	}
	all := map[string]requirement.Text{}
	for _, name := range names {
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("words: %w", err)
		}
		var some map[string]requirement.Text
		if err := yaml.Unmarshal(b, &some); err != nil {
			return nil, fmt.Errorf("words %s: %w", name, err)
		}
		for k, v := range some {
			if _, twice := all[k]; twice {
				return nil, fmt.Errorf("words %s: %q is defined twice", name, k)
			}
			all[k] = v
		}
	}
	return all, nil
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
	for i := 0; i+1 < len(pairs); i += 2 {
		s = strings.ReplaceAll(s, "{"+pairs[i]+"}", pairs[i+1])
	}
	return s
}

// HasWords tells whether a key exists.
func HasWords(key string) bool {
	_, ok := words()[key]
	return ok
}
