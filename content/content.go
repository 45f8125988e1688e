// Package content is what people read: one markdown file is one page in one
// language at one URL, and data/ and kata/ hold what pages and forms share.
//
//	halaman.md        Indonesian page at /halaman/
//	halaman.en.md     its English translation at /en/halaman/
//	klaim/*.md        claim reasons: typed rules and documents in the front matter
//	data/*.yaml       documents, questions, branches, timetable, holidays, consents
//	kata/*.yaml       every word of the interface, in both languages
//
// It imports nothing of ours.
package content

import "embed"

// Words holds kata/*.yaml, which the pages of the functions need at run time.
//
//go:embed kata/*.yaml
var Words embed.FS
