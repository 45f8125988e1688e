package site

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Size of a share card in pixels: the ratio 1.91 to 1 of the Open Graph, half
// of the usual 1200 by 630, since chats show it no wider and lines are slow.
const (
	cardWidth, cardHeight = 600, 315
	cardMargin            = 40
)

var (
	cardGround = color.RGBA{0x0b, 0x4f, 0x4a, 0xff}
	cardAccent = color.RGBA{0xff, 0xb8, 0x4d, 0xff}
	cardFont   = sync.OnceValues(func() (*opentype.Font, error) { return opentype.Parse(gobold.TTF) })
)

// A card is what one share card says.
type card struct{ title, line string }

// drawn keeps the cards of this process, for a preview that builds often.
var drawn sync.Map // of card to []byte

// cards draws the share cards: one for each claim reason, one for the rest, in
// each language.
func (s *Site) cards(ctx context.Context, files map[string][]byte) error {
	var paths []string
	var all []card
	for _, l := range []requirement.Lang{requirement.ID, requirement.EN} {
		paths, all = append(paths, page.CardPath("", l)), append(all, card{page.T(l, "situs.kartu"), page.T(l, "situs.kaki.gratis-kalimat")})
		for _, r := range s.Set.Reasons {
			paths, all = append(paths, page.CardPath(r.Code, l)), append(all, card{r.Title.In(l), page.T(l, "situs.kartu.sebab")})
		}
	}
	made := make([][]byte, len(all))
	err := each(ctx, len(all), func(i int) (err error) {
		if made[i], err = all[i].picture(); err != nil {
			return fmt.Errorf("share card %s: %w", paths[i], err)
		}
		return nil
	})
	for i, b := range made {
		files[strings.TrimPrefix(paths[i], "/")] = b
	}
	return err
}

// picture is the card as PNG.
func (c card) picture() ([]byte, error) {
	if b, ok := drawn.Load(c); ok {
		return b.([]byte), nil
	}
	b, err := c.draw()
	if err == nil {
		drawn.Store(c, b)
	}
	return b, err
}

// levels is how many shades a colour of the words has against the ground. Both
// colours have more than 16 together, so a pixel is a byte, which the encoder
// writes in a fraction of the time that it takes for half a byte.
const levels = 9

// The palette has the shades of white, then those of the accent.
const (
	plain  uint8 = 0
	accent uint8 = levels
)

// canvases hold a card while it is drawn.
var canvases = sync.Pool{New: func() any { return image.NewPaletted(image.Rect(0, 0, cardWidth, cardHeight), cardPalette()) }}

// draw sets the title in up to three lines over a smaller line. Words are set
// in shades of a palette: so the file stays small, although it is packed fast.
func (c card) draw() ([]byte, error) {
	img := canvases.Get().(*image.Paletted)
	defer canvases.Put(img)
	clear(img.Pix)
	edge := img.Pix[img.PixOffset(0, cardHeight-14):]
	for i := range edge {
		edge[i] = accent + levels - 1
	}
	if err := errors.Join(
		write(img, accent, "Lapak Asik", 24, cardMargin+22, 1),
		write(img, plain, c.title, 40, cardMargin+90, 3),
		write(img, plain, c.line, 20, cardHeight-cardMargin, 1)); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err := cardEncoder.Encode(&b, img)
	return b.Bytes(), err
}

// cardEncoder keeps what it needs for the next card.
var cardEncoder = png.Encoder{BufferPool: new(encoderPool), CompressionLevel: png.BestSpeed}

type encoderPool struct{ sync.Pool }

func (p *encoderPool) Get() *png.EncoderBuffer {
	b, _ := p.Pool.Get().(*png.EncoderBuffer) // nil at first
	return b
}

func (p *encoderPool) Put(b *png.EncoderBuffer) { p.Pool.Put(b) }

// cardPalette holds the shades of white and of the accent on the ground.
func cardPalette() color.Palette {
	var p color.Palette
	for _, to := range []color.RGBA{{0xff, 0xff, 0xff, 0xff}, cardAccent} {
		for i := range levels {
			mix := func(a, b uint8) uint8 { return uint8((int(a)*(levels-1-i) + int(b)*i) / (levels - 1)) }
			p = append(p, color.RGBA{mix(cardGround.R, to.R), mix(cardGround.G, to.G), mix(cardGround.B, to.B), 0xff})
		}
	}
	return p
}

// write sets words from a baseline down, in at most so many lines; what does
// not fit ends with an ellipsis.
func write(img *image.Paletted, colour uint8, words string, size float64, y, most int) error {
	f, err := cardFont()
	if err != nil {
		return err
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return err
	}
	defer face.Close()
	lines := wrap(face, words, fixed.I(cardWidth-2*cardMargin))
	if len(lines) > most {
		lines = lines[:most]
		lines[most-1] += "…"
	}
	for i, l := range lines {
		drawLine(img, colour, face, fixed.P(cardMargin, y+int(float64(i)*size*1.25)), l)
	}
	return nil
}

// drawLine draws letters in the shades of a colour from a point on. A
// font.Drawer does the same many times slower on an image with a palette.
func drawLine(img *image.Paletted, colour uint8, face font.Face, dot fixed.Point26_6, line string) {
	before := rune(-1)
	for _, c := range line {
		if before >= 0 {
			dot.X += face.Kern(before, c)
		}
		at, mask, from, advance, _ := face.Glyph(dot, c)
		if letter, ok := mask.(*image.Alpha); ok {
			drawLetter(img, colour, at, letter, from)
		}
		dot.X += advance
		before = c
	}
}

func drawLetter(img *image.Paletted, colour uint8, at image.Rectangle, letter *image.Alpha, from image.Point) {
	within := at.Intersect(img.Rect)
	from = from.Add(within.Min.Sub(at.Min))
	for y := range within.Dy() {
		in := letter.Pix[letter.PixOffset(from.X, from.Y+y):]
		out := img.Pix[img.PixOffset(within.Min.X, within.Min.Y+y):]
		for x := range within.Dx() {
			if c := in[x]; c > 0 {
				out[x] = max(out[x], colour+uint8(int(c)*levels/256))
			}
		}
	}
}

func wrap(face font.Face, words string, width fixed.Int26_6) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(words) {
		if line != "" && font.MeasureString(face, line+" "+w) > width {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return append(lines, line)
}
