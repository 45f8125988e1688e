// Package apptest serves registration, uploads and results to tests as people meet
// them: real pages over HTTPS, the real content, the real store on the real
// engine, and a browser's cookies. Only the clock is the test's.
package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/internal/tally"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/local/recorded"
	"lapakasik/functions/register"
	"lapakasik/functions/results"
	"lapakasik/functions/upload"
	"lapakasik/site"
	"lapakasik/site/requirement"
)

// An App is the running service.
type App struct {
	URL   string
	Store *dynamo.Store
	Clock *storetest.Clock
	Set   *requirement.Set
	Log   *Log
	Staff *dynamo.Staff // of an Office
	srv   *httptest.Server
	tb    testing.TB
	site  *web.Site
	all   []web.Route
}

// A Log keeps what the functions log.
type Log struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String returns everything logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s sets) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

// Content reads the project's content; root is the path to the top of the checkout.
func Content(tb testing.TB, root string) *requirement.Set {
	tb.Helper()
	s, err := site.Load(tb.Context(), os.DirFS(root+"/content"), site.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return s.Set
}

// New starts an App on a Tuesday morning; root is the path to the top of the
// checkout, and url another address of the store's engine, such as a proxy.
func New(tb testing.TB, root string, url ...string) *App {
	tb.Helper()
	return start(tb, root, false, url...)
}

// Rehearsal starts an App that only practises.
func Rehearsal(tb testing.TB, root string) *App {
	tb.Helper()
	return start(tb, root, true)
}

func start(tb testing.TB, root string, rehearsal bool, url ...string) *App {
	tb.Helper()
	a := &App{Store: storetest.New(tb, url...), Clock: storetest.NewClock(storetest.Morning), Set: Content(tb, root), Log: &Log{}, tb: tb}
	a.Store.Now = a.Clock.Now
	a.Store.Reopening = dynamo.Announced(sets{a.Set}.Current)
	if rehearsal {
		a.Store.Life = 24 * time.Hour
	}
	k := storetest.Keys(tb)
	shared := &web.Site{Log: parts.Logger(a.Log), Now: a.Clock.Now, Attempt: a.Store.Attempt, UploadOrigin: "https://inbox.example", Rehearsal: rehearsal,
		Tokens: func(context.Context) (web.Tokens, error) { return k, nil }}
	a.srv = httptest.NewUnstartedServer(nil)
	a.srv.StartTLS()
	tb.Cleanup(a.srv.Close)
	a.URL, shared.Origin = a.srv.URL, a.srv.URL
	client := s3.New(s3.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String("https://inbox.example"), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	reg := &register.Service{Store: a.Store, Sets: sets{a.Set},
		Pseudonym: func(_ context.Context, p, v string) (string, error) { return k.Pseudonym(p, v), nil }}
	up := &upload.Service{Store: a.Store, Sets: sets{a.Set},
		Files: permit.Service{Store: a.Store, Signer: bucket.NewSigner(client, "inbox", a.Clock.Now), NewID: parts.NewID}}
	res := &results.Service{Store: a.Store, Sets: sets{a.Set}}
	a.site = shared
	a.Serve(slices.Concat(reg.Routes(), up.Routes(), res.Routes())...)
	return a
}

// UploadsTo says where pages may send files to, before the first request.
func (a *App) UploadsTo(origin string) { a.site.UploadOrigin = origin }

// Refuses adds errors with a page of their own, before the first request.
func (a *App) Refuses(refusals ...web.Refusal) {
	a.site.Refusals = append(a.site.Refusals, refusals...)
}

// Serve adds routes of another function, before the first request.
func (a *App) Serve(routes ...web.Route) {
	a.tb.Helper()
	a.all = append(a.all, routes...)
	h, err := a.site.Handler(a.all)
	if err != nil {
		a.tb.Fatal(err)
	}
	a.srv.Config.Handler = h
}

// Office serves routes of staff at an address of its own, on the App's store
// and clock.
func (a *App) Office(routes []guard.Route, open ...web.Route) *App {
	a.tb.Helper()
	o := &App{Store: a.Store, Clock: a.Clock, Set: a.Set, Log: a.Log, Staff: storetest.NewStaff(a.tb), tb: a.tb}
	o.Staff.Now = a.Clock.Now
	k := storetest.Keys(a.tb)
	o.srv = httptest.NewUnstartedServer(nil)
	o.srv.StartTLS()
	a.tb.Cleanup(o.srv.Close)
	o.URL = o.srv.URL
	g := &guard.Guard{Sessions: o.Staff, Site: &web.Site{Log: parts.Logger(a.Log), Now: a.Clock.Now, Attempt: a.Store.Attempt, Origin: o.URL,
		Tokens: func(context.Context) (web.Tokens, error) { return k, nil }}}
	h, err := g.Handler(routes, open...)
	if err != nil {
		a.tb.Fatal(err)
	}
	o.srv.Config.Handler = h
	return o
}

// Person returns somebody of the n-th made-up id with a role at a branch.
func Person(n int, role staff.Role, branches ...string) staff.Person {
	return staff.Person{ID: fmt.Sprintf("%032x", n), Name: fmt.Sprint("Petugas Uji ", n), Roles: []staff.Role{role}, Branches: branches}
}

// As returns a browser in which the person, saved if new, is logged in to an Office.
func (a *App) As(p staff.Person) *Browser {
	a.tb.Helper()
	if _, err := a.Staff.Person(context.Background(), p.ID); errors.Is(err, staff.ErrNoLogin) {
		if _, err := a.Staff.Save(context.Background(), p); err != nil {
			a.tb.Fatal(err)
		}
	}
	token, err := a.Staff.Open(context.Background(), p.ID)
	if err != nil {
		a.tb.Fatal(err)
	}
	at, err := url.Parse(a.URL)
	if err != nil {
		a.tb.Fatal(err)
	}
	b := a.Browser()
	b.Jar.SetCookies(at, []*http.Cookie{{Name: guard.Cookie, Value: token, Path: "/", Secure: true}})
	return b
}

// A Browser keeps cookies and follows no redirect by itself.
type Browser struct {
	app *App
	*http.Client
}

// Browser returns a browser without cookies.
func (a *App) Browser() *Browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		a.tb.Fatal(err)
	}
	c := *a.srv.Client()
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Browser{a, &c}
}

