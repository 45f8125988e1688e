package results

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"time"

	"lapakasik/functions/internal/tally"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// show is the page of the results.
func (s *Service) show(c *web.Call) error {
	v, mistakes, err := s.view(c)
	if err != nil {
		return err
	}
	p := v.frame(mistakes)
	if len(mistakes) > 0 {
		return c.Show(http.StatusUnprocessableEntity, p, mistakes.Value())
	}
	c.Public(keep)
	p.Blocks = append(p.Blocks, page.Heading{Level: 2, ID: "keputusan", Text: v.scope()})
	if len(v.cells) == 0 {
		p.Blocks = append(p.Blocks, page.Drawing{Of: "empty"}, page.Notice{Kind: "info", Title: v.nothing(), Text: c.T("kinerja.kosong.teks", v.next()...)})
	} else {
		p.Blocks = slices.Concat(p.Blocks, v.decisions(), v.waiting(), v.complete(), v.rows())
	}
	p.Blocks = slices.Concat(p.Blocks, v.answers(), v.notes(), v.recap())
	return c.Show(http.StatusOK, p, v.value())
}

// frame is the page without its numbers: what it is, and the filter.
func (v *view) frame(m web.Mistakes) *page.Page {
	return &page.Page{Title: v.T("kinerja.judul"), Path: "/kinerja", Description: v.T("kinerja.ringkas"), Crumbs: []page.Link{{URL: v.URL("/"), Text: v.T("situs.beranda")}},
		Blocks: []page.Block{page.Lead{Text: v.T("kinerja.pengantar")}, v.filter(m)}}
}

func (v *view) filter(m web.Mistakes) *page.Form {
	months := make([]page.Option, len(v.offer))
	for i, x := range v.offer {
		months[i] = page.Option{Value: string(x), Label: page.Month(v.Lang, string(x)), Checked: len(v.months) == 1 && x == v.months[0]}
	}
	var branches []page.Option
	for _, b := range v.set.Branches {
		if b.Bookable {
			branches = append(branches, page.Option{Value: b.Code, Label: b.Name, Checked: b.Code == v.branch})
		}
	}
	return &page.Form{Action: v.URL("/kinerja"), Get: true, Errors: m, Buttons: []page.Submit{{Text: v.T("kinerja.tampilkan"), Secondary: true}}, Fields: []page.Field{
		{Kind: page.Select, Name: "bulan", Label: v.T("kinerja.bulan"), Hint: v.T("kinerja.bulan.petunjuk"), Options: months},
		{Kind: page.Select, Name: "cabang", Label: v.T("kinerja.cabang"), Hint: v.T("kinerja.cabang.petunjuk"), Options: branches},
	}}
}

// span says which months are shown.
func (v *view) span() string {
	to := page.Month(v.Lang, string(v.months[0]))
	if len(v.months) == 1 {
		return to
	}
	return v.T("kinerja.rentang", "dari", page.Month(v.Lang, string(v.months[len(v.months)-1])), "sampai", to)
}

// scope says which months of which branch are shown.
func (v *view) scope() string {
	branch := v.T("kinerja.semua-cabang")
	if b := v.set.Branch(v.branch); b != nil {
		branch = b.Name
	}
	return branch + ", " + v.span()
}

func (v *view) nothing() string {
	if len(v.months) == 1 {
		return v.T("kinerja.kosong.bulan")
	}
	return v.T("kinerja.kosong.judul")
}

// next are the words of the month whose numbers come next, and the day. On the
// first of a month that is still the month before.
func (v *view) next() []string {
	m := v.offer[0].Next()
	return []string{"bulan", page.Month(v.Lang, string(m)), "tanggal", page.ShortDate(v.Lang, requirement.DateOf(m.PublishedAt().In(m.Start().Location())))}
}

// all is the filter that keeps every cell.
func all(tally.Key) bool { return true }

// number is the sum of what is shown; "–" where all of it is hidden.
func (v *view) number(name string, of func(tally.Key) bool) string {
	n, hidden := tally.Sum(v.cells, name, of)
	if n == 0 && hidden > 0 {
		return "–"
	}
	return page.Number(v.Lang, n)
}

func (v *view) sum(name string, of func(tally.Key) bool) int {
	n, _ := tally.Sum(v.cells, name, of)
	return n
}

// A status is a row of the decisions with its word.
type status struct{ name, word string }

