package examine_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// paper draws a page with lines of black marks, sharp like print. The upper
// left corner is red, so that a test sees which way up it is.
func paper(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.White, image.Point{}, draw.Src)
	for y := 20; y < h-20; y += 16 {
		for x := 20; x < w-20; x += 10 {
			mark := image.Rect(x, y, x+2+(x*7+y*3)%6, y+8)
			draw.Draw(img, mark, image.Black, image.Point{}, draw.Src)
		}
	}
	draw.Draw(img, image.Rect(0, 0, w/4, h/4), image.NewUniform(color.RGBA{R: 220, A: 255}), image.Point{}, draw.Src)
	return img
}

// blur averages over a square, like a hand that shook.
func blur(in *image.RGBA, radius int) *image.RGBA {
	out := image.NewRGBA(in.Rect)
	for y := range in.Rect.Dy() {
		for x := range in.Rect.Dx() {
			var sum [3]int
			n := 0
			for dy := -radius; dy <= radius; dy++ {
				for dx := -radius; dx <= radius; dx++ {
					if p := (image.Point{X: x + dx, Y: y + dy}); p.In(in.Rect) {
						c := in.RGBAAt(p.X, p.Y)
						sum[0], sum[1], sum[2], n = sum[0]+int(c.R), sum[1]+int(c.G), sum[2]+int(c.B), n+1
					}
				}
			}
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return out
}

func encodeJPEG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func encodePNG(tb testing.TB, img image.Image) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// place is where a telephone would say that it was.
const place = "GPS-5.4500,105.2667"

// withEXIF puts an orientation and a place into a JPEG.
func withEXIF(b []byte, orientation int) []byte {
	tiff := []byte("MM\x00\x2a\x00\x00\x00\x08")
	tiff = binary.BigEndian.AppendUint16(tiff, 2)
	tiff = append(tiff, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0)
	tiff = append(tiff, 0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38)
	tiff = append(tiff, 0, 0, 0, 0)
	content := append([]byte("Exif\x00\x00"), append(tiff, place...)...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(content)+2))
	return append(append(bytes.Clone(b[:2]), append(segment, content...)...), b[2:]...)
}

// bomb is a PNG of a few bytes that says it has w × h pixels.
func bomb(w, h uint32) []byte {
	header := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	header = append(binary.BigEndian.AppendUint32(header, h), 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), header...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(header))
}

func zipped(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("isi.txt")
	if err != nil {
		tb.Fatal(err)
	}
	fmt.Fprint(f, "isi tersembunyi")
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// scanned is a PDF with one picture a page.
func scanned(tb testing.TB, pages int) []byte {
	tb.Helper()
	var pictures []io.Reader
	for range pages {
		pictures = append(pictures, bytes.NewReader(encodeJPEG(tb, paper(300, 400))))
	}
	var b bytes.Buffer
	if err := api.ImportImages(nil, &b, pictures, nil, nil); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func encrypted(tb testing.TB, userPassword string) []byte {
	tb.Helper()
	conf := model.NewAESConfiguration(userPassword, "pemilik", 256)
	var b bytes.Buffer
	if err := api.Encrypt(bytes.NewReader(scanned(tb, 1)), &b, conf); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// written is a PDF of these objects, numbered from 1; the first is the catalog.
func written(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, table)
	return b.Bytes()
}

// onePage is a PDF of one page with more in its catalog, its page, and more objects from 5 on.
func onePage(catalog, page string, more ...string) []byte {
	const draws = "0 0 100 100 re f"
	return written(append([]string{
		"<</Type/Catalog/Pages 2 0 R" + catalog + ">>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>" + page + ">>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(draws), draws),
	}, more...)...)
}

const svg = `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`

var heic = []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + strings.Repeat("\x00", 64))

// lockedInTrailer is a PDF whose encryption dictionary is no object of its own.
func lockedInTrailer() []byte {
	entry := fmt.Sprintf("trailer\n<</ID[<00><00>]/Encrypt <</Filter/Standard/V 1/R 2/O<%064x>/U<%064x>/P -4>>", 1, 2)
	return bytes.Replace(onePage("", "/Contents 4 0 R"), []byte("trailer\n<<"), []byte(entry), 1)
}