// An Answer is what came back.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// JSON reads the answer's body.
func (r Answer) JSON(tb testing.TB) map[string]any {
	tb.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(r.Body), &v); err != nil {
		tb.Fatalf("answer %d is no JSON object: %v: %.200s", r.Status, err, r.Body)
	}
	return v
}

// Do sends a request; body may be nil.
func (b *Browser) Do(method, path, media, accept string, body io.Reader) Answer {
	r, err := http.NewRequestWithContext(context.Background(), method, b.app.URL+path, body)
	if err != nil {
		b.app.tb.Fatal(err)
	}
	if media != "" {
		r.Header.Set("Content-Type", media)
	}
	r.Header.Set("Accept", accept)
	if method == http.MethodPost {
		r.Header.Set("Origin", b.app.URL)
	}
	res, err := b.Client.Do(r)
	if err != nil {
		b.app.tb.Fatal(err)
	}
	defer res.Body.Close()
	all, err := io.ReadAll(res.Body)
	if err != nil {
		b.app.tb.Fatal(err)
	}
	return Answer{res.StatusCode, res.Header, string(all)}
}

// Get opens a page.
func (b *Browser) Get(path string) Answer { return b.Do(http.MethodGet, path, "", "text/html", nil) }

// Post sends a form.
func (b *Browser) Post(path string, form url.Values) Answer {
	return b.Do(http.MethodPost, path, "application/x-www-form-urlencoded", "text/html", strings.NewReader(form.Encode()))
}

// Ask calls the JSON form of an address; a nil value sends no body.
func (b *Browser) Ask(method, path string, value any) Answer {
	if value == nil {
		return b.Do(method, path, "", "application/json", nil)
	}
	body, err := json.Marshal(value)
	if err != nil {
		b.app.tb.Fatal(err)
	}
	return b.Do(method, path, "application/json", "application/json", bytes.NewReader(body))
}

// Application returns a complete, correct application of the n-th made-up
// person for resigning, online at Bandar Lampung tomorrow at 08.00, with a
// form key that is old enough.
func (a *App) Application(n int) url.Values {
	a.tb.Helper()
	key, _ := a.Browser().Ask(http.MethodGet, "/daftar", nil).JSON(a.tb)["kunci"].(string)
	a.Clock.Move(5 * time.Second)
	form := url.Values{"kunci": {key}, "sebab": {"mengundurkan-diri"}, "tanggal-lahir": {"1990-01-01"},
		"tanggal-surat-pengunduran-diri": {"2026-09-01"}, "kepesertaan-nonaktif": {"ya"}, "saldo-di-atas-50-juta": {"tidak"}, "pernah-klaim-sebagian": {"tidak"},
		"kantor": {"bandar-lampung"}, "kanal": {"online"}, "tanggal": {string(storetest.Tomorrow)}, "jam": {"08:00"},
		"nama": {"Budi Uji"}, "nik": {storetest.NIK(n)}, "kpj": {"99000000001, 99000000002"}, "ponsel": {"0812 3456 7890"}, "surel": {"budi@contoh.id"},
		"bank": {"Bank Uji"}, "rekening": {"1234567890"}, "pemilik": {"Budi Uji"}}
	for _, k := range a.Set.ConsentsFor(a.Set.Reason("mengundurkan-diri"), requirement.Online) {
		form.Add("persetujuan", k.Code)
	}
	return form
}

// JSON returns a form as the JSON form takes it.
func JSON(form url.Values) map[string]any {
	out := map[string]any{}
	for k, v := range form {
		out[k] = v
		if len(v) == 1 && k != "persetujuan" {
			out[k] = v[0]
		}
	}
	return out
}

// Invitation returns the survey's invitation from a status page.
func Invitation(tb testing.TB, status Answer) string {
	tb.Helper()
	_, rest, ok := strings.Cut(status.Body, "/survei?undangan=")
	token, _, _ := strings.Cut(rest, `"`)
	if !ok {
		tb.Fatal("the status page offers no survey")
	}
	return token
}

// Recorded counts a month of Bandar Lampung as recorded.Recap does.
func (a *App) Recorded(m tally.Month) {
	a.tb.Helper()
	if err := recorded.Recap(context.Background(), a.Store, a.Set.Results.Recap, m); err != nil {
		a.tb.Fatal(err)
	}
}
