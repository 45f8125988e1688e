// Package agree is the branch's side of collective claims (klaim kolektif): it
// looks at a company's letters and list, gives the request back or refuses it
// with grounds, or agrees a block of places on days.
//
//	GET /perusahaan ─► /{kantor} ─► /{kantor}/{id} ─┬─ GET  berkas/{berkas}: a letter, for a minute
//	                                                ├─ GET  daftar: the list of workers
//	                                                ├─ POST kembali: to be mended, or refused
//	                                                └─ GET, POST jadwal: days and places
//
// Officers and supervisors see the requests of their branches, each look an
// event of the audit trail; places are the supervisor's to give. Its
// permission: read and write requests and seats, and sign reads of the vault.
package agree

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store is what the branch's side needs of the store; its errors are those of package claim.
type Store interface {
	Companies(ctx context.Context, branch string) ([]company.Head, error)
	ViewCompany(ctx context.Context, by claim.Desk, id, what string) (company.Request, error)
	CompanyByID(ctx context.Context, id string) (company.Request, error)
	Workers(ctx context.Context, r company.Request) ([]company.Worker, error)
	ReturnCompany(ctx context.Context, by claim.Desk, id string, version int, grounds []string, until time.Time) (company.Request, error)
	AgreeCompany(ctx context.Context, by claim.Desk, id string, version int, block []company.Session) (company.Request, error)
	Reserve(ctx context.Context, id string) error
	Timetable(ctx context.Context, branch string) (claim.Timetable, error)
	Draws(ctx context.Context, branch string, from requirement.Date) ([]claim.Draw, error)
	Sessions(ctx context.Context, branch string, d requirement.Date) ([]claim.Session, error)
	EnsureDay(context.Context, claim.DayPlan) error
}

// Sets loads published requirement sets.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Service is the branch's side.
type Service struct {
	Store       Store
	Sets        Sets
	Files       guard.Files
	FilesOrigin string // that letters are shown from
}

var (
	both        = []staff.Role{staff.Officer, staff.Supervisor}
	supervisors = []staff.Role{staff.Supervisor}
)

// Routes returns every address of the function.
func (s *Service) Routes() []guard.Route {
	get, post := http.MethodGet, http.MethodPost
	return []guard.Route{
		{Method: get, Path: "/perusahaan", Roles: both, Handle: s.branches},
		{Method: get, Path: "/perusahaan/{kantor}", Roles: both, Handle: s.list},
		{Method: get, Path: "/perusahaan/{kantor}/{id}", Roles: both, Handle: s.request},
		{Method: get, Path: "/perusahaan/{kantor}/{id}/berkas/{berkas}", Roles: both, Handle: s.letter},
		{Method: get, Path: "/perusahaan/{kantor}/{id}/daftar", Roles: both, Handle: s.workers},
		{Method: post, Path: "/perusahaan/{kantor}/{id}/kembali", Roles: supervisors, Handle: s.giveBack},
		{Method: get, Path: "/perusahaan/{kantor}/{id}/jadwal", Roles: supervisors, Handle: s.schedule},
		{Method: post, Path: "/perusahaan/{kantor}/{id}/jadwal", Roles: supervisors, Handle: s.agree},
	}
}

// branches leads to the one branch that the person serves, or offers them all.
func (s *Service) branches(c *guard.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("branches: %w", err)
	}
	var own []*requirement.Branch
	for i := range set.Branches {
		if b := &set.Branches[i]; b.Bookable && c.Person.Serves(b.Code) {
			own = append(own, b)
		}
	}
	if len(own) == 1 {
		return c.Redirect("/perusahaan/" + own[0].Code)
	}
	var list page.Links
	for _, b := range own {
		list.Items = append(list.Items, page.LinkItem{Link: page.Link{URL: c.URL("/perusahaan/" + b.Code), Text: b.Name}})
	}
	p := &page.Page{Title: c.T("perusahaan.judul"), Section: "/perusahaan", Wide: true, Blocks: []page.Block{list}}
	return c.Show(http.StatusOK, p, map[string]int{"kantor": len(own)})
}

// A desk is a request of the branch that somebody may see.
type desk struct {
	*guard.Call
	s      *Service
	by     claim.Desk
	req    company.Request
	set    *requirement.Set
	branch *requirement.Branch
}

