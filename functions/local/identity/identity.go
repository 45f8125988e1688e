// Package identity is the identity provider of the program on one machine: a
// real OpenID provider (code flow, PKCE) with made-up colleagues, in place of
// the user pool.
//
//	/authorize ─► /masuk (form: name, password) ─► /authorize/callback ─► officers' site
//	/oauth/token, /keys, /.well-known/openid-configuration
//
// It proves one factor only and says so in "amr"; the program therefore asks
// for none more. Never used but on one machine.
package identity

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// ClientID is what the officers' site is called here.
const ClientID = "meja-petugas"

// Options say where the provider and its one client are.
type Options struct {
	Dir    string // data folder: passwords, secret, key
	Issuer string // "http://127.0.0.1:8082", its own address
	Client string // origin of the officers' site
}

// A Provider is the running identity provider.
type Provider struct {
	Accounts   []Account
	SecretFile string // holds the client's secret
	options    Options
	store      *storage
	op         *op.Provider
	mux        *http.ServeMux
}

// New makes a provider with what the folder holds.
func New(o Options) (*Provider, error) {
	k, key, err := open(o.Dir)
	if err != nil {
		return nil, err
	}
	p := &Provider{options: o, SecretFile: secretFile(o.Dir), Accounts: accounts()}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		a.Password = k.Passwords[a.Username]
	}
	p.store = newStorage(p.Accounts, client{secret: k.Secret, back: o.Client + "/masuk/kembali"}, key)
	p.op, err = op.NewProvider(&op.Config{CryptoKey: sha256.Sum256([]byte(k.Key)), CodeMethodS256: true}, p.store, op.StaticIssuer(o.Issuer),
		op.WithAllowInsecure(), op.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		return nil, fmt.Errorf("identity provider: %w", err)
	}
	p.mux = http.NewServeMux()
	p.mux.HandleFunc("GET /masuk", func(rw http.ResponseWriter, r *http.Request) { p.form(rw, r.FormValue("permintaan"), "", "") })
	p.mux.HandleFunc("POST /masuk", p.check)
	p.mux.Handle("/", p.op)
	return p, nil
}

// Issuer is what the provider calls itself.
func (p *Provider) Issuer() string { return p.options.Issuer }

// ServeHTTP serves the protocol and the login form.
func (p *Provider) ServeHTTP(rw http.ResponseWriter, r *http.Request) { p.mux.ServeHTTP(rw, r) }

// check looks at a name and password, and sends the browser on.
func (p *Provider) check(rw http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(rw, r.Body, 8<<10)
	id, name, password := r.PostFormValue("permintaan"), r.PostFormValue("nama"), r.PostFormValue("sandi")
	for _, a := range p.Accounts {
		if a.Username == name && subtle.ConstantTimeCompare([]byte(a.Password), []byte(password)) == 1 {
			if !p.store.done(id, a.Username, time.Now()) {
				p.form(rw, id, name, "masuk.mesin.basi")
				return
			}
			http.Redirect(rw, r, op.AuthCallbackURL(p.op)(op.ContextWithIssuer(r.Context(), p.options.Issuer), id), http.StatusFound)
			return
		}
	}
	p.form(rw, id, name, "masuk.mesin.salah")
}

func (p *Provider) form(rw http.ResponseWriter, id, name, mistake string) {
	t := func(key string) string { return page.T(requirement.ID, key) }
	f := &page.Form{Action: "/masuk?" + url.Values{"permintaan": {id}}.Encode(), Buttons: []page.Submit{{Text: t("masuk.tombol")}}, Fields: []page.Field{
		{Kind: page.TextInput, Name: "nama", Label: t("masuk.mesin.nama"), Value: name, Autocomplete: "username", Width: 20},
		{Kind: page.Password, Name: "sandi", Label: t("masuk.mesin.sandi"), Autocomplete: "current-password", Width: 20},
		{Kind: page.Hidden, Name: "permintaan", Value: id}}}
	status := http.StatusOK
	if mistake != "" {
		status, f.Errors = http.StatusUnprocessableEntity, []page.Error{{Field: "nama", Message: page.T(requirement.ID, mistake)}}
	}
	// The officers' site stands in the policy because the form's answer leads there.
	v := &page.Page{Lang: requirement.ID, Path: "/masuk", Private: true, OnlyLang: true, Staff: &page.Staff{}, Upload: p.options.Client,
		Title: t("masuk.mesin.judul"), Blocks: []page.Block{page.Lead{Text: t("masuk.mesin.pengantar")}, f}}
	h := rw.Header()
	h.Set("Content-Security-Policy", page.ContentSecurityPolicy(v))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	rw.WriteHeader(status)
	_ = page.Render(rw, v) // a browser that went away
}
