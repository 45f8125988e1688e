package recap

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/web"
)

// Export files by their form.
var forms = map[string]struct {
	media, name string
	write       func(*report, string) ([]byte, error)
}{
	"csv":  {"text/csv; charset=utf-8", "rekap-antrean.csv", (*report).csv},
	"xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "rekap-antrean.xlsx", (*report).xlsx},
}

// maxReason bounds the reason of an export, in letters.
const maxReason = 200

// export gives the recap as a file. It asks why, and the file says who took it
// and when (TRUST R63).
func (s *Service) export(c *guard.Call) error {
	in, err := c.Input("kantor", "dari", "sampai", "alasan", "bentuk")
	if err != nil {
		return err
	}
	r, m, err := s.choose(c, in)
	if err != nil {
		return err
	}
	form, ok := forms[in.Get("bentuk")]
	if !ok || len(m) > 0 {
		return web.Bad{Code: "isian-rusak", Detail: "bentuk"}
	}
	if err := r.count(c.Context(), s.Store); err != nil {
		return err
	}
	reason := strings.TrimSpace(in.Get("alasan"))
	if n := utf8.RuneCountInString(reason); n < 5 || n > maxReason {
		m.Add("alasan", c.T("rekap.alasan.salah"))
		return c.Show(http.StatusUnprocessableEntity, r.page(in, nil, m), m.Value())
	}
	mark := c.T("rekap.tanda", "orang", c.Person.Name, "waktu", c.Now().UTC().Format("2006-01-02 15:04 UTC"), "alasan", reason)
	b, err := form.write(r, mark)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	// Whose, not who: the name stays out of the log.
	s.Log.LogAttrs(c.Context(), slog.LevelInfo, "export", slog.String("staff", c.Person.ID), slog.String("request_id", c.ID))
	return c.File(form.media, form.name, b)
}

// raw are the numbers, one line for each branch and status.
func (r *report) raw() [][]any {
	out := [][]any{{"kantor", "dari", "sampai", "status", "online", "onsite", "kolektif", "jumlah"}}
	for _, b := range r.branches {
		day, ok := r.sums[b.Code]
		if !ok {
			continue
		}
		for _, s := range statuses {
			row, total := []any{b.Code, string(r.from), string(r.to), s.word}, 0
			for _, ch := range channels {
				n := day[string(ch)+"#"+string(s.status)]
				row, total = append(row, n), total+n
			}
			out = append(out, append(row, total))
		}
	}
	return out
}

func (r *report) csv(mark string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range append(r.raw(), []any{harmless(mark)}) {
		text := make([]string, len(row))
		for i, v := range row {
			text[i] = fmt.Sprint(v)
		}
		if err := w.Write(text); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

func (r *report) xlsx(mark string) (_ []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	const sheet = "Rekap"
	err = f.SetSheetName("Sheet1", sheet)
	for i, row := range append(r.raw(), nil, []any{harmless(mark)}) {
		err = errors.Join(err, f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row))
	}
	var b bytes.Buffer
	err = errors.Join(err, f.Write(&b))
	return b.Bytes(), err
}

// harmless keeps a cell from being taken for a formula.
func harmless(s string) string {
	if strings.ContainsAny(s[:min(1, len(s))], "=+-@\t\r") {
		return "'" + s
	}
	return s
}
