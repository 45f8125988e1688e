package results

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"lapakasik/functions/internal/tally"
	"lapakasik/functions/internal/web"
)

// names are the numbers as people read them in CSV and JSON.
var names = map[string]string{
	tally.Decided: "diputuskan", tally.CountApproved: "disetujui", tally.CountRefused: "ditolak",
	tally.CountComplete: "lengkap", tally.CountIncomplete: "tidak-lengkap", tally.CountPostponed: "ditunda", tally.CountPending: "belum",
	tally.WaitWeek: "tunggu-sampai-7-hari", tally.WaitOver: "tunggu-lebih-7-hari",
	"wait1": "tunggu-0-1-hari", "wait3": "tunggu-1-3-hari", "wait7": "tunggu-3-7-hari",
	"wait14": "tunggu-7-14-hari", "wait30": "tunggu-14-30-hari", "waitlong": "tunggu-lebih-30-hari",
}

func nameOf(cell string) string {
	if n, ok := names[cell]; ok {
		return n
	}
	return strings.NewReplacer("q.", "survei.", ".+", ".jawaban-baik", ".-", ".jawaban-lain").Replace(cell)
}

// A line is one cell in the JSON form. A hidden number is null.
type line struct {
	Month   tally.Month `json:"bulan"`
	Branch  string      `json:"cabang"`
	Channel string      `json:"kanal"`
	Name    string      `json:"nama"`
	N       *int        `json:"jumlah"`
}

func lines(cells []tally.Cell) []line {
	out := make([]line, len(cells))
	for i, c := range cells {
		out[i] = line{c.Month, c.Branch, c.Channel, nameOf(c.Name), nil}
		if !c.Hidden {
			out[i].N = &cells[i].N
		}
	}
	return out
}

// csvURL is the address of the CSV with the filter of the page.
func (v *view) csvURL() string {
	q := url.Values{}
	if v.branch != "" {
		q.Set("cabang", v.branch)
	}
	if len(v.months) == 1 {
		q.Set("bulan", string(v.months[0]))
	}
	address := v.URL("/kinerja/data.csv")
	if len(q) > 0 {
		address += "?" + q.Encode()
	}
	return address
}

// csv answers with every cell that the page is made of.
func (s *Service) csv(c *web.Call) error {
	v, mistakes, err := s.view(c)
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		return c.Show(http.StatusUnprocessableEntity, v.frame(mistakes), mistakes.Value())
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	rows := [][]string{{"bulan", "cabang", "kanal", "nama", "jumlah", "disembunyikan"}}
	for _, l := range append(lines(v.cells), lines(v.survey)...) {
		n, hidden := "", "ya"
		if l.N != nil {
			n, hidden = strconv.Itoa(*l.N), "tidak"
		}
		rows = append(rows, []string{plain(string(l.Month)), plain(l.Branch), plain(l.Channel), plain(l.Name), n, hidden})
	}
	if err := w.WriteAll(rows); err != nil {
		return fmt.Errorf("results as CSV: %w", err)
	}
	c.Public(keep)
	c.W.Header().Set("X-Robots-Tag", "noindex")
	return c.File("text/csv; charset=utf-8", "kinerja-lapak-asik.csv", b.Bytes())
}

// plain keeps a spreadsheet from reading a cell as a formula (OWASP, CSV injection).
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
