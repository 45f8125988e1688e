package notify_test

import (
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/site/requirement"
)

// text is the first part of a mail of a media type; "" if it has none.
func text(t *testing.T, media string, header mail.Header, body io.Reader) string {
	t.Helper()
	is, params, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	if is == media {
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if !strings.HasPrefix(is, "multipart/") {
		return ""
	}
	for parts := multipart.NewReader(body, params["boundary"]); ; {
		p, err := parts.NextPart()
		if err == io.EOF {
			return ""
		}
		if err != nil {
			t.Fatal(err)
		}
		if found := text(t, media, mail.Header(p.Header), p); found != "" {
			return found
		}
	}
}

// The three mails of a draw say what became of it, in the language of who
// joined: that one is in it, the place and until when the documents must be
// there, or the rank on the wait list.
func TestMailsOfADraw(t *testing.T) {
	said := map[requirement.Lang][3][]string{
		requirement.ID: {
			{"Anda ikut undian tempat", "Kapan Anda mendaftar tidak berpengaruh", "Kantor Cabang Bandar Lampung, Rabu, 25 November 2026"},
			{"Anda mendapat tempat: lengkapi berkas", "Undian memberi Anda tempat", "Rabu, 25 November 2026, 08.00 WIB", "Batas berkas: Rabu, 25 November 2026, 06.00 WIB", "Peringkat undian Anda: 1"},
			{"Anda di daftar tunggu", "tempat yang dilepas kami tawarkan menurut urutan", "Peringkat undian Anda: 2"}},
		requirement.EN: {
			{"You have joined the draw for a place", "When you joined makes no difference", "Kantor Cabang Bandar Lampung, Wednesday, 25 November 2026"},
			{"You have a place: complete your documents", "The draw gave you the place", "Wednesday, 25 November 2026, 08:00 WIB", "Deadline for documents: Wednesday, 25 November 2026, 06:00 WIB", "Your rank in the draw: 1"},
			{"You are on the wait list", "places that are given back are offered in its order", "Your rank in the draw: 2"}},
	}
	for lang, want := range said {
		t.Run(string(lang), func(t *testing.T) {
			w := start(t, lang)
			w.run("send") // of the booking that every world has
			enter := func(n int) claim.Registration {
				e := claim.Entry{Booking: storetest.Booking(n), Status: claim.Entered}
				e.Place.Branch, e.Place.Time, e.SetVersion, e.Lang = "bandar-lampung", "", w.reg.SetVersion, lang
				reg, err := w.store.Enter(t.Context(), e)
				if err != nil {
					t.Fatal(err)
				}
				return reg
			}
			won, waits := enter(2), enter(3)
			w.run("send")
			to := storetest.Booking(2)
			to.Place.Branch = "bandar-lampung"
			if _, err := w.store.Award(t.Context(), won.ID, 0, to.Place, 1, to.Start, to.Deadline); err != nil {
				t.Fatal(err)
			}
			w.run("send")
			if _, err := w.store.Wait(t.Context(), waits.ID, 2); err != nil {
				t.Fatal(err)
			}
			w.run("send")
			mails, subjects := w.mails(), w.subjects()
			if len(mails) != 5 {
				t.Fatalf("mails %q", subjects)
			}
			for i, m := range []int{1, 3, 4} {
				plain := strings.Join(strings.Fields(text(t, "text/plain", mails[m].Header, mails[m].Body)), " ")
				if subjects[m] != want[i][0] {
					t.Errorf("mail %d is %q; want %q", m, subjects[m], want[i][0])
				}
				for _, words := range want[i][1:] {
					if !strings.Contains(plain, words) {
						t.Errorf("%q does not say %q: %s", subjects[m], words, plain)
					}
				}
				if i := slices.IndexFunc(storetest.Canary(to), func(s string) bool { return strings.Contains(plain, s) }); i >= 0 {
					t.Errorf("%q holds what is personal", subjects[m])
				}
			}
		})
	}
}

// Who is in a draw that ended without a result is told so, and nothing about
// documents that nobody had asked for.
func TestMailOfADrawWithoutResult(t *testing.T) {
	for lang, want := range map[requirement.Lang][2]string{
		requirement.ID: {"Undian berakhir tanpa hasil", "Ini bukan kesalahan Anda. Anda dapat mendaftar lagi untuk hari lain"},
		requirement.EN: {"The draw ended without a result", "You have made no mistake. You can register again for another day"},
	} {
		w := start(t, lang)
		e := claim.Entry{Booking: storetest.Booking(2), Status: claim.Entered}
		e.Place.Branch, e.Place.Time, e.SetVersion, e.Lang = "bandar-lampung", "", w.reg.SetVersion, lang
		reg, err := w.store.Enter(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		if did, err := w.store.LapseEntry(t.Context(), reg.ID); !did || err != nil {
			t.Fatalf("ended: %v, %v", did, err)
		}
		w.run("send")
		mails, subjects := w.mails(), w.subjects()
		last := len(mails) - 1
		plain := strings.Join(strings.Fields(text(t, "text/plain", mails[last].Header, mails[last].Body)), " ")
		if subjects[last] != want[0] || !strings.Contains(plain, want[1]) || strings.Contains(plain, "Berkas wajib") || strings.Contains(plain, "documents") {
			t.Errorf("%s: told %q: %s", lang, subjects[last], plain)
		}
	}
}
