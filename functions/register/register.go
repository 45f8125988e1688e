// Package register takes a person from the question "may I claim?" to a place
// in the queue, and lets them look at, move or cancel it.
//
//	GET /daftar ─► syarat ─► kantor ─► tanggal ─► jam ─► data-diri ─► periksa ─► POST /daftar
//	                 │         each step is one POST that carries all fields so far;      │
//	                 │         nothing is kept on the server until the booking            ▼
//	                 └─► not yet: the date from which it is possible            code, 24 h for documents
//
// On a day that is opened by draw, jam asks for wishes and POST /daftar enters
// the draw; outside of its window a page says when.
//
// On a full day jam offers the wait list, and POST /daftar puts the person on
// it; what comes free is offered there: POST /status/tawaran.
//
//	POST /status (code and birth date) ─► GET /status ─► pindah, batal, tanda-terima
//
//	GET /daftar/antre/{kantor} (the same for everybody) ─► POST /daftar/nomor/{kantor}: a number ─► GET ─► /daftar
//
//	GET /uji-perangkat ─► POST: advice, nothing kept │ with an opened registration: kept ─► hasil ─► telepon or pindah
//
// Its permission: read the requirement set; read and write registrations and
// seats. It cannot read a document.
package register

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store is what registration needs of the store; its errors are those of package claim.
type Store interface {
	Timetable(ctx context.Context, branch string) (claim.Timetable, error)
	EnsureDay(context.Context, claim.DayPlan) error
	Sessions(ctx context.Context, branch string, d requirement.Date) ([]claim.Session, error)
	FreePlaces(ctx context.Context, branch string, d requirement.Date) (int, error)
	Book(context.Context, claim.Booking) (claim.Registration, error)
	Position(ctx context.Context, r claim.Registration) (int, error)
	Accept(ctx context.Context, id string, version int, deadline time.Time) (claim.Registration, error)
	Decline(ctx context.Context, id string, version int) (claim.Registration, error)
	TakeNumber(ctx context.Context, branch string, d requirement.Date, door claim.Door) (int64, error)
	Early(ctx context.Context, branch string, d requirement.Date) (claim.Early, error)
	Draw(ctx context.Context, branch string, d requirement.Date, ch requirement.Channel) (claim.Draw, error)
	Enter(context.Context, claim.Entry) (claim.Registration, error)
	ByID(ctx context.Context, id string) (claim.Registration, error)
	Find(ctx context.Context, code string, birth requirement.Date) (claim.Registration, error)
	Move(ctx context.Context, id string, version int, to claim.Place, start, deadline time.Time) (claim.Registration, error)
	Cancel(ctx context.Context, id string, version int) (claim.Registration, error)
	KeepDeviceTest(ctx context.Context, id string, passed map[claim.DeviceCheck]bool) (claim.Registration, error)
	Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error)
	Arrive(ctx context.Context, actor, id string) (claim.Registration, error)
	SetPhone(ctx context.Context, id string, version int, phone bool) (claim.Registration, error)
}

// Sets loads published requirement sets.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Service is the journey of a registration.
type Service struct {
	Store Store
	Sets  Sets
	// Pseudonym returns a keyed digest that tells two requests apart without keeping them.
	Pseudonym func(ctx context.Context, purpose, value string) (string, error)

	seen seen
}

