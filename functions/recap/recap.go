// Package recap shows the official recap (Report Rekap Antrian): claims of a
// branch by channel and status over any period, as page, CSV, XLSX and print.
//
//	decisions ─► marks in the store ─► job "recap" ─► REC#<branch>/<day> ─► GET /rekap
//	                                                                        ├─ table, chart, print
//	                                                                        └─ POST /rekap/unduh: CSV, XLSX, with a reason
//
// A day is the day of the claim's place; a status is the claim's as it is now,
// so the recap of a past day changes when one of its claims is decided. The
// public results (package tally) count decisions by the month in which they
// were made, once and for good. Its permission: read the recap's numbers; no
// registration, no key of a person.
package recap

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A Day is what a branch counts of one day, by "channel#STATUS".
type Day = map[string]int

// Store reads the recap's numbers.
type Store interface {
	// RecapSum returns the sums of a branch from one day to another, both included.
	RecapSum(ctx context.Context, branch string, from, to requirement.Date) (Day, error)
}

// Sets loads the published requirement set.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
}

// Service shows the recap.
type Service struct {
	Store Store
	Sets  Sets
	Log   *slog.Logger
}

var readers = []staff.Role{staff.Supervisor, staff.Communications, staff.Auditor}

// Routes returns every address of the function.
func (s *Service) Routes() []guard.Route {
	return []guard.Route{
		{Method: http.MethodGet, Path: "/rekap", Roles: readers, Handle: s.show},
		{Method: http.MethodPost, Path: "/rekap/unduh", Roles: readers, Fresh: true, Handle: s.export},
	}
}

// Statuses of the official recap in its order (DOMAIN 8), with their words.
var statuses = []struct {
	status claim.Status
	word   string
}{{claim.Approved, "setuju"}, {claim.Refused, "tolak"}, {claim.Submitted, "belum"}, {claim.Postponed, "tunda"}}

var channels = []requirement.Channel{requirement.Online, requirement.Onsite, requirement.Collective}

// maxDays bounds a period, so that one look reads a bounded number of rows.
const maxDays = 3 * 366

// A choice is what the person wants to see.
type choice struct {
	branch   string // empty: all that the person may see
	from, to requirement.Date
}

// A report is the recap of a choice.
type report struct {
	call     *guard.Call
	set      *requirement.Set
	branches []requirement.Branch // that the person may see
	choice
	sums map[string]Day // by branch
}

// choose reads the choice; without one it is the running month.
func (s *Service) choose(c *guard.Call, in web.Input) (*report, web.Mistakes, error) {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, nil, fmt.Errorf("recap: %w", err)
	}
	r := &report{call: c, set: set, choice: choice{branch: in.Get("kantor")}, sums: map[string]Day{}}
	for _, b := range set.Branches {
		if b.Bookable && c.Person.Serves(b.Code) {
			r.branches = append(r.branches, b)
		}
	}
	var m web.Mistakes
	if r.branch != "" && !slices.ContainsFunc(r.branches, func(b requirement.Branch) bool { return b.Code == r.branch }) {
		return nil, nil, staff.ErrForbidden
	}
	r.from, r.to = r.runningMonth(c.Now())
	for name, to := range map[string]*requirement.Date{"dari": &r.from, "sampai": &r.to} {
		if d, ok := in.Date(name); ok {
			*to = d
		} else if d != "" {
			m.Add(name, c.T("rekap.hari.salah"))
		}
	}
	if len(m) == 0 && (r.to < r.from || r.from.AddDays(maxDays) < r.to) {
		m.Add("sampai", c.T("rekap.masa.salah"))
	}
	slices.SortFunc(m, func(a, b page.Error) int { return cmp.Compare(a.Field, b.Field) })
	return r, m, nil
}

// shown tells whether a branch is among the chosen ones.
func (r *report) shown(b *requirement.Branch) bool { return r.branch == "" || b.Code == r.branch }

// runningMonth is the month so far where the chosen branches are: it begins
// with the earliest of their months and ends with the latest of their days. Of
// no branch it is the month of UTC.
func (r *report) runningMonth(now time.Time) (from, to requirement.Date) {
	var days []requirement.Date
	for _, b := range r.branches {
		if r.shown(&b) {
			days = append(days, requirement.DateOf(now.In(b.Location())))
		}
	}
	if len(days) == 0 {
		days = []requirement.Date{requirement.DateOf(now.UTC())}
	}
	return slices.Min(days)[:8] + "01", slices.Max(days)
}

// count reads the numbers: one query for each branch.
func (r *report) count(ctx context.Context, store Store) error {
	for _, b := range r.branches {
		if !r.shown(&b) {
			continue
		}
		sum, err := store.RecapSum(ctx, b.Code, r.from, r.to)
		if err != nil {
			return fmt.Errorf("recap: %w", err)
		}
		r.sums[b.Code] = sum
	}
	return nil
}

// n is the number of a cell over the chosen branches; an empty channel or status is all.
func (r *report) n(channel requirement.Channel, status claim.Status) int {
	total := 0
	for _, day := range r.sums {
		for counter, n := range day {
			c, s, _ := strings.Cut(counter, "#")
			if (channel == "" || c == string(channel)) && (status == "" || s == string(status)) {
				total += n
			}
		}
	}
	return total
}

