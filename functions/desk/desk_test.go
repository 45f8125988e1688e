package desk_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/desk"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/objects"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

const branch = "bandar-lampung"

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s sets) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

type people struct{ app *apptest.App }

func (p *people) People(ctx context.Context) ([]staff.Person, error) { return p.app.Staff.People(ctx) }

// A world is an office on a day of claims, with a vault.
type world struct {
	*apptest.App
	files  *s3.Client
	public string // address of the public site
}

func start(t *testing.T) *world {
	t.Helper()
	app := apptest.New(t, "../..")
	gateway := objects.Test(t, objects.Options{})
	client := s3.New(s3.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(gateway.URL), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(gateway.AccessKey, gateway.SecretKey, "")})
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("vault")}); err != nil {
		t.Fatal(err)
	}
	k, ppl := storetest.Keys(t), &people{}
	s := &desk.Service{Store: app.Store, People: ppl, Sets: sets{app.Set}, Files: bucket.NewViewer(client, "vault", "", time.Now), FilesOrigin: gateway.URL, Public: app.URL,
		Pseudonym: func(_ context.Context, p, v string) (string, error) { return k.Pseudonym(p, v), nil }}
	w := &world{app.Office(s.Routes(), s.Open()...), client, app.URL}
	ppl.app = w.App
	plan := claim.DayPlan{Branch: branch, Date: storetest.Tomorrow, Sessions: []claim.Session{
		{Channel: requirement.Online, Time: "08:00", Places: 100}, {Channel: requirement.Onsite, Time: "08:00", Places: 8}}}
	if err := app.Store.EnsureDay(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	return w
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// book makes the n-th person's submitted claim; change may be nil.
func (w *world) book(t *testing.T, n int, change func(*claim.Booking)) claim.Registration {
	t.Helper()
	b := storetest.Booking(n)
	b.Place.Branch, b.SetVersion = branch, w.Set.Version
	if change != nil {
		change(&b)
	}
	reg := must(w.Store.Book(t.Context(), b))
	return must(w.Store.Submit(t.Context(), reg.ID, reg.Version))
}

// paper puts a file into the vault as inspection does.
func (w *world) paper(t *testing.T, reg claim.Registration, slot string, body []byte) claim.Document {
	t.Helper()
	d := claim.Document{Slot: slot, Kind: slot, Upload: reg.ID, State: claim.DocWaiting, Created: w.Clock.Now(), Expires: w.Clock.Now().Add(time.Hour)}
	if err := w.Store.AllowUpload(t.Context(), reg.ID, d); err != nil {
		t.Fatal(err)
	}
	d.State, d.Media, d.SHA256, d.VaultKey = claim.DocPassed, "image/png", strings.Repeat("ab", 32), claim.VaultKey(d.Upload, slot, "png")
	must(w.files.PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("vault"), Key: &d.VaultKey, Body: bytes.NewReader(body)}))
	if err := w.Store.FinishUpload(t.Context(), reg.ID, d); err != nil {
		t.Fatal(err)
	}
	return d
}

func (w *world) open() { w.Clock.Move(24 * time.Hour) } // the session's hour: 08.00 of the day

func (w *world) actions(t *testing.T, id string) string {
	t.Helper()
	var out []string
	for _, x := range must(w.Store.History(t.Context(), id)) {
		out = append(out, x.Action)
	}
	return strings.Join(out, ", ")
}

func at(id, path string) string { return "/meja/" + branch + "/klaim/" + id + path }

func officer(n int) staff.Person { return apptest.Person(n, staff.Officer, branch) }

