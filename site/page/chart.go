package page

// The measures of a chart, in units of its drawing: at a width of 24 rem a
// unit is a little over a pixel, so its letters are as large as the text's.
const (
	chartWidth = 330
	chartRow   = 44
)

// A plot is a chart with everything in its place.
type plot struct {
	Width, Height int
	Bars          []drawnBar
}

type drawnBar struct {
	Bar
	TextY, Y, Width int
}

// Drawing places the bars below each other, the longest over the whole width.
func (c Chart) Drawing() plot {
	longest := 1
	for _, b := range c.Bars {
		longest = max(longest, b.Length)
	}
	d := plot{Width: chartWidth, Height: chartRow * len(c.Bars)}
	for i, b := range c.Bars {
		bar := drawnBar{Bar: b, TextY: i*chartRow + 16, Y: i*chartRow + 22, Width: b.Length * chartWidth / longest}
		if b.Length > 0 {
			bar.Width = max(bar.Width, 2)
		}
		d.Bars = append(d.Bars, bar)
	}
	return d
}
