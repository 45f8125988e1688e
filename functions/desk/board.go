package desk

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// shown is how many of the queue a page lists: the first view of the desk must
// come in 14 KB (the first flight of a new connection).
const shown = 40

// branches lets the officer choose where to work; who serves one branch is there at once.
func (s *Service) branches(c *guard.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return err
	}
	var links page.Links
	last := ""
	for _, b := range set.Branches {
		if b.Bookable && c.Person.Serves(b.Code) {
			last = "/meja/" + b.Code
			links.Items = append(links.Items, page.LinkItem{Link: page.Link{URL: c.URL(last), Text: b.Name}})
		}
	}
	if len(links.Items) == 1 {
		return c.Redirect(last)
	}
	p := &page.Page{Title: c.T("meja.pilih"), Section: "/meja", Blocks: []page.Block{links}}
	if len(links.Items) == 0 {
		p.Blocks = []page.Block{page.Lead{Text: c.T("meja.tanpa-kantor")}}
	}
	return c.Show(http.StatusOK, p, map[string]int{"kantor": len(links.Items)})
}

// A board is a branch's work at a moment.
type board struct {
	set     *requirement.Set
	branch  *requirement.Branch
	now     time.Time
	queue   []claim.Registration // of the day: takeable first, then by hour
	backlog []claim.Registration
}

func (s *Service) load(c *guard.Call) (*board, error) {
	set, b, err := s.branch(c.Call, c.Branch)
	if err != nil {
		return nil, err
	}
	bd := &board{set: set, branch: b, now: c.Now()}
	regs, err := s.Store.Day(c.Context(), c.Branch, today(b, c.Now()))
	if err != nil {
		return nil, err
	}
	if bd.backlog, err = s.Store.Backlog(c.Context(), c.Branch); err != nil {
		return nil, err
	}
	apart := map[string]bool{}
	for _, r := range bd.backlog {
		apart[r.ID] = true
	}
	bd.backlog = slices.DeleteFunc(bd.backlog, func(r claim.Registration) bool { return r.Status == claim.Submitted && !r.Call.Free() })
	bd.queue = slices.DeleteFunc(regs, func(r claim.Registration) bool {
		return r.Status != claim.Submitted || !r.Call.Free() || apart[r.ID]
	})
	slices.SortStableFunc(bd.queue, func(x, y claim.Registration) int {
		return cmp.Or(cmp.Compare(bd.rank(x), bd.rank(y)), cmp.Compare(x.Place.Time, y.Place.Time),
			cmp.Compare(x.Call.Number, y.Call.Number), x.Call.Arrived.Compare(y.Call.Arrived), cmp.Compare(x.ID, y.ID))
	})
	return bd, nil
}

// rank puts who can be called and is ready before who can be called, and those
// who did not come last of them.
func (b *board) rank(r claim.Registration) int {
	switch {
	case b.may(r) != nil:
		return 3
	case r.Call.State == claim.Arrived:
		return 0
	case r.Call.State == claim.Absent:
		return 2
	}
	return 1
}

func (b *board) may(r claim.Registration) error {
	return claim.MayCall(b.branch, r, &b.set.Deciding, b.now)
}

