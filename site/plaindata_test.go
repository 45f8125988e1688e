package site_test

import (
	"strings"
	"testing"
)

// What people read besides the prose of documents is held to plain language too.
func TestPlainData(t *testing.T) {
	long := strings.Repeat("kata ", 25) + "kata."
	const advice = "advice: a sentence of 26 words; want at most 25"
	for _, tt := range []struct{ name, file, old, now, want string }{
		{"help of a document", "data/dokumen.yaml", "{code: ktp, title: {id: KTP, en: ID card}, help: {id: Foto., ", "{code: ktp, title: {id: KTP, en: ID card}, help: {id: " + long + ", ", "data/dokumen.yaml:1:57: " + advice},
		{"refusal of a rule", "klaim/pindah.md", "id: Tunggu dulu.", "id: " + long, "klaim/pindah.md:18:19: " + advice},
		{"meaning of a term", "data/istilah.yaml", "{id: Tabungan.,", "{id: " + long + ",", "data/istilah.yaml:1:91: " + advice},
		{"text of a consent", "data/persetujuan.yaml", "{id: Setuju.,", "{id: " + long + ",", "data/persetujuan.yaml:1:41: " + advice},
		{"description of a page", "gratis.md", "description: ", "description: " + strings.Repeat("kata ", 25) + "dan ", "gratis.md:3:14: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := on(t, small(map[string]string{tt.file: with(t, tt.file, tt.old, tt.now)}), ""); !strings.HasPrefix(got, tt.want) {
				t.Errorf("Check:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}
