package login_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
)

// TRUST R58 and R60: when a session ends.
func TestSessions(t *testing.T) {
	d := newDesk(t)
	p := d.known(staff.Admin)
	in := func(b *apptest.Browser) bool { return b.Get("/pengguna").Status == http.StatusOK }
	fresh := func() *apptest.Browser {
		b := d.Browser()
		if d.login(b, nil); !in(b) {
			t.Fatal("not logged in")
		}
		return b
	}
	t.Run("cookie", func(t *testing.T) {
		b := d.Browser()
		cookie := ""
		for _, c := range d.login(b, nil).Header.Values("Set-Cookie") {
			if strings.HasPrefix(c, guard.Cookie+"=") {
				cookie = c
			}
		}
		for _, want := range []string{"; Path=/", "; HttpOnly", "; Secure", "; SameSite=Lax"} {
			if !strings.Contains(cookie, want) || strings.Contains(cookie, "Domain") || strings.Contains(cookie, "Max-Age") {
				t.Errorf("cookie %q lacks %q, or has too much", cookie, want)
			}
		}
		if len(session(d, b)) < 43 { // 256 bits
			t.Errorf("session %q is short", session(d, b))
		}
	})
	t.Run("idle", func(t *testing.T) {
		b := fresh()
		d.Clock.Move(14 * time.Minute)
		if !in(b) {
			t.Error("out after 14 minutes")
		}
		d.Clock.Move(15 * time.Minute)
		if in(b) {
			t.Error("in after 15 minutes of nothing")
		}
	})
	t.Run("absolute", func(t *testing.T) {
		b := fresh()
		for range 47 {
			d.Clock.Move(10 * time.Minute)
			if !in(b) {
				t.Fatal("out before 8 hours")
			}
		}
		d.Clock.Move(10 * time.Minute)
		if in(b) {
			t.Error("in after 8 hours")
		}
	})
	t.Run("new id", func(t *testing.T) {
		b := fresh()
		old := session(d, b)
		d.login(b, nil)
		if session(d, b) == old {
			t.Error("the login keeps the session")
		}
		if _, err := d.Staff.Session(t.Context(), old); err == nil {
			t.Error("the old session is still open")
		}
	})
	t.Run("logout", func(t *testing.T) {
		b := fresh()
		token := session(d, b)
		out := b.Post("/keluar-petugas", nil)
		if out.Status != http.StatusSeeOther || session(d, b) != "" || !strings.Contains(out.Header.Get("Clear-Site-Data"), "storage") {
			t.Errorf("logout = %d", out.Status)
		}
		if _, err := d.Staff.Session(t.Context(), token); err == nil {
			t.Error("the session is open after the logout")
		}
	})
	t.Run("disabled", func(t *testing.T) {
		b := fresh()
		p.Disabled = true
		saved, err := d.Staff.Save(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		if in(b) {
			t.Error("a disabled person is in")
		}
		if got := d.login(b, nil); got.Status != http.StatusForbidden || session(d, d.Browser()) != "" {
			t.Errorf("a disabled person logs in: %d", got.Status)
		}
		p = saved
	})
}

// TRUST R61, the six cases of a form: honest, forged, an older browser (no
// Sec-Fetch-Site), behind the proxy (Host is another), none, wrong origin.
func TestForgedForms(t *testing.T) {
	d := newDesk(t)
	admin := apptest.Person(1, staff.Admin)
	ani := d.known(staff.Officer)
	form := url.Values{"nama": {"Orang Satu"}, "peran": {"AUDITOR"}, "akses": {"buka"}, "versi": {"0"}}.Encode() // too old to change anything
	for _, tt := range []struct {
		name, origin, site, host string
		passes                   bool
	}{
		{"honest", d.URL, "same-origin", "", true},
		{"forged", "https://lain.example", "cross-site", "", false},
		{"older browser", d.URL, "", "", true},
		{"behind the proxy", d.URL, "", "api.example", true},
		{"none", "", "", "", false},
		{"wrong origin", "https://lain.example", "", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := d.As(admin)
			for path, passed := range map[string]int{"/pengguna/" + ani.ID: http.StatusUnprocessableEntity, "/keluar-petugas": http.StatusSeeOther} {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+path, strings.NewReader(form))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				for name, v := range map[string]string{"Origin": tt.origin, "Sec-Fetch-Site": tt.site} {
					if v != "" {
						r.Header.Set(name, v)
					}
				}
				if tt.host != "" {
					r.Host = tt.host
				}
				for _, k := range b.Jar.Cookies(r.URL) { // the jar goes by the host
					if tt.host != "" {
						r.AddCookie(k)
					}
				}
				res, err := b.Client.Do(r)
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				want := http.StatusForbidden
				if tt.passes {
					want = passed
				}
				if res.StatusCode != want {
					t.Errorf("%s = %d; want %d", path, res.StatusCode, want)
				}
				b = d.As(admin) // the logout may have worked
			}
		})
	}
}

