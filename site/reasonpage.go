package site

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// reasonBlocks are the page of a claim reason: who may claim, with what, and
// the prose between them. Rules and documents come from the same data that
// the functions check with.
func (s *Site) reasonBlocks(o, d *document, body *rendered) []page.Block {
	l := d.lang
	t := func(key string, pairs ...string) string { return page.T(l, key, pairs...) }
	r := s.Set.Reason(o.code())
	out := []page.Block{page.Lead{Text: d.Description}}
	if r == nil || len(r.Channels) == 0 {
		return append(out, page.Notice{Kind: "info", Title: t("halaman.bukan-di-sini"), Text: t("halaman.bukan-di-sini.teks")}, page.HTML{Body: body.html})
	}
	book := page.Button{Link: page.Link{URL: page.Localise(l, "/daftar/syarat?sebab="+r.Code), Text: t("halaman.daftar")}}
	out = append(out, book, page.Heading{Level: 2, ID: "kanal", Text: t("halaman.cara")}, page.List{Items: channels(l, r)})
	if len(r.Rules) > 0 {
		out = append(out, page.Heading{Level: 2, ID: "syarat", Text: t("halaman.syarat")}, page.Checklist{Items: s.ruleTasks(l, r)})
	}
	for i := range r.Lists {
		out = append(out, s.listBlocks(l, &r.Lists[i])...)
	}
	return append(out, page.Links{Items: []page.LinkItem{{Link: page.Link{URL: page.Localise(l, printPath(r.Code)), Text: t("halaman.cetak")}}}},
		page.HTML{Body: body.html}, book)
}

func channels(l requirement.Lang, r *requirement.Reason) []string {
	var out []string
	for _, c := range r.Channels {
		out = append(out, page.T(l, "daftar.kanal."+string(c)))
	}
	if len(r.Channels) == 1 && r.Channels[0] == requirement.Onsite {
		out = append(out, page.T(l, "halaman.hanya-onsite"))
	}
	return out
}

func (s *Site) ruleTasks(l requirement.Lang, r *requirement.Reason) []page.Task {
	var out []page.Task
	for _, rule := range r.Rules {
		q := s.Set.Question(rule.Question)
		answer := page.T(l, "daftar."+rule.Answer)
		out = append(out, page.Task{Source: rule.Source, Title: page.T(l, "halaman.aturan."+string(rule.Kind),
			"jumlah", strconv.Itoa(rule.Amount), "tanya", inSentence(rule.Kind, strings.TrimSuffix(q.Label.In(l), "?")), "jawab", answer)})
	}
	return out
}

// listBlocks show one dated list of documents, and which of the two it is.
func (s *Site) listBlocks(l requirement.Lang, list *requirement.List) []page.Block {
	key := "halaman.daftar-" + string(list.Basis)
	since := "halaman.berlaku-sejak"
	switch {
	case list.Basis == requirement.Practice:
		since = "halaman.beredar-sejak"
	case list.Reported:
		since = "halaman.terbit"
	}
	valid := page.T(l, since, "dari", page.ShortDate(l, list.ValidFrom))
	if list.ValidTo != "" {
		valid = page.T(l, "halaman.berlaku", "dari", page.ShortDate(l, list.ValidFrom), "sampai", page.ShortDate(l, list.ValidTo))
	}
	var tasks []page.Task
	for i := range list.Items {
		tasks = append(tasks, s.itemTask(l, list, &list.Items[i]))
	}
	return []page.Block{
		page.Heading{Level: 2, ID: "berkas-" + string(list.Basis) + "-" + string(list.ValidFrom), Text: page.T(l, key)},
		page.Text{Text: page.T(l, key+".teks")},
		page.Checklist{Items: tasks},
		page.Text{Text: valid + " " + page.T(l, "halaman.dasar", "sumber", list.Source)},
	}
}

func (s *Site) itemTask(l requirement.Lang, list *requirement.List, it *requirement.Item) page.Task {
	doc := s.Set.Document(it.OneOf[0])
	if own := s.Set.Document(it.Slot); own != nil {
		doc = own
	}
	task := page.Task{Title: doc.Title.In(l), Hint: it.Note.In(l), Source: it.Source}
	if len(it.OneOf) > 1 {
		if s.Set.Document(it.Slot) == nil {
			task.Title = page.T(l, "halaman.salah-satu-bukti")
		}
		for _, code := range it.OneOf {
			task.Alternatives = append(task.Alternatives, s.Set.Document(code).Title.In(l))
		}
	}
	if task.Hint == "" {
		task.Hint = doc.Help.In(l)
	}
	switch {
	case list.Basis == requirement.Practice || it.Need == requirement.Advised:
		task.Status, task.Kind = page.T(l, "halaman.butuh.advised"), "optional"
	case it.Need == requirement.Conditional:
		var when []string
		for _, w := range it.When {
			when = append(when, s.Set.Question(w).Condition.In(l))
		}
		task.Status, task.Kind = page.T(l, "halaman.butuh.conditional"), "warning"
		task.Details = []string{page.T(l, "halaman.bila", "syarat", strings.Join(when, page.T(l, "halaman.atau")))}
	default:
		task.Status, task.Kind = page.T(l, "halaman.butuh.required"), "todo"
	}
	if len(it.Channels) == 1 {
		task.Details = append(task.Details, page.T(l, "halaman.kanal."+string(it.Channels[0])))
	}
	return task
}

// inSentence starts a label small where the rule's sentence goes on with it.
func inSentence(k requirement.RuleKind, label string) string {
	if k == requirement.MustBe {
		return label
	}
	first, size := utf8.DecodeRuneInString(label)
	return string(unicode.ToLower(first)) + label[size:]
}
