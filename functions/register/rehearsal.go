package register

import (
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// plenty is the least number of places of every session of a rehearsal: a
// whole class practises at once.
const plenty = 20

// plan is the day that the branch offers; in a rehearsal with plenty of places.
func (a *application) plan(d requirement.Date) claim.DayPlan {
	plan := a.hours.Plan(a.branch, d, a.set.Holidays)
	for i := range plan.Sessions {
		if a.call.Rehearsal() {
			plan.Sessions[i].Places = max(plan.Sessions[i].Places, plenty)
		}
	}
	return plan
}

// offer fills a rehearsal's page with a made-up person, where nothing was
// typed yet, and says so above the form.
func (a *application) offer(step string) ([]page.Block, error) {
	if !a.call.Rehearsal() {
		return nil, nil
	}
	switch step {
	case "syarat":
		a.offerAnswers()
	case "data-diri":
		if err := a.offerPerson(); err != nil {
			return nil, err
		}
	default:
		return nil, nil
	}
	return []page.Block{page.Notice{Kind: "info", Title: a.call.T("latihan.rekaan"), Text: a.call.T("latihan.rekaan." + step)}}, nil
}

func (a *application) offerAnswers() {
	today := a.today()
	made := madeUpAnswers(a.reason, a.asked(), today)
	for code := range made {
		if _, typed := a.in.Date(code); typed || a.in.Get(code) != "" || a.in.Get(code+"-hari") != "" {
			return
		}
	}
	for code, answer := range made {
		a.in[code] = []string{answer}
	}
}

// madeUpAnswers are answers that every rule of the reason takes on a day.
func madeUpAnswers(r *requirement.Reason, asked []requirement.Question, today requirement.Date) requirement.Answers {
	out := requirement.Answers{requirement.BirthDate: string(today.AddMonths(-12*35 - 5))}
	for _, q := range asked {
		if q.Code != requirement.BirthDate {
			out[q.Code] = map[requirement.QuestionKind]string{requirement.AskYesNo: "tidak", requirement.AskDate: string(today.AddMonths(-3))}[q.Kind]
		}
	}
	for _, rule := range r.Rules {
		switch rule.Kind {
		case requirement.MustBe:
			out[rule.Question] = rule.Answer
		case requirement.MinAge, requirement.MinYears:
			out[rule.Question] = min(out[rule.Question], string(today.AddMonths(-12*rule.Amount-3)))
		case requirement.WaitMonths:
			out[rule.Question] = min(out[rule.Question], string(today.AddMonths(-rule.Amount-2)))
		case requirement.DatePast: // three months ago has passed
		}
	}
	return out
}

// offerPerson fills in somebody who does not exist: the province 99 of the
// NIK is nobody's. Each rehearsal gets another NIK, so that none is in the
// way of another.
func (a *application) offerPerson() error {
	boxes := a.boxes()
	if slices.ContainsFunc(boxes, func(b box) bool { return a.in.Get(b.name) != "" }) {
		return nil
	}
	for _, b := range boxes {
		var v string
		var err error
		switch b.name {
		case "nik":
			v, err = madeUpNIK(requirement.Date(a.answers[requirement.BirthDate]))
		case "nik-ahli-waris":
			v, err = madeUpNIK("1990-08-17")
		case "kpj":
			v, err = digits(9)
			v = madeUpProvince + v
		default:
			v = a.call.T("latihan.isi." + b.name)
		}
		if b.name == "pemilik" && a.reason.Applicant == requirement.Heir {
			v = a.call.T("latihan.isi.nama-ahli-waris")
		}
		if err != nil {
			return err
		}
		a.in[b.name] = []string{v}
	}
	return nil
}

// madeUpProvince is a province code that is given to none; made-up people live there.
const madeUpProvince = "99"

// rehearsed is what the NIK of everybody who is made up in a rehearsal begins with.
const rehearsed = madeUpProvince + "99"

func madeUpNIK(birth requirement.Date) (string, error) {
	if len(birth) != len("2006-01-02") {
		birth = "1990-08-17"
	}
	place, err := digits(2)
	if err != nil {
		return "", err
	}
	serial, err := digits(3)
	return rehearsed + place + string(birth[8:]+birth[5:7]+birth[2:4]) + serial + "1", err
}

// digits returns n random digits.
func digits(n int) (string, error) {
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
	v, err := rand.Int(rand.Reader, limit)
	if err != nil {
		return "", fmt.Errorf("random digits: %w", err)
	}
	return fmt.Sprintf("%0*d", n, v), nil
}

// realNIK tells whether a rehearsal was given somebody's own NIK, which it
// does not take: practice is no reason to keep a real person's number.
func (a *application) realNIK(b box, value string) bool {
	return a.call.Rehearsal() && strings.HasPrefix(b.name, "nik") && !strings.HasPrefix(value, madeUpProvince)
}

// rehearsedNIK tells whether the real registration was given somebody whom a
// rehearsal has made up, who would take a real person's place.
func (a *application) rehearsedNIK(b box, value string) bool {
	return !a.call.Rehearsal() && strings.HasPrefix(b.name, "nik") && strings.HasPrefix(value, rehearsed)
}

// tryFirst leads from the real registration to the rehearsal.
func tryFirst(c *web.Call) []page.Block {
	if c.Rehearsal() {
		return nil
	}
	return []page.Block{page.Links{Items: []page.LinkItem{{Link: page.Link{URL: c.URL(page.RehearsalBase + "/"), Text: c.T("latihan.coba")}, Note: c.T("latihan.coba.teks")}}}}
}