var statuses = []status{
	{tally.CountApproved, "kinerja.disetujui"}, {tally.CountRefused, "kinerja.ditolak"},
	{tally.CountPostponed, "kinerja.ditunda"}, {tally.CountPending, "kinerja.belum"},
}

// added are the statuses that may be added up over the months shown. Pending
// is a state at the end of one month: over several it would count claims that
// were decided since.
func (v *view) added() []status {
	if len(v.months) > 1 {
		return statuses[:3]
	}
	return statuses
}

// channels are those of the cells, in the order of the service.
func (v *view) channels() []string {
	found := map[string]bool{}
	for _, c := range v.cells {
		found[c.Channel] = true
	}
	order := []string{string(requirement.Online), string(requirement.Onsite), string(requirement.Collective)}
	return slices.SortedFunc(maps.Keys(found), func(a, b string) int {
		return slices.Index(order, a) - slices.Index(order, b)
	})
}

func (v *view) decisions() []page.Block {
	channels := v.channels()
	head, numeric := []string{v.T("kinerja.status")}, []bool{false}
	for _, c := range channels {
		head, numeric = append(head, v.T("kinerja.kanal."+c)), append(numeric, true)
	}
	row := func(word string, number func(of func(tally.Key) bool) string) []string {
		cells := []string{word}
		for _, c := range channels {
			cells = append(cells, number(func(k tally.Key) bool { return k.Channel == c }))
		}
		return append(cells, number(all))
	}
	var rows [][]string
	for _, s := range v.added() {
		rows = append(rows, row(v.T(s.word), func(of func(tally.Key) bool) string { return v.number(s.name, of) }))
	}
	if v.undetailed(all) > 0 {
		rows = append(rows, row(v.T("kinerja.tidak-dirinci"), func(of func(tally.Key) bool) string { return page.Number(v.Lang, v.undetailed(of)) }))
	}
	table := page.Table{Caption: v.T("kinerja.menurut-cara"), Head: append(head, v.T("kinerja.jumlah")), Rows: rows, Numeric: append(numeric, true)}
	return []page.Block{v.decisionChart(), table}
}

// undetailed are decisions of which it is not shown what they were.
func (v *view) undetailed(of func(tally.Key) bool) int {
	return v.sum(tally.Decided, of) - v.sum(tally.CountApproved, of) - v.sum(tally.CountRefused, of)
}

func (v *view) decisionChart() page.Chart {
	decided := v.sum(tally.CountApproved, all) + v.sum(tally.CountRefused, all)
	c := page.Chart{Title: v.T("kinerja.gambar.keputusan"), Text: v.T("kinerja.gambar.keputusan.teks",
		"bagian", page.Percent(v.Lang, v.sum(tally.CountApproved, all), decided), "jumlah", page.Number(v.Lang, decided))}
	for i, s := range v.added() {
		n := v.sum(s.name, all)
		value := v.number(s.name, all)
		if i < 2 && n > 0 {
			value += " (" + page.Percent(v.Lang, n, decided) + ")"
		}
		c.Bars = append(c.Bars, page.Bar{Label: v.T(s.word), Value: value, Length: n})
	}
	return c
}

// within says the longest time of a class: "3 hari atau kurang".
func (v *view) within(w tally.Wait) string {
	switch w.Days {
	case 0:
		return v.T("kinerja.tunggu.lebih", "hari", strconv.Itoa(tally.Waits[len(tally.Waits)-2].Days))
	case 1:
		return v.T("kinerja.tunggu.satu")
	}
	return v.T("kinerja.tunggu.sampai", "hari", strconv.Itoa(w.Days))
}

// class says the i-th class of the waiting time: "lebih dari 1 sampai 3 hari".
func (v *view) class(i int) string {
	if i == 0 || tally.Waits[i].Days == 0 {
		return v.within(tally.Waits[i])
	}
	return v.T("kinerja.tunggu.antara", "dari", strconv.Itoa(tally.Waits[i-1].Days), "sampai", strconv.Itoa(tally.Waits[i].Days))
}

