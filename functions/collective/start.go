package collective

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// start asks for the company, its numbers, the branch and the representative.
func (s *Service) start(c *web.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("start of a company: %w", err)
	}
	key, err := c.NewKey()
	if err != nil {
		return err
	}
	return c.Show(http.StatusOK, startPage(c, set, key, nil, nil), map[string]any{"kunci": key, "persen": set.Company.Percent, "versi": set.Version})
}

func startPage(c *web.Call, set *requirement.Set, key string, in web.Input, m web.Mistakes) *page.Page {
	var branches []page.Option
	for _, b := range set.Branches {
		if b.Bookable {
			branches = append(branches, page.Option{Value: b.Code, Label: b.Name, Group: b.Province, Checked: b.Code == in.Get("kantor")})
		}
	}
	text := func(kind page.FieldKind, name, auto string, width int) page.Field {
		return page.Field{Kind: kind, Name: name, Label: c.T("kolektif." + name + ".label"), Hint: c.T("kolektif." + name + ".petunjuk"), Value: in.Get(name), Autocomplete: auto, Width: width}
	}
	form := &page.Form{Action: c.URL("/kolektif"), Errors: m, Buttons: []page.Submit{{Text: c.T("kolektif.mulai")}}, Fields: []page.Field{
		{Kind: page.Hidden, Name: "kunci", Value: key},
		text(page.TextInput, "perusahaan", "organization", 0),
		text(page.Digits, "jumlah-pekerja", "off", 10),
		text(page.Digits, "jumlah-phk", "off", 10),
		{Kind: page.Select, Name: "kantor", Label: c.T("daftar.kantor.label"), Options: branches},
		text(page.TextInput, "nama", "name", 0),
		text(page.PhoneBox, "ponsel", "tel", 20),
		text(page.EmailBox, "surel", "email", 0),
	}}
	rule := page.Notice{Kind: "info", Title: c.T("kolektif.aturan", "persen", strconv.Itoa(set.Company.Percent)), Text: set.Company.Note.In(c.Lang)}
	return newPage(c, c.T("kolektif.judul"), page.Lead{Text: c.T("kolektif.pengantar")}, rule, form,
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL("/kolektif/buka"), Text: c.T("kolektif.punya-kode")}}, {Link: page.Link{URL: c.URL("/privasi/"), Text: c.T("daftar.privasi")}}}})
}

// create opens a request and shows its code. The same form gives the same code.
func (s *Service) create(c *web.Call) error {
	in, err := c.Input("kunci", "perusahaan", "jumlah-pekerja", "jumlah-phk", "kantor", "nama", "ponsel", "surel")
	if err != nil {
		return err
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("new company: %w", err)
	}
	private, m := entered(c, set, in)
	key, err := c.Key(in.Get("kunci"))
	if errors.Is(err, web.ErrKey) || errors.Is(err, web.ErrKeyAge) {
		m.Add("kunci", c.T("kolektif.kirim-lagi"))
	} else if err != nil {
		return err
	}
	if len(m) > 0 {
		fresh, err := c.RenewKey(in.Get("kunci"))
		if err != nil {
			return err
		}
		return c.Show(http.StatusUnprocessableEntity, startPage(c, set, fresh, in, m), m.Value())
	}
	if err := c.Attempt("new-company", private.Email, 5, time.Hour); err != nil {
		return err
	}
	digest, err := json.Marshal([]any{in.Get("kantor"), private})
	if err != nil {
		return fmt.Errorf("digest of a company: %w", err)
	}
	sum, err := s.Pseudonym(c.Context(), "request", string(digest))
	if err != nil {
		return err
	}
	req, err := s.Store.NewCompany(c.Context(), key, sum, company.Request{Branch: in.Get("kantor"), SetVersion: set.Version, Lang: c.Lang,
		Until: c.Now().AddDate(0, 0, set.Company.OpenDays).UTC().Truncate(time.Second), Private: private})
	if err != nil {
		return fmt.Errorf("new company: %w", err)
	}
	if err := keepOpen(c, req.ID); err != nil {
		return err
	}
	return (&desk{c, s, req, set}).opened()
}

func (d *desk) opened() error {
	code := claim.FormatCode(d.req.Private.Code)
	p := newPage(d.Call, d.T("kolektif.dibuka.judul"),
		page.Panel{Title: d.T("kolektif.dibuka.kode"), Text: d.T("kolektif.dibuka.simpan"), Code: code},
		page.Notice{Kind: "warning", Title: d.T("kolektif.dibuka.batas", "batas", d.moment(d.req.Until)), Text: d.T("kolektif.dibuka.batas.teks")},
		page.Button{Link: page.Link{URL: d.URL("/kolektif/permohonan"), Text: d.T("kolektif.dibuka.lanjut")}})
	p.Switch = "/kolektif/permohonan"
	return d.Show(http.StatusCreated, p, map[string]any{"kode": code, "batas": d.req.Until.UTC().Format(time.RFC3339)})
}

