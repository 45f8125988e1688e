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

// maxBeyond is how many files beyond the limit of a form are still named.
const maxBeyond = 1000

// Files reads the first files of one field of a multipart form, at most most
// of them, and no other field; beyond names those that came after. Route.Body
// bounds them all together. It fails with Bad for what no form of ours sends.
func (c *Call) Files(field string, most int) (files []File, beyond []string, err error) {
	if media, _, err := mime.ParseMediaType(c.R.Header.Get("Content-Type")); err != nil || media != "multipart/form-data" {
		return nil, nil, Bad{Code: "jenis-isi"}
	}
	parts, err := c.R.MultipartReader()
	if err != nil {
		return nil, nil, Bad{Code: "isian-rusak", Detail: printable(field)}
	}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return files, beyond, nil
		}
		if err != nil {
			return nil, nil, fileError(err, field)
		}
		if p.FormName() != field || len(beyond) == maxBeyond {
			return nil, nil, Bad{Code: "isian-asing", Detail: printable(p.FormName())}
		}
		var body []byte
		if len(files) < most {
			body, err = io.ReadAll(p)
		}
		if err != nil {
			return nil, nil, fileError(err, field)
		}
		name := p.FileName()
		if !utf8.ValidString(name) {
			return nil, nil, Bad{Code: "isian-rusak", Detail: printable(field)}
		}
		switch {
		case len(files) == most:
			beyond = append(beyond, name)
		case name != "" || len(body) > 0: // a field in which nothing was chosen has neither
			files = append(files, File{name, body})
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
