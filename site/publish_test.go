package site_test

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"lapakasik/site"
	"lapakasik/site/requirement"
)

// on checks the small site on a day and returns the whole report without excerpts.
func on(t *testing.T, fsys fstest.MapFS, day requirement.Date) string {
	t.Helper()
	ps, err := site.Check(t.Context(), fsys, site.Options{Today: day})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, p := range ps {
		p.Excerpt, p.Todo = "", requirement.Text{}
		out = append(out, p.Error())
	}
	return strings.Join(out, "\n")
}

// What depends on the day: publication, lists in force, reviews.
func TestDays(t *testing.T) {
	const reason, page = "klaim/pindah.md", "gratis.md"
	for _, tt := range []struct {
		name, file, old, now string
		day                  requirement.Date
		want                 string
	}{
		{"in order", page, "Teks.", "Teks.", "2026-11-24", ""},
		{"last day of the review", page, "2026-11-20", "2026-05-28", "2026-11-24", ""},
		{"overdue", page, "2026-11-20", "2026-05-27", "2026-11-24", "gratis.md:4:11: advice: this page should have been reviewed by 2026-11-23"},
		{"overdue by its own measure", page, "reviewed: 2026-11-20", "reviewed: 2026-11-20\nreview_every_days: 3", "2026-11-24", "gratis.md:4:11: advice: this page should have been reviewed by 2026-11-23"},
		{"reviewed tomorrow", page, "2026-11-20", "2026-11-25", "2026-11-24", "gratis.md:4:11: reviewed 2026-11-25 is a day to come; today is 2026-11-24"},
		{"changed tomorrow", reason, "date: 2026-11-20", "date: 2026-11-25", "2026-11-24", "klaim/pindah.md:13:12: the change of 2026-11-25 is of a day to come; today is 2026-11-24"},
		{"changed when it is published", reason, "changes:\n  - {date: 2026-11-20", "publish: 2026-11-30\nchanges:\n  - {date: 2026-11-30", "2026-11-24", ""},
		{"last day of the list", reason, "valid_from: 2022-04-26", "valid_from: 2022-04-26\n    valid_to: 2026-11-24", "2026-11-24", "klaim/pindah.md:23:15: advice: this list ends on 2026-11-24 and none follows"},
		{"list ended", reason, "valid_from: 2022-04-26", "valid_from: 2022-04-26\n    valid_to: 2026-11-23", "2026-11-24", "klaim/pindah.md:23:15: no list of documents is in force on 2026-11-24"},
		{"list not yet in force", reason, "valid_from: 2022-04-26", "valid_from: 2027-01-01", "2026-11-24", "klaim/pindah.md:21:5: no list of documents is in force on 2026-11-24"},
		{"link to a page not yet published", reason, "(/klaim/)", "(/kontak/)", "2026-11-24", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := on(t, small(map[string]string{tt.file: with(t, tt.file, tt.old, tt.now)}), tt.day); got != tt.want {
				t.Errorf("Check:\n%s\nwant:\n%s", got, tt.want)
			}
		})
	}
}

const newPage = "baru.md"

// newspage is the small site with one more page, published from and until.
func newsPage(lines, link string) fstest.MapFS {
	front := strings.Replace(plainPage, "reviewed:", lines+"reviewed:", 1)
	return small(map[string]string{newPage: front, "baru.en.md": plainPageEN, "kontak.md": strings.Replace(plainPage, "Teks.", link, 1)})
}