func TestBoard(t *testing.T) {
	w := start(t)
	b := w.As(officer(1))
	if a := b.Get("/meja"); a.Status != http.StatusSeeOther || a.Header.Get("Location") != "/meja/"+branch {
		t.Errorf("one branch: %d to %q", a.Status, a.Header.Get("Location"))
	}
	if a := b.Get("/meja/kudus"); a.Status != http.StatusForbidden {
		t.Errorf("foreign branch: %d", a.Status)
	}
	var ids []string
	for n := range 60 {
		ids = append(ids, w.book(t, n, nil).ID)
	}
	w.Clock.Move(23*time.Hour + 55*time.Minute)
	b = w.As(officer(1)) // a night is longer than a session
	early := b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {ids[0]}})
	if early.Status != http.StatusConflict || !strings.Contains(early.Body, "Belum waktunya") {
		t.Errorf("five minutes early: %d", early.Status)
	}
	must(w.Store.Arrive(t.Context(), "claimant", ids[0]))
	if a := b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {ids[0]}}); a.Status != http.StatusSeeOther {
		t.Fatalf("ready five minutes early: %d", a.Status)
	}
	w.Clock.Move(6 * time.Minute)
	for range 5 {
		if a := b.Post("/meja/"+branch+"/ambil", nil); a.Status != http.StatusSeeOther {
			t.Fatalf("take the next: %d", a.Status)
		}
	}
	if a := b.Post("/meja/"+branch+"/ambil", nil); a.Status != http.StatusConflict || !strings.Contains(a.Body, "Tangan sudah penuh") {
		t.Errorf("a seventh claim: %d", a.Status)
	}
	for _, lang := range []string{"", "/en"} {
		a := b.Get(lang + "/meja/" + branch)
		pagetest.Check(t, []byte(a.Body))
		tiles, queue, ok := strings.Cut(a.Body, `id="antrean"`)
		if !ok || strings.Count(tiles, "Budi Uji</a>") != 6 || strings.Contains(queue, "Budi") {
			t.Errorf("%d names in tiles; a name in the queue: %v", strings.Count(tiles, "Budi Uji</a>"), strings.Contains(queue, "Budi"))
		}
		var z bytes.Buffer
		g := gzip.NewWriter(&z)
		must(io.WriteString(g, a.Body))
		if err := g.Close(); err != nil {
			t.Fatal(err)
		}
		head := 0
		for k, v := range a.Header {
			head += len(k) + len(strings.Join(v, "")) + 4
		}
		t.Logf("desk%s: %d bytes with gzip and %d of headers", lang, z.Len(), head)
		if z.Len()+head > 14<<10 {
			t.Errorf("the desk's first view is %d bytes; want at most 14 KB", z.Len()+head)
		}
	}
	part := b.Get("/meja/" + branch + "/antrean")
	if part.Status != http.StatusOK || strings.Contains(strings.ReplaceAll(part.Body, "Petugas Uji", ""), "Budi") {
		t.Errorf("the queue alone: %d, or it has a name", part.Status)
	}
}

// Two officers in two browsers want the same claims: each claim is in one hand.
func TestTakeRace(t *testing.T) {
	w := start(t)
	const claims = 8
	var ids []string
	for n := range claims {
		ids = append(ids, w.book(t, n, nil).ID)
	}
	w.open()
	browsers := []*apptest.Browser{w.As(officer(1)), w.As(officer(2))}
	got := make([]int, len(browsers))
	var wg sync.WaitGroup
	for i, b := range browsers {
		wg.Go(func() {
			for _, id := range ids {
				if b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {id}}).Status == http.StatusSeeOther {
					got[i]++
				}
			}
		})
	}
	wg.Wait()
	hands := map[string]int{}
	for n := range browsers {
		own := must(w.Store.InHand(t.Context(), branch, officer(n+1).ID))
		if len(own) != got[n] || len(own) > 6 {
			t.Errorf("officer %d was told of %d claims and has %d", n+1, got[n], len(own))
		}
		for _, id := range own {
			hands[id]++
		}
	}
	if got[0]+got[1] != claims || len(hands) != claims {
		t.Errorf("%d and %d taken, %d claims in hand; want %d", got[0], got[1], len(hands), claims)
	}
}

