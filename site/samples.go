package site

import (
	"fmt"
	"strconv"
	"strings"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
	"lapakasik/site/sample"
)

// rehearsalName is the file of the page that offers the samples.
var rehearsalName = strings.TrimPrefix(page.RehearsalBase, "/") + ".md"

// samplePath is the address of a sample; both languages share the files.
func samplePath(x sample.Sample) string { return page.RehearsalBase + "/contoh/" + x.Name }

// drawSamples adds the documents to practise with, by address.
func (s *Site) drawSamples() error {
	list, err := sample.All()
	if err != nil {
		return fmt.Errorf("samples: %w", err)
	}
	s.samples = map[string]sample.Sample{}
	for _, x := range list {
		s.samples[samplePath(x)] = x
	}
	return nil
}

// sampleList offers the samples, each with the very words that the inspection
// has for it.
func (s *Site) sampleList(l requirement.Lang) []page.Block {
	list, _ := sample.All() // drawSamples has seen its error
	var good, bad page.Links
	for _, x := range list {
		link := page.Link{URL: samplePath(x), Text: page.T(l, "latihan.berkas."+x.Key())}
		size := page.T(l, "latihan.ukuran", "nama", x.Name, "kb", strconv.Itoa((len(x.Body)+1023)/1024))
		switch {
		case x.Finding == "":
			good.Items = append(good.Items, page.LinkItem{Link: link, File: true, Note: size + " " + page.T(l, "latihan.hasil.baik")})
		case x.Passes:
			bad.Items = append(bad.Items, page.LinkItem{Link: link, File: true, Note: size + " " + page.T(l, "latihan.hasil.catatan", "pesan", page.T(l, "berkas.temuan."+x.Finding))})
		default:
			bad.Items = append(bad.Items, page.LinkItem{Link: link, File: true, Note: size + " " + page.T(l, "latihan.hasil.ditolak", "pesan", page.T(l, "berkas.temuan."+x.Finding))})
		}
	}
	return []page.Block{
		page.Heading{Level: 2, ID: "contoh", Text: page.T(l, "latihan.contoh.baik")}, page.Text{Text: page.T(l, "latihan.contoh.simpan")}, good,
		page.Heading{Level: 2, ID: "contoh-buruk", Text: page.T(l, "latihan.contoh.buruk")}, page.Text{Text: page.T(l, "latihan.contoh.buruk.teks")}, bad,
	}
}

func startRehearsal(l requirement.Lang) page.Block {
	return page.Button{Link: page.Link{URL: page.Address(l, true, "/daftar"), Text: page.T(l, "latihan.mulai")}}
}
