package site_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/site"
	"lapakasik/site/requirement"
)

// problems builds a site that is wrong and returns what is reported.
func problems(t testing.TB, fsys fstest.MapFS) string {
	t.Helper()
	_, err := site.Build(context.Background(), fsys, site.Options{})
	if err == nil {
		return ""
	}
	var ps site.Problems
	if !errors.As(err, &ps) {
		t.Fatalf("Build = %v; want Problems", err)
	}
	var lines []string
	for _, p := range ps {
		p.Excerpt, p.Todo = "", requirement.Text{}
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

func checkProblems(t *testing.T, tests []problemTest) {
	t.Helper()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := problems(t, small(tt.edits(t))); got != tt.want {
				t.Errorf("problems:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// A problemTest is one change to the small site: words replaced in a file, or
// with old empty the whole file.
type problemTest struct{ name, file, old, now, want string }

func (tt problemTest) edits(t testing.TB) map[string]string {
	if tt.old == "" {
		return map[string]string{tt.file: tt.now}
	}
	return map[string]string{tt.file: with(t, tt.file, tt.old, tt.now)}
}

func TestFrontMatterProblems(t *testing.T) {
	const reason, page = "klaim/pindah.md", "gratis.md"
	checkProblems(t, []problemTest{
		{"unknown key", page, "reviewed:", "review: 1\nreviewed:", "gratis.md:4:1: unknown key review"},
		{"two mistakes", page, "reviewed:", "a: 1\nb: 2\nreviewed:", "gratis.md:4:1: unknown key a\ngratis.md:5:1: unknown key b"},
		{"typed key in English", "gratis.en.md", "description:", "kind: page\ndescription:", "gratis.en.md:3:1: unknown key kind"},
		{"unknown key below", reason, "slot: ktp, need", "slot: ktp, ned", "klaim/pindah.md:25:21: unknown key ned"},
		{"list for text", page, "Judul", "[a]", "gratis.md:2:8: want text, found a list"},
		{"text for number", page, "reviewed:", "order: abc\nreviewed:", `gratis.md:4:8: want a whole number, found text "abc"`},
		{"text for list", reason, "channels: [online]", "channels: online", `klaim/pindah.md:8:11: want a list, found text "online"`},
		{"key twice", page, "reviewed:", "title: Lain\nreviewed:", "gratis.md:4:1: key title is already given at line 2"},
		{"broken YAML", page, "Judul", `"Judul`, "gratis.md:2:8: this cannot be read: a quote is opened and not closed"},
		{"two values on a line", page, "Judul", "a: b", "gratis.md:2:9: this cannot be read: there is a second colon, or the line begins too far to the right; text with a colon must be in quotes"},
		{"no title", page, "title: Judul\n", "", "gratis.md:2:1: title is missing"},
		{"empty title", page, "title: Judul", "title:", "gratis.md:2:7: title is missing"},
		{"blank title", page, "title: Judul", "title: \"  \"", "gratis.md:2:8: title is missing"},
		{"blank description in English", "gratis.en.md", "What is here.", "\" \"", "gratis.en.md:3:14: description is missing"},
		{"kind of the standard lost", "standar-pelayanan.md", "kind: standard\n", "", "standar-pelayanan.md:2:1: this page must have kind: standard, which says what must be on it"},
		{"kind of privacy lost", "privasi.md", "kind: privacy\n", "", "privasi.md:2:1: this page must have kind: privacy, which says what must be on it"},
		{"kind of the home page", "index.md", "kind: home", "kind: page", "index.md:4:7: this page must have kind: home, which says what must be on it"},
		{"no description", "gratis.en.md", "description: What is here.\n", "", "gratis.en.md:2:1: description is missing"},
		{"long description", page, "Isi halaman.", strings.Repeat("é", 161), "gratis.md:3:14: description has 161 characters; want at most 160"},
		{"not reviewed", page, "reviewed: 2026-11-20\n", "", "gratis.md:2:1: reviewed is missing: the day when somebody last read the page against its sources"},
		{"impossible day", page, "2026-11-20", "2026-02-30", `gratis.md:4:11: reviewed: date "2026-02-30": want YYYY-MM-DD of a day that exists`},
		{"unknown kind", page, "reviewed:", "kind: pages\nreviewed:", `gratis.md:4:7: kind "pages": want one of page, reason, procedure, standard, home, privacy`},
		{"unknown section", page, "reviewed:", "section: /x/\nreviewed:", "gratis.md:4:10: section /x/ is not a page"},
		{"plain http", reason, "https://example", "http://example", `klaim/pindah.md:11:26: source address "http://example.org/aturan": want https://…`},
		{"alias without slashes", reason, "[/klaim/lama/]", "[klaim/lama]", `klaim/pindah.md:9:11: alias "klaim/lama": want a path like /lama/`},
		{"alias of a page", reason, "[/klaim/lama/]", "[/gratis/]", "klaim/pindah.md:9:11: alias /gratis/ is the address of gratis.md"},
		{"change in one language", reason, "{id: Dibuat., en: Made.}", "{id: Dibuat.}", "klaim/pindah.md:13:30: a change needs its text in both languages"},
		{"no fence", page, "", "title: x\n", "gratis.md:1: front matter must start with --- on the first line and end with ---"},
		{"fence not closed", page, "", "---\ntitle: x\n", "gratis.md:1: front matter must start with --- on the first line and end with ---"},
		{"four dashes", page, "2026-11-20\n---", "2026-11-20\n----", "gratis.md:5:1: front matter ends with a line of three dashes and nothing else"},
		{"space behind the dashes", page, "2026-11-20\n---", "2026-11-20\n--- ", "gratis.md:5:1: front matter ends with a line of three dashes and nothing else"},
		{"two pages at an address", "gratis/index.md", "", plainPage, "gratis/index.md:2:8: address /gratis/ is taken by gratis.md"},
		{"nothing between", page, "", "---\n---\n", "gratis.md:2: nothing is written here"},
		{"byte order mark", page, "", "\ufeff" + plainPage, "gratis.md:1:1: the file starts with a byte order mark; save it as UTF-8 without BOM"},
		{"not UTF-8", page, "Teks", "Teks\xff", "gratis.md: the file is not UTF-8"},
		{"control character", page, "Teks", "Teks\x00", "gratis.md:7:5: the file holds a control character (U+0000)"},
		{"too large", page, "Teks", strings.Repeat("kata ", 60_000), "gratis.md: the file has 293 KB; want at most 256"},
		{"file name", "Halaman Baru.md", "", plainPage, "Halaman Baru.md: a file name is an address: want small letters, digits and dashes, then .md or .en.md"},
		{"alias of a form", reason, "[/klaim/lama/]", "[/daftar/syarat/]", "klaim/pindah.md:9:11: alias /daftar/syarat/ is served by the program itself"},
		{"alias in English", reason, "[/klaim/lama/]", "[/en/klaim/lama/]", "klaim/pindah.md:9:11: alias /en/klaim/lama/ is served by the program itself"},
		{"page on a form", "status.md", "", plainPage, "status.md:2:8: address /status/ is served by the program itself\nstatus.md:2:8: the translation is missing: status.en.md"},
		{"page below a form", "berkas/baru.md", "", plainPage, "berkas/baru.md:2:8: address /berkas/baru/ is served by the program itself\nberkas/baru.md:2:8: the translation is missing: berkas/baru.en.md"},
		{"page in the folder en", "en/baru.md", "", plainPage, "en/baru.md:2:8: address /en/baru/ is served by the program itself\nen/baru.md:2:8: the translation is missing: en/baru.en.md"},
		{"large ending", "kota.MD", "", plainPage, "kota.MD: the ending .MD is not read; want .md"},
		{"short ending", "data/baru.yml", "", "[]\n", "data/baru.yml: the ending .yml is not read; want .yaml"},
		{"long ending", "baru.markdown", "", plainPage, "baru.markdown: the ending .markdown is not read; want .md"},
		{"no translation", "gratis.en.md", "", "", "gratis.md:2:8: the translation is missing: gratis.en.md"},
		{"draft that is needed", "bantuan/kode.md", "reviewed:", "draft: true\nreviewed:", "bantuan/kode.md:4:8: the page is missing or not published, and the program leads to it"},
		{"no original", "gratis.md", "", "", "gratis.en.md:2:8: the translation is missing: gratis.md"},
	})
}

func TestReasonProblems(t *testing.T) {
	const reason = "klaim/pindah.md"
	checkProblems(t, []problemTest{
		{"no situation", reason, "situation: Saya pindah kerja\n", "", "klaim/pindah.md:2:1: situation is missing"},
		{"no situation in English", "klaim/pindah.en.md", "situation: I change my job\n", "", "klaim/pindah.en.md:2:1: situation is missing"},
		{"programme", reason, "programme: JHT", "programme: JHX", `klaim/pindah.md:7:12: programme "JHX": want JHT, JKM, JKK, JP or JKP`},
		{"channel", reason, "[online]", "[onlin]", `klaim/pindah.md:8:12: channel "onlin": want online or onsite`},
		{"channel twice", reason, "[online]", "[online, online]", "klaim/pindah.md:8:20: channel online is given twice"},
		{"guide with rules", reason, "[online]", "[]", "klaim/pindah.md:8:11: a reason without channels only guides; it has no rules and no lists"},
		{"applicant", reason, "applicant: member", "applicant: anak", `klaim/pindah.md:34:12: applicant "anak": want member or heir`},
		{"applicant lost", reason, "applicant: member\n", "", "klaim/pindah.md:2:1: applicant is missing: who claims, the member or the heirs"},
		{"section of the site lost", reason, "section: /klaim/\n", "", "klaim/pindah.md:2:1: section is missing; a page of kind reason needs it"},
		{"order lost", reason, "order: 10\n", "", "klaim/pindah.md:2:1: order is missing; a page of kind reason needs it"},
		{"review lost", reason, "review_every_days: 180\n", "", "klaim/pindah.md:2:1: review_every_days is missing; a page of kind reason needs it"},
		{"sources lost", reason, "sources:\n  - {title: Aturan, url: \"https://example.org/aturan\"}\n", "", "klaim/pindah.md:2:1: sources is missing; a page of kind reason needs it"},
		{"changes lost", reason, "changes:\n  - {date: 2026-11-20, text: {id: Dibuat., en: Made.}}\n", "", "klaim/pindah.md:2:1: changes is missing; a page of kind reason needs it"},
		{"blank situation", reason, "situation: Saya pindah kerja", "situation: \"  \"", "klaim/pindah.md:6:12: situation is missing"},
		{"blank source of a rule", reason, "source: Aturan Pasal 1", "source: \" \"", "klaim/pindah.md:19:13: the rule on tanggal-keluar needs its source: law and article"},
		{"blank refusal", reason, "id: Tunggu dulu.", "id: \" \"", "klaim/pindah.md:18:14: the rule on tanggal-keluar needs a refusal in both languages"},
		{"rule kind", reason, "kind: wait_months", "kind: wait", `klaim/pindah.md:15:11: rule kind "wait": want min_age, wait_months, min_years, must_be or date_past`},
		{"no amount", reason, "    amount: 1\n", "", "klaim/pindah.md:15:5: rule wait_months needs an amount of at least 1"},
		{"unknown question", reason, "question: tanggal-keluar", "question: tanggal-masuk", `klaim/pindah.md:16:15: question "tanggal-masuk" is not in data/pertanyaan.yaml`},
		{"wrong question", reason, "question: tanggal-keluar", "question: saldo-besar", "klaim/pindah.md:16:15: rule wait_months needs a question of kind date; saldo-besar has kind yes_no"},
		{"answer", reason, "kind: wait_months\n    question: tanggal-keluar", "kind: must_be\n    question: saldo-besar\n    answer: y", `klaim/pindah.md:17:13: rule must_be: answer "y": want ya or tidak`},
		{"whole month", reason, "kind: wait_months", "kind: min_years\n    whole_month: true", "klaim/pindah.md:16:18: whole_month is only for wait_months"},
		{"refusal in one language", reason, ", en: Please wait.", "", "klaim/pindah.md:18:14: the rule on tanggal-keluar needs a refusal in both languages"},
		{"placeholder misspelt", reason, "id: Tunggu dulu.", "id: \"Tunggu sampai {tangal}.\"", "klaim/pindah.md:18:19: {tangal} is not filled in; want {tanggal}"},
		{"placeholder not closed", reason, "en: Please wait.", "en: \"Wait until {tanggal, please.\"", "klaim/pindah.md:18:37: {tanggal, is not filled in; want {tanggal}"},
		{"placeholder of no day", reason, "kind: wait_months\n    question: tanggal-keluar\n    amount: 1\n    refusal: {id: Tunggu dulu.", "kind: must_be\n    question: saldo-besar\n    answer: \"ya\"\n    refusal: {id: \"Tunggu {tanggal}.\"",
			"klaim/pindah.md:18:19: {tanggal} is not filled in: a rule must_be is met on no certain day"},
		{"rule without source", reason, "    source: Aturan Pasal 1\n", "", "klaim/pindah.md:15:5: the rule on tanggal-keluar needs its source: law and article"},
		{"not a reason", reason, "kind: reason", "kind: page", "klaim/pindah.md:4:7: a page in the folder klaim/ must have kind: reason"},
		{"kind lost", reason, "kind: reason\n", "", "klaim/pindah.md:2:1: a page in the folder klaim/ must have kind: reason"},
		{"no text in English", "klaim/pindah.en.md", "## Who\n\nYou who [move](/klaim/).\n", "", "klaim/pindah.en.md:2:8: the page has no text"},
		{"no text", "gratis.md", "Teks.\n", " ", "gratis.md:2:8: the page has no text"},
		{"one section more", reason, "## Siapa\n", "## Kapan\n\nBesok.\n\n## Siapa\n", "klaim/pindah.en.md:2:8: the page has 1 sections (##), its original 2"},
		{"section lost", reason, "## Siapa\n", "## Siapa saja\n", `klaim/pindah.md:2:8: section "Siapa" is missing; a page of this kind needs it`},
		{"section empty", "klaim/pindah.en.md", "## Who\n", "## Who\n\n## Then\n", `klaim/pindah.en.md:7:4: section "Who" is empty`},
		{"expires before publish", reason, "reviewed: 2026-11-20", "reviewed: 2026-11-20\npublish: 2026-12-01\nexpires: 2026-12-01", "klaim/pindah.md:7:10: expires 2026-12-01 is not after publish 2026-12-01"},
		{"publish is no day", reason, "reviewed: 2026-11-20", "reviewed: 2026-11-20\npublish: besok", `klaim/pindah.md:6:10: publish: date "besok": want YYYY-MM-DD of a day that exists`},
		{"no law", reason, "basis: law\n    valid_from: 2022-04-26", "basis: practice\n    valid_from: 2022-04-26\n    valid_to: 2022-04-26",
			"klaim/pindah.md:21:3: a reason that can be claimed needs a list with basis: law\nklaim/pindah.md:30:17: two practice lists are in force at once: since 2022-04-26 and since 2020-03-23"},
		{"basis", reason, "basis: practice", "basis: lama", `klaim/pindah.md:28:12: basis "lama": want law or practice`},
		{"list without source", reason, "    source: Daftar lama\n", "", "klaim/pindah.md:28:5: a list needs its source"},
		{"valid_from", reason, "2020-03-23", "23-3-2020", `klaim/pindah.md:29:17: valid_from: date "23-3-2020": want YYYY-MM-DD of a day that exists`},
		{"valid_to before", reason, "valid_from: 2020-03-23", "valid_from: 2020-03-23\n    valid_to: 2020-03-22", "klaim/pindah.md:30:15: valid_to 2020-03-22 is before valid_from 2020-03-23"},
		{"two lists at once", reason, "basis: practice", "basis: law", "klaim/pindah.md:29:17: two law lists are in force at once: since 2022-04-26 and since 2020-03-23"},
		{"gap between lists", reason, "basis: law\n    valid_from: 2022-04-26", "basis: law\n    valid_from: 2027-06-01\n    source: Aturan baru\n    documents: [{slot: ktp, need: required}]\n  - basis: law\n    valid_from: 2022-04-26\n    valid_to: 2026-12-31",
			"klaim/pindah.md:22:17: no list of the law is in force after 2026-12-31 and before 2027-06-01"},
		{"slot", reason, "slot: bukti", "slot: Bukti PHK", `klaim/pindah.md:27:16: slot "Bukti PHK": want small letters, digits and dashes`},
		{"slot twice", reason, "slot: npwp", "slot: ktp", "klaim/pindah.md:26:16: slot ktp is in the list twice"},
		{"unknown document", reason, "[surat-a, surat-b]", "[surat-a, surat-x]", `klaim/pindah.md:27:57: document "surat-x" is not in data/dokumen.yaml`},
		{"unknown document by slot", reason, "{slot: ktp, need: required}", "{slot: kk, need: required}", `klaim/pindah.md:25:9: document "kk" is not in data/dokumen.yaml`},
		{"document twice", reason, "[surat-a, surat-b]", "[surat-a, surat-a]", "klaim/pindah.md:27:57: document surat-a is given twice"},
		{"need", reason, "slot: ktp, need: required", "slot: ktp, need: wajib", `klaim/pindah.md:25:27: need "wajib": want required, conditional or advised`},
		{"conditional without when", reason, "conditional, when: [saldo-besar]", "conditional", "klaim/pindah.md:26:28: slot npwp is conditional; say when"},
		{"when without conditional", reason, "need: conditional", "need: required", "klaim/pindah.md:26:44: slot npwp has a condition but is required; want need: conditional"},
		{"unknown condition", reason, "[saldo-besar]", "[saldo]", `klaim/pindah.md:26:47: question "saldo" is not in data/pertanyaan.yaml`},
		{"condition of a date", reason, "[saldo-besar]", "[tanggal-keluar]", "klaim/pindah.md:26:47: question tanggal-keluar is not a yes_no question, so it is no condition"},
		{"condition without words", "data/pertanyaan.yaml", "  condition: {id: bila saldo besar, en: if the balance is large}\n", "", "klaim/pindah.md:26:47: question saldo-besar has no condition text in data/pertanyaan.yaml"},
	})
}

func TestDataProblems(t *testing.T) {
	checkProblems(t, []problemTest{
		{"document named nowhere", "data/dokumen.yaml", "- {code: ktp", "- {code: kk, title: {id: KK, en: Family card}, help: {id: Foto., en: Photo.}}\n- {code: ktp", "data/dokumen.yaml:1:10: document kk is in no list of any claim reason"},
		{"question asked nowhere", "data/pertanyaan.yaml", "- code: saldo-besar", "- {code: nikah, kind: yes_no, label: {id: Nikah?, en: Married?}}\n- code: saldo-besar", "data/pertanyaan.yaml:3:10: question nikah is asked by no claim reason"},
		{"element of the standard", "data/bagian.yaml", "- {kind: standard, element: 14, title: {id: Komponen 14, en: Element 14}}\n", "", "data/bagian.yaml:1:1: element 14 of the service standard is missing"},
		{"blank text in one language", "data/dokumen.yaml", "en: ID card", "en: \" \"", "data/dokumen.yaml:1:22: title needs both languages: {id: …, en: …}"},
		{"kind of a section", "data/bagian.yaml", "kind: reason", "kind: sebab", `data/bagian.yaml:1:10: kind "sebab": want one of page, reason, procedure, standard, home, privacy, guide`},
		{"file missing", "data/antrean.yaml", "", "", "data/antrean.yaml: the file is missing"},
		{"file empty", "data/libur.yaml", "", "\n", "data/libur.yaml:1: the file is empty"},
		{"file of comments", "data/libur.yaml", "", "# nothing yet\n", "data/libur.yaml:1: the file is empty"},
		{"item without dash", "data/libur.yaml", "", "- {date: 2026-12-25}\nb: 1\n", "data/libur.yaml:2:1: this cannot be read: the list goes on without its -"},
		{"line of a page", "data/libur.yaml", "", "- {date: 2026-12-25}\n---\n[]\n", "data/libur.yaml:2:1: a line --- has no place here"},
		{"byte order mark", "data/antrean.yaml", "horizon", "\ufeffhorizon", "data/antrean.yaml:1:1: the file starts with a byte order mark; save it as UTF-8 without BOM"},
		{"unknown key", "data/antrean.yaml", "draft_hours", "draft_hour", "data/antrean.yaml:2:1: unknown key draft_hour"},
		{"wrong type", "data/antrean.yaml", "24", "sehari", `data/antrean.yaml:2:14: want a whole number, found text "sehari"`},
		{"too small", "data/antrean.yaml", "30", "0", "data/antrean.yaml:1:15: horizon_days is 0; want at least 1"},
		{"no reopening", "data/antrean.yaml", `["12:00", "16:00"]`, "[]", "data/antrean.yaml:4:12: reopen_at names no time"},
		{"reopening out of order", "data/antrean.yaml", `"16:00"`, `"12:00"`, `data/antrean.yaml:4:22: time "12:00": want times like 08:00, in order`},
		{"reopening at no time", "data/antrean.yaml", `"16:00"`, `"24:00"`, `data/antrean.yaml:4:22: time "24:00": want times like 08:00, in order`},
		{"no line speed", "data/perangkat.yaml", "350", "0", "data/perangkat.yaml:1:11: min_kbps is 0; want at least 1"},
		{"service that is none", "data/layanan.yaml", "/daftar", "/daftra", "data/layanan.yaml:1:10: path \"/daftra\": want one of " + strings.Join(site.Routes, " ")},
		{"service of one language", "data/layanan.yaml", "en: Book a place.", "en: \"\"", "data/layanan.yaml:1:68: text needs both languages: {id: …, en: …}"},
		{"line speed without source", "data/perangkat.yaml", "https://contoh.id/", "kata orang", `data/perangkat.yaml:3:9: source "kata orang": want an https address`},
		{"too large a list", "data/kolektif.yaml", "max_workers: 100", "max_workers: 9000", "data/kolektif.yaml:8:14: max_workers is 9000; want 1 to 5000"},
		{"no such letter", "data/kolektif.yaml", "document: ktp", "document: surat-x", `data/kolektif.yaml:7:16: document "surat-x" is not in data/dokumen.yaml`},
		{"no such reason of a list", "data/kolektif.yaml", "reasons: []", "reasons: [terbang]", `data/kolektif.yaml:5:11: claim reason "terbang": want one that a member can claim for here`},
		{"rule of companies without source", "data/kolektif.yaml", "source: Uji", "source: \"\"", "data/kolektif.yaml:3:9: a rule needs its source: law and article"},
		{"rule of companies from no day", "data/kolektif.yaml", "2020-05-20", "2020-02-30", `data/kolektif.yaml:2:13: valid_from: date "2020-02-30": want YYYY-MM-DD of a day that exists`},
		{"code twice", "data/dokumen.yaml", "code: npwp", "code: ktp", "data/dokumen.yaml:2:10: code ktp is given twice\nklaim/pindah.md:26:9: document \"npwp\" is not in data/dokumen.yaml"},
		{"code form", "data/dokumen.yaml", "code: surat-c", "code: Surat C", "data/dokumen.yaml:5:10: code \"Surat C\": want small letters, digits and dashes\nklaim/pindah.md:33:9: document \"surat-c\" is not in data/dokumen.yaml"},
		{"one language", "data/dokumen.yaml", "{id: KTP, en: ID card}", "{id: KTP}", "data/dokumen.yaml:1:22: title needs both languages: {id: …, en: …}"},
		{"question kind", "data/pertanyaan.yaml", "tanggal-lahir, kind: date", "tanggal-lahir, kind: tanggal",
			"data/pertanyaan.yaml:1:1: question tanggal-lahir of kind date is missing; every form asks it\ndata/pertanyaan.yaml:1:31: kind \"tanggal\": want date or yes_no"},
		{"zone", "data/kantor.yaml", "zone: WIB", "zone: Asia/Jakarta", `data/kantor.yaml:1:73: zone "Asia/Jakarta": want WIB, WITA or WIT`},
		{"branch without source", "data/kantor.yaml", ", source: Uji", "", "data/kantor.yaml:1:3: a branch needs its source"},
		{"closure", "data/kantor.yaml", "bookable: true", "bookable: true, closures: [{from: 2026-12-02, to: 2026-12-01, reason: {id: Pindah, en: Moving}}]", "data/kantor.yaml:1:141: the closure ends before it begins"},
		{"closing before opening", "data/jadwal.yaml", `"08:00"`, `"16:00"`, "data/jadwal.yaml:2:58: desk online: open and close must be times like 08:00, in this order"},
		{"seven places", "data/jadwal.yaml", "places: 3", "places: 7", "data/jadwal.yaml:2:33: desk online: places for each officer must be 1 to 6"},
		{"opening at no time", "data/jadwal.yaml", `"08:00"`, "8", "data/jadwal.yaml:2:42: desk online: open and close must be times like 08:00, in this order"},
		{"long session", "data/jadwal.yaml", "minutes: 60", "minutes: 600", "data/jadwal.yaml:2:76: desk online: minutes of a session must be 5 to 480"},
		{"break", "data/jadwal.yaml", "days: [1, 2, 3, 4, 5]", "days: [1], breaks: [{from: \"13:00\", to: \"12:00\"}]", "data/jadwal.yaml:2:100: desk online: a break must have times like 12:00, in order, and days 1 to 7"},
		{"day eight", "data/jadwal.yaml", "4, 5]", "4, 8]", "data/jadwal.yaml:2:86: desk online: days must be 1 (Monday) to 7 (Sunday)"},
		{"channel", "data/jadwal.yaml", "online:", "onlin:", `data/jadwal.yaml:2:10: channel "onlin": want online or onsite`},
		{"holiday", "data/libur.yaml", "2026-12-25", "2026-13-25", `data/libur.yaml:1:10: date: date "2026-13-25": want YYYY-MM-DD of a day that exists`},
		{"no holidays", "data/libur.yaml", "", "[]\n", "data/libur.yaml:1:1: the holidays are missing; offices would open on them"},
		{"no terms", "data/istilah.yaml", "", "[]\n", "data/istilah.yaml:1:1: the terms are missing; nothing would be explained"},
		{"no consents", "data/persetujuan.yaml", "", "[]\n", "data/persetujuan.yaml:1:1: the consents are missing; nobody can register without them"},
		{"consent without source", "data/persetujuan.yaml", ", source: Uji", "", "data/persetujuan.yaml:1:3: a consent needs its source: law and article"},
		{"page on a branch", "kantor/kota.md", "", plainPage, "data/kantor.yaml:1:10: the page of branch kota is taken by kantor/kota.md\nkantor/kota.md:2:8: the translation is missing: kantor/kota.en.md"},
	})
}

// What the parser says of YAML is told in words for who writes it, in both
// languages, at the place where it is to be mended.
func TestYAMLInPlainWords(t *testing.T) {
	for _, tt := range []struct{ name, front, id, en string }{
		{"tab", "title: a\n\tdescription: b\n", "gratis.md:3:1: bagian ini tidak dapat dibaca: ada tab", "a tab stands"},
		{"at sign", "title: @a\n", "gratis.md:2:8: bagian ini tidak dapat dibaca: tab, @, %", "a tab, @, %"},
		{"indentation", "title: a\n description: b\n", "gratis.md:3:13: bagian ini tidak dapat dibaca: ada titik dua yang kedua", "second colon"},
		{"behind a quote", "title: 'a' b\n", "gratis.md:2:12: bagian ini tidak dapat dibaca: baris ini tidak lurus", "after a closing quote"},
		{"bracket", "aliases: [/a/\ntitle: b\n", "gratis.md:2:10: bagian ini tidak dapat dibaca: kurang koma atau kurung penutup ]", "the closing ]"},
		{"brace", "x: {id: a, en: b\ntitle: b\n", "gratis.md:2:4: bagian ini tidak dapat dibaca: kurang koma atau kurung penutup }", "the closing }"},
		{"star", "title: *a\n", "gratis.md:2:8: bagian ini tidak dapat dibaca: teks yang dimulai dengan *", "begins with *"},
		{"list on the line", "changes: - a\n", "gratis.md:2:10: bagian ini tidak dapat dibaca: daftar dengan tanda -", "a list with -"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := site.Build(t.Context(), small(map[string]string{"gratis.md": "---\n" + tt.front + "---\n\nTeks.\n"}), site.Options{})
			var ps site.Problems
			if !errors.As(err, &ps) || !strings.Contains(ps.In(requirement.ID), tt.id) || !strings.Contains(ps.In(requirement.EN), tt.en) {
				t.Errorf("Build = %v\nwant %q and %q", ps.In(requirement.ID), tt.id, tt.en)
			}
		})
	}
}

func TestNoFolder(t *testing.T) {
	_, err := site.Build(t.Context(), os.DirFS(filepath.Join(t.TempDir(), "nowhere")), site.Options{})
	var ps site.Problems
	if !errors.As(err, &ps) || !strings.Contains(ps.In(requirement.ID), "folder kontennya tidak ada") {
		t.Errorf("Build of no folder = %v; want it told", err)
	}
}

// The rules of the queue that are given as times and numbers, each where it is written.
func TestQueueRuleProblems(t *testing.T) {
	const (
		file   = "data/antrean.yaml"
		offers = "offers: {hours: 4, most: 3, from: \"07:00\", to: \"21:00\"}\n"
		doors  = "doors: [{branch: kota, opens: \"08:00\", gather_minutes: 60, stands_minutes: 60, per_second: 50}]\n"
	)
	rules := smallFiles[file] + offers + doors
	if got := problems(t, small(map[string]string{file: rules})); got != "" {
		t.Fatalf("rules without fault:\n%s", got)
	}
	for _, tt := range []struct{ name, old, now, want string }{
		{"no time to answer", "hours: 4", "hours: 0", ":6:17: hours is 0; want 1 to 24"},
		{"no hours", "hours: 4, ", "", ":6:9: hours is 0; want 1 to 24"},
		{"too many offers", "most: 3", "most: 11", ":6:26: most is 11; want 0 to 10"},
		{"offers as a word", "most: 3", "most: tiga", `:6:26: want a whole number, found text "tiga"`},
		{"unknown key of offers", "most: 3", "mos: 3", ":6:20: unknown key mos"},
		{"morning", `"07:00"`, `"7:00"`, `:6:35: "7:00" is no time; write it as 08:00`},
		{"evening", `"21:00"`, `"24:00"`, `:6:48: "24:00" is no time; write it as 08:00`},
		{"evening before morning", `"21:00"`, `"06:00"`, ":6:48: the day of offers ends at 06:00, not after 07:00"},
		{"door of no branch", "branch: kota", "branch: desa", `:7:18: "desa" is no branch that can be booked, or has a door already`},
		{"door at no time", `opens: "08:00", gather`, `opens: "8.00", gather`, `:7:31: "8.00" is no time; write it as 08:00`},
		{"gathers too long", "gather_minutes: 60", "gather_minutes: 241", ":7:56: gather_minutes is 241; want 0 to 240"},
		{"never stands", "stands_minutes: 60", "stands_minutes: 0", ":7:76: stands_minutes is 0; want 1 to 240"},
		{"lets in too many", "per_second: 50", "per_second: 501", ":7:92: per_second is 501; want 0 to 500"},
		{"mode", "mode: first-come", "mode: lotere", `:5:17: mode "lotere": want first-come or ballot`},
		{"mode of a branch", "opens_days: 10", "branches: {kota: lotere}, opens_days: 10", `:5:46: mode "lotere": want first-come or ballot`},
		{"mode of no branch", "opens_days: 10", "branches: {desa: ballot}, opens_days: 10", `:5:46: branch "desa" is not in kantor.yaml`},
		{"opens after the horizon", "opens_days: 10", "opens_days: 31", ":5:41: opens_days is 31; want 1 to 30"},
		{"closes before it opens", "closes_days: 6", "closes_days: 11", ":5:74: closes_days is 11; want 1 to 10"},
		{"closes when it opens", `closes_days: 6, closes: "20:00"`, `closes_days: 10, closes: "08:00"`, ":5:86: the window closes at 08:00 of the day on which it opens at 08:00"},
		{"opens at no time", `opens: "08:00", closes`, `opens: "8:00", closes`, `:5:52: opens "8:00": want a time such as "08:00"`},
		{"seed told too late", "commit_hours: 24", "commit_hours: 0", ":5:108: commit_hours is 0; want 1 to 240"},
		{"no time to complete", "confirm_hours: 24", "confirm_hours: 0", ":5:127: confirm_hours is 0; want 1 to 240"},
		{"pace", "pace: 20", "pace: 201", ":5:137: pace is 201; want 1 to 200"},
		{"wishes", "wishes: 3", "wishes: 6", ":5:149: wishes is 6; want 1 to 5"},
		{"source in one language", "{id: Bursa, en: Exchange}", "{id: Bursa}", ":5:160: source needs both languages: {id: …, en: …}"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if !strings.Contains(rules, tt.old) {
				t.Fatalf("the rules do not hold %q", tt.old)
			}
			if got := problems(t, small(map[string]string{file: strings.Replace(rules, tt.old, tt.now, 1)})); got != file+tt.want {
				t.Errorf("problems:\n%s\nwant:\n%s", got, file+tt.want)
			}
		})
	}
}

func TestMarkdownProblems(t *testing.T) {
	for _, tt := range []struct{ name, body, want string }{
		{"raw block", "Satu.\n\n<div>x</div>\n", "gratis.md:9:1: raw HTML is not allowed: <div>x</div>"},
		{"raw span", "Satu <b>dua</b>.\n", "gratis.md:7:6: raw HTML is not allowed: <b>\ngratis.md:7:12: raw HTML is not allowed: </b>"},
		{"comment", "<!-- rahasia -->\n", "gratis.md:7:1: raw HTML is not allowed: <!-- rahasia -->"},
		{"script link", "[x](javascript:alert)\n", `gratis.md:7:5: link "javascript:alert" leads out of the site: want https:, tel: or mailto:`},
		{"link without scheme", "[x](//jahat.example/)\n", `gratis.md:7:5: link "//jahat.example/" leads out of the site: want https:, tel: or mailto:`},
		{"relative link", "[x](../klaim)\n", `gratis.md:7:5: link "../klaim": want a path of this site, with a slash before it`},
		{"link without https", "[x](http://contoh.id/)\n", `gratis.md:7:5: link "http://contoh.id/": want https://`},
		{"link to nowhere", "Lihat (ini) [kontak]() di sini.\n", "gratis.md:7:20: a link has no address"},
		{"link without words", "[](/klaim/)\n", `gratis.md:7:4: link "/klaim/" has no words`},
		{"broken link", "[a](/klaim/), [b](/klim/)\n", "gratis.md:7:19: link /klim/ leads to no page"},
		{"second of two equal words", "Lihat /klim/ di sini: [b](/klim/)\n\n[c](/klim/)\n", "gratis.md:7:27: link /klim/ leads to no page\ngratis.md:9:5: link /klim/ leads to no page"},
		{"broken anchor here", "## Satu\n\n[x](#dua)\n", "gratis.md:9:5: link #dua has an anchor that is not on that page"},
		{"broken anchor there", "[x](/klaim/pindah/#dua)\n", "gratis.md:7:5: link /klaim/pindah/#dua has an anchor that is not on that page"},
		{"unknown route", "[x](/daftar/lagi)\n", "gratis.md:7:5: link /daftar/lagi leads to no page"},
		{"first-level heading", "# Judul lagi\n\nTeks.\n", "gratis.md:7:3: the title is the only heading of the first level; start with ##"},
		{"heading jump", "## Satu\n\n#### Dua\n\nTeks.\n", "gratis.md:9:6: heading jumps from level 2 to level 4"},
		{"heading without words", "## \n", "gratis.md:7:1: a heading has no words"},
		{"id of the frame", "## Isi\n\nTeks.\n", `gratis/index.html: the page has id "isi" twice; word one of its headings differently`},
		{"anchor and another mistake", "[x](/klaim/pindah/#dua)\n\n<b>\n", "gratis.md:7:5: link /klaim/pindah/#dua has an anchor that is not on that page\ngratis.md:9:1: raw HTML is not allowed: <b>"},
		{"surplus cell", "| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "gratis.md:9:1: the table's row has 3 cells, its head 2; the rest would be lost"},
		{"rule and head differ", "| a | b |\n|---|\n", "gratis.md:8:1: the table's rule has 1 cells, its head 2; they must be equal"},
		{"picture elsewhere", "![peta](https://example.org/peta.png)\n", `gratis.md:7:9: picture "https://example.org/peta.png" is not in the content`},
		{"picture without words", "![](/gambar/peta.png)\n", `gratis.md:7:5: picture "/gambar/peta.png" has no alternative text` + "\n" + `gratis.md:7:5: picture "/gambar/peta.png" is not in the content`},
		{"telephone of words", "[telepon](tel:kantor)\n", `gratis.md:7:11: link "tel:kantor": want a telephone number`},
		{"empty telephone", "[telepon](tel:)\n", `gratis.md:7:11: link "tel:": want a telephone number`},
		{"empty mail", "[surel](mailto:)\n", `gratis.md:7:9: link "mailto:": want an e-mail address`},
		{"mail of nobody", "[surel](mailto:kantor)\n", `gratis.md:7:9: link "mailto:kantor": want an e-mail address`},
		{"link not closed", "Lihat [kontak](/kontak/ di sini.\n", "gratis.md:7:7: [kontak](/kontak/ is shown as it stands: this is no link"},
		{"space within a link", "Lihat [kontak] (/kontak/).\n", "gratis.md:7:7: [kontak] (/kontak/) is shown as it stands: this is no link"},
		{"space within an address", "Lihat [kontak](/kon tak/).\n", "gratis.md:7:7: [kontak](/kon tak/) is shown as it stands: this is no link"},
		{"link without bracket", "Lihat [kontak(/kontak/).\n", "gratis.md:7:7: [kontak(/kontak/) is shown as it stands: this is no link"},
		{"no such reference", "Lihat [kontak][abc].\n", "gratis.md:7:7: [kontak][abc] is shown as it stands: this is no link"},
		{"picture that is none", "![peta](/gambar/pe ta.png)\n", "gratis.md:7:1: ![peta](/gambar/pe ta.png) is shown as it stands: this is no link"},
		{"bold not closed", "Kata.\n\nIni **tebal dan lanjut.\n", "gratis.md:9:5: **tebal is shown as it stands: these asterisks have no partner"},
		{"bold with a space", "Ini **tebal ** itu.\n", "gratis.md:7:5: **tebal is shown as it stands: these asterisks have no partner\ngratis.md:7:13: ** is shown as it stands: these asterisks have no partner"},
		{"bold not closed in a heading", "## Ini **tebal\n\nTeks.\n", "gratis.md:7:8: **tebal is shown as it stands: these asterisks have no partner"},
		{"bold not closed in a table", "| a | **b |\n|---|---|\n| 1 | 2 |\n", "gratis.md:7:7: **b is shown as it stands: these asterisks have no partner"},
		{"heading without space", "##Judul\n\nTeks.\n", "gratis.md:7:1: ##Judul is shown as it stands: a heading has a space after #"},
		{"heading within a paragraph", "Teks.\n  ##Judul\n", "gratis.md:8:3: ##Judul is shown as it stands: a heading has a space after #"},
		{"item without space", "- satu\n-dua\n", "gratis.md:8:1: -dua is shown as it stands: an item of a list has a space after its mark"},
		{"number without space", "1.satu\n2.dua\n", "gratis.md:7:1: 1.satu is shown as it stands: an item of a list has a space after its mark\ngratis.md:8:1: 2.dua is shown as it stands: an item of a list has a space after its mark"},
		{"deep quotes below a heading", "## Satu\n\nSatu x.\n\n" + strings.Repeat("> ", 200) + "x\n", "gratis.md:11:1: lists, quotes or emphasis are nested too deeply"},
		{"deep list behind a link", "[x](/klaim/) x\n\n" + strings.Repeat("- ", 150) + "x\n", "gratis.md:9:1: lists, quotes or emphasis are nested too deeply"},
		{"deep quotes", strings.Repeat("> ", 30) + "x\n", "gratis.md:7:61: lists, quotes or emphasis are nested too deeply"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			fsys := small(map[string]string{"gratis.md": with(t, "gratis.md", "Teks.\n", tt.body), "gratis.en.md": asLong(plainPageEN, tt.body)})
			if got := problems(t, fsys); got != tt.want {
				t.Errorf("problems:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

// What looks like a mistake and is none.
func TestNoProblems(t *testing.T) {
	for name, body := range map[string]string{
		"pipes in code":        "```\n| a |\n|---|\n| 1 | 2 |\n```\n",
		"escaped pipe":         "| a | b |\n|---|---|\n| 1 \\| 2 | 3 |\n",
		"short row":            "| a | b |\n|---|---|\n| 1 |\n",
		"less-than":            "Saldo < Rp10 juta dan 3 > 2.\n",
		"code with HTML":       "Tulis `<b>`.\n",
		"links of other kinds": "[175](tel:175), [surel](mailto:a@example.org), [luar](https://example.org/x#y), [daftar](/daftar/syarat?sebab=pindah)\n",
		"anchors":              "## Satu\n\n[x](#satu) [z](/klaim/pindah/#syarat)\n",
		"reference":            "[kata][r]\n\n[r]: /klaim/\n",
		"set":                  "[data](/data/persyaratan.json)\n",
		"old address":          "[lama](/klaim/lama/)\n",
		"markup in code":       "`**`, `[a](/b`, `##c`\n\n```\n##Judul\n-butir [x](/y\n```\n",
		"escaped markup":       "\\[a\\](/b/) \\*\\*c \\**d [catatan] (lihat bawah)\n\n\\##x\n\n\\-y\n",
		"marks within a line":  "Kode `x`-butir, suhu -5, #tagar, 2 * 3.\n\n-5 sampai 3.\n\n1.500 orang.\n",
		"two equal headings":   "## Satu\n\nTeks.\n\n## Satu\n\nTeks.\n",
		"dollars":              "$5 dan $10, a_b_c\n",
	} {
		t.Run(name, func(t *testing.T) {
			for _, file := range []string{"gratis.md", "gratis.en.md"} {
				files := map[string]string{"gratis.md": asLong(plainPage, body), "gratis.en.md": asLong(plainPageEN, body)}
				files[file] = files[file][:strings.Index(files[file], "\n\n")+2] + body
				if got := problems(t, small(files)); got != "" {
					t.Errorf("%s: problems:\n%s\nwant none", file, got)
				}
			}
		})
	}
}

// A mistake of the frame is on every page and reported once.
func TestFrameProblem(t *testing.T) {
	fsys := small(map[string]string{"kontak.md": "", "kontak.en.md": ""})
	want := "404.html: link /kontak/ leads to no page (on 20 pages)\nen/404.html: link /en/kontak/ leads to no page (on 20 pages)"
	if got := problems(t, fsys); got != want {
		t.Errorf("problems:\n%s\nwant:\n%s", got, want)
	}
}

// A file that nothing reads is pointed out; what is hidden is left alone.
func TestUnreadFiles(t *testing.T) {
	fsys := small(map[string]string{"data/kantor2.yaml": "[]\n", "catatan.txt": "x", "kata/baru.yaml": "", ".gitkeep": "x", "gambar/.DS_Store": "x", "gratis.md~": "x"})
	want := "catatan.txt: advice: nothing reads this file\ndata/kantor2.yaml: advice: nothing reads this file"
	if got := on(t, fsys, "2026-11-24"); got != want {
		t.Errorf("Check:\n%s\nwant:\n%s", got, want)
	}
}

// A page that only the program leads to is missed too.
func TestNeededPage(t *testing.T) {
	for _, name := range []string{"luring", "bantuan/undian"} {
		want := name + ".md: the page is missing or not published, and the program leads to it"
		if got := problems(t, small(map[string]string{name + ".md": "", name + ".en.md": ""})); got != want {
			t.Errorf("problems without %s:\n%s\nwant:\n%s", name, got, want)
		}
	}
}

var leads = regexp.MustCompile(`URL\("(/[a-z/-]+/)"\)`)

// Every page that a function leads to is missed when it is gone: the frame
// leads there too, or it is among the pages that are needed.
func TestFunctionsLeadToNeededPages(t *testing.T) {
	frame := string(build(t, small(nil)).Files["404.html"])
	found := 0
	err := filepath.WalkDir("../functions", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		b, err := os.ReadFile(name)
		for _, m := range leads.FindAllStringSubmatch(string(b), -1) {
			found++
			if !slices.Contains(site.Needed, m[1]) && !strings.Contains(frame, `href="`+m[1]+`"`) {
				t.Errorf("%s leads to %s, which nothing would miss", name, m[1])
			}
		}
		return err
	})
	if err != nil || found < 5 {
		t.Errorf("found %d links to pages in the functions: %v", found, err)
	}
}

// Mistakes of several files come in one run, in order.
func TestAllProblemsAtOnce(t *testing.T) {
	got := problems(t, small(map[string]string{
		"privasi.md":        with(t, "privasi.md", "Teks.", "[x](/tidak/)\n\n<b>y</b>"),
		"bantuan.md":        with(t, "bantuan.md", "title: Judul", "titel: Judul"),
		"data/antrean.yaml": "horizon_days: 0\ndraft_hours: 24\ncutoff_hours: 2\nreopen_at: [\"12:00\"]\n" + smallOpening,
	}))
	want := "bantuan.md:2:1: unknown key titel\n" +
		"data/antrean.yaml:1:15: horizon_days is 0; want at least 1\n" +
		"privasi.md:13:5: link /tidak/ leads to no page\n" +
		"privasi.md:15:1: raw HTML is not allowed: <b>\n" +
		"privasi.md:15:5: raw HTML is not allowed: </b>"
	if got != want {
		t.Errorf("problems:\n%s\nwant:\n%s", got, want)
	}
}

func TestExcerpt(t *testing.T) {
	long := strings.Repeat("kata ", 40)
	for _, tt := range []struct {
		name string
		p    site.Problem
		want string
	}{
		{"file only", site.Problem{File: "a.md", Message: requirement.Text{EN: "salah"}}, "a.md: salah"},
		{"line", site.Problem{File: "a.md", Line: 3, Message: requirement.Text{EN: "salah"}, Excerpt: "isi"}, "a.md:3: salah\n     3 | isi"},
		{"caret", site.Problem{File: "a.md", Line: 12, Col: 4, Message: requirement.Text{EN: "salah"}, Excerpt: "é\tini"}, "a.md:12:4: salah\n    12 | é ini\n       |    ^"},
		{"long line", site.Problem{File: "a.md", Line: 1, Col: 101, Message: requirement.Text{EN: "salah"}, Excerpt: long},
			fmt.Sprintf("a.md:1:101: salah\n     1 | …%s…\n       | %s^", long[60:156], strings.Repeat(" ", 41))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.p.Error(); got != tt.want {
				t.Errorf("Error() =\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}
