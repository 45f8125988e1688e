package web

import (
	"cmp"
	"errors"
	"fmt"
	"html"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/page"
)

// Bad is a request that no form of ours sends. Code names its words in
// content/kata/galat.yaml, Detail may name a field.
type Bad struct{ Code, Detail string }

func (b Bad) Error() string { return "web: bad request: " + b.Code }

var (
	errForeign = errors.New("web: request from another site")
	errMethod  = errors.New("web: method not allowed")
	// ErrNoPage: the address names something that there is not.
	ErrNoPage = errors.New("web: no such page")
	// ErrNoSession is returned by Call.Session when the person has to open the registration first.
	ErrNoSession = errors.New("web: no session")
)

// A Refusal is an error with a page of its own: the rules say no, and the
// page says what to do next.
type Refusal struct {
	Err    error
	Status int
	Code   string // of the words galat.<code>.judul, .teks, .tombol
	Next   string // where the button leads
}

// refusals is the table of those that every function has.
var refusals = []Refusal{
	{claim.ErrNotFound, http.StatusNotFound, "tidak-ditemukan", "/status"},
	{claim.ErrFull, http.StatusConflict, "penuh", "/daftar"},
	{claim.ErrNoDay, http.StatusConflict, "penuh", "/daftar"},
	{claim.ErrSoldOut, http.StatusConflict, "habis", "/daftar"},
	{claim.ErrAlreadyBooked, http.StatusConflict, "sudah-terdaftar", "/status"},
	{claim.ErrKeyReused, http.StatusUnprocessableEntity, "kunci-terpakai", "/daftar"},
	{claim.ErrStale, http.StatusConflict, "sudah-berubah", "/status"},
	{claim.ErrClosed, http.StatusConflict, "sudah-ditutup", "/status"},
	{claim.ErrNoPlace, http.StatusConflict, "belum-ada-tempat", "/status"},
	{claim.ErrTooMany, http.StatusTooManyRequests, "terlalu-sering", "/bantuan/"},
	{claim.ErrBusy, http.StatusServiceUnavailable, "sibuk", "/daftar"},
	{claim.ErrAnswered, http.StatusConflict, "sudah-dinilai", "/kinerja"},
	{ErrInvitation, http.StatusNotFound, "undangan", "/status"},
	{ErrNoSession, http.StatusUnauthorized, "belum-masuk", "/status"},
	{errForeign, http.StatusForbidden, "situs-lain", "/"},
	{ErrNoPage, http.StatusNotFound, "tanpa-halaman", "/"},
	{errMethod, http.StatusMethodNotAllowed, "tanpa-halaman", "/"},
}

// fail answers with the page of an error. What has none is our fault: it is
// logged once, and the person gets the request id and nothing else.
func (c *Call) fail(err error) {
	c.private()
	status, code, detail, next := http.StatusInternalServerError, "rusak", "", "/bantuan/"
	var bad Bad
	if errors.As(err, &bad) {
		status, code, detail, next = badStatus(bad), bad.Code, bad.Detail, cmp.Or(c.form, "/daftar")
	}
	if r, ok := c.refusal(err); ok {
		status, code, next = r.Status, r.Code, r.Next
	}
	if status == http.StatusInternalServerError {
		c.site.Log.LogAttrs(c.Context(), slog.LevelError, "failed",
			slog.String("request_id", c.ID), slog.String("error", err.Error()))
	}
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		c.later(c.waitFor(err), status, code, next)
		return
	}
	way := page.Link{URL: c.URL(next), Text: c.T("galat." + code + ".tombol")}
	if bad.Code != "" && c.form != "" {
		way.Text = c.T("galat.ke-formulir")
	}
	if err := c.Show(status, c.errorPage(status, code, detail, way), c.errorValue(code)); err != nil {
		http.Error(c.W, c.T("galat.rusak.judul")+" "+c.ID, http.StatusInternalServerError)
	}
}

