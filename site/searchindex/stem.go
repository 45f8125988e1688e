package searchindex

import "strings"

// shortest is how many letters a stem keeps at least.
const shortest = 4

var (
	particles   = []string{"lah", "kah", "pun"}
	possessives = []string{"nya", "ku", "mu"}
	endings     = []string{"kan", "an", "i"}
	beginnings  = []struct{ cut, put string }{
		{"memper", ""}, {"menge", ""}, {"meny", "s"}, {"meng", ""}, {"mem", ""}, {"men", ""}, {"me", ""},
		{"penge", ""}, {"peny", "s"}, {"peng", ""}, {"pem", ""}, {"pen", ""}, {"per", ""}, {"pe", ""},
		{"diper", ""}, {"di", ""}, {"ter", ""}, {"ber", ""}, {"ke", ""}, {"se", ""},
	}
	englishEndings = []struct{ cut, put string }{{"ies", "y"}, {"sses", "ss"}, {"ing", ""}, {"ed", ""}, {"es", ""}, {"s", ""}}
)

// stem cuts what changes between forms of a word, in small letters.
func stem(lang, w string) string {
	if lang == "en" {
		return stemEnglish(w)
	}
	for _, list := range [][]string{particles, possessives, endings} {
		w = cutEnding(w, list)
	}
	for _, b := range beginnings {
		if rest, ok := strings.CutPrefix(w, b.cut); ok && len(rest)+len(b.put) >= shortest {
			return b.put + rest
		}
	}
	return w
}

func cutEnding(w string, list []string) string {
	for _, e := range list {
		if rest, ok := strings.CutSuffix(w, e); ok && len(rest) >= shortest {
			return rest
		}
	}
	return w
}

func stemEnglish(w string) string {
	for _, e := range englishEndings {
		if rest, ok := strings.CutSuffix(w, e.cut); ok && len(rest)+len(e.put) >= shortest && !strings.HasSuffix(w, "ss") {
			return strings.TrimSuffix(rest+e.put, "e")
		}
	}
	return strings.TrimSuffix(w, "e")
}
