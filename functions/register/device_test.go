package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

// booked returns a browser that has just booked the n-th person's place online
// tomorrow at 08.00.
func booked(t *testing.T, a *apptest.App, n int) *apptest.Browser {
	t.Helper()
	b := a.Browser()
	if got := b.Post("/daftar", a.Application(n)); got.Status != http.StatusCreated {
		t.Fatalf("POST /daftar = %d", got.Status)
	}
	return b
}

func mustSee(t *testing.T, got apptest.Answer, status int, words ...string) {
	t.Helper()
	if got.Status != status {
		t.Errorf("answer = %d; want %d", got.Status, status)
	}
	pagetest.Check(t, []byte(got.Body))
	for _, w := range words {
		if !strings.Contains(got.Body, w) {
			t.Errorf("the page does not say %q", w)
		}
	}
}

// Without a registration the test gives advice in both languages and keeps nothing.
func TestDeviceBeforeBooking(t *testing.T) {
	a := app(t)
	for _, tt := range []struct {
		name, path string
		form       url.Values
		status     int
		want       []string
	}{
		{"nothing answered", "/uji-perangkat", url.Values{}, 422, []string{`id="galat"`, "kamera-galat", "Lihat saran"}},
		{"an answer that is none", "/uji-perangkat", url.Values{"suara": {"mungkin"}, "kamera": {"ya"}}, 422, []string{"suara-galat", `value="ya" checked`}},
		{"all good", "/uji-perangkat", url.Values{"kamera": {"ya"}, "mikrofon": {"ya"}, "suara": {"ya"}, "jaringan": {"ya"}, "whatsapp": {"ya"}}, 200, []string{"siap untuk wawancara video"}},
		{"some good", "/uji-perangkat", url.Values{"kamera": {"ya"}}, 200, []string{"belum semua diuji", "Belum diuji"}},
		{"bad line", "/uji-perangkat", url.Values{"kamera": {"ya"}, "jaringan": {"tidak"}}, 200, []string{"Ada yang perlu diperbaiki", "pakai Wi-Fi", "Tidak dapat diperbaiki?"}},
		{"English", "/en/uji-perangkat", url.Values{"mikrofon": {"tidak"}}, 200, []string{"Something needs mending", "Uncover the microphone", "/en/daftar"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := a.Browser()
			mustSee(t, b.Get(tt.path), http.StatusOK, `name="kamera"`, `name="whatsapp"`)
			got := b.Post(tt.path, tt.form)
			mustSee(t, got, tt.status, tt.want...)
			if got.Header.Get("Set-Cookie") != "" || strings.Contains(got.Body, "/status/telepon") {
				t.Error("a stranger gets a cookie or a registration's choices")
			}
		})
	}
	if got := a.Browser().Get("/uji-perangkat/hasil"); got.Status != http.StatusUnauthorized {
		t.Errorf("result without a registration = %d; want 401", got.Status)
	}
}

// The page is found and shared like any for everybody; that of a registration is not.
func TestDeviceTestIsFound(t *testing.T) {
	a := app(t)
	b := a.Browser()
	got := b.Get("/uji-perangkat")
	mustSee(t, got, 200, "lebih lama dari 6 detik") // 256 KB at 350 kbit/s
	mustSee(t, got, 200, `property="og:image"`, `/kartu/lapak-asik.id.png"`, `rel="canonical"`)
	if strings.Contains(got.Body, "noindex") || strings.Contains(got.Body, "/luring-") || got.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page cannot be found, or is kept")
	}
	b.Post("/daftar", a.Application(1))
	mustSee(t, b.Get("/uji-perangkat"), 200, "noindex")
}

// Camera and microphone are open to this page and to no other.
func TestDevicePermissions(t *testing.T) {
	a := app(t)
	for path, want := range map[string]bool{"/uji-perangkat": true, "/en/uji-perangkat": true, "/status": false, "/daftar": false, "/uji-perangkat/hasil": false} {
		h := a.Browser().Get(path).Header
		if got := h.Get("Permissions-Policy"); strings.Contains(got, "camera=(self), microphone=(self)") != want || !strings.Contains(got, "geolocation=()") {
			t.Errorf("%s: Permissions-Policy %q; want camera open: %v", path, got, want)
		}
		if csp := h.Get("Content-Security-Policy"); !strings.Contains(csp, "require-trusted-types-for 'script'; trusted-types 'none'") || strings.Contains(csp, "media-src") {
			t.Errorf("%s: policy %s", path, csp)
		}
	}
}

