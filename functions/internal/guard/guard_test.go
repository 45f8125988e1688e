package guard_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/site/page"
)

func hello(c *guard.Call) error {
	return c.Show(http.StatusOK, &page.Page{Title: "Halo " + c.Branch}, map[string]string{"kantor": c.Branch})
}

var routes = []guard.Route{
	{Method: http.MethodGet, Path: "/meja/{kantor}", Roles: []staff.Role{staff.Officer}, Handle: hello},
	{Method: http.MethodPost, Path: "/meja/{kantor}", Roles: []staff.Role{staff.Officer}, Handle: hello},
	{Method: http.MethodPost, Path: "/unduh", Roles: staff.Everybody, Fresh: true, Handle: hello},
}

func TestGuard(t *testing.T) {
	office := apptest.New(t, "../../..").Office(routes)
	ani := apptest.Person(1, staff.Officer, "bandar-lampung")
	b := office.As(ani)
	tests := []struct {
		name         string
		browser      *apptest.Browser
		method, path string
		want         int
	}{
		{"own branch", b, http.MethodGet, "/meja/bandar-lampung", 200},
		{"in English", b, http.MethodGet, "/en/meja/bandar-lampung", 200},
		{"foreign branch", b, http.MethodGet, "/meja/kudus", 403},
		{"wrong role", office.As(apptest.Person(2, staff.Auditor, staff.AllBranches)), http.MethodGet, "/meja/kudus", 403},
		{"every branch", office.As(apptest.Person(3, staff.Officer, staff.AllBranches)), http.MethodGet, "/meja/kudus", 200},
		{"nobody", office.Browser(), http.MethodGet, "/meja/bandar-lampung", 303},
		{"nobody sends", office.Browser(), http.MethodPost, "/meja/bandar-lampung", 401},
		{"form", b, http.MethodPost, "/meja/bandar-lampung", 200},
		{"fresh login", b, http.MethodPost, "/unduh", 200},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.browser.Do(tt.method, tt.path, "", "text/html", nil).Status; got != tt.want {
				t.Errorf("%s %s: %d; want %d", tt.method, tt.path, got, tt.want)
			}
		})
	}
	t.Run("no origin", func(t *testing.T) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, office.URL+"/meja/bandar-lampung", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := b.Client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode != http.StatusForbidden {
			t.Errorf("a form from nowhere: %d; want 403", res.StatusCode)
		}
	})
	t.Run("login too old", func(t *testing.T) {
		office.Clock.Move(6 * time.Minute)
		if got := b.Post("/unduh", nil).Status; got != http.StatusForbidden {
			t.Errorf("%d; want 403", got)
		}
	})
	t.Run("role taken away", func(t *testing.T) {
		ani.Version, ani.Roles = 1, []staff.Role{staff.Auditor}
		if _, err := office.Staff.Save(t.Context(), ani); err != nil {
			t.Fatal(err)
		}
		if got := b.Get("/meja/bandar-lampung").Status; got != http.StatusForbidden {
			t.Errorf("after the role was taken away: %d; want 403", got)
		}
	})
	t.Run("idle", func(t *testing.T) {
		office.Clock.Move(16 * time.Minute)
		if got := b.Get("/meja/bandar-lampung"); got.Status != http.StatusSeeOther || !strings.HasSuffix(got.Header.Get("Location"), "/masuk") {
			t.Errorf("after 16 minutes of nothing: %d to %s; want the login", got.Status, got.Header.Get("Location"))
		}
	})
}

func TestRouteWithoutRule(t *testing.T) {
	g := &guard.Guard{}
	if _, err := g.Handler([]guard.Route{{Method: http.MethodGet, Path: "/meja", Handle: hello}}); err == nil {
		t.Error("a route without a rule starts")
	}
}
