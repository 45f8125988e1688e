package page

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"lapakasik/site/requirement"
)

// sameAsTemplate renders a page both ways.
func sameAsTemplate(t rapid.TB, p *Page) (shaped bool) {
	t.Helper()
	var got, want strings.Builder
	if err := Render(&got, p); err != nil {
		t.Fatal(err)
	}
	tmpl, err := layout()
	if err != nil {
		t.Fatal(err)
	}
	if err := tmpl.Execute(&want, p); err != nil {
		t.Fatal(err)
	}
	if got.String() != want.String() {
		t.Fatalf("Render = %s\nwant what the template writes: %s", got.String(), want.String())
	}
	s, err := p.shape(tmpl)
	if err != nil {
		t.Fatal(err)
	}
	return s != nil
}

// usualPage is like those that the generator makes of prose.
func usualPage() *Page {
	return &Page{Lang: requirement.ID, Path: "/panduan/a/", Title: "Judul & <kata>", Description: `Isi "halaman"`, Section: "/panduan/", Updated: "Diperiksa",
		Origin: "https://a.example", Card: "/kartu/a.id.png", Crumbs: []Link{{"/", "Beranda"}}, Contents: []Link{{"#a", "A+B"}, {"#b", "B"}, {"#c", "C"}},
		Blocks: []Block{HTML{Body: "<p>Teks.</p>"}}}
}

// A page that is put together has the bytes of its template, whatever it holds.
func TestShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawnPage(t, anyAddresses)
		p.Blocks = rapid.SliceOfN(rapid.SampledFrom([]Block{HTML{Body: "<p>x</p>"}, Text{"a & b"}, Lead{"x"}, Heading{Level: 2, ID: "a", Text: "A"},
			Button{Link: Link{"/a/", "A"}}, &Form{Action: "/a"}}), 0, 3).Draw(t, "blocks")
		sameAsTemplate(t, p)
	})
}

// A page of prose with plain addresses is always put together.
func TestShapeOfProse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawnPage(t, plainAddresses)
		p.Blocks = rapid.SliceOfN(rapid.SampledFrom([]Block{HTML{Body: "<p>x</p>"}, HTML{Body: "y"}, Text{"a & b"}}), 1, 3).Draw(t, "blocks")
		if !sameAsTemplate(t, p) {
			t.Fatalf("%+v is left to its template", p)
		}
	})
}

// addresses are what pages are drawn with.
type addresses struct{ paths, links, cards []string }

var (
	plainAddresses = addresses{[]string{"/a/", "/a/b-2/", "/klaim/x/", "/404.html"}, []string{"/", "/klaim/", "/a/b-1/", "#a"}, []string{"", "/kartu/a.png"}}
	anyAddresses   = addresses{append([]string{"/", "/klaim/", "/en/a/", "/a?b=1", "/status", ""}, plainAddresses.paths...),
		append([]string{"/a b/", "/é/", "https://a.example/?x=1", "javascript:x"}, plainAddresses.links...), append([]string{"/kartu/a b.png"}, plainAddresses.cards...)}
)

// drawnPage has any words, and nothing in it.
func drawnPage(t *rapid.T, a addresses) *Page {
	words := rapid.SampledFrom([]string{"", "Judul", "a & b", `<b>"x"</b>`, "it's", "1 + 1", "é\x00", "zz"})
	url := rapid.SampledFrom(a.links)
	links := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Link { return Link{url.Draw(t, "url"), words.Draw(t, "words")} }), 0, 3)
	return &Page{Lang: rapid.SampledFrom([]requirement.Lang{requirement.ID, requirement.EN}).Draw(t, "lang"), Path: rapid.SampledFrom(a.paths).Draw(t, "path"),
		Title: words.Draw(t, "title"), Description: words.Draw(t, "description"), Updated: words.Draw(t, "updated"),
		Section: rapid.SampledFrom([]string{"", "/klaim/", "/a/", "/bantuan/"}).Draw(t, "section"), Origin: rapid.SampledFrom([]string{"", "https://a.example"}).Draw(t, "origin"),
		Card: rapid.SampledFrom(a.cards).Draw(t, "card"), Crumbs: links.Draw(t, "crumbs"), Contents: links.Draw(t, "contents"),
		Private: rapid.Bool().Draw(t, "private"), Wide: rapid.Bool().Draw(t, "wide")}
}

// Whatever else a page may have, none of it is lost: each field in turn.
func TestShapeOfEveryField(t *testing.T) {
	if !sameAsTemplate(t, usualPage()) {
		t.Fatal("a usual page is not put together")
	}
	values := map[string]any{"string": "/lain/", "bool": true, "int": 3, "template.HTML": template.HTML("x"), "*page.Link": &Link{"/kembali/", "Kembali"},
		"[]page.Link": []Link{{"/x/", "X"}}, "[]page.Script": []Script{"berkas"}, "*page.Staff": &Staff{}, "requirement.Lang": requirement.EN, "[]page.Block": []Block{Lead{"x"}, Text{"y"}}}
	for i := range reflect.TypeFor[Page]().NumField() {
		p := usualPage()
		f := reflect.ValueOf(p).Elem().Field(i)
		value, ok := values[fmt.Sprint(f.Type())]
		if !ok {
			t.Fatalf("%s has a type that this test has no value for", reflect.TypeFor[Page]().Field(i).Name)
		}
		f.Set(reflect.ValueOf(value))
		sameAsTemplate(t, p)
		f.SetZero()
		sameAsTemplate(t, p)
	}
}

// A layout that writes lists of links otherwise is not guessed at.
func TestCutRefuses(t *testing.T) {
	if _, err := cut(`<a href="` + marks[crumbsHole] + `">`); err == nil {
		t.Error("cut of half a list = nil error")
	}
}

func BenchmarkRender(b *testing.B) {
	for b.Loop() {
		var out strings.Builder
		if err := Render(&out, usualPage()); err != nil {
			b.Fatal(err)
		}
	}
}
