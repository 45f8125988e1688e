// Package audit answers an auditor's two questions:
//
//	/audit ─┬─ POST /audit/cari     by code, or by a person's NIK ─► /audit/klaim/{id}
//	        │                       everything that happened, who looked, and whether the chain is whole
//	        └─ GET  /audit/petugas    what somebody of the staff did from one day to another
//
// An auditor sees ids, times and steps, no name of a participant and no
// document. Each look is noted in the claim's own trail. infra/audit checks
// all chains and sealed days at once.
//
// Its permission: read and add to audit trails; no data key, so nothing personal.
package audit

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store reads the audit trails.
type Store interface {
	IDOf(ctx context.Context, code string) (string, error)
	ByNIK(ctx context.Context, nik string, programmes []string) ([]string, error)
	Trail(ctx context.Context, by, id string, serves func(branch string) bool) ([]claim.Step, int, error)
	Acts(ctx context.Context, officer string, d requirement.Date) ([]claim.Act, error)
}

// People says who works here.
type People interface {
	People(ctx context.Context) ([]staff.Person, error)
}

// Sets loads the published requirement set.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
}

// Service is the audit pages.
type Service struct {
	Store  Store
	People People
	Sets   Sets
}

var auditors = []staff.Role{staff.Auditor}

// Routes returns every address of the function.
func (s *Service) Routes() []guard.Route {
	return []guard.Route{
		{Method: http.MethodGet, Path: "/audit", Roles: auditors, Handle: s.start},
		{Method: http.MethodPost, Path: "/audit/cari", Roles: auditors, Handle: s.search},
		{Method: http.MethodGet, Path: "/audit/klaim/{id}", Roles: auditors, Handle: s.claim},
		{Method: http.MethodGet, Path: "/audit/petugas", Roles: auditors, Handle: s.officer},
	}
}

func (s *Service) start(c *guard.Call) error {
	p, err := s.startPage(c, nil, nil)
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, p, map[string]string{})
}

func (s *Service) startPage(c *guard.Call, in web.Input, m web.Mistakes) (*page.Page, error) {
	officer, err := s.officerForm(c, c.Now().AddDate(0, 0, -7), c.Now(), "", nil)
	if err != nil {
		return nil, err
	}
	return &page.Page{Title: c.T("audit.judul"), Section: "/audit", Blocks: []page.Block{page.Lead{Text: c.T("audit.pengantar")},
		page.Heading{Level: 2, Text: c.T("audit.siapa-melihat")}, &page.Form{Action: c.URL("/audit/cari"), Errors: m, Buttons: []page.Submit{{Text: c.T("audit.cari")}},
			Fields: []page.Field{{Kind: page.TextInput, Name: "cari", Label: c.T("audit.kode"), Hint: c.T("audit.kode.petunjuk"), Value: in.Get("cari"), Autocomplete: "off", Width: 30}}},
		page.Heading{Level: 2, Text: c.T("audit.apa-dilakukan")}, officer}}, nil
}

// search leads from a code to its claim. A NIK may lead to several; it never
// stands in an address.
func (s *Service) search(c *guard.Call) error {
	in, err := c.Input("cari")
	if err != nil {
		return err
	}
	if code, err := claim.ParseCode(in.Get("cari")); err == nil {
		id, err := s.Store.IDOf(c.Context(), code)
		if err != nil {
			return err
		}
		return c.Redirect("/audit/klaim/" + id)
	}
	nik, ok := claim.ParseNIK(in.Get("cari"))
	if !ok {
		m := web.Mistakes{{Field: "cari", Message: c.T("audit.kode.salah")}}
		p, err := s.startPage(c, in, m)
		if err != nil {
			return err
		}
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	return s.person(c, nik)
}

// person lists the newest claims of a person, one of each programme.
func (s *Service) person(c *guard.Call, nik string) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	var programmes []string
	for _, r := range set.Reasons {
		if !slices.Contains(programmes, r.Programme) {
			programmes = append(programmes, r.Programme)
		}
	}
	ids, err := s.Store.ByNIK(c.Context(), nik, programmes)
	if err != nil {
		return err
	}
	if len(ids) == 0 {
		return claim.ErrNotFound
	}
	var links page.Links
	for _, id := range ids {
		links.Items = append(links.Items, page.LinkItem{Link: page.Link{URL: c.URL("/audit/klaim/" + id), Text: id}})
	}
	return c.Show(http.StatusOK, &page.Page{Title: c.T("audit.klaim-orang"), Section: "/audit", Back: back(c), Blocks: []page.Block{page.Lead{Text: c.T("audit.klaim-orang.teks")}, links}}, map[string]any{"klaim": ids})
}

func back(c *guard.Call) *page.Link {
	return &page.Link{URL: c.URL("/audit"), Text: c.T("audit.judul")}
}

func (s *Service) names(c *guard.Call) (map[string]staff.Person, []staff.Person, error) {
	all, err := s.People.People(c.Context())
	if err != nil {
		return nil, nil, fmt.Errorf("audit: %w", err)
	}
	names := map[string]staff.Person{}
	for _, p := range all {
		names[p.ID] = p
	}
	return names, all, nil
}

