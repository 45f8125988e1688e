package notify_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/crashtest"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/mailbox"
	"lapakasik/functions/notify"
	"lapakasik/functions/notify/mailer"
	"lapakasik/site/requirement"
)

// A post is a store with three messages of two people that are due, and a real
// mail server.
type post struct {
	url, table, keysTable string
	keys                  *seal.Keys
	set                   *requirement.Set
	clock                 *storetest.Clock
	box                   *mailbox.Server
	dir                   string
}

// The messages: a person's address and the subject.
const (
	received  = "Pendaftaran Anda diterima: lengkapi berkas"
	confirmed = "Pengajuan Anda lengkap"
)

var owed = []string{"orang1@contoh.id " + received, "orang1@contoh.id " + confirmed, "orang2@contoh.id " + received}

func openPost(ctx context.Context, t *testing.T, set *requirement.Set) (*post, error) {
	p := &post{url: storetest.Engine(t).URL, keys: storetest.Keys(t), set: set, clock: storetest.NewClock(storetest.Morning)}
	db := storetest.Client(p.url)
	p.table, p.keysTable = storetest.Tables(t, db)
	var err error
	if p.dir, err = os.MkdirTemp("", "post"); err != nil {
		return nil, err
	}
	if p.box, err = mailbox.Start(p.dir); err != nil {
		return nil, err
	}
	s := p.store(db)
	plan := storetest.Plan(2)
	plan.Branch = "bandar-lampung"
	if err := s.EnsureDay(ctx, plan); err != nil {
		return nil, err
	}
	for n := 1; n <= 2; n++ {
		b := storetest.Booking(n)
		b.Place.Branch, b.SetVersion, b.Person.Email = plan.Branch, set.Version, fmt.Sprintf("orang%d@contoh.id", n)
		reg, err := s.Book(ctx, b)
		if err == nil && n == 1 {
			_, err = s.Submit(ctx, reg.ID, 0)
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *post) store(db *dynamodb.Client) *dynamo.Store {
	s := dynamo.New(db, p.table, p.keysTable, func(context.Context) (*seal.Keys, error) { return p.keys, nil })
	s.Now = p.clock.Now
	return s
}

func (p *post) close(ctx context.Context) error {
	db := storetest.Client(p.url)
	_, first := db.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &p.table})
	_, second := db.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: &p.keysTable})
	return errors.Join(first, second, p.box.Close(), os.RemoveAll(p.dir))
}

// A cut line to the mail server.
type cut struct {
	*crashtest.Life
	to notify.Mailer
}

func (c cut) Send(ctx context.Context, m notify.Mail) (receipt string, err error) {
	err = c.Call(func() (err error) {
		receipt, err = c.to.Send(context.WithoutCancel(ctx), m)
		return err
	})
	return receipt, err
}

func (p *post) service(l *crashtest.Life) *notify.Service {
	return &notify.Service{Store: p.store(l.DB(p.url)), Sets: sets{p.set}, Origin: "https://lapakasik.example", Now: p.clock.Now,
		Log:    slog.New(slog.NewTextHandler(io.Discard, nil)),
		Mailer: cut{l, &mailer.SMTP{From: "jangan-balas@lapakasik.example", Host: p.box.Host, Port: p.box.Port, Plain: true}}}
}

// arrived are the mails by address and subject, oldest first.
func (p *post) arrived() ([]string, error) {
	names, err := filepath.Glob(filepath.Join(p.dir, "*.eml"))
	if err != nil {
		return nil, err
	}
	var out []string
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		m, err := mail.ReadMessage(strings.NewReader(string(b)))
		if err != nil {
			return nil, err
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil {
			return nil, err
		}
		out = append(out, strings.Trim(m.Header.Get("To"), "<>")+" "+subject)
	}
	return out, nil
}

// rows returns how many messages are still due, and how many are marked as sent.
func (p *post) rows(ctx context.Context) (due, sent int, err error) {
	for pages := dynamodb.NewScanPaginator(storetest.Client(p.url), &dynamodb.ScanInput{TableName: &p.table}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return 0, 0, err
		}
		for _, it := range page.Items {
			if sk, ok := it["SK"].(*types.AttributeValueMemberS); !ok || !strings.HasPrefix(sk.Value, "OUT#") {
				continue
			}
			if _, ok := it["sent"]; ok {
				sent++
			}
			if _, ok := it["GSI2PK"]; ok {
				due++
			}
		}
	}
	return due, sent, nil
}

// judge says what is wrong: a message that is neither due nor with its owner,
// one that came more often than a fault can explain, or in another order.
func (p *post) judge(ctx context.Context, s crashtest.Script) error {
	mails, err := p.arrived()
	if err != nil {
		return err
	}
	due, sent, err := p.rows(ctx)
	if err != nil {
		return err
	}
	if due+sent != len(owed) || s.Returns && due > 0 {
		return fmt.Errorf("%d messages are due and %d sent; want %d in all", due, sent, len(owed))
	}
	faults, distinct := 0, 0
	for _, l := range s.Lives {
		if l.At > 0 {
			faults++
		}
	}
	for _, m := range owed {
		if slices.Contains(mails, m) {
			distinct++
		}
	}
	switch {
	case distinct < sent:
		return fmt.Errorf("%d messages are marked as sent, %d came", sent, distinct)
	case len(mails) > distinct+faults:
		return fmt.Errorf("%d mails for %d messages after %d faults", len(mails), distinct, faults)
	}
	first, second := slices.Index(mails, owed[0]), slices.Index(mails, owed[1])
	if second >= 0 && (first < 0 || second < first) {
		return errors.New("what was submitted is told before what was booked")
	}
	s2 := p.store(storetest.Client(p.url))
	differences, err := s2.Reconcile(ctx, "bandar-lampung", storetest.Tomorrow)
	for _, d := range differences {
		err = errors.Join(err, errors.New(d))
	}
	return err
}

