package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	stdhtml "html"
	"strings"
	"testing"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func TestContentSecurityPolicy(t *testing.T) {
	private := &page.Page{Lang: requirement.ID, Path: "/berkas", Title: "Berkas", Private: true, Upload: "https://unggah.example"}
	public := &page.Page{Lang: requirement.ID, Path: "/klaim/", Title: "Klaim"}
	const want = "default-src 'none'; script-src 'self'; style-src STYLE; img-src 'self' blob:; connect-src 'self'UPLOAD; " +
		"form-action 'self'UPLOAD; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	policy := func(upload string) string {
		return strings.NewReplacer("STYLE", page.StyleHash(), "UPLOAD", upload).Replace(want)
	}
	if got, want := page.ContentSecurityPolicy(private), policy(" https://unggah.example")+"; frame-ancestors 'none'"; got != want {
		t.Errorf("header %q; want %q", got, want)
	}
	html := string(render(t, public))
	for _, page := range []struct {
		html, upload string
	}{{html, ""}, {string(render(t, private)), " https://unggah.example"}} {
		meta := policy(page.upload)
		if !strings.Contains(stdhtml.UnescapeString(page.html), `<meta http-equiv="Content-Security-Policy" content="`+meta+`">`) {
			t.Errorf("the page has no policy %q", meta)
		}
	}
	_, style, _ := strings.Cut(html, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	if got := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; got != page.StyleHash() {
		t.Errorf("the stylesheet has the digest %s; StyleHash = %s", got, page.StyleHash())
	}
}

func TestHead(t *testing.T) {
	mistaken := []page.Block{&page.Form{Action: "/x", Fields: []page.Field{{Kind: page.TextInput, Name: "nama", Label: "Nama"}}, Errors: []page.Error{{Field: "nama", Message: "Isi nama"}}}}
	for _, tt := range []struct {
		name     string
		page     page.Page
		has, not string
	}{
		{"title", page.Page{Path: "/klaim/", Title: "Klaim"}, "<title>Klaim – Lapak Asik</title>", "noindex"},
		{"home", page.Page{Path: "/", Title: "Lapak Asik"}, "<title>Lapak Asik</title>", "canonical"},
		{"mistakes", page.Page{Path: "/x", Title: "Data", Private: true, Blocks: mistaken}, "<title>Kesalahan: Data – Lapak Asik</title>", "canonical"},
		{"mistakes in English", page.Page{Lang: requirement.EN, Path: "/x", Title: "Data", Blocks: mistaken}, "<title>Error: Data – Lapak Asik</title>", ""},
		{"private", page.Page{Path: "/status", Title: "Status", Private: true}, `<meta name="robots" content="noindex">`, "hreflang=\"x-default\""},
		{"canonical", page.Page{Lang: requirement.EN, Path: "/klaim/", Title: "Claims", Origin: "https://a.example"}, `<link rel="canonical" href="https://a.example/en/klaim/">`, "noindex"},
		{"languages", page.Page{Path: "/klaim/", Title: "Klaim", Origin: "https://a.example"}, `<link rel="alternate" hreflang="en" href="https://a.example/en/klaim/">`, ""},
		{"one language", page.Page{Path: "/klaim/", Title: "Klaim", Origin: "https://a.example", OnlyLang: true}, `<link rel="canonical"`, "alternate"},
		{"asks again", page.Page{Path: "/berkas?tunggu=ktp", Title: "Berkas", Private: true, Refresh: 3}, `<body data-muat="3" data-ke="/berkas?tunggu=ktp">`, "http-equiv=\"refresh\""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if tt.page.Lang == "" {
				tt.page.Lang = requirement.ID
			}
			html := string(render(t, &tt.page))
			if !strings.Contains(html, tt.has) {
				t.Errorf("no %s", tt.has)
			}
			if tt.not != "" && strings.Contains(html, tt.not) {
				t.Errorf("has %s", tt.not)
			}
		})
	}
}

func TestOtherURL(t *testing.T) {
	for _, tt := range []struct {
		page page.Page
		want string
	}{
		{page.Page{Lang: requirement.ID, Path: "/klaim/phk/"}, "/en/klaim/phk/"},
		{page.Page{Lang: requirement.EN, Path: "/klaim/phk/"}, "/klaim/phk/"},
		{page.Page{Lang: requirement.EN, Path: "/en/berkas?tunggu=ktp", Private: true}, "/berkas"},
		{page.Page{Lang: requirement.ID, Path: "/"}, "/en/"},
		{page.Page{Lang: requirement.ID, Path: "/x/", OnlyLang: true}, "/en/"},
		{page.Page{Lang: requirement.ID, Path: "/cari", Switch: "/cari?q=phk", Private: true}, "/en/cari?q=phk"},
		{page.Page{Lang: requirement.EN, Path: "/daftar", Switch: "/status", Rehearsal: true}, "/latihan/status"},
		{page.Page{Lang: requirement.ID, Path: "/daftar/periksa", Private: true, Step: 5, Steps: 6}, "/en/daftar"}, // a page that answers a form
	} {
		if got := tt.page.OtherURL(); got != tt.want {
			t.Errorf("OtherURL of %q in %s = %q; want %q", tt.page.Path, tt.page.Lang, got, tt.want)
		}
	}
}

func TestScripts(t *testing.T) {
	form := &page.Form{Action: "/x", Script: "berkas"}
	p := &page.Page{Lang: requirement.ID, Path: "/berkas/ktp", Title: "KTP", Private: true, Blocks: []page.Block{form}, Scripts: []page.Script{"berkas"}}
	html := string(render(t, p))
	for _, s := range []page.Script{"berkas", "formulir"} {
		if s.URL() == "" || strings.Count(html, `<script type="module" src="`+s.URL()+`"></script>`) != 1 {
			t.Errorf("the page does not load %q at %q once", s, s.URL())
		}
		if page.Assets()[s.URL()] == nil {
			t.Errorf("Assets has no %q", s.URL())
		}
	}
	if !strings.Contains(html, `data-tetap="Tetap kirim"`) {
		t.Error("the form does not hand its words to the script")
	}
}

func TestNavigation(t *testing.T) {
	for _, tt := range []struct{ path, section, want string }{
		{"/klaim/", "/klaim/", `<a href="/klaim/" aria-current="page">`},
		{"/klaim/phk/", "/klaim/", `<a href="/klaim/" aria-current="true">`},
		{"/gratis/", "", `<a href="/klaim/">`},
	} {
		html := string(render(t, &page.Page{Lang: requirement.ID, Path: tt.path, Section: tt.section, Title: "Judul"}))
		if !strings.Contains(html, tt.want) {
			t.Errorf("%s: no %s", tt.path, tt.want)
		}
	}
}
