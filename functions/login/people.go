package login

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// people lists who works here: those who wait for a role first.
func (s *Service) people(c *guard.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("people: %w", err)
	}
	people, err := s.Store.People(c.Context())
	if err != nil {
		return err
	}
	groups := map[string][]page.LinkItem{}
	value := make([]any, len(people))
	for i, p := range people {
		state := stateOf(p)
		groups[state] = append(groups[state], page.LinkItem{Link: page.Link{URL: c.URL("/pengguna/" + p.ID), Text: display(p)}, Note: duties(c, set, p)})
		value[i] = personValue(p)
	}
	v := &page.Page{Title: c.T("pengguna.judul"), Blocks: []page.Block{page.Lead{Text: c.T("pengguna.pengantar")}}}
	for _, state := range []string{"menunggu", "aktif", "ditutup"} {
		if len(groups[state]) > 0 {
			v.Blocks = append(v.Blocks, page.Heading{Level: 2, Text: c.T("pengguna.keadaan." + state)}, page.Links{Items: groups[state]})
		}
	}
	return c.Show(http.StatusOK, v, map[string]any{"pengguna": value})
}

func stateOf(p staff.Person) string {
	switch {
	case p.Disabled:
		return "ditutup"
	case len(p.Roles) == 0:
		return "menunggu"
	}
	return "aktif"
}

// display is what somebody is called; the provider may not have said.
func display(p staff.Person) string {
	if p.Name == "" {
		return p.ID
	}
	return p.Name
}

// duties are roles and branches in one line.
func duties(c *guard.Call, set *requirement.Set, p staff.Person) string {
	var roles, branches []string
	for _, r := range p.Roles {
		roles = append(roles, c.T("pengguna.peran."+string(r)))
	}
	for _, code := range p.Branches {
		branches = append(branches, branchName(c, set, code))
	}
	if len(roles) == 0 {
		return p.ID
	}
	if len(branches) == 0 {
		return strings.Join(roles, ", ")
	}
	return strings.Join(roles, ", ") + " · " + strings.Join(branches, ", ")
}

func branchName(c *guard.Call, set *requirement.Set, code string) string {
	if code == staff.AllBranches {
		return c.T("pengguna.kantor.semua")
	}
	if b := set.Branch(code); b != nil {
		return b.Name
	}
	return code
}

func personValue(p staff.Person) map[string]any {
	return map[string]any{"id": p.ID, "nama": p.Name, "peran": p.Roles, "kantor": p.Branches, "ditutup": p.Disabled, "versi": p.Version}
}

var errNobody = web.Bad{Code: "isian-rusak", Detail: "id"}

// find returns the person of the path.
func (s *Service) find(c *guard.Call) (staff.Person, error) {
	p, err := s.Store.Person(c.Context(), c.R.PathValue("id"))
	if errors.Is(err, staff.ErrNoLogin) {
		return p, errNobody
	}
	return p, err
}

func (s *Service) person(c *guard.Call) error {
	p, err := s.find(c)
	if err != nil {
		return err
	}
	return s.form(c, p, p, nil)
}

// form shows somebody as they would be; it says what is wrong with it.
func (s *Service) form(c *guard.Call, p, typed staff.Person, m web.Mistakes) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("person: %w", err)
	}
	status, value := http.StatusOK, any(personValue(p))
	if len(m) > 0 {
		status, value = http.StatusUnprocessableEntity, m.Value()
	}
	roles := page.Field{Kind: page.Boxes, Name: "peran", Label: c.T("pengguna.peran"), Optional: true}
	for _, r := range staff.Roles {
		roles.Options = append(roles.Options, page.Option{Value: string(r), Label: c.T("pengguna.peran." + string(r)),
			Hint: c.T("pengguna.tugas." + string(r)), Checked: typed.Is(r)})
	}
	branches := page.Field{Kind: page.Boxes, Name: "kantor", Label: c.T("pengguna.kantor"), Hint: c.T("pengguna.kantor.petunjuk"), Optional: true,
		Options: []page.Option{{Value: staff.AllBranches, Label: c.T("pengguna.kantor.semua"), Checked: slices.Contains(typed.Branches, staff.AllBranches)}}}
	for _, b := range set.Branches {
		branches.Options = append(branches.Options, page.Option{Value: b.Code, Label: b.Name, Checked: slices.Contains(typed.Branches, b.Code)})
	}
	open := page.Field{Kind: page.Radios, Name: "akses", Label: c.T("pengguna.akses"), Options: []page.Option{
		{Value: "buka", Label: c.T("pengguna.akses.buka"), Checked: !typed.Disabled},
		{Value: "tutup", Label: c.T("pengguna.akses.tutup"), Hint: c.T("pengguna.akses.tutup.petunjuk"), Checked: typed.Disabled}}}
	history, err := s.history(c, set, p.ID)
	if err != nil {
		return err
	}
	v := &page.Page{Title: display(p), Back: &page.Link{URL: c.URL("/pengguna"), Text: c.T("pengguna.judul")}, Blocks: []page.Block{
		page.Summary{Rows: []page.Row{{Key: c.T("masuk.id"), Value: p.ID}}},
		&page.Form{Action: c.URL("/pengguna/" + p.ID), Errors: m, Buttons: []page.Submit{{Text: c.T("pengguna.simpan")}}, Fields: []page.Field{
			{Kind: page.TextInput, Name: "nama", Label: c.T("pengguna.nama"), Value: typed.Name, Autocomplete: "off"}, roles, branches, open,
			{Kind: page.Hidden, Name: "versi", Value: strconv.Itoa(typed.Version)}}},
		history}}
	return c.Show(status, v, value)
}

