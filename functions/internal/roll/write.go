package roll

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"lapakasik/functions/internal/company"
	"lapakasik/site/requirement"
)

// WriteCSV writes a list as an Indonesian Excel reads it: UTF-8 with a mark,
// semicolons, and nothing that it would take for a formula. Without workers it
// is the template.
func WriteCSV(set *requirement.Set, workers []company.Worker) ([]byte, error) {
	lines := [][]string{headers(set)}
	for _, w := range workers {
		lines = append(lines, values(set, w))
	}
	return Lines(lines)
}

// Lines writes rows of text as WriteCSV does.
func Lines(lines [][]string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("\xef\xbb\xbf")
	w := csv.NewWriter(&b)
	w.Comma, w.UseCRLF = ';', true
	for _, line := range lines {
		safe := make([]string, len(line))
		for i, v := range line {
			safe[i] = plain(v)
		}
		if err := w.Write(safe); err != nil {
			return nil, fmt.Errorf("write list: %w", err)
		}
	}
	w.Flush()
	return b.Bytes(), w.Error()
}

// plain keeps a spreadsheet from reading a cell as a formula (OWASP, CSV injection).
func plain(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func headers(set *requirement.Set) []string {
	var out []string
	for _, c := range Columns(set) {
		out = append(out, c.Header)
	}
	return out
}

// values are a worker's cells in the order of Columns.
func values(set *requirement.Set, w company.Worker) []string {
	p := w.Person
	out := []string{p.Name, p.NIK, strings.Join(p.KPJ, ", "), string(p.BirthDate), p.Phone, p.Email, p.Bank, p.Account, p.Holder,
		w.Reason, string(w.From), string(w.To)}
	for _, c := range Columns(set)[len(columns):] {
		out = append(out, w.Answers[c.question])
	}
	return out
}

// sheetName and helpName are the sheets of a workbook.
const (
	sheetName = "Daftar pekerja"
	helpName  = "Petunjuk"
)

// WriteXLSX writes a list as a workbook in which every cell is kept as text, so
// that no digit is lost, with a sheet of help. Without workers it is the template.
func WriteXLSX(set *requirement.Set, workers []company.Worker, help [][]string) ([]byte, error) {
	f := excelize.NewFile()
	defer f.Close()
	if err := f.SetSheetName("Sheet1", sheetName); err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49}) // "@"
	if err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	sw, err := f.NewStreamWriter(sheetName)
	if err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	head := headers(set)
	if err := sw.SetColStyle(1, len(head), text); err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	if err := sw.SetColWidth(1, len(head), 24); err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	lines := [][]string{head}
	for _, w := range workers {
		lines = append(lines, values(set, w))
	}
	if err := fill(sw, lines, text); err != nil {
		return nil, err
	}
	return finish(f, help, text)
}

func fill(sw *excelize.StreamWriter, lines [][]string, style int) error {
	for i, line := range lines {
		row := make([]any, len(line))
		for j, v := range line {
			row[j] = excelize.Cell{StyleID: style, Value: v}
		}
		if err := sw.SetRow(address(0, i+1), row); err != nil {
			return fmt.Errorf("write list: %w", err)
		}
	}
	if err := sw.Flush(); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	return nil
}

func finish(f *excelize.File, help [][]string, style int) ([]byte, error) {
	if len(help) > 0 {
		if _, err := f.NewSheet(helpName); err != nil {
			return nil, fmt.Errorf("write help: %w", err)
		}
		sw, err := f.NewStreamWriter(helpName)
		if err != nil {
			return nil, fmt.Errorf("write help: %w", err)
		}
		if err := sw.SetColWidth(1, 2, 50); err != nil {
			return nil, fmt.Errorf("write help: %w", err)
		}
		if err := fill(sw, help, style); err != nil {
			return nil, err
		}
	}
	b, err := f.WriteToBuffer()
	if err != nil {
		return nil, fmt.Errorf("write list: %w", err)
	}
	return b.Bytes(), nil
}
