// Package collective takes a company's claim for many workers (klaim kolektif)
// from its representative, and each worker's consent.
//
//	GET /kolektif ─► POST /kolektif: code ─► GET /kolektif/permohonan ◄─ POST /kolektif/buka (code and telephone)
//	                                            │
//	      letters: /kolektif/surat/{surat} ─────┤ file store, inspect
//	      list: POST /kolektif/daftar ──────────┤ XLSX or CSV, good as a whole or not at all
//	                                            ▼
//	                             POST /kolektif/kirim ─► the branch (package agree)
//	                                            │
//	      agreed: each worker a registration ◄──┘  (job "companies" of package schedule)
//	      documents: /kolektif/berkas (many), /kolektif/pekerja/{baris}/{slot} (one)
//	      worker: GET, POST /kolektif/persetujuan, with the worker's own code
//
// What the representative sees of a worker is company.Standing and no more. Its
// permission: read and write registrations, and sign or write objects into the
// inbox. It cannot read a document.
package collective

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/roll"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// maxBulk is the size in bytes of all files of one form without the script,
// which pass through us.
const maxBulk = 4 << 20

// Store is what collective claims need of the store; its errors are those of package claim.
type Store interface {
	NewCompany(ctx context.Context, formKey []byte, digest string, r company.Request) (company.Request, error)
	FindCompany(ctx context.Context, code, phone string) (string, error)
	CompanyByID(ctx context.Context, id string) (company.Request, error)
	KeepList(ctx context.Context, id string, version int, list string, workers []company.Worker) (company.Request, error)
	KeepProblems(ctx context.Context, id string, body []byte) error
	Problems(ctx context.Context, id string) ([]byte, error)
	Workers(ctx context.Context, r company.Request) ([]company.Worker, error)
	SendCompany(ctx context.Context, id string, version int) (company.Request, error)
	Lines(ctx context.Context, id string) ([]company.Line, error)
	FilesOf(ctx context.Context, owner string) ([]claim.Document, error)
	ByID(ctx context.Context, id string) (claim.Registration, error)
	Consent(ctx context.Context, id string, version int, proofs []claim.ConsentProof) (claim.Registration, error)
	Submit(ctx context.Context, id string, version int) (claim.Registration, error)
}

// Inbox takes files that came with a form, where no script could send them.
type Inbox interface {
	Put(ctx context.Context, key, media string, body []byte) error
}

// Sets loads published requirement sets.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Service is the company's part of the journey.
type Service struct {
	Store Store
	Sets  Sets
	Files permit.Service
	Inbox Inbox
	// Pseudonym returns a keyed digest that tells two requests apart without keeping them.
	Pseudonym func(ctx context.Context, purpose, value string) (string, error)
}

// Routes returns every address of the function.
func (s *Service) Routes() []web.Route {
	get, post := http.MethodGet, http.MethodPost
	return []web.Route{
		{Method: get, Path: "/kolektif", Handle: s.start},
		{Method: post, Path: "/kolektif", Handle: s.create, Form: "/kolektif"},
		{Method: get, Path: "/kolektif/buka", Handle: s.ask},
		{Method: post, Path: "/kolektif/buka", Handle: s.open, Form: "/kolektif/buka"},
		{Method: post, Path: "/kolektif/keluar", Handle: s.leave},
		{Method: get, Path: "/kolektif/permohonan", Handle: s.overview},
		{Method: post, Path: "/kolektif/kirim", Handle: s.send},
		{Method: get, Path: "/kolektif/surat/{surat}", Handle: s.letter},
		{Method: get, Path: "/kolektif/surat/{surat}/selesai", Handle: s.letterSent},
		{Method: post, Path: "/kolektif/surat/{surat}/izin", Handle: s.permitLetter},
		{Method: get, Path: "/kolektif/daftar", Handle: s.list},
		{Method: post, Path: "/kolektif/daftar", Handle: s.takeList, Body: roll.MaxSize + 16<<10, Form: "/kolektif/daftar"},
		{Method: get, Path: "/kolektif/daftar/galat.csv", Handle: s.problems},
		{Method: get, Path: "/kolektif/templat.xlsx", Handle: s.template("xlsx")},
		{Method: get, Path: "/kolektif/templat.csv", Handle: s.template("csv")},
		{Method: get, Path: "/kolektif/pekerja", Handle: s.workers},
		{Method: get, Path: "/kolektif/pekerja/{baris}", Handle: s.worker},
		{Method: get, Path: "/kolektif/pekerja/{baris}/{slot}", Handle: s.slot},
		{Method: get, Path: "/kolektif/pekerja/{baris}/{slot}/selesai", Handle: s.slotSent},
		{Method: post, Path: "/kolektif/pekerja/{baris}/{slot}/izin", Handle: s.permitSlot},
		{Method: get, Path: "/kolektif/berkas", Handle: s.bulk},
		{Method: post, Path: "/kolektif/berkas", Handle: s.takeBulk, Body: maxBulk + 64<<10, Form: "/kolektif/berkas"},
		{Method: post, Path: "/kolektif/berkas/izin", Handle: s.permitBulk},
		{Method: get, Path: "/kolektif/persetujuan", Handle: s.consents},
		{Method: post, Path: "/kolektif/persetujuan", Handle: s.consent},
	}
}