// history is what was changed of somebody: who, when, and how they were after it.
func (s *Service) history(c *guard.Call, set *requirement.Set, id string) (page.Block, error) {
	changes, err := s.Store.Changes(c.Context(), id)
	if err != nil {
		return nil, err
	}
	t := page.Table{Caption: c.T("pengguna.riwayat"), Head: []string{c.T("pengguna.riwayat.waktu"), c.T("pengguna.riwayat.oleh"), c.T("pengguna.riwayat.menjadi")}}
	names := map[string]string{staff.System: c.T("pengguna.sistem")}
	for _, x := range changes {
		if names[x.By] == "" {
			names[x.By] = s.name(c.Context(), x.By)
		}
		after := duties(c, set, x.After)
		if len(x.After.Roles) == 0 {
			after = c.T("pengguna.keadaan.menunggu")
		}
		if x.After.Disabled {
			after += " · " + c.T("pengguna.keadaan.ditutup")
		}
		t.Rows = append(t.Rows, []string{x.At.In(wib).Format("2006-01-02 15.04") + " WIB", names[x.By], after})
	}
	return t, nil
}

// name is what somebody is called now; who is gone is an id.
func (s *Service) name(ctx context.Context, id string) string {
	p, err := s.Store.Person(ctx, id)
	if err != nil {
		return id
	}
	return display(p)
}

// change saves the form. Nobody changes themselves, so that there always is
// an administrator, and nobody gives a role to their own account.
func (s *Service) change(c *guard.Call) error {
	p, err := s.find(c)
	if err != nil {
		return err
	}
	in, err := c.Input("nama", "peran", "kantor", "akses", "versi")
	if err != nil {
		return err
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("change person: %w", err)
	}
	typed, m := read(c, set, in)
	typed.ID = p.ID
	if p.ID == c.Person.ID {
		m.Add("peran", c.T("pengguna.salah.sendiri"))
	}
	if len(m) > 0 {
		return s.form(c, p, typed, m)
	}
	// An old form is refused by the store, even one that was open in two windows.
	if _, err := s.Store.Change(c.Context(), c.Person.ID, typed); err != nil {
		return err
	}
	return c.Redirect("/pengguna")
}

func read(c *guard.Call, set *requirement.Set, in web.Input) (staff.Person, web.Mistakes) {
	var m web.Mistakes
	p := staff.Person{Name: in.Get("nama"), Branches: in["kantor"], Disabled: in.Get("akses") == "tutup"}
	if p.Name == "" || utf8.RuneCountInString(p.Name) > nameLength {
		m.Add("nama", c.T("pengguna.salah.nama", "n", strconv.Itoa(nameLength)))
	}
	for _, r := range in["peran"] {
		if !slices.Contains(staff.Roles, staff.Role(r)) {
			m.Add("peran", c.T("pengguna.salah.peran"))
			continue
		}
		p.Roles = append(p.Roles, staff.Role(r))
	}
	unknown := func(code string) bool { return code != staff.AllBranches && set.Branch(code) == nil }
	switch {
	case slices.ContainsFunc(p.Branches, unknown):
		m.Add("kantor", c.T("pengguna.salah.kantor"))
	case p.Is(staff.Officer, staff.Supervisor) && len(p.Branches) == 0:
		m.Add("kantor", c.T("pengguna.salah.tanpa-kantor"))
	}
	if v := in.Get("akses"); v != "buka" && v != "tutup" {
		m.Add("akses", c.T("pengguna.salah.akses"))
	}
	var err error
	if p.Version, err = strconv.Atoi(in.Get("versi")); err != nil || p.Version < 1 {
		m.Add("nama", c.T("pengguna.salah.versi"))
	}
	return p, m
}

// wib is the time that the service is managed in.
var wib = time.FixedZone("WIB", 7*3600)
