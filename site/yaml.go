package site

import (
	"errors"
	"regexp"
	"strconv"
	"strings"

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
	return Problems{t.at(1, 0, "%s", plain(err.Error()))}
}

// loadProblem is at what the parser was reading when it could not go on.
func (t text) loadProblem(e *yaml.LoadError) Problem {
	at := e.Mark
	if e.ContextMark.Line > 0 {
		at = e.ContextMark
	}
	message := otherLine.ReplaceAllStringFunc(plain(e.Message), func(s string) string {
		n, _ := strconv.Atoi(otherLine.FindStringSubmatch(s)[1]) // digits
		return "at line " + strconv.Itoa(n+t.first-1)
	})
	return t.at(at.Line, at.Column, "%s", message)
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
	otherLine = regexp.MustCompile(`at line (\d+)$`)
	wrongType = regexp.MustCompile("^cannot construct !!(\\w+)( `.*`)? into (\\S+)$")
	kindWords = map[string]string{"seq": "a list", "map": "keys with values", "str": "text", "int": "a whole number",
		"float": "a number", "bool": "true or false", "null": "nothing", "timestamp": "a date"}
)

// plain says the parser's message without Go's types.
func plain(message string) string {
	if name, _, ok := strings.Cut(message, " not found in type"); ok {
		return strings.Replace(name, "field", "unknown key", 1)
	}
	m := wrongType.FindStringSubmatch(message)
	if m == nil {
		return strings.ReplaceAll(message, "!!", "")
	}
	return "want " + typeWords(m[3]) + ", found " + kindWords[m[1]] + strings.ReplaceAll(m[2], "`", `"`)
}

func typeWords(goType string) string {
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