// cookie holds which request the browser has opened, sealed.
const cookie = "__Host-kolektif"

// sessionLife is how long an opened request stays open.
const sessionLife = 2 * time.Hour

type session struct {
	ID    string `json:"id"`
	Until int64  `json:"until"` // Unix seconds
}

func keepOpen(c *web.Call, id string) error {
	b, err := json.Marshal(session{id, c.Now().Add(sessionLife).Unix()})
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	return c.Seal(cookie, b, int(sessionLife.Seconds()))
}

// A desk is the opened request with the set it was made under.
type desk struct {
	*web.Call
	s   *Service
	req company.Request
	set *requirement.Set
}

// ErrNoSession: the representative has to open the request first.
var ErrNoSession = fmt.Errorf("collective: no request is open: %w", web.ErrNoSession)

var (
	// errNotAgreed: the branch has to agree to the request first.
	errNotAgreed = errors.New("collective: the branch has not agreed")
	// errClosed is claim.ErrClosed for the representative.
	errClosed = fmt.Errorf("collective: %w", claim.ErrClosed)
)

// Refusals are the pages of errors that lead back into this part.
var Refusals = []web.Refusal{
	{Err: ErrNoSession, Status: http.StatusUnauthorized, Code: "kolektif-belum-buka", Next: "/kolektif/buka"},
	{Err: errNotAgreed, Status: http.StatusConflict, Code: "kolektif-belum-disetujui", Next: "/kolektif/permohonan"},
	{Err: errClosed, Status: http.StatusConflict, Code: "kolektif-ditutup", Next: "/kolektif/permohonan"},
}

func (s *Service) desk(c *web.Call) (*desk, error) {
	b, err := c.Sealed(cookie)
	var x session
	if err != nil || json.Unmarshal(b, &x) != nil || c.Now().Unix() >= x.Until {
		return nil, ErrNoSession
	}
	req, err := s.Store.CompanyByID(c.Context(), x.ID)
	if err != nil {
		return nil, fmt.Errorf("open company: %w", err)
	}
	set, err := s.Sets.Version(c.Context(), req.SetVersion)
	if err != nil {
		return nil, fmt.Errorf("requirement set of a company: %w", err)
	}
	return &desk{c, s, req, set}, nil
}

func (d *desk) branch() *requirement.Branch {
	if b := d.set.Branch(d.req.Branch); b != nil {
		return b
	}
	return &requirement.Branch{Code: d.req.Branch, Name: d.req.Branch, Zone: "WIB"}
}

func (d *desk) moment(t time.Time) string { return page.Moment(d.Lang, t, d.branch()) }

func (d *desk) document(code string) requirement.Document {
	if x := d.set.Document(code); x != nil {
		return *x
	}
	return requirement.Document{Code: code, Title: requirement.Text{ID: code, EN: code}}
}

// newPage is the frame of a page of this part.
func newPage(c *web.Call, title string, blocks ...page.Block) *page.Page {
	return &page.Page{Title: title, Section: "/kolektif", Scripts: []page.Script{"formulir"}, Blocks: blocks,
		Crumbs: []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}, {URL: c.URL("/prosedur/kolektif/"), Text: c.T("kolektif.judul")}}}
}

// inner is the frame of a page of an opened request.
func (d *desk) inner(title string, blocks ...page.Block) *page.Page {
	p := newPage(d.Call, title, blocks...)
	p.Back = &page.Link{URL: d.URL("/kolektif/permohonan"), Text: d.T("kolektif.ke-permohonan")}
	return p
}
