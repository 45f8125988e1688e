package search_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/search"
	"lapakasik/site"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
	"lapakasik/site/searchindex"
)

// serve answers from the index of the real content.
func serve(t testing.TB, log io.Writer) *httptest.Server {
	t.Helper()
	made, err := site.Build(t.Context(), os.DirFS("../../content"), site.Options{Search: true})
	if err != nil {
		t.Fatal(err)
	}
	indexes, err := searchindex.Read(made.Files["data/cari.json"])
	if err != nil {
		t.Fatal(err)
	}
	s := &search.Service{Indexes: func(context.Context) (map[requirement.Lang]*searchindex.Index, error) { return indexes, nil }}
	h, err := (&web.Site{Log: parts.Logger(log), Now: time.Now}).Handler(s.Routes())
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server
}

func get(t testing.TB, server *httptest.Server, path, query, accept string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, server.URL+path+"?q="+url.QueryEscape(query), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", accept)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(b)
}

var torn = regexp.MustCompile(` [.,;:?!)”]+( |$)`)

// What people ask leads to the page that answers it.
func TestFind(t *testing.T) {
	server := serve(t, io.Discard)
	for _, tt := range []struct{ path, query, want string }{
		{"/cari", "mengundurkan diri", "/klaim/mengundurkan-diri/"},
		{"/cari", "pengunduran diri", "/klaim/mengundurkan-diri/"},
		{"/cari", "PHK", "/klaim/phk/"},
		{"/cari", "foto buram", "/bantuan/foto-dokumen/"},
		{"/cari", "calo", "/gratis/"},
		{"/cari", "pensiun 56", "/klaim/usia-pensiun-56/"},
		{"/cari", "meninggal dunia", "/klaim/meninggal-dunia/"},
		{"/cari", "kantor cabang bandar lampung", "/kantor/bandar-lampung/"},
		{"/cari", "kode pendaftaran hilang", "/bantuan/kode/"},
		{"/cari", "kinerja", "/kinerja"},
		{"/cari", "tes kamera", "/uji-perangkat"},
		{"/cari", "lama menunggu", "/kinerja"},
		{"/cari", "cek status", "/status"},
		{"/cari", "daftar antrean", "/daftar"},
		{"/en/cari", "device test", "/en/uji-perangkat"},
		{"/cari", "mengundurkn", "/klaim/mengundurkan-diri/"},
		{"/cari", "resign", "/klaim/mengundurkan-diri/"},
		{"/cari", "dipecat", "/klaim/phk/"},
		{"/cari", "kontrak habis", "/klaim/kontrak-berakhir/"},
		{"/cari", "tki", "/klaim/meninggalkan-indonesia/"},
		{"/cari", "pindah ke luar negri", "/klaim/meninggalkan-indonesia/"},
		{"/cari", "pensiun dini", "/klaim/usia-pensiun-pkb/"},
		{"/cari", "beli rumah", "/klaim/sebagian-30/"},
		{"/cari", "antre online", "/prosedur/online/"},
		{"/cari", "bpjs cair berapa hari", "/prosedur/online/"},
		{"/cari", "telat datang", "/prosedur/onsite/"},
		{"/cari", "komplain", "/kontak/"},
		{"/cari", "daftar tunggu", "/bantuan/"},
		{"/cari", "paklaring hilang", "/klaim/"},
		{"/en/cari", "quit my job", "/en/klaim/mengundurkan-diri/"},
		{"/en/cari", "moving abroad", "/en/klaim/meninggalkan-indonesia/"},
		{"/en/cari", "cash out 10 percent", "/en/klaim/sebagian-10/"},
		{"/en/cari", "buy a house", "/en/klaim/sebagian-30/"},
		{"/en/cari", "layoff", "/en/klaim/phk/"},
		{"/en/cari", "lay-off", "/en/klaim/phk/"},
		{"/en/cari", "lottery", "/en/bantuan/undian/"},
		{"/en/cari", "resigned", "/en/klaim/mengundurkan-diri/"},
		{"/en/cari", "photographing documents", "/en/bantuan/foto-dokumen/"},
	} {
		res, body := get(t, server, tt.path, tt.query, "application/json")
		var answer struct {
			Hasil []struct{ Alamat, Judul, Kutipan string }
		}
		if err := json.Unmarshal([]byte(body), &answer); err != nil || res.StatusCode != http.StatusOK {
			t.Fatalf("%s %q = %s, %v", tt.path, tt.query, res.Status, err)
		}
		var first []string
		for _, h := range answer.Hasil[:min(3, len(answer.Hasil))] {
			page, _, _ := strings.Cut(h.Alamat, "#")
			first = append(first, page)
			if torn.MatchString(h.Kutipan) {
				t.Errorf("%s %q: %q has a blank before a mark", tt.path, tt.query, h.Kutipan)
			}
		}
		if !strings.Contains(strings.Join(first, " ")+" ", tt.want+" ") {
			t.Errorf("%s %q: the first three are %v; want %s among them", tt.path, tt.query, first, tt.want)
		}
		if cache := res.Header.Get("Cache-Control"); cache != "public, max-age=300" {
			t.Errorf("Cache-Control = %q; want it to be kept", cache)
		}
	}
}

