package register

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// spotCookie remembers that this browser has opened the address of the
// branch's poster, and on which day: "bandar-lampung/2026-11-24".
const spotCookie = "__Host-di-kantor"

// spotField marks a journey on the spot: onsite, at the branch of the cookie, today.
const spotField = "di-tempat"

// hadir is where the QR code in the hall leads: to say that one is there, or
// to register on the spot.
func (s *Service) hadir(c *web.Call) error {
	code := c.R.PathValue("kantor")
	key, err := s.Pseudonym(c.Context(), "hadir", code)
	if err != nil {
		return err
	}
	if subtle.ConstantTimeCompare([]byte(key), []byte(c.R.PathValue("kunci"))) != 1 {
		return claim.ErrNotFound
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("hadir: %w", err)
	}
	b := set.Branch(code)
	if b == nil || !b.Bookable {
		return claim.ErrNotFound
	}
	today := requirement.DateOf(c.Now().In(b.Location()))
	if err := c.Seal(spotCookie, []byte(code+"/"+string(today)), int((12 * time.Hour).Seconds())); err != nil {
		return err
	}
	p := personalPage(c, "daftar.hadir.judul")
	p.Blocks = []page.Block{page.Lead{Text: c.T("daftar.hadir.teks", "kantor", b.Name)},
		page.Button{Link: page.Link{URL: c.URL("/status"), Text: c.T("daftar.hadir.punya")}},
		page.Button{Link: page.Link{URL: c.URL("/daftar?" + spotField + "=ya"), Text: c.T("daftar.hadir.belum")}, Secondary: true},
		page.Text{Text: c.T("daftar.hadir.bantuan")}}
	return c.Show(http.StatusOK, p, map[string]string{"kantor": code, "tanggal": string(today)})
}

// onTheSpot returns the branch in which the browser is today, "" for none.
func onTheSpot(c *web.Call, set *requirement.Set) *requirement.Branch {
	plain, err := c.Sealed(spotCookie)
	if err != nil {
		return nil
	}
	code, day, _ := strings.Cut(string(plain), "/")
	b := set.Branch(code)
	if b == nil || !b.Bookable || day != string(requirement.DateOf(c.Now().In(b.Location()))) {
		return nil
	}
	return b
}

// spot fixes branch, channel and day of a journey on the spot, which the
// person does not choose.
func (a *application) spot() {
	if a.in.Get(spotField) != "ya" {
		return
	}
	if b := onTheSpot(a.call, a.set); b != nil {
		a.here = b
		a.in["kantor"], a.in["kanal"] = []string{b.Code}, []string{string(requirement.Onsite)}
		a.in["tanggal"] = []string{string(requirement.DateOf(a.call.Now().In(b.Location())))}
	}
}

// placed takes the first free session of a journey on the spot. claim.ErrFull
// if the branch has none left today.
func (a *application) placed() error {
	if a.here == nil || a.in.Get("jam") != "" {
		return nil
	}
	sessions, err := a.sessions()
	if err != nil {
		return err
	}
	for _, x := range sessions {
		if x.Free > 0 {
			a.in["jam"] = []string{x.Time}
			return nil
		}
	}
	return claim.ErrFull
}

// skipped tells whether the person has nothing to choose on a step.
func (a *application) skipped(i int) bool {
	return a.here != nil && (steps[i].name == "kantor" || steps[i].name == "tanggal" || steps[i].name == "jam")
}

// spotDeadline is until when a session can be taken on the spot (its end), and
// until when the documents must be there: until the branch closes.
func (a *application) spotDeadline(d requirement.Date, clock string) (time.Time, error) {
	desk := a.hours.On(a.branch, d).Desks[requirement.Onsite]
	start, err := a.branch.At(d, clock)
	if err != nil {
		return start, err
	}
	end, err := a.branch.At(d, desk.Close)
	if err != nil {
		return end, err
	}
	if d != a.today() || !a.call.Now().Before(start.Add(time.Duration(desk.Minutes)*time.Minute)) {
		return end, claim.ErrClosed
	}
	return end, nil
}

// queueing says how many are before the person, and how long that takes.
func (s *Service) queueing(c *web.Call, reg claim.Registration) ([]page.Block, error) {
	if c.Rehearsal() || reg.Status != claim.Submitted || reg.Call.State != claim.Arrived {
		return nil, nil
	}
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	b := set.Branch(reg.Place.Branch)
	if b == nil || requirement.DateOf(c.Now().In(b.Location())) != reg.Place.Date {
		return nil, nil
	}
	hours, err := s.Store.Timetable(c.Context(), b.Code)
	if err != nil {
		return nil, err
	}
	day, err := s.Store.Day(c.Context(), b.Code, reg.Place.Date)
	if err != nil {
		return nil, err
	}
	ahead := claim.Ahead(reg, day)
	text := c.T("daftar.antre.berikutnya")
	if ahead > 0 {
		text = c.T("daftar.antre.teks", "n", strconv.Itoa(ahead))
	}
	if wait := claim.Wait(ahead, hours.On(b, reg.Place.Date).Desks[reg.Place.Channel]); wait > 0 {
		text += " " + c.T("daftar.antre.kira", "menit", strconv.Itoa(int(wait.Minutes())))
	}
	return []page.Block{page.Notice{Kind: "info", Title: c.T("daftar.antre.judul"), Text: text}}, nil
}
