package site

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// decode reads YAML into out. Unknown keys, wrong types and keys given twice
// are problems with their places.
func (t text) decode(out any) Problems {
	if strings.TrimSpace(t.body) == "" {
		return Problems{t.at(1, 0, "nothing is written here")}
	}
	err := yaml.Load([]byte(t.body), out, yaml.WithKnownFields(), yaml.WithUniqueKeys())
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &many):
		var ps Problems
		for _, e := range many.Errors {
			ps = append(ps, t.loadProblem(e))
		}
		return ps
	case errors.As(err, &one):
		return Problems{t.loadProblem(one)}
	}
	return Problems{t.at(1, 0, "this cannot be read: %s", err.Error())}
}

// loadProblem is at what the parser was reading when it could not go on.
func (t text) loadProblem(e *yaml.LoadError) Problem {
	at := e.Mark
	if e.ContextMark.Line > 0 {
		at = e.ContextMark
	}
	if name, _, ok := strings.Cut(e.Message, " not found in type"); ok {
		return t.at(at.Line, at.Column, "unknown key %s", strings.TrimPrefix(name, "field "))
	}
	if m := wrongType().FindStringSubmatch(e.Message); m != nil {
		return t.at(at.Line, at.Column, "want %s, found %s%s", typeWords(m[3]), kindWords[m[1]], strings.ReplaceAll(m[2], "`", `"`))
	}
	if m := keyTwice().FindStringSubmatch(e.Message); m != nil {
		n, _ := strconv.Atoi(m[2]) // digits
		return t.at(at.Line, at.Column, "key %s is already given at line %d", m[1], n+t.first-1)
	}
	return t.at(at.Line, at.Column, "this cannot be read: %s", strings.ReplaceAll(e.Message, "!!", ""))
}

// A way leads to a value of a YAML file by keys (string) and positions in a
// list (int).
type way []any

// in returns a problem at a value of the YAML. Where the way ends early, as
// for a key that is missing, the problem is at the last place there is.
func (t text) in(w way, format string, args ...any) Problem {
	var n yaml.Node
	if err := yaml.Load([]byte(t.body), &n); err != nil {
		return t.at(1, 0, format, args...)
	}
	at := &n
	if at.Kind == yaml.DocumentNode && len(at.Content) > 0 {
		at = at.Content[0]
	}
	for _, step := range w {
		next := child(at, step)
		if next == nil {
			break
		}
		at = next
	}
	return t.at(at.Line, at.Column, format, args...)
}

func child(n *yaml.Node, step any) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch step := step.(type) {
	case int:
		if n.Kind == yaml.SequenceNode && step < len(n.Content) {
			return n.Content[step]
		}
	case string:
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == step {
				return n.Content[i+1]
			}
		}
	}
	return nil
}

var (
	keyTwice  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^mapping key "(.*)" already defined at line (\d+)$`) })
	wrongType = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^cannot construct !!(\\w+)( `.*`)? into (\\S+)$") })
	kindWords = map[string]phrase{"seq": "a list", "map": "keys with values", "str": "text", "int": "a whole number",
		"float": "a number", "bool": "true or false", "null": "nothing", "timestamp": "a date"}
)

func typeWords(goType string) phrase {
	switch {
	case strings.HasPrefix(goType, "[]"):
		return kindWords["seq"]
	case goType == "string", goType == "requirement.Date", goType == "requirement.Channel", goType == "requirement.Applicant",
		goType == "requirement.Basis", goType == "requirement.Need", goType == "requirement.RuleKind", goType == "requirement.QuestionKind":
		return kindWords["str"]
	case kindWords[goType] != "":
		return kindWords[goType]
	}
	return kindWords["map"]
}
