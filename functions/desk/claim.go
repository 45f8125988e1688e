package desk

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A folder is a claim that the officer has open.
type folder struct {
	call   *guard.Call
	set    *requirement.Set // that the claim was made under
	now    *requirement.Set // the newest, for the rules of decisions
	branch *requirement.Branch
	reg    claim.Registration
	list   requirement.Checklist
	full   bool // show numbers in full
}

// open returns the claim of the path with its person, and notes who saw what.
// claim.ErrNotMine unless the officer has it, it waits for a second person, or
// a supervisor looks.
func (s *Service) open(c *guard.Call, what string) (*folder, error) {
	now, b, err := s.branch(c)
	if err != nil {
		return nil, err
	}
	reg, err := s.Store.ByID(c.Context(), c.R.PathValue("id"))
	if err != nil {
		return nil, err
	}
	if reg.Place.Branch != c.Branch {
		return nil, claim.ErrNotFound
	}
	if !reg.Call.Mine(c.Person.ID) && reg.Status != claim.Proposed && !c.Person.Is(staff.Supervisor) {
		return nil, claim.ErrNotMine
	}
	if reg, err = s.Store.View(c.Context(), at(c, b), reg.ID, what); err != nil {
		return nil, err
	}
	set, err := s.Sets.Version(c.Context(), reg.SetVersion)
	if err != nil {
		return nil, fmt.Errorf("requirement set of the claim: %w", err)
	}
	return &folder{call: c, set: set, now: now, branch: b, reg: reg, list: claim.ChecklistOf(set, reg)}, nil
}

func (s *Service) claim(c *guard.Call) error {
	f, err := s.open(c, "claim")
	if err != nil {
		return err
	}
	return f.show(http.StatusOK, nil, nil)
}

// reasons for which an officer may see numbers in full.
var grounds = []string{"cocokkan-asli", "hubungi", "bayar"}

// identity shows NIK, account and telephone in full, for a ground.
func (s *Service) identity(c *guard.Call) error {
	in, err := c.Input("alasan")
	if err != nil {
		return err
	}
	ground := in.Get("alasan")
	if !slices.Contains(grounds, ground) {
		f, err := s.open(c, "claim")
		if err != nil {
			return err
		}
		return f.show(http.StatusUnprocessableEntity, nil, web.Mistakes{{Field: "alasan", Message: c.T("meja.identitas.pilih")}})
	}
	f, err := s.open(c, "identity "+ground)
	if err != nil {
		return err
	}
	f.full = true
	return f.show(http.StatusOK, nil, nil)
}

// document sends the browser to one document of the claim, for a minute.
func (s *Service) document(c *guard.Call) error {
	f, err := s.open(c, "document "+printable(c.R.PathValue("unggahan")))
	if err != nil {
		return err
	}
	for _, d := range f.reg.Documents {
		if d.Upload == c.R.PathValue("unggahan") && d.State == claim.DocPassed {
			url, err := s.Vault.PresignGET(c.Context(), d.VaultKey, d.Version, d.Media, d.Slot)
			if err != nil {
				return err
			}
			http.Redirect(c.W, c.R, url, http.StatusSeeOther)
			return nil
		}
	}
	return claim.ErrNotFound
}

// printable keeps what stands in an audit event to the form of an upload's name.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'f' {
			return r
		}
		return -1
	}, s[:min(len(s), 32)])
}

// call changes where the claim is on its way through the hour.
func (s *Service) call(c *guard.Call) error {
	in, err := c.Input("tindakan")
	if err != nil {
		return err
	}
	_, b, err := s.branch(c)
	if err != nil {
		return err
	}
	id, by := c.R.PathValue("id"), at(c, b)
	next := address(c, id)
	switch in.Get("tindakan") {
	case "tahan":
		_, err = s.Store.Hold(c.Context(), by, id, true)
	case "lanjut":
		_, err = s.Store.Hold(c.Context(), by, id, false)
	case "kembalikan":
		next = "/meja/" + c.Branch
		_, err = s.Store.Leave(c.Context(), by, id, claim.Arrived)
	case "tidak-hadir":
		next = "/meja/" + c.Branch
		_, err = s.Store.Leave(c.Context(), by, id, claim.Absent)
	default:
		return web.Bad{Code: "isian-rusak", Detail: "tindakan"}
	}
	if err != nil {
		return err
	}
	return c.Redirect(next)
}

// show is the claim's page.
func (f *folder) show(status int, in web.Input, m web.Mistakes) error {
	c := f.call
	p := &page.Page{Title: c.T("meja.klaim.judul", "klaim", label(c, f.reg)), Section: "/meja",
		Crumbs: []page.Link{{URL: c.URL("/meja/" + c.Branch), Text: c.T("meja.judul", "kantor", f.branch.Name)}}}
	p.Blocks = append(p.Blocks, page.Notice{Kind: "info", Title: c.T("meja.status." + statusName(f.reg.Status)), Text: reasonTitle(c, f.set, f.reg)})
	p.Blocks = append(p.Blocks, f.flags()...)
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "orang", Text: c.T("meja.orang")}, page.Summary{Rows: f.person()})
	if !f.full {
		p.Blocks = append(p.Blocks, f.unmask(m))
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "berkas", Text: c.T("meja.berkas")}, page.Checklist{Items: f.documents()})
	if f.reg.Call.Mine(c.Person.ID) {
		p.Blocks = append(p.Blocks, f.calls())
	}
	p.Blocks = append(p.Blocks, f.decisions(in, m)...)
	return c.Show(status, p, f.value(m))
}

