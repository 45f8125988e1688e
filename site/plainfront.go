package site

import (
	"strconv"
	"strings"

	"lapakasik/site/requirement"
)

// decodeSimple reads front matter that has nothing but a word, a number or a
// day behind each key, as that of most pages, many times as fast as a parser
// for all YAML. It says no to all else, and to what may be a mistake: then the
// parser decides, and nothing has been changed.
//
//	title: "Cara mengantre"
//	reviewed: 2026-11-20
func (f *front) decodeSimple(s string) bool {
	out := *f
	seen := map[string]bool{}
	for line := range strings.Lines(s) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !ok || seen[key] || !out.setSimple(key, value) {
			return false
		}
		seen[key] = true
	}
	if len(seen) == 0 {
		return false
	}
	*f = out
	return true
}

// setSimple sets what a key stands for.
func (f *front) setSimple(key, value string) bool {
	switch key {
	case "title":
		return setText(&f.Title, value)
	case "description":
		return setText(&f.Description, value)
	case "keywords":
		return setText(&f.Keywords, value)
	case "situation":
		return setText(&f.Situation, value)
	case "kind":
		return setText(&f.Kind, value)
	case "programme":
		return setText(&f.Programme, value)
	case "order":
		return setNumber(&f.Order, value)
	case "review_every_days":
		return setNumber(&f.ReviewEvery, value)
	case "reviewed":
		return setDay(&f.Reviewed, value)
	case "publish":
		return setDay(&f.Publish, value)
	case "expires":
		return setDay(&f.Expires, value)
	}
	return false
}

// setText reads "words" with nothing escaped, or a word that is nothing else.
func setText(to *string, s string) bool {
	quoted := len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"'
	if quoted {
		s = s[1 : len(s)-1]
	}
	for i := range len(s) {
		c := s[i]
		isPlain := isASCIILetter(c) || i > 0 && i < len(s)-1 && c == ' ' || i > 0 && (c == '.' || c == ',')
		if !isPlain && (!quoted || c < ' ' || c > '~' || c == '"' || c == '\\') {
			return false
		}
	}
	if !quoted && (s == "" || meansOther[strings.ToLower(s)]) {
		return false
	}
	*to = s
	return true
}

// meansOther are the words that some version of YAML takes for no text.
var meansOther = map[string]bool{"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true, "y": true, "n": true, "null": true}

func setNumber(to *int, s string) bool {
	n, err := strconv.Atoi(s)
	if err != nil || strconv.Itoa(n) != s {
		return false
	}
	*to = n
	return true
}

func setDay(to *requirement.Date, s string) bool {
	if _, err := requirement.ParseDate(s); err != nil {
		return false
	}
	*to = requirement.Date(s)
	return true
}