// board shows the officer's own claims, with names, and the queue, without.
func (s *Service) board(c *guard.Call) error {
	bd, err := s.load(c)
	if err != nil {
		return err
	}
	tiles, err := s.tiles(c, bd)
	if err != nil {
		return err
	}
	by, _, err := s.desk(c, "")
	if err != nil {
		return err
	}
	key, err := s.screenKey(c.Context(), c.Branch)
	if err != nil {
		return err
	}
	spot, err := s.Pseudonym(c.Context(), "hadir", c.Branch)
	if err != nil {
		return err
	}
	at := "/meja/" + c.Branch
	p := &page.Page{Title: c.T("meja.judul", "kantor", bd.branch.Name), Section: "/meja", Wide: true, Scripts: []page.Script{"meja"}}
	p.Blocks = []page.Block{page.Heading{Level: 2, ID: "saya", Text: c.T("meja.saya", "n", strconv.Itoa(len(tiles.Items)), "batas", strconv.Itoa(by.Limit))}}
	if len(tiles.Items) > 0 {
		p.Blocks = append(p.Blocks, tiles)
	}
	p.Blocks = append(p.Blocks, &page.Form{Action: c.URL(at + "/ambil"), Buttons: []page.Submit{{Text: c.T("meja.berikutnya")}}},
		s.queue(c, bd), page.Heading{Level: 2, Text: c.T("meja.hadir")}, arrivalForm(c, "", nil), page.Heading{Level: 2, Text: c.T("meja.loket")},
		&page.Form{Action: c.URL(at + "/loket"), Fields: []page.Field{{Kind: page.Digits, Name: "loket", Label: c.T("meja.loket.nomor"), Hint: c.T("meja.loket.petunjuk"),
			Value: by.Counter, Width: 2, Autocomplete: "off"}}, Buttons: []page.Submit{{Text: c.T("meja.loket.simpan"), Secondary: true}}},
		page.Links{Items: []page.LinkItem{{Link: page.Link{URL: s.Public + page.Localise(c.Lang, "/hadir/"+c.Branch+"/"+spot), Text: c.T("meja.walkin")}, Note: c.T("meja.walkin.catatan")},
			{Link: page.Link{URL: c.URL("/layar/" + c.Branch + "/" + key), Text: c.T("meja.layar")}, Note: c.T("meja.layar.catatan")}}})
	return c.Show(http.StatusOK, p, map[string]int{"saya": len(tiles.Items), "antrean": len(bd.queue), "tunggakan": len(bd.backlog)})
}

// queueOnly is what the script asks for every few seconds.
func (s *Service) queueOnly(c *guard.Call) error {
	bd, err := s.load(c)
	if err != nil {
		return err
	}
	p := &page.Page{Title: c.T("meja.judul", "kantor", bd.branch.Name), Section: "/meja", Wide: true, Blocks: []page.Block{s.queue(c, bd)}}
	return c.Show(http.StatusOK, p, map[string]int{"antrean": len(bd.queue), "tunggakan": len(bd.backlog)})
}

func (s *Service) tiles(c *guard.Call, bd *board) (page.Tiles, error) {
	var out page.Tiles
	ids, err := s.Store.InHand(c.Context(), c.Branch, c.Person.ID)
	if err != nil {
		return out, err
	}
	for _, id := range ids {
		r, err := s.Store.ByID(c.Context(), id)
		if err != nil {
			return out, err
		}
		t, err := s.tile(c, bd, r)
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, t)
	}
	return out, nil
}

func (s *Service) tile(c *guard.Call, bd *board, r claim.Registration) (page.Tile, error) {
	at := c.URL("/meja/" + c.Branch + "/klaim/" + r.ID)
	name := claimant(r)
	t := page.Tile{Link: page.Link{URL: at, Text: name}, State: c.T("meja.panggilan." + callName(r.Call.State)), Kind: "busy",
		Lines: []string{page.Clock(c.Lang, r.Place.Time, bd.branch.Zone) + " · " + s.reason(c, bd.set, r)}}
	if r.Call.Number > 0 {
		t.Lines = append(t.Lines, c.T("meja.nomor", "n", strconv.Itoa(r.Call.Number)))
	}
	for _, f := range r.Flags {
		t.Lines = append(t.Lines, c.T("meja.tanda."+f))
	}
	if r.Place.Seating() == requirement.Online {
		room, err := claim.Room(r, bd.set.Deciding.Interview, func(purpose, value string) (string, error) { return s.Pseudonym(c.Context(), purpose, value) })
		if err != nil {
			return t, err
		}
		t.Room, t.RoomText, t.Phone = room, c.T("meja.ruang"), r.Private.Person.Phone
	}
	button := func(path, key string, quiet bool) {
		t.Buttons = append(t.Buttons, page.Submit{Text: c.T(key), Action: at + path, Value: name, Secondary: quiet})
	}
	if r.Call.State == claim.Held {
		button("/lanjut", "meja.lanjut", false)
		t.Kind = "warning"
	} else {
		button("/tahan", "meja.tahan", true)
	}
	button("/kembali", "meja.kembali", true)
	button("/tidak-datang", "meja.tidak-datang", true)
	return t, nil
}

