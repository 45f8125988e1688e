package sample

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// Colours of the drawings.
var (
	table  = color.RGBA{0x5a, 0x4a, 0x3c, 0xff} // what the paper lies on
	paper  = color.RGBA{0xfb, 0xfa, 0xf4, 0xff}
	sky    = color.RGBA{0xbf, 0xdd, 0xea, 0xff}
	ink    = color.RGBA{0x1c, 0x22, 0x28, 0xff}
	stamp  = color.RGBA{0xb3, 0x26, 0x1e, 0xff}
	grey   = color.RGBA{0x8c, 0x94, 0x9a, 0xff}
	skin   = color.RGBA{0xc9, 0x96, 0x70, 0xff}
	fabric = color.RGBA{0x0b, 0x5f, 0x58, 0xff}
)

// px is a length of the drawings in pixels: they are drawn as if they had
// more, but no more than the inspection asks for, since every build draws them.
func px(n int) int { return n * 5 / 8 }

// A pen writes in three sizes.
type pen struct{ small, large, huge font.Face }

func faces() (pen, error) {
	var p pen
	for _, f := range []struct {
		to   *font.Face
		ttf  []byte
		size float64
	}{{&p.small, goregular.TTF, 26}, {&p.large, gobold.TTF, 36}, {&p.huge, gobold.TTF, 72}} {
		parsed, err := opentype.Parse(f.ttf)
		if err != nil {
			return p, fmt.Errorf("font of the samples: %w", err)
		}
		if *f.to, err = opentype.NewFace(parsed, &opentype.FaceOptions{Size: f.size * 5 / 8, DPI: 72, Hinting: font.HintingFull}); err != nil {
			return p, fmt.Errorf("font of the samples: %w", err)
		}
	}
	return p, nil
}

func box(img draw.Image, x0, y0, x1, y1 int, c color.Color) {
	draw.Draw(img, image.Rect(px(x0), px(y0), px(x1), px(y1)), image.NewUniform(c), image.Point{}, draw.Src)
}

func write(img draw.Image, f font.Face, x, y int, c color.Color, text string) {
	d := font.Drawer{Dst: img, Src: image.NewUniform(c), Face: f, Dot: fixed.P(px(x), px(y))}
	d.DrawString(text)
}

// disc fills an ellipse around a point.
func disc(img draw.Image, cx, cy, rx, ry int, c color.Color) {
	cx, cy, rx, ry = px(cx), px(cy), px(rx), px(ry)
	for y := -ry; y <= ry; y++ {
		for x := -rx; x <= rx; x++ {
			if x*x*ry*ry+y*y*rx*rx <= rx*rx*ry*ry {
				img.Set(cx+x, cy+y, c)
			}
		}
	}
}

// card is a card on a table, with a number that is nobody's.
func (p pen) card() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, px(960), px(640)))
	box(img, 0, 0, 960, 640, table)
	box(img, 40, 40, 920, 600, sky)
	write(img, p.large, 80, 100, ink, "KARTU CONTOH")
	for i, line := range [][2]string{{"NIK", "9901 0117 0890 0001"}, {"KPJ", "99 0000 0000 1"}, {"Nama", "BUDI LATIHAN"}, {"Lahir", "17-08-1990"}, {"Alamat", "JALAN CONTOH 1"}} {
		y := 170 + 46*i
		write(img, p.small, 80, y, ink, line[0])
		write(img, p.small, 190, y, ink, ": "+line[1])
	}
	box(img, 670, 130, 870, 390, paper)
	person(inside{img, image.Rect(px(670), px(130), px(870), px(390))}, 770, 240, 58)
	write(img, p.huge, 110, 500, stamp, "CONTOH / SAMPLE")
	write(img, p.small, 80, 570, ink, "Bukan kartu asli. Not a real card.")
	return img
}

