package site_test

import (
	"strings"
	"testing"
)

func TestPlainLanguage(t *testing.T) {
	sentence := func(n int) string { return strings.Repeat("kata ", n-1) + "kata." }
	for _, tt := range []struct{ name, file, body, want string }{
		{"25 words", "gratis.md", sentence(25), ""},
		{"26 words", "gratis.md", sentence(26), "gratis.md:7:1: advice: a sentence of 26 words; want at most 25"},
		{"second sentence", "gratis.md", "Satu. " + sentence(26), "gratis.md:7:7: advice: a sentence of 26 words; want at most 25"},
		{"two sentences", "gratis.md", sentence(20) + " " + sentence(20), ""},
		{"behind a good one with the same word", "gratis.md", "Kata lain katakan.\n\n## Kata lain\n\nSebentar.\n\n" + sentence(26), "gratis.md:13:1: advice: a sentence of 26 words; want at most 25"},
		{"with a word in bold first", "gratis.md", "## Anda di sini\n\nAnda datang. Kata **Anda** benar. **Anda** " + sentence(26), "gratis.md:9:37: advice: a sentence of 27 words; want at most 25"},
		{"over two lines of a quote", "gratis.md", "Kata kata.\n\n> Satu dua.\n> Kata " + sentence(26), "gratis.md:10:3: advice: a sentence of 27 words; want at most 25"},
		{"behind a table", "gratis.md", "| Kata | kata |\n|---|---|\n| Ini | `Ini` |\n\nItu `Kata` dan [Kata](/klaim/).\n\nIni " + sentence(26), "gratis.md:13:1: advice: a sentence of 27 words; want at most 25"},
		{"in a list", "gratis.md", "- " + sentence(26), "gratis.md:7:3: advice: a sentence of 26 words; want at most 25"},
		{"long word", "gratis.md", "Ini pertanggungjawabannya.", `gratis.md:7:5: advice: the word "pertanggungjawabannya" has 7 syllables; want at most 6`},
		{"diphthong", "gratis.md", "Ini pertanggungjawabai.", ""},
		{"abbreviation", "gratis.md", "Ini AEIOUAEIOU.", ""},
		{"English word", "gratis.en.md", "Your responsibilities matter.", `gratis.en.md:6:6: advice: the word "responsibilities" has 6 syllables; want at most 5`},
		{"silent e", "gratis.en.md", "The unquestionableness there.", `gratis.en.md:6:5: advice: the word "unquestionableness" has 6 syllables; want at most 5`},
		{"code", "gratis.md", "Tulis `pertanggungjawabannya`.", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			text := map[string]string{"gratis.md": plainPage, "gratis.en.md": plainPageEN}[tt.file]
			text = text[:strings.LastIndex(text, "\n\n")+2] + tt.body + "\n"
			other := map[string]string{"gratis.md": "gratis.en.md", "gratis.en.md": "gratis.md"}[tt.file]
			if got := on(t, small(map[string]string{tt.file: text, other: asLong(string(small(nil)[other].Data), tt.body)}), ""); got != tt.want {
				t.Errorf("Check:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// Limits that cannot be read give no advice: only what is wrong with them is told.
func TestNoLimitsNoAdvice(t *testing.T) {
	long := map[string]string{"gratis.md": strings.Replace(plainPage, "Teks.", strings.Repeat("kata ", 40)+"pertanggungjawabannya.", 1)}
	for text, want := range map[string]string{
		"": "data/bahasa.yaml: the file is missing",
		"sentence_words: dua\nsyllables: {id: 6, en: 5}\n":                                        `data/bahasa.yaml:1:17: want a whole number, found text "dua"`,
		"sentence_words: 25\nsyllables: {en: 5}\nallowed: {en: [automatically, accessibility]}\n": "data/bahasa.yaml:2:12: id is 0; want at least 1",
	} {
		long["data/bahasa.yaml"] = text
		if got := on(t, small(long), ""); got != want {
			t.Errorf("Check with %q:\n%s\nwant:\n%s", text, got, want)
		}
	}
}

// A term is explained where it first stands in the prose of a page, once.
func TestTerms(t *testing.T) {
	const link = `<a href="/istilah/#jht">JHT</a>`
	for _, tt := range []struct{ name, body, want string }{
		{"first use", "Saldo JHT, lalu JHT lagi.", "<p>Saldo " + link + " (tabungan), lalu JHT lagi.</p>"},
		{"in bold", "Saldo **JHT** lagi.", "<p>Saldo <strong>" + link + " (tabungan)</strong> lagi.</p>"},
		{"explained by the text", "Jaminan (JHT) itu. JHT (uang) ini.", "<p>Jaminan (" + link + ") itu. JHT (uang) ini.</p>"},
		{"part of a word", "JHTX, X-JHT dan JHT.", "<p>JHTX, X-JHT dan " + link + " (tabungan).</p>"},
		{"not in links and code", "[JHT](/klaim/) dan `JHT` lalu JHT.", `<p><a href="/klaim/">JHT</a> dan <code>JHT</code> lalu ` + link + ` (tabungan).</p>`},
		{"not in headings", "## JHT\n\nSaldo JHT.", "<p>Saldo " + link + " (tabungan).</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := small(map[string]string{"gratis.md": strings.Replace(plainPage, "Teks.", tt.body, 1), "gratis.en.md": asLong(plainPageEN, tt.body)})
			mustHold(t, build(t, fsys), "gratis/index.html", tt.want)
			mustHold(t, build(t, fsys), "istilah/index.html", `<h2 id="jht">JHT</h2>`, "Tabungan. Tabungan.")
		})
	}
}