func TestPublication(t *testing.T) {
	const link = "[baru](/baru/)"
	hidden := "kontak.md:7:8: link /baru/ leads to a page that is not published"
	for _, tt := range []struct {
		name, lines, day string
		shown            bool
	}{
		{"always", "", "2026-11-24", true},
		{"draft", "draft: true\n", "2026-11-24", false},
		{"day before", "publish: 2026-11-25\n", "2026-11-24", false},
		{"first day", "publish: 2026-11-24\n", "2026-11-24", true},
		{"last day", "expires: 2026-11-25\n", "2026-11-24", true},
		{"expired", "expires: 2026-11-24\n", "2026-11-24", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			o := site.Options{Today: requirement.Date(tt.day), Origin: "https://lapakasik.example"}
			made, err := site.Build(t.Context(), newsPage(tt.lines, "Teks."), o)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"baru/index.html", "en/baru/index.html"} {
				if _, ok := made.Files[name]; ok != tt.shown {
					t.Errorf("%s was made: %v; want %v", name, ok, tt.shown)
				}
			}
			if got := strings.Contains(string(made.Files["sitemap.xml"]), "/baru/"); got != tt.shown {
				t.Errorf("in the sitemap: %v; want %v", got, tt.shown)
			}
			want := hidden
			if tt.shown {
				want = ""
			}
			if got := on(t, newsPage(tt.lines, link), o.Today); got != want {
				t.Errorf("link to it: %q; want %q", got, want)
			}
			o.Drafts = true
			made, err = site.Build(t.Context(), newsPage(tt.lines, link), o)
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(made.Files["baru/index.html"]), "Belum terbit"); got == tt.shown {
				t.Errorf("marked in the preview: %v; want %v", got, !tt.shown)
			}
		})
	}
}

// Of a page whose days or draft cannot be read nobody knows whether it is
// published: links to it are not told beside that.
func TestLinksToUnreadableDays(t *testing.T) {
	for lines, want := range map[string]string{
		"publish: besok\n": `baru.md:4:10: publish: date "besok": want YYYY-MM-DD of a day that exists`,
		"draft: ya\n":      `baru.md:4:8: want true or false, found text "ya"`,
		"publish: 2027-01-01\nexpires: 2026-01-01\n": "baru.md:5:10: expires 2026-01-01 is not after publish 2027-01-01",
	} {
		if got := on(t, newsPage(lines, "[baru](/baru/), [lagi](/baru/)"), "2026-11-24"); got != want {
			t.Errorf("Check with %q:\n%s\nwant:\n%s", lines, got, want)
		}
	}
}

// What a new page leaves to be filled in may stand in a draft, and nowhere else.
func TestUnfilled(t *testing.T) {
	fsys := func(lines string) fstest.MapFS {
		out := newsPage(lines, "Teks.")
		out[newPage] = &fstest.MapFile{Data: bytes.Replace(out[newPage].Data, []byte("Teks."), []byte("Satu ‹dua›, ‹tiga"), 1)}
		out["baru.en.md"] = &fstest.MapFile{Data: bytes.Replace(out["baru.en.md"].Data, []byte("What is here."), []byte("\"‹What?›\""), 1)}
		return out
	}
	if got := on(t, fsys("draft: true\n"), "2026-11-24"); got != "" {
		t.Errorf("Check of a draft:\n%s", got)
	}
	const want = "baru.en.md:3:15: ‹What?› is still to be filled in\nbaru.md:8:6: ‹dua› is still to be filled in\nbaru.md:8:13: ‹tiga is still to be filled in"
	if got := on(t, fsys("publish: 2027-01-31\n"), "2026-11-24"); got != want {
		t.Errorf("Check:\n%s\nwant:\n%s", got, want)
	}
}

// A reason that is not published is not offered by the functions either.
func TestDraftReason(t *testing.T) {
	fsys := small(map[string]string{"klaim/pindah.md": with(t, "klaim/pindah.md", "kind: reason", "kind: reason\ndraft: true")})
	if made := build(t, fsys); made.Set.Reason("pindah") != nil || len(made.Files["klaim/pindah/index.html"]) > 0 {
		t.Error("a draft is in the requirement set or on the site")
	}
}

func TestReviews(t *testing.T) {
	s, err := site.Load(t.Context(), small(map[string]string{"gratis.md": with(t, "gratis.md", "2026-11-20", "2026-01-01")}), site.Options{Today: "2026-11-24"})
	if err != nil {
		t.Fatal(err)
	}
	all := s.Reviews()
	if len(all) != 17 || all[0] != (site.Review{File: "gratis.md", Title: "Judul", Reviewed: "2026-01-01", Due: "2026-06-30"}) {
		t.Errorf("Reviews = %d, the first %+v; want 17, the first gratis.md due 2026-06-30", len(all), all[0])
	}
}
