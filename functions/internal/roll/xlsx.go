package roll

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// errUnpack: the workbook unpacks to more than maxUnpack or maxTags, or is damaged.
var errUnpack = errors.New("roll: cannot unpack")

// A book is a workbook while it is read. The library that writes ours computes
// and copies far more than the few elements that hold cells, and would do it
// with what strangers send; here what a file may cost is bounded.
type book struct {
	files map[string]*zip.File
	left  budget
	late  bool // counts days from 1904
}

// A budget is what may still be unpacked, over all files. Tags are counted
// beside bytes, because a file of some kilobytes may hold tens of millions of
// empty elements, each of which costs as much as one with a cell.
type budget struct{ bytes, tags int64 }

// xlsxRows reads the first sheet of a workbook.
func xlsxRows(body []byte, limit int) ([]row, *Problem) {
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return nil, &Problem{Code: "rusak"}
	}
	b := &book{files: map[string]*zip.File{}, left: budget{maxUnpack, maxTags}}
	for _, f := range z.File {
		b.files[f.Name] = f
	}
	name := b.workbook()
	if b.files[name] == nil {
		return nil, &Problem{Code: "bukan-daftar"}
	}
	texts, err := b.sharedStrings()
	if err != nil {
		return nil, &Problem{Code: "rusak"}
	}
	return b.rows(name, texts, limit)
}

// open returns a part of the workbook, bounded.
func (b *book) open(name string) (*xml.Decoder, io.Closer, error) {
	f := b.files[name]
	if f == nil {
		return nil, nil, errUnpack
	}
	r, err := f.Open()
	if err != nil {
		return nil, nil, errUnpack
	}
	return xml.NewDecoder(&bounded{r, &b.left}), r, nil
}

// bounded fails once all parts together have given what they may.
type bounded struct {
	r    io.Reader
	left *budget
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left.bytes <= 0 || b.left.tags <= 0 {
		return 0, errUnpack
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left.bytes)])
	b.left.bytes -= int64(n)
	b.left.tags -= int64(bytes.Count(p[:n], []byte("<")))
	return n, err
}

// workbook reads how the workbook counts days, and returns the part that holds
// the first sheet by its own list.
func (b *book) workbook() string {
	var list struct {
		Pr struct {
			Late string `xml:"date1904,attr"`
		} `xml:"workbookPr"`
		Sheets []struct {
			ID string `xml:"http://schemas.openxmlformats.org/officeDocument/2006/relationships id,attr"`
		} `xml:"sheets>sheet"`
	}
	var rels struct {
		To []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	err := b.decode("xl/workbook.xml", &list)
	b.late = slices.Contains([]string{"1", "true", "on"}, list.Pr.Late)
	if err != nil || b.decode("xl/_rels/workbook.xml.rels", &rels) != nil || len(list.Sheets) == 0 {
		return "xl/worksheets/sheet1.xml"
	}
	for _, r := range rels.To {
		if r.ID == list.Sheets[0].ID {
			if strings.HasPrefix(r.Target, "/") {
				return strings.TrimPrefix(path.Clean(r.Target), "/")
			}
			return path.Join("xl", r.Target)
		}
	}
	return ""
}

func (b *book) decode(name string, into any) error {
	d, closer, err := b.open(name)
	if err != nil {
		return err
	}
	defer closer.Close()
	return d.Decode(into)
}

// sharedStrings are the texts that cells name by number; none is no fault.
func (b *book) sharedStrings() ([]string, error) {
	if b.files["xl/sharedStrings.xml"] == nil {
		return nil, nil
	}
	d, closer, err := b.open("xl/sharedStrings.xml")
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	var out []string
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, errUnpack
		}
		if start, ok := t.(xml.StartElement); ok && start.Name.Local == "si" {
			text, err := richText(d)
			if err != nil {
				return nil, err
			}
			out = append(out, text)
		}
	}
}

