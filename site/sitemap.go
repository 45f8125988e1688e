package site

import (
	"bytes"
	"maps"
	"slices"
	"strings"
)

// sitemap lists every indexed page with its languages (sitemaps.org, xhtml:link).
func (s *Site) sitemap(files map[string][]byte, o Options) []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">` + "\n")
	for _, name := range slices.Sorted(maps.Keys(files)) {
		address, ok := strings.CutSuffix(name, "index.html")
		if !ok || strings.HasPrefix(name, "en/") || bytes.Contains(files[name], []byte(`content="noindex"`)) {
			continue
		}
		for _, prefix := range []string{"/", "/en/"} {
			b.WriteString("<url><loc>" + o.Origin + prefix + address + "</loc>" +
				`<xhtml:link rel="alternate" hreflang="id" href="` + o.Origin + "/" + address + `"/>` +
				`<xhtml:link rel="alternate" hreflang="en" href="` + o.Origin + "/en/" + address + `"/></url>` + "\n")
		}
	}
	b.WriteString("</urlset>\n")
	return b.Bytes()
}
