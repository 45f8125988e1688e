package site_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"lapakasik/site/requirement"
)

var (
	mainPart = regexp.MustCompile(`(?s)<main.*</main>`)
	unseen   = regexp.MustCompile(`(?s)<svg.*?</svg>|<[^>]*>`)
)

// Whatever term a page of the content uses, in prose, in a title or in a list
// that is made from data, is explained on it.
func TestEveryTermIsExplained(t *testing.T) {
	body, err := os.ReadFile("../content/data/istilah.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var terms []struct {
		Code string
		Term requirement.Text
	}
	if err := yaml.Unmarshal(body, &terms); err != nil {
		t.Fatal(err)
	}
	files := build(t, real(t)).Files
	seen := 0
	for name, b := range files {
		shown := mainPart.FindString(string(b))
		if shown == "" || strings.HasSuffix(name, "istilah/index.html") || strings.Contains(name, "/cetak/") {
			continue
		}
		lang := requirement.ID
		if strings.HasPrefix(name, "en/") {
			lang = requirement.EN
		}
		text, _, _ := strings.Cut(shown, `id="sumber"`)
		text = unseen.ReplaceAllString(text, " ")
		for _, x := range terms {
			word := x.Term.In(lang)
			if word == "" || word != strings.ToUpper(word) || !regexp.MustCompile(`\b`+word+`\b`).MatchString(text) {
				continue
			}
			seen++
			if !strings.Contains(shown, `istilah/#`+x.Code+`"`) {
				t.Errorf("%s uses %s and does not explain it", name, word)
			}
		}
	}
	if seen < 100 {
		t.Errorf("this shows nothing: %d terms in %d files", seen, len(files))
	}
}
