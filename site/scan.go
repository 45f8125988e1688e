package site

import (
	"bytes"
	"html"
)

// scanTags calls f with the attributes of every start tag of a page, in order.
// It reads what our templates and the markdown renderer write, several times
// as fast as a parser for the HTML of strangers; a test holds it against one.
func scanTags(page []byte, f func(key, value []byte)) {
	for {
		i := bytes.IndexByte(page, '<')
		if i < 0 || i+1 == len(page) {
			return
		}
		page = page[i+1:]
		switch c := page[0]; {
		case bytes.HasPrefix(page, []byte("!--")):
			page = after(page, "-->")
		case c == '!' || c == '/' || c == '?':
			page = after(page, ">")
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
			page = scanTag(page, f)
		}
	}
}

// scanTag reads a tag from its name on and returns what follows it and, where
// its content is no markup, what follows that.
func scanTag(page []byte, f func(key, value []byte)) []byte {
	n := run(page, space|slash|angle)
	name := page[:n]
	for page = page[n:]; ; {
		for len(page) > 0 && letters[page[0]]&(space|slash) != 0 {
			page = page[1:]
		}
		if len(page) == 0 {
			return nil
		}
		if page[0] == '>' {
			break
		}
		var key, value []byte
		key, value, page = scanAttribute(page)
		if bytes.IndexByte(value, '&') >= 0 {
			value = []byte(html.UnescapeString(string(value)))
		}
		f(key, value)
	}
	switch string(name) {
	case "style", "script", "title", "textarea":
		return after(page, "</"+string(name))
	}
	return page[1:]
}

// scanAttribute reads one attribute and returns what follows it.
func scanAttribute(page []byte) (key, value, rest []byte) {
	n := run(page[1:], space|slash|angle|equals) + 1 // a name may start with "="
	key, rest = page[:n], trimSpace(page[n:])
	if len(rest) == 0 || rest[0] != '=' {
		return key, nil, rest
	}
	rest = trimSpace(rest[1:])
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		quote := rest[0]
		if n = bytes.IndexByte(rest[1:], quote); n < 0 {
			return key, nil, nil
		}
		return key, rest[1 : 1+n], rest[2+n:]
	}
	if n = run(rest, space|angle); n == len(rest) {
		return key, nil, nil
	}
	return key, rest[:n], rest[n:]
}

// Letters that end something in a tag.
const (
	space = 1 << iota
	slash
	angle
	equals
)

var letters = [256]uint8{' ': space, '\t': space, '\n': space, '\r': space, '\f': space, '/': slash, '>': angle, '=': equals}

// run returns how many bytes come before the first of a kind.
func run(b []byte, kinds uint8) int {
	for i, c := range b {
		if letters[c]&kinds != 0 {
			return i
		}
	}
	return len(b)
}

func trimSpace(b []byte) []byte {
	for len(b) > 0 && letters[b[0]] == space {
		b = b[1:]
	}
	return b
}

// after returns what follows the first mark, nothing without one.
func after(b []byte, mark string) []byte {
	i := bytes.Index(b, []byte(mark))
	if i < 0 {
		return nil
	}
	return b[i+len(mark):]
}
