package functions_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"

	"lapakasik/functions/collective"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/register"
	"lapakasik/functions/results"
	"lapakasik/functions/search"
	"lapakasik/functions/upload"
)

// An api is functions/openapi.yaml.
type api struct {
	doc      map[string]any
	compiler *jsonschema.Compiler
}

const schemaURL = "https://lapakasik.example/openapi.json"

func read(t *testing.T) api {
	t.Helper()
	b, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var raw map[string]any
	if err := yaml.Unmarshal(b, &raw); err != nil {
		t.Fatal(err)
	}
	// Through JSON, so that the schema compiler sees JSON's types.
	b, err = json.Marshal(raw)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(schemaURL, doc); err != nil {
		t.Fatal(err)
	}
	return api{doc.(map[string]any), c}
}

func (a api) operation(method, path string) map[string]any {
	paths, _ := a.doc["paths"].(map[string]any)
	item, _ := paths[path].(map[string]any)
	op, _ := item[strings.ToLower(method)].(map[string]any)
	return op
}

// Every route is described, and nothing else.
func TestEveryRouteIsDescribed(t *testing.T) {
	a := read(t)
	if a.doc["openapi"] != "3.1.0" {
		t.Errorf("openapi = %v; want 3.1.0", a.doc["openapi"])
	}
	var routes []web.Route
	routes = append(routes, (&register.Service{}).Routes()...)
	routes = append(routes, (&upload.Service{}).Routes()...)
	routes = append(routes, (&search.Service{}).Routes()...)
	routes = append(routes, (&results.Service{}).Routes()...)
	routes = append(routes, (&collective.Service{}).Routes()...)
	known := map[string]bool{}
	for _, rt := range routes {
		known[rt.Method+" "+rt.Path] = true
		leadsBack := rt.Method == http.MethodGet && strings.HasPrefix(rt.Path, "/daftar/") && rt.Path != "/daftar/syarat"
		if a.operation(rt.Method, rt.Path) == nil && !leadsBack {
			t.Errorf("%s %s is not described", rt.Method, rt.Path)
		}
	}
	for path, item := range a.doc["paths"].(map[string]any) {
		for method := range item.(map[string]any) {
			if name := strings.ToUpper(method) + " " + path; method != "parameters" && !known[name] {
				t.Errorf("%s is described and does not exist", name)
			}
		}
	}
}

