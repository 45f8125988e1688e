package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Input is what was sent: the values of each field as typed, trimmed.
type Input map[string][]string

// maxValue is the longest value of one field, in bytes.
const maxValue = 2000

// Input reads a form or, with Content-Type application/json, one object of
// strings and lists of strings with the same names. It fails with Bad for
// what no form of ours sends: other types, unknown names, broken encoding.
func (c *Call) Input(allowed ...string) (Input, error) {
	values, err := c.values()
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, name := range allowed {
		for _, suffix := range []string{"", "-hari", "-bulan", "-tahun"} {
			known[name+suffix] = true
		}
	}
	in := Input{}
	for name, list := range values {
		if !known[name] {
			return nil, Bad{Code: "isian-asing", Detail: printable(name)}
		}
		for _, v := range list {
			if len(v) > maxValue || !utf8.ValidString(v) || strings.ContainsRune(v, 0) {
				return nil, Bad{Code: "isian-rusak", Detail: printable(name)}
			}
			in[name] = append(in[name], strings.TrimSpace(v))
			if c.R.Method == http.MethodGet || c.R.Method == http.MethodHead {
				c.ask(name, v)
			}
		}
	}
	return in, nil
}

func (c *Call) values() (url.Values, error) {
	if c.R.Method == http.MethodGet || c.R.Method == http.MethodHead {
		return untracked(c.R.URL.Query()), nil
	}
	media, _, err := mime.ParseMediaType(c.R.Header.Get("Content-Type"))
	if err != nil && c.R.ContentLength != 0 {
		return nil, Bad{Code: "jenis-isi"}
	}
	switch media {
	case "application/json":
		return c.jsonValues()
	case "application/x-www-form-urlencoded", "":
		body, err := io.ReadAll(c.R.Body)
		if err != nil {
			return nil, readError(err)
		}
		v, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, Bad{Code: "isian-rusak"}
		}
		return v, nil
	}
	return nil, Bad{Code: "jenis-isi"}
}

// trackers are what other sites hang on a shared link to follow it.
var trackers = []string{"fbclid", "gclid", "igshid", "wbraid", "gbraid", "msclkid", "ttclid", "mc_cid", "mc_eid", "_ga"}

// untracked returns the values of an address without trackers and utm_…: they
// are nobody's mistake, and nothing of them is read, kept or passed on.
func untracked(values url.Values) url.Values {
	for name := range values {
		if strings.HasPrefix(name, "utm_") || slices.Contains(trackers, name) {
			delete(values, name)
		}
	}
	return values
}

func (c *Call) jsonValues() (url.Values, error) {
	var fields map[string]json.RawMessage
	d := json.NewDecoder(c.R.Body)
	if err := d.Decode(&fields); err != nil {
		return nil, readError(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, Bad{Code: "json"}
	}
	out := url.Values{}
	for name, raw := range fields {
		var one string
		var many []string
		if json.Unmarshal(raw, &one) == nil {
			many = []string{one}
		} else if json.Unmarshal(raw, &many) != nil {
			return nil, Bad{Code: "json", Detail: printable(name)}
		}
		out[name] = many
	}
	return out, nil
}

func readError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return Bad{Code: "terlalu-besar"}
	}
	return Bad{Code: "json"}
}

// printable keeps an unknown field's name short and harmless, for the page that names it.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return -1
	}, s)
	return s[:min(len(s), 40)]
}

// Get returns the first value of a field, "" if none was sent.
func (in Input) Get(name string) string {
	if len(in[name]) == 0 {
		return ""
	}
	return in[name][0]
}

// Date returns a date field: "2006-01-02" of a day that exists, or what was
// typed in a form that a page.DateInput shows again, and false.
func (in Input) Date(name string) (requirement.Date, bool) {
	typed := in.Get(name)
	if typed == "" {
		day, month, year := in.Get(name+"-hari"), in.Get(name+"-bulan"), in.Get(name+"-tahun")
		if day+month+year == "" {
			return "", false
		}
		typed = fmt.Sprintf("%s-%02s-%02s", year, month, day)
		if d, err := requirement.ParseDate(typed); err == nil {
			return d, true
		}
		return requirement.Date(year + "|" + month + "|" + day), false
	}
	d, err := requirement.ParseDate(typed)
	if err != nil {
		return requirement.Date(typed), false
	}
	return d, true
}

// Mistakes collects what a person can mend.
type Mistakes []page.Error

// Add notes a mistake in a field.
func (m *Mistakes) Add(field, message string) {
	*m = append(*m, page.Error{Field: field, Message: message})
}

// Value returns the mistakes as the JSON form's answer with status 422.
func (m Mistakes) Value() any {
	type field struct {
		Name    string `json:"nama"`
		Message string `json:"pesan"`
	}
	list := make([]field, len(m))
	for i, e := range m {
		list[i] = field{e.Field, e.Message}
	}
	return map[string]any{"galat": map[string]any{"kode": "isian", "isian": list}}
}