// The lines of a list are no one sentence, and stand under their own heading.
func TestListsInExcerpts(t *testing.T) {
	server := serve(t, io.Discard)
	_, body := get(t, server, "/cari", "jaminan kematian", "application/json")
	if !strings.Contains(body, `"/klaim/#pilih-keadaan-anda","judul":"Syarat klaim: Pilih keadaan Anda","kutipan":"Jaminan Kematian (JKM)."`) {
		t.Errorf("the list of reasons stands under another heading, or runs on: %s", body)
	}
}

// What a page rests on is no answer to what somebody asks.
func TestNoSourcesFound(t *testing.T) {
	server := serve(t, io.Discard)
	for _, tt := range []struct{ path, query string }{{"/cari", "jht"}, {"/cari", "permenaker"}, {"/en/cari", "jht"}, {"/en/cari", "regulation"}} {
		_, body := get(t, server, tt.path, tt.query, "application/json")
		if !strings.Contains(body, `"alamat"`) || strings.Contains(body, "#sumber") {
			t.Errorf("%s %q finds nothing, or a list of sources: %.600s", tt.path, tt.query, body)
		}
	}
}

func TestPages(t *testing.T) {
	server := serve(t, io.Discard)
	for _, tt := range []struct {
		name, path, query string
		status            int
		words             string
	}{
		{"no question", "/cari", "", 200, "Cari di situs ini"},
		{"hits", "/cari", "masa tunggu", 200, "Hasil untuk “masa tunggu”"},
		{"misspelt", "/cari", "mengundurkn", 200, "kata yang paling mirip"},
		{"nothing", "/cari", "xyzzyplugh", 200, "Tidak ada halaman yang cocok"},
		{"only common words", "/en/cari", "the and of", 200, "No page matches"},
		{"a NIK", "/cari", "9901010101900001", 422, "Jangan tulis nomor di sini"},
		{"a NIK in groups", "/en/cari", "9901 0101 0190 0001", 422, "Do not write numbers here"},
		{"the other language", "/cari", "masa tunggu", 200, `<a class="lang" href="/en/cari?q=masa&#43;tunggu"`},
		{"a NIK in the other language", "/cari", "9901010101900001", 422, `<a class="lang" href="/en/cari"`},
		{"a zero byte", "/cari", "phk\x00", 422, `href="#q"`},
		{"no text", "/en/cari", "\xff", 422, `href="#q"`},
		{"a whole letter", "/cari", strings.Repeat("klaim ", 900), 422, `value="klaim klaim`},
		{"markup", "/cari", `<script>alert(1)</script>`, 200, "&lt;script&gt;"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			res, body := get(t, server, tt.path, tt.query, "text/html")
			if res.StatusCode != tt.status || !strings.Contains(body, tt.words) {
				t.Errorf("%s = %d; want %d with %q", tt.path, res.StatusCode, tt.status, tt.words)
			}
			for _, p := range pagetest.Problems([]byte(body)) {
				t.Error(p)
			}
			if tt.status == 422 && (strings.Contains(body, "9901") || !strings.Contains(res.Header.Get("Cache-Control"), "no-store")) {
				t.Error("a number is repeated on the page, or the page is kept")
			}
		})
	}
}

// What people look for is in no log.
func TestNoQueryInTheLog(t *testing.T) {
	var log strings.Builder
	get(t, serve(t, &log), "/cari", "kenari-rahasia", "text/html")
	if !strings.Contains(log.String(), `"route":"/cari"`) || strings.Contains(log.String(), "kenari") {
		t.Errorf("log = %s; want the route without the words", log.String())
	}
}

// No question breaks the page, and every answer passes the rules for pages.
func FuzzQuery(f *testing.F) {
	for _, q := range []string{"masa tunggu", "\x00", strings.Repeat("a", 5000), "ÄÖ 日本", `"><b>`, "' OR 1=1"} {
		f.Add(q)
	}
	server := serve(f, io.Discard)
	f.Fuzz(func(t *testing.T, q string) {
		res, body := get(t, server, "/cari", q, "text/html")
		if res.StatusCode >= 500 {
			t.Fatalf("%q = %s", q, res.Status)
		}
		for _, p := range pagetest.Problems([]byte(body)) {
			t.Errorf("%q: %v", q, p)
		}
	})
}