// What an officer may open, what it shows, and what the trail keeps of it.
func TestClaimPage(t *testing.T) {
	w := start(t)
	reg := w.book(t, 1, func(b *claim.Booking) { b.Person.NIK, b.Flags = storetest.NIK(1), []string{claim.FlagHolder} })
	other := w.book(t, 2, nil)
	png := must(base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="))
	d := w.paper(t, reg, "ktp", png)
	w.paper(t, other, "ktp", png)
	w.open()
	b, foreign := w.As(officer(1)), w.As(officer(2))
	if a := b.Get(at(reg.ID, "")); a.Status != http.StatusConflict {
		t.Errorf("a claim that nobody took: %d", a.Status)
	}
	b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {reg.ID}})
	if a := foreign.Get(at(reg.ID, "")); a.Status != http.StatusConflict || strings.Contains(a.Body, "Budi") {
		t.Errorf("another officer's claim: %d", a.Status)
	}
	a := b.Get(at(reg.ID, ""))
	pagetest.Check(t, []byte(a.Body))
	nik := storetest.NIK(1)
	for _, want := range []string{"Budi Uji", nik[12:], "••••", "Nama rekening berbeda", "persis sama ada di 1 klaim", "/berkas/" + d.Upload} {
		if !strings.Contains(a.Body, want) {
			t.Errorf("the claim's page lacks %q", want)
		}
	}
	if strings.Contains(a.Body, nik) || !strings.Contains(a.Body, "••••••7890") {
		t.Error("NIK or account stands there whole")
	}
	if a := b.Post(at(reg.ID, "/buka"), nil); a.Status != http.StatusUnprocessableEntity || strings.Contains(a.Body, nik) {
		t.Errorf("whole numbers without a reason: %d", a.Status)
	}
	if a := b.Post(at(reg.ID, "/buka"), url.Values{"alasan-lihat": {"cocok-ktp"}}); !strings.Contains(a.Body, nik) {
		t.Error("with a reason the NIK is not whole")
	}
	if a := b.Post(at(reg.ID, "/catatan"), url.Values{"catatan": {"Rahasia kenari biru"}}); a.Status != http.StatusSeeOther {
		t.Errorf("note: %d", a.Status)
	}
	if a := b.Post(at(reg.ID, "/catatan"), url.Values{"catatan": {strings.Repeat("x", 1001)}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("long note: %d", a.Status)
	}
	if a := b.Get(at(reg.ID, "")); !strings.Contains(a.Body, "Petugas Uji 1: Rahasia kenari biru") {
		t.Error("the note is not there with its author")
	}
	viewDocument(t, w, b, reg, d, png)
	acts := w.actions(t, reg.ID)
	for _, want := range []string{"view claim", "view person cocok-ktp", "note", "view document ktp"} {
		if !strings.Contains(acts, want) {
			t.Errorf("the trail lacks %q: %s", want, acts)
		}
	}
	for _, secret := range append(storetest.Canary(storetest.Booking(1)), "kenari", "Petugas Uji") {
		if strings.Contains(w.Log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

func viewDocument(t *testing.T, w *world, b *apptest.Browser, reg claim.Registration, d claim.Document, want []byte) {
	t.Helper()
	a := b.Get(at(reg.ID, "/berkas/"+d.Upload))
	m := regexp.MustCompile(`<img class="photo" src="([^"]+)"`).FindStringSubmatch(a.Body)
	if m == nil {
		t.Fatalf("no picture: %d", a.Status)
	}
	link := strings.ReplaceAll(m[1], "&amp;", "&")
	origin, _, _ := strings.Cut(link[len("http://"):], "/")
	if !strings.Contains(a.Header.Get("Content-Security-Policy"), "img-src 'self' blob: http://"+origin+";") {
		t.Errorf("the policy lacks the vault: %s", a.Header.Get("Content-Security-Policy"))
	}
	res := must(http.Get(link))
	defer res.Body.Close()
	if got := must(io.ReadAll(res.Body)); !bytes.Equal(got, want) || res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("the file: %d, %q, %q", res.StatusCode, res.Header.Get("Content-Type"), res.Header.Get("Content-Disposition"))
	}
	if u := must(url.Parse(link)); u.Query().Get("X-Amz-Expires") != "60" {
		t.Errorf("good for %s seconds; want 60", u.Query().Get("X-Amz-Expires"))
	}
	if a := b.Get(at(reg.ID, "/berkas/"+strings.Repeat("0", 32))); a.Status != http.StatusNotFound {
		t.Errorf("a document of another claim: %d", a.Status)
	}
}

func TestDecisions(t *testing.T) {
	w := start(t)
	slot := w.Set.Reason("mengundurkan-diri").Lists[0].Items[0].Slot
	tests := []struct {
		name string
		form url.Values
		code int
		want claim.Status
		says []string
	}{
		{"approve", url.Values{"keputusan": {"setuju"}, "jumlah": {"1.250.000"}}, 303, claim.Approved, nil},
		{"refuse", url.Values{"keputusan": {"tolak"}, "alasan": {"masa-tunggu"}}, 303, claim.Refused, nil},
		{"postpone", url.Values{"keputusan": {"tunda"}, "alasan": {"berkas-kurang"}, "perbaiki": {slot}, "batas": {"2026-12-01"}}, 303, claim.Postponed, nil},
		{"large sum", url.Values{"keputusan": {"setuju"}, "jumlah": {"50000001"}}, 303, claim.Proposed, nil},
		{"nothing", url.Values{}, 422, claim.Submitted, []string{"Pilih Setuju, Tolak, atau Tunda"}},
		{"no sum", url.Values{"keputusan": {"setuju"}, "jumlah": {"banyak"}}, 422, claim.Submitted, []string{"angka saja", `value="banyak"`}},
		{"wrong ground", url.Values{"keputusan": {"tolak"}, "alasan": {"foto-diri"}}, 422, claim.Submitted, []string{"cocok dengan putusan"}},
		{"nothing to mend", url.Values{"keputusan": {"tunda"}, "alasan": {"berkas-kurang"}, "batas": {"2026-12-01"}}, 422, claim.Submitted, []string{"Pilih berkas"}},
		{"unknown to mend", url.Values{"keputusan": {"tunda"}, "alasan": {"berkas-kurang"}, "perbaiki": {"bulan"}, "batas": {"2026-12-01"}}, 422, claim.Submitted, []string{"Pilih berkas"}},
		{"day passed", url.Values{"keputusan": {"tunda"}, "alasan": {"berkas-kurang"}, "perbaiki": {slot}, "batas": {"2026-11-25"}}, 422, claim.Submitted, []string{"setelah hari ini"}},
	}
	var regs []claim.Registration
	for n := range tests {
		regs = append(regs, w.book(t, n, nil))
	}
	w.open()
	b, second, boss := w.As(officer(1)), w.As(officer(2)), w.As(apptest.Person(3, staff.Supervisor, branch))
	for n, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {regs[n].ID}})
			now := must(w.Store.Peek(t.Context(), branch, regs[n].ID))
			tt.form.Set("versi", strconv.Itoa(now.Version-1))
			if a := b.Post(at(now.ID, "/putusan"), tt.form); tt.code == 303 && a.Status != http.StatusConflict {
				t.Errorf("on an old page: %d; want 409", a.Status)
			}
			tt.form.Set("versi", strconv.Itoa(now.Version))
			a := b.Post(at(now.ID, "/putusan"), tt.form)
			if a.Status != tt.code {
				t.Errorf("%d; want %d", a.Status, tt.code)
			}
			for _, s := range tt.says {
				if !strings.Contains(a.Body, s) {
					t.Errorf("the page lacks %q", s)
				}
			}
			now = must(w.Store.Peek(t.Context(), branch, now.ID))
			if now.Status != tt.want {
				t.Errorf("%s; want %s", now.Status, tt.want)
			}
			if now.Status == claim.Submitted {
				b.Post(at(now.ID, "/kembali"), nil)
			}
		})
	}
	press := func(b *apptest.Browser, i int, path string, form url.Values, code int, want claim.Status) {
		t.Helper()
		form.Set("versi", strconv.Itoa(must(w.Store.Peek(t.Context(), branch, regs[i].ID)).Version))
		if a := b.Post(at(regs[i].ID, path), form); a.Status != code {
			t.Errorf("%s %v: %d; want %d", path, form, a.Status, code)
		}
		if now := must(w.Store.Peek(t.Context(), branch, regs[i].ID)); now.Status != want {
			t.Errorf("%s %v: %s; want %s", path, form, now.Status, want)
		}
	}
	press(b, 3, "/putusan", url.Values{"keputusan": {"setujui"}}, 409, claim.Proposed)
	press(second, 3, "/putusan", url.Values{"keputusan": {"setujui"}}, 303, claim.Approved)
	press(b, 0, "/buka-lagi", url.Values{"alasan-buka": {"data-berbeda"}}, 403, claim.Approved)
	press(boss, 0, "/buka-lagi", url.Values{"alasan-buka": {""}}, 422, claim.Approved)
	press(boss, 0, "/buka-lagi", url.Values{"alasan-buka": {"data-berbeda"}}, 303, claim.Submitted)
	press(boss, 2, "/lanjutkan", url.Values{}, 303, claim.Submitted)
}