func (f *folder) value(m web.Mistakes) any {
	if len(m) > 0 {
		return m.Value()
	}
	return map[string]any{"status": string(f.reg.Status), "versi": f.reg.Version, "panggilan": string(f.reg.Call.State)}
}

// flags say in plain words what to look at; none of them refuses a claim.
func (f *folder) flags() []page.Block {
	var out []page.Block
	for _, flag := range f.reg.Flags {
		name := map[string]string{claim.FlagBirthDate: "tanggal-lahir", claim.FlagHolder: "pemilik-rekening"}[flag]
		if name != "" {
			out = append(out, page.Notice{Kind: "warning", Title: f.call.T("meja.tanda." + name), Text: f.call.T("meja.tanda." + name + ".teks")})
		}
	}
	return out
}

func (f *folder) person() []page.Row {
	c, p := f.call, f.reg.Private.Person
	show := func(s string) string {
		if f.full || len(s) <= 4 {
			return s
		}
		return strings.Repeat("•", 4) + s[len(s)-4:]
	}
	rows := []page.Row{{Key: c.T("meja.nama"), Value: p.Name}, {Key: c.T("meja.nik"), Value: show(p.NIK)},
		{Key: c.T("meja.lahir"), Value: page.Date(c.Lang, p.BirthDate)}, {Key: c.T("meja.kpj"), Value: strings.Join(p.KPJ, ", ")},
		{Key: c.T("meja.ponsel"), Value: show(p.Phone)}, {Key: c.T("meja.rekening"), Value: p.Bank + " " + show(p.Account) + ", " + p.Holder}}
	if p.HeirName != "" {
		rows = append(rows, page.Row{Key: c.T("meja.ahli-waris"), Value: p.HeirName + ", " + show(p.HeirNIK)})
	}
	how := "video"
	if f.reg.Phone {
		how = "telepon"
	}
	if f.reg.Place.Channel == requirement.Online {
		rows = append(rows, page.Row{Key: c.T("meja.wawancara"), Value: c.T("meja.wawancara." + how)})
	}
	return rows
}

func (f *folder) unmask(m web.Mistakes) page.Block {
	c := f.call
	choice := page.Field{Kind: page.Select, Name: "alasan", Label: c.T("meja.identitas.alasan")}
	choice.Options = append(choice.Options, page.Option{Label: c.T("situs.pilih")})
	for _, g := range grounds {
		choice.Options = append(choice.Options, page.Option{Value: g, Label: c.T("meja.identitas." + g)})
	}
	return &page.Form{Action: c.URL(address(c, f.reg.ID) + "/identitas"), Fields: []page.Field{choice},
		Errors:  slices.DeleteFunc(slices.Clone(m), func(e page.Error) bool { return e.Field != "alasan" }),
		Buttons: []page.Submit{{Text: c.T("meja.identitas.tombol"), Secondary: true}}}
}

// documents is the checklist of the claim reason with what was sent.
func (f *folder) documents() []page.Task {
	c := f.call
	var out []page.Task
	for _, item := range f.list {
		task := page.Task{Title: f.slotTitle(item.Slot), Source: item.Source, Status: c.T("meja.berkas.tidak-ada"), Kind: "optional"}
		if item.Need == requirement.Required {
			task.Kind = "todo"
		}
		if d := f.newest(item.Slot); d != nil {
			task.Status, task.Kind = c.T("meja.berkas.lolos"), "done"
			task.Link = &page.Link{URL: c.URL(address(c, f.reg.ID) + "/berkas/" + d.Upload), Text: c.T("meja.berkas.lihat")}
		}
		out = append(out, task)
	}
	return out
}

// newest is the newest file of a slot that passed inspection, or nil.
func (f *folder) newest(slot string) *claim.Document {
	var best *claim.Document
	for i, d := range f.reg.Documents {
		if d.Slot == slot && d.State == claim.DocPassed && (best == nil || d.Created.After(best.Created)) {
			best = &f.reg.Documents[i]
		}
	}
	return best
}

func (f *folder) slotTitle(slot string) string {
	for _, item := range f.list {
		if item.Slot == slot && len(item.OneOf) > 0 {
			if d := f.set.Document(item.OneOf[0]); d != nil && len(item.OneOf) == 1 {
				return d.Title.In(f.call.Lang)
			}
		}
	}
	if d := f.set.Document(slot); d != nil {
		return d.Title.In(f.call.Lang)
	}
	return slot
}

func (f *folder) calls() page.Block {
	c := f.call
	hold := page.Submit{Text: c.T("meja.tahan"), Name: "tindakan", Value: "tahan"}
	if f.reg.Call.State == claim.Held {
		hold = page.Submit{Text: c.T("meja.lanjut"), Name: "tindakan", Value: "lanjut"}
	}
	hold.Secondary = true
	return &page.Form{Action: c.URL(address(c, f.reg.ID) + "/panggilan"), Buttons: []page.Submit{hold,
		{Text: c.T("meja.kembalikan"), Name: "tindakan", Value: "kembalikan", Secondary: true},
		{Text: c.T("meja.tidak-hadir"), Name: "tindakan", Value: "tidak-hadir", Danger: true}}}
}
