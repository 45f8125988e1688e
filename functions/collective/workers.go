package collective

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// perPage is how many workers one page shows.
const perPage = 50

// A crew is the opened request's list with what became of its rows.
type crew struct {
	*desk
	workers []company.Worker
	entries map[int]company.Line
}

// crew opens the list. errNotAgreed before the branch has agreed.
func (s *Service) crew(c *web.Call) (*crew, error) {
	d, err := s.desk(c)
	if err != nil {
		return nil, err
	}
	if d.req.Status != company.Agreed && d.req.Status != company.Done {
		return nil, errNotAgreed
	}
	workers, err := s.Store.Workers(c.Context(), d.req)
	if err != nil {
		return nil, err
	}
	entries, err := s.Store.Lines(c.Context(), d.req.ID)
	if err != nil {
		return nil, err
	}
	w := &crew{d, workers, map[int]company.Line{}}
	for _, e := range entries {
		w.entries[e.Row] = e
	}
	return w, nil
}

// standings are what the representative may learn of some workers.
func (w *crew) standings(some []company.Worker) ([]company.Standing, error) {
	out := make([]company.Standing, len(some))
	g, ctx := errgroup.WithContext(w.Context())
	g.SetLimit(8)
	for i, x := range some {
		g.Go(func() error {
			e := w.entries[x.Row]
			var docs []claim.Document
			if e.Owner != "" && !e.Sent {
				var err error
				if docs, err = w.s.Store.FilesOf(ctx, e.Owner); err != nil {
					return err
				}
			}
			out[i] = company.StandingOf(w.set, x, w.agreedOn(), docs, e.Sent)
			return nil
		})
	}
	return out, g.Wait()
}

// workers lists the workers, some at a time.
func (s *Service) workers(c *web.Call) error {
	w, err := s.crew(c)
	if err != nil {
		return err
	}
	from, _ := strconv.Atoi(c.R.URL.Query().Get("mulai"))
	from = min(max(from, 0), len(w.workers))
	some := w.workers[from:min(len(w.workers), from+perPage)]
	list, err := w.standings(some)
	if err != nil {
		return fmt.Errorf("workers: %w", err)
	}
	var out page.Checklist
	values := []map[string]any{}
	for _, x := range list {
		t := w.task(x)
		out.Items = append(out.Items, t)
		values = append(values, w.value(x))
	}
	p := w.inner(w.T("kolektif.pekerja.judul"), page.Lead{Text: w.T("kolektif.pekerja.pengantar")}, page.Text{Text: w.T("kolektif.hak-pekerja")}, out, w.pager(from))
	return c.Show(http.StatusOK, p, map[string]any{"jumlah": len(w.workers), "mulai": from, "pekerja": values})
}

func (w *crew) pager(from int) page.Block {
	var out page.Links
	link := func(n int, key string) {
		out.Items = append(out.Items, page.LinkItem{Link: page.Link{URL: w.URL("/kolektif/pekerja") + "?mulai=" + strconv.Itoa(n), Text: w.T(key)}})
	}
	if from > 0 {
		link(max(0, from-perPage), "kolektif.pekerja.sebelum")
	}
	if from+perPage < len(w.workers) {
		link(from+perPage, "kolektif.pekerja.berikut")
	}
	return out
}

func standingName(x company.Standing) string {
	switch {
	case x.Sent:
		return "terkirim"
	case len(x.Missing) > 0:
		return "kurang"
	}
	return "menunggu"
}

func (w *crew) task(x company.Standing) page.Task {
	name := standingName(x)
	t := page.Task{Title: x.Name, Hint: w.T("kolektif.baris", "n", strconv.Itoa(x.Row)), Status: w.T("kolektif.pekerja." + name),
		Kind: map[string]string{"terkirim": "done", "kurang": "todo", "menunggu": "busy"}[name]}
	if !x.Sent && w.entries[x.Row].Owner != "" {
		t.Link = &page.Link{URL: w.URL("/kolektif/pekerja/" + strconv.Itoa(x.Row)), Text: x.Name}
	}
	for _, slot := range x.Missing {
		t.Details = append(t.Details, w.title(slot))
	}
	return t
}

// value is the JSON form of a standing: the same, and no more.
func (w *crew) value(x company.Standing) map[string]any {
	missing := x.Missing
	if missing == nil {
		missing = []string{}
	}
	return map[string]any{"baris": x.Row, "nama": x.Name, "keadaan": standingName(x), "kurang": missing}
}

func (d *desk) title(slot string) string { return d.document(slot).Title.In(d.Lang) }

// A one is one worker whose files may still be sent.
type one struct {
	*crew
	worker company.Worker
	entry  company.Line
	list   requirement.Checklist
	docs   []claim.Document
}

var errNoWorker = errors.New("collective: no such worker")

// one opens a worker by the row. errClosed once the claim was sent: what
// was sent is the worker's and the branch's.
func (s *Service) one(c *web.Call) (*one, error) {
	w, err := s.crew(c)
	if err != nil {
		return nil, err
	}
	row, err := strconv.Atoi(c.R.PathValue("baris"))
	i := slices.IndexFunc(w.workers, func(x company.Worker) bool { return x.Row == row })
	if err != nil || i < 0 {
		return nil, errNoWorker
	}
	return w.pick(w.workers[i])
}

func (w *crew) pick(x company.Worker) (*one, error) {
	e := w.entries[x.Row]
	if e.Owner == "" {
		return nil, errNoWorker // the import has not come to it yet
	}
	if e.Sent || w.closed() {
		return nil, errClosed
	}
	docs, err := w.s.Store.FilesOf(w.Context(), e.Owner)
	if err != nil {
		return nil, err
	}
	return &one{w, x, e, x.Checklist(w.set, w.agreedOn()), docs}, nil
}