// Routes returns every address of the function.
func (s *Service) Routes() []web.Route {
	routes := []web.Route{
		{Method: http.MethodGet, Path: "/daftar", Handle: s.start},
		{Method: http.MethodPost, Path: "/daftar", Handle: s.book},
		{Method: http.MethodGet, Path: "/daftar/syarat", Handle: s.questions},
		{Method: http.MethodGet, Path: "/daftar/antre/{kantor}", Handle: s.board},
		{Method: http.MethodPost, Path: "/daftar/nomor/{kantor}", Handle: s.join},
		{Method: http.MethodGet, Path: "/daftar/nomor/{kantor}", Handle: s.own},
		{Method: http.MethodGet, Path: "/status", Handle: s.status},
		{Method: http.MethodPost, Path: "/status", Handle: s.open},
		{Method: http.MethodGet, Path: "/status/batal", Handle: s.askCancel},
		{Method: http.MethodPost, Path: "/status/batal", Handle: s.cancel},
		{Method: http.MethodGet, Path: "/status/pindah", Handle: s.askMove},
		{Method: http.MethodPost, Path: "/status/pindah", Handle: s.move},
		{Method: http.MethodGet, Path: "/tanda-terima", Handle: s.receipt},
		{Method: http.MethodGet, Path: "/tanda-terima/jadwal.ics", Handle: s.calendar},
		{Method: http.MethodPost, Path: "/status/siap", Handle: s.ready},
		{Method: http.MethodGet, Path: "/hadir/{kantor}/{kunci}", Handle: s.hadir},
		{Method: http.MethodPost, Path: "/status/telepon", Handle: s.phone},
		{Method: http.MethodPost, Path: "/status/tawaran", Handle: s.answer},
		{Method: http.MethodPost, Path: "/keluar", Handle: s.leave},
		{Method: http.MethodGet, Path: "/uji-perangkat", Handle: s.device},
		{Method: http.MethodPost, Path: "/uji-perangkat", Handle: s.judgeDevice},
		{Method: http.MethodGet, Path: "/uji-perangkat/hasil", Handle: s.deviceResult},
		{Method: http.MethodPost, Path: "/uji-perangkat/unggah", Handle: swallow},
	}
	for _, st := range steps {
		routes = append(routes, web.Route{Method: http.MethodPost, Path: "/daftar/" + st.name, Handle: s.advance(st.name)})
		if st.name != "syarat" {
			routes = append(routes, web.Route{Method: http.MethodGet, Path: "/daftar/" + st.name, Handle: toStart})
		}
	}
	return routes
}

// toStart leads a bookmarked or reloaded step back: its fields were never in the address.
func toStart(c *web.Call) error { return c.Redirect("/daftar") }

// start asks what happened, which leads to the claim reason.
func (s *Service) start(c *web.Call) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("start: %w", err)
	}
	key, err := c.NewKey()
	if err != nil {
		return err
	}
	form := &page.Form{Action: c.URL("/daftar/syarat"), Get: true, Buttons: []page.Submit{{Text: c.T("daftar.lanjut")}}}
	var options []page.Option
	var codes []map[string]string
	for _, r := range set.Reasons {
		group := c.T("daftar.program." + r.Programme)
		options = append(options, page.Option{Value: r.Code, Label: r.Situation.In(c.Lang), Group: group})
		codes = append(codes, map[string]string{"sebab": r.Code, "keadaan": r.Situation.In(c.Lang)})
	}
	if b := onTheSpot(c, set); b != nil && c.Asked(spotField) == "ya" {
		form.Fields = []page.Field{{Kind: page.Hidden, Name: spotField, Value: "ya"}}
	}
	form.Fields = append(form.Fields, page.Field{Kind: page.Radios, Name: "sebab", Label: c.T("daftar.sebab.label"), Hint: c.T("daftar.sebab.petunjuk"), Options: options})
	p := journeyPage(c, "daftar.sebab.judul", 1)
	p.Blocks = append([]page.Block{page.Lead{Text: c.T("daftar.sebab.pengantar")}, form}, tryFirst(c)...)
	return c.Show(http.StatusOK, p, map[string]any{"kunci": key, "sebab": codes, "versi": set.Version})
}

// journeyPage is the common frame of the pages before the booking.
func journeyPage(c *web.Call, title string, step int) *page.Page {
	return &page.Page{
		Title: c.T(title), Section: "/daftar", Step: step, Steps: len(steps) + 1,
		Crumbs:  []page.Link{{URL: c.URL("/"), Text: c.T("situs.beranda")}},
		Scripts: []page.Script{"formulir"},
	}
}
