package machine_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/machine"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/sample"
)

// A visitor keeps cookies, which a jar would not over plain HTTP.
type visitor struct {
	t       *testing.T
	url     string
	cookies map[string]string
}

// ask sends JSON and returns status and answer.
func (v *visitor) ask(path string, value any) (int, map[string]any) {
	v.t.Helper()
	method, body := http.MethodGet, []byte(nil)
	if value != nil {
		method = http.MethodPost
		var err error
		if body, err = json.Marshal(value); err != nil {
			v.t.Fatal(err)
		}
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.url+path, bytes.NewReader(body))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	for name, value := range v.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		v.cookies[c.Name] = c.Value
	}
	b, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(b, &answer); err != nil {
		v.t.Fatalf("%s %s = %d: %.200s", method, path, res.StatusCode, b)
	}
	return res.StatusCode, answer
}

// until asks again until the answer is as wanted.
func (v *visitor) until(path string, value any, wanted func(int, map[string]any) bool) map[string]any {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.t.Context(), time.Minute)
	defer cancel()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		status, answer := v.ask(path, value)
		if wanted(status, answer) {
			return answer
		}
		select {
		case <-ctx.Done():
			v.t.Fatalf("%s = %d %v", path, status, answer)
		case <-tick.C:
		}
	}
}

func (v *visitor) must(path string, value any, want int) map[string]any {
	v.t.Helper()
	status, answer := v.ask(path, value)
	if status != want {
		v.t.Fatalf("%s = %d %v; want %d", path, status, answer, want)
	}
	return answer
}

// send puts a file where the permission says, and returns what became of it.
func (v *visitor) send(slot, kind string, s sample.Sample) map[string]any {
	v.t.Helper()
	sum := sha256.Sum256(s.Body)
	permit := v.must("/latihan/berkas/"+slot+"/izin", map[string]any{"dokumen": kind, "jenis": mime.TypeByExtension(path.Ext(s.Name)),
		"ukuran": strconv.Itoa(len(s.Body)), "sha256": hex.EncodeToString(sum[:])}, http.StatusOK)
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPut, permit["url"].(string), bytes.NewReader(s.Body))
	if err != nil {
		v.t.Fatal(err)
	}
	for name, value := range permit["header"].(map[string]any) {
		r.Header.Set(name, value.(string))
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		v.t.Fatalf("sending %s: %s", s.Name, res.Status)
	}
	var found map[string]any
	v.until("/latihan/berkas", nil, func(_ int, answer map[string]any) bool {
		for _, x := range answer["berkas"].([]any) {
			if f := x.(map[string]any); f["unggahan"] == permit["unggahan"] && f["status"] != "menunggu" {
				found = f
				return true
			}
		}
		return false
	})
	return found
}

// practice is a complete application for the rehearsal.
func (v *visitor) practice(nik string) map[string]any {
	v.t.Helper()
	form := map[string]any{"kunci": v.must("/latihan/daftar", nil, http.StatusOK)["kunci"], "sebab": "mengundurkan-diri", "tanggal-lahir": "1990-01-01",
		"tanggal-surat-pengunduran-diri": "2026-01-01", "kepesertaan-nonaktif": "ya", "saldo-di-atas-50-juta": "tidak", "pernah-klaim-sebagian": "tidak",
		"kantor": "bandar-lampung", "kanal": "online"}
	dates := v.must("/latihan/daftar/kantor", form, http.StatusOK)["tanggal"].([]any)
	form["tanggal"] = dates[2]
	times := v.must("/latihan/daftar/tanggal", form, http.StatusOK)["jam"].([]any)
	first := times[0].(map[string]any)
	if first["sisa"].(float64) < 20 {
		v.t.Errorf("a rehearsal has %v places at %v; want plenty", first["sisa"], first["jam"])
	}
	form["jam"] = first["jam"]
	for name, value := range map[string]any{"nama": "Budi Uji", "nik": nik, "kpj": "99000000001", "ponsel": "081234567890", "surel": "budi@contoh.id",
		"bank": "Bank Uji", "rekening": "1234567890", "pemilik": "Budi Uji", "persetujuan": []string{"pengenalan-wajah", "pengingat"}} {
		form[name] = value
	}
	return form
}