// richText is the text of an element's <t> without what is only a reading aid.
func richText(d *xml.Decoder) (string, error) {
	var s strings.Builder
	inText := false
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return "", errUnpack
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				if d.Skip() != nil {
					return "", errUnpack
				}
				continue
			}
			depth++
			inText = t.Name.Local == "t"
		case xml.EndElement:
			depth--
			inText = false
		case xml.CharData:
			if inText {
				s.Write(t)
			}
		}
	}
	return s.String(), nil
}

// rows reads the rows of a sheet that hold anything.
func (b *book) rows(name string, texts []string, limit int) ([]row, *Problem) {
	d, closer, err := b.open(name)
	if err != nil {
		return nil, &Problem{Code: "rusak"}
	}
	defer closer.Close()
	var out []row
	last := 0
	for len(out) < limit {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, &Problem{Code: "rusak"}
		}
		start, ok := t.(xml.StartElement)
		if !ok || start.Name.Local != "row" {
			continue
		}
		n := number(attr(start, "r"), last+1)
		if n <= last { // a row's number is what its worker is found by
			return nil, &Problem{Row: n, Code: wrongOrder}
		}
		last = n
		x, bad := b.row(d, start, n, texts)
		if bad != nil {
			return nil, bad
		}
		if x != nil {
			out = append(out, *x)
		}
	}
	return out, nil
}

// xmlCell is one <c>.
type xmlCell struct {
	Ref     string    `xml:"r,attr"`
	Type    string    `xml:"t,attr"`
	Value   string    `xml:"v"`
	Formula *struct{} `xml:"f"`
	Inline  *struct {
		Text string `xml:"t"`
		Runs []struct {
			Text string `xml:"t"`
		} `xml:"r"`
	} `xml:"is"`
}

func (b *book) row(d *xml.Decoder, start xml.StartElement, n int, texts []string) (*row, *Problem) {
	var in struct {
		Cells []xmlCell `xml:"c"`
	}
	if d.DecodeElement(&in, &start) != nil {
		return nil, &Problem{Code: "rusak"}
	}
	x, empty := &row{n: n}, true
	next := 0
	for _, c := range in.Cells {
		next = column(c.Ref, next)
		if next >= maxColumns {
			return nil, &Problem{Code: "rusak"}
		}
		if next < len(x.cells) { // it would take the place of another
			return nil, &Problem{Row: n, Cell: address(next, n), Code: wrongOrder}
		}
		for len(x.cells) <= next {
			x.cells = append(x.cells, cell{})
		}
		x.cells[next] = c.cell(texts)
		x.cells[next].late = b.late
		empty = empty && strings.TrimSpace(x.cells[next].text) == "" && !x.cells[next].formula
		next++
	}
	if empty {
		return nil, nil
	}
	return x, nil
}

func (c *xmlCell) cell(texts []string) cell {
	out := cell{text: c.Value, formula: c.Formula != nil}
	switch c.Type {
	case "s":
		out.text = ""
		if i := number(c.Value, -1); i >= 0 && i < len(texts) {
			out.text = texts[i]
		}
	case "inlineStr":
		out.text = ""
		if c.Inline != nil {
			out.text = c.Inline.Text
			for _, r := range c.Inline.Runs {
				out.text += r.Text
			}
		}
	case "", "n":
		out.number = c.Value != ""
	case "e":
		out.failed = true
	case "b":
		out.text = map[string]string{"1": "ya", "0": "tidak"}[c.Value]
	}
	return out
}

// column is the index in a reference like "C5"; next where there is none.
func column(ref string, next int) int {
	n := 0
	for _, r := range ref {
		if r < 'A' || r > 'Z' {
			break
		}
		if n = n*26 + int(r-'A') + 1; n > maxColumns {
			return maxColumns
		}
	}
	if n == 0 {
		return next
	}
	return n - 1
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func number(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return otherwise
	}
	return n
}
