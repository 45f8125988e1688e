package roll

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"
)

// csvRows reads CSV with commas, with semicolons as an Indonesian Excel writes
// it, or with tabs.
func csvRows(body []byte, limit int) ([]row, *Problem) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xfe")), bytes.HasPrefix(body, []byte("\xfe\xff")), !utf8.Valid(body):
		return nil, &Problem{Code: "bukan-utf8"}
	case bytes.ContainsRune(body, 0):
		return nil, &Problem{Code: "bukan-daftar"}
	}
	// Excel names its separator in a line of its own.
	if rest, ok := bytes.CutPrefix(body, []byte("sep=")); ok {
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			body = append([]byte("\n"), rest[i+1:]...)
		}
	}
	r := csv.NewReader(bytes.NewReader(body))
	r.FieldsPerRecord, r.Comma = -1, separator(body)
	var out []row
	for len(out) < limit {
		fields, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		var parse *csv.ParseError
		if errors.As(err, &parse) {
			return nil, &Problem{Row: parse.Line, Code: "tanda-kutip"}
		}
		if err != nil {
			return nil, &Problem{Code: "bukan-daftar"}
		}
		line, _ := r.FieldPos(0)
		if len(fields) > maxColumns {
			return nil, &Problem{Row: line, Code: "bukan-daftar"}
		}
		if x := textRow(line, fields); x != nil {
			out = append(out, *x)
		}
	}
	return out, nil
}

// separator is the one of which the first line with anything has most.
func separator(body []byte) rune {
	first, _, _ := bytes.Cut(bytes.TrimLeft(body, "\r\n"), []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := bytes.Count(first, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// textRow is a row of text cells, nil if all are empty. What begins like a
// formula is one; text that begins with a plus, as telephone numbers do, is not.
func textRow(n int, fields []string) *row {
	x := &row{n: n}
	empty := true
	for _, f := range fields {
		empty = empty && strings.TrimSpace(f) == ""
		x.cells = append(x.cells, cell{text: f, formula: strings.HasPrefix(strings.TrimSpace(f), "=")})
	}
	if empty {
		return nil
	}
	return x
}