// What is sent to measure the line is bounded and thrown away.
func TestDeviceUpload(t *testing.T) {
	a := app(t)
	for _, tt := range []struct{ bytes, want int }{{0, 200}, {1, 200}, {49152, 200}, {65536, 200}, {65537, 413}, {1 << 20, 413}} {
		got := a.Browser().Do(http.MethodPost, "/uji-perangkat/unggah", "application/octet-stream", "application/json", strings.NewReader(strings.Repeat("\xff", tt.bytes)))
		if got.Status != tt.want || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d bytes = %d %s; want %d, not kept", tt.bytes, got.Status, got.Header.Get("Cache-Control"), tt.want)
		}
	}
}

// With an opened registration the result is kept, coarse, and shown on status
// page and receipt; the newest counts.
func TestDeviceOfARegistration(t *testing.T) {
	a := app(t)
	b := booked(t, a, 40)
	mustSee(t, b.Get("/status"), 200, "Belum dilakukan", `href="/uji-perangkat"`, "Lengkapi berkas sebelum Rabu, 25 November 2026, 06.00 WIB")
	if got := b.Get("/uji-perangkat/hasil"); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/uji-perangkat" {
		t.Errorf("result before a test = %d %s", got.Status, got.Header.Get("Location"))
	}
	mustSee(t, b.Get("/uji-perangkat"), 200, "Simpan hasil")
	if got := b.Post("/uji-perangkat", url.Values{"kamera": {"tidak"}, "mikrofon": {"ya"}, "jaringan": {"tidak"}}); got.Status != http.StatusSeeOther || got.Header.Get("Location") != "/uji-perangkat/hasil" {
		t.Fatalf("keep = %d %s", got.Status, got.Header.Get("Location"))
	}
	mustSee(t, b.Get("/uji-perangkat/hasil"), 200, "Ada yang perlu diperbaiki", `action="/status/telepon"`, `href="/status/pindah?kanal=onsite"`)
	mustSee(t, b.Get("/en/uji-perangkat/hasil"), 200, "You do not lose your place", `action="/en/status/telepon"`)
	mustSee(t, b.Get("/status"), 200, "Perlu diperbaiki: Kamera, Jaringan (Selasa, 24 November 2026")
	mustSee(t, b.Get("/tanda-terima"), 200, "Perlu diperbaiki: Kamera, Jaringan")
	kept, _ := b.Ask(http.MethodGet, "/status", nil).JSON(t)["uji_perangkat"].(map[string]any)
	if kept["kamera"] != "masalah" || kept["mikrofon"] != "baik" || kept["suara"] != "belum" || kept["waktu"] != a.Clock.Now().UTC().Format(time.RFC3339) {
		t.Errorf("kept: %v", kept)
	}
	a.Clock.Move(time.Minute)
	b.Post("/uji-perangkat", url.Values{"kamera": {"ya"}, "mikrofon": {"ya"}, "suara": {"ya"}, "jaringan": {"ya"}, "whatsapp": {"ya"}})
	got := b.Get("/uji-perangkat/hasil")
	mustSee(t, got, 200, "siap untuk wawancara video")
	if strings.Contains(got.Body, "/status/telepon") {
		t.Error("a good result offers the telephone")
	}
	last := 0
	for range 20 {
		last = b.Post("/uji-perangkat", url.Values{"kamera": {"ya"}}).Status
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the 22nd result in an hour = %d; want 429", last)
	}
	b.Post("/status/batal", url.Values{})
	mustSee(t, b.Get("/uji-perangkat"), 200, "Lihat saran")
	mustSee(t, b.Post("/uji-perangkat", url.Values{"kamera": {"tidak"}}), 200, "Ada yang perlu diperbaiki")
}