// TRUST R56: a person is issuer and subject, and nothing else.
func TestWhoSomebodyIs(t *testing.T) {
	if staff.ID("https://a", "b") == staff.ID("https://", "ab") || staff.ID("https://a", "b") == staff.ID("https://c", "b") || len(staff.ID("a", "b")) != 32 {
		t.Error("ids of two people are the same, or of a wrong shape")
	}
	d := newDesk(t)
	d.known(staff.Officer)
	d.claims = func(c map[string]any) { c["sub"], c["name"], c["email"] = "orang-2", "Orang Satu", "orang1@contoh.id" }
	if got := d.login(d.Browser(), nil).Status; got != http.StatusForbidden {
		t.Errorf("the same name under another subject: %d; want 403", got)
	}
}

// Who has no role is told their number, is listed, and comes in with the role.
func TestNoRoleYet(t *testing.T) {
	d := newDesk(t)
	b, id := d.Browser(), staff.ID(d.srv.URL, "orang-1")
	for range 2 { // noted once
		if got := d.login(b, nil); got.Status != http.StatusForbidden || !strings.Contains(got.Body, id) || session(d, b) != "" {
			t.Fatalf("without a role: %d", got.Status)
		}
	}
	admin := d.As(apptest.Person(1, staff.Admin))
	if got := admin.Get("/pengguna"); !strings.Contains(got.Body, "/pengguna/"+id) {
		t.Error("who waits is not listed")
	}
	got := admin.Post("/pengguna/"+id, url.Values{"nama": {"Orang Satu"}, "peran": {"OFFICER"}, "kantor": {"kudus"}, "akses": {"buka"}, "versi": {"1"}})
	if got.Status != http.StatusSeeOther {
		t.Fatalf("giving a role: %d", got.Status)
	}
	if got := d.login(b, nil); got.Header.Get("Location") != "/meja" {
		t.Errorf("with a role: %d to %q", got.Status, got.Header.Get("Location"))
	}
	changes, err := d.Staff.Changes(t.Context(), id)
	if err != nil || len(changes) != 2 || changes[0].By != apptest.Person(1, staff.Admin).ID || changes[1].By != staff.System || !changes[0].After.Is(staff.Officer) {
		t.Errorf("changes = %+v, %v", changes, err)
	}
	if page := admin.Get("/pengguna/" + id).Body; strings.Count(page, "Petugas Uji 1") == 0 || !strings.Contains(page, "Sistem") {
		t.Error("the page does not say who changed what")
	}
}

