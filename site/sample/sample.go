// Package sample draws the documents that people practise with in the
// rehearsal (latihan): good ones, and bad ones of every common kind.
//
//	card, letter ─► sharp ─► JPEG             good
//	                  ├─► blurred, tiny       bad photographs
//	                  └─► PDF ─► locked, cut  bad files
//
// Each says in large letters that it is a sample. The bytes are always the
// same, and each file has at most MaxSize bytes, for slow lines. What the
// inspection says of each is Finding; a test holds it against the inspection.
package sample

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"sync"
)

// MaxSize is the most bytes that a sample may have.
const MaxSize = 60 << 10

// A Sample is one file to practise with.
type Sample struct {
	Name    string // file name, "kartu-baik.jpg"; without the ending it names its words
	Finding string // of package examine; "" where there is nothing to find
	Passes  bool   // accepted, perhaps with Finding as a warning
	Body    []byte
}

// Key is the sample's part in the names of words.
func (s Sample) Key() string {
	name, _, _ := bytes.Cut([]byte(s.Name), []byte("."))
	return string(name)
}

// All returns what Draw drew, once.
var All = sync.OnceValues(Draw)

// Draw draws the samples, the good ones first. The error is a mistake of this
// package and not of its caller.
func Draw() ([]Sample, error) {
	face, err := faces()
	if err != nil {
		return nil, err
	}
	card, letter, portrait := face.card(), face.letter(), face.portrait() // one by one: a face writes one at a time
	list := []Sample{
		{Name: "kartu-baik.jpg", Passes: true},
		{Name: "foto-diri-baik.jpg", Passes: true},
		{Name: "surat-baik-foto.jpg", Passes: true},
		{Name: "surat-baik-pdf.pdf", Passes: true, Body: document(nil)},
		{Name: "buram.jpg", Finding: "BLURRED", Passes: true},
		{Name: "kosong.jpg", Finding: "BLANK", Passes: true},
		{Name: "terlalu-kecil.jpg", Finding: "TOO_SMALL"},
		{Name: "bukan-gambar.jpg", Finding: "TYPE", Body: []byte("CONTOH / SAMPLE\r\nIni teks, bukan gambar. This is text, not a picture.\r\n")},
		{Name: "terkunci.pdf", Finding: "PDF_LOCKED", Body: document([]byte("contoh"))},
		{Name: "rusak.pdf", Finding: "DAMAGED", Body: document(nil)[:400]},
	}
	pictures := map[string]func() []byte{
		"kartu-baik.jpg":      func() []byte { return encode(card, 60) },
		"foto-diri-baik.jpg":  func() []byte { return encode(portrait, 60) },
		"surat-baik-foto.jpg": func() []byte { return encode(letter, 35) },
		"buram.jpg":           func() []byte { return encode(blur(card, 9), 60) },
		"kosong.jpg":          func() []byte { return encode(image.NewGray(image.Rect(0, 0, px(800), px(600))), 60) },
		"terlalu-kecil.jpg":   func() []byte { return encode(shrink(card, 4), 80) },
	}
	var drawing sync.WaitGroup
	for i := range list {
		if picture, ok := pictures[list[i].Name]; ok {
			drawing.Go(func() { list[i].Body = picture() })
		}
	}
	drawing.Wait()
	for _, s := range list {
		if len(s.Body) == 0 || len(s.Body) > MaxSize {
			return nil, fmt.Errorf("sample %s has %d bytes", s.Name, len(s.Body))
		}
	}
	return list, nil
}

// encode never fails: the writer is memory, and every picture is small.
func encode(img image.Image, quality int) []byte {
	var b bytes.Buffer
	if jpeg.Encode(&b, img, &jpeg.Options{Quality: quality}) != nil {
		return nil
	}
	return b.Bytes()
}