// A whole rehearsal, with every sample, leaves nothing where the real
// registrations are.
func TestRehearsalLeavesNothingReal(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	data := t.TempDir()
	p, err := machine.Start(t.Context(), machine.Options{Root: root, Data: data, Addr: "127.0.0.1:0", Progress: io.Discard, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}()
	v := &visitor{t: t, url: p.URL, cookies: map[string]string{}}
	form, code := v.rehearse()

	db := storetest.Client(p.Engine.URL)
	real := map[string]int{}
	for _, table := range []string{"Table", "KeysTable"} {
		for _, it := range everything(t, db, table) {
			kind, _, _ := strings.Cut(attribute(it, "PK"), "#")
			real[kind]++
			if kind != "DAY" && kind != "SEAT" || kind == "SEAT" && attribute(it, "state") != "FREE" {
				t.Errorf("%s has %s after a rehearsal", table, attribute(it, "PK"))
			}
		}
	}
	practised := map[string]int{}
	for _, it := range everything(t, db, "RehearsalTable") {
		kind, _, _ := strings.Cut(attribute(it, "PK"), "#")
		practised[kind]++
		if it["ttl"] == nil {
			t.Errorf("%s %s of a rehearsal has no end", attribute(it, "PK"), attribute(it, "SK"))
		}
	}
	if practised["REG"] == 0 || practised["KEY"] == 0 || practised["CLM"] == 0 || practised["UPL"] == 0 {
		t.Errorf("the rehearsal's table holds %v; want a whole registration", practised)
	}
	v.opensNothingReal(form, code)
	t.Logf("real: %v, rehearsal: %v", real, practised)

	kept := objects(t, data, "rehearsal")
	for _, name := range []string{"inbox", "vault"} {
		if got := objects(t, data, name); got != 0 {
			t.Errorf("the real %s holds %d objects after a rehearsal", name, got)
		}
	}
	if kept == 0 {
		t.Error("the rehearsal kept no document, so this test looked in the wrong place")
	}
}

// opensNothingReal tries what a rehearsal gave away at the real doors.
func (v *visitor) opensNothingReal(form map[string]any, code string) {
	v.cookies["__Host-klaim"] = v.cookies["__Host-latihan"]
	v.must("/status", nil, http.StatusUnauthorized)
	v.must("/berkas", nil, http.StatusUnauthorized)
	v.must("/status", map[string]any{"kode": code, "tanggal-lahir": "1990-01-01"}, http.StatusUnprocessableEntity)
	// Its form key is none here, so the form is shown again.
	if status, answer := v.ask("/daftar", form); status != http.StatusUnprocessableEntity {
		v.t.Errorf("the form of a rehearsal is answered with %d %v by the real registration", status, answer)
	}
}

// rehearse goes the whole way by the JSON form, and returns the form and its code.
func (v *visitor) rehearse() (form map[string]any, code string) {
	t := v.t
	// Nobody's own NIK is taken, whatever else is right.
	answer := v.must("/latihan/daftar", v.practice("1871010101900001"), http.StatusUnprocessableEntity)
	if want := page.T(requirement.ID, "latihan.nik-asli"); !strings.Contains(fmt.Sprint(answer), want) {
		t.Errorf("a real NIK is answered with %v; want %q", answer, want)
	}
	form = v.practice(storetest.NIK(7))
	booked := v.until("/latihan/daftar", form, func(status int, _ map[string]any) bool { return status == http.StatusCreated })
	code, _ = booked["kode"].(string)
	if again := v.must("/latihan/daftar", form, http.StatusCreated)["kode"]; again != code {
		t.Errorf("the same form gives %v; was answered %v", again, code)
	}
	if _, ok := v.cookies["__Host-latihan"]; !ok || len(v.cookies) != 1 {
		t.Errorf("cookies of a rehearsal: %v", v.cookies)
	}
	list, err := sample.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range list {
		got := v.send("kartu-peserta", "kartu-peserta", s)
		want, finding := map[bool]string{true: "diterima", false: "ditolak"}[s.Passes], "[]"
		if s.Finding != "" {
			finding = fmt.Sprint([]string{page.T(requirement.ID, "berkas.temuan."+s.Finding)})
		}
		if got["status"] != want || fmt.Sprint(got["temuan"]) != finding {
			t.Errorf("%s: %v %v; want %s %s", s.Name, got["status"], got["temuan"], want, finding)
		}
	}
	v.must("/latihan/berkas/kirim", map[string]any{}, http.StatusUnprocessableEntity)
	v.send("ktp", "ktp", list[0])
	v.send("foto-diri", "foto-diri", list[1])
	v.send("bukti-pengunduran-diri", "keterangan-pengunduran-diri", list[2])
	if got := v.must("/latihan/berkas/kirim", map[string]any{}, http.StatusOK)["lanjut"]; got != "/latihan/tanda-terima" {
		t.Errorf("after the claim the page leads to %v", got)
	}
	if got := v.must("/latihan/tanda-terima", nil, http.StatusOK); got["kode"] != code || got["status"] != "terkirim" {
		t.Errorf("receipt: %v", got)
	}
	v.must("/latihan/status", map[string]any{"kode": code, "tanggal-lahir": "1990-01-01"}, http.StatusOK)
	v.must("/en/latihan/status/pindah", map[string]any{"kantor": "bandar-lampung", "tanggal": form["tanggal"], "jam": "10:00"}, http.StatusOK)
	if got := v.must("/latihan/status", nil, http.StatusOK); got["jam"] != "10:00" {
		t.Errorf("after moving: %v", got)
	}
	v.must("/latihan/status/batal", map[string]any{}, http.StatusOK)
	if got := v.must("/latihan/status", nil, http.StatusOK); got["status"] != "dibatalkan" {
		t.Errorf("after cancelling: %v", got)
	}
	cookie := v.cookies["__Host-latihan"]
	v.must("/latihan/keluar", map[string]any{}, http.StatusOK)
	v.must("/latihan/status", nil, http.StatusUnauthorized)
	v.cookies["__Host-latihan"] = cookie
	return form, code
}

func everything(t *testing.T, db *dynamodb.Client, table string) []map[string]types.AttributeValue {
	t.Helper()
	var all []map[string]types.AttributeValue
	for pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: aws.String(table)}); pages.HasMorePages(); {
		out, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, out.Items...)
	}
	return all
}

func attribute(it map[string]types.AttributeValue, name string) string {
	s, _ := it[name].(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// objects counts the files of a bucket, older versions too.
func objects(t *testing.T, data, bucket string) int {
	t.Helper()
	n := 0
	for _, folder := range []string{"objects", "versions"} {
		err := filepath.WalkDir(filepath.Join(data, "files", folder, "lapakasik-"+bucket+"-000000000000"), func(_ string, e fs.DirEntry, err error) error {
			if err == nil && !e.IsDir() {
				n++
			}
			return nil // no folder: no object
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return n
}