func TestFirstAdmin(t *testing.T) {
	d := newDesk(t)
	d.service.FirstAdmin = "orang-1"
	if got := d.login(d.Browser(), nil); got.Header.Get("Location") != "/pengguna" {
		t.Fatalf("the first administrator: %d to %q", got.Status, got.Header.Get("Location"))
	}
	// Once there is an administrator, the name is worth nothing.
	p, err := d.Staff.Person(t.Context(), staff.ID(d.srv.URL, "orang-1"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Staff.Save(t.Context(), apptest.Person(1, staff.Admin)); err != nil {
		t.Fatal(err)
	}
	p.Roles = nil
	if _, err := d.Staff.Save(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if got := d.login(d.Browser(), nil).Status; got != http.StatusForbidden {
		t.Errorf("once another is administrator: %d; want 403", got)
	}
}

func TestChangePerson(t *testing.T) {
	d := newDesk(t)
	ani := d.known(staff.Officer)
	me := apptest.Person(1, staff.Admin)
	admin := d.As(me)
	good := func() url.Values {
		return url.Values{"nama": {"Ani Uji"}, "peran": {"OFFICER", "SUPERVISOR"}, "kantor": {"kudus", "bandar-lampung"}, "akses": {"buka"}, "versi": {"1"}}
	}
	for _, tt := range []struct {
		name, id, field string
		values          []string
		want            int
	}{
		{"no name", ani.ID, "nama", nil, 422},
		{"long name", ani.ID, "nama", []string{strings.Repeat("é", 81)}, 422},
		{"unknown role", ani.ID, "peran", []string{"ROOT"}, 422},
		{"unknown branch", ani.ID, "kantor", []string{"atlantis"}, 422},
		{"officer without a branch", ani.ID, "kantor", nil, 422},
		{"no access", ani.ID, "akses", nil, 422},
		{"no version", ani.ID, "versi", nil, 422},
		{"unknown field", ani.ID, "id", []string{"x"}, 422},
		{"unknown person", apptest.Person(9, staff.Admin).ID, "nama", []string{"X"}, 422},
		{"oneself", me.ID, "nama", []string{"X"}, 422},
		{"old version", ani.ID, "versi", []string{"7"}, 409},
		{"good", ani.ID, "nama", []string{"Ani Uji"}, 303},
		{"the same form again", ani.ID, "nama", []string{"Ani Uji"}, 409},
	} {
		t.Run(tt.name, func(t *testing.T) {
			form := good()
			form[tt.field] = tt.values
			if got := admin.Post("/pengguna/"+tt.id, form); got.Status != tt.want {
				t.Errorf("%d; want %d", got.Status, tt.want)
			}
		})
	}
	got, err := d.Staff.Person(t.Context(), ani.ID)
	if err != nil || got.Version != 2 || len(got.Roles) != 2 || len(got.Branches) != 2 || got.Name != "Ani Uji" {
		t.Errorf("person = %+v, %v", got, err)
	}
	// TRUST R57: a change of roles asks for a login of the last five minutes.
	d.Clock.Move(6 * time.Minute)
	for _, b := range []apptest.Answer{admin.Get("/pengguna/" + ani.ID), admin.Post("/pengguna/"+ani.ID, good())} {
		if b.Status != http.StatusForbidden || !strings.Contains(b.Body, "/masuk?ulang=ya") {
			t.Errorf("after six minutes: %d; want to log in again", b.Status)
		}
	}
}

// A session that the provider opened long ago is not fresh.
func TestSilentLoginIsNotFresh(t *testing.T) {
	d := newDesk(t)
	p := d.known(staff.Admin)
	d.claims = func(c map[string]any) { c["auth_time"] = d.Clock.Now().Add(-time.Hour).Unix() }
	b := d.Browser()
	d.login(b, nil)
	if got := b.Get("/pengguna/" + p.ID).Status; got != http.StatusForbidden {
		t.Errorf("a login of an hour ago at the provider: %d; want 403", got)
	}
	d.claims = nil
	d.loginAt(b, "/masuk?ulang=ya", nil)
	if got := b.Get("/pengguna/" + p.ID).Status; got != http.StatusOK {
		t.Errorf("after logging in again: %d; want 200", got)
	}
}

// Nothing of the person or the protocol reaches the log.
func TestLogIsQuiet(t *testing.T) {
	d := newDesk(t)
	d.known(staff.Officer)
	d.login(d.Browser(), nil)
	d.login(d.Browser(), func(q url.Values) { q.Set("state", "x") })
	for _, secret := range []string{"Orang Satu", "orang-1", clientSecret, "kode=", "code=", staff.ID(d.srv.URL, "orang-1")} {
		if strings.Contains(d.Log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if !strings.Contains(d.Log.String(), "login refused: state") {
		t.Error("a refused login is not logged")
	}
}