func TestHandsAndHall(t *testing.T) {
	w := start(t)
	reg := w.book(t, 1, func(b *claim.Booking) { b.Place.Channel = requirement.Onsite })
	w.open()
	b, other := w.As(officer(1)), w.As(officer(2))
	if a := b.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {reg.ID}}); a.Status != http.StatusConflict {
		t.Errorf("onsite before arriving: %d", a.Status)
	}
	must(w.Store.Arrive(t.Context(), "claimant", reg.ID))
	if a := b.Post("/meja/"+branch+"/loket", url.Values{"loket": {"123"}}); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("desk number 123: %d", a.Status)
	}
	b.Post("/meja/"+branch+"/loket", url.Values{"loket": {"7"}})
	b.Post("/meja/"+branch+"/ambil", nil)
	hall := regexp.MustCompile(`/layar/[a-z-]+/[0-9a-f]{32}`).FindString(b.Get("/meja/" + branch).Body)
	a := w.Browser().Get(hall)
	pagetest.Check(t, []byte(a.Body))
	if a.Status != http.StatusOK || !strings.Contains(a.Body, "ke loket 7") || !strings.Contains(a.Body, `<meta http-equiv="refresh"`) || strings.Contains(a.Body, "Budi") {
		t.Errorf("the hall's screen: %d", a.Status)
	}
	if a := w.Browser().Get("/layar/" + branch + "/" + strings.Repeat("0", 32)); a.Status != http.StatusNotFound {
		t.Errorf("a guessed screen: %d", a.Status)
	}
	for _, step := range []struct {
		path string
		form url.Values
		code int
		want claim.CallState
	}{{"/tahan", nil, 303, claim.Held}, {"/lanjut", nil, 303, claim.Taken}, {"/serahkan", url.Values{"kepada": {"x"}}, 422, claim.Taken},
		{"/serahkan", url.Values{"kepada": {officer(2).ID}}, 303, claim.Taken}, {"/tahan", nil, 409, claim.Taken}} {
		if a := b.Post(at(reg.ID, step.path), step.form); a.Status != step.code {
			t.Errorf("%s: %d; want %d", step.path, a.Status, step.code)
		}
		if now := must(w.Store.Peek(t.Context(), branch, reg.ID)); now.Call.State != step.want {
			t.Errorf("%s: %q; want %q", step.path, now.Call.State, step.want)
		}
	}
	if a := other.Post(at(reg.ID, "/tidak-datang"), nil); a.Status != http.StatusSeeOther {
		t.Errorf("no-show by the new officer: %d", a.Status)
	}
}