// answer checks a status and body against what the description promises.
func (a api) answer(t *testing.T, method, path string, got apptest.Answer) {
	t.Helper()
	responses, _ := a.operation(method, path)["responses"].(map[string]any)
	at := "/paths/" + strings.ReplaceAll(strings.ReplaceAll(path, "~", "~0"), "/", "~1") + "/" + strings.ToLower(method) + "/responses/"
	name := strconv.Itoa(got.Status)
	response, ok := responses[name].(map[string]any)
	if !ok {
		name = "default"
		response, _ = responses[name].(map[string]any)
	}
	at += name
	if ref, ok := response["$ref"].(string); ok {
		at = strings.TrimPrefix(ref, "#")
	}
	schema, err := a.compiler.Compile(schemaURL + "#" + at + "/content/application~1json/schema")
	if err != nil {
		t.Fatalf("%s %s %d: %v", method, path, got.Status, err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(got.Body))
	if err != nil {
		t.Fatalf("%s %s = %d, no JSON: %.200s", method, path, got.Status, got.Body)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s %s = %d %s\n%v", method, path, got.Status, got.Body, err)
	}
}

// The whole journey by JSON, every answer held against its schema.
func TestAnswersAreAsDescribed(t *testing.T) {
	a, app := read(t), apptest.New(t, "..")
	b := app.Browser()
	call := func(method, address, path string, value any, want ...int) apptest.Answer {
		t.Helper()
		got := b.Ask(method, address, value)
		if !slices.Contains(want, got.Status) {
			t.Fatalf("%s %s = %d %s; want %v", method, address, got.Status, got.Body, want)
		}
		a.answer(t, method, path, got)
		return got
	}
	form := apptest.JSON(app.Application(1))
	call("GET", "/daftar", "/daftar", nil, 200)
	call("GET", "/daftar/syarat?sebab=phk", "/daftar/syarat", nil, 200)
	call("GET", "/status", "/status", nil, 401)
	for _, step := range []string{"syarat", "kantor", "tanggal", "jam", "data-diri", "periksa"} {
		call("POST", "/daftar/"+step, "/daftar/"+step, form, 200)
		call("POST", "/daftar/"+step, "/daftar/"+step, map[string]any{"sebab": "phk"}, 422)
		call("POST", "/en/daftar/"+step, "/daftar/"+step, map[string]any{"sebab": "phk", "x": "y"}, 422)
	}
	early := apptest.JSON(app.Application(2))
	early["tanggal-surat-pengunduran-diri"] = "2026-11-20"
	call("POST", "/daftar", "/daftar", early, 200)
	code := call("POST", "/daftar", "/daftar", form, 201).JSON(t)["kode"]
	call("POST", "/daftar", "/daftar", apptest.JSON(app.Application(1)), 409)
	call("POST", "/status", "/status", map[string]any{"kode": "x", "tanggal-lahir": "x"}, 422)
	call("POST", "/status", "/status", map[string]any{"kode": code, "tanggal-lahir": "1990-01-01"}, 200)
	call("GET", "/status", "/status", nil, 200)
	call("GET", "/status/pindah", "/status/pindah", nil, 200)
	call("POST", "/status/pindah", "/status/pindah", map[string]any{"kantor": "bandar-lampung"}, 200)
	call("POST", "/status/pindah", "/status/pindah", map[string]any{"kantor": "bandar-lampung", "tanggal": "2026-11-26", "jam": "09:00"}, 200)
	call("GET", "/uji-perangkat", "/uji-perangkat", nil, 200)
	call("GET", "/uji-perangkat/hasil", "/uji-perangkat/hasil", nil, 200)
	call("POST", "/uji-perangkat", "/uji-perangkat", map[string]any{}, 422)
	call("POST", "/uji-perangkat/unggah", "/uji-perangkat/unggah", map[string]any{}, 200)
	call("POST", "/uji-perangkat", "/uji-perangkat", map[string]any{"kamera": "tidak", "jaringan": "ya"}, 200)
	call("GET", "/uji-perangkat/hasil", "/uji-perangkat/hasil", nil, 200)
	call("POST", "/status/telepon", "/status/telepon", map[string]any{"telepon": "ya"}, 200)
	call("GET", "/status", "/status", nil, 200)
	call("GET", "/status/pindah?kanal=onsite", "/status/pindah", nil, 200)
	a.answer(t, "POST", "/uji-perangkat", app.Browser().Ask("POST", "/uji-perangkat", map[string]any{"whatsapp": "ya"}))
	call("GET", "/berkas", "/berkas", nil, 200)
	call("GET", "/berkas/ktp", "/berkas/{slot}", nil, 200)
	permit := map[string]any{"dokumen": "ktp", "jenis": "image/jpeg", "ukuran": "1000", "sha256": strings.Repeat("0a", 32)}
	call("POST", "/berkas/ktp/izin", "/berkas/{slot}/izin", permit, 200)
	permit["ukuran"] = "6291457"
	call("POST", "/berkas/ktp/izin", "/berkas/{slot}/izin", permit, 422)
	call("GET", "/berkas/ktp/selesai", "/berkas/{slot}/selesai", nil, 200)
	call("GET", "/berkas", "/berkas", nil, 200)
	call("POST", "/berkas/kirim", "/berkas/kirim", map[string]any{}, 422)
	call("GET", "/tanda-terima", "/tanda-terima", nil, 200)
	if got := b.Ask("GET", "/tanda-terima/jadwal.ics", nil); !strings.HasPrefix(got.Header.Get("Content-Type"), "text/calendar") {
		t.Errorf("calendar is %s", got.Header.Get("Content-Type"))
	}
	call("GET", "/status/batal", "/status/batal", nil, 200)
	call("POST", "/status/batal", "/status/batal", map[string]any{"versi": "1"}, 409)
	call("POST", "/status/batal", "/status/batal", map[string]any{}, 200)
	invitation := apptest.Invitation(t, b.Get("/status"))
	call("POST", "/keluar", "/keluar", map[string]any{}, 200)
	call("GET", "/survei?undangan=x", "/survei", nil, 404)
	call("GET", "/survei?undangan="+invitation, "/survei", nil, 200)
	call("POST", "/survei", "/survei", map[string]any{"undangan": invitation}, 422)
	call("POST", "/survei", "/survei", map[string]any{"undangan": invitation, "waktu": "baik"}, 200)
	call("POST", "/survei", "/survei", map[string]any{"undangan": invitation, "waktu": "baik"}, 409)
	app.Recorded("2026-10")
	call("GET", "/kinerja", "/kinerja", nil, 200)
	call("GET", "/en/kinerja?cabang=bandar-lampung&bulan=2026-10", "/kinerja", nil, 200)
	call("GET", "/kinerja?bulan=2026-11", "/kinerja", nil, 422)
	call("GET", "/kinerja/data.csv?cabang=x", "/kinerja/data.csv", nil, 422)
	if got := b.Ask("GET", "/kinerja/data.csv", nil); got.Status != 200 || !strings.HasPrefix(got.Header.Get("Content-Type"), "text/csv") {
		t.Errorf("CSV is %d %s", got.Status, got.Header.Get("Content-Type"))
	}
}
