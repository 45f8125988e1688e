package upload_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/inspect"
	inspectwire "lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/examine"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/local/objects"
	"lapakasik/functions/upload"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

const origin = "http://127.0.0.1:8080"

// sets is a published set with one reason: an identity card that is required,
// one of two proofs that is required, a portrait, and an advised paper.
type sets struct{}

func (sets) Version(_ context.Context, version string) (*requirement.Set, error) {
	text := func(s string) requirement.Text { return requirement.Text{ID: s, EN: s + " (en)"} }
	paper := func(code string) requirement.Document {
		return requirement.Document{Code: code, Title: text("Judul " + code), Help: text("Bantuan " + code)}
	}
	portrait := paper("foto")
	portrait.Photo = true
	desk := requirement.Desk{Officers: 1, Places: 1, Open: "08:00", Close: "09:00", Minutes: 60, Days: []int{1, 2, 3, 4, 5}}
	return &requirement.Set{Version: version,
		Documents: []requirement.Document{paper("ktp"), paper("paklaring"), paper("surat-kerja"), portrait, paper("kk")},
		Branches: []requirement.Branch{{Code: "uji", Zone: "WIB", Bookable: true,
			Desks: map[requirement.Channel]requirement.Desk{requirement.Online: desk}}},
		Booking: requirement.Booking{HorizonDays: 14, DraftHours: 24, CutoffHours: 2},
		Reasons: []requirement.Reason{{Code: "mengundurkan-diri", Programme: "JHT", Channels: []requirement.Channel{requirement.Online},
			Lists: []requirement.List{
				{Basis: requirement.Law, ValidFrom: "2022-01-01", Items: []requirement.Item{
					{Slot: "ktp", Need: requirement.Required, OneOf: []string{"ktp"}},
					{Slot: "bukti", Need: requirement.Required, OneOf: []string{"paklaring", "surat-kerja"}},
					{Slot: "foto", Need: requirement.Advised, OneOf: []string{"foto"}}}},
				{Basis: requirement.Practice, ValidFrom: "2020-01-01", Items: []requirement.Item{{Slot: "kk", Need: requirement.Advised, OneOf: []string{"kk"}}}},
			}}},
	}, nil
}

// A person is a browser with an opened registration, in front of the real
// store, the real file store and inspection.
type person struct {
	t       *testing.T
	clock   *storetest.Clock
	store   *dynamo.Store
	reg     claim.Registration
	site    http.Handler
	cookie  *http.Cookie
	inspect *inspect.Service
	created chan string
	log     *bytes.Buffer
}

