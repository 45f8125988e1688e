// Package notify tells participants by mail what became of their claim.
//
//	outbox row ─► due? ─► registration ─► Compose ─► begun ─► Mailer (SES, SMTP)
//	   ▲  │                                                     │ accepted: receipt, taken off
//	   │  └── written with the change it tells of               │ failed: later, with full jitter
//	   └──────────── a row is first in its registration ◄───────┘ after maxTries: dead letter
//
// A message is sent at least once: if the receipt cannot be written it is sent
// again, but no more than maxSends times (TRUST R28). Links in it lead to pages that change nothing when opened, and hold no
// token; the subject names neither person nor code. Its permission: read
// registrations, work the outbox, send mail.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/site/requirement"
)

// Store is what notify needs of the store.
type Store interface {
	LettersDue(ctx context.Context, limit int) ([]dynamo.Letter, error)
	LetterBegun(ctx context.Context, l dynamo.Letter) (bool, error)
	LetterSent(ctx context.Context, l dynamo.Letter, receipt string) error
	LetterFailed(ctx context.Context, l dynamo.Letter, again time.Time, dead bool) error
	ByID(ctx context.Context, id string) (claim.Registration, error)
	CompanyByID(ctx context.Context, id string) (company.Request, error)
	Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error)
	Remind(ctx context.Context, id string) (bool, error)
}

// Sets loads published requirement sets.
type Sets interface {
	Current(context.Context) (*requirement.Set, error)
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// A Mail is one message to one person.
type Mail struct {
	To, Subject, Text, HTML string
	Calendar                []byte // an entry to attach, nil for none
}

// A Mailer sends one mail and returns the receipt that the mail server gave.
type Mailer interface {
	Send(context.Context, Mail) (receipt string, err error)
}

// ErrRefused: the mail server will never take this mail.
var ErrRefused = errors.New("notify: refused for good")

// errUnmarked: the mail went, or may have gone, as often as is bearable, and
// nobody could note it.
var errUnmarked = errors.New("notify: sent without a mark")

// Event names the job to run; it is the input of the schedule.
type Event struct {
	Job string `json:"job"` // "send", or "remind"
}

// Service sends.
type Service struct {
	Store  Store
	Sets   Sets
	Mailer Mailer
	Origin string // of the public site
	Log    *slog.Logger
	Now    func() time.Time
}

const (
	perRun   = 200 // of each of eight shards
	maxTries = 8   // the last some four hours after the first
	maxSends = 3   // of which nobody knows how they ended
)

// Handle runs one job. What one message fails with does not stop the others.
func (s *Service) Handle(ctx context.Context, e Event) error {
	switch e.Job {
	case "send":
		return s.send(ctx)
	case "remind":
		return s.remind(ctx)
	}
	return fmt.Errorf("unknown job %q", e.Job)
}

// rounds bounds a run: each sends the next message of every registration.
const rounds = 10

// send sends what is due until nothing more can be sent.
func (s *Service) send(ctx context.Context) error {
	total := 0
	var failed error
	for range rounds {
		sent, err := s.round(ctx)
		total += sent
		failed = errors.Join(failed, err)
		if sent == 0 || err != nil {
			break
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "send"), slog.Int("count", total))
	return failed
}

func (s *Service) round(ctx context.Context) (sent int, failed error) {
	letters, err := s.Store.LettersDue(ctx, perRun)
	if err != nil {
		return 0, fmt.Errorf("job send: %w", err)
	}
	for _, l := range letters {
		ok, err := s.one(ctx, l)
		failed = errors.Join(failed, err)
		if ok {
			sent++
		}
	}
	return sent, failed
}

// one sends one message. The error is ours; that a mail server does not take a
// mail is noted with the message.
func (s *Service) one(ctx context.Context, l dynamo.Letter) (bool, error) {
	m, err := s.compose(ctx, l)
	if err != nil {
		return false, fmt.Errorf("message %s of a registration: %w", l.Kind, err)
	}
	receipt := "no address"
	if m.To != "" {
		if l.Begun-l.Tries >= maxSends {
			return false, s.failed(ctx, l, errUnmarked)
		}
		if begun, err := s.Store.LetterBegun(ctx, l); !begun || err != nil {
			return false, err
		}
		if receipt, err = s.Mailer.Send(ctx, m); err != nil {
			return false, s.failed(ctx, l, err)
		}
	}
	if err := s.Store.LetterSent(ctx, l, receipt); err != nil {
		return false, fmt.Errorf("receipt: %w", err)
	}
	return true, nil
}

func (s *Service) failed(ctx context.Context, l dynamo.Letter, why error) error {
	dead := l.Tries+1 >= maxTries || errors.Is(why, ErrRefused) || errors.Is(why, errUnmarked)
	state := "again"
	if dead {
		state = "dead"
	}
	// The server's words may hold the address, so they are not logged.
	s.Log.LogAttrs(ctx, slog.LevelWarn, "mail failed", slog.String("state", state), slog.Int("count", l.Tries+1))
	longest := time.Minute << min(l.Tries, maxTries)
	return s.Store.LetterFailed(ctx, l, s.Now().Add(time.Minute+rand.N(longest)), dead)
}

// remind owes a reminder to everybody whose place is tomorrow in the branch's
// zone, once for each place.
func (s *Service) remind(ctx context.Context) error {
	set, err := s.Sets.Current(ctx)
	if err != nil {
		return fmt.Errorf("job remind: %w", err)
	}
	owed := 0
	var failed error
	for i := range set.Branches {
		b := &set.Branches[i]
		if !b.Bookable {
			continue
		}
		regs, err := s.Store.Day(ctx, b.Code, requirement.DateOf(s.Now().In(b.Location())).AddDays(1))
		failed = errors.Join(failed, err)
		for _, r := range regs {
			if r.Status != claim.Submitted {
				continue
			}
			did, err := s.Store.Remind(ctx, r.ID)
			failed = errors.Join(failed, err)
			if did {
				owed++
			}
		}
	}
	s.Log.LogAttrs(ctx, slog.LevelInfo, "job", slog.String("job", "remind"), slog.Int("count", owed))
	return failed
}
