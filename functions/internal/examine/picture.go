package examine

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"
)

// quality of a picture that is encoded anew.
const quality = 85

func picture(ctx context.Context, b []byte, media string, l Limits) Result {
	decodeConfig, decode := jpeg.DecodeConfig, jpeg.Decode
	if media == pngMedia {
		decodeConfig, decode = png.DecodeConfig, png.Decode
	}
	// The size is read first: a small file can claim a picture that fills the memory.
	c, err := decodeConfig(bytes.NewReader(b))
	switch {
	case err != nil || c.Width <= 0 || c.Height <= 0:
		return refused(Damaged)
	case c.Width > l.Pixels/c.Height:
		return refused(Pixels)
	case min(c.Width, c.Height) < l.Side:
		return refused(TooSmall)
	}
	img, err := decode(&reader{ctx, bytes.NewReader(b)})
	if err != nil {
		return refused(Damaged)
	}
	img = flatten(img)
	r := Result{Media: media, Findings: look(img, l)}
	if media == jpegMedia {
		img = upright(img, orientation(b))
	}
	if r.Body, r.Extension, err = encode(img, media); err != nil {
		return refused(Damaged)
	}
	return r
}

// reader ends a decoding that takes too long: some files are cheap to send
// and dear to read.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}

// flatten returns the picture as *image.YCbCr or as *image.RGBA on white.
func flatten(img image.Image) image.Image {
	if ycc, ok := img.(*image.YCbCr); ok {
		return ycc
	}
	out := image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(out, out.Rect, img, img.Bounds().Min, draw.Over)
	return out
}

func encode(img image.Image, media string) ([]byte, string, error) {
	var b bytes.Buffer
	if media == pngMedia {
		err := png.Encode(&b, img)
		return b.Bytes(), "png", err
	}
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: quality})
	return b.Bytes(), "jpg", err
}

// upright turns a picture by its EXIF orientation, 1 to 8.
func upright(img image.Image, orientation int) image.Image {
	if orientation <= 1 {
		return img
	}
	in, ok := img.(*image.RGBA)
	if !ok {
		in = image.NewRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
		draw.Draw(in, in.Rect, img, img.Bounds().Min, draw.Src)
	}
	w, h := in.Rect.Dx(), in.Rect.Dy()
	size := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		size = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(size)
	for y := range h {
		for x := range w {
			to := out.PixOffset(turned(x, y, w, h, orientation))
			from := in.PixOffset(x, y)
			copy(out.Pix[to:to+4], in.Pix[from:from+4])
		}
	}
	return out
}

// turned returns where a pixel of a w × h picture goes (EXIF 2.32, tag 0x0112).
func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	case 8:
		return y, w - 1 - x
	}
	return x, y
}
