package examine

import "image"

// looked is the longer side of the picture that is judged; the script in the
// browser judges the same size in the same way.
const looked = 640

// look returns the warnings for a picture that flatten made.
func look(img image.Image, l Limits) []string {
	luma, w, h := shrink(img)
	switch {
	case variance(luma) < l.Varied:
		return []string{Blank}
	case sharpness(luma, w, h) < l.Sharp:
		return []string{Blurred}
	}
	return nil
}

// shrink returns the luma of the picture, each pixel the mean of those it
// stands for, with at most looked pixels on a side.
func shrink(img image.Image) (luma []float64, w, h int) {
	b := img.Bounds()
	scale := max(1, float64(max(b.Dx(), b.Dy()))/looked)
	w, h = max(1, int(float64(b.Dx())/scale)), max(1, int(float64(b.Dy())/scale))
	luma = make([]float64, w*h)
	counts := make([]float64, w*h)
	at := lumaOf(img)
	for y := range b.Dy() {
		row := min(h-1, int(float64(y)/scale)) * w
		for x := range b.Dx() {
			i := row + min(w-1, int(float64(x)/scale))
			luma[i] += at(x, y)
			counts[i]++
		}
	}
	for i := range luma {
		luma[i] /= counts[i]
	}
	return luma, w, h
}

func lumaOf(img image.Image) func(x, y int) float64 {
	switch img := img.(type) {
	case *image.YCbCr:
		return func(x, y int) float64 { return float64(img.Y[y*img.YStride+x]) }
	case *image.RGBA:
		return func(x, y int) float64 {
			p := img.Pix[y*img.Stride+4*x:]
			return 0.299*float64(p[0]) + 0.587*float64(p[1]) + 0.114*float64(p[2])
		}
	}
	return func(int, int) float64 { return 0 }
}

// sharpness is the variance of the Laplacian: edges make it large.
func sharpness(luma []float64, w, h int) float64 {
	var edges []float64
	for y := 1; y < h-1; y++ {
		for x := 1; x < w-1; x++ {
			i := y*w + x
			edges = append(edges, 4*luma[i]-luma[i-1]-luma[i+1]-luma[i-w]-luma[i+w])
		}
	}
	return variance(edges)
}

func variance(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	var sum, squares float64
	for _, v := range values {
		sum += v
		squares += v * v
	}
	mean := sum / float64(len(values))
	return squares/float64(len(values)) - mean*mean
}
