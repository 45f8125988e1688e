package functions_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/agree"
	"lapakasik/functions/audit"
	"lapakasik/functions/desk"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/local/template"
	"lapakasik/functions/login"
	"lapakasik/functions/recap"
	"lapakasik/functions/supervise"
)

// staffTables are the routes of every function of the officers' site; a new
// function is added here.
var staffTables = [][]guard.Route{
	(&login.Service{}).Routes(),
	(&desk.Service{}).Routes(),
	(&recap.Service{}).Routes(),
	(&supervise.Service{}).Routes(),
	(&audit.Service{}).Routes(),
	(&agree.Service{}).Routes(),
}

// staffDoors are their routes that need no session.
var staffDoors = [][]web.Route{
	(&login.Service{}).Open(),
	(&desk.Service{}).Open(),
}

// A rule says who may use a route. It is written down a second time, here, so
// that no role grows by an oversight (TRUST R46, R59).
type rule struct {
	roles []staff.Role
	fresh bool
}

var (
	admins = rule{roles: []staff.Role{staff.Admin}}
	// freshAdmins have logged in within the last five minutes (TRUST R57).
	readers      = rule{roles: []staff.Role{staff.Supervisor, staff.Communications, staff.Auditor}}
	freshReaders = rule{roles: []staff.Role{staff.Supervisor, staff.Communications, staff.Auditor}, fresh: true}
	auditors     = rule{roles: []staff.Role{staff.Auditor}}
	officers     = rule{roles: []staff.Role{staff.Officer, staff.Supervisor}}
	supervisors  = rule{roles: []staff.Role{staff.Supervisor}}
	freshAdmins  = rule{roles: []staff.Role{staff.Admin}, fresh: true}
)

var staffRules = map[string]rule{
	"GET /pengguna":       admins,
	"GET /pengguna/{id}":  freshAdmins,
	"POST /pengguna/{id}": freshAdmins,

	"GET /rekap":        readers,
	"POST /rekap/unduh": freshReaders,

	"GET /audit":            auditors,
	"POST /audit/cari":      auditors,
	"GET /audit/klaim/{id}": auditors,
	"GET /audit/petugas":    auditors,

	"GET /perusahaan":                               officers,
	"GET /perusahaan/{kantor}":                      officers,
	"GET /perusahaan/{kantor}/{id}":                 officers,
	"GET /perusahaan/{kantor}/{id}/berkas/{berkas}": officers,
	"GET /perusahaan/{kantor}/{id}/daftar":          officers,
	"POST /perusahaan/{kantor}/{id}/kembali":        supervisors,
	"GET /perusahaan/{kantor}/{id}/jadwal":          supervisors,
	"POST /perusahaan/{kantor}/{id}/jadwal":         supervisors,

	"GET /penyelia":                        supervisors,
	"GET /penyelia/{kantor}":               supervisors,
	"POST /penyelia/{kantor}/cari":         supervisors,
	"GET /penyelia/{kantor}/jam/{kanal}":   supervisors,
	"POST /penyelia/{kantor}/jam/{kanal}":  supervisors,
	"GET /penyelia/{kantor}/hari":          supervisors,
	"POST /penyelia/{kantor}/hari":         supervisors,
	"POST /penyelia/{kantor}/hari/hapus":   supervisors,
	"GET /penyelia/{kantor}/tanpa-tempat":  supervisors,
	"POST /penyelia/{kantor}/tanpa-tempat": supervisors,
	"GET /penyelia/{kantor}/petugas":       supervisors,
	"POST /penyelia/{kantor}/petugas":      supervisors,
	"GET /penyelia/{kantor}/pesan":         supervisors,
	"POST /penyelia/{kantor}/pesan":        supervisors,
	"GET /penyelia/{kantor}/poster":        supervisors,
	"GET /penyelia/{kantor}/undian":        officers,
	"POST /penyelia/{kantor}/undian":       officers,

	"GET /meja":                                     officers,
	"GET /meja/{kantor}":                            officers,
	"GET /meja/{kantor}/antrean":                    officers,
	"POST /meja/{kantor}/ambil":                     officers,
	"POST /meja/{kantor}/hadir":                     officers,
	"POST /meja/{kantor}/kertas":                    officers,
	"POST /meja/{kantor}/loket":                     officers,
	"GET /meja/{kantor}/klaim/{id}":                 officers,
	"GET /meja/{kantor}/klaim/{id}/berkas/{berkas}": officers,
	"POST /meja/{kantor}/klaim/{id}/buka":           officers,
	"POST /meja/{kantor}/klaim/{id}/catatan":        officers,
	"POST /meja/{kantor}/klaim/{id}/tahan":          officers,
	"POST /meja/{kantor}/klaim/{id}/lanjut":         officers,
	"POST /meja/{kantor}/klaim/{id}/kembali":        officers,
	"POST /meja/{kantor}/klaim/{id}/tidak-datang":   officers,
	"POST /meja/{kantor}/klaim/{id}/serahkan":       officers,
	"POST /meja/{kantor}/klaim/{id}/putusan":        officers,
	"POST /meja/{kantor}/klaim/{id}/lanjutkan":      officers,
	"POST /meja/{kantor}/klaim/{id}/buka-lagi":      supervisors,
}