// By telephone the place stays; the way back is open until changes close.
func TestDevicePhone(t *testing.T) {
	a := app(t)
	b := booked(t, a, 41)
	b.Post("/uji-perangkat", url.Values{"kamera": {"tidak"}})
	before := b.Ask(http.MethodGet, "/status", nil).JSON(t)
	for _, tt := range []struct {
		name, value, version string
		want                 int
		phone                bool
	}{
		{"neither", "mungkin", "", 422, false}, {"an old page", "ya", "1", 409, false}, {"telephone", "ya", "", 303, true}, {"again", "ya", "", 303, true}, {"video", "tidak", "", 303, false}, {"and telephone", "ya", "", 303, true},
	} {
		if got := b.Post("/status/telepon", url.Values{"telepon": {tt.value}, "versi": {tt.version}}); got.Status != tt.want {
			t.Errorf("%s = %d; want %d", tt.name, got.Status, tt.want)
		}
		now := b.Ask(http.MethodGet, "/status", nil).JSON(t)
		if now["telepon"] != tt.phone || now["jam"] != before["jam"] || now["tanggal"] != before["tanggal"] || now["kanal"] != "online" {
			t.Errorf("%s: %v; want telephone %v at the same place", tt.name, now, tt.phone)
		}
	}
	mustSee(t, b.Get("/status"), 200, "Online lewat telepon")
	mustSee(t, b.Get("/uji-perangkat/hasil"), 200, "Wawancara Anda lewat telepon", "Kembali ke panggilan video")
	if got := b.Get("/tanda-terima/jadwal.ics"); !strings.Contains(got.Body, "Online lewat telepon") {
		t.Errorf("calendar: %s", got.Body)
	}
	if got := a.Browser().Post("/status/telepon", url.Values{"telepon": {"ya"}}); got.Status != http.StatusUnauthorized {
		t.Errorf("a stranger = %d; want 401", got.Status)
	}
	// The draft's 24 hours are cut to two hours before the session: 06.00 of the next day.
	a.Clock.Move(22 * time.Hour)
	b.Post("/status", url.Values{"kode": {before["kode"].(string)}, "tanggal-lahir": {"1990-01-01"}})
	if got := b.Post("/status/telepon", url.Values{"telepon": {"tidak"}}); got.Status != http.StatusConflict {
		t.Errorf("after changes have closed = %d; want 409", got.Status)
	}
	mustSee(t, b.Get("/uji-perangkat/hasil"), 200, "Perubahan jadwal sudah ditutup")
}