// letter is a whole page, with sender, lines and a stamp.
func (p pen) letter() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, px(840), px(1120)))
	box(img, 0, 0, 840, 1120, table)
	box(img, 30, 30, 810, 1090, paper)
	write(img, p.large, 80, 110, ink, "PT CONTOH LATIHAN")
	box(img, 80, 130, 760, 134, ink)
	write(img, p.large, 80, 210, ink, "SURAT KETERANGAN")
	for i, line := range letterLines {
		write(img, p.small, 80, 280+44*i, ink, line)
	}
	write(img, p.huge, 80, 800, stamp, "CONTOH")
	write(img, p.huge, 80, 880, stamp, "SAMPLE")
	disc(img, 620, 900, 95, 95, stamp)
	disc(img, 620, 900, 82, 82, paper)
	write(img, p.large, 540, 912, stamp, "CONTOH")
	box(img, 500, 1020, 760, 1023, ink)
	return img
}

// letterLines stand in the letter, as a picture and as a PDF.
var letterLines = []string{
	"Nomor: CONTOH/001",
	"Nama: Budi Latihan",
	"NIK: 9901 0117 0890 0001",
	"Menerangkan bahwa orang rekaan ini",
	"pernah bekerja di perusahaan rekaan.",
	"Surat ini hanya untuk latihan.",
	"This letter is for practice only.",
}

// portrait is a face that is nobody's, before a plain wall.
func (p pen) portrait() *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, px(600), px(800)))
	box(img, 0, 0, 600, 800, sky)
	person(img, 300, 330, 150)
	box(img, 0, 690, 600, 800, paper)
	write(img, p.large, 130, 735, stamp, "CONTOH / SAMPLE")
	write(img, p.small, 150, 780, ink, "Budi Latihan, orang rekaan")
	return img
}

// inside draws within a frame only.
type inside struct {
	*image.RGBA
	frame image.Rectangle
}

func (i inside) Bounds() image.Rectangle { return i.frame }

func (i inside) Set(x, y int, c color.Color) {
	if (image.Point{X: x, Y: y}).In(i.frame) {
		i.RGBA.Set(x, y, c)
	}
}

// person draws head and shoulders; r is the radius of the head.
func person(img draw.Image, x, y, r int) {
	disc(img, x, y-r/5, r+r/8, r+r/3, ink)
	disc(img, x, y+2*r, r+r/2, r, fabric)
	box(img, x-r/3, y+r/2, x+r/3, y+r+r/3, skin)
	disc(img, x, y, r, r+r/4, skin)
	for _, side := range []int{-1, 1} {
		disc(img, x+side*r*2/5, y-r/8, r/9, r/9, ink)
		box(img, x+side*r*2/5-r/5, y-r/2, x+side*r*2/5+r/5, y-r/2+r/12, ink)
	}
	box(img, x-r/20, y, x+r/20, y+r/3, grey)
	disc(img, x, y+r*3/5, r/3, r/10, stamp)
}

// blur averages over squares, as a hand that shakes does.
func blur(in *image.RGBA, radius int) *image.RGBA {
	return smear(smear(in, radius, 1, 0), radius, 0, 1)
}

// smear averages along one direction, with a sum that moves along each line.
func smear(in *image.RGBA, radius, dx, dy int) *image.RGBA {
	out := image.NewRGBA(in.Rect)
	w, h := in.Rect.Dx(), in.Rect.Dy()
	lines, length, step, next := h, w, 4*dx+in.Stride*dy, 4*dy+in.Stride*dx
	if dy == 1 {
		lines, length = w, h
	}
	width := 2*radius + 1
	at := make([]int, length+width) // where pixel i-radius of a line is; those outside are the nearest inside
	for i := range at {
		at[i] = min(max(i-radius, 0), length-1) * step
	}
	mean := make([]uint8, 255*width+1) // of a sum
	for sum := range mean {
		mean[sum] = uint8(sum / width)
	}
	for line := range lines {
		from, to := in.Pix[line*next:], out.Pix[line*next:]
		for k := range 3 {
			sum := 0
			for _, i := range at[:width] {
				sum += int(from[i+k])
			}
			for i := range length {
				to[at[i+radius]+k] = mean[sum]
				sum += int(from[at[i+width]+k]) - int(from[at[i]+k])
			}
		}
		for _, i := range at[radius : radius+length] {
			to[i+3] = 0xff
		}
	}
	return out
}

// shrink keeps one pixel of each n by n.
func shrink(in *image.RGBA, n int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, in.Rect.Dx()/n, in.Rect.Dy()/n))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			out.SetRGBA(x, y, in.RGBAAt(x*n, y*n))
		}
	}
	return out
}
