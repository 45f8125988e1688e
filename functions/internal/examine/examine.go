// Package examine looks at one file that a stranger sent and says whether an
// officer may open it.
//
//	bytes ─► magic bytes ─┬─ JPEG, PNG ─► size ─► full decode ─► upright ─► blank? blurred? ─► encoded anew
//	                      ├─ PDF ───────► read ─► pages ─► nothing active ─► as it was sent
//	                      └─ else ──────► refused
//
// What leaves it is never a picture's original bytes: place and time of a
// photograph (EXIF), and whatever hides behind the picture, stay behind
// (TRUST R40). Findings are codes; their words are in content/kata/berkas.yaml
// under berkas.temuan.
package examine

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"
)

// Findings that refuse a file.
const (
	Empty     = "EMPTY"           // 0 bytes
	TooLarge  = "TOO_LARGE"       // more than Limits.Bytes
	Type      = "TYPE"            // neither JPEG, PNG nor PDF
	HEIC      = "HEIC"            // a format of telephones that few programs open
	OtherType = "OTHER_TYPE"      // not the type that was announced
	NotPhoto  = "NOT_PHOTO"       // a PDF where only a photograph will do
	Damaged   = "DAMAGED"         // cannot be read to its end
	TooSmall  = "TOO_SMALL"       // fewer than Limits.Side pixels on the short side
	Pixels    = "TOO_MANY_PIXELS" // more than Limits.Pixels
	PDFLocked = "PDF_LOCKED"      // encrypted
	PDFEmpty  = "PDF_EMPTY"       // no page, or nothing on any page
	PDFPages  = "PDF_PAGES"       // more than Limits.Pages
	PDFActive = "PDF_ACTIVE"      // scripts, programs to start, files inside
)

// Findings that only warn: the file passes, and the person is told.
const (
	Blurred = "BLURRED"
	Blank   = "BLANK"
)

// Warning tells whether a finding leaves the file usable.
func Warning(finding string) bool { return finding == Blurred || finding == Blank }

// Limits bound what is accepted and what it may cost to find out.
type Limits struct {
	Bytes  int           // of the file
	Pixels int           // of a picture
	Side   int           // least pixels on the short side
	Pages  int           // of a PDF
	Sharp  float64       // variance of the Laplacian; below it a picture is blurred
	Varied float64       // variance of the luma; below it a picture is blank
	Time   time.Duration // for one file
	Memory uint64        // bytes that reading a PDF may add to the heap
}

// Default returns the limits in use: 6 MB as the original's form says (DOMAIN
// 2.2), 25 million pixels (TRUST R40), and thresholds from trials
// (FRONTEND 3), which may be tuned with real photographs.
func Default() Limits {
	return Limits{Bytes: 6 << 20, Pixels: 25_000_000, Side: 300, Pages: 20,
		Sharp: 150, Varied: 20, Time: 15 * time.Second, Memory: 256 << 20}
}

// A Result is what was found. Body, Media and Extension are set if the file passed.
type Result struct {
	Findings  []string
	Body      []byte // to be kept: a picture encoded anew, a PDF as sent
	Media     string // "image/jpeg", "image/png" or "application/pdf"
	Extension string // "jpg", "png" or "pdf"
	Pages     int    // of a PDF
}

// Passed tells whether nothing refuses the file.
func (r Result) Passed() bool {
	for _, f := range r.Findings {
		if !Warning(f) {
			return false
		}
	}
	return true
}

// AnyPicture as the announced type stands for JPEG or PNG.
const AnyPicture = "image/*"

func refused(finding string) Result { return Result{Findings: []string{finding}} }

// File examines b. declared is the announced type, AnyPicture, or "" for any.
// Whatever b holds, File returns within about the time limit and does not
// panic; a file that is too costly to read is Damaged.
func File(ctx context.Context, b []byte, declared string, l Limits) (r Result) {
	defer func() {
		if recover() != nil {
			r = refused(Damaged)
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, l.Time)
	defer cancel()
	media := sniff(b)
	switch {
	case len(b) == 0:
		return refused(Empty)
	case len(b) > l.Bytes:
		return refused(TooLarge)
	case media == "image/heic":
		return refused(HEIC)
	case media == "":
		return refused(Type)
	case declared == AnyPicture && media == pdf:
		return refused(NotPhoto)
	case declared != "" && declared != AnyPicture && declared != media:
		return refused(OtherType)
	case media == pdf:
		return document(ctx, b, l)
	}
	return picture(ctx, b, media, l)
}

const (
	jpegMedia = "image/jpeg"
	pngMedia  = "image/png"
	pdf       = "application/pdf"
)

// sniff returns the type that the first bytes say, "" for one that is not accepted.
func sniff(b []byte) string {
	for _, magic := range []struct{ start, media string }{
		{"\xff\xd8\xff", jpegMedia},
		{"\x89PNG\r\n\x1a\n", pngMedia},
		{"%PDF-", pdf},
	} {
		if bytes.HasPrefix(b, []byte(magic.start)) {
			return magic.media
		}
	}
	if len(b) >= 12 && string(b[4:8]) == "ftyp" && strings.Contains("heic heix hevc hevx mif1 msf1", string(b[8:12])) {
		return "image/heic"
	}
	return ""
}

// String sums up a result for the log.
func (r Result) String() string {
	return fmt.Sprintf("%s, %d bytes, %d pages, findings %v", r.Media, len(r.Body), r.Pages, r.Findings)
}
