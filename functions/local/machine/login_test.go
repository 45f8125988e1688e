package machine_test

import (
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"lapakasik/functions/internal/guard"
	"lapakasik/functions/local/machine"
)

// An officer's browser keeps cookies, which a jar would not over plain HTTP,
// by host as browsers do.
type officer struct {
	t       testing.TB
	cookies map[string]string
}

// send asks and returns status, page and where it leads.
func (o *officer) send(method, address string, form url.Values, from string) (status int, body, next string) {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		o.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", from)
	}
	for name, value := range o.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		o.cookies[c.Name] = c.Value
		if c.MaxAge < 0 {
			delete(o.cookies, c.Name)
		}
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	if next = res.Header.Get("Location"); next != "" {
		to, err := r.URL.Parse(next)
		if err != nil {
			o.t.Fatal(err)
		}
		next = to.String()
	}
	return res.StatusCode, string(b), next
}

// login goes the whole way from the officers' site to the provider and back,
// and returns the page it ends at.
func (o *officer) login(p *machine.Program, name, password string) (status int, body, at string) {
	o.t.Helper()
	at = p.StaffURL + "/masuk/mulai"
	for range 12 {
		status, body, next := o.send(http.MethodGet, at, nil, "")
		if next != "" {
			at = next
			continue
		}
		if !strings.Contains(at, "permintaan=") {
			return status, body, at
		}
		u, err := url.Parse(at)
		if err != nil {
			o.t.Fatal(err)
		}
		_, body, next = o.send(http.MethodPost, at, url.Values{"permintaan": {u.Query().Get("permintaan")}, "nama": {name}, "sandi": {password}}, u.Scheme+"://"+u.Host)
		if next == "" {
			return 0, body, at
		}
		at = next
	}
	o.t.Fatalf("the login leads in circles: %s", at)
	return 0, "", ""
}

// Everybody of the demonstration logs in with the real protocol, and lands
// where their role works; who has none is told their number, and an
// administrator finds them by it.
func TestLogin(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	p, err := machine.Start(t.Context(), machine.Options{Root: root, Data: t.TempDir(), Addr: "127.0.0.1:0", Progress: io.Discard, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	password := map[string]string{}
	for _, a := range p.Accounts {
		password[a.Username] = a.Password
	}
	for name, home := range map[string]string{"petugas1": "/meja", "petugas2": "/meja", "penyelia": "/meja", "komunikasi": "/rekap", "auditor": "/audit", "admin": "/pengguna"} {
		o := &officer{t, map[string]string{}}
		if _, _, at := o.login(p, name, password[name]); !strings.HasPrefix(at, p.StaffURL+home) || o.cookies[guard.Cookie] == "" {
			t.Errorf("%s lands at %s; want %s", name, at, home)
		}
	}
	if _, body, _ := (&officer{t, map[string]string{}}).login(p, "admin", "salah"); !strings.Contains(body, "salah") {
		t.Error("a wrong password is not told")
	}

	stranger := &officer{t, map[string]string{}}
	status, body, _ := stranger.login(p, "baru", password["baru"])
	id := regexp.MustCompile(`[0-9a-f]{32}`).FindString(body)
	if status != http.StatusForbidden || id == "" || stranger.cookies[guard.Cookie] != "" {
		t.Fatalf("somebody without a role: %d, cookies %v", status, stranger.cookies)
	}
	admin := &officer{t, map[string]string{}}
	if _, body, _ = admin.login(p, "admin", password["admin"]); !strings.Contains(body, "/pengguna/"+id) {
		t.Error("the administrator does not see who waits for a role")
	}
	form := url.Values{"nama": {"Orang Baru"}, "peran": {"AUDITOR"}, "akses": {"buka"}, "versi": {"1"}}
	if status, body, _ := admin.send(http.MethodPost, p.StaffURL+"/pengguna/"+id, form, p.StaffURL); status != http.StatusSeeOther {
		t.Fatalf("giving a role: %d %.300s", status, body)
	}
	if _, _, at := stranger.login(p, "baru", password["baru"]); at != p.StaffURL+"/audit" {
		t.Errorf("with a role the new colleague lands at %s", at)
	}
}
