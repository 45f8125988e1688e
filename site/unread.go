package site

import (
	"path"
	"slices"
	"strings"
)

// endings are those that somebody may write for one that is read.
var endings = map[string]string{".md": ".md", ".markdown": ".md", ".yaml": ".yaml", ".yml": ".yaml"}

// checkUnread finds files of the content that nothing reads: a mistake where
// the ending tells what they should have been, else advice.
func (s *Site) checkUnread(src *sources) Problems {
	names, err := src.names()
	if err != nil {
		return nil // said already
	}
	var ps Problems
	for _, name := range names {
		ending := path.Ext(name)
		switch want := endings[strings.ToLower(ending)]; {
		case s.isRead(name):
		case want != "" && want != ending:
			ps = append(ps, wholeFile(name, "the ending %s is not read; want %s", ending, want))
		default:
			ps = append(ps, advise(wholeFile(name, "nothing reads this file")))
		}
	}
	return ps
}

// isRead tells whether a file is content, or belongs beside it: what is hidden,
// the guide, and the program that embeds the words.
func (s *Site) isRead(name string) bool {
	folder, base := path.Split(name)
	switch ending := path.Ext(name); {
	case strings.HasPrefix(name, "."), strings.Contains(name, "/."), strings.HasSuffix(name, "~"), name == "content.go":
		return true
	case ending == ".md", slices.Contains(pictureKinds, strings.ToLower(ending)), folder == "kata/" && ending == ".yaml":
		return true
	case folder == "data/" && ending == ".yaml":
		return s.data.targets()[strings.TrimSuffix(base, ending)] != nil
	}
	return false
}
