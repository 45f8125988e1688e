package notify_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/mailbox"
	"lapakasik/functions/notify"
	"lapakasik/functions/notify/mailer"
	"lapakasik/site/requirement"
)

type sets struct{ *requirement.Set }

func (s sets) Current(context.Context) (*requirement.Set, error)         { return s.Set, nil }
func (s sets) Version(context.Context, string) (*requirement.Set, error) { return s.Set, nil }

// A world is the real store and a real mail server, with one claim.
type world struct {
	*notify.Service
	t     *testing.T
	store *dynamo.Store
	clock *storetest.Clock
	box   *mailbox.Server
	dir   string
	reg   claim.Registration
}

// start books a person who asked for reminders, unless consents say otherwise.
func start(t *testing.T, lang requirement.Lang, consents ...claim.ConsentProof) *world {
	t.Helper()
	if consents == nil {
		consents = []claim.ConsentProof{{Code: "pengingat", Version: "abc", Lang: lang, Given: storetest.Morning}}
	}
	w := &world{t: t, store: storetest.New(t), clock: storetest.NewClock(storetest.Morning), dir: t.TempDir()}
	w.store.Now = w.clock.Now
	var err error
	if w.box, err = mailbox.Start(w.dir); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.box.Close() })
	set := apptest.Content(t, "../..")
	w.Service = &notify.Service{Store: w.store, Sets: sets{set}, Origin: "https://lapakasik.example", Now: w.clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Mailer: &mailer.SMTP{From: "jangan-balas@lapakasik.example", Host: w.box.Host, Port: w.box.Port, Plain: true}}
	plan, b := storetest.Plan(2), storetest.Booking(1)
	plan.Branch, b.Place.Branch, b.SetVersion, b.Lang = "bandar-lampung", "bandar-lampung", set.Version, lang
	b.Consents = consents
	if err := w.store.EnsureDay(t.Context(), plan); err != nil {
		t.Fatal(err)
	}
	if w.reg, err = w.store.Book(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) run(job string) {
	w.t.Helper()
	if err := w.Handle(w.t.Context(), notify.Event{Job: job}); err != nil {
		w.t.Fatal(err)
	}
}

// mails returns the mails that arrived, oldest first.
func (w *world) mails() []*mail.Message {
	w.t.Helper()
	names, err := filepath.Glob(filepath.Join(w.dir, "*.eml"))
	if err != nil {
		w.t.Fatal(err)
	}
	var out []*mail.Message
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		m, err := mail.ReadMessage(strings.NewReader(string(b)))
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, m)
	}
	return out
}

func (w *world) subjects() []string {
	w.t.Helper()
	var out []string
	for _, m := range w.mails() {
		s, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			w.t.Fatal(err)
		}
		out = append(out, s)
	}
	return out
}

func (w *world) expect(subjects ...string) {
	w.t.Helper()
	if got := w.subjects(); strings.Join(got, "|") != strings.Join(subjects, "|") {
		w.t.Errorf("mails %q; want %q", got, subjects)
	}
}

// Who did not ask to be reminded is not.
func TestReminderNeedsConsent(t *testing.T) {
	w := start(t, requirement.ID, claim.ConsentProof{Code: "pengenalan-wajah", Version: "abc", Given: storetest.Morning})
	if _, err := w.store.Submit(t.Context(), w.reg.ID, 0); err != nil {
		t.Fatal(err)
	}
	w.run("remind")
	w.run("send")
	w.expect("Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap")
}