// laterStyle is all that the page of an overload needs to be read on a phone.
const laterStyle = "main{font:1.1em/1.5 sans-serif;max-width:34em;margin:1em auto;overflow-wrap:anywhere}h1{line-height:1.2}"

var laterPolicy = "default-src 'none'; style-src " + page.HashSource(laterStyle) + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// waitFor is after how many seconds it is of use to come again: not the same for
// all, and not before a limit counts from the start.
func (c *Call) waitFor(err error) int {
	seconds := 5 + rand.IntN(26)
	var limited tooMany
	if errors.As(err, &limited) {
		seconds += int(limited.until.Sub(c.Now()).Seconds())
	}
	return seconds
}

// later answers an overload: as small and cheap as can be, and with a time to
// come again (TRUST R4).
func (c *Call) later(seconds, status int, code, next string) {
	h := c.W.Header()
	h.Set("Retry-After", strconv.Itoa(seconds))
	if c.JSON() {
		if err := c.write(status, c.errorValue(code)); err == nil {
			return
		}
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", laterPolicy)
	t := func(key string) string { return html.EscapeString(c.T("galat."+code+key, "id", c.ID)) }
	_ = c.send(status, fmt.Appendf(nil, `<!doctype html><html lang="%s"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>%s</title><style>%s</style><main><h1>%[2]s</h1><p>%[4]s</p><p><a href="%s">%s</a></p><p>%s</p></main></html>`,
		c.Lang, t(".judul"), laterStyle, t(".teks"), html.EscapeString(c.URL(next)), t(".tombol"), html.EscapeString(c.T("galat.bantuan", "id", c.ID))))
}

func badStatus(b Bad) int {
	switch b.Code {
	case "terlalu-besar":
		return http.StatusRequestEntityTooLarge
	case "jenis-isi":
		return http.StatusUnsupportedMediaType
	}
	return http.StatusUnprocessableEntity
}

// drawings are what an error page shows, by its status; the others mean that
// the rules say no for now.
var drawings = map[int]string{
	http.StatusNotFound: "lost", http.StatusMethodNotAllowed: "lost", http.StatusUnauthorized: "lost",
	http.StatusInternalServerError: "broken",
}

func (c *Call) errorPage(status int, code, detail string, way page.Link) *page.Page {
	text := c.T("galat."+code+".teks", "id", c.ID, "isian", detail, "batas", size(c.limit))
	return &page.Page{
		Title:  c.T("galat." + code + ".judul"),
		Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}},
		Blocks: []page.Block{
			page.Drawing{Of: cmp.Or(drawings[status], "wait")},
			page.Lead{Text: text},
			page.Button{Link: way},
			page.Text{Text: c.T("galat.bantuan", "id", c.ID)},
		},
	}
}

// size says a limit in whole megabytes or kilobytes; what a form takes beside
// its file is below one.
func size(limit int64) string {
	if limit >= 1<<20 {
		return strconv.FormatInt(limit>>20, 10) + " MB"
	}
	return strconv.FormatInt(limit>>10, 10) + " KB"
}

func (c *Call) errorValue(code string) any {
	return map[string]any{"galat": map[string]string{
		"kode": code, "pesan": c.T("galat." + code + ".judul"), "permintaan": c.ID,
	}}
}

// refusal finds the page of an error; what the function says of it counts first.
func (c *Call) refusal(err error) (Refusal, bool) {
	for _, r := range slices.Concat(c.site.Refusals, refusals) {
		if errors.Is(err, r.Err) {
			return r, true
		}
	}
	return Refusal{}, false
}

// Refuse answers with the page of an error and a way on of its own, where the
// handler knows better than the table what to do next.
func (c *Call) Refuse(err error, blocks ...page.Block) error {
	if r, ok := c.refusal(err); ok {
		p := c.errorPage(r.Status, r.Code, "", page.Link{})
		p.Blocks = append(p.Blocks[:2:2], blocks...)
		return c.Show(r.Status, p, c.errorValue(r.Code))
	}
	return fmt.Errorf("refuse: %w", err)
}
