package page

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"sync"
)

//go:embed assets/*.js
var scriptFiles embed.FS

// Script is an own module script by name: "berkas" or "formulir".
type Script string

// URL is the script's address, which holds a digest of its content.
func (s Script) URL() string { return scriptURLs()[string(s)] }

var scriptURLs = sync.OnceValue(func() map[string]string {
	urls := map[string]string{}
	for name := range scripts() {
		base := strings.TrimPrefix(name, "/aset/")
		urls[base[:strings.LastIndex(base, "-")]] = name
	}
	return urls
})

// Assets returns every file that pages refer to, by address. An address holds
// a digest of the content, so it can be cached for ever.
func Assets() map[string][]byte { return scripts() }

var scripts = sync.OnceValue(func() map[string][]byte {
	out := map[string][]byte{}
	names, _ := fs.Glob(scriptFiles, "assets/*.js") // the pattern is constant and well-formed
	for _, name := range names {
		b, err := scriptFiles.ReadFile(name)
		if err != nil {
			panic(err) // embedded
		}
		b = []byte(trimJS(string(b)))
		sum := sha256.Sum256(b)
		base := strings.TrimSuffix(path.Base(name), ".js")
		out["/aset/"+base+"-"+hex.EncodeToString(sum[:5])+".js"] = b
	}
	return out
})

// trimJS drops indentation, blank lines and whole-line comments. The scripts
// are written so that this is safe: no template literals over several lines.
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

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssAround  = regexp.MustCompile(` ?([{};,>]) ?`)
)

// minifyCSS drops comments and the spaces that carry no meaning. The
// stylesheet holds no strings with such characters.
func minifyCSS(s string) string {
	s = cssComment.ReplaceAllString(s, "")
	s = cssSpace.ReplaceAllString(s, " ")
	s = cssAround.ReplaceAllString(s, "$1")
	s = strings.ReplaceAll(s, ";}", "}")
	return strings.TrimSpace(strings.ReplaceAll(s, ": ", ":"))
}
