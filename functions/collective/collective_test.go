package collective_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/agree"
	"lapakasik/functions/collective"
	"lapakasik/functions/desk"
	"lapakasik/functions/inspect"
	inspectwire "lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/examine"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/roll"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/objects"
	"lapakasik/functions/notify"
	"lapakasik/functions/schedule"
	"lapakasik/site/page/pagetest"
	"lapakasik/site/requirement"
)

const branch = "bandar-lampung"

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s sets) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

type people struct{ app *apptest.App }

func (p *people) People(ctx context.Context) ([]staff.Person, error) { return p.app.Staff.People(ctx) }

// post keeps the mails that are sent.
type post struct{ mails []notify.Mail }

func (p *post) Send(_ context.Context, m notify.Mail) (string, error) {
	p.mails = append(p.mails, m)
	return "ok", nil
}

// A world is the public site with collective claims, the officers' site, the
// file store, inspection, the jobs and the post.
type world struct {
	*apptest.App
	t       *testing.T
	office  *apptest.App
	inspect *inspect.Service
	jobs    *schedule.Service
	notify  *notify.Service
	post    *post
	created chan string
	keys    []string // of all objects that arrived
}

// start begins on the morning of a Monday to come, so that a block of three
// days ahead lies on working days. Signed requests are of that time, and the
// file store's clock is ours.
func start(t *testing.T) *world {
	t.Helper()
	w := &world{App: apptest.New(t, "../.."), t: t, post: &post{}, created: make(chan string, 256)}
	// Uploads are signed by the same clock as the file store checks them, so the day is today.
	w.Clock.Move(time.Now().Truncate(time.Second).Sub(storetest.Morning))
	gateway := objects.Test(t, objects.Options{Origins: []string{w.URL}, OnCreated: func(b, k string) {
		if b == "masuk" {
			w.created <- k
		}
	}})
	for _, name := range []string{"masuk", "simpan"} {
		if err := gateway.MakeBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	quiet := slog.New(slog.NewTextHandler(io.Discard, nil))
	signer := bucket.NewSigner(gateway.Client(), "masuk", w.Clock.Now)
	k, s := storetest.Keys(t), sets{w.Set}
	pseudonym := func(_ context.Context, p, v string) (string, error) { return k.Pseudonym(p, v), nil }
	c := &collective.Service{Store: w.Store, Sets: s, Files: permit.Service{Store: w.Store, Signer: signer, NewID: parts.NewID}, Inbox: signer, Pseudonym: pseudonym}
	w.UploadsTo(gateway.URL)
	w.Refuses(collective.Refusals...)
	w.Serve(c.Routes()...)
	w.inspect = &inspect.Service{Store: w.Store, Files: inspectwire.Files{Files: bucket.NewFiles(gateway.Client(), "masuk", "simpan", "")}, Limits: examine.Default(), Log: quiet}
	ppl := &people{}
	viewer := bucket.NewViewer(gateway.Client(), "simpan", "", w.Clock.Now)
	a := &agree.Service{Store: w.Store, Sets: s, Files: viewer, FilesOrigin: gateway.URL}
	d := &desk.Service{Store: w.Store, People: ppl, Sets: s, Files: viewer, FilesOrigin: gateway.URL, Public: w.URL, Pseudonym: pseudonym}
	w.office = w.Office(append(a.Routes(), d.Routes()...), d.Open()...)
	ppl.app = w.office
	w.jobs = &schedule.Service{Store: w.Store, Sets: s, Log: quiet, Now: w.Clock.Now}
	w.notify = &notify.Service{Store: w.Store, Sets: s, Mailer: w.post, Origin: w.URL, Log: quiet, Now: w.Clock.Now}
	return w
}

// settle inspects what arrived, until so many files were.
func (w *world) settle(n int) {
	w.t.Helper()
	for range n {
		select {
		case key := <-w.created:
			w.keys = append(w.keys, key)
			if err := w.inspect.File(w.t.Context(), key); err != nil {
				w.t.Fatal(err)
			}
		case <-time.After(10 * time.Second):
			w.t.Fatal("the file store told of no object")
		}
	}
}

func (w *world) job(name string) {
	w.t.Helper()
	if err := w.jobs.Handle(w.t.Context(), schedule.Event{Job: name}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) mail() {
	w.t.Helper()
	if err := w.notify.Handle(w.t.Context(), notify.Event{Job: "send"}); err != nil {
		w.t.Fatal(err)
	}
}

// worker is the n-th made-up worker.
func (w *world) worker(n int) company.Worker {
	day := func(ago int) requirement.Date { return requirement.DateOf(w.Clock.Now().AddDate(0, 0, -ago)) }
	x := company.Worker{Row: n + 2, Reason: "phk", From: "2015-01-02", To: day(60), Answers: requirement.Answers{
		"tanggal-phk": string(day(60)), "kepesertaan-nonaktif": "ya", "saldo-di-atas-50-juta": "tidak", "pernah-klaim-sebagian": "tidak"}}
	p := &x.Person
	p.NIK, p.KPJ, p.Name = storetest.NIK(n), []string{fmt.Sprintf("9900000%04d", n)}, "Pekerja Uji "+strings.Repeat("A", n+1)
	p.BirthDate, p.Phone, p.Email = "1990-01-01", fmt.Sprintf("+6281290000%03d", n), fmt.Sprintf("pekerja%d@contoh.id", n)
	p.Bank, p.Account, p.Holder = "Bank Canary", fmt.Sprintf("00777%05d", n), p.Name
	return x
}

// representative begins a request and returns a browser in which it is open, and its code.
func (w *world) representative() (*apptest.Browser, string) {
	w.t.Helper()
	b := w.Browser()
	key, _ := b.Ask(http.MethodGet, "/kolektif", nil).JSON(w.t)["kunci"].(string)
	w.Clock.Move(4 * time.Second)
	form := url.Values{"kunci": {key}, "perusahaan": {"PT Contoh Uji"}, "jumlah-pekerja": {"10"}, "jumlah-phk": {"3"}, "kantor": {branch},
		"nama": {"Wati Uji"}, "ponsel": {"0811 9999 0000"}, "surel": {"wati@contoh.id"}}
	got := b.Post("/kolektif", form)
	if got.Status != http.StatusCreated {
		w.t.Fatalf("new company: %d %.300s", got.Status, got.Body)
	}
	pagetest.Check(w.t, []byte(got.Body))
	code := regexp.MustCompile(`[A-Z0-9*]{4}-[A-Z0-9*]{4}-[A-Z0-9*]{4}-[A-Z0-9*$=~]{4,5}`).FindString(got.Body)
	return b, code
}

// picture is a sharp PNG; with a seed, so that no two are the same file.
func picture(tb testing.TB, seed int) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 400, 320))
	for y := range 320 {
		for x := range 400 {
			if (x/(4+seed%20))%2 == y/(6+seed/20)%2 {
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

// multi sends files with a form; an empty answer type asks for a page.
func multi(t *testing.T, b *apptest.Browser, path, field, accept string, files map[string][]byte) apptest.Answer {
	t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		part, err := m.CreateFormFile(field, name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write(files[name])
	}
	_ = m.Close()
	if accept == "" {
		accept = "text/html"
	}
	return b.Do(http.MethodPost, path, m.FormDataContentType(), accept, &body)
}

var (
	formTag   = regexp.MustCompile(`<form[^>]* action="([^"]+)"[^>]*enctype="multipart/form-data"`)
	hiddenTag = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)">`)
)

// plain sends one file with the form of a page, without scripts.
func (w *world) plain(b *apptest.Browser, path string, body []byte) {
	w.t.Helper()
	shown := w.page(b, path)
	action := formTag.FindStringSubmatch(shown)
	if action == nil {
		w.t.Fatalf("%s has no form for a file: %.300s", path, shown)
	}
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	for _, x := range hiddenTag.FindAllStringSubmatch(shown, -1) {
		_ = m.WriteField(html.UnescapeString(x[1]), html.UnescapeString(x[2]))
	}
	part, err := m.CreateFormFile("file", "IMG_0001.png")
	if err != nil {
		w.t.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = m.Close()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, html.UnescapeString(action[1]), &buf)
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", m.FormDataContentType())
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		answer, _ := io.ReadAll(resp.Body)
		w.t.Fatalf("file store: %d %s", resp.StatusCode, answer)
	}
	w.settle(1)
}

// page gets a page and holds it against what every page must be.
func (w *world) page(b *apptest.Browser, path string) string {
	w.t.Helper()
	got := b.Get(path)
	if got.Status != http.StatusOK {
		w.t.Fatalf("GET %s = %d %.300s", path, got.Status, got.Body)
	}
	pagetest.Check(w.t, []byte(got.Body))
	return got.Body
}

// listOf is a list of the first n workers as CSV.
func (w *world) listOf(n int) []byte {
	w.t.Helper()
	var all []company.Worker
	for i := range n {
		all = append(all, w.worker(i))
	}
	b, err := roll.WriteCSV(w.Set, all)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

// letters sends every letter that a request needs.
func (w *world) letters(b *apptest.Browser) {
	w.t.Helper()
	for i, l := range w.Set.Company.Letters {
		w.plain(b, "/kolektif/surat/"+l.Document, picture(w.t, i))
	}
}

// boss is a supervisor of the branch, logged in.
func (w *world) boss() *apptest.Browser {
	return w.office.As(apptest.Person(7, staff.Supervisor, branch))
}

// sent brings a request of three workers to the branch.
func (w *world) sent() (*apptest.Browser, string) {
	w.t.Helper()
	b, _ := w.representative()
	w.letters(b)
	if got := multi(w.t, b, "/kolektif/daftar", "daftar", "", map[string][]byte{"daftar.csv": w.listOf(3)}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("list: %d %.500s", got.Status, got.Body)
	}
	version, _ := b.Ask(http.MethodGet, "/kolektif/permohonan", nil).JSON(w.t)["versi"].(float64)
	if got := b.Post("/kolektif/kirim", url.Values{"versi": {strconv.Itoa(int(version))}}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("send: %d %.500s", got.Status, got.Body)
	}
	heads, err := w.Store.Companies(w.t.Context(), branch)
	if err != nil || len(heads) != 1 {
		w.t.Fatalf("companies %v, %v", heads, err)
	}
	return b, heads[0].ID
}

// agreed brings it on as far as the workers' registrations.
func (w *world) agreed() (*apptest.Browser, string) {
	w.t.Helper()
	b, id := w.sent()
	boss := w.boss()
	at := "/perusahaan/" + branch + "/" + id
	shown := boss.Get(at + "/jadwal")
	pagetest.Check(w.t, []byte(shown.Body))
	form := url.Values{}
	for _, m := range regexp.MustCompile(`name="(versi|hari-[0-9-]+)" value="([^"]*)"`).FindAllStringSubmatch(shown.Body, -1) {
		form.Set(m[1], m[2])
	}
	if got := boss.Post(at+"/jadwal", form); got.Status != http.StatusSeeOther {
		w.t.Fatalf("agree: %d %.800s", got.Status, got.Body)
	}
	w.job("companies")
	w.mail()
	return b, id
}

// codeOf is the code in the mail to an address.
func (w *world) codeOf(email string) string {
	w.t.Helper()
	for _, m := range w.post.mails {
		if m.To == email {
			return regexp.MustCompile(`: (\S+)\. `).FindStringSubmatch(m.Text)[1]
		}
	}
	w.t.Fatalf("no mail to %s", email)
	return ""
}

// as is the browser of a worker who has opened the claim with code and birth date.
func (w *world) as(n int) *apptest.Browser {
	w.t.Helper()
	b := w.Browser()
	if got := b.Post("/status", url.Values{"kode": {w.codeOf(w.worker(n).Person.Email)}, "tanggal-lahir": {"1990-01-01"}}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("open a worker's claim: %d %.500s", got.Status, got.Body)
	}
	return b
}

func (w *world) consent(b *apptest.Browser) {
	w.t.Helper()
	if !strings.Contains(w.page(b, "/status"), "/kolektif/persetujuan") {
		w.t.Error("the status page does not ask for consent")
	}
	if got := b.Post("/kolektif/persetujuan", nil); got.Status != http.StatusUnprocessableEntity {
		w.t.Errorf("nothing ticked: %d", got.Status)
	}
	if got := b.Post("/kolektif/persetujuan", url.Values{"persetujuan": {"wakil-perusahaan"}}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("consent: %d %.500s", got.Status, got.Body)
	}
}

// A request that the branch has not agreed to has no workers yet, and the page
// leads back to it, not to the workers' own claims.
func TestWorkersBeforeTheBranchAgreed(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	for _, path := range []string{"/kolektif/pekerja", "/kolektif/pekerja/2", "/kolektif/berkas"} {
		got := b.Get(path)
		if got.Status != http.StatusConflict || !strings.Contains(got.Body, "belum disetujui") || !strings.Contains(got.Body, `href="/kolektif/permohonan"`) {
			t.Errorf("GET %s = %d %.300s", path, got.Status, got.Body)
		}
		pagetest.Check(t, []byte(got.Body))
	}
}

// Who sends too much is told the limit of that form, and led back to it.
func TestTooMuchForTheForm(t *testing.T) {
	b, _ := start(t).representative()
	for path, limit := range map[string]string{"/kolektif/daftar": "paling besar 3 MB", "/en/kolektif/daftar": "limited to 3 MB"} {
		got := multi(t, b, path, "daftar", "", map[string][]byte{"daftar.csv": bytes.Repeat([]byte("a"), roll.MaxSize+32<<10)})
		if got.Status != http.StatusRequestEntityTooLarge || !strings.Contains(got.Body, limit) || !strings.Contains(got.Body, `class="button" href="`+path+`"`) {
			t.Errorf("a list that is too large: %d %.3000s", got.Status, got.Body)
		}
		pagetest.Check(t, []byte(got.Body))
	}
	if got := b.Post("/kolektif", url.Values{"nama": {strings.Repeat("a", 70<<10)}}); got.Status != http.StatusRequestEntityTooLarge || !strings.Contains(got.Body, "paling besar 64 KB") {
		t.Errorf("a form that is too large: %d", got.Status)
	}
}

// What was sent can no longer be changed, and the page leads back to the request.
func TestListOfSentRequest(t *testing.T) {
	b, _ := start(t).sent()
	if got := b.Get("/kolektif/daftar"); got.Status != http.StatusConflict || !strings.Contains(got.Body, `href="/kolektif/permohonan"`) {
		t.Errorf("the list of a request that was sent: %d %.300s", got.Status, got.Body)
	}
}

// The whole way of a company with three workers: a bad list, a letter that
// does not pass, the branch, files with good and bad names, consent, an
// officer's decision and the recap.
func TestWholeFlow(t *testing.T) {
	w := start(t)
	b, code := w.representative()

	// Nothing is sent before everything is there.
	if got := b.Post("/kolektif/kirim", nil); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Surat kuasa perusahaan") {
		t.Errorf("sending nothing: %d", got.Status)
	}
	bad := bytes.Replace(w.listOf(3), []byte(storetest.NIK(1)), []byte("123"), 1)
	got := multi(t, b, "/kolektif/daftar", "daftar", "", map[string][]byte{"daftar.csv": bad})
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, ">B3<") || !strings.Contains(got.Body, "16 angka") {
		t.Errorf("a bad list: %d", got.Status)
	}
	pagetest.Check(t, []byte(got.Body))
	if file := b.Get("/kolektif/daftar/galat.csv"); !strings.Contains(file.Body, "B3;NIK") {
		t.Errorf("errors as a file: %d %q", file.Status, file.Body)
	}
	if v := b.Ask(http.MethodGet, "/kolektif/permohonan", nil).JSON(t); v["pekerja"] != 0.0 {
		t.Errorf("of a bad list %v workers were kept", v["pekerja"])
	}
	w.plain(b, "/kolektif/surat/surat-kuasa-perusahaan", []byte("bukan gambar"))
	if shown := w.page(b, "/kolektif/permohonan"); !strings.Contains(shown, "Perlu diganti") {
		t.Error("the page does not say that the letter was refused")
	}
	w.letters(b)
	w.page(b, "/kolektif/daftar")

	// The request opens again with code and telephone, and with nothing else.
	again := w.Browser()
	wrong := again.Post("/kolektif/buka", url.Values{"kode": {code}, "ponsel": {"0811 9999 0001"}})
	none := again.Post("/kolektif/buka", url.Values{"kode": {w.otherCode()}, "ponsel": {"0811 9999 0000"}})
	if wrong.Status != http.StatusUnprocessableEntity || none.Status != wrong.Status || !strings.Contains(none.Body, "tidak cocok") || !strings.Contains(wrong.Body, "tidak cocok") {
		t.Errorf("wrong number %d, unknown code %d", wrong.Status, none.Status)
	}
	if got := again.Post("/kolektif/buka", url.Values{"kode": {code}, "ponsel": {"+62 811-9999-0000"}}); got.Status != http.StatusSeeOther {
		t.Errorf("open again: %d", got.Status)
	}
}

