package register

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// A step is one page of the journey. check reads the step's fields into the
// application and says what a person can mend; show describes its page.
type step struct {
	name   string   // path below /daftar/
	fields []string // that the page itself shows; all others travel as hidden fields
	check  func(*application) (web.Mistakes, error)
	show   func(*application, *page.Form) ([]page.Block, any, error)
}

// steps in their order. Answers to questions are fields too, named by the question.
var steps []step

func init() {
	steps = []step{
		{"syarat", nil, checkAnswers, showQuestions},
		{"kantor", []string{"kantor", "kanal"}, checkBranch, showBranches},
		{"tanggal", []string{"tanggal"}, checkDate, showDates},
		{"jam", append([]string{"jam"}, wishFields()...), checkTime, showTimes},
		{"data-diri", personFields, checkPerson, showPerson},
		{"periksa", []string{"persetujuan"}, checkConsent, showReview},
	}
}

// An application is what a person has entered so far, checked step by step.
type application struct {
	call    *web.Call
	service *Service
	in      web.Input
	set     *requirement.Set
	reason  *requirement.Reason
	answers requirement.Answers
	branch  *requirement.Branch
	hours   claim.Timetable     // of the branch
	here    *requirement.Branch // in whose hall the person is; nil: anywhere
	draw    *claim.Draw         // of the chosen day, while its places are given by it
	wishes  []string            // start times
	waitFor []string            // times that the person would take, of who waits; none means any
	place   claim.Place
	start   time.Time // of the session
	until   time.Time // deadline of the draft
	person  claim.Person
	proofs  []claim.ConsentProof
	moving  bool      // to another place
	door    *entrance // that let the form in; nil: none stands
}

// errUnknownReason leads back to the first page.
var errUnknownReason = errors.New("register: no such claim reason")

// read opens what was sent. errUnknownReason if it names no reason that can be claimed here.
func (s *Service) read(c *web.Call) (*application, error) {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return nil, fmt.Errorf("read application: %w", err)
	}
	in, err := c.Input(fieldNames(set)...)
	if err != nil {
		return nil, err
	}
	for _, name := range ticked {
		if len(in[name]) == 1 { // from a page that does not show the boxes: see hidden
			in[name] = strings.Split(in.Get(name), ",")
		}
	}
	a := &application{call: c, service: s, in: in, set: set, reason: set.Reason(in.Get("sebab")), answers: requirement.Answers{}}
	if a.reason == nil {
		return nil, errUnknownReason
	}
	a.spot()
	return a, nil
}

// ticked are the fields that can have several values: codes and times.
var ticked = []string{"persetujuan", waitTimes}

// fieldNames lists every field of the journey.
func fieldNames(set *requirement.Set) []string {
	names := []string{"sebab", "kunci", "kembali", spotField, waitField, waitTimes}
	for _, q := range set.Questions {
		names = append(names, q.Code)
	}
	for _, st := range steps {
		names = append(names, st.fields...)
	}
	return names
}

// advance takes the fields of one step and shows the next, or the first step
// with a mistake.
func (s *Service) advance(name string) func(*web.Call) error {
	return func(c *web.Call) error {
		a, err := s.read(c)
		if errors.Is(err, errUnknownReason) {
			return c.Redirect("/daftar")
		}
		if err != nil {
			return err
		}
		last := stepIndex(name)
		if back := stepIndex(a.in.Get("kembali")); back >= 0 && back <= last {
			last = back - 1
		}
		for last+1 < len(steps) && last >= 0 && a.skipped(last+1) {
			last++
		}
		if done, err := a.check(last); done || err != nil {
			return err
		}
		return a.show(last+1, nil, http.StatusOK)
	}
}

func stepIndex(name string) int {
	return slices.IndexFunc(steps, func(st step) bool { return st.name == name })
}

// check reads the steps up to and with last. done: an answer was given
// already, with the mistakes of a step or because the rules say not yet.
func (a *application) check(last int) (done bool, err error) {
	for i := 0; i <= last; i++ {
		mistakes, err := steps[i].check(a)
		if err != nil {
			return false, err
		}
		if len(mistakes) > 0 {
			return true, a.show(i, mistakes, http.StatusUnprocessableEntity)
		}
		if i == 0 {
			if v := a.reason.Decide(a.answers, a.today()); !v.Eligible || len(a.reason.Channels) == 0 {
				return true, a.notEligible(v)
			}
		}
		if steps[i].name == "tanggal" && !a.joinable(false) {
			return true, a.notOpen()
		}
	}
	return false, nil
}

// today is the date at the branch, before one is chosen that of WIB, where most branches are.
func (a *application) today() requirement.Date {
	b := a.branch
	if b == nil {
		b = &requirement.Branch{Zone: "WIB"}
	}
	return requirement.DateOf(a.call.Now().In(b.Location()))
}

// show answers with the page of a step.
func (a *application) show(i int, mistakes web.Mistakes, status int) error {
	if i == len(steps) {
		i-- // everything is checked: the last page is where it is sent
	}
	st, c := steps[i], a.call
	key, err := c.RenewKey(a.in.Get("kunci"))
	if err != nil {
		return err
	}
	form := &page.Form{Action: c.URL("/daftar/" + st.name), Errors: mistakes,
		Buttons: []page.Submit{{Text: c.T("daftar.lanjut")}}}
	var offered []page.Block
	if len(mistakes) == 0 {
		if offered, err = a.offer(st.name); err != nil {
			return err
		}
	}
	blocks, value, err := st.show(a, form)
	if err != nil {
		return err
	}
	blocks = append(blocks, offered...)
	if i > 0 {
		before := i - 1
		for a.skipped(before) {
			before--
		}
		form.Buttons = append(form.Buttons, page.Submit{Text: c.T("daftar.kembali"), Name: "kembali", Value: steps[before].name,
			Action: c.URL("/daftar/" + st.name), Secondary: true})
	}
	form.Fields = append(a.hidden(form.Fields, key), form.Fields...)
	if len(mistakes) > 0 {
		value = mistakes.Value()
	} else if m, ok := value.(map[string]any); ok {
		m["langkah"], m["kunci"] = st.name, key
	}
	p := journeyPage(c, "daftar."+st.name+".judul", i+2)
	p.Blocks = append(blocks, form)
	return c.Show(status, p, value)
}

// hidden returns all fields that the page does not show itself. Several ticks
// travel as one field, "a,b", because no two hidden fields share a name.
func (a *application) hidden(shown []page.Field, key string) []page.Field {
	own := map[string]bool{"kunci": true, "kembali": true}
	for _, f := range shown {
		own[f.Name] = true
		if f.Kind == page.DateInput {
			own[f.Name+"-hari"], own[f.Name+"-bulan"], own[f.Name+"-tahun"] = true, true, true
		}
	}
	out := []page.Field{{Kind: page.Hidden, Name: "kunci", Value: key}}
	for _, name := range slices.Sorted(keys(a.in)) {
		if len(a.in[name]) > 0 && !own[name] {
			out = append(out, page.Field{Kind: page.Hidden, Name: name, Value: strings.Join(a.in[name], ",")})
		}
	}
	return out
}

func keys(in web.Input) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range in {
			if !yield(k) {
				return
			}
		}
	}
}
