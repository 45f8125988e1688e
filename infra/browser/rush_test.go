package browser_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	cdp "github.com/chromedp/chromedp"

	"lapakasik/functions/local/machinetest"
	"lapakasik/site/requirement"
)

// The branches of a rush.
const (
	drawBranch = machinetest.DrawBranch
	waitBranch = machinetest.WaitBranch
	doorBranch = machinetest.DoorBranch
)

// A rush is a running program of its own, whose clock the test moves.
type rush struct {
	*machinetest.Process
	t *testing.T
}

// startRush starts a rush at a time in WIB.
func startRush(t *testing.T, date requirement.Date, clock string) *rush {
	t.Helper()
	return &rush{machinetest.Start(t, t.TempDir(), "", date, clock), t}
}

// open is a tab at 360 px on the rush's pages.
func (r *rush) open(javascript bool) tab {
	r.t.Helper()
	return openIn(r.t, chrome, r.Program, 360, javascript)
}

// choose goes from the questions to the times of a day at a branch.
func (b tab) chooseDay(branch, channel string, date requirement.Date) {
	b.t.Helper()
	b.open("/daftar/syarat?sebab=mengundurkan-diri")
	b.resigned()
	b.choose("kanal", channel)
	b.fill("kantor", branch)
	b.next()
	b.choose("tanggal", string(date))
	b.next()
}

// apply goes from the chosen time to the answer of who sends it all.
func (r *rush) apply(b tab, mail string) {
	b.t.Helper()
	b.person(fmt.Sprintf("990101010190%04d", people.Add(1)), mail)
	b.tick(`input[name=persetujuan]`)
	r.Pass(10 * time.Second) // longer than a program takes to fill it in
	b.next()
}

// look holds the page that is open against the width of the screen, narrow and
// wide, and against axe where scripts run.
func (b tab) look(name string) {
	b.t.Helper()
	axe, err := os.ReadFile(axePath)
	b.must(err)
	for _, width := range []int64{1280, 360} {
		b.must(cdp.Do(b.ctx, cdp.EmulateViewport(width, 800)))
		b.shoot(fmt.Sprintf("%s-%d", name, width))
		wide, err := cdp.Run(b.ctx, cdp.Evaluate[int64](`document.documentElement.scrollWidth`))
		b.must(err)
		if wide > width {
			b.t.Errorf("%s is %d px wide on a screen of %d", name, wide, width)
		}
		if b.scripts {
			b.accessible(b.t, string(axe), fmt.Sprintf("%s at %d px", name, width))
		}
	}
}

// says holds the page's words against what it must say.
func (b tab) says(want ...string) {
	b.t.Helper()
	text := b.text("main")
	for _, w := range want {
		if !strings.Contains(text, w) {
			b.t.Errorf("the page does not say %q\n%s", w, b.where())
		}
	}
}

// row is what a page's summary says of something.
func (b tab) row(of string) string {
	b.t.Helper()
	v, err := cdp.Run(b.ctx, cdp.Evaluate[string](fmt.Sprintf(`[...document.querySelectorAll('.summary dt')].find(x => x.textContent.trim() === %q)?.nextElementSibling.textContent.trim() ?? ''`, of)))
	b.must(err)
	return v
}
