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
		return t.blank()
	}
	err := yaml.Load([]byte(t.body), out, yaml.WithKnownFields(), yaml.WithUniqueKeys())
	var many *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case err == nil:
		return nil
	case strings.HasSuffix(err.Error(), "no documents in stream"): // comments alone
		return t.blank()
	case strings.HasSuffix(err.Error(), "expected single document, found multiple"):
		return Problems{t.offset(max(0, strings.Index(t.body, "\n---")+1), "a line --- has no place here")}
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

// blank is the problem of a text that says nothing.
func (t text) blank() Problems {
	if strings.HasSuffix(t.file, ".md") {
		return Problems{t.at(1, 0, "nothing is written here")}
	}
	return Problems{t.at(1, 0, "the file is empty")}
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
	if m, known := unreadableYAML(e.Message); known {
		if m.here {
			at = e.Mark
		}
		return t.at(at.Line, at.Column, "this cannot be read: %s", m.why)
	}
	return t.at(at.Line, at.Column, "this cannot be read: %s", strings.ReplaceAll(e.Message, "!!", ""))
}

// A parserWord is what a message of the parser means to who writes; here says
// that the mistake is where the parser stopped, not where it began.
type parserWord struct {
	says string // what its message begins with
	why  phrase
	here bool
}

const (
	aTab     phrase = "a tab stands where spaces must stand"
	aStar    phrase = "text that begins with * or & must be in quotes"
	noDash   phrase = "the list goes on without its -"
	noIndent phrase = "the line does not begin below those before it, or something stands after a closing quote"
)

var parserWords = []parserWord{
	{"found a tab character", aTab, true},
	{"found character that cannot start any token", "a tab, @, %, or ` cannot stand here; use spaces, or put the text in quotes", true},
	{"mapping values are not allowed", "there is a second colon, or the line begins too far to the right; text with a colon must be in quotes", true},
	{"did not find expected key", noIndent, true},
	{"did not find expected '-' indicator", noDash, true},
	{"did not find expected ',' or ']'", "a comma or the closing ] is missing", false},
	{"did not find expected ',' or '}'", "a comma or the closing } is missing", false},
	{"found unexpected end of stream", "a quote is opened and not closed", false},
	{"block sequence entries are not allowed", "a list with - begins on a line of its own", true},
	{"could not find expected ':'", "a colon is missing", true},
	{"found unknown escape character", "a \\ within double quotes is written \\\\", true},
	{"unknown anchor", aStar, true},
	{"did not find expected alphabetic or numeric character", aStar, true},
	{"did not find expected node content", "a value is missing", true},
	{"did not find expected <document start>", "something stands after the end", true},
}

func unreadableYAML(message string) (parserWord, bool) {
	for _, m := range parserWords {
		if strings.HasPrefix(message, m.says) {
			return m, true
		}
	}
	return parserWord{}, false
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
