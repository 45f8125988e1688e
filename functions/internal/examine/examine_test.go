package examine_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"lapakasik/functions/internal/examine"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func TestFile(t *testing.T) {
	photo := encodeJPEG(t, paper(800, 600))
	drawing := encodePNG(t, paper(800, 600))
	scan := scanned(t, 2)
	white := image.NewRGBA(image.Rect(0, 0, 800, 600))
	for i := range white.Pix {
		white.Pix[i] = 250
	}
	many := examine.Default().Pages + 1
	for _, tt := range []struct {
		name     string
		body     []byte
		declared string
		findings []string
	}{
		{"photograph", photo, "image/jpeg", nil},
		{"photograph of unknown type", photo, "", nil},
		{"photograph where a picture is wanted", photo, examine.AnyPicture, nil},
		{"drawing", drawing, "image/png", nil},
		{"drawing where a picture is wanted", drawing, examine.AnyPicture, nil},
		{"scan", scan, "application/pdf", nil},
		{"blurred", encodeJPEG(t, blur(paper(800, 600), 6)), "image/jpeg", []string{examine.Blurred}},
		{"blank", encodePNG(t, white), "image/png", []string{examine.Blank}},
		{"transparent and blank", encodePNG(t, image.NewNRGBA(image.Rect(0, 0, 400, 400))), "image/png", []string{examine.Blank}},

		{"0 bytes", nil, "image/jpeg", []string{examine.Empty}},
		{"too large", append(bytes.Clone(photo), make([]byte, 6<<20)...), "image/jpeg", []string{examine.TooLarge}},
		{"ZIP", zipped(t), "", []string{examine.Type}},
		{"SVG", []byte(svg), "", []string{examine.Type}},
		{"HEIC", heic, "", []string{examine.HEIC}},
		{"text", []byte("ini bukan gambar"), "image/jpeg", []string{examine.Type}},
		{"PDF after something else", append([]byte("x\n"), scan...), "", []string{examine.Type}},
		{"PNG called JPEG", drawing, "image/jpeg", []string{examine.OtherType}},
		{"JPEG called PDF", photo, "application/pdf", []string{examine.OtherType}},
		{"scan where a picture is wanted", scan, examine.AnyPicture, []string{examine.NotPhoto}},
		{"JPEG cut", photo[:len(photo)/2], "image/jpeg", []string{examine.Damaged}},
		{"JPEG of the first bytes", photo[:3], "image/jpeg", []string{examine.Damaged}},
		{"PNG cut", drawing[:len(drawing)/2], "image/png", []string{examine.Damaged}},
		{"PNG bomb", bomb(60_000, 60_000), "image/png", []string{examine.Pixels}},
		{"PNG bomb past 32 bits", bomb(1<<31-1, 1<<31-1), "image/png", []string{examine.Damaged, examine.Pixels}},
		{"PNG without pixels", bomb(0, 500), "image/png", []string{examine.Damaged}},
		{"PNG that says 4000 × 4000 and ends", bomb(4000, 4000), "image/png", []string{examine.Damaged}},
		{"tiny", encodeJPEG(t, paper(2000, 299)), "image/jpeg", []string{examine.TooSmall}},

		{"PDF cut", scan[:len(scan)/2], "application/pdf", []string{examine.Damaged}},
		{"PDF of the first bytes", []byte("%PDF-1.7\n"), "application/pdf", []string{examine.Damaged}},
		{"PDF with password", encrypted(t, "rahasia"), "application/pdf", []string{examine.PDFLocked}},
		{"PDF with the owner's password only", encrypted(t, ""), "application/pdf", []string{examine.PDFLocked}},
		{"PDF locked in its trailer", lockedInTrailer(), "application/pdf", []string{examine.PDFLocked}},
		{"PDF with too many pages", scanned(t, many), "application/pdf", []string{examine.PDFPages}},
		{"PDF without pages", written("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[]/Count 0>>"), "application/pdf", []string{examine.PDFEmpty}},
		{"PDF with a blank page", onePage("", ""), "application/pdf", []string{examine.PDFEmpty}},
		{"PDF with a page", onePage("", "/Contents 4 0 R"), "application/pdf", nil},
		{"PDF with a script", onePage("/OpenAction 5 0 R", "/Contents 4 0 R", "<</S/JavaScript/JS(app.alert\\(1\\))>>"), "application/pdf", []string{examine.PDFActive}},
		{"PDF with a script in disguise", onePage("/OpenAction 5 0 R", "/Contents 4 0 R", "<</S/J#61vaScript/J#53(app.alert\\(1\\))>>"), "application/pdf", []string{examine.PDFActive}},
		{"PDF that starts a program", onePage("/OpenAction 5 0 R", "/Contents 4 0 R", "<</S/Launch/F(calc.exe)>>"), "application/pdf", []string{examine.PDFActive}},
		{"PDF with a file inside", onePage("/Names<</EmbeddedFiles<</Names[(a)5 0 R]>>>>", "/Contents 4 0 R", "<</Type/Filespec/F(a.exe)/EF<</F 6 0 R>>>>", "<</Length 0>>\nstream\n\nendstream"), "application/pdf", []string{examine.PDFActive}},
		{"PDF with a script that nothing refers to", onePage("", "/Contents 4 0 R", "[<</S/JavaScript/JS(1)>>]"), "application/pdf", []string{examine.PDFActive}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := examine.File(t.Context(), tt.body, tt.declared, examine.Default())
			// A second entry is what another, equally right order of checks finds.
			if len(tt.findings) == 2 && len(r.Findings) == 1 && slices.Contains(tt.findings, r.Findings[0]) {
				return
			}
			if !slices.Equal(r.Findings, tt.findings) {
				t.Fatalf("File = %v; want findings %v", r, tt.findings)
			}
			if kept := len(r.Body) > 0; kept != r.Passed() {
				t.Errorf("File = %v, passed %t: a body is kept only of what passed", r, r.Passed())
			}
		})
	}
}