// An officer notes who stands at the branch by the code on their paper; onsite
// that gives the next queue number, once.
func TestArrivalByCode(t *testing.T) {
	w := start(t)
	onsite := func(b *claim.Booking) { b.Place.Channel = requirement.Onsite }
	first, second, online := w.book(t, 1, onsite), w.book(t, 2, onsite), w.book(t, 3, nil)
	w.open()
	b := w.As(officer(1))
	send := func(code string) apptest.Answer {
		return b.Post("/meja/"+branch+"/hadir", url.Values{"kode": {code}})
	}
	code := func(r claim.Registration) string { return must(w.Store.ByID(t.Context(), r.ID)).Private.Code }
	for n, want := range []struct {
		reg    claim.Registration
		number int
	}{{first, 1}, {second, 2}, {first, 1}, {online, 0}} {
		if a := send(code(want.reg)); a.Status != http.StatusOK {
			t.Fatalf("arrival %d: status %d", n, a.Status)
		}
		if now := must(w.Store.ByID(t.Context(), want.reg.ID)); now.Call.State != claim.Arrived || now.Call.Number != want.number {
			t.Errorf("arrival %d: %+v; want number %d", n, now.Call, want.number)
		}
	}
	if a := send("salah"); a.Status != http.StatusUnprocessableEntity {
		t.Errorf("no code: status %d; want 422", a.Status)
	}
	if a := w.As(apptest.Person(9, staff.Officer, "kudus")).Post("/meja/kudus/hadir", url.Values{"kode": {code(first)}}); a.Status != http.StatusNotFound {
		t.Errorf("at another branch: status %d; want 404", a.Status)
	}
}