func (v *view) waiting() []page.Block {
	out := []page.Block{page.Heading{Level: 2, ID: "waktu", Text: v.T("kinerja.tunggu")}}
	median, ok := tally.Median(v.cells, all)
	if !ok {
		return append(out, page.Text{Text: v.T("kinerja.tunggu.kosong")})
	}
	text := v.T("kinerja.tunggu.tengah", "hari", v.within(median))
	total := 0
	for _, w := range tally.Waits {
		total += v.sum(w.Counter, all)
	}
	chart := page.Chart{Title: v.T("kinerja.gambar.tunggu"), Text: text}
	table := page.Table{Caption: v.T("kinerja.tunggu.tabel"), Head: []string{v.T("kinerja.tunggu.lama"), v.T("kinerja.klaim"), v.T("kinerja.bagian")}, Numeric: []bool{false, true, true}}
	for i, w := range tally.Waits {
		n := v.sum(w.Counter, all)
		share := page.Percent(v.Lang, n, total)
		chart.Bars = append(chart.Bars, page.Bar{Label: v.class(i), Value: share, Length: n})
		table.Rows = append(table.Rows, []string{v.class(i), v.number(w.Counter, all), share})
	}
	return append(out, page.Text{Text: text}, chart, table)
}

// share says which part of the claims was complete when it was first sent.
func (v *view) share(of func(tally.Key) bool) (complete, total int) {
	complete = v.sum(tally.CountComplete, of)
	return complete, complete + v.sum(tally.CountIncomplete, of)
}

func (v *view) complete() []page.Block {
	n, total := v.share(all)
	text := v.T("kinerja.lengkap.kosong")
	if total > 0 {
		text = v.T("kinerja.lengkap.teks", "bagian", page.Percent(v.Lang, n, total), "lengkap", page.Number(v.Lang, n), "jumlah", page.Number(v.Lang, total))
	}
	return []page.Block{page.Heading{Level: 2, ID: "lengkap", Text: v.T("kinerja.lengkap")}, page.Text{Text: text}}
}

// maxRows bounds the branches of the page; the CSV has all.
const maxRows = 20

// rows are the same numbers for each month, and for each branch.
func (v *view) rows() []page.Block {
	out := []page.Block{page.Heading{Level: 2, ID: "rincian", Text: v.T("kinerja.rincian")}}
	if len(v.months) > 1 {
		t := v.table(v.T("kinerja.per-bulan"), v.T("kinerja.bulan"), statuses)
		for _, m := range v.months {
			of := func(k tally.Key) bool { return k.Month == m }
			if slices.ContainsFunc(v.cells, func(c tally.Cell) bool { return c.Month == m }) {
				t.Rows = append(t.Rows, v.line(page.Month(v.Lang, string(m)), statuses, of))
			}
		}
		out = append(out, t)
	}
	if v.branch == "" {
		t := v.table(v.T("kinerja.per-cabang"), v.T("kinerja.cabang"), v.added())
		for _, b := range v.byDecisions() {
			of := func(k tally.Key) bool { return k.Branch == b }
			t.Rows = append(t.Rows, v.line(v.branchName(b), v.added(), of))
		}
		out = append(out, t)
	}
	return append(out, page.Button{Link: page.Link{URL: v.csvURL(), Text: v.T("kinerja.csv")}, Secondary: true})
}

func (v *view) table(caption, first string, columns []status) page.Table {
	t := page.Table{Caption: caption, Head: []string{first}, Numeric: []bool{false}}
	for _, s := range columns {
		t.Head, t.Numeric = append(t.Head, v.T(s.word)), append(t.Numeric, true)
	}
	t.Head, t.Numeric = append(t.Head, v.T("kinerja.lengkap.kolom"), v.T("kinerja.tunggu.kolom")), append(t.Numeric, true, false)
	return t
}

func (v *view) line(name string, columns []status, of func(tally.Key) bool) []string {
	out := []string{name}
	for _, s := range columns {
		out = append(out, v.number(s.name, of))
	}
	n, total := v.share(of)
	wait := "–"
	if w, ok := tally.Median(v.cells, of); ok {
		wait = v.within(w)
	}
	return append(out, page.Percent(v.Lang, n, total), wait)
}

// byDecisions are the branches with the most decisions.
func (v *view) byDecisions() []string {
	n := map[string]int{}
	for _, c := range v.cells {
		if c.Name == tally.Decided {
			n[c.Branch] += c.N
		}
	}
	names := slices.Sorted(maps.Keys(n))
	slices.SortStableFunc(names, func(a, b string) int { return n[b] - n[a] })
	return names[:min(len(names), maxRows)]
}

func (v *view) branchName(code string) string {
	if b := v.set.Branch(code); b != nil {
		return b.Name
	}
	return code
}