// claimant is who the officer talks to: the heir where the member has died.
func claimant(r claim.Registration) string {
	return cmp.Or(r.Private.Person.HeirName, r.Private.Person.Name)
}

func callName(s claim.CallState) string {
	switch s {
	case claim.Arrived:
		return "siap"
	case claim.Held:
		return "ditahan"
	case claim.Absent:
		return "tidak-datang"
	}
	return "bicara"
}

func (s *Service) reason(c *guard.Call, set *requirement.Set, r claim.Registration) string {
	if x := set.Reason(r.Reason); x != nil {
		return x.Title.In(c.Lang)
	}
	return r.Reason
}

func (s *Service) queue(c *guard.Call, bd *board) page.Queue {
	ready := 0
	q := page.Queue{Title: c.T("meja.antrean"), Source: c.URL("/meja/" + c.Branch + "/antrean"), Action: c.URL("/meja/" + c.Branch + "/ambil"),
		Again: page.Link{URL: c.URL("/meja/" + c.Branch), Text: c.T("meja.muat")}, Empty: c.T("meja.kosong"),
		Head: []string{c.T("meja.kolom.jam"), c.T("meja.kolom.nomor"), c.T("meja.kolom.sebab"), c.T("meja.kolom.keadaan"), c.T("meja.kolom.tindakan")}}
	for _, r := range bd.backlog {
		q.Rows = append(q.Rows, s.row(c, bd, r))
	}
	for _, r := range bd.queue {
		if r.Call.State == claim.Arrived {
			ready++
		}
		q.Rows = append(q.Rows, s.row(c, bd, r))
	}
	q.News = c.T("meja.kabar", "siap", strconv.Itoa(ready), "menunggu", strconv.Itoa(len(bd.queue)-ready), "tunggakan", strconv.Itoa(len(bd.backlog)))
	if rest := len(q.Rows) - shown; rest > 0 {
		q.Rows, q.More = q.Rows[:shown], c.T("meja.sisa", "n", strconv.Itoa(rest))
	}
	return q
}

func (s *Service) row(c *guard.Call, bd *board, r claim.Registration) page.QueueRow {
	number := "–"
	if r.Call.Number > 0 {
		number = strconv.Itoa(r.Call.Number)
	}
	clock := page.Clock(c.Lang, r.Place.Time, "")
	if r.Place.Date != today(bd.branch, bd.now) {
		clock = page.ShortDate(c.Lang, r.Place.Date) + " " + clock
	}
	row := page.QueueRow{Value: r.ID, Cells: []string{clock, number, s.reason(c, bd.set, r)}, Tags: s.tags(c, bd, r)}
	row.Name = clock + " " + row.Cells[2]
	if r.Status == claim.Proposed {
		row.Link = &page.Link{URL: c.URL("/meja/" + c.Branch + "/klaim/" + r.ID), Text: c.T("meja.periksa")}
	} else if bd.may(r) == nil {
		row.Button = c.T("meja.ambil")
	}
	return row
}

