package collective

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
)

// maxFiles is how many files one form without the script brings.
const maxFiles = 40

// bulk shows how files are named, and takes many at once.
func (s *Service) bulk(c *web.Call) error {
	w, err := s.crew(c)
	if err != nil {
		return err
	}
	if w.closed() {
		return errClosed
	}
	return c.Show(http.StatusOK, w.bulkPage(nil, nil), map[string]any{"jumlah": len(w.workers)})
}

func (w *crew) bulkPage(m web.Mistakes, results []result) *page.Page {
	p := w.inner(w.T("kolektif.berkas.judul"), page.Lead{Text: w.T("kolektif.berkas.pengantar")})
	p.Scripts = append(p.Scripts, "kolektif")
	p.Blocks = append(p.Blocks, w.outcome(results)...)
	names := page.List{Items: []string{w.T("kolektif.berkas.nama.baris"), w.T("kolektif.berkas.nama.nik"), w.T("kolektif.berkas.nama.jenis")}}
	form := &page.Form{Action: w.URL("/kolektif/berkas"), Upload: true, Script: "kolektif", Errors: m, Buttons: []page.Submit{{Text: w.T("kolektif.berkas.unggah")}},
		Attributes: map[string]string{"data-izin": w.URL("/kolektif/berkas/izin"), "data-selesai": w.T("kolektif.berkas.selesai"), "data-kirim": w.T("kolektif.berkas.kirim"), "data-gagal": w.T("kolektif.berkas.gagal")},
		Fields: []page.Field{{Kind: page.FileInput, Name: "berkas", Label: w.T("kolektif.berkas.label"), Hint: w.T("kolektif.berkas.petunjuk", "n", strconv.Itoa(maxFiles)),
			Accept: "image/jpeg,image/png,application/pdf", Attributes: map[string]string{"multiple": ""}}}}
	p.Blocks = append(p.Blocks, names, form, page.Details{Summary: w.T("kolektif.berkas.dokumen"), Blocks: []page.Block{w.kinds()}})
	return p
}

// kinds are the names of documents that the workers of this list need.
func (w *crew) kinds() page.Block {
	t := page.Table{Caption: w.T("kolektif.berkas.dokumen"), Head: []string{w.T("kolektif.berkas.kode"), w.T("kolektif.berkas.nama")}}
	seen := map[string]bool{}
	for _, x := range w.workers {
		if seen["sebab "+x.Reason] {
			continue
		}
		seen["sebab "+x.Reason] = true
		for _, it := range x.Checklist(w.set, w.agreedOn()) {
			for _, code := range it.OneOf {
				if !seen[code] {
					seen[code] = true
					t.Rows = append(t.Rows, []string{code, w.title(code)})
				}
			}
		}
	}
	return t
}

// A result is what became of one file of a bulk.
type result struct {
	Name    string `json:"nama"`
	Row     int    `json:"baris,omitempty"`
	Slot    string `json:"slot,omitempty"`
	Message string `json:"pesan,omitempty"` // what to do; "" for one that was taken
}

// outcome tells what was taken, and each file that was not with what to do.
func (w *crew) outcome(results []result) []page.Block {
	if len(results) == 0 {
		return nil
	}
	taken := 0
	t := page.Table{Caption: w.T("kolektif.berkas.tidak"), Head: []string{w.T("kolektif.berkas.file"), w.T("kolektif.daftar.perbaikan")}}
	for _, r := range results {
		if r.Message == "" {
			taken++
			continue
		}
		t.Rows = append(t.Rows, []string{r.Name, r.Message})
	}
	out := []page.Block{page.Notice{Kind: "info", Title: w.T("kolektif.berkas.diambil", "n", strconv.Itoa(taken), "semua", strconv.Itoa(len(results))), Text: w.T("kolektif.berkas.diambil.teks")}}
	if len(t.Rows) > 0 {
		out = append(out, t)
	}
	return out
}