// posted plays scripts of sending. Who comes back is the next run of the job, and the one after.
func posted(t *testing.T, set *requirement.Set, make func(*post, *crashtest.Life) *notify.Service) crashtest.Play {
	return func(s crashtest.Script) ([]int, error) {
		ctx := context.Background()
		p, err := openPost(ctx, t, set)
		if err != nil {
			return nil, fmt.Errorf("setup: %w", err)
		}
		lives := s.Lives
		if s.Returns {
			lives = append(slices.Clone(lives), crashtest.Plan{}, crashtest.Plan{})
		}
		var made []int
		for _, plan := range lives {
			l := crashtest.Live(ctx, plan)
			_ = make(p, l).Handle(l.Context(), notify.Event{Job: "send"}) // a run that fails is followed by the next
			made = append(made, l.Made())
			p.clock.Move(10 * time.Minute)
		}
		return made, errors.Join(p.judge(ctx, s), p.close(ctx))
	}
}

// Every message comes, in order, whichever request to the store or the mail
// server the sender dies at or loses; and no more often than once and once
// more for each fault (TRUST R28). Of pairs of faults one in sixty-four is
// played; -full plays all.
func TestEveryCrashPointOfMail(t *testing.T) {
	oneIn := 64
	if storetest.Full() {
		oneIn = 1
	}
	seed, _ := storetest.Seed()
	r := crashtest.Scripts(posted(t, apptest.Content(t, "../.."), (*post).service), oneIn, seed)
	for _, err := range r.Wrong {
		t.Errorf("%v (-seed %d)", err, seed)
	}
	if r.Requests < 10 {
		t.Errorf("this shows nothing: %v", r)
	}
	t.Log(r)
}

// hasty marks a message before it is sent.
type hasty struct{ notify.Store }

func (h hasty) LettersDue(ctx context.Context, limit int) ([]dynamo.Letter, error) {
	letters, err := h.Store.LettersDue(ctx, limit)
	for _, l := range letters {
		err = errors.Join(err, h.LetterSent(ctx, l, "soon"))
	}
	return letters, err
}

// careless marks nothing, and begins nothing.
type careless struct{ notify.Store }

func (careless) LetterBegun(context.Context, dynamo.Letter) (bool, error) { return true, nil }
func (careless) LetterSent(context.Context, dynamo.Letter, string) error  { return nil }

// The crash points are no ornament: a sender that marks too early or not at
// all is found out.
func TestBrokenSendersAreCaught(t *testing.T) {
	set := apptest.Content(t, "../..")
	for name, broken := range map[string]func(notify.Store) notify.Store{
		"marked before it is sent": func(s notify.Store) notify.Store { return hasty{s} },
		"never marked":             func(s notify.Store) notify.Store { return careless{s} },
	} {
		r := crashtest.Scripts(posted(t, set, func(p *post, l *crashtest.Life) *notify.Service {
			s := p.service(l)
			s.Store = broken(s.Store)
			return s
		}), 1<<30, 1)
		if len(r.Wrong) == 0 {
			t.Errorf("%s: not caught", name)
		}
	}
}

// unmarked cannot write a mark.
type unmarked struct{ notify.Store }

var errMark = errors.New("no mark can be written")

func (unmarked) LetterSent(context.Context, dynamo.Letter, string) error { return errMark }

// Where no mark can be written, a mail goes three times and then needs a
// person, however often the job runs (TRUST R28).
func TestThreeMailsAtMostWithoutAMark(t *testing.T) {
	p, err := openPost(t.Context(), t, apptest.Content(t, "../.."))
	if err != nil {
		t.Fatal(err)
	}
	s := p.service(crashtest.Live(t.Context(), crashtest.Plan{}))
	whole := s.Store
	s.Store = unmarked{whole}
	for range 8 {
		if err := s.Handle(t.Context(), notify.Event{Job: "send"}); err != nil && !errors.Is(err, errMark) {
			t.Error(err)
		}
		p.clock.Move(time.Hour)
	}
	mails, err := p.arrived()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range owed {
		n := 0
		for _, m := range mails {
			if m == o {
				n++
			}
		}
		if n != 3 {
			t.Errorf("%q came %d times; want 3", o, n)
		}
	}
	dead, failed := p.store(storetest.Client(p.url)).DeadLetters(t.Context(), 10)
	if err := errors.Join(failed, p.close(t.Context())); err != nil || len(dead) != 2 {
		t.Errorf("%d people have letters that need a person, %v; want 2", len(dead), err)
	}
}
