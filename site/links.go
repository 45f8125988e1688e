package site

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Routes are the addresses of the functions that pages may link to; a test
// holds them against the functions.
var Routes = []string{"/daftar", "/daftar/syarat", "/status", "/berkas", "/tanda-terima", "/keluar"}

// checkLinks follows every link, anchor, picture and script of every page.
func (s *Site) checkLinks(files map[string][]byte) error {
	ids := map[string]map[string]bool{}
	refs := map[string][]string{}
	for name, b := range files {
		if strings.HasSuffix(name, ".html") {
			ids[name], refs[name] = references(b)
		}
	}
	var ps Problems
	for name, list := range refs {
		for _, ref := range list {
			if why := broken(name, ref, files, ids); why != "" {
				ps = append(ps, s.blame(name, ref, why))
			}
		}
	}
	return ps.err()
}

// references returns the ids of a page and what it points to.
func references(b []byte) (map[string]bool, []string) {
	ids := map[string]bool{}
	var refs []string
	for z := html.NewTokenizer(bytes.NewReader(b)); ; {
		if z.Next() == html.ErrorToken {
			return ids, refs
		}
		tok := z.Token()
		for _, a := range tok.Attr {
			switch {
			case a.Key == "id":
				ids[a.Val] = true
			case a.Key == "href" && tok.Data == "link":
			case a.Key == "href" || a.Key == "src" || a.Key == "action":
				refs = append(refs, a.Val)
			}
		}
	}
}

func broken(name, ref string, files map[string][]byte, ids map[string]map[string]bool) string {
	if strings.HasPrefix(ref, "https:") || strings.HasPrefix(ref, "tel:") || strings.HasPrefix(ref, "mailto:") || strings.HasPrefix(ref, "data:") {
		return ""
	}
	target, anchor, _ := strings.Cut(ref, "#")
	target, _, _ = strings.Cut(target, "?")
	file := name
	if target != "" {
		file = strings.TrimPrefix(target, "/")
		if strings.HasSuffix(target, "/") {
			file = path.Join(file, "index.html")
		}
	}
	if _, ok := files[file]; !ok {
		if slices.Contains(Routes, strings.TrimPrefix(target, "/en")) {
			return ""
		}
		return "leads to no page"
	}
	if anchor != "" && !ids[file][anchor] {
		return fmt.Sprintf("anchor #%s is not on that page", anchor)
	}
	return ""
}

// blame finds the place in the content that a broken reference comes from.
func (s *Site) blame(name, ref, why string) Problem {
	for _, d := range s.docs {
		file := strings.TrimPrefix(page.Localise(d.lang, d.path), "/") + "index.html"
		written := ref
		if d.lang == requirement.EN {
			written = strings.TrimPrefix(ref, "/en")
		}
		if file == name && strings.Contains(d.body.body, written) {
			return d.body.find(written, "link %s %s", written, why)
		}
	}
	return Problem{File: name, Message: fmt.Sprintf("link %s %s", ref, why)}
}
