package page

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"testing"

	qrcode "github.com/skip2/go-qrcode"
)

func TestAssetsAreNamedByContent(t *testing.T) {
	if len(Assets()) < 3 {
		t.Fatalf("only %d assets", len(Assets()))
	}
	for url, body := range Assets() {
		sum := sha256.Sum256(body)
		if !strings.HasPrefix(url, "/aset/") || !strings.HasSuffix(strings.TrimSuffix(url, path.Ext(url)), "-"+hex.EncodeToString(sum[:5])) {
			t.Errorf("%s does not hold the digest %x", url, sum[:5])
		}
	}
}

func TestMinifyCSS(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"a { color: red; }\n", "a{color:red}"},
		{"/* x */ a , b > c { margin: 0 auto;\n\tfont: 1rem/1.5 a, \"B C\" }", `a,b>c{margin:0 auto;font:1rem/1.5 a,"B C"}`},
		{"a :focus + b { width: calc(50% - 1px) }", "a :focus + b{width:calc(50% - 1px)}"},
		{"@media (min-width: 40rem) { a { b: c } }", "@media (min-width:40rem){a{b:c}}"},
	} {
		if got := minifyCSS(tt.in); got != tt.want {
			t.Errorf("minifyCSS(%q) = %q; want %q", tt.in, got, tt.want)
		}
	}
}

func TestTrimJS(t *testing.T) {
	const in, want = "// note\nif (a) {\n  b(); // c\n\n}\n", "if (a) {\nb(); // c\n}\n"
	if got := trimJS(in); got != want {
		t.Errorf("trimJS = %q; want %q", got, want)
	}
}

// The drawing has the modules of the code, each where it belongs.
func TestQR(t *testing.T) {
	const text = "ABCD-EFGH-JKMN-PQRST"
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	svg, err := QR(text)
	if err != nil {
		t.Fatal(err)
	}
	_, d, _ := strings.Cut(string(svg), `<path d="`)
	d, _, _ = strings.Cut(d, `"`)
	drawn := drawing(t, d)
	for y, row := range code.Bitmap() {
		for x, dark := range row {
			if drawn[[2]int{x, y}] != dark {
				t.Fatalf("module %d, %d is %v; want %v", x, y, !dark, dark)
			}
		}
	}
	if _, err := QR(strings.Repeat("x", 5000)); err == nil {
		t.Error("QR of 5000 letters: no error")
	}
}

// drawing reads a path of runs "M1 2h3v1h-3z".
func drawing(t *testing.T, d string) map[[2]int]bool {
	t.Helper()
	out := map[[2]int]bool{}
	for run := range strings.SplitSeq(strings.Trim(d, "z"), "z") {
		var x, y, w, back int
		if _, err := fmt.Sscanf(run, "M%d %dh%dv1h-%d", &x, &y, &w, &back); err != nil || w != back {
			t.Fatalf("run %q: %v", run, err)
		}
		for i := range w {
			out[[2]int{x + i, y}] = true
		}
	}
	return out
}