// open opens the request and notes the look.
func (s *Service) open(c *guard.Call, what string) (*desk, error) {
	d := &desk{Call: c, s: s, by: claim.Desk{Officer: c.Person.ID, Branch: c.Branch}}
	var err error
	if d.req, err = s.Store.ViewCompany(c.Context(), d.by, c.R.PathValue("id"), what); err != nil {
		return nil, err
	}
	if d.set, err = s.Sets.Version(c.Context(), d.req.SetVersion); err != nil {
		return nil, fmt.Errorf("requirement set of a company: %w", err)
	}
	if d.branch = d.set.Branch(c.Branch); d.branch == nil {
		return nil, claim.ErrNotFound
	}
	return d, nil
}

func (d *desk) at(path string) string {
	return d.URL("/perusahaan/" + d.Call.Branch + "/" + d.req.ID + path)
}

func (d *desk) page(title string, blocks ...page.Block) *page.Page {
	return &page.Page{Title: title, Section: "/perusahaan", Wide: true, Blocks: blocks, Crumbs: []page.Link{
		{URL: d.URL("/perusahaan/" + d.Call.Branch), Text: d.T("perusahaan.judul")}, {URL: d.at(""), Text: d.req.Private.Company}}}
}

var stateNames = map[company.Status]string{company.Open: "dibuka", company.Sent: "dikirim", company.Reserving: "disetujui",
	company.Agreed: "disetujui", company.Done: "terdaftar", company.Refused: "ditolak"}

// list shows the requests of a branch, those that wait for it first.
func (s *Service) list(c *guard.Call) error {
	heads, err := s.Store.Companies(c.Context(), c.Branch)
	if err != nil {
		return err
	}
	slices.SortStableFunc(heads, func(a, b company.Head) int { return rank(a) - rank(b) })
	var out page.Links
	waiting := 0
	for _, h := range heads {
		if h.Status == company.Open {
			continue // the company has not sent it
		}
		if h.Status == company.Sent {
			waiting++
		}
		out.Items = append(out.Items, page.LinkItem{Note: c.T("perusahaan.status." + stateNames[h.Status]),
			Link: page.Link{URL: c.URL("/perusahaan/" + c.Branch + "/" + h.ID), Text: c.T("perusahaan.dari", "tanggal", page.ShortDate(c.Lang, requirement.DateOf(h.Created)))}})
	}
	p := &page.Page{Title: c.T("perusahaan.judul"), Section: "/perusahaan", Wide: true, Blocks: []page.Block{page.Lead{Text: c.T("perusahaan.menunggu", "n", strconv.Itoa(waiting))}, out}}
	return c.Show(http.StatusOK, p, map[string]int{"menunggu": waiting, "semua": len(out.Items)})
}

func rank(h company.Head) int {
	if h.Status == company.Sent {
		return 0
	}
	return 1
}

// request shows a company, its letters, and what the branch may do.
func (s *Service) request(c *guard.Call) error {
	d, err := s.open(c, "company")
	if err != nil {
		return err
	}
	return d.show(http.StatusOK, nil, nil)
}

func (d *desk) show(status int, in web.Input, m web.Mistakes) error {
	r := d.req
	x := r.Private
	rows := []page.Row{
		{Key: d.T("perusahaan.status"), Value: d.T("perusahaan.status." + stateNames[r.Status])},
		{Key: d.T("kolektif.jumlah"), Value: d.T("kolektif.jumlah.nilai", "phk", page.Number(d.Lang, x.LaidOff), "semua", page.Number(d.Lang, x.Workers), "persen", page.Percent(d.Lang, x.LaidOff, x.Workers))},
		{Key: d.T("perusahaan.wakil"), Value: x.Name}, {Key: d.T("perusahaan.telepon"), Value: x.Phone}, {Key: d.T("perusahaan.surel"), Value: x.Email},
		{Key: d.T("perusahaan.pekerja"), Value: page.Number(d.Lang, r.Rows)}}
	for _, s := range r.Block {
		rows = append(rows, page.Row{Key: page.ShortDate(d.Lang, s.Date) + " " + page.Clock(d.Lang, s.Time, d.branch.Zone), Value: page.Number(d.Lang, s.Places)})
	}
	p := d.page(x.Company, page.Notice{Kind: "info", Title: d.T("kolektif.aturan", "persen", strconv.Itoa(d.set.Company.Percent)), Text: d.set.Company.Note.In(d.Lang)},
		page.Summary{Rows: rows}, page.Heading{Level: 2, ID: "surat", Text: d.T("perusahaan.surat")}, d.letters())
	p.Crumbs = p.Crumbs[:1]
	if r.List != "" {
		p.Blocks = append(p.Blocks, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: d.at("/daftar"), Text: d.T("perusahaan.daftar")}}}})
	}
	if r.Status == company.Sent && d.Person.Is(supervisors...) {
		p.Blocks = append(p.Blocks, page.Button{Link: page.Link{URL: d.at("/jadwal"), Text: d.T("perusahaan.setujui")}},
			page.Heading{Level: 2, ID: "kembalikan", Text: d.T("perusahaan.kembalikan")}, d.returnForm(in, m))
	}
	if m != nil {
		return d.Show(status, p, m.Value())
	}
	return d.Show(status, p, map[string]any{"id": r.ID, "versi": r.Version, "status": stateNames[r.Status], "pekerja": r.Rows})
}

