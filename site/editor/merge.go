package editor

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Values are what the editing page holds of a file: its keys, and the body of
// a page under bodyKey. A file that is a list stands under listKey.
type Values = map[string]any

const (
	bodyKey     = "body"
	listKey     = "daftar"
	originalKey = "asal" // the text that was opened, so that nothing of it is lost
)

// errForm is a file that is not of the form it should have.
var errForm = errors.New("the file has not the form that the generator reads")

// Read returns the values of a file's text: of a page (front matter and body)
// or of a data file.
func Read(text string, isPage bool) (Values, error) {
	text = ended(text)
	front, body := text, ""
	if isPage {
		var ok bool
		if front, body, ok = split(text); !ok {
			return Values{originalKey: text}, nil // no page, such as the editors' guide
		}
	}
	var v any
	if err := yaml.Load([]byte(front), &v); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	out, ok := plain(v).(map[string]any)
	if list, isList := plain(v).([]any); isList {
		out, ok = Values{listKey: list}, true
	}
	if !ok {
		return nil, errForm
	}
	if isPage {
		out[bodyKey] = body
	}
	out[originalKey] = text
	return out, nil
}

// Write returns the text with the values: the text that was opened, in which
// only what has another value is written anew. Comments, order and form of
// everything else stay byte for byte.
func Write(v Values, isPage bool) (string, error) {
	original, _ := v[originalKey].(string)
	original, v = ended(original), clean(v)
	front, body := original, ""
	if isPage {
		if original == "" {
			original = "---\n---\n"
		}
		var ok bool
		if front, body, ok = split(original); !ok {
			return "", errForm
		}
		if typed, ok := v[bodyKey].(string); ok && strings.TrimSpace(typed) != strings.TrimSpace(body) {
			lead := body[:len(body)-len(strings.TrimLeft(body, "\n"))]
			body = lead + strings.TrimSpace(typed) + "\n"
		}
		delete(v, bodyKey)
	}
	var value any = v
	if list, ok := v[listKey]; ok {
		value = list
	}
	want := maps.Clone(v)
	text, err := merge(front, value)
	if err != nil {
		return "", err
	}
	if isPage {
		text = "---\n" + text + "---\n" + body
	}
	return text, held(text, want, isPage)
}

// held reads what was written and compares: a file of a form that cannot be
// written like this is refused rather than damaged.
func held(text string, want Values, isPage bool) error {
	got, err := Read(text, isPage)
	if err != nil {
		return fmt.Errorf("%w: %w", errForm, err)
	}
	delete(got, originalKey)
	delete(got, bodyKey)
	if !same(map[string]any(got), map[string]any(want)) {
		return errForm
	}
	return nil
}

// ended gives back the end of the last line, which the page takes away.
func ended(text string) string {
	if text == "" || strings.HasSuffix(text, "\n") {
		return text
	}
	return text + "\n"
}

// split cuts a page into front matter and body.
func split(text string) (front, body string, ok bool) {
	rest, ok := strings.CutPrefix(text, "---\n")
	if strings.HasPrefix(rest, "---\n") {
		return "", strings.TrimPrefix(rest, "---\n"), ok
	}
	front, body, found := strings.Cut(rest, "\n---\n")
	return front + "\n", body, ok && found
}

// clean drops what the editing page keeps for itself and empty values, which
// a file leaves out.
func clean(v Values) Values {
	out := Values{}
	for k, x := range v {
		if k != originalKey {
			out[k] = x
		}
	}
	return out
}

// empty tells whether a value means the same as a key that is not there.
func empty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case bool:
		return !v
	case []any:
		return len(v) == 0
	case map[string]any:
		for _, x := range v {
			if !empty(x) {
				return false
			}
		}
		return true
	}
	return number(v) == 0
}

func number(v any) float64 {
	switch v := v.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	case int64:
		return float64(v)
	}
	return math.NaN()
}

// same compares values as both sides write them: numbers by value, dates and
// words as text, and what is empty like what is not there.
func same(a, b any) bool {
	if empty(a) || empty(b) {
		return empty(a) && empty(b)
	}
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		return ok && sameMap(a, b)
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, same)
	}
	if x, y := number(a), number(b); !math.IsNaN(x) && !math.IsNaN(y) {
		return x == y
	}
	return reflect.DeepEqual(a, b) || fmt.Sprint(a) == fmt.Sprint(b)
}

func sameMap(a, b map[string]any) bool {
	for k := range a {
		if !same(a[k], b[k]) {
			return false
		}
	}
	for k := range b {
		if _, ok := a[k]; !ok && !empty(b[k]) {
			return false
		}
	}
	return true
}

// plain is a YAML value as JSON has it.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = plain(v[k])
		}
		return v
	case map[any]any:
		out := map[string]any{}
		for k, x := range v {
			out[fmt.Sprint(k)] = plain(x)
		}
		return out
	case []any:
		for i := range v {
			v[i] = plain(v[i])
		}
		return v
	case interface{ Format(string) string }: // a date
		return v.Format("2006-01-02")
	}
	return v
}