func (s *Service) tags(c *guard.Call, bd *board, r claim.Registration) []string {
	var out []string
	switch {
	case r.Status == claim.Proposed:
		out = append(out, c.T("meja.tunggakan.propose"))
	case r.Decision.Action != "":
		out = append(out, c.T("meja.tunggakan.kembali"))
	case r.Call.State != claim.Waiting:
		out = append(out, c.T("meja.panggilan."+callName(r.Call.State)))
	}
	if start, err := bd.branch.At(r.Place.Date, r.Place.Time); err == nil && r.Decision.Action == "" && bd.now.After(start.Add(time.Minute*time.Duration(max(1, bd.branch.Desks[r.Place.Seating()].Minutes)))) {
		out = append(out, c.T("meja.terlambat"))
	}
	if r.Phone {
		out = append(out, c.T("meja.telepon"))
	}
	if len(r.Flags) > 0 {
		out = append(out, c.T("meja.bertanda", "n", strconv.Itoa(len(r.Flags))))
	}
	if r.Paper {
		return append(out, c.T("meja.berkas-kertas"))
	}
	return append(out, c.T("meja.berkas-lulus")) // a claim is submitted only when its documents passed
}

// called are those who are at a desk now, the newest call first.
func called(regs []claim.Registration) []claim.Registration {
	out := slices.DeleteFunc(slices.Clone(regs), func(r claim.Registration) bool {
		return r.Call.State != claim.Taken || r.Call.Number == 0 || r.Call.Counter == ""
	})
	slices.SortFunc(out, func(x, y claim.Registration) int {
		return cmp.Or(y.Call.Since.Compare(x.Call.Since), cmp.Compare(y.Call.Number, x.Call.Number))
	})
	return out[:min(len(out), 4)]
}

// take gives the officer one claim: the one named, or the next that may be
// called. Who is slower than another officer gets the one after.
func (s *Service) take(c *guard.Call) error {
	in, err := c.Input("klaim")
	if err != nil {
		return err
	}
	bd, err := s.load(c)
	if err != nil {
		return err
	}
	may := bd.may
	if id := in.Get("klaim"); id != "" {
		by, _, err := s.desk(c, id)
		if err != nil {
			return err
		}
		if _, err := s.Store.Take(c.Context(), by, id, may); err != nil {
			return err
		}
		return c.Redirect("/meja/" + c.Branch)
	}
	by, _, err := s.desk(c, "")
	if err != nil {
		return err
	}
	for _, r := range slices.Concat(bd.backlog, bd.queue) {
		if r.Status == claim.Proposed || may(r) != nil {
			continue
		}
		by.Limit = limit(bd.branch, r.Place.Seating())
		_, err := s.Store.Take(c.Context(), by, r.ID, may)
		if errors.Is(err, claim.ErrNotMine) || errors.Is(err, claim.ErrClosed) || errors.Is(err, claim.ErrTooEarly) {
			continue
		}
		if err != nil {
			return err
		}
		return c.Redirect("/meja/" + c.Branch)
	}
	return claim.ErrTooEarly
}

// counter keeps the number of the officer's desk in this browser.
func (s *Service) counter(c *guard.Call) error {
	in, err := c.Input("loket")
	if err != nil {
		return err
	}
	if v := in.Get("loket"); v != "" && !counterOK(v) {
		var m web.Mistakes
		m.Add("loket", c.T("meja.loket.salah"))
		return c.Show(http.StatusUnprocessableEntity, &page.Page{Title: c.T("meja.loket"), Section: "/meja", Blocks: []page.Block{
			&page.Form{Action: c.URL("/meja/" + c.Branch + "/loket"), Errors: m, Buttons: []page.Submit{{Text: c.T("meja.loket.simpan")}},
				Fields: []page.Field{{Kind: page.Digits, Name: "loket", Label: c.T("meja.loket.nomor"), Hint: c.T("meja.loket.petunjuk"), Value: v, Width: 2}}}}}, m.Value())
	}
	http.SetCookie(c.W, &http.Cookie{Name: counterCookie, Value: in.Get("loket"), Path: "/", MaxAge: 8 * 3600, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	return c.Redirect("/meja/" + c.Branch)
}