// Each step is told once, in the order in which it happened.
func TestEveryStepIsTold(t *testing.T) {
	w := start(t, requirement.ID)
	w.run("send")
	w.expect("Pendaftaran Anda diterima: lengkapi berkas")
	if _, err := w.store.Submit(t.Context(), w.reg.ID, 0); err != nil {
		t.Fatal(err)
	}
	w.run("remind")
	w.run("remind")
	for range 3 {
		w.run("send")
	}
	w.expect("Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap", "Besok jadwal Anda")
	by := claim.Desk{Officer: "ani", Branch: "bandar-lampung", Limit: 1}
	reg, err := w.store.Take(t.Context(), by, w.reg.ID)
	if err == nil {
		_, err = w.store.Decide(t.Context(), by, reg.ID, reg.Version, claim.Decision{Action: claim.ActPostpone, Reasons: []string{"berkas-tidak-terbaca"}, Mend: []string{"ktp"}, Until: "2026-12-01"},
			&apptest.Content(t, "../..").Deciding)
	}
	if err != nil {
		t.Fatal(err)
	}
	w.run("send")
	w.expect("Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap", "Besok jadwal Anda", "Perbaiki berkas klaim Anda")
	last := w.mails()[3]
	body, err := io.ReadAll(last.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range storetest.Canary(storetest.Booking(1))[:1] {
		if strings.Contains(string(body), secret) {
			t.Errorf("the mail holds %q", secret)
		}
	}
	if to := last.Header.Get("To"); !strings.Contains(to, "budi@contoh.id") || last.Header.Get("Auto-Submitted") == "" {
		t.Errorf("the mail goes to %q, marked %q", to, last.Header.Get("Auto-Submitted"))
	}
	for _, want := range []string{"text/plain", "text/html", "https://lapakasik.example/status"} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the mail lacks %q", want)
		}
	}
}

func TestEnglishWithCalendar(t *testing.T) {
	w := start(t, requirement.EN)
	w.run("send")
	w.expect("Your registration was received: complete your documents")
	body, err := io.ReadAll(w.mails()[0].Body)
	if err != nil || !strings.Contains(string(body), "text/calendar") || !strings.Contains(string(body), "lapak-asik.ics") {
		t.Errorf("the mail has no calendar entry: %v", err)
	}
}

// What a server refuses for a time is tried again later, in order; what it
// refuses for good needs a person.
func TestTroubleWithTheServer(t *testing.T) {
	tests := []struct {
		name string
		fail error
		dead bool
	}{
		{"for a time", &smtp.SMTPError{Code: 451, Message: "later"}, false},
		{"for good", &smtp.SMTPError{Code: 550, Message: "nobody here"}, true},
		{"of its own", errors.New("boom"), true}, // which the server answers with 554
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := start(t, requirement.ID)
			var failing atomic.Bool
			failing.Store(true)
			w.box.Fail = func() error {
				if failing.Load() {
					return tt.fail
				}
				return nil
			}
			if _, err := w.store.Submit(t.Context(), w.reg.ID, 0); err != nil {
				t.Fatal(err)
			}
			w.run("send")
			w.expect()
			dead, err := w.store.DeadLetters(t.Context(), 10)
			if err != nil || len(dead) == 1 != tt.dead {
				t.Fatalf("%d dead letters, %v", len(dead), err)
			}
			failing.Store(false)
			w.run("send")
			if tt.dead {
				w.expect("Pengajuan Anda lengkap") // what follows a dead letter is told
				return
			}
			w.expect() // not yet due, and nothing overtakes it
			w.clock.Move(3 * time.Minute)
			w.run("send")
			w.run("send")
			w.expect("Pendaftaran Anda diterima: lengkapi berkas", "Pengajuan Anda lengkap")
		})
	}
}

// A server that is never well ends in a dead letter.
func TestGivesUp(t *testing.T) {
	w := start(t, requirement.ID)
	w.box.Fail = func() error { return &smtp.SMTPError{Code: 451, Message: "later"} }
	for range 8 {
		w.run("send")
		w.clock.Move(12 * time.Hour)
	}
	if dead, err := w.store.DeadLetters(t.Context(), 10); err != nil || len(dead) != 1 {
		t.Errorf("%d dead letters, %v; want 1", len(dead), err)
	}
}