// answers are the results of the survey, of the whole service.
func (v *view) answers() []page.Block {
	out := []page.Block{page.Heading{Level: 2, ID: "survei", Text: v.T("kinerja.survei")}}
	var rows []page.Row
	for _, q := range v.set.Survey {
		if n, _ := tally.Sum(v.survey, tally.QuestionCounter(q.Code), all); n > 0 {
			rows = append(rows, page.Row{Key: q.Label.In(v.Lang), Value: v.shares(q, n)})
		}
	}
	if len(rows) == 0 {
		return append(out, page.Text{Text: v.T("kinerja.survei.kosong")})
	}
	return append(out, page.Text{Text: v.T("kinerja.survei.teks", "masa", v.span())}, page.Summary{Rows: rows})
}

// shares says how a question was answered: each answer, or the good ones
// together where single ones are hidden.
func (v *view) shares(q requirement.SurveyQuestion, total int) string {
	said := 0
	text := ""
	for _, o := range q.Options {
		n, _ := tally.Sum(v.survey, tally.AnswerCounter(q.Code, o.Code), all)
		said += n
		text += o.Label.In(v.Lang) + " " + page.Percent(v.Lang, n, total) + ", "
	}
	if said != total {
		good, _ := tally.Sum(v.survey, tally.AnswerCounter(q.Code, "+"), all)
		other, _ := tally.Sum(v.survey, tally.AnswerCounter(q.Code, "-"), all)
		if good+other != total {
			return v.T("kinerja.survei.sedikit", "jumlah", page.Number(v.Lang, total))
		}
		text = v.T("kinerja.survei.baik", "bagian", page.Percent(v.Lang, good, total)) + ", "
	}
	return text + v.T("kinerja.survei.jawaban", "jumlah", page.Number(v.Lang, total))
}

// notes say how the numbers come about and what is left out.
func (v *view) notes() []page.Block {
	r := v.set.Results
	now := v.Now().In(v.offer[0].Start().Location())
	return []page.Block{page.Heading{Level: 2, ID: "cara-baca", Text: v.T("kinerja.cara-baca")}, page.List{Items: []string{
		v.T("kinerja.catatan.terbit", v.next()...),
		v.T("kinerja.catatan.kecil", "terbesar", strconv.Itoa(r.Threshold-1)),
		v.T("kinerja.catatan.belum"),
		v.T("kinerja.catatan.lengkap"),
		v.T("kinerja.catatan.survei"),
		v.T("kinerja.catatan.sumber", "sumber", r.Source),
		v.T("kinerja.catatan.dihitung", "saat", page.ShortDate(v.Lang, requirement.DateOf(now))+", "+page.Clock(v.Lang, now.Format("15:04"), "WIB")),
	}}}
}

// recap is what others published about the time before this service.
func (v *view) recap() []page.Block {
	r := v.set.Results.Recap
	if len(r.Rows) == 0 || v.branch != "" && v.branch != r.Branch {
		return nil
	}
	t := page.Table{Caption: v.T("kinerja.rekap.tabel", "kantor", v.branchName(r.Branch), "masa", r.Period.In(v.Lang)), Numeric: []bool{false, true, true, true},
		Head: []string{v.T("kinerja.status"), v.T("kinerja.kanal.online"), v.T("kinerja.kanal.onsite"), v.T("kinerja.jumlah")}}
	line := func(word string, online, onsite int) {
		t.Rows = append(t.Rows, []string{word, page.Number(v.Lang, online), page.Number(v.Lang, onsite), page.Number(v.Lang, online+onsite)})
	}
	online, onsite := 0, 0
	for _, row := range r.Rows {
		line(row.Status.In(v.Lang), row.Online, row.Onsite)
		online, onsite = online+row.Online, onsite+row.Onsite
	}
	line(v.T("kinerja.jumlah"), online, onsite)
	return []page.Block{page.Details{Summary: v.T("kinerja.rekap"), Blocks: []page.Block{
		page.Text{Text: v.T("kinerja.rekap.teks")}, t, page.Text{Text: v.T("kinerja.rekap.sumber", "sumber", r.Source)}}}}
}

// value is the JSON form: every cell that the page is made of.
func (v *view) value() any {
	return map[string]any{"dari": v.months[len(v.months)-1], "sampai": v.months[0], "cabang": v.branch, "ambang": v.set.Results.Threshold,
		"dihitung": v.Now().UTC().Format(time.RFC3339), "angka": lines(v.cells), "survei": lines(v.survey)}
}
