package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"unicode/utf8"
)

// A File is one file of a form.
type File struct {
	Name string // as the browser says; a stranger's word
	Body []byte
}

// Files reads the files of one field of a multipart form, at most most of
// them, and no other field. Route.Body bounds them all together. It fails with
// Bad for what no form of ours sends.
func (c *Call) Files(field string, most int) ([]File, error) {
	if media, _, err := mime.ParseMediaType(c.R.Header.Get("Content-Type")); err != nil || media != "multipart/form-data" {
		return nil, Bad{Code: "jenis-isi"}
	}
	parts, err := c.R.MultipartReader()
	if err != nil {
		return nil, Bad{Code: "isian-rusak", Detail: printable(field)}
	}
	var out []File
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fileError(err, field)
		}
		if p.FormName() != field || len(out) == most {
			return nil, Bad{Code: "isian-asing", Detail: printable(p.FormName())}
		}
		body, err := io.ReadAll(p)
		if err != nil {
			return nil, fileError(err, field)
		}
		name := p.FileName()
		if !utf8.ValidString(name) {
			return nil, Bad{Code: "isian-rusak", Detail: printable(field)}
		}
		if name != "" || len(body) > 0 { // a field in which nothing was chosen has neither
			out = append(out, File{name, body})
		}
	}
}

func fileError(err error, field string) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return Bad{Code: "terlalu-besar"}
	}
	return Bad{Code: "isian-rusak", Detail: printable(field)}
}
