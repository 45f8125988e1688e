package site

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// saying are the functions that take a message's format, with its position.
var saying = map[string]bool{"in": true, "at": true, "saying": true, "wrong": true, "offset": true, "wholeFile": true, "whole": true, "advise": true, "atWords": true, "visitRaw": true}

var verbs = regexp.MustCompile(`%[a-zA-Z]`)

// Every message that the code says is in the table, and the table has no
// other; both languages take the same arguments.
func TestMessages(t *testing.T) {
	used := formats(t)
	for _, f := range used {
		if _, ok := messages[f]; !ok {
			t.Errorf("%q is said and has no Indonesian", f)
		}
	}
	for f, m := range messages {
		if !slices.Contains(used, f) {
			t.Errorf("%q is in the table and never said", f)
		}
		if en, id := verbs.FindAllString(f, -1), verbs.FindAllString(m.id, -1); !slices.Equal(en, id) {
			t.Errorf("%q takes %v in English and %v in Indonesian", f, en, id)
		}
		if m.todoID == "" || m.todoEN == "" {
			t.Errorf("%q does not say what to do in both languages", f)
		}
	}
	if len(used) < 80 {
		t.Errorf("found %d messages in the code; want all", len(used))
	}
}

// formats are all strings with words given to the functions of saying.
func formats(t *testing.T) []string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{wrongDate: true, noEntry: true}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !saying[callee(call)] {
				return true
			}
			for _, arg := range call.Args {
				if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
					if s, err := strconv.Unquote(lit.Value); err == nil && strings.Contains(s, " ") {
						found[s] = true
						break // what follows are arguments
					}
				}
			}
			return true
		})
	}
	var out []string
	for f := range found {
		out = append(out, f)
	}
	return out
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}
