package site

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// parsed is what a parser for any HTML says of the attributes.
func parsed(b []byte) []string {
	var out []string
	for z := html.NewTokenizer(bytes.NewReader(b)); z.Next() != html.ErrorToken; {
		if t := z.Token(); t.Type == html.StartTagToken || t.Type == html.SelfClosingTagToken {
			for _, a := range t.Attr {
				out = append(out, a.Key+"="+a.Val)
			}
		}
	}
	return out
}

func scanned(b []byte) []string {
	var out []string
	scanTags(b, func(key, value []byte) { out = append(out, strings.ToLower(string(key))+"="+string(value)) })
	return out
}

// The scanner reads every page as a parser does.
func TestScanTags(t *testing.T) {
	r, err := Build(context.Background(), os.DirFS("../content"), Options{Origin: "https://lapakasik.example"})
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range r.Files {
		if !bytes.HasPrefix(b, []byte("<!doctype")) {
			continue
		}
		if got, want := scanned(b), parsed(b); !slices.Equal(got, want) {
			t.Errorf("%s: attributes %q; want %q", name, got, want)
		}
	}
	for _, s := range []string{"<a>", `<a href="/x?a=1&amp;b=2" id='"'>`, "<p\nid=x class = y>", `<!-- <a id="1"> --><a id="2">`, "<style>a>b{}<a id=x></style><i id=y>",
		`<title>a <b id="1"></title><b id="2">`, "a < b <", `<input disabled id="a">`, `<br/><img src="/a"/>`, "</p id=x>", "<!doctype html><p id=1>"} {
		if got, want := scanned([]byte(s)), parsed([]byte(s)); !slices.Equal(got, want) {
			t.Errorf("%s: attributes %q; want %q", s, got, want)
		}
	}
}

// What the markdown renderer makes of any text is scanned as it is parsed.
func FuzzScanTags(f *testing.F) {
	f.Add("# a\n\n[b](/c \"d\") ![e](/f) `<g h=\"i\">`\n\n| j |\n|---|\n| <http://k> |\n")
	f.Fuzz(func(t *testing.T, body string) {
		in := text{body: body, first: 1}
		if len(in.unreadable()) > 0 {
			return
		}
		r, ps := render(&document{body: in}, (&data{}).language("id", true), nil)
		if len(ps) > 0 {
			return
		}
		if got, want := scanned([]byte(r.html)), parsed([]byte(r.html)); !slices.Equal(got, want) {
			t.Errorf("attributes %q; want %q in %s", got, want, r.html)
		}
	})
}