// A span is one entry of the file's top level with the lines it stands on.
type span struct {
	key        string // empty in a list
	value      *yaml.Node
	start, end int // lines from 0, end excluded; blank lines and comments after it belong to what follows
}

// merge writes a mapping or list into the text of one.
func merge(text string, value any) (string, error) {
	lines := strings.SplitAfter(text, "\n")
	spans, isList, err := spansOf(text, lines)
	if err != nil {
		return "", err
	}
	if list, ok := value.([]any); ok {
		if len(spans) > 0 && !isList {
			return "", errForm
		}
		return mergeList(lines, spans, list)
	}
	fields, ok := value.(map[string]any)
	if !ok || isList {
		return "", errForm
	}
	return mergeMap(lines, spans, fields)
}

// otherBreaks tells whether a text has line breaks that YAML knows and we do not
// split at: then its lines are not ours.
func otherBreaks(text string) bool {
	return strings.ContainsAny(strings.ReplaceAll(text, "\r\n", "\n"), "\r\u0085\u2028\u2029")
}

func spansOf(text string, lines []string) (out []span, isList bool, err error) {
	if strings.TrimSpace(text) == "" {
		return nil, false, nil
	}
	if otherBreaks(text) {
		return nil, false, errForm
	}
	var doc yaml.Node
	if err := yaml.Load([]byte(text), &doc); err != nil {
		return nil, false, fmt.Errorf("read: %w", err)
	}
	if len(doc.Content) == 0 {
		return nil, false, nil
	}
	root := doc.Content[0]
	switch {
	case root.Style&yaml.FlowStyle != 0:
		return nil, false, errForm
	case root.Kind == yaml.SequenceNode:
		isList = true
		for _, n := range root.Content {
			out = append(out, span{value: n, start: n.Line - 1})
		}
	case root.Kind == yaml.MappingNode:
		for i := 0; i+1 < len(root.Content); i += 2 {
			if root.Content[i].ShortTag() != "!!str" {
				return nil, false, errForm // 00 and '0' are two keys, and one word
			}
			out = append(out, span{key: root.Content[i].Value, value: root.Content[i+1], start: root.Content[i].Line - 1})
		}
	default:
		return nil, false, errForm
	}
	for i := range out {
		alone(out[i].value)
		end := len(lines)
		if i+1 < len(out) {
			end = out[i+1].start
		}
		for end > out[i].start+1 && blank(lines[end-1]) {
			end--
		}
		out[i].end = end
	}
	return out, isList, nil
}

// alone takes away the comments around an entry: their lines are kept as text.
func alone(n *yaml.Node) {
	n.HeadComment, n.FootComment = "", ""
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 {
		n.Content[0].HeadComment = ""
		n.Content[len(n.Content)-2].FootComment = ""
	}
}

func blank(line string) bool {
	t := strings.TrimSpace(line)
	return t == "" || strings.HasPrefix(t, "#") && !strings.HasPrefix(line, " ")
}

func mergeMap(lines []string, spans []span, fields map[string]any) (string, error) {
	var out strings.Builder
	at := 0
	for _, s := range spans {
		out.WriteString(strings.Join(lines[at:s.start], ""))
		at = s.end
		text, err := entry(lines, s, fields[s.key])
		if err != nil {
			return "", err
		}
		out.WriteString(text)
		delete(fields, s.key)
	}
	out.WriteString(strings.Join(lines[at:], ""))
	var added []string
	for k, v := range fields {
		if !empty(v) {
			added = append(added, k)
		}
	}
	slices.Sort(added)
	for _, k := range added {
		text, err := encode(map[string]any{k: prune(fields[k])})
		if err != nil {
			return "", err
		}
		out.WriteString(text)
	}
	return out.String(), nil
}

// entry is the text of one key: as it was, or written anew.
func entry(lines []string, s span, v any) (string, error) {
	var old any
	if err := s.value.Load(&old); err != nil {
		return "", fmt.Errorf("read %s: %w", s.key, err)
	}
	switch {
	case same(plain(old), v):
		return strings.Join(lines[s.start:s.end], ""), nil
	case empty(v):
		return "", nil
	}
	apply(s.value, v)
	return encode(&yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: s.key}, s.value}})
}

// mergeList keeps each entry that has its value in the new list, in the new order.
func mergeList(lines []string, spans []span, list []any) (string, error) {
	var out strings.Builder
	head := len(lines)
	if len(spans) > 0 {
		head = spans[0].start
	}
	out.WriteString(strings.Join(lines[:head], ""))
	used := make([]bool, len(spans))
	for i, v := range list {
		k := pick(spans, used, i, v)
		if k < 0 {
			text, err := encode([]any{prune(v)})
			if err != nil {
				return "", err
			}
			out.WriteString(text)
			continue
		}
		used[k] = true
		text, err := element(lines, spans, k, v)
		if err != nil {
			return "", err
		}
		out.WriteString(text)
	}
	if len(spans) > 0 {
		out.WriteString(strings.Join(lines[spans[len(spans)-1].end:], ""))
	}
	return out.String(), nil
}

