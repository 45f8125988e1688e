package examine

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"runtime/metrics"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/validate"
)

// The reader would otherwise make a folder with fonts and settings at home.
func init() { model.ConfigPath = "disable" }

// document examines a PDF in a goroutine of its own: reading one cannot be
// stopped at every point, and nobody waits longer than the time allowed.
func document(ctx context.Context, b []byte, l Limits) Result {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan Result, 1)
	go func() {
		defer func() {
			if recover() != nil {
				done <- refused(Damaged)
			}
		}()
		done <- read(ctx, b, l)
	}()
	limit := heap() + l.Memory
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case r := <-done:
			return r
		case <-ctx.Done():
			return refused(Damaged)
		case <-tick.C:
			if heap() > limit {
				return refused(Damaged)
			}
		}
	}
}

func heap() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func read(ctx context.Context, b []byte, l Limits) Result {
	doc, err := pdfcpu.ReadWithContext(ctx, bytes.NewReader(b), settings(l))
	if err != nil {
		if locked(err) {
			return refused(PDFLocked)
		}
		return refused(Damaged)
	}
	if doc.Encrypt != nil || lockedInPlace.Match(b) {
		return refused(PDFLocked)
	}
	if active(doc) {
		return refused(PDFActive)
	}
	if err := doc.EnsurePageCount(); err != nil {
		return refused(Damaged)
	}
	switch {
	case doc.PageCount > l.Pages:
		return refused(PDFPages)
	case doc.PageCount < 1:
		return refused(PDFEmpty)
	}
	if err := validate.XRefTable(doc); err != nil {
		return refused(Damaged)
	}
	if blankPages(doc) {
		return refused(PDFEmpty)
	}
	return Result{Body: b, Media: pdf, Extension: "pdf", Pages: doc.PageCount}
}

func settings(l Limits) *model.Configuration {
	c := model.NewDefaultConfiguration()
	c.Offline, c.ValidateLinks, c.Cmd = true, false, model.VALIDATE
	c.Limits.MaxStreamBytes = int64(l.Bytes)
	c.Limits.MaxDecodeBytes = int64(l.Memory / 8)
	c.Limits.MaxObjectCount, c.Limits.MaxXRefEntries = 200_000, 200_000
	c.Limits.MaxObjectStreamCount, c.Limits.MaxObjectStreamFirst = 100_000, 1<<20
	return c
}

// lockedInPlace finds an encryption dictionary that stands in the trailer
// itself (ISO 32000-1, 7.5.5): the reader knows it only as an object of its
// own, and takes such a file for an open one.
var lockedInPlace = regexp.MustCompile(`/Encrypt\s*<<`)

func locked(err error) bool {
	for _, e := range []error{pdfcpu.ErrWrongPassword, pdfcpu.ErrEncrypted, pdfcpu.ErrOwnerPasswordRequired,
		pdfcpu.ErrMalformedEncryption, pdfcpu.ErrUnsupportedEncryptionFeature} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

// activeNames are the keys and action types that make a document do something
// or carry something (ISO 32000-1, 7.11.4, 12.6.4, 12.7.8, 13.6).
var activeNames = map[string]bool{
	"JS": true, "JavaScript": true, "Launch": true, "EmbeddedFile": true, "EmbeddedFiles": true, "EF": true,
	"RichMedia": true, "XFA": true, "ImportData": true, "SubmitForm": true, "GoToE": true, "Rendition": true,
	"Movie": true, "Sound": true, "FileAttachment": true,
}

// active tells whether any object, used or not, holds one of the names.
func active(doc *model.Context) bool {
	for n := range doc.Table {
		o, err := doc.Dereference(*types.NewIndirectRef(n, 0))
		if err != nil || holdsActive(o, 0) {
			return true
		}
	}
	return false
}

// maxNested bounds the depth of one object; what is deeper counts as active.
const maxNested = 100

func holdsActive(o types.Object, depth int) bool {
	if depth > maxNested {
		return true
	}
	switch o := o.(type) {
	case types.Dict:
		return dictActive(o, depth)
	case types.StreamDict:
		return dictActive(o.Dict, depth)
	case types.ObjectStreamDict:
		return dictActive(o.Dict, depth)
	case types.XRefStreamDict:
		return dictActive(o.Dict, depth)
	case types.Array:
		for _, v := range o {
			if holdsActive(v, depth+1) {
				return true
			}
		}
	case types.Name:
		name, err := types.DecodeName(string(o))
		return err != nil || activeNames[name]
	}
	return false
}

func dictActive(d types.Dict, depth int) bool {
	for k, v := range d {
		name, err := types.DecodeName(k)
		if err != nil || activeNames[name] || holdsActive(v, depth+1) {
			return true
		}
	}
	return false
}

// blankPages tells whether no page draws anything.
func blankPages(doc *model.Context) bool {
	for n := 1; n <= doc.PageCount; n++ {
		page, _, _, err := doc.PageDict(n, false)
		if err != nil {
			continue
		}
		content, err := doc.PageContent(page, n)
		if err == nil && len(bytes.TrimSpace(content)) > 0 {
			return false
		}
	}
	return true
}
