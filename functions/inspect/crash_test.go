package inspect_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/inspect"
	"lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/crashtest"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/examine"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
)

// An arrival is one file of one registration in the inbox, not inspected yet.
type arrival struct {
	d                *desk
	table, keysTable string
	store            *dynamo.Store
	doc              claim.Document
	reg, key         string
}

func (d *desk) arrive(ctx context.Context, body []byte) (*arrival, error) {
	a := &arrival{d: d}
	db := storetest.Client(storetest.Engine(d.t).URL)
	a.table, a.keysTable = storetest.Tables(d.t, db)
	a.store = a.open(db)
	if err := a.store.EnsureDay(ctx, storetest.Plan(1)); err != nil {
		return nil, err
	}
	reg, err := a.store.Book(ctx, storetest.Booking(1))
	if err != nil {
		return nil, err
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	a.doc = claim.Document{Upload: hex.EncodeToString(id), Slot: slot, Kind: slot, State: claim.DocWaiting, Created: storetest.Morning, Expires: storetest.Morning.AddDate(10, 0, 0)}
	a.reg, a.key = reg.ID, claim.InboxKey(a.doc.Upload, slot)
	if err := a.store.AllowUpload(ctx, reg.ID, a.doc); err != nil {
		return nil, err
	}
	_, err = d.gateway.Client().PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(inbox), Key: &a.key, Body: bytes.NewReader(body)})
	return a, err
}

func (a *arrival) open(db *dynamodb.Client) *dynamo.Store {
	k := storetest.Keys(a.d.t)
	s := dynamo.New(db, a.table, a.keysTable, func(context.Context) (*seal.Keys, error) { return k, nil })
	s.Now = storetest.NewClock(storetest.Morning).Now
	return s
}

// service is inspection as one process has it.
func (a *arrival) service(l *crashtest.Life) *inspect.Service {
	files := s3.New(s3.Options{BaseEndpoint: aws.String(a.d.gateway.URL), UsePathStyle: true, Region: "ap-southeast-3", HTTPClient: l, Retryer: crashtest.AtOnce(),
		Credentials: credentials.NewStaticCredentialsProvider(a.d.gateway.AccessKey, a.d.gateway.SecretKey, "")})
	return &inspect.Service{Store: a.open(l.DB(storetest.Engine(a.d.t).URL)), Files: wire.Files{Files: bucket.NewFiles(files, inbox, vault, "")},
		Limits: examine.Default(), Log: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// judge says what is wrong: a result without its file, a file that is neither
// in the inbox nor in the vault, or an inspection that is noted twice.
func (a *arrival) judge(ctx context.Context, s crashtest.Script) error {
	_, doc, err := a.store.Upload(ctx, a.doc.Upload)
	if err != nil {
		return err
	}
	steps, err := a.store.History(ctx, a.reg)
	if err != nil {
		return err
	}
	noted := 0
	for _, x := range steps {
		if strings.HasPrefix(x.Action, "inspect ") {
			noted++
		}
	}
	kept, err := bucket.NewVault(a.d.gateway.Client(), vault).Holds(ctx, doc.VaultKey, doc.Version)
	if err != nil {
		return err
	}
	waits, err := bucket.NewVault(a.d.gateway.Client(), inbox).Holds(ctx, a.key, "")
	if err != nil {
		return err
	}
	broken, err := a.store.VerifyEvents(ctx, a.reg)
	switch {
	case err != nil:
		return err
	case broken > 0:
		return fmt.Errorf("event %d of the trail is broken", broken)
	case doc.State == claim.DocPassed && (!kept || noted != 1):
		return fmt.Errorf("passed, kept %t, noted %d times", kept, noted)
	case doc.State == claim.DocWaiting && (!waits || noted != 0):
		return fmt.Errorf("waiting, in the inbox %t, noted %d times", waits, noted)
	case s.Returns && (doc.State != claim.DocPassed || waits):
		return fmt.Errorf("at the end %s, in the inbox %t", doc.State, waits)
	}
	return nil
}

func (d *desk) inspected(body []byte, make func(*arrival, *crashtest.Life) *inspect.Service) crashtest.Play {
	return func(s crashtest.Script) ([]int, error) {
		ctx := context.Background()
		a, err := d.arrive(ctx, body)
		if err != nil {
			return nil, fmt.Errorf("setup: %w", err)
		}
		lives := s.Lives
		if s.Returns {
			lives = append(slices.Clone(lives), crashtest.Plan{}) // the event comes again
		}
		var made []int
		for _, p := range lives {
			l := crashtest.Live(ctx, p)
			err = make(a, l).File(l.Context(), a.key)
			made = append(made, l.Made())
		}
		if s.Returns && err != nil {
			return made, fmt.Errorf("the last event: %w", err)
		}
		return made, a.judge(ctx, s)
	}
}

// Whichever of its requests to the store and the buckets inspection dies at
// or loses, a file has its one result, with what passed in the vault, when the
// event comes again; until then it waits in the inbox. Of pairs of faults one
// in thirty-two is played; -full plays all.
func TestEveryCrashPointOfInspection(t *testing.T) {
	oneIn := 32
	if storetest.Full() {
		oneIn = 1
	}
	seed, _ := storetest.Seed()
	d := open(t)
	drain(t, d)
	r := crashtest.Scripts(d.inspected(photo(t), (*arrival).service), oneIn, seed)
	for _, err := range r.Wrong {
		t.Errorf("%v (-seed %d)", err, seed)
	}
	if r.Requests < 6 {
		t.Errorf("this shows nothing: %v", r)
	}
	t.Log(r)
}

// drain takes the gateway's notices, which nobody waits for here.
func drain(t *testing.T, d *desk) {
	t.Helper()
	end := make(chan struct{})
	t.Cleanup(func() { close(end) })
	go func() {
		for {
			select {
			case <-d.created:
			case <-end:
				return
			}
		}
	}()
}

// eager empties the inbox as soon as it has read a file.
type eager struct{ inspect.Files }

func (e eager) Fetch(ctx context.Context, key string) (inspect.Object, error) {
	o, err := e.Files.Fetch(ctx, key)
	if err != nil {
		return o, err
	}
	return o, e.Drop(ctx, key, o.Version)
}

// The crash points are no ornament: inspection that empties the inbox first is
// found out.
func TestBrokenInspectionIsCaught(t *testing.T) {
	d := open(t)
	drain(t, d)
	r := crashtest.Scripts(d.inspected(photo(t), func(a *arrival, l *crashtest.Life) *inspect.Service {
		s := a.service(l)
		s.Files = eager{s.Files}
		return s
	}), 1<<30, 1)
	if len(r.Wrong) == 0 {
		t.Errorf("not caught: %v", r)
	}
}