// claim shows a claim's trail: who looked first, then everything.
func (s *Service) claim(c *guard.Call) error {
	id := c.R.PathValue("id")
	if len(id) != 32 || strings.Trim(id, "0123456789abcdef") != "" {
		return claim.ErrNotFound
	}
	steps, broken, err := s.Store.Trail(c.Context(), c.Person.ID, id, c.Person.Serves)
	if err != nil {
		return err
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	names, _, err := s.names(c)
	if err != nil {
		return err
	}
	chain := page.Notice{Kind: "success", Title: c.T("audit.utuh"), Text: c.T("audit.utuh.teks", "n", strconv.Itoa(len(steps)))}
	if broken > 0 {
		chain = page.Notice{Kind: "danger", Title: c.T("audit.rusak", "n", strconv.Itoa(broken)), Text: c.T("audit.rusak.teks")}
	}
	head := []string{c.T("audit.nomor"), c.T("meja.riwayat.saat"), c.T("meja.riwayat.siapa"), c.T("meja.riwayat.apa")}
	all, looks := page.Table{Caption: c.T("audit.semua"), Head: head}, page.Table{Caption: c.T("audit.siapa-melihat"), Head: head}
	for i, x := range steps {
		row := []string{strconv.Itoa(i + 1), moment(c, x.At), c.Who(names, x.Actor), c.What(set, x.Action)}
		all.Rows = append(all.Rows, row)
		if strings.HasPrefix(x.Action, "view") {
			looks.Rows = append(looks.Rows, row)
		}
	}
	p := &page.Page{Title: c.T("audit.klaim"), Section: "/audit", Back: back(c), Wide: true, Blocks: []page.Block{page.Summary{Rows: []page.Row{{Key: c.T("audit.nomor-klaim"), Value: id}}}, chain, looks, all}}
	return c.Show(http.StatusOK, p, map[string]any{"peristiwa": len(steps), "rusak": broken})
}

// moment is a time in WIB: an audit looks over all zones.
func moment(c *guard.Call, t time.Time) string {
	t = t.In(wib.Location())
	return page.ShortDate(c.Lang, requirement.DateOf(t)) + " " + t.Format("15:04:05") + " WIB"
}

var wib = &requirement.Branch{Zone: "WIB"}

// maxDays bounds what one look at an officer reads.
const maxDays = 31

func (s *Service) officerForm(c *guard.Call, from, to time.Time, who string, m web.Mistakes) (page.Block, error) {
	_, all, err := s.names(c)
	if err != nil {
		return nil, err
	}
	people := page.Field{Kind: page.Select, Name: "orang", Label: c.T("audit.orang")}
	for _, p := range all {
		people.Options = append(people.Options, page.Option{Value: p.ID, Label: p.Name, Checked: p.ID == who})
	}
	return &page.Form{Action: c.URL("/audit/petugas"), Get: true, Errors: m, Buttons: []page.Submit{{Text: c.T("audit.lihat")}}, Fields: []page.Field{people,
		{Kind: page.DateInput, Name: "dari", Label: c.T("audit.dari"), Value: from.UTC().Format(time.DateOnly)},
		{Kind: page.DateInput, Name: "sampai", Label: c.T("audit.sampai"), Value: to.UTC().Format(time.DateOnly)}}}, nil
}

// officer shows what somebody did. Days are those of UTC, as the store keeps them.
func (s *Service) officer(c *guard.Call) error {
	in, err := c.Input("orang", "dari", "sampai")
	if err != nil {
		return err
	}
	var m web.Mistakes
	from, okFrom := in.Date("dari")
	to, okTo := in.Date("sampai")
	if !okFrom {
		m.Add("dari", c.T("rekap.hari.salah"))
	}
	if !okTo || okFrom && (to < from || from.AddDays(maxDays) < to) {
		m.Add("sampai", c.T("audit.masa.salah", "n", strconv.Itoa(maxDays)))
	}
	names, _, err := s.names(c)
	if err != nil {
		return err
	}
	who, known := names[in.Get("orang")]
	if !known {
		m.Add("orang", c.T("audit.orang.pilih"))
	}
	first, last := c.Now(), c.Now()
	if len(m) == 0 {
		first, err = time.Parse(time.DateOnly, string(from))
		var err2 error
		last, err2 = time.Parse(time.DateOnly, string(to))
		if err := errors.Join(err, err2); err != nil {
			return err
		}
	}
	form, err := s.officerForm(c, first, last, in.Get("orang"), m)
	if err != nil {
		return err
	}
	p := &page.Page{Title: c.T("audit.apa-dilakukan"), Section: "/audit", Back: back(c), Wide: true, Blocks: []page.Block{form}}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	table, err := s.acts(c, who, from, to)
	if err != nil {
		return err
	}
	p.Blocks = append(p.Blocks, table)
	return c.Show(http.StatusOK, p, map[string]int{"langkah": len(table.Rows)})
}

func (s *Service) acts(c *guard.Call, who staff.Person, from, to requirement.Date) (page.Table, error) {
	t := page.Table{Caption: c.T("audit.langkah", "nama", who.Name), Head: []string{c.T("meja.riwayat.saat"), c.T("meja.riwayat.apa"), c.T("audit.nomor-klaim")}}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return t, fmt.Errorf("audit: %w", err)
	}
	for d := from; d <= to; d = d.AddDays(1) {
		acts, err := s.Store.Acts(c.Context(), who.ID, d)
		if err != nil {
			return t, err
		}
		for _, x := range acts {
			t.Rows = append(t.Rows, []string{moment(c, x.At), c.What(set, x.Action), x.Registration})
		}
	}
	return t, nil
}
