package page

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// use is one place in the sources that names words: the pattern of the key,
// and the placeholders that it fills, nil where they are not known.
type use struct {
	at      string
	exact   bool
	pattern *regexp.Regexp
	filled  []string
	call    bool
}

func usesInTemplates(t *testing.T) []use {
	t.Helper()
	key := regexp.MustCompile(`"((?:situs|petugas)\.[a-z.%-]+)"`)
	var out []use
	names, err := filepath.Glob("templates/*.tmpl")
	if err != nil || len(names) == 0 {
		t.Fatal("no templates", err)
	}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(b), -1) {
			p := strings.ReplaceAll(regexp.QuoteMeta(m[1]), "%s", ".+")
			out = append(out, use{at: name, exact: !strings.Contains(m[1], "%"), pattern: regexp.MustCompile("^" + p + "$")})
		}
	}
	return out
}

// usesInGo finds every string of Go code that begins like a key, and every call of T.
func usesInGo(t *testing.T, dirs ...string) []use {
	t.Helper()
	var out []use
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files := token.NewFileSet()
			f, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				return err
			}
			out = append(out, usesInFile(files, f)...)
			return nil
		})
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return out
}

func usesInFile(files *token.FileSet, f *ast.File) []use {
	var out []use
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			if u, ok := callOfT(n); ok {
				u.at = files.Position(n.Pos()).String()
				out = append(out, u)
			}
		case ast.Expr:
			if u, ok := keyIn(n); ok {
				u.at = files.Position(n.Pos()).String()
				out = append(out, u)
				return false
			}
		}
		return true
	})
	return out
}

// callOfT reads T(lang, key, pairs…) or x.T(key, pairs…).
func callOfT(n *ast.CallExpr) (use, bool) {
	args := n.Args
	switch f := n.Fun.(type) {
	case *ast.Ident:
		switch {
		case f.Name == "T" && len(args) > 1:
			args = args[1:]
		case f.Name == "t" && len(args) > 0: // a closure over the language
		default:
			return use{}, false
		}
	case *ast.SelectorExpr:
		if f.Sel.Name != "T" || len(args) < 1 {
			return use{}, false
		}
		if x, ok := f.X.(*ast.Ident); ok && x.Name == "page" {
			args = args[1:]
		}
	default:
		return use{}, false
	}
	u, ok := keyIn(args[0])
	u.call = ok && !n.Ellipsis.IsValid()
	for i := 1; i < len(args); i += 2 {
		name, isText := literal(args[i])
		u.call = u.call && isText
		u.filled = append(u.filled, name)
	}
	slices.Sort(u.filled)
	return u, ok
}

// starts are the first parts of all keys.
var starts = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for key := range words().byKey {
		file, _, _ := strings.Cut(key, ".")
		out[file] = true
	}
	return out
})

var keyShape = regexp.MustCompile(`^[a-z]+\.[a-zA-Z0-9._-]*$`)

// keyStart tells whether a string begins like a key.
func keyStart(s string) bool {
	file, _, _ := strings.Cut(s, ".")
	return starts()[file] && keyShape.MatchString(s)
}

// keyIn reads an expression that makes a key: a literal, or a sum that begins with one.
func keyIn(e ast.Expr) (use, bool) {
	if s, ok := literal(e); ok {
		if !keyStart(s) || strings.HasSuffix(s, ".") {
			return use{}, false
		}
		return use{exact: true, pattern: regexp.MustCompile("^" + regexp.QuoteMeta(s) + "$")}, true
	}
	sum, ok := e.(*ast.BinaryExpr)
	if !ok || sum.Op != token.ADD {
		return use{}, false
	}
	var parts []string
	first := ""
	for _, x := range terms(sum) {
		s, isText := literal(x)
		if len(parts) == 0 {
			first = s
		}
		if isText {
			parts = append(parts, regexp.QuoteMeta(s))
		} else {
			parts = append(parts, ".+")
		}
	}
	if !keyStart(first) {
		return use{}, false
	}
	return use{pattern: regexp.MustCompile("^" + strings.Join(parts, "") + "$")}, true
}

func terms(e ast.Expr) []ast.Expr {
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		return append(terms(sum.X), terms(sum.Y)...)
	}
	return []ast.Expr{e}
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
