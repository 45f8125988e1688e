package corpus

import (
	"embed"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// hugoFiles are the settings and layout of the Hugo project: what our layout
// has, and nothing that Hugo would do besides.
//
//go:embed hugo
var hugoFiles embed.FS

// writeHugo writes settings and layout. The frame around a page is cut from
// one of ours, so that both write the same; Hugo keeps it as cached partials.
func writeHugo(dir string) error {
	frame, err := cutFrame()
	if err != nil {
		return err
	}
	for name, b := range frame {
		if err := writeFile(filepath.Join(dir, "layouts/_partials", name+".html"), b); err != nil {
			return err
		}
	}
	p := &page.Page{}
	fill := strings.NewReplacer("@policy@", p.MetaPolicy(), "@icon@", p.IconURL())
	return fs.WalkDir(hugoFiles, "hugo", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := hugoFiles.ReadFile(name)
		if err != nil {
			return err
		}
		return writeFile(filepath.Join(dir, strings.TrimPrefix(name, "hugo/")), []byte(fill.Replace(string(b))))
	})
}

// cutFrame returns what is the same on every page, by the name of its partial.
func cutFrame() (map[string][]byte, error) {
	out := map[string][]byte{}
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		var b strings.Builder
		if err := page.Render(&b, &page.Page{Lang: l, Path: "/kerangka/", Title: "-"}); err != nil {
			return nil, err
		}
		for _, part := range []struct{ name, from, to string }{
			{"style", "<style>", "</head>"},
			{"top-" + string(l), `<a class="skip"`, `<a class="lang"`},
			{"nav-" + string(l), "</div>\n<nav class=\"nav\"", "<div class=\"wrap\">\n<main"},
			{"foot-" + string(l), `<footer class="foot">`, "</body>"},
		} {
			text, err := between(b.String(), part.from, part.to)
			if err != nil {
				return nil, err
			}
			out[part.name] = []byte(text)
		}
	}
	return out, nil
}

// between returns the text from one mark on up to another.
func between(s, from, to string) (string, error) {
	i := strings.Index(s, from)
	if i < 0 {
		return "", fmt.Errorf("the layout does not hold %q any more", from)
	}
	n := strings.Index(s[i:], to)
	if n < 0 {
		return "", fmt.Errorf("the layout does not hold %q any more", to)
	}
	return s[i : i+n], nil
}

// hugoName is the file of a page in the Hugo project. A page with pages below
// it is the _index of their folder.
func hugoName(name string, hasBelow bool) string {
	if base := filepath.Base(name); base == "index.md" || base == "index.en.md" {
		return filepath.Join(filepath.Dir(name), "_"+base)
	}
	if !hasBelow {
		return name
	}
	base, ext := strings.TrimSuffix(name, ".md"), ".md"
	if en, ok := strings.CutSuffix(base, ".en"); ok {
		base, ext = en, ".en.md"
	}
	return base + "/_index" + ext
}

var hugoKeys = regexp.MustCompile(`(?m)^(title|description|reviewed): .*\n`)

// hugoFront leaves of the front matter what the Hugo layout shows: our typed
// rules would make Hugo decode what it has no use for.
func hugoFront(b []byte) []byte {
	rest, _ := strings.CutPrefix(string(b), "---\n")
	front, body, _ := strings.Cut(rest, "\n---\n")
	return []byte("---\n" + strings.Join(hugoKeys.FindAllString(front+"\n", -1), "") + "---\n" + body)
}