// otherCode is a code of right form that nobody has.
func (w *world) otherCode() string {
	return claim.NewCode(func(n int) []byte { return bytes.Repeat([]byte{byte(n + 3)}, 10) })
}

func TestWorkersJourney(t *testing.T) {
	w := start(t)
	b, id := w.agreed()
	for n := range 3 {
		if m := w.worker(n).Person.Email; !slices.ContainsFunc(w.post.mails, func(x notify.Mail) bool { return x.To == m }) {
			t.Errorf("worker %d was not told", n)
		}
	}
	for _, m := range w.post.mails {
		if m.To == "wati@contoh.id" && strings.Contains(m.Text, w.codeOf(w.worker(0).Person.Email)) {
			t.Error("the representative was told a worker's code")
		}
	}

	// Many files at once: matched, and named with what to do.
	got := multi(t, b, "/kolektif/berkas", "berkas", "", map[string][]byte{
		"2_ktp.png": picture(t, 21), storetest.NIK(1) + "_ktp.png": picture(t, 22), "99_ktp.png": picture(t, 23), "2_foto-pernikahan.png": picture(t, 24), "ktp.png": picture(t, 25), "2_npwp.docx": []byte("x")})
	if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "2 dari 6 file diambil") {
		t.Errorf("a lot of files: %d %.1500s", got.Status, got.Body)
	}
	pagetest.Check(t, []byte(got.Body))
	for _, name := range []string{"99_ktp.png", "2_foto-pernikahan.png", "2_npwp.docx"} {
		if !strings.Contains(got.Body, name) {
			t.Errorf("%s is not named", name)
		}
	}
	w.settle(2)

	// The script's way: the name decides, the file goes straight to the inbox.
	w.script(b, "2_kartu-peserta.png", picture(t, 31))
	if bad := b.Ask(http.MethodPost, "/kolektif/berkas/izin", map[string]string{"nama": "77_ktp.png", "jenis": "image/png", "ukuran": "9", "sha256": strings.Repeat("0", 64)}); bad.Status != http.StatusUnprocessableEntity || !strings.Contains(bad.Body, "daftar") {
		t.Errorf("permission for nobody: %d %s", bad.Status, bad.Body)
	}
	// And one by one without a script.
	w.plain(b, "/kolektif/pekerja/2/bukti-phk?jenis=surat-lapor-phk", picture(t, 32))
	for _, key := range w.keys {
		if strings.Contains(key, storetest.NIK(1)) || strings.Contains(key, "Pekerja") {
			t.Errorf("an object is named %s", key)
		}
	}

	// Complete, but nothing is sent before the worker agrees.
	standing := func(n int) string {
		list, _ := b.Ask(http.MethodGet, "/kolektif/pekerja", nil).JSON(t)["pekerja"].([]any)
		x, _ := list[n].(map[string]any)
		return fmt.Sprint(x["keadaan"])
	}
	if standing(0) != "menunggu" || standing(1) != "kurang" {
		t.Errorf("standings %s, %s", standing(0), standing(1))
	}
	worker := w.as(0)
	if got := worker.Post("/berkas/kirim", url.Values{"versi": {"1"}}); got.Header.Get("Location") != "/kolektif/persetujuan" {
		t.Errorf("sending without consent leads to %q", got.Header.Get("Location"))
	}
	w.consent(worker)
	if v := worker.Ask(http.MethodGet, "/status", nil).JSON(t); v["status"] != "terkirim" || v["kanal"] != "kolektif" {
		t.Errorf("with consent and documents the claim is %v", v)
	}
	if standing(0) != "terkirim" {
		t.Errorf("the representative sees %s", standing(0))
	}
	// What was sent is the worker's.
	if got := b.Get("/kolektif/pekerja/2"); got.Status != http.StatusConflict {
		t.Errorf("files of a claim that was sent: %d", got.Status)
	}
	w.decided(worker, id)
	w.reopen(b)
	if standing(0) != "terkirim" {
		t.Errorf("after the decision the representative sees %s", standing(0))
	}
	w.seesNoMore(b)
}