// Onsite at the same branch: the online place is kept until the new one is won.
func TestDeviceOnsite(t *testing.T) {
	a := app(t)
	b := booked(t, a, 42)
	b.Post("/uji-perangkat", url.Values{"kamera": {"tidak"}})
	b.Post("/status/telepon", url.Values{"telepon": {"ya"}})
	mustSee(t, b.Get("/status/pindah?kanal=onsite"), 200, `name="tanggal"`, `name="kanal" value="onsite"`, "baru dilepas saat tempat baru sudah pasti")
	fields := url.Values{"kanal": {"onsite"}, "tanggal": {string(storetest.Tomorrow)}}
	mustSee(t, b.Post("/status/pindah", fields), 200, `name="jam"`, `name="kanal" value="onsite"`)
	fields.Set("jam", "12:00")
	mustSee(t, b.Post("/status/pindah", fields), 422, "jam-galat")
	if got := b.Ask(http.MethodGet, "/status", nil).JSON(t); got["kanal"] != "online" || got["jam"] != "08:00" || got["telepon"] != true {
		t.Errorf("after a mistake: %v; want the place kept", got)
	}
	fields.Set("jam", "09:00")
	if got := b.Post("/status/pindah", fields); got.Status != http.StatusSeeOther {
		t.Fatalf("move = %d %.300s", got.Status, got.Body)
	}
	now := b.Ask(http.MethodGet, "/status", nil).JSON(t)
	if now["kanal"] != "onsite" || now["jam"] != "09:00" || now["kantor"] != "bandar-lampung" || now["telepon"] != nil {
		t.Errorf("after the move: %v", now)
	}
	status := b.Get("/status")
	mustSee(t, status, 200, "Datang ke kantor cabang")
	if strings.Contains(status.Body, "Uji perangkat") || strings.Contains(b.Get("/berkas").Body, "foto-diri") {
		t.Error("a visit still asks for a device test or the photo of an online claim")
	}
	if got := b.Post("/status/pindah", url.Values{"kanal": {"online"}, "kantor": {"bandar-lampung"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("back to online = %d; want 422: its consent was not asked", got.Status)
	}
	if got := b.Post("/status/telepon", url.Values{"telepon": {"ya"}}); got.Status != http.StatusConflict {
		t.Errorf("telephone at the office = %d; want 409", got.Status)
	}
	differences, err := a.Store.Reconcile(t.Context(), "bandar-lampung", storetest.Tomorrow)
	if err != nil || len(differences) > 0 {
		t.Errorf("Reconcile = %v, %v", differences, err)
	}
}

// Where the reason or the branch has no onsite service, it is neither offered nor done.
func TestDeviceOnsiteNotOffered(t *testing.T) {
	a := app(t)
	b := booked(t, a, 43)
	b.Post("/uji-perangkat", url.Values{"kamera": {"tidak"}})
	reason, branch := a.Set.Reason("mengundurkan-diri"), a.Set.Branch("bandar-lampung")
	channels, desk := reason.Channels, branch.Desks[requirement.Onsite]
	for _, tt := range []struct {
		name   string
		change func()
	}{
		{"the reason is online only", func() { reason.Channels = []requirement.Channel{requirement.Online} }},
		{"the branch has no desk", func() { reason.Channels = channels; delete(branch.Desks, requirement.Onsite) }},
		{"the desk has no officer", func() { d := desk; d.Officers = 0; branch.Desks[requirement.Onsite] = d }},
	} {
		tt.change()
		if got := b.Get("/uji-perangkat/hasil"); strings.Contains(got.Body, "kanal=onsite") || !strings.Contains(got.Body, "/status/telepon") {
			t.Errorf("%s: the page offers it, or no telephone", tt.name)
		}
		if got := b.Post("/status/pindah", url.Values{"kanal": {"onsite"}, "tanggal": {string(storetest.Tomorrow)}, "jam": {"09:00"}}); got.Status != http.StatusUnprocessableEntity {
			t.Errorf("%s: move = %d; want 422", tt.name, got.Status)
		}
	}
}

// Many people want the last onsite places at once: who wins none keeps theirs.
func TestDeviceOnsiteRace(t *testing.T) {
	a := app(t)
	branch := a.Set.Branch("bandar-lampung")
	d := branch.Desks[requirement.Onsite]
	d.Officers, d.Places = 1, 2
	branch.Desks[requirement.Onsite] = d
	const people = 6
	all := make([]*apptest.Browser, people)
	for n := range all {
		all[n] = booked(t, a, 50+n)
	}
	var wg sync.WaitGroup
	statuses := make([]int, people)
	for n, b := range all {
		wg.Go(func() {
			statuses[n] = b.Post("/status/pindah", url.Values{"kanal": {"onsite"}, "tanggal": {string(storetest.Tomorrow)}, "jam": {"09:00"}}).Status
		})
	}
	wg.Wait()
	won := 0
	for n, b := range all {
		now := b.Ask(http.MethodGet, "/status", nil).JSON(t)
		switch statuses[n] {
		case http.StatusSeeOther:
			won++
			if now["kanal"] != "onsite" {
				t.Errorf("person %d won and is %v", n, now["kanal"])
			}
		case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable:
			if now["kanal"] != "online" || now["jam"] != "08:00" {
				t.Errorf("person %d won nothing and has %v %v", n, now["kanal"], now["jam"])
			}
		default:
			t.Errorf("person %d: %d", n, statuses[n])
		}
	}
	if won != 2 {
		t.Errorf("%d people won; want 2: %v", won, statuses)
	}
	differences, err := a.Store.Reconcile(t.Context(), "bandar-lampung", storetest.Tomorrow)
	if err != nil || len(differences) > 0 {
		t.Errorf("Reconcile = %v, %v", differences, err)
	}
}