// place finds where a file goes. The message says what to do where it cannot.
func (w *crew) place(m *company.Matcher, name string) (*one, *permit.Place, string, error) {
	match, miss := m.Match(name)
	if miss != "" {
		return nil, nil, w.T("kolektif.berkas.miss." + string(miss)), nil
	}
	i := slices.IndexFunc(w.workers, func(x company.Worker) bool { return x.Row == match.Row })
	o, err := w.pick(w.workers[i])
	if errors.Is(err, claim.ErrClosed) || errors.Is(err, errNoWorker) {
		return nil, nil, w.T("kolektif.berkas.tertutup"), nil
	}
	if err != nil {
		return nil, nil, "", err
	}
	return o, o.target(match.Slot, match.Kind), "", nil
}

func (w *crew) matcher() *company.Matcher {
	return company.NewMatcher(w.set, w.agreedOn(), w.workers)
}

// takeBulk takes several files with one form, where no script sends them. They
// pass through us, so they are few and small together; what is not taken, also
// of too many, is named with what to do, and the others are taken.
func (s *Service) takeBulk(c *web.Call) error {
	w, err := s.crew(c)
	if err != nil {
		return err
	}
	if w.closed() {
		return errClosed
	}
	files, beyond, err := c.Files("berkas", maxFiles)
	if err != nil {
		return err
	}
	var m web.Mistakes
	if len(files) == 0 {
		m.Add("berkas", c.T("kolektif.berkas.pilih"))
		return c.Show(http.StatusUnprocessableEntity, w.bulkPage(m, nil), m.Value())
	}
	var results []result
	names := w.matcher()
	for _, f := range files {
		r, err := w.takeFile(names, f)
		if err != nil {
			return err
		}
		results = append(results, r)
	}
	for _, name := range beyond {
		results = append(results, result{Name: name, Message: c.T("kolektif.berkas.sisa")})
	}
	if len(beyond) > 0 {
		m.Add("berkas", c.T("kolektif.berkas.paling-banyak", "n", strconv.Itoa(maxFiles), "sisa", strconv.Itoa(len(beyond))))
	}
	status := http.StatusOK
	if slices.ContainsFunc(results, func(r result) bool { return r.Message != "" }) {
		status = http.StatusUnprocessableEntity
	}
	return c.Show(status, w.bulkPage(m, results), map[string]any{"berkas": results})
}

func (w *crew) takeFile(names *company.Matcher, f web.File) (result, error) {
	r := result{Name: f.Name}
	o, t, message, err := w.place(names, f.Name)
	if err != nil || message != "" {
		r.Message = message
		return r, err
	}
	sum := sha256.Sum256(f.Body)
	doc := claim.Document{Media: http.DetectContentType(f.Body), Size: int64(len(f.Body)), SHA256: hex.EncodeToString(sum[:])}
	if !slices.Contains(t.Media(), doc.Media) {
		r.Message = w.T("unggah.jenis-salah")
		return r, nil
	}
	doc, err = w.s.Files.Allow(w.Call, t, doc)
	if errors.Is(err, claim.ErrTooMany) {
		r.Message = w.T("kolektif.berkas.terlalu-banyak")
		return r, nil
	}
	if err != nil {
		return r, err
	}
	if err := w.s.Inbox.Put(w.Context(), claim.InboxKey(doc.Upload, doc.Slot), doc.Media, f.Body); err != nil {
		return r, fmt.Errorf("file of a worker: %w", err)
	}
	names.Take(company.Match{Row: o.worker.Row, Slot: t.Slot, Kind: t.Kind.Code})
	r.Row, r.Slot = o.worker.Row, t.Slot
	return r, nil
}

// permitBulk signs one PUT for the script: the file's name says where it goes.
func (s *Service) permitBulk(c *web.Call) error {
	in, err := c.Input("nama", "jenis", "ukuran", "sha256")
	if err != nil {
		return err
	}
	w, err := s.crew(c)
	if err != nil {
		return err
	}
	o, t, message, err := w.place(w.matcher(), in.Get("nama"))
	if err != nil {
		return err
	}
	var m web.Mistakes
	var doc claim.Document
	if message != "" {
		m.Add("nama", message)
	} else {
		doc, m = permit.Wanted(c, t, in)
	}
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, w.bulkPage(m, nil), m.Value())
	}
	return o.permit(t, doc, map[string]any{"baris": o.worker.Row, "slot": t.Slot})
}