// closed: the time in which files are taken is over for everybody alike, so
// that nothing can be told of one from when it ended.
func (d *desk) closed() bool {
	return !d.Now().Before(d.req.Agreed.AddDate(0, 0, d.set.Company.ConsentDays))
}

// worker shows the slots of one worker.
func (s *Service) worker(c *web.Call) error {
	o, err := s.one(c)
	if errors.Is(err, errNoWorker) {
		return c.Redirect("/kolektif/pekerja")
	}
	if err != nil {
		return err
	}
	var out page.Checklist
	files := []map[string]any{}
	for _, it := range o.list {
		t := page.Task{Title: o.title(it.Slot), Hint: it.Note.In(c.Lang), Kind: "todo", Status: c.T("unggah.status.belum"),
			Link: &page.Link{URL: o.at(it.Slot), Text: o.title(it.Slot)}}
		if it.Need != requirement.Required {
			t.Kind, t.Status = "optional", c.T("unggah.status.tambahan")
		}
		status := "belum"
		switch newest := newest(o.docs, it.Slot); {
		case passed(o.docs, it.Slot):
			t.Kind, t.Status, status = "done", c.T("unggah.status.diterima"), "diterima"
		case newest != nil && newest.State == claim.DocWaiting && c.R.URL.Query().Get("tunggu") == it.Slot:
			t.Kind, t.Status, status = "busy", c.T("unggah.status.diperiksa"), "menunggu"
		case refused(o.docs, it.Slot) != nil:
			t.Kind, t.Status, t.Details, status = "error", c.T("unggah.status.ditolak"), words(c, refused(o.docs, it.Slot).Findings), "ditolak"
		}
		out.Items = append(out.Items, t)
		files = append(files, file(it.Slot, status, newest(o.docs, it.Slot)))
	}
	p := o.inner(o.worker.Person.Name, page.Lead{Text: c.T("kolektif.satu.pengantar")}, out, page.Text{Text: c.T("kolektif.hak-pekerja")})
	p.Back = &page.Link{URL: c.URL("/kolektif/pekerja"), Text: c.T("kolektif.ke-pekerja")}
	again(c, p, o.path(), out)
	return c.Show(http.StatusOK, p, map[string]any{"baris": o.worker.Row, "berkas": files})
}

func passed(docs []claim.Document, slot string) bool {
	return slices.ContainsFunc(docs, func(d claim.Document) bool { return d.Slot == slot && d.State == claim.DocPassed })
}

func (o *one) path() string          { return "/kolektif/pekerja/" + strconv.Itoa(o.worker.Row) }
func (o *one) at(slot string) string { return o.URL(o.path() + "/" + slot) }
func (o *one) target(slot, kind string) *permit.Place {
	return &permit.Place{Owner: o.entry.Owner, Slot: slot, Kind: o.document(kind), Have: o.docs, Page: o.path() + "/" + slot, List: o.path()}
}

// slotOf is the place of one file of one worker.
func (s *Service) slotOf(c *web.Call) (*one, *requirement.Item, error) {
	o, err := s.one(c)
	if err != nil {
		return nil, nil, err
	}
	it := o.list.Item(c.R.PathValue("slot"))
	if it == nil || len(it.OneOf) == 0 {
		return o, nil, errNoWorker
	}
	return o, it, nil
}

// slot asks which paper it is, where several are accepted, and takes the file.
func (s *Service) slot(c *web.Call) error {
	o, it, err := s.slotOf(c)
	if errors.Is(err, errNoWorker) {
		return c.Redirect("/kolektif/pekerja")
	}
	if err != nil {
		return err
	}
	kind := c.R.URL.Query().Get("jenis")
	if len(it.OneOf) == 1 {
		kind = it.OneOf[0]
	}
	if slices.Contains(it.OneOf, kind) {
		return o.filePage(o.target(it.Slot, kind))
	}
	field := page.Field{Kind: page.Radios, Name: "jenis", Label: c.T("unggah.pilih.label")}
	for _, code := range it.OneOf {
		x := o.document(code)
		field.Options = append(field.Options, page.Option{Value: code, Label: x.Title.In(c.Lang), Hint: x.Help.In(c.Lang)})
	}
	p := o.inner(o.title(it.Slot), page.Lead{Text: c.T("unggah.pilih.pengantar")},
		&page.Form{Action: o.at(it.Slot), Get: true, Fields: []page.Field{field}, Buttons: []page.Submit{{Text: c.T("unggah.lanjut")}}})
	return c.Show(http.StatusOK, p, map[string]any{"slot": it.Slot, "jenis": it.OneOf})
}

func (s *Service) slotSent(c *web.Call) error {
	o, it, err := s.slotOf(c)
	if err != nil {
		return c.Redirect("/kolektif/pekerja")
	}
	return c.Redirect(o.path() + "?tunggu=" + it.Slot)
}

func (s *Service) permitSlot(c *web.Call) error {
	in, err := c.Input("dokumen", "jenis", "ukuran", "sha256")
	if err != nil {
		return err
	}
	o, it, err := s.slotOf(c)
	if errors.Is(err, errNoWorker) {
		return web.Bad{Code: "isian-asing", Detail: "slot"}
	}
	if err != nil {
		return err
	}
	kind := in.Get("dokumen")
	t := o.target(it.Slot, kind)
	doc, m := permit.Wanted(c, t, in)
	if !slices.Contains(it.OneOf, kind) {
		m.Add("dokumen", c.T("unggah.pilih.label"))
	}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, o.inner(o.title(it.Slot)), m.Value())
	}
	return o.permit(t, doc, nil)
}
