package pagetest_test

import (
	"slices"
	"strings"
	"testing"

	"lapakasik/site/page/pagetest"
)

const good = `<!doctype html><html lang="id"><head><title>Daftar – Lapak Asik</title><meta name="viewport" content="width=device-width"></head>
<body><a href="#isi">Isi</a><main id="isi"><h1>Daftar</h1><h2>Data</h2><form><label for="nama">Nama</label><input id="nama" name="nama"></form></main></body></html>`

func TestGoodPage(t *testing.T) {
	pagetest.Check(t, []byte(good))
}

func TestProblems(t *testing.T) {
	summary := `<div role="alert" tabindex="-1"><a href="#nama">Isi nama</a></div>`
	for _, tt := range []struct{ name, old, new, want string }{
		{"no doctype", "<!doctype html>", "", "no <!doctype html>"},
		{"no language", `lang="id"`, "", `html lang is ""; want id or en`},
		{"no title", "Daftar – Lapak Asik", "", "want one title with words"},
		{"no zoom", "width=device-width", "user-scalable=no", "no viewport that people may zoom"},
		{"two h1", "<h2>Data</h2>", "<h1>Data</h1>", "2 h1 elements; want 1"},
		{"heading jump", "<h2>Data</h2>", "<h3>Data</h3>", `heading "Data" jumps from h1 to h3`},
		{"no main", `<main id="isi">`, `<div id="isi">`, "0 main elements; want 1"},
		{"same id", `<h2>`, `<h2 id="nama">`, `id "nama" is used twice`},
		{"label elsewhere", `for="nama"`, `for="nik"`, `<input id="nama" name="nama"> has no label`},
		{"lost label", `for="nama"`, `for="nik"`, `<label>: for leads to no id "nik"`},
		{"lost description", `<input`, `<input aria-describedby="x"`, `<input id="nama" name="nama">: aria-describedby leads to no id "x"`},
		{"lost fragment", `href="#isi"`, `href="#ini"`, `<a href="#ini"> lands nowhere`},
		{"link without words", `>Isi<`, `><`, `<a href="#isi"> has no words`},
		{"picture without words", "<form>", `<img src="/a.png"><form>`, "<img> has no alt"},
		{"drawing without words", "<form>", "<svg></svg><form>", "a drawing is neither hidden nor named"},
		{"radio alone", "<input", `<input type="radio"`, `<input type="radio" id="nama" name="nama"> is in no fieldset`},
		{"the same hidden field twice", "<form>", `<form><input type="hidden" name="a" value="1"><input type="hidden" name="a" value="2">`, `two hidden fields are named "a"`},
		{"no legend", "<form>", "<form><fieldset></fieldset>", "a fieldset does not begin with a legend"},
		{"order of focus", "<form>", `<form tabindex="3">`, "<form>: tabindex 3 reorders the page"},
		{"summary without prefix", "<h1>", summary + "<h1>", `title "Daftar – Lapak Asik", error summary true`},
		{"prefix without summary", "<title>", "<title>Kesalahan: ", `title "Kesalahan: Daftar – Lapak Asik", error summary false`},
		{"wrong box without message", "<input", `<input aria-invalid="true"`, `<input id="nama" name="nama"> is wrong but leads to no message`},
		{"inline style", "<form>", `<form style="color:red">`, "<form> has the attribute style"},
		{"handler", "<form>", `<form onsubmit="x()">`, "<form> has the attribute onsubmit"},
		{"inline script", "<form>", "<script>x()</script><form>", "a script stands in the page"},
		{"script link", `href="#isi"`, `href="JavaScript:x()"`, `<a href="JavaScript:x()"> runs a script`},
		{"script from elsewhere", "<form>", `<script src="https://a.example/x.js"></script><form>`, "<script> loads from elsewhere"},
		{"frame", "<form>", `<iframe></iframe><form>`, "the page holds <iframe>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(good, tt.old) {
				t.Fatalf("the good page has no %q", tt.old)
			}
			got := pagetest.Problems([]byte(strings.Replace(good, tt.old, tt.new, 1)))
			if !slices.Contains(got, tt.want) {
				t.Errorf("Problems = %q; want %q among them", got, tt.want)
			}
		})
	}
}
