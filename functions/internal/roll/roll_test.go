package roll_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/roll"
	"lapakasik/site"
	"lapakasik/site/requirement"
)

func spec(tb testing.TB) roll.Spec {
	tb.Helper()
	s, err := site.Load(tb.Context(), os.DirFS("../../../content"), site.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return roll.Spec{Set: s.Set, Today: "2026-11-24", Phone: "+6281199990000", Email: "wakil@contoh.id"}
}

func worker(n int) company.Worker {
	w := company.Worker{Row: n + 2, Reason: "phk", From: "2015-01-02", To: "2026-09-30", Answers: requirement.Answers{
		"tanggal-lahir": "1990-01-01", "tanggal-phk": "2026-09-30", "kepesertaan-nonaktif": "ya", "saldo-di-atas-50-juta": "tidak", "pernah-klaim-sebagian": "tidak"}}
	p := &w.Person
	p.Name, p.Holder, p.BirthDate, p.Bank, p.Account = fmt.Sprintf("Budi Uji %s", strings.Repeat("A", n%5+1)), "Budi Uji", "1990-01-01", "Bank Uji", "0012345678"
	p.NIK, p.KPJ = fmt.Sprintf("997101010190%04d", n+1), []string{fmt.Sprintf("990%08d", n)}
	p.Phone, p.Email = fmt.Sprintf("+62812%07d", n), fmt.Sprintf("pekerja%d@contoh.id", n)
	return w
}

// What we write, as workbook and as CSV, we read back, whatever workers are in it.
func TestWrittenIsRead(t *testing.T) {
	s := spec(t)
	name := rapid.StringMatching(`[A-Z][a-z]{1,8}( [A-Z][a-z.'-]{1,8}){0,3}`)
	rapid.Check(t, func(t *rapid.T) {
		var workers []company.Worker
		for n := range rapid.IntRange(1, 20).Draw(t, "workers") {
			w := worker(n)
			w.Person.Name, w.Person.Holder = name.Draw(t, "name"), name.Draw(t, "holder")
			w.Person.Account = rapid.StringMatching(`0{0,3}[0-9]{5,15}`).Draw(t, "account")
			for k := range rapid.IntRange(0, 2).Draw(t, "cards") {
				w.Person.KPJ = append(w.Person.KPJ, fmt.Sprintf("98%d%08d", k, n))
			}
			workers = append(workers, w)
		}
		for form, write := range map[string]func() ([]byte, error){
			"csv":  func() ([]byte, error) { return roll.WriteCSV(s.Set, workers) },
			"xlsx": func() ([]byte, error) { return roll.WriteXLSX(s.Set, workers, [][]string{{"NIK", "16 angka"}}) }} {
			body, err := write()
			if err != nil {
				t.Fatal(err)
			}
			got, problems := roll.Read(body, s)
			if len(problems) > 0 || !reflect.DeepEqual(got, workers) {
				t.Fatalf("%s: read %+v with problems %+v; want %+v", form, got, problems, workers)
			}
		}
	})
}

// with returns the CSV of three good workers with one text replaced.
func with(t *testing.T, s roll.Spec, old, now string) []byte {
	t.Helper()
	b, err := roll.WriteCSV(s.Set, []company.Worker{worker(0), worker(1), worker(2)})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(old)) {
		t.Fatalf("the list does not hold %q", old)
	}
	return bytes.Replace(b, []byte(old), []byte(now), 1)
}