// pick finds the entry that a new value comes from: the equal one, else one
// with the same code, else that of the same place.
func pick(spans []span, used []bool, i int, v any) int {
	for _, match := range []func(old any) bool{
		func(old any) bool { return same(old, v) },
		func(old any) bool { return codeOf(old) != "" && codeOf(old) == codeOf(v) },
	} {
		for k, s := range spans {
			var old any
			if !used[k] && s.value.Load(&old) == nil && match(plain(old)) {
				return k
			}
		}
	}
	if i < len(spans) && !used[i] && codeOf(v) == "" {
		return i
	}
	return -1
}

func codeOf(v any) string {
	m, _ := v.(map[string]any)
	for _, key := range []string{"code", "slot", "date"} {
		if s, ok := m[key].(string); ok && s != "" {
			return s
		}
	}
	return ""
}

// element is the text of one entry of a list with the comment lines before it.
func element(lines []string, spans []span, k int, v any) (string, error) {
	before := ""
	if k > 0 {
		before = strings.Join(lines[spans[k-1].end:spans[k].start], "")
	}
	var old any
	if err := spans[k].value.Load(&old); err != nil {
		return "", fmt.Errorf("read: %w", err)
	}
	if same(plain(old), v) {
		return before + strings.Join(lines[spans[k].start:spans[k].end], ""), nil
	}
	apply(spans[k].value, v)
	text, err := encode(&yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{spans[k].value}})
	return before + text, err
}

// apply gives a node another value and keeps what has not changed of it.
func apply(n *yaml.Node, v any) {
	var old any
	if n.Load(&old) == nil && same(plain(old), v) {
		return
	}
	fields, isMap := v.(map[string]any)
	list, isList := v.([]any)
	switch {
	case isMap && n.Kind == yaml.MappingNode:
		applyMap(n, fields)
	case isList && n.Kind == yaml.SequenceNode:
		applyList(n, list)
	default:
		fresh := node(prune(v))
		if n.Kind == yaml.ScalarNode && fresh.Kind == yaml.ScalarNode {
			fresh.Style = n.Style
			if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
				fresh.Tag = "!!str"
			}
		}
		fresh.HeadComment, fresh.LineComment, fresh.FootComment = n.HeadComment, n.LineComment, n.FootComment
		*n = *fresh
	}
}

func applyMap(n *yaml.Node, fields map[string]any) {
	var kept []*yaml.Node
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		seen[key.Value] = true
		if empty(fields[key.Value]) {
			continue
		}
		apply(value, fields[key.Value])
		kept = append(kept, key, value)
	}
	var added []string
	for k, v := range fields {
		if !seen[k] && !empty(v) {
			added = append(added, k)
		}
	}
	slices.Sort(added)
	for _, k := range added {
		kept = append(kept, &yaml.Node{Kind: yaml.ScalarNode, Value: k}, node(prune(fields[k])))
	}
	n.Content = kept
}

func applyList(n *yaml.Node, list []any) {
	spans := make([]span, len(n.Content))
	for i, c := range n.Content {
		spans[i].value = c
	}
	used := make([]bool, len(spans))
	var out []*yaml.Node
	for i, v := range list {
		k := pick(spans, used, i, v)
		if k < 0 {
			out = append(out, node(prune(v)))
			continue
		}
		used[k] = true
		apply(spans[k].value, v)
		out = append(out, spans[k].value)
	}
	n.Content = out
}

// prune drops what is empty, as our files do.
func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			if !empty(x) {
				out[k] = prune(x)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = prune(x)
		}
		return out
	case float64:
		if v == math.Trunc(v) {
			return int64(v)
		}
	}
	return v
}

func node(v any) *yaml.Node {
	var n yaml.Node
	b, err := encode(v)
	if err == nil {
		err = yaml.Load([]byte(b), &n)
	}
	if err != nil || len(n.Content) == 0 {
		return &yaml.Node{Kind: yaml.ScalarNode, Value: fmt.Sprint(v)}
	}
	return n.Content[0]
}

func encode(v any) (string, error) {
	var b bytes.Buffer
	e, err := yaml.NewDumper(&b, yaml.WithIndent(2), yaml.WithLineWidth(-1), yaml.WithCompactSeqIndent(false))
	if err == nil {
		err = errors.Join(e.Dump(v), e.Close())
	}
	if err != nil {
		return "", fmt.Errorf("write: %w", err)
	}
	return b.String(), nil
}

// fromJSON reads the values that the page sends.
func fromJSON(b []byte) (Values, error) {
	var v Values
	if err := json.Unmarshal(b, &v); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return v, nil
}