const maxCompany = 120 // characters of a company's name

// entered reads the form. That too few are laid off is said where the number stands.
func entered(c *web.Call, set *requirement.Set, in web.Input) (company.Private, web.Mistakes) {
	var m web.Mistakes
	var p company.Private
	read := func(name string, parse func(string) (string, bool)) string {
		v, ok := parse(in.Get(name))
		switch {
		case ok:
		case name == "nama" && claim.NameFault(v) == claim.TooLong:
			m.Add(name, c.T("daftar.nama.panjang"))
		default:
			m.Add(name, c.T("kolektif."+name+".salah"))
		}
		return v
	}
	p.Company = read("perusahaan", func(s string) (string, bool) {
		s = strings.Join(strings.Fields(s), " ")
		return s, len(s) >= 3 && utf8.RuneCountInString(s) <= maxCompany
	})
	p.Workers, p.LaidOff = whole(in.Get("jumlah-pekerja")), whole(in.Get("jumlah-phk"))
	switch today := requirement.DateOf(c.Now()); {
	case p.Workers < 1:
		m.Add("jumlah-pekerja", c.T("kolektif.jumlah-pekerja.salah"))
	case p.LaidOff < 1 || p.LaidOff > p.Workers:
		m.Add("jumlah-phk", c.T("kolektif.jumlah-phk.salah"))
	case !set.Company.Offered(today) || !set.Company.Enough(p.Workers, p.LaidOff):
		m.Add("jumlah-phk", c.T("kolektif.jumlah-phk.kurang", "persen", strconv.Itoa(set.Company.Percent)))
	}
	if b := set.Branch(in.Get("kantor")); b == nil || !b.Bookable {
		m.Add("kantor", c.T("kolektif.kantor.salah"))
	}
	p.Name = read("nama", claim.ParseName)
	p.Phone = read("ponsel", claim.ParsePhone)
	p.Email = read("surel", claim.ParseEmail)
	return p, m
}

// whole reads a number of people; dots and spaces part thousands.
func whole(typed string) int {
	n, err := strconv.Atoi(strings.NewReplacer(".", "", " ", "").Replace(typed))
	if err != nil || n < 0 || n > 1_000_000 {
		return 0
	}
	return n
}

func (s *Service) ask(c *web.Call) error {
	return c.Show(http.StatusOK, openPage(c, nil, nil), map[string]any{"isian": []string{"kode", "ponsel"}})
}

func openPage(c *web.Call, in web.Input, m web.Mistakes) *page.Page {
	return newPage(c, c.T("kolektif.buka.judul"), page.Lead{Text: c.T("kolektif.buka.pengantar")},
		&page.Form{Action: c.URL("/kolektif/buka"), Errors: m, Buttons: []page.Submit{{Text: c.T("kolektif.buka.tombol")}}, Fields: []page.Field{
			{Kind: page.TextInput, Name: "kode", Label: c.T("kolektif.kode.label"), Hint: c.T("kolektif.kode.petunjuk"), Value: in.Get("kode"), Autocomplete: "off", Width: 30},
			{Kind: page.PhoneBox, Name: "ponsel", Label: c.T("kolektif.ponsel.label"), Value: in.Get("ponsel"), Autocomplete: "tel", Width: 20}}},
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL("/kolektif"), Text: c.T("kolektif.mulai-baru")}}}})
}

// open takes code and telephone number. An unknown code and a wrong number are
// answered alike (TRUST R48); ten tries an hour for each code (R47).
func (s *Service) open(c *web.Call) error {
	in, err := c.Input("kode", "ponsel")
	if err != nil {
		return err
	}
	var m web.Mistakes
	code, err := claim.ParseCode(in.Get("kode"))
	switch {
	case in.Get("kode") == "":
		m.Add("kode", c.T("kolektif.kode.kosong"))
	case err != nil:
		m.Add("kode", c.T("daftar.kode.salah"))
	}
	phone, ok := claim.ParsePhone(in.Get("ponsel"))
	if !ok {
		m.Add("ponsel", c.T("kolektif.ponsel.salah"))
	}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, openPage(c, in, m), m.Value())
	}
	if err := c.Attempt("company-code", code, 10, time.Hour); err != nil {
		return err
	}
	id, err := s.Store.FindCompany(c.Context(), code, phone)
	if errors.Is(err, claim.ErrNotFound) {
		m.Add("kode", c.T("kolektif.kode.tidak-cocok"))
		return c.Show(http.StatusUnprocessableEntity, openPage(c, in, m), m.Value())
	}
	if err != nil {
		return fmt.Errorf("find company: %w", err)
	}
	if err := keepOpen(c, id); err != nil {
		return err
	}
	return c.Redirect("/kolektif/permohonan")
}

func (s *Service) leave(c *web.Call) error {
	c.SetCookie(cookie, "", -1)
	c.W.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect("/kolektif/buka")
}
