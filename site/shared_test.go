package site

import (
	"bytes"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"lapakasik/site/requirement"
)

// What other pages may show of a page is in its digest: every field of the
// front matter but those that only the page itself shows.
func TestShared(t *testing.T) {
	own := []string{"Description", "Keywords", "Reviewed", "ReviewEvery", "Sources"}
	values := map[string]any{"string": "x", "int": 3, "bool": true, "[]string": []string{"x"}, "requirement.Date": requirement.Date("x"), "requirement.Applicant": requirement.Heir,
		"[]site.source": make([]source, 1), "[]site.changeNote": make([]changeNote, 1), "[]requirement.Channel": make([]requirement.Channel, 1),
		"[]requirement.Rule": make([]requirement.Rule, 1), "[]requirement.List": make([]requirement.List, 1)}
	names := []string{"a.md", "a/b.md"} // so that the title is in crumbs
	digestOf := func(f front) digest {
		return (&document{name: "a.md", path: "/a/", lang: requirement.ID, front: f}).shared(names)
	}
	seen := map[digest]string{digestOf(front{}): "nothing"}
	for i := range reflect.TypeFor[front]().NumField() {
		var f front
		field := reflect.ValueOf(&f).Elem().Field(i)
		value, ok := values[field.Type().String()]
		name := reflect.TypeFor[front]().Field(i).Name
		if !ok {
			t.Fatalf("%s has a type that this test has no value for: %s", name, field.Type())
		}
		field.Set(reflect.ValueOf(value))
		if same, ok := seen[digestOf(f)]; ok != slices.Contains(own, name) {
			t.Errorf("with %s the digest is that of %q", name, same)
		}
		seen[digestOf(f)] = name
	}
}

// The running program has an ID of the go command; what is no program, and a
// program of another builder, has none.
func TestBuildID(t *testing.T) {
	b, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skip("no /proc")
	}
	id := buildID(bytes.NewReader(b))
	if strings.Count(id, "/") != 3 {
		t.Errorf("buildID = %q", id)
	}
	other := bytes.Replace(b, []byte(id), bytes.Repeat([]byte("x"), len(id)), 1)
	if got := buildID(bytes.NewReader(other)); got != "" {
		t.Errorf("buildID of another builder = %q", got)
	}
	if got := buildID(strings.NewReader("#!/bin/sh\n")); got != "" {
		t.Errorf("buildID of a script = %q", got)
	}
}