// Each mistake is named by row and cell, and with one of them nothing is read.
func TestProblems(t *testing.T) {
	s := spec(t)
	for _, tt := range []struct{ name, old, now, cell, code string }{
		{"fifteen digits", "9971010101900002", "997101010190002", "B3", "nik-salah"},
		{"a month that there is not", "9971010101900002", "9901013113600001", "B3", "nik-tanggal"},
		{"no serial", "9971010101900002", "9971010101900000", "B3", "nik-urut"},
		{"a name without end", "Budi Uji AA;", strings.Repeat("a", 101) + ";", "A3", "nama-panjang"},
		{"eleven cards", "99000000001", strings.Repeat("99000000001,", 10) + "99000000001", "C3", "kpj-banyak"},
		{"scientific notation", "9971010101900002", "9,97101E+15", "B3", "notasi-ilmiah"},
		{"formula", "9971010101900002", "=1+1", "B3", "rumus"},
		{"an error for a number", "9971010101900002", "#N/A", "B3", "sel-galat"},
		{"an error for a name", "Budi Uji AA;", "#REF!;", "A3", "sel-galat"},
		{"empty", "9971010101900002", "", "B3", "sel-kosong"},
		{"KPJ without its zero", "99000000001", "9900000001", "C3", "kpj-salah"},
		{"no date", "1990-01-01;'+628120000001", "1990-02-30;'+628120000001", "D3", "bukan-tanggal"},
		{"telephone", "+628120000001", "0721123456", "E3", "ponsel-salah"},
		{"mail", "pekerja1@contoh.id", "pekerja1", "F3", "surel-salah"},
		{"mail of another worker", "pekerja1@contoh.id", "pekerja0@contoh.id", "F3", "ganda"},
		{"mail of the representative", "pekerja1@contoh.id", "Wakil@contoh.id", "F3", "milik-wakil"},
		{"telephone of the representative", "+628120000001", "081199990000", "E3", "milik-wakil"},
		{"worker twice", "9971010101900002", "9971010101900001", "B3", "ganda"},
		{"reason", ";phk;2015-01-02", ";dipecat;2015-01-02", "J2", "sebab-asing"},
		{"left before beginning", "2015-01-02;2026-09-30", "2026-10-01;2026-09-30", "L2", "masa-kerja"},
		{"born later than begun", "2015-01-02;2026-09-30", "1989-12-31;2026-09-30", "K2", "kerja-sebelum-lahir"},
		{"begun on the day of birth", "2015-01-02;2026-09-30", "1990-01-01;2026-09-30", "K2", "kerja-sebelum-lahir"},
		{"born tomorrow", "1990-01-01;'+628120000001", "2026-11-25;'+628120000001", "D3", "lahir-nanti"},
		{"not left yet", "2015-01-02;2026-09-30", "2015-01-02;2026-11-25", "L2", "kerja-nanti"},
		{"too early", "2026-09-30;ya", "2026-11-20;ya", "M2", "belum-berhak"},
		{"yes or no", ";ya;", ";mungkin;", "N2", "bukan-ya-tidak"},
		{"unknown column", "Surel;", "Email;", "F1", "kolom-asing"},
		{"no such column", "Surel;", "", "", "kolom-kurang"},
		{"column twice", "Surel;", "Bank;", "G1", "kolom-ganda"},
		{"quote", "pekerja1@contoh.id", `pekerja1"@contoh.id`, "", "tanda-kutip"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, problems := roll.Read(with(t, s, tt.old, tt.now), s)
			if len(problems) == 0 || got != nil {
				t.Fatalf("read %d workers with %v", len(got), problems)
			}
			for _, p := range problems {
				if p.Code == tt.code && p.Cell == tt.cell {
					return
				}
			}
			t.Errorf("problems %+v; want %s in %q", problems, tt.code, tt.cell)
		})
	}
}

// What people's spreadsheets do to a list that is good all the same.
func TestForgiven(t *testing.T) {
	s := spec(t)
	good, err := roll.WriteCSV(s.Set, []company.Worker{worker(0), worker(1), worker(2)})
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{
		"commas":          bytes.ReplaceAll(bytes.ReplaceAll(good, []byte(", "), []byte("/")), []byte(";"), []byte(",")),
		"tabs":            bytes.ReplaceAll(good, []byte(";"), []byte("\t")),
		"no mark":         bytes.TrimPrefix(good, []byte("\xef\xbb\xbf")),
		"named mark":      append([]byte("sep=;\r\n"), bytes.TrimPrefix(good, []byte("\xef\xbb\xbf"))...),
		"unix lines":      bytes.ReplaceAll(good, []byte("\r\n"), []byte("\n")),
		"empty lines":     append(good, []byte(";;;;\r\n\r\n;;\r\n")...),
		"day first":       bytes.ReplaceAll(good, []byte("1990-01-01"), []byte("1/1/1990")),
		"title":           bytes.ReplaceAll(good, []byte(";phk;"), []byte(";Pemutusan hubungan kerja (PHK);")),
		"capitals":        bytes.ReplaceAll(good, []byte("Nomor rekening"), []byte("NOMOR REKENING")),
		"left today":      bytes.ReplaceAll(good, []byte("2015-01-02;2026-09-30"), []byte("2015-01-02;2026-11-24")),
		"spaces in a NIK": bytes.ReplaceAll(good, []byte("9971010101900001"), []byte("9971 0101 0190 0001")),
	} {
		got, problems := roll.Read(body, s)
		if len(problems) > 0 || len(got) != 3 {
			t.Errorf("%s: %d workers, %+v", name, len(got), problems)
		}
	}
}