var placeholder = regexp.MustCompile(`\{[^}]*\}`)

// address fills a route's path; {kantor} is the branch.
func address(path, branch string) string {
	path = strings.ReplaceAll(strings.TrimSuffix(path, "{$}"), "{kantor}", branch)
	return placeholder.ReplaceAllString(path, "x1")
}

// Every route × every role × own and foreign branch × fresh and old login is
// allowed or refused as the rules say, in both languages. Nobody at all is let
// in nowhere. The guard is the real one; behind it stands "yes".
func TestWhoMayDoWhat(t *testing.T) {
	routes := slices.Concat(staffTables...)
	for i := range routes {
		routes[i].Handle = func(c *guard.Call) error { return c.Redirect("/boleh") }
	}
	office := apptest.New(t, "..").Office(routes)
	people := map[staff.Role]staff.Person{}
	for i, role := range staff.Roles {
		people[role] = apptest.Person(i+1, role, "bandar-lampung")
	}
	try := func(t *testing.T, b *apptest.Browser, rt guard.Route, branch string, want bool) {
		t.Helper()
		for _, prefix := range []string{"", "/en"} {
			got := b.Do(rt.Method, prefix+address(rt.Path, branch), "", "text/html", nil)
			if allowed := strings.HasSuffix(got.Header.Get("Location"), "/boleh"); allowed != want || !allowed && got.Status != http.StatusForbidden {
				t.Errorf("%s %s%s = %d; want allowed %t", rt.Method, prefix, address(rt.Path, branch), got.Status, want)
			}
		}
	}
	seen, tried := map[string]bool{}, 0
	for _, old := range []bool{false, true} {
		browsers := map[staff.Role]*apptest.Browser{}
		for role, p := range people {
			browsers[role] = office.As(p)
		}
		if old {
			office.Clock.Move(6 * time.Minute)
		}
		for _, rt := range routes {
			name := rt.Method + " " + rt.Path
			r, ok := staffRules[name]
			if !ok {
				t.Errorf("%s has no rule", name)
				continue
			}
			seen[name] = true
			for role, b := range browsers {
				own := slices.Contains(r.roles, role) && !(r.fresh && old)
				try(t, b, rt, "bandar-lampung", own)
				tried++
				if strings.Contains(rt.Path, "{kantor}") {
					try(t, b, rt, "kudus", false)
					tried++
				}
			}
			if got := office.Browser().Do(rt.Method, address(rt.Path, "bandar-lampung"), "", "text/html", nil); strings.HasSuffix(got.Header.Get("Location"), "/boleh") {
				t.Errorf("%s lets anybody in", name)
			}
		}
	}
	for name := range staffRules {
		if !seen[name] {
			t.Errorf("%s has a rule and does not exist", name)
		}
	}
	t.Logf("%d routes, %d attempts in two languages", len(routes), tried)
}

// Every route of the officers' site is in the template, so that API Gateway
// sends it to its function, in both languages.
func TestStaffRoutesAreInTheTemplate(t *testing.T) {
	tpl, err := template.Read("../template.yaml", map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for _, f := range tpl.Functions {
		for _, rt := range f.Routes {
			if rt.Api == "StaffApi" {
				mux.HandleFunc(rt.Pattern(), func(http.ResponseWriter, *http.Request) {})
			}
		}
	}
	var names []string
	for _, rt := range slices.Concat(staffTables...) {
		names = append(names, rt.Method+" "+rt.Path, rt.Method+" /en"+rt.Path)
	}
	for _, rt := range slices.Concat(staffDoors...) {
		names = append(names, rt.Method+" "+rt.Path)
		if rt.Path != "/masuk/kembali" { // the one address that the provider knows
			names = append(names, rt.Method+" /en"+strings.TrimSuffix(rt.Path, "/{$}"))
		}
	}
	for _, name := range names {
		method, path, _ := strings.Cut(name, " ")
		r, err := http.NewRequestWithContext(t.Context(), method, address(path, "kudus"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, pattern := mux.Handler(r); pattern == "" {
			t.Errorf("%s has no route in the template", name)
		}
	}
}
