package login_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	jose "github.com/go-jose/go-jose/v4"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/login"
	"lapakasik/site/requirement"
)

const clientID, clientSecret = "meja-petugas", "rahasia-klien"

// An idp is an identity provider that can be told to misbehave.
type idp struct {
	t      *testing.T
	srv    *httptest.Server
	key    *rsa.PrivateKey
	now    func() time.Time
	mu     sync.Mutex
	codes  map[string]url.Values // what the login asked for, by code
	claims func(map[string]any)  // changes the token's claims
	sign   func(map[string]any) string
	down   bool
}

var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newIDP(t *testing.T, now func() time.Time) *idp {
	t.Helper()
	key, err := signingKey()
	if err != nil {
		t.Fatal(err)
	}
	p := &idp{t: t, key: key, now: now, codes: map[string]url.Values{}}
	p.srv = httptest.NewServer(p)
	t.Cleanup(p.srv.Close)
	return p
}

func (p *idp) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		p.write(w, map[string]any{"issuer": p.srv.URL, "authorization_endpoint": p.srv.URL + "/authorize", "token_endpoint": p.srv.URL + "/token",
			"jwks_uri": p.srv.URL + "/keys", "id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"}})
	case "/keys":
		p.write(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &p.key.PublicKey, KeyID: "1", Algorithm: "RS256", Use: "sig"}}})
	case "/token":
		p.token(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (p *idp) write(w http.ResponseWriter, v any) {
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	asked, ok := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	id, secret, basic := r.BasicAuth()
	if p.down {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !ok || !basic || id != clientID || secret != clientSecret || asked.Get("redirect_uri") != r.PostFormValue("redirect_uri") ||
		asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		p.write(w, map[string]string{"error": "invalid_grant"})
		return
	}
	c := map[string]any{"iss": p.srv.URL, "aud": clientID, "sub": "orang-1", "name": "Orang Satu", "nonce": asked.Get("nonce"),
		"iat": p.now().Unix(), "exp": p.now().Add(5 * time.Minute).Unix(), "auth_time": p.now().Unix()}
	if p.claims != nil {
		p.claims(c)
	}
	sign := p.sign
	if sign == nil {
		sign = func(c map[string]any) string { return p.signed(c, jose.RS256, p.key, "1") }
	}
	p.write(w, map[string]any{"access_token": "tiket", "token_type": "Bearer", "expires_in": 300, "id_token": sign(c)})
}

func (p *idp) signed(c map[string]any, alg jose.SignatureAlgorithm, key any, kid string) string {
	s, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", kid))
	if err != nil {
		p.t.Error(err)
		return ""
	}
	b, _ := json.Marshal(c) // strings and numbers
	sig, err := s.Sign(b)
	if err != nil {
		p.t.Error(err)
		return ""
	}
	out, _ := sig.CompactSerialize() // just made
	return out
}

func unsigned(c map[string]any) string {
	b, _ := json.Marshal(c) // strings and numbers
	e := base64.RawURLEncoding
	return e.EncodeToString([]byte(`{"alg":"none"}`)) + "." + e.EncodeToString(b) + "."
}

// agree is the person pressing the provider's button: it returns the answer
// to the address that the officers' site sent the browser to.
func (p *idp) agree(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	code := rand.Text()
	p.codes[code] = u.Query()
	return url.Values{"code": {code}, "state": {u.Query().Get("state")}}
}

// A desk is the login function on the real store, with its provider.
type desk struct {
	*apptest.App
	*idp
	service *login.Service
}

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error) { return s.Set, nil }

// newDesk opens the office; its store is known only then.
func newDesk(t *testing.T) *desk {
	t.Helper()
	app := apptest.New(t, "../..")
	p := newIDP(t, app.Clock.Now)
	s := &login.Service{Sets: sets{app.Set}, Log: parts.Logger(app.Log), Provider: &login.Provider{Issuer: p.srv.URL, ClientID: clientID,
		Secret: func(context.Context) (string, error) { return clientSecret, nil }, SecondFactor: []string{"mfa", "otp"}, Now: app.Clock.Now}}
	office := app.Office(s.Routes(), s.Open()...)
	s.Store, s.Provider.Return = office.Staff, office.URL+"/masuk/kembali"
	return &desk{office, p, s}
}

// known makes the provider's person an officer.
func (d *desk) known(roles ...staff.Role) staff.Person {
	d.t.Helper()
	p, err := d.Staff.Save(d.t.Context(), staff.Person{ID: staff.ID(d.srv.URL, "orang-1"), Name: "Orang Satu", Roles: roles, Branches: []string{"kudus"}})
	if err != nil {
		d.t.Fatal(err)
	}
	return p
}

// login goes the whole way; change may alter what comes back from the provider.
func (d *desk) login(b *apptest.Browser, change func(url.Values)) apptest.Answer {
	d.t.Helper()
	return d.loginAt(b, "/masuk/mulai", change)
}

func (d *desk) loginAt(b *apptest.Browser, start string, change func(url.Values)) apptest.Answer {
	d.t.Helper()
	away := b.Get(start)
	if away.Status != http.StatusSeeOther {
		d.t.Fatalf("%s = %d", start, away.Status)
	}
	q := d.agree(away.Header.Get("Location"))
	if change != nil {
		change(q)
	}
	return b.Get("/masuk/kembali?" + q.Encode())
}

func session(d *desk, b *apptest.Browser) string {
	at, err := url.Parse(d.URL)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, k := range b.Jar.Cookies(at) {
		if k.Name == guard.Cookie {
			return k.Value
		}
	}
	return ""
}