// cells writes a workbook whose first worker's cells are changed.
func cells(t *testing.T, s roll.Spec, set func(f *excelize.File) error) []byte {
	t.Helper()
	b, err := roll.WriteXLSX(s.Set, []company.Worker{worker(0)}, nil)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	if err := set(f); err != nil {
		t.Fatal(err)
	}
	out, err := f.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// Numbers that a workbook keeps as numbers are taken where nothing is lost.
func TestNumbers(t *testing.T) {
	s := spec(t)
	const sheet = "Daftar pekerja"
	for _, tt := range []struct {
		cell string
		set  any
		code string // "" where it is taken
	}{
		{"B2", 9971010101900001, "angka"},
		{"C2", 99000000001, ""},
		{"C2", 9000000001, "angka"},
		{"D2", 32874, ""}, // 1 January 1990
		{"D2", 12, "bukan-tanggal"},
		{"E2", 81234567890, ""},
		{"E2", 71234567890, "angka"},
		{"H2", 12345678, "angka"},
		{"H2", 1.2345e19, "angka"},
	} {
		body := cells(t, s, func(f *excelize.File) error { return f.SetCellValue(sheet, tt.cell, tt.set) })
		got, problems := roll.Read(body, s)
		code := ""
		for _, p := range problems {
			if p.Cell == tt.cell {
				code = p.Code
			}
		}
		if code != tt.code && !(tt.code == "angka" && code == "notasi-ilmiah") || tt.code == "" && len(got) != 1 {
			t.Errorf("%s = %v: %+v; want %q", tt.cell, tt.set, problems, tt.code)
		}
	}
	body := cells(t, s, func(f *excelize.File) error { return f.SetCellFormula(sheet, "B2", "=A1") })
	if _, problems := roll.Read(body, s); len(problems) == 0 || problems[0].Code != "rumus" {
		t.Errorf("a formula: %+v", problems)
	}
}

// A cell in which a spreadsheet failed is named as such, also where a formula
// did it.
func TestErrorCell(t *testing.T) {
	s := spec(t)
	head := ""
	for _, c := range roll.Columns(s.Set) {
		head += `<c t="inlineStr"><is><t>` + c.Header + `</t></is></c>`
	}
	for _, cell := range []string{`<v>#N/A</v>`, `<f>A1</f><v>#BUSY!</v>`} {
		sheet := `<worksheet><sheetData><row>` + head + `</row><row><c t="e">` + cell + `</c></row></sheetData></worksheet>`
		_, problems := roll.Read(zipped(t, "xl/worksheets/sheet1.xml", []byte(sheet)), s)
		if want := (roll.Problem{Row: 2, Column: "Nama", Cell: "A2", Code: "sel-galat"}); len(problems) == 0 || problems[0] != want {
			t.Errorf("%s: %+v; want %+v", cell, problems, want)
		}
	}
}

// A workbook that counts its days from 1904 means the same days.
func TestDaysFrom1904(t *testing.T) {
	s := spec(t)
	yes := true
	for _, tt := range []struct {
		serial int
		want   requirement.Date
	}{{32874 - 1462, "1990-01-01"}, {10, "1904-01-11"}} {
		body := cells(t, s, func(f *excelize.File) error {
			if err := f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &yes}); err != nil {
				return err
			}
			return f.SetCellValue("Daftar pekerja", "D2", tt.serial)
		})
		if got, problems := roll.Read(body, s); len(got) != 1 || got[0].Person.BirthDate != tt.want {
			t.Errorf("day %d from 1904 = %+v with %+v; want %s", tt.serial, got, problems, tt.want)
		}
	}
}

