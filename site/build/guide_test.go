package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// blocks of the guide: commands (sh), edits (diff) and what the last command
// printed (text).
var blocks = regexp.MustCompile("(?s)\n```(sh|diff|text)\n(.*?)```")

var arguments = regexp.MustCompile(`"([^"]*)"|(\S+)`)

// The steps of the editors' guide do what it says they do.
func TestGuide(t *testing.T) {
	guide, err := os.ReadFile("../../content/EDITORS.md")
	if err != nil {
		t.Fatal(err)
	}
	e := copyContent(t)
	said, commands, edits := "", 0, 0
	for _, b := range blocks.FindAllStringSubmatch(string(guide), -1) {
		switch b[1] {
		case "sh":
			commands++
			said = e.guided(t, b[2])
		case "diff":
			edits++
			e.guidedEdit(t, b[2])
		case "text":
			for line := range strings.Lines(b[2]) {
				if want := strings.TrimSpace(line); !strings.Contains(said, want) {
					t.Errorf("the last command does not print %q:\n%s", want, said)
				}
			}
		}
	}
	if commands < 8 || edits < 7 {
		t.Errorf("the guide has %d commands and %d edits; want all to be found", commands, edits)
	}
}

// guided runs a command of the guide on the copy.
func (e edited) guided(t *testing.T, command string) string {
	t.Helper()
	rest, ok := strings.CutPrefix(strings.TrimSpace(command), "go run ./site/build ")
	if !ok {
		t.Fatalf("%q is no command of this program", command)
	}
	var args []string
	for _, m := range arguments.FindAllStringSubmatch(rest, -1) {
		args = append(args, m[1]+m[2])
	}
	out, report, err := e.call(args...)
	if err != nil && report != "" {
		t.Fatalf("%s = %v\n%s", command, err, report)
	}
	return out
}

// guidedEdit changes lines as a diff of the guide shows.
func (e edited) guidedEdit(t *testing.T, diff string) {
	t.Helper()
	lines := strings.Split(strings.TrimRight(diff, "\n"), "\n")
	name, ok := strings.CutPrefix(lines[0], "--- content/")
	if !ok {
		t.Fatalf("the edit names no file:\n%s", diff)
	}
	var old, now []string
	for _, l := range lines[1:] {
		if rest, gone := strings.CutPrefix(l, "-"); gone {
			old = append(old, rest)
		} else {
			now = append(now, strings.TrimPrefix(l, "+"))
		}
	}
	e.replace(name, strings.Join(old, "\n"), strings.Join(now, "\n"))
}