func (d *desk) letters() page.Block {
	var out page.Checklist
	for _, l := range d.set.Company.Letters {
		t := page.Task{Title: d.title(l.Document), Kind: "error", Status: d.T("meja.berkas.tiada")}
		for _, x := range d.req.Documents {
			if x.Slot == l.Document && x.State == claim.DocPassed {
				t.Kind, t.Status = "done", d.T("meja.berkas.lulus")
				t.Link = &page.Link{URL: d.at("/berkas/" + x.Upload), Text: t.Title}
			}
		}
		out.Items = append(out.Items, t)
	}
	return out
}

func (d *desk) title(code string) string {
	if x := d.set.Document(code); x != nil {
		return x.Title.In(d.Lang)
	}
	return code
}

// letter shows one letter that passed inspection, for a minute.
func (s *Service) letter(c *guard.Call) error {
	r, err := s.Store.CompanyByID(c.Context(), c.R.PathValue("id"))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(r.Documents, func(x claim.Document) bool { return x.Upload == c.R.PathValue("berkas") && x.State == claim.DocPassed })
	if i < 0 || r.Branch != c.Branch {
		return claim.ErrNotFound
	}
	x := r.Documents[i]
	d, err := s.open(c, "document "+x.Slot) // which writes down who looks
	if err != nil {
		return err
	}
	p := d.page(d.title(x.Slot))
	p.Pictures, p.Back = s.FilesOrigin, &page.Link{URL: d.at(""), Text: c.T("meja.berkas.kembali")}
	return c.ShowDocument(p, s.Files, x, "surat-", func() error { return nil })
}

// shownWorkers is how many rows one page of the list has.
const shownWorkers = 200

// workers shows the list, to be held against the mass letter: name, NIK in
// part, membership numbers and period of work; no account, no telephone.
func (s *Service) workers(c *guard.Call) error {
	d, err := s.open(c, "list")
	if err != nil {
		return err
	}
	all, err := s.Store.Workers(c.Context(), d.req)
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(c.R.URL.Query().Get("mulai"))
	from = min(max(from, 0), len(all))
	t := page.Table{Caption: c.T("perusahaan.daftar"), Head: []string{c.T("kolektif.daftar.baris"), c.T("meja.orang.nama"), c.T("meja.orang.nik"), c.T("meja.orang.kpj"), c.T("meja.kolom.sebab"), c.T("perusahaan.masa-kerja")}}
	for _, w := range all[from:min(len(all), from+shownWorkers)] {
		reason := w.Reason
		if x := d.set.Reason(w.Reason); x != nil {
			reason = x.Title.In(c.Lang)
		}
		nik := w.Person.NIK
		t.Rows = append(t.Rows, []string{strconv.Itoa(w.Row), w.Person.Name, strings.Repeat("•", 12) + nik[len(nik)-4:], strings.Join(w.Person.KPJ, ", "), reason,
			page.ShortDate(c.Lang, w.From) + " – " + page.ShortDate(c.Lang, w.To)})
	}
	p := d.page(c.T("perusahaan.daftar"), t)
	if from+shownWorkers < len(all) {
		p.Blocks = append(p.Blocks, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: d.at("/daftar") + "?mulai=" + strconv.Itoa(from+shownWorkers), Text: c.T("kolektif.pekerja.berikut")}}}})
	}
	return c.Show(http.StatusOK, p, map[string]int{"pekerja": len(all), "mulai": from})
}