// zipped is an archive with one part.
func zipped(t *testing.T, name string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A workbook whose rows or cells share a number is refused: of two workers
// with one number only one would be registered.
func TestNumberTwice(t *testing.T) {
	s := spec(t)
	for _, tt := range []struct {
		name, sheet, cell string
		row               int
	}{
		{"row twice", `<row r="1"><c t="str"><v>NIK</v></c></row><row r="2"/><row r="2"/>`, "", 2},
		{"row goes back", `<row r="1"/><row r="3"/><row r="2"/>`, "", 2},
		{"row without a number before", `<row/><row/><row r="2"/>`, "", 2},
		{"cell twice", `<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>`, "B1", 1},
	} {
		_, problems := roll.Read(zipped(t, "xl/worksheets/sheet1.xml", []byte(`<worksheet><sheetData>`+tt.sheet+`</sheetData></worksheet>`)), s)
		if want := (roll.Problem{Row: tt.row, Cell: tt.cell, Code: "tidak-urut"}); len(problems) != 1 || problems[0] != want {
			t.Errorf("%s: %+v; want %+v", tt.name, problems, want)
		}
	}
}

// What is no list, or would unpack to more than anybody sends.
func TestNoList(t *testing.T) {
	s := spec(t)
	sheet := func(part string, times int) []byte {
		body := append([]byte(`<worksheet><sheetData>`), bytes.Repeat([]byte(part), times)...)
		return zipped(t, "xl/worksheets/sheet1.xml", append(body, `</sheetData></worksheet>`...))
	}
	for name, tt := range map[string]struct {
		body []byte
		code string
	}{
		"nothing":      {nil, "kosong"},
		"an old book":  {[]byte("\xd0\xcf\x11\xe0rest"), "xls"},
		"UTF-16":       {[]byte("\xff\xfeN\x00"), "bukan-utf8"},
		"Latin-1":      {[]byte("Nama;NIK\nJos\xe9;1\n"), "bukan-utf8"},
		"a picture":    {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "bukan-daftar"},
		"a PDF":        {[]byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), "bukan-daftar"},
		"a plain PDF":  {[]byte("%PDF-1.4\n1 0 obj\n<</Type /Catalog>>\n"), "bukan-daftar"},
		"a web page":   {[]byte("<html><table><tr><td>Nama</td></tr></table></html>"), "bukan-daftar"},
		"a letter":     {[]byte("Kepada Yth. Kepala Cabang\nDengan hormat,\n"), "bukan-daftar"},
		"too large":    {bytes.Repeat([]byte("a"), roll.MaxSize+1), "terlalu-besar"},
		"cut off":      {[]byte("PK\x03\x04rest"), "rusak"},
		"another zip":  {zipped(t, "surat.txt", []byte("halo")), "bukan-daftar"},
		"many bytes":   {sheet(strings.Repeat(" ", 1<<20), 100), "rusak"},
		"many rows":    {sheet(`<row/>`, 2<<20), "rusak"},
		"all rows":     {sheet(`<row/>`, 1<<20), "kosong"},
		"many columns": {[]byte(strings.Repeat("a;", 100)), "bukan-daftar"},
		"header only":  {must(roll.WriteCSV(s.Set, nil)), "tanpa-pekerja"},
	} {
		if _, problems := roll.Read(tt.body, s); len(problems) != 1 || problems[0].Code != tt.code {
			t.Errorf("%s: %+v; want %s", name, problems, tt.code)
		}
	}
	small := s
	set := *s.Set
	set.Company.MaxWorkers = 2
	small.Set = &set
	if _, problems := roll.Read(with(t, s, "a", "a"), small); len(problems) != 1 || problems[0].Code != "terlalu-banyak" {
		t.Errorf("three workers of two: %+v", problems)
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// A file that we write holds nothing that a spreadsheet computes.
func TestNoFormulaIsWritten(t *testing.T) {
	b := must(roll.Lines([][]string{{"=1+1", "+62", "-1", "@x", "\tx", "biasa"}}))
	for _, f := range strings.Split(strings.TrimPrefix(strings.TrimSpace(string(b)), "\xef\xbb\xbf"), ";") {
		if f = strings.Trim(f, `"`); f != "biasa" && !strings.HasPrefix(f, "'") {
			t.Errorf("cell %q", f)
		}
	}
}

func Test5000Rows(t *testing.T) {
	s := spec(t)
	var workers []company.Worker
	for n := range 5000 {
		workers = append(workers, worker(n))
	}
	for name, b := range map[string][]byte{"csv": must(roll.WriteCSV(s.Set, workers)), "xlsx": must(roll.WriteXLSX(s.Set, workers, nil))} {
		if len(b) > roll.MaxSize {
			t.Errorf("%s of 5,000 workers has %d bytes; want at most %d", name, len(b), roll.MaxSize)
		}
		if got, problems := roll.Read(b, s); len(got) != 5000 || len(problems) > 0 {
			t.Errorf("%s: %d workers, %d problems", name, len(got), len(problems))
		}
		t.Logf("%s: %d bytes", name, len(b))
	}
}

// Whatever is sent: no panic, and workers only without problems.
func FuzzRead(f *testing.F) {
	s := spec(f)
	f.Add(must(roll.WriteCSV(s.Set, []company.Worker{worker(0)})))
	f.Add(must(roll.WriteXLSX(s.Set, []company.Worker{worker(0)}, nil)))
	f.Add([]byte("sep=;\nNama;NIK\n\"a;b"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, problems := roll.Read(body, s)
		if (len(got) > 0) == (len(problems) > 0) {
			t.Errorf("%d workers and %d problems", len(got), len(problems))
		}
		for _, w := range got {
			if w.Person.NIK == "" || w.Person.Email == "" || w.Reason == "" {
				t.Errorf("worker %+v", w)
			}
		}
	})
}