// script asks for a permission by a file's name, and sends the file with it.
func (w *world) script(b *apptest.Browser, name string, body []byte) {
	w.t.Helper()
	sum := sha256.Sum256(body)
	got := b.Ask(http.MethodPost, "/kolektif/berkas/izin", map[string]string{"nama": name, "jenis": "image/png", "ukuran": strconv.Itoa(len(body)), "sha256": hex.EncodeToString(sum[:])})
	if got.Status != http.StatusOK {
		w.t.Fatalf("permission: %d %s", got.Status, got.Body)
	}
	v := got.JSON(w.t)
	address, _ := v["url"].(string)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, address, bytes.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	header, _ := v["header"].(map[string]any)
	for k, x := range header {
		r.Header.Set(k, fmt.Sprint(x))
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		w.t.Fatalf("file store: %d", resp.StatusCode)
	}
	w.settle(1)
}

// decided lets an officer take the first worker's claim at its hour and approve
// it; the recap counts it as collective.
func (w *world) decided(worker *apptest.Browser, id string) {
	w.t.Helper()
	entries, err := w.Store.Lines(w.t.Context(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	reg, err := w.Store.ByID(w.t.Context(), entries[0].Owner)
	if err != nil {
		w.t.Fatal(err)
	}
	hour, err := w.Set.Branch(branch).At(reg.Place.Date, reg.Place.Time)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Clock.Move(hour.Sub(w.Clock.Now()) + time.Minute)
	officer := w.office.As(apptest.Person(8, staff.Officer, branch))
	if got := officer.Post("/meja/"+branch+"/ambil", url.Values{"klaim": {reg.ID}}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("take: %d %.500s", got.Status, got.Body)
	}
	at := "/meja/" + branch + "/klaim/" + reg.ID
	version, _ := officer.Ask(http.MethodGet, at, nil).JSON(w.t)["versi"].(float64)
	if got := officer.Post(at+"/putusan", url.Values{"keputusan": {"setuju"}, "jumlah": {"7.654.321"}, "versi": {strconv.Itoa(int(version))}}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("approve: %d %.500s", got.Status, got.Body)
	}
	w.job("recap")
	recap, err := w.Store.Recap(w.t.Context(), branch, reg.Place.Date, reg.Place.Date)
	if err != nil || len(recap) != 1 || recap[0].Counts["kolektif#APPROVED"] != 1 {
		w.t.Errorf("recap %+v, %v; want one approved collective claim", recap, err)
	}
	w.mail()
	if !slices.ContainsFunc(w.post.mails, func(m notify.Mail) bool {
		return m.To == w.worker(0).Person.Email && strings.Contains(m.Subject, "disetujui")
	}) {
		w.t.Error("the worker was not told of the decision")
	}
	for _, m := range w.post.mails {
		if m.To == "wati@contoh.id" && strings.Contains(m.Text+m.Subject, "Klaim Anda") {
			w.t.Error("the representative was told of a decision")
		}
	}
}

// reopen opens the request again, whose time in the browser is over.
func (w *world) reopen(b *apptest.Browser) {
	w.t.Helper()
	heads, err := w.Store.Companies(w.t.Context(), branch)
	if err != nil {
		w.t.Fatal(err)
	}
	req, err := w.Store.CompanyByID(w.t.Context(), heads[0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	if got := b.Post("/kolektif/buka", url.Values{"kode": {req.Private.Code}, "ponsel": {"081199990000"}}); got.Status != http.StatusSeeOther {
		w.t.Fatalf("open again: %d", got.Status)
	}
}

// seesNoMore looks at every page and JSON answer that a representative can
// open, after a decision: nothing in them is the worker's alone. It is what
// company.Standing promises.
func (w *world) seesNoMore(b *apptest.Browser) {
	w.t.Helper()
	x := w.worker(0).Person
	worker := w.codeOf(x.Email)
	canary := []string{x.NIK, x.KPJ[0], x.Phone, x.Email, x.Bank, x.Account, worker, strings.ReplaceAll(worker, "-", ""), "7.654.321", "7654321", "APPROVED", "SUBMITTED", "DRAFT", "vault/"}
	seen := 0
	for _, path := range []string{"/kolektif/permohonan", "/kolektif/pekerja", "/kolektif/pekerja/2", "/kolektif/pekerja/3", "/kolektif/pekerja/4", "/kolektif/berkas", "/kolektif/daftar", "/kolektif/pekerja/2/ktp"} {
		for _, prefix := range []string{"", "/en"} {
			for _, got := range []apptest.Answer{b.Get(prefix + path), b.Ask(http.MethodGet, prefix+path, nil)} {
				seen++
				for _, secret := range canary {
					if strings.Contains(got.Body, secret) {
						w.t.Errorf("GET %s%s (%d) says %q", prefix, path, got.Status, secret)
					}
				}
			}
		}
	}
	if seen != 32 {
		w.t.Errorf("looked at %d answers", seen)
	}
	if log := w.Log.String(); strings.Contains(log, x.NIK) || strings.Contains(log, x.Email) || strings.Contains(log, "Wati") {
		w.t.Error("the log names people")
	}
}

// A worker who has a claim already looks like one who has not agreed yet.
func TestOwnClaimIsNotTold(t *testing.T) {
	w := start(t)
	// The second worker registers alone first.
	own := w.Application(1)
	own.Set("nik", storetest.NIK(1))
	day := w.Clock.Now().In(w.Set.Branch(branch).Location()).AddDate(0, 0, 1)
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	own.Set("tanggal", day.Format(time.DateOnly))
	if got := w.Browser().Post("/daftar", own); got.Status != http.StatusCreated {
		t.Fatalf("own claim: %d %.800s", got.Status, got.Body)
	}
	b, id := w.agreed()
	entries, err := w.Store.Lines(t.Context(), id)
	if err != nil || !entries[1].Loose || entries[0].Loose {
		t.Fatalf("entries %+v, %v", entries, err)
	}
	for _, m := range w.post.mails {
		if m.To == w.worker(1).Person.Email {
			t.Errorf("mail %q to the address that the company gave", m.Subject)
		}
	}
	files := map[string][]byte{}
	for i, row := range []string{"3", "4"} {
		for j, slot := range []string{"ktp", "kartu-peserta", "surat-lapor-phk"} {
			files[row+"_"+slot+".png"] = picture(t, 40+3*i+j)
		}
	}
	if got := multi(t, b, "/kolektif/berkas", "berkas", "", files); got.Status != http.StatusOK {
		t.Fatalf("files: %d %.1500s", got.Status, got.Body)
	}
	w.settle(6)
	list, _ := b.Ask(http.MethodGet, "/kolektif/pekerja", nil).JSON(t)["pekerja"].([]any)
	one, _ := list[1].(map[string]any)
	two, _ := list[2].(map[string]any)
	if one["keadaan"] != two["keadaan"] || one["keadaan"] != "menunggu" || fmt.Sprint(one["kurang"]) != fmt.Sprint(two["kurang"]) {
		t.Errorf("a worker with a claim of their own shows: %v beside %v", one, two)
	}
	page := w.page(b, "/kolektif/pekerja/3")
	other := w.page(b, "/kolektif/pekerja/4")
	clean := func(s string, n int) string {
		s = strings.ReplaceAll(s, w.worker(n).Person.Name, "X")
		return strings.ReplaceAll(s, "/pekerja/"+strconv.Itoa(n+2), "/pekerja/N")
	}
	if clean(page, 1) != clean(other, 2) {
		t.Error("the pages of the two workers differ")
	}
}

// The branch gives a request back with grounds; it is mended and sent again.
func TestReturned(t *testing.T) {
	w := start(t)
	b, _ := w.representative()
	w.letters(b)
	if got := multi(t, b, "/kolektif/daftar", "daftar", "application/json", map[string][]byte{"daftar.csv": w.listOf(2)}); got.Status != http.StatusOK {
		t.Fatalf("list: %d %s", got.Status, got.Body)
	}
	if got := b.Post("/kolektif/kirim", nil); got.Status != http.StatusSeeOther {
		t.Fatalf("send: %d", got.Status)
	}
	boss := w.boss()
	heads, err := w.Store.Companies(t.Context(), branch)
	if err != nil {
		t.Fatal(err)
	}
	at := "/perusahaan/" + branch + "/" + heads[0].ID
	for _, path := range []string{"/perusahaan/" + branch, at, at + "/daftar"} {
		w.page(boss, path)
	}
	shown := w.page(boss, at)
	letter := regexp.MustCompile(`/berkas/[0-9a-f]{32}`).FindString(shown)
	if got := boss.Get(at + letter); got.Status != http.StatusOK || !strings.Contains(got.Body, `class="photo"`) {
		t.Errorf("a letter: %d", got.Status)
	}
	version := regexp.MustCompile(`name="versi" value="(\d+)"`).FindStringSubmatch(shown)[1]
	if got := boss.Post(at+"/kembali", url.Values{"versi": {version}, "putusan": {"kembali"}}); got.Status != http.StatusUnprocessableEntity {
		t.Errorf("without a ground: %d", got.Status)
	}
	if got := boss.Post(at+"/kembali", url.Values{"versi": {version}, "putusan": {"kembali"}, "alasan": {"surat-tidak-sah"}}); got.Status != http.StatusSeeOther {
		t.Fatalf("give back: %d %.500s", got.Status, got.Body)
	}
	w.mail()
	if len(w.post.mails) != 1 || w.post.mails[0].To != "wati@contoh.id" || !strings.Contains(w.post.mails[0].Text, "belum sah") {
		t.Errorf("mails %+v", w.post.mails)
	}
	if shown := w.page(b, "/kolektif/permohonan"); !strings.Contains(shown, "belum sah") {
		t.Error("the page does not say why")
	}
	if got := b.Post("/kolektif/kirim", nil); got.Status != http.StatusSeeOther {
		t.Errorf("send again: %d", got.Status)
	}
	steps, err := w.Store.History(t.Context(), heads[0].ID)
	if err != nil || !slices.ContainsFunc(steps, func(x claim.Step) bool { return strings.HasPrefix(x.Action, "view document surat-") }) {
		t.Errorf("steps %+v, %v; want the look at a letter", steps, err)
	}
	// Another branch does not see it, and officers cannot give places away.
	foreign := w.office.As(apptest.Person(9, staff.Supervisor, "kudus"))
	if got := foreign.Get("/perusahaan/kudus/" + heads[0].ID); got.Status != http.StatusNotFound {
		t.Errorf("another branch sees %d", got.Status)
	}
	officer := w.office.As(apptest.Person(8, staff.Officer, branch))
	if got := officer.Get(at + "/jadwal"); got.Status != http.StatusForbidden {
		t.Errorf("an officer gives places: %d", got.Status)
	}
}

// Numbers and rules of the start page; the same form gives the same code.
func TestStart(t *testing.T) {
	w := start(t)
	b := w.Browser()
	w.page(b, "/kolektif")
	w.page(b, "/en/kolektif")
	w.page(b, "/kolektif/buka")
	if got := b.Post("/kolektif/buka", url.Values{"ponsel": {"081199990000"}}); got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, "Isi kode kolektif") {
		t.Errorf("no code: %d", got.Status)
	}
	key, _ := b.Ask(http.MethodGet, "/kolektif", nil).JSON(t)["kunci"].(string)
	w.Clock.Move(4 * time.Second)
	good := url.Values{"kunci": {key}, "perusahaan": {"PT Contoh Uji"}, "jumlah-pekerja": {"1.000"}, "jumlah-phk": {"300"}, "kantor": {branch},
		"nama": {"Wati Uji"}, "ponsel": {"081199990000"}, "surel": {"wati@contoh.id"}}
	for name, tt := range map[string]struct{ field, value, says string }{
		"too few":    {"jumlah-phk", "299", "30 persen"},
		"more":       {"jumlah-phk", "1001", "paling banyak"},
		"no number":  {"jumlah-pekerja", "banyak", "dengan angka"},
		"no branch":  {"kantor", "bulan", "Pilih kantor"},
		"no company": {"perusahaan", "", "nama perusahaan"},
		"no mail":    {"surel", "wati", "alamat surel"},
		"long name":  {"nama", strings.Repeat("a", 101), "Paling panjang 100 huruf"},
	} {
		form := url.Values{}
		for k, v := range good {
			form[k] = v
		}
		form.Set(tt.field, tt.value)
		got := b.Post("/kolektif", form)
		if got.Status != http.StatusUnprocessableEntity || !strings.Contains(got.Body, tt.says) || !strings.Contains(got.Body, `value="`+form.Get("nama")+`"`) {
			t.Errorf("%s: %d", name, got.Status)
		}
		pagetest.Check(t, []byte(got.Body))
	}
	first, second := b.Ask(http.MethodPost, "/kolektif", apptest.JSON(good)), b.Ask(http.MethodPost, "/kolektif", apptest.JSON(good))
	if first.Status != http.StatusCreated || first.JSON(t)["kode"] != second.JSON(t)["kode"] {
		t.Errorf("twice the same form: %d %s, %d %s", first.Status, first.Body, second.Status, second.Body)
	}
	other := w.Browser().Get("/kolektif/permohonan")
	if other.Status != http.StatusUnauthorized {
		t.Errorf("without a request: %d", other.Status)
	}
	for _, path := range []string{"/kolektif/templat.csv", "/kolektif/templat.xlsx"} {
		if got := b.Get(path); got.Status != http.StatusOK || !strings.Contains(got.Header.Get("Content-Disposition"), "daftar-pekerja") {
			t.Errorf("GET %s = %d", path, got.Status)
		}
	}
}