// TRUST R55: what does not hold opens no session.
func TestOnlyAWholeLoginCounts(t *testing.T) {
	d := newDesk(t)
	d.known(staff.Officer)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	set := func(name string, v any) func(map[string]any) { return func(c map[string]any) { c[name] = v } }
	drop := func(name string) func(map[string]any) { return func(c map[string]any) { delete(c, name) } }
	tests := []struct {
		name   string
		start  string
		answer func(url.Values)
		claims func(map[string]any)
		sign   func(map[string]any) string
		want   int
	}{
		{name: "honest", want: 303},
		{name: "honest, with a second factor", claims: set("amr", []string{"pwd", "otp"}), want: 303},
		{name: "one factor only", claims: set("amr", []string{"pwd"}), want: 403},
		{name: "other state", answer: func(q url.Values) { q.Set("state", "x") }, want: 403},
		{name: "no state", answer: func(q url.Values) { q.Del("state") }, want: 403},
		{name: "no code", answer: func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") }, want: 403},
		{name: "unknown code", answer: func(q url.Values) { q.Set("code", "x") }, want: 403},
		{name: "our issuer", answer: func(q url.Values) { q.Set("iss", d.srv.URL) }, want: 303},
		{name: "answer of another issuer", answer: func(q url.Values) { q.Set("iss", "https://lain.example") }, want: 403},
		{name: "other verifier", answer: func(q url.Values) { d.codes[q.Get("code")].Set("code_challenge", "x") }, want: 403},
		{name: "no challenge", answer: func(q url.Values) { d.codes[q.Get("code")].Del("code_challenge") }, want: 403},
		{name: "other nonce", claims: set("nonce", "x"), want: 403},
		{name: "no nonce", claims: drop("nonce"), want: 403},
		{name: "other issuer", claims: set("iss", "https://lain.example"), want: 403},
		{name: "other audience", claims: set("aud", "klien-lain"), want: 403},
		{name: "expired", claims: set("exp", d.Clock.Now().Add(-time.Minute).Unix()), want: 403},
		{name: "no subject", claims: drop("sub"), want: 403},
		{name: "alg none", sign: unsigned, want: 403},
		{name: "alg HS256 by the client's secret", sign: func(c map[string]any) string {
			return d.signed(c, jose.HS256, []byte(clientSecret+clientSecret+clientSecret), "1")
		}, want: 403},
		{name: "other key", sign: func(c map[string]any) string { return d.signed(c, jose.RS256, other, "1") }, want: 403},
		{name: "other kid", sign: func(c map[string]any) string { return d.signed(c, jose.RS256, other, "2") }, want: 403},
		{name: "no token", sign: func(map[string]any) string { return "" }, want: 403},
		{name: "again", start: "/masuk?ulang=ya", want: 303},
		{name: "again, but not asked", start: "/masuk?ulang=ya", claims: set("auth_time", d.Clock.Now().Add(-time.Hour).Unix()), want: 403},
		{name: "again, nobody says when", start: "/masuk?ulang=ya", claims: drop("auth_time"), want: 403},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d.claims, d.sign = tt.claims, tt.sign
			b := d.Browser()
			start := tt.start
			if start == "" {
				start = "/masuk/mulai"
			}
			got := d.loginAt(b, start, tt.answer)
			if got.Status != tt.want || (session(d, b) != "") != (tt.want == http.StatusSeeOther) {
				t.Errorf("%d, session %t; want %d", got.Status, session(d, b) != "", tt.want)
			}
		})
	}
}

func TestLoginIsAskedRight(t *testing.T) {
	d := newDesk(t)
	u, err := url.Parse(d.Browser().Get("/en/masuk?ulang=ya").Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{"response_type": "code", "client_id": clientID, "redirect_uri": d.URL + "/masuk/kembali", "code_challenge_method": "S256",
		"prompt": "login", "max_age": "0", "ui_locales": "en"} {
		if q.Get(name) != want {
			t.Errorf("%s = %q; want %q", name, q.Get(name), want)
		}
	}
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Get(name)) < 22 { // 128 bits
			t.Errorf("%s = %q; want something nobody guesses", name, q.Get(name))
		}
	}
}

// A login belongs to the browser and the minutes in which it began, and counts once.
func TestALoginIsUsedOnce(t *testing.T) {
	d := newDesk(t)
	d.known(staff.Officer)
	b := d.Browser()
	q := d.agree(b.Get("/masuk/mulai").Header.Get("Location"))
	if got := d.Browser().Get("/masuk/kembali?" + q.Encode()).Status; got != http.StatusForbidden {
		t.Errorf("in another browser: %d; want 403", got)
	}
	if got := b.Get("/masuk/kembali?" + q.Encode()).Status; got != http.StatusSeeOther {
		t.Errorf("in its own browser: %d; want 303", got)
	}
	if got := b.Get("/masuk/kembali?" + q.Encode()).Status; got != http.StatusForbidden {
		t.Errorf("a second time: %d; want 403", got)
	}
	q = d.agree(b.Get("/masuk/mulai").Header.Get("Location"))
	d.Clock.Move(11 * time.Minute)
	if got := b.Get("/masuk/kembali?" + q.Encode()).Status; got != http.StatusForbidden {
		t.Errorf("after eleven minutes: %d; want 403", got)
	}
	d.down = true
	if got := d.login(b, nil).Status; got != http.StatusServiceUnavailable {
		t.Errorf("while the provider is down: %d; want 503", got)
	}
}