// rows are the recap as the official report has it.
func (r *report) rows() [][]string {
	var out [][]string
	line := func(name string, status claim.Status) {
		row := []string{name}
		for _, ch := range channels {
			row = append(row, page.Number(r.call.Lang, r.n(ch, status)))
		}
		out = append(out, append(row, page.Number(r.call.Lang, r.n("", status))))
	}
	for _, s := range statuses {
		line(r.call.T("rekap."+s.word), s.status)
	}
	line(r.call.T("rekap.jumlah"), "")
	return out
}

func (r *report) head() []string {
	return []string{r.call.T("rekap.status"), r.call.T("rekap.online"), r.call.T("rekap.onsite"), r.call.T("rekap.kolektif"), r.call.T("rekap.jumlah")}
}

func (s *Service) show(c *guard.Call) error {
	in := web.Input(c.R.URL.Query())
	r, m, err := s.choose(c, in)
	if err != nil {
		return err
	}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, r.page(in, m, nil), m.Value())
	}
	if err := r.count(c.Context(), s.Store); err != nil {
		return err
	}
	return c.Show(http.StatusOK, r.page(in, nil, nil), r.value())
}

func (r *report) value() any {
	cells := map[string]map[string]int{}
	for _, s := range statuses {
		cells[s.word] = map[string]int{"jumlah": r.n("", s.status)}
		for _, ch := range channels {
			cells[s.word][string(ch)] = r.n(ch, s.status)
		}
	}
	return map[string]any{"dari": r.from, "sampai": r.to, "kantor": r.branch, "rekap": cells, "jumlah": r.n("", "")}
}

func (r *report) page(in web.Input, m, exportMistakes web.Mistakes) *page.Page {
	c := r.call
	p := &page.Page{Title: c.T("rekap.judul"), Section: "/rekap"}
	branch := page.Field{Kind: page.Select, Name: "kantor", Label: c.T("rekap.kantor"), Value: r.branch, Options: []page.Option{{Label: c.T("rekap.semua")}}}
	for _, b := range r.branches {
		branch.Options = append(branch.Options, page.Option{Value: b.Code, Label: b.Name})
	}
	form := &page.Form{Action: c.URL("/rekap"), Get: true, Errors: m, Buttons: []page.Submit{{Text: c.T("rekap.lihat")}}, Fields: []page.Field{branch,
		{Kind: page.DateInput, Name: "dari", Label: c.T("rekap.dari"), Value: string(r.from)},
		{Kind: page.DateInput, Name: "sampai", Label: c.T("rekap.sampai"), Value: string(r.to)}}}
	if len(m) > 0 {
		p.Blocks = []page.Block{form}
		return p
	}
	period := page.Date(c.Lang, r.from) + " – " + page.Date(c.Lang, r.to)
	table := page.Table{Caption: c.T("rekap.tabel", "masa", period, "kantor", r.where()), Head: r.head(), Rows: r.rows(), Numeric: []bool{false, true, true, true, true}}
	chart := page.Chart{Title: c.T("rekap.gambar"), Text: c.T("rekap.gambar.teks", "jumlah", page.Number(c.Lang, r.n("", "")), "setuju", page.Percent(c.Lang, r.n("", claim.Approved), r.n("", "")))}
	for _, s := range statuses {
		n := r.n("", s.status)
		chart.Bars = append(chart.Bars, page.Bar{Label: c.T("rekap." + s.word), Value: page.Number(c.Lang, n), Length: n})
	}
	p.Blocks = []page.Block{form, page.Text{Text: c.T("rekap.keadaan", "jam", c.Now().In((&requirement.Branch{Zone: "WIB"}).Location()).Format("15:04"))}, table}
	if r.n("", "") > 0 {
		p.Blocks = append(p.Blocks, chart)
	}
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "unduh", Text: c.T("rekap.unduh")}, r.exportForm(in, exportMistakes))
	return p
}

// where names the branches of the recap, on paper too.
func (r *report) where() string {
	for _, b := range r.branches {
		if b.Code == r.branch {
			return b.Name
		}
	}
	return r.call.T("rekap.semua")
}

func (r *report) exportForm(in web.Input, m web.Mistakes) page.Block {
	c := r.call
	return &page.Form{Action: c.URL("/rekap/unduh"), Errors: m, Fields: []page.Field{
		{Kind: page.Hidden, Name: "kantor", Value: r.branch}, {Kind: page.Hidden, Name: "dari", Value: string(r.from)}, {Kind: page.Hidden, Name: "sampai", Value: string(r.to)},
		{Kind: page.TextInput, Name: "alasan", Label: c.T("rekap.alasan"), Hint: c.T("rekap.alasan.petunjuk"), Value: in.Get("alasan"), Autocomplete: "off"}},
		Buttons: []page.Submit{{Text: c.T("rekap.unduh.xlsx"), Name: "bentuk", Value: "xlsx"}, {Text: c.T("rekap.unduh.csv"), Name: "bentuk", Value: "csv", Secondary: true}}}
}