// A photograph tells where it was taken, and can be another file at the same
// time. Neither gets past.
func TestOriginalBytesStayBehind(t *testing.T) {
	photo := withEXIF(encodeJPEG(t, paper(800, 600)), 1)
	if !bytes.Contains(photo, []byte(place)) {
		t.Fatal("the photograph has no place to begin with")
	}
	for _, tt := range []struct{ name, media, secret string }{
		{"EXIF place", "image/jpeg", place},
		{"ZIP behind a JPEG", "image/jpeg", "isi tersembunyi"},
		{"script behind a PNG", "image/png", "<script>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := append(bytes.Clone(photo), zipped(t)...)
			if tt.media == "image/png" {
				body = append(encodePNG(t, paper(800, 600)), svg...)
			}
			r := examine.File(t.Context(), body, tt.media, examine.Default())
			if !r.Passed() || r.Media != tt.media {
				t.Fatalf("File = %v; want it passed as %s", r, tt.media)
			}
			for _, secret := range []string{tt.secret, "Exif", "PK\x03\x04"} {
				if bytes.Contains(r.Body, []byte(secret)) {
					t.Errorf("what is kept holds %q", secret)
				}
			}
		})
	}
}

func TestUpright(t *testing.T) {
	// Where the upper left corner of the stored picture is when it stands upright.
	for orientation, want := range map[int]string{
		1: "upper left", 2: "upper right", 3: "lower right", 4: "lower left",
		5: "upper left", 6: "upper right", 7: "lower right", 8: "lower left", 9: "upper left",
	} {
		r := examine.File(t.Context(), withEXIF(encodeJPEG(t, paper(800, 600)), orientation), "image/jpeg", examine.Default())
		img, err := jpeg.Decode(bytes.NewReader(r.Body))
		if err != nil {
			t.Fatalf("orientation %d: %v", orientation, err)
		}
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		if lying := orientation >= 5 && orientation <= 8; (w < h) != lying {
			t.Errorf("orientation %d: %d × %d", orientation, w, h)
		}
		corners := map[string]image.Point{"upper left": {9, 9}, "upper right": {w - 9, 9}, "lower left": {9, h - 9}, "lower right": {w - 9, h - 9}}
		for corner, p := range corners {
			c := color.RGBAModel.Convert(img.At(p.X, p.Y)).(color.RGBA)
			if red := c.R > 150 && c.G < 100; red != (corner == want) {
				t.Errorf("orientation %d: %s is %v; the red corner belongs %s", orientation, corner, c, want)
			}
		}
	}
}

// A file that is dear to read is given up when its time is over.
func TestTimeLimit(t *testing.T) {
	l := examine.Default()
	l.Time = time.Nanosecond
	for name, body := range map[string][]byte{
		"photograph": encodeJPEG(t, paper(800, 600)), "drawing": encodePNG(t, paper(800, 600)), "scan": scanned(t, 1),
	} {
		if r := examine.File(t.Context(), body, "", l); !slices.Equal(r.Findings, []string{examine.Damaged}) {
			t.Errorf("%s after its time = %v; want it given up", name, r)
		}
	}
}

func TestEveryFindingHasWords(t *testing.T) {
	for _, f := range []string{examine.Empty, examine.TooLarge, examine.Type, examine.HEIC, examine.OtherType, examine.NotPhoto,
		examine.Damaged, examine.TooSmall, examine.Pixels, examine.PDFLocked, examine.PDFEmpty, examine.PDFPages,
		examine.PDFActive, examine.Blurred, examine.Blank} {
		if key := "berkas.temuan." + f; page.T(requirement.EN, key) == key {
			t.Errorf("no words for %s", key)
		}
		if strings.ToUpper(f) != f {
			t.Errorf("finding %q is not upper case", f)
		}
	}
}

// Whatever is sent: no panic, an end in time, and what is kept is what it says.
func FuzzFile(f *testing.F) {
	photo, drawing, scan := encodeJPEG(f, paper(48, 32)), encodePNG(f, paper(48, 32)), scanned(f, 1)
	for _, b := range [][]byte{photo, withEXIF(photo, 6), drawing, scan, heic, []byte(svg), zipped(f), bomb(5000, 5000),
		onePage("", "/Contents 4 0 R"), onePage("/OpenAction 5 0 R", "", "<</S/JavaScript/JS(1)>>"), encrypted(f, "a")} {
		f.Add(b)
	}
	l := examine.Default()
	l.Side, l.Pixels, l.Time = 8, 1_000_000, 5*time.Second
	f.Fuzz(func(t *testing.T, b []byte) {
		r := examine.File(t.Context(), b, "", l)
		if !r.Passed() {
			if r.Body != nil || len(r.Findings) == 0 {
				t.Errorf("refused, but %v", r)
			}
			return
		}
		again := examine.File(t.Context(), r.Body, r.Media, l)
		if !again.Passed() && !slices.Contains(again.Findings, examine.TooLarge) {
			t.Errorf("passed as %v, but what is kept is refused: %v", r, again)
		}
	})
}
