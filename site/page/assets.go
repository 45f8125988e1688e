package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"math/rand/v2"
	"path"
	"strings"
	"sync"
)

//go:embed assets/*.js assets/*.svg
var assetFiles embed.FS

// Script is an own module script by name: "berkas", "formulir" or "perangkat".
type Script string

// URL is the script's address, which holds a digest of its content.
func (s Script) URL() string { return assetURL(string(s), ".js") }

// Assets returns every file that pages refer to, by address. An address holds
// a digest of the content, so it can be cached for ever.
func Assets() map[string][]byte {
	out := map[string][]byte{}
	for _, a := range assets() {
		out[a.url] = a.body
	}
	n := noise()
	out[n.url] = n.body
	return out
}

// NoiseBytes is the size of the file at NoiseURL.
const NoiseBytes = 256 << 10

// NoiseURL is the address of a file that no line can compress, to measure how
// fast a line is.
func NoiseURL() string { return noise().url }

// noise is apart from the other assets, because few pages need it.
var noise = sync.OnceValue(func() asset {
	b := make([]byte, NoiseBytes)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b) // never fails; always the same bytes, so the address stays
	return asset{url: hashed("uji", ".bin", b), body: b}
})

func hashed(base, ext string, b []byte) string {
	sum := sha256.Sum256(b)
	return "/aset/" + base + "-" + hex.EncodeToString(sum[:5]) + ext
}

type asset struct {
	url  string
	body []byte
}

func assetURL(name, ext string) string { return assets()[name+ext].url }

// assets are the embedded files by their names.
var assets = sync.OnceValue(func() map[string]asset {
	out := map[string]asset{}
	names, _ := fs.Glob(assetFiles, "assets/*") // the pattern is constant and well-formed
	for _, file := range names {
		b, err := assetFiles.ReadFile(file)
		if err != nil {
			panic(err) // embedded
		}
		name := path.Base(file)
		if path.Ext(name) == ".js" {
			b = []byte(trimJS(string(b)))
		}
		ext := path.Ext(name)
		out[name] = asset{url: hashed(strings.TrimSuffix(name, ext), ext, b), body: b}
	}
	return out
})

// trimJS drops indentation, blank lines and whole-line comments. The scripts
// are written so that this is safe: no text literal goes over several lines.
func trimJS(s string) string {
	var out []string
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "//") {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// minifyCSS drops comments and the spaces that carry no meaning. The
// stylesheet holds no strings with such characters.
func minifyCSS(s string) string {
	out := make([]byte, 0, len(s))
	space := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case strings.HasPrefix(s[i:], "/*"):
			i += strings.Index(s[i:], "*/") + 1
		case c == ' ' || c == '\n' || c == '\t':
			space = true
		default:
			out = appendCSS(out, c, space)
			space = false
		}
	}
	return string(out)
}

// appendCSS adds a byte, and before it the space where that means something:
// before ":" it does, because "a :focus" is not "a:focus".
func appendCSS(out []byte, c byte, space bool) []byte {
	last := byte('{')
	if len(out) > 0 {
		last = out[len(out)-1]
	}
	if space && !strings.ContainsRune("{};,>:", rune(last)) && !strings.ContainsRune("{};,>", rune(c)) {
		out = append(out, ' ')
	}
	if c == '}' && last == ';' {
		out = out[:len(out)-1]
	}
	return append(out, c)
}
