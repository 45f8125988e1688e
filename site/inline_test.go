package site

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomarkdown/markdown/ast"
	"github.com/gomarkdown/markdown/html"
	"github.com/gomarkdown/markdown/parser"
)

// The tree of a body is the parser's own, node by node.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("../content/*.md")
	if err != nil || len(files) == 0 {
		f.Fatalf("no content: %v", err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	for _, body := range []string{
		"", "a", "a ", "\ta", "a\\", "a\\\nb", "a  \n  b", "a \n b", "a\n b\tc", "a*b", "a *b* c", "a **b***c", "é*é*é x", "a _b_ c_d", "*", "**a", "a**", "a ** b",
		"a [b](c) d", "a [b](<c d> \"e) f\") g", "a [b](c 'd' e", "[a]: b 'c'\n\nd [a] e, [f][a] g", "a [b\n\n[b]: c", "a `b` c", "a ``b` c", "a <b> c > d", "a <b c", "a &amp; b; c", "a &amp b",
		"a ![b](c) d", "a ! b", "a <https://b.c> d", "a <!-- b --> c", "## a *b* c\n## a\n## a", "| a | b *c* d |\n|---|--:|\n| `e` f | g |", "- a *b* c\n  d\n\n  e", "> a *b* c\n> d\n\n1. e", "a\x00b", "a\r\nb",
	} {
		f.Add(body)
	}
	f.Fuzz(parseAlike)
}

// The same for bodies that are mostly marks, in any order.
func TestParseMarks(t *testing.T) {
	pieces := []string{"a", "b c", "é", " ", " ", "\n", "\n\n", "*", "**", "_", "[", "]", "](", "(", ")", "![", "`", "``", "<", ">", "<a b='", "\\", "&amp;", "&", ";", "\"", "'", "\t", "|", "\n|-|-|\n", "*a*", "**b c.**", "[d e](/f/#g)", "[h](i{j)", "[k](", "l)", " ", " *", "* ", "[h](", "# ", "- ", "1. ", "> ", "[a]: b\n"}
	r := rand.New(rand.NewPCG(1, 1))
	for range 20000 {
		var body strings.Builder
		for range 1 + r.IntN(20) {
			body.WriteString(pieces[r.IntN(len(pieces))])
		}
		parseAlike(t, body.String())
	}
}

func parseAlike(t *testing.T, body string) {
	want := parser.NewCommonMarkWithExtensions(parser.Tables | parser.AutoHeadingIDs).Parse([]byte(body))
	got := parse([]byte(body))
	if g, w := tree(got), tree(want); g != w {
		t.Errorf("parse(%q) =\n%s\nwant\n%s", body, g, w)
	}
}

// tree is a tree as text, with what the renderer makes of it.
func tree(doc ast.Node) string {
	var out strings.Builder
	depth := 0
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus {
		if !entering {
			depth--
			return ast.GoToNext
		}
		fmt.Fprintf(&out, "%*s%T", 2*depth, "", n)
		if leaf := n.AsLeaf(); leaf != nil {
			fmt.Fprintf(&out, " %q", leaf.Literal)
		} else {
			depth++
			fmt.Fprintf(&out, " %q", n.AsContainer().Content)
		}
		if h, ok := n.(*ast.Heading); ok {
			fmt.Fprintf(&out, " %d %s", h.Level, h.HeadingID)
		}
		out.WriteByte('\n')
		return ast.GoToNext
	})
	var page bytes.Buffer
	r := html.NewRenderer(html.RendererOptions{})
	ast.WalkFunc(doc, func(n ast.Node, entering bool) ast.WalkStatus { return r.RenderNode(&page, n, entering) })
	return out.String() + page.String()
}
