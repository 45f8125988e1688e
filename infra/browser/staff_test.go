package browser_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	cdp "github.com/chromedp/chromedp"
)

// login goes from the officers' site to the identity provider and back as one
// of the demonstration's colleagues, and shows each page on the way.
func (b tab) login(prefix, name string, see func(what string)) {
	b.t.Helper()
	b.visit(b.home.StaffURL + prefix + "/masuk")
	see("login")
	b.press("main a.button")
	see("provider")
	for _, a := range b.home.Accounts {
		if a.Username == name {
			b.fill("nama", a.Username)
			b.fill("sandi", a.Password)
		}
	}
	b.next()
}

// The officers' pages of login and users: a person without a role, and an
// administrator who gives them one, in both languages.
func TestOfficersLogin(t *testing.T) {
	axe, err := os.ReadFile(axePath)
	if err != nil {
		t.Fatalf("axe-core is missing: run npm ci in infra/tools, or infra/check: %v", err)
	}
	for _, width := range []int64{320, 360, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := open(t, width, true)
			// The narrow way goes under the policies as they are, over three origins.
			b.call(page.SetBypassCSP, page.SetBypassCSPParams{Enabled: width > 320})
			see := func(what string) {
				b.shoot(fmt.Sprintf("%s-%d", what, width))
				if width == 320 {
					b.fits(t, what)
					return
				}
				b.accessible(t, string(axe), what)
			}
			b.login("", "baru", see)
			see("no-role")
			if !strings.Contains(b.text("h1"), "belum punya peran") {
				t.Errorf("somebody without a role sees %q", b.text("h1"))
			}
			b.login("/en", "admin", func(string) {})
			see("users")
			if got := b.text("h1"); got != "Users" {
				t.Errorf("the administrator lands at %q", got)
			}
			b.visit(office.StaffURL + b.first(`main a[href*="/pengguna/"]`, "href"))
			see("user")
			b.fill("nama", strings.Repeat("panjang", 12))
			b.next()
			see("user-mistake")
			b.visit(office.StaffURL + "/pengguna")
			b.press("form[action*=keluar-petugas] button")
			see("logged-out")
			b.visit(office.StaffURL + "/masuk/kembali?code=x")
			see("refused")
		})
	}
}

// shoot keeps a picture of the page in $SHOTS_DIR.
func (b tab) shoot(name string) {
	b.t.Helper()
	dir := os.Getenv("SHOTS_DIR")
	if dir == "" {
		return
	}
	png, err := cdp.Run(b.ctx, cdp.FullScreenshot(100))
	b.must(err)
	b.must(os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644))
}
