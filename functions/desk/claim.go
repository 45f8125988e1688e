package desk

import (
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

// whys are the codes that say why an officer looks at a whole number.
var whys = []string{"cocok-ktp", "cocok-rekening", "data-kependudukan"}

// see tells whether the caller may open a claim: who has it, whoever may be
// the second of two people, and supervisors. claim.ErrNotMine otherwise.
func (s *Service) see(c *guard.Call) (claim.Desk, claim.Registration, error) {
	by, r, err := s.desk(c, c.R.PathValue("id"))
	if err == nil && !r.Call.Mine(by.Officer) && r.Status != claim.Proposed && !c.Person.Is(staff.Supervisor) {
		err = claim.ErrNotMine
	}
	return by, r, err
}

func (s *Service) claim(c *guard.Call) error {
	by, r, err := s.see(c)
	if err != nil {
		return err
	}
	return s.open(c, by, r.ID, "claim", http.StatusOK, nil, nil)
}

// reveal shows NIK and account whole; the audit trail keeps why.
func (s *Service) reveal(c *guard.Call) error {
	by, r, err := s.see(c)
	if err != nil {
		return err
	}
	in, err := c.Input("alasan-lihat")
	if err != nil {
		return err
	}
	if why := in.Get("alasan-lihat"); slices.Contains(whys, why) {
		return s.open(c, by, r.ID, "person "+why, http.StatusOK, nil, nil)
	}
	var m web.Mistakes
	m.Add("alasan-lihat", c.T("meja.lihat.pilih"))
	return s.open(c, by, r.ID, "claim", http.StatusUnprocessableEntity, in, m)
}

// A file is an opened claim with what its page shows.
type file struct {
	*guard.Call
	s      *Service
	by     claim.Desk
	reg    claim.Registration
	set    *requirement.Set // of the registration
	rules  *requirement.Deciding
	branch *requirement.Branch
	whole  bool // NIK and account are shown whole
	in     web.Input
	m      web.Mistakes
}

// open notes the look in the audit trail and shows the claim.
func (s *Service) open(c *guard.Call, by claim.Desk, id, what string, status int, in web.Input, m web.Mistakes) error {
	r, err := s.Store.View(c.Context(), by, id, what)
	if err != nil {
		return err
	}
	set, err := s.Sets.Version(c.Context(), r.SetVersion)
	if err != nil {
		return fmt.Errorf("requirement set of the registration: %w", err)
	}
	now, b, err := s.branch(c.Call, c.Branch)
	if err != nil {
		return err
	}
	f := &file{Call: c, s: s, by: by, reg: r, set: set, rules: &now.Deciding, branch: b, whole: strings.HasPrefix(what, "person "), in: in, m: m}
	p, err := f.page()
	if err != nil {
		return err
	}
	if m != nil {
		return c.Show(status, p, m.Value())
	}
	return c.Show(status, p, map[string]any{"id": r.ID, "versi": r.Version, "status": r.Status})
}

func (f *file) at(path string) string {
	return f.URL("/meja/" + f.Branch + "/klaim/" + f.reg.ID + path)
}

func (f *file) page() (*page.Page, error) {
	same, err := f.s.Store.SameFile(f.Context(), f.reg)
	if err != nil {
		return nil, err
	}
	names, people, err := f.s.names(f.Context())
	if err != nil {
		return nil, err
	}
	p := &page.Page{Title: claimant(f.reg), Section: "/meja", Wide: true, Path: "/meja/" + f.Branch + "/klaim/" + f.reg.ID,
		Crumbs: []page.Link{{URL: f.URL("/meja/" + f.Branch), Text: f.T("meja.judul", "kantor", f.branch.Name)}}}
	p.Blocks = append(p.Blocks, f.flags(same)...)
	p.Blocks = append(p.Blocks, page.Summary{Rows: f.person()}, f.revealForm(), page.Heading{Level: 2, ID: "berkas", Text: f.T("meja.berkas")}, f.checklist(same))
	p.Blocks = append(p.Blocks, f.decision()...)
	p.Blocks = append(p.Blocks, f.handOverForm(people)...)
	rest, err := f.records(names)
	p.Blocks = append(p.Blocks, rest...)
	return p, err
}

// flags says in plain words what the officer should look at twice.
func (f *file) flags(same map[string]int) []page.Block {
	var out []page.Block
	for _, code := range f.reg.Flags {
		out = append(out, page.Notice{Kind: "warning", Title: f.T("meja.tanda." + code), Text: f.T("meja.tanda." + code + ".teks")})
	}
	most := 0
	for _, n := range same {
		most = max(most, n)
	}
	if most > 0 {
		out = append(out, page.Notice{Kind: "warning", Title: f.T("meja.tanda.SAMA"), Text: f.T("meja.tanda.SAMA.teks", "n", strconv.Itoa(most))})
	}
	return out
}

func (f *file) person() []page.Row {
	x, r := f.reg.Private.Person, f.reg
	rows := []page.Row{}
	add := func(key, value string) {
		if value != "" {
			rows = append(rows, page.Row{Key: f.T(key), Value: value})
		}
	}
	add("meja.orang.nama", x.Name)
	add("meja.orang.waris", x.HeirName)
	add("meja.orang.nik-waris", f.number(x.HeirNIK))
	add("meja.orang.nik", f.number(x.NIK))
	add("meja.orang.lahir", page.ShortDate(f.Lang, x.BirthDate))
	add("meja.orang.kpj", strings.Join(x.KPJ, ", "))
	add("meja.orang.telepon", x.Phone)
	add("meja.orang.bank", x.Bank)
	add("meja.orang.rekening", f.number(x.Account))
	add("meja.orang.pemilik", x.Holder)
	add("meja.kolom.sebab", f.s.reason(f.Call, f.set, r))
	add("meja.orang.jam", page.Date(f.Lang, r.Place.Date)+", "+page.Clock(f.Lang, r.Place.Time, f.branch.Zone))
	add("meja.orang.status", f.T("meja.status."+string(r.Status)))
	add("meja.orang.perangkat", f.device())
	return rows
}

// number hides all but the last four digits, unless the officer said why not.
func (f *file) number(s string) string {
	if f.whole || len(s) <= 4 {
		return s
	}
	return strings.Repeat("•", len(s)-4) + s[len(s)-4:]
}

func (f *file) device() string {
	d := f.reg.Device
	switch {
	case f.reg.Place.Channel != requirement.Online:
		return ""
	case d.Taken.IsZero():
		return f.T("meja.perangkat.belum")
	case len(d.Failed()) > 0:
		return f.T("meja.perangkat.gagal")
	}
	return f.T("meja.perangkat.baik")
}

func (f *file) revealForm() page.Block {
	var why []page.Option
	for _, w := range whys {
		why = append(why, page.Option{Value: w, Label: f.T("meja.lihat." + w)})
	}
	return &page.Form{Action: f.at("/buka"), Errors: f.mistakes("alasan-lihat"), Buttons: []page.Submit{{Text: f.T("meja.lihat.tombol"), Secondary: true}},
		Fields: []page.Field{{Kind: page.Select, Name: "alasan-lihat", Label: f.T("meja.lihat"), Hint: f.T("meja.lihat.petunjuk"), Options: why}}}
}

// mistakes are those of one form's fields.
func (f *file) mistakes(fields ...string) []page.Error {
	return slices.DeleteFunc(slices.Clone([]page.Error(f.m)), func(e page.Error) bool { return !slices.Contains(fields, e.Field) })
}

func (f *file) title(slot string) string {
	if d := f.set.Document(slot); d != nil {
		return d.Title.In(f.Lang)
	}
	return slot
}

// checklist shows each slot with its files; a file that passed can be opened.
func (f *file) checklist(same map[string]int) page.Block {
	var out page.Checklist
	listed := map[string]bool{}
	add := func(slot string, required bool) {
		listed[slot] = true
		t := page.Task{Title: f.title(slot), Status: f.T("meja.berkas.tiada"), Kind: "optional"}
		if required {
			t.Kind = "error"
		}
		if required && f.reg.Paper {
			t.Status, t.Kind = f.T("meja.berkas-kertas"), "done"
		}
		for _, d := range f.reg.Documents {
			if d.Slot != slot || d.State != claim.DocPassed {
				continue
			}
			t.Status, t.Kind = f.T("meja.berkas.lulus"), "done"
			t.Link = &page.Link{URL: f.at("/berkas/" + d.Upload), Text: t.Title}
			if n := same[d.Upload]; n > 0 {
				t.Details = append(t.Details, f.T("meja.tanda.SAMA.teks", "n", strconv.Itoa(n)))
			}
		}
		out.Items = append(out.Items, t)
	}
	for _, it := range claim.ChecklistOf(f.set, f.reg) {
		add(it.Slot, it.Need == requirement.Required)
	}
	for _, d := range f.reg.Documents {
		if !listed[d.Slot] && d.State == claim.DocPassed {
			add(d.Slot, false)
		}
	}
	return out
}

// handOverForm names the colleagues who serve the branch.
func (f *file) handOverForm(people []staff.Person) []page.Block {
	if !f.reg.Call.Mine(f.by.Officer) {
		return nil
	}
	var to []page.Option
	for _, p := range people {
		if p.ID != f.by.Officer && !p.Disabled && p.Is(officers...) && p.Serves(f.Branch) {
			to = append(to, page.Option{Value: p.ID, Label: p.Name})
		}
	}
	if len(to) == 0 {
		return nil
	}
	return []page.Block{page.Heading{Level: 2, ID: "serah", Text: f.T("meja.serahkan")},
		&page.Form{Action: f.at("/serahkan"), Errors: f.mistakes("kepada"), Buttons: []page.Submit{{Text: f.T("meja.serahkan.tombol"), Secondary: true}},
			Fields: []page.Field{{Kind: page.Select, Name: "kepada", Label: f.T("meja.serahkan.kepada"), Options: to, Value: f.in.Get("kepada")}}}}
}

func (s *Service) handOver(c *guard.Call) error {
	in, err := c.Input("kepada")
	if err != nil {
		return err
	}
	by, r, err := s.desk(c, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if !r.Call.Mine(by.Officer) {
		return claim.ErrNotMine
	}
	names, _, err := s.names(c.Context())
	if err != nil {
		return err
	}
	p, ok := names[in.Get("kepada")]
	if !ok || p.Disabled || !p.Is(officers...) || !p.Serves(c.Branch) || p.ID == by.Officer {
		var m web.Mistakes
		m.Add("kepada", c.T("meja.serahkan.pilih"))
		return s.open(c, by, r.ID, "claim", http.StatusUnprocessableEntity, in, m)
	}
	to := claim.Desk{Officer: p.ID, Branch: c.Branch, Limit: by.Limit}
	if _, err := s.Store.HandOver(c.Context(), by.Officer, by.Officer, to, r.ID); err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch)
}

const maxNote = 1000 // characters

func (s *Service) note(c *guard.Call) error {
	in, err := c.Input("catatan")
	if err != nil {
		return err
	}
	by, r, err := s.see(c)
	if err != nil {
		return err
	}
	if n := len([]rune(in.Get("catatan"))); n == 0 || n > maxNote {
		var m web.Mistakes
		m.Add("catatan", c.T("meja.catatan.salah"))
		return s.open(c, by, r.ID, "claim", http.StatusUnprocessableEntity, in, m)
	}
	if err := s.Store.AddNote(c.Context(), by, r.ID, in.Get("catatan")); err != nil {
		return err
	}
	return c.Redirect("/meja/" + c.Branch + "/klaim/" + r.ID)
}

// records are the notes and the history.
func (f *file) records(names map[string]staff.Person) ([]page.Block, error) {
	notes, err := f.s.Store.Notes(f.Context(), f.reg.ID)
	if err != nil {
		return nil, err
	}
	steps, err := f.s.Store.History(f.Context(), f.reg.ID)
	if err != nil {
		return nil, err
	}
	var told page.List
	for _, n := range notes {
		told.Items = append(told.Items, f.moment(n.At)+", "+f.Who(names, n.By)+": "+n.Text)
	}
	out := []page.Block{page.Heading{Level: 2, ID: "catatan-petugas", Text: f.T("meja.catatan")}}
	if len(told.Items) > 0 {
		out = append(out, told)
	}
	out = append(out, &page.Form{Action: f.at("/catatan"), Errors: f.mistakes("catatan"), Buttons: []page.Submit{{Text: f.T("meja.catatan.tombol"), Secondary: true}},
		Fields: []page.Field{{Kind: page.TextArea, Name: "catatan", Label: f.T("meja.catatan.label"), Hint: f.T("meja.catatan.petunjuk"), Value: f.in.Get("catatan")}}})
	table := page.Table{Caption: f.T("meja.riwayat"), Head: []string{f.T("meja.riwayat.saat"), f.T("meja.riwayat.siapa"), f.T("meja.riwayat.apa")}}
	for _, x := range steps {
		table.Rows = append(table.Rows, []string{f.moment(x.At), f.Who(names, x.Actor), f.What(f.set, x.Action)})
	}
	return append(out, page.Details{Summary: f.T("meja.riwayat"), Blocks: []page.Block{table}}), nil
}

func (f *file) moment(t time.Time) string {
	t = t.In(f.branch.Location())
	return page.ShortDate(f.Lang, requirement.DateOf(t)) + " " + page.Clock(f.Lang, t.Format("15:04"), f.branch.Zone)
}

// document shows one file that passed inspection, for a minute.
func (s *Service) document(c *guard.Call) error {
	by, r, err := s.see(c)
	if err != nil {
		return err
	}
	r, err = s.Store.ByID(c.Context(), r.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(r.Documents, func(d claim.Document) bool {
		return d.Upload == c.R.PathValue("berkas") && d.State == claim.DocPassed
	})
	if i < 0 {
		return claim.ErrNotFound
	}
	d := r.Documents[i]
	set, err := s.Sets.Version(c.Context(), r.SetVersion)
	if err != nil {
		return fmt.Errorf("requirement set of the registration: %w", err)
	}
	f := &file{Call: c, s: s, reg: r, set: set}
	p := &page.Page{Title: f.title(d.Slot), Section: "/meja", Wide: true, Pictures: s.FilesOrigin,
		Back: &page.Link{URL: f.at(""), Text: c.T("meja.berkas.kembali")}}
	return c.ShowDocument(p, s.Files, d, "berkas-", func() error {
		_, err := s.Store.View(c.Context(), by, r.ID, "document "+d.Slot)
		return err
	})
}