func open(t *testing.T) *person {
	t.Helper()
	// Uploads are signed by the same clock as the file store checks them, so the day is today.
	now := time.Now().UTC().Truncate(time.Second)
	p := &person{t: t, clock: storetest.NewClock(now), store: storetest.New(t), created: make(chan string, 64), log: &bytes.Buffer{}}
	p.store.Now = p.clock.Now
	p.book(now)
	gateway := objects.Test(t, objects.Options{OnCreated: func(b, k string) {
		if b == "masuk" {
			p.created <- k
		}
	}})
	for _, name := range []string{"masuk", "simpan"} {
		if err := gateway.MakeBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	log := slog.New(slog.NewTextHandler(p.log, nil))
	files := inspectwire.Files{Files: bucket.NewFiles(gateway.Client(), "masuk", "simpan", "")}
	p.inspect = &inspect.Service{Store: p.store, Files: files, Limits: examine.Default(), Log: log}
	service := &upload.Service{Store: p.store, Sets: sets{}, Files: permit.Service{Store: p.store, Signer: bucket.NewSigner(gateway.Client(), "masuk", p.clock.Now), NewID: parts.NewID}}
	keys := storetest.Keys(t)
	site := &web.Site{Log: log, Tokens: func(context.Context) (web.Tokens, error) { return keys, nil }, Origin: origin, UploadOrigin: gateway.URL,
		Now: p.clock.Now, Attempt: p.store.Attempt}
	routes := append(service.Routes(), web.Route{Method: http.MethodGet, Path: "/uji-masuk", Handle: func(c *web.Call) error { return c.Open(p.reg.ID) }})
	var err error
	if p.site, err = site.Handler(routes); err != nil {
		t.Fatal(err)
	}
	p.cookie = p.do(http.MethodGet, "/uji-masuk", "", nil).Result().Cookies()[0]
	return p
}

// book takes tomorrow's only place.
func (p *person) book(now time.Time) {
	p.t.Helper()
	plan, booking := storetest.Plan(1), storetest.Booking(1)
	wib := time.FixedZone("WIB", 7*3600)
	day := requirement.DateOf(now.In(wib).AddDate(0, 0, 2))
	plan.Date, booking.Place.Date = day, day
	y, m, d := now.In(wib).AddDate(0, 0, 2).Date()
	booking.Start = time.Date(y, m, d, 8, 0, 0, 0, wib)
	booking.Deadline = now.Add(24 * time.Hour)
	if err := p.store.EnsureDay(p.t.Context(), plan); err != nil {
		p.t.Fatal(err)
	}
	var err error
	if p.reg, err = p.store.Book(p.t.Context(), booking); err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) do(method, path, media string, body io.Reader) *httptest.ResponseRecorder {
	p.t.Helper()
	r := httptest.NewRequestWithContext(p.t.Context(), method, origin+path, body)
	if p.cookie != nil {
		r.AddCookie(p.cookie)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	if media == "application/json" {
		r.Header.Set("Accept", media)
	}
	w := httptest.NewRecorder()
	p.site.ServeHTTP(w, r)
	return w
}

// page gets a page, holds it against what every page must be, and returns it.
func (p *person) page(path string, status int) string {
	p.t.Helper()
	w := p.do(http.MethodGet, path, "", nil)
	if w.Code != status {
		p.t.Errorf("GET %s: status %d; want %d", path, w.Code, status)
	}
	pagetest.Check(p.t, w.Body.Bytes())
	return w.Body.String()
}

func (p *person) form(path string, fields url.Values, status int) *httptest.ResponseRecorder {
	p.t.Helper()
	w := p.do(http.MethodPost, path, "application/x-www-form-urlencoded", strings.NewReader(fields.Encode()))
	if w.Code != status {
		p.t.Errorf("POST %s: status %d; want %d", path, w.Code, status)
	}
	if w.Body.Len() > 0 {
		pagetest.Check(p.t, w.Body.Bytes())
	}
	return w
}

// list is the JSON form of the checklist.
type list struct {
	Files []struct {
		Slot     string   `json:"slot"`
		Upload   string   `json:"unggahan"`
		Status   string   `json:"status"`
		Required bool     `json:"wajib"`
		Findings []string `json:"temuan"`
	} `json:"berkas"`
	Complete bool `json:"lengkap"`
}

func (p *person) list() list {
	p.t.Helper()
	var l list
	if err := json.Unmarshal(p.do(http.MethodGet, "/berkas", "application/json", nil).Body.Bytes(), &l); err != nil {
		p.t.Fatal(err)
	}
	return l
}

var (
	formTag   = regexp.MustCompile(`<form[^>]* action="([^"]+)"[^>]*enctype="multipart/form-data"|<form[^>]*enctype="multipart/form-data"[^>]* action="([^"]+)"`)
	hiddenTag = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

// browser sends a file with the form on a slot's page, without scripts, and
// returns where it ends up.
func (p *person) browser(path string, body []byte) string {
	p.t.Helper()
	shown := p.page(path, http.StatusOK)
	action := formTag.FindStringSubmatch(shown)
	if action == nil {
		p.t.Fatalf("%s has no form for a file", path)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, m := range hiddenTag.FindAllStringSubmatch(shown, -1) {
		if err := w.WriteField(html.UnescapeString(m[1]), html.UnescapeString(m[2])); err != nil {
			p.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "IMG_0001.png")
	if err != nil {
		p.t.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = w.Close()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, html.UnescapeString(action[1]+action[2]), &b)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return p.sent(r, http.StatusSeeOther)
}

// script asks for a permission and sends a file with it.
func (p *person) script(slot, kind, media string, body []byte) {
	p.t.Helper()
	sum := sha256.Sum256(body)
	w := p.permit(slot, map[string]string{"dokumen": kind, "jenis": media, "ukuran": fmt.Sprint(len(body)), "sha256": hex.EncodeToString(sum[:])})
	var permit struct {
		URL    string            `json:"url"`
		Header map[string]string `json:"header"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &permit); err != nil || w.Code != http.StatusOK {
		p.t.Fatalf("permission: status %d %s %v", w.Code, w.Body, err)
	}
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPut, permit.URL, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for name, value := range permit.Header {
		r.Header.Set(name, value)
	}
	p.sent(r, http.StatusOK)
}

func (p *person) permit(slot string, fields map[string]string) *httptest.ResponseRecorder {
	p.t.Helper()
	b, err := json.Marshal(fields)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.do(http.MethodPost, "/berkas/"+slot+"/izin", "application/json", bytes.NewReader(b))
}

// sent sends a file to the file store and waits until it is inspected.
func (p *person) sent(r *http.Request, want int) string {
	p.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != want {
		p.t.Fatalf("%s to the file store: status %d: %s", r.Method, resp.StatusCode, answer)
	}
	select {
	case key := <-p.created:
		if err := p.inspect.File(p.t.Context(), key); err != nil {
			p.t.Fatal(err)
		}
	case <-time.After(5 * time.Second):
		p.t.Fatal("the file store told of no object")
	}
	return resp.Header.Get("Location")
}

// picture is a sharp PNG; with a seed, so that no two are the same file.
func picture(tb testing.TB, seed int) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 400, 320))
	for y := range 320 {
		for x := range 400 {
			if (x/(4+seed))%2 == y/6%2 {
				img.SetGray(x, y, color.Gray{Y: 230})
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestDocumentsWithoutScript(t *testing.T) {
	p := open(t)
	first := p.page("/berkas", http.StatusOK)
	for _, want := range []string{"Judul ktp", "Judul kk", "Lengkapi sebelum"} {
		if !strings.Contains(first, want) {
			t.Errorf("the checklist does not say %q", want)
		}
	}
	if w := p.form("/berkas/kirim", nil, http.StatusUnprocessableEntity); !strings.Contains(w.Body.String(), "Judul ktp") || strings.Contains(w.Body.String(), "Belum lengkap: Judul kk") {
		t.Error("the page does not name what is missing, or names what is not required")
	}

	back := p.browser("/berkas/ktp", picture(t, 0))
	if !strings.HasPrefix(back, origin+"/berkas/ktp/selesai") {
		t.Fatalf("the file store leads to %q", back)
	}
	w := p.do(http.MethodGet, strings.TrimPrefix(back, origin), "", nil)
	if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != "/berkas?tunggu=ktp" {
		t.Errorf("after the upload: status %d to %q", w.Code, got)
	}
	if shown := p.page("/berkas?tunggu=ktp", http.StatusOK); !strings.Contains(shown, "Diterima") {
		t.Error("the checklist does not say that the file was accepted")
	}

	if shown := p.page("/berkas/bukti", http.StatusOK); formTag.MatchString(shown) || !strings.Contains(shown, `value="surat-kerja"`) {
		t.Error("the slot with two kinds does not ask which")
	}
	p.browser("/berkas/bukti?jenis=surat-kerja", []byte("bukan gambar"))
	if shown := p.page("/berkas", http.StatusOK); !strings.Contains(shown, "Jenis file ini tidak diterima") {
		t.Error("the checklist does not say why the file was refused")
	}
	p.form("/berkas/kirim", nil, http.StatusUnprocessableEntity)
	p.browser("/berkas/bukti?jenis=surat-kerja", picture(t, 1))
	if w := p.form("/berkas/kirim", nil, http.StatusSeeOther); w.Header().Get("Location") != "/tanda-terima" {
		t.Errorf("submitted, to %q", w.Header().Get("Location"))
	}
	reg, err := p.store.ByID(t.Context(), p.reg.ID)
	if err != nil || reg.Status != claim.Submitted {
		t.Errorf("status %s, %v; want %s", reg.Status, err, claim.Submitted)
	}
	p.form("/berkas/kirim", nil, http.StatusSeeOther) // pressed twice
}

// The file store answers no person, so the browser itself stops an empty
// choice, and the hint names the limit.
func TestBrowserAsksForTheFile(t *testing.T) {
	p := open(t)
	shown := p.page("/berkas/ktp", http.StatusOK)
	form := regexp.MustCompile(`<form[^>]*enctype="multipart/form-data"[^>]*>`).FindString(shown)
	if form == "" || strings.Contains(form, "novalidate") {
		t.Errorf("the form for a file is %q", form)
	}
	input := regexp.MustCompile(`<input type="file"[^>]*>`).FindString(shown)
	if !strings.Contains(input, "required") || !strings.Contains(shown, "paling besar 6 MB") {
		t.Errorf("the box for a file is %q", input)
	}
	if !strings.Contains(p.page("/berkas", http.StatusOK), "novalidate") {
		t.Error("the other forms are checked by the browser, in its words")
	}
}

func TestDocumentsByScript(t *testing.T) {
	p := open(t)
	p.script("ktp", "ktp", "image/png", picture(t, 0))
	p.script("bukti", "paklaring", "image/png", picture(t, 1))
	l := p.list()
	if !l.Complete {
		t.Errorf("list %+v; want it complete", l)
	}
	w := p.do(http.MethodPost, "/berkas/kirim", "application/json", strings.NewReader("{}"))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"lanjut":"/tanda-terima"`) {
		t.Errorf("submit: status %d %s", w.Code, w.Body)
	}

	// After submission a document can be replaced; a refused one changes nothing.
	p.script("ktp", "ktp", "image/png", picture(t, 2))
	p.script("ktp", "ktp", "image/jpeg", []byte("bukan gambar"))
	if l := p.list(); !l.Complete {
		t.Errorf("list %+v after a refused replacement; want it complete", l)
	}
	p.clock.Move(72 * time.Hour)
	p.cookie = p.do(http.MethodGet, "/uji-masuk", "", nil).Result().Cookies()[0]
	p.page("/berkas/ktp", http.StatusConflict)
	if w := p.permit("ktp", nil); w.Code != http.StatusConflict {
		t.Errorf("permission after the cutoff: status %d", w.Code)
	}
}

func TestPermitRefuses(t *testing.T) {
	p := open(t)
	good := map[string]string{"dokumen": "ktp", "jenis": "image/jpeg", "ukuran": "1000", "sha256": strings.Repeat("0", 64)}
	for _, tt := range []struct {
		name, slot, field, value string
		status                   int
	}{
		{"a document of another slot", "ktp", "dokumen", "kk", http.StatusUnprocessableEntity},
		{"a type that is not accepted", "ktp", "jenis", "image/svg+xml", http.StatusUnprocessableEntity},
		{"0 bytes", "ktp", "ukuran", "0", http.StatusUnprocessableEntity},
		{"a byte too many", "ktp", "ukuran", fmt.Sprint(claim.MaxFile + 1), http.StatusUnprocessableEntity},
		{"a size that is no number", "ktp", "ukuran", "besar", http.StatusUnprocessableEntity},
		{"half a digest", "ktp", "sha256", "00", http.StatusUnprocessableEntity},
		{"a slot that is not in the checklist", "npwp", "jenis", "image/jpeg", http.StatusUnprocessableEntity},
		{"a PDF as portrait", "foto", "jenis", "application/pdf", http.StatusUnprocessableEntity},
		{"a field that no form has", "ktp", "status", "PASSED", http.StatusUnprocessableEntity},
		{"a good one", "ktp", "jenis", "image/jpeg", http.StatusOK},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fields := map[string]string{}
			for k, v := range good {
				fields[k] = v
			}
			if tt.slot == "foto" {
				fields["dokumen"] = "foto"
			}
			fields[tt.field] = tt.value
			if w := p.permit(tt.slot, fields); w.Code != tt.status {
				t.Errorf("status %d %s; want %d", w.Code, w.Body, tt.status)
			}
		})
	}
	reg, err := p.store.ByID(t.Context(), p.reg.ID)
	if err != nil || len(reg.Documents) != 1 {
		t.Errorf("%d documents noted, %v; want only that of the good one", len(reg.Documents), err)
	}
}

func TestPortraitIsNoPDF(t *testing.T) {
	p := open(t)
	p.browser("/berkas/foto", []byte("%PDF-1.7\n"))
	for _, f := range p.list().Files {
		if f.Slot == "foto" && (f.Status != "ditolak" || !slices.ContainsFunc(f.Findings, func(s string) bool { return strings.Contains(s, "bukan PDF") })) {
			t.Errorf("a PDF as portrait by form: %+v", f)
		}
	}
}

func TestClosedOrForeign(t *testing.T) {
	p := open(t)
	t.Run("no session", func(t *testing.T) {
		kept := p.cookie
		defer func() { p.cookie = kept }()
		p.cookie = nil
		for _, path := range []string{"/berkas", "/berkas/ktp"} {
			p.page(path, http.StatusUnauthorized)
		}
		p.form("/berkas/kirim", nil, http.StatusUnauthorized)
	})
	t.Run("a slot that is not in the checklist", func(t *testing.T) {
		if w := p.do(http.MethodGet, "/en/berkas/npwp", "", nil); w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/en/berkas" {
			t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
		}
	})
	t.Run("looking is no file", func(t *testing.T) {
		for range 60 {
			p.page("/berkas/ktp", http.StatusOK)
			p.page("/berkas/bukti?jenis=surat-kerja", http.StatusOK)
		}
		// What could come with the forms is bounded all the same.
		if reg, err := p.store.ByID(t.Context(), p.reg.ID); err != nil || len(reg.Documents) > 45 {
			t.Errorf("120 looks left %d permissions, %v", len(reg.Documents), err)
		}
		p.browser("/berkas/ktp", picture(t, 0))
		p.clock.Move(time.Second)
		p.browser("/berkas/ktp", []byte("no picture"))
		states := map[claim.DocState]int{}
		reg, err := p.store.ByID(t.Context(), p.reg.ID)
		for _, d := range reg.Documents {
			states[d.State]++
		}
		if err != nil || states[claim.DocPassed] != 1 || states[claim.DocRefused] != 1 {
			t.Errorf("of a good and a bad file after many looks: %v, %v", states, err)
		}
	})
	t.Run("too many files", func(t *testing.T) {
		want := map[string]string{"dokumen": "ktp", "jenis": "image/png", "ukuran": "9", "sha256": strings.Repeat("0", 64)}
		for n := 2; n < 40; n++ {
			if w := p.permit("ktp", want); w.Code != http.StatusOK {
				t.Fatalf("file %d: status %d", n, w.Code)
			}
		}
		p.page("/berkas/ktp", http.StatusTooManyRequests)
		if w := p.permit("ktp", want); w.Code != http.StatusTooManyRequests {
			t.Errorf("file 41: status %d; want 429", w.Code)
		}
		// Those that were not used are free again when they have run out.
		p.clock.Move(31 * time.Minute)
		p.page("/berkas/ktp", http.StatusOK)
	})
	t.Run("after the deadline", func(t *testing.T) {
		p.clock.Move(25 * time.Hour)
		p.cookie = p.do(http.MethodGet, "/uji-masuk", "", nil).Result().Cookies()[0]
		if shown := p.page("/berkas", http.StatusOK); strings.Contains(shown, `action="/berkas/kirim"`) {
			t.Error("the page still offers to submit")
		}
		p.page("/berkas/ktp", http.StatusConflict)
		p.form("/berkas/kirim", nil, http.StatusConflict)
	})
	for _, secret := range storetest.Canary(storetest.Booking(1)) {
		if strings.Contains(p.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func TestEnglish(t *testing.T) {
	p := open(t)
	if shown := p.page("/en/berkas", http.StatusOK); !strings.Contains(shown, "My documents") || !strings.Contains(shown, "Judul ktp (en)") {
		t.Error("the English checklist is not in English")
	}
	if back := p.browser("/en/berkas/ktp", picture(t, 0)); !strings.HasPrefix(back, origin+"/en/berkas/ktp/selesai") {
		t.Errorf("the file store leads to %q", back)
	}
}

// After Tunda the person replaces what the officer named and nothing else, and
// the claim is back in the queue with its place and history.
func TestMend(t *testing.T) {
	p := open(t)
	p.browser("/berkas/ktp", picture(t, 0))
	p.browser("/berkas/bukti?jenis=surat-kerja", picture(t, 1))
	p.form("/berkas/kirim", nil, http.StatusSeeOther)
	by := claim.Desk{Officer: "ani", Branch: "uji", Limit: 1}
	reg, err := p.store.Take(t.Context(), by, p.reg.ID)
	if err != nil {
		t.Fatal(err)
	}
	rules := &requirement.Deciding{Reasons: []requirement.DecisionReason{{Code: "buram", Postpone: true}}}
	until := requirement.DateOf(p.clock.Now()).AddDays(7)
	if _, err := p.store.Decide(t.Context(), by, reg.ID, reg.Version, claim.Decision{Action: claim.ActPostpone, Reasons: []string{"buram"}, Mend: []string{"ktp"}, Until: until}, rules); err != nil {
		t.Fatal(err)
	}
	p.clock.Move(time.Second)
	shown := p.page("/berkas", http.StatusOK)
	if !strings.Contains(shown, `href="/berkas/ktp"`) || strings.Contains(shown, `href="/berkas/bukti"`) {
		t.Error("the checklist does not offer just the document to mend")
	}
	if w := p.do(http.MethodGet, "/berkas/bukti", "", nil); w.Code != http.StatusSeeOther {
		t.Errorf("another document can be replaced: status %d", w.Code)
	}
	if w := p.form("/berkas/kirim", nil, http.StatusUnprocessableEntity); !strings.Contains(w.Body.String(), "Judul ktp belum diganti") {
		t.Error("the page does not say what was not replaced")
	}
	p.browser("/berkas/ktp", picture(t, 2))
	p.form("/berkas/kirim", nil, http.StatusSeeOther)
	now, err := p.store.ByID(t.Context(), p.reg.ID)
	if err != nil || now.Status != claim.Submitted || now.Place != reg.Place {
		t.Errorf("the claim is %s at %v, %v; want it submitted at %v", now.Status, now.Place, err, reg.Place)
	}
	if waiting, err := p.store.Backlog(t.Context(), "uji"); err != nil || len(waiting) != 1 {
		t.Errorf("the branch has %d claims that came back, %v; want 1", len(waiting), err)
	}
	if n, err := p.store.VerifyEvents(t.Context(), p.reg.ID); n != 0 || err != nil {
		t.Errorf("event %d is broken: %v", n, err)
	}
}
