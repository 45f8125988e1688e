// Package storetest gives tests the real store on the real engine: one engine
// for each test process, tables of their own for each test.
package storetest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/local/engine"
	"lapakasik/site/requirement"
)

var shared = sync.OnceValues(func() (*engine.Engine, error) {
	return engine.Start(context.Background(), "")
})

// Engine returns this process's engine; it ends with the process.
func Engine(tb testing.TB) *engine.Engine {
	tb.Helper()
	e, err := shared()
	if err != nil {
		tb.Fatalf("the store's engine is needed for this test: %v", err)
	}
	return e
}

// lines keep their connections for all clients: one of each client's own would
// leave some open for a minute and a half.
var lines = func() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 0, 64
	return &http.Client{Transport: t}
}()

// Client returns a client of the DynamoDB API at a URL. It tries again as
// often as any, but does not wait for seconds in between.
func Client(url string) *dynamodb.Client {
	patience := retry.NewStandard(func(o *retry.StandardOptions) { o.MaxBackoff = 50 * time.Millisecond })
	return dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(url), Retryer: patience, HTTPClient: lines,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
}

var number atomic.Int64

// Tables makes the two tables and returns their names.
func Tables(tb testing.TB, db *dynamodb.Client) (table, keys string) {
	tb.Helper()
	n := number.Add(1)
	table, keys = fmt.Sprintf("test-%d", n), fmt.Sprintf("test-keys-%d", n)
	for name, indexes := range map[string][]string{table: {"GSI1", "GSI2", "GSI3"}, keys: nil} {
		in := &dynamodb.CreateTableInput{TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest,
			KeySchema: schema("PK", "SK"), AttributeDefinitions: attributes("PK", "SK")}
		for _, index := range indexes {
			// GSI2 and GSI3 hold keys only in the template; more does no harm here.
			pk, sk := index+"PK", index+"SK"
			in.AttributeDefinitions = append(in.AttributeDefinitions, attributes(pk, sk)...)
			in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{IndexName: aws.String(index),
				KeySchema: schema(pk, sk), Projection: &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: dynamo.Projected}})
		}
		if _, err := db.CreateTable(context.Background(), in); err != nil {
			tb.Fatal(err)
		}
	}
	return table, keys
}

func schema(pk, sk string) []types.KeySchemaElement {
	return []types.KeySchemaElement{{AttributeName: aws.String(pk), KeyType: types.KeyTypeHash}, {AttributeName: aws.String(sk), KeyType: types.KeyTypeRange}}
}

func attributes(names ...string) []types.AttributeDefinition {
	var out []types.AttributeDefinition
	for _, n := range names {
		out = append(out, types.AttributeDefinition{AttributeName: aws.String(n), AttributeType: types.ScalarAttributeTypeS})
	}
	return out
}

// Keys returns keys of a fixed root.
func Keys(tb testing.TB) *seal.Keys {
	tb.Helper()
	k, err := seal.New([]byte(strings.Repeat("k", 32)))
	if err != nil {
		tb.Fatal(err)
	}
	return k
}

// New returns a store with empty tables at the engine, or at another URL in front of it.
func New(tb testing.TB, url ...string) *dynamo.Store {
	tb.Helper()
	direct := Client(Engine(tb).URL)
	table, keysTable := Tables(tb, direct)
	db := direct
	if len(url) > 0 {
		db = Client(url[0])
	}
	k := Keys(tb)
	return dynamo.New(db, table, keysTable, func(context.Context) (*seal.Keys, error) { return k, nil })
}

// NewStaff returns a store of people and sessions on a table of its own.
func NewStaff(tb testing.TB) *dynamo.Staff {
	tb.Helper()
	db := Client(Engine(tb).URL)
	name := fmt.Sprintf("test-staff-%d", number.Add(1))
	if _, err := db.CreateTable(context.Background(), &dynamodb.CreateTableInput{TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest,
		KeySchema: schema("PK", "SK"), AttributeDefinitions: attributes("PK", "SK")}); err != nil {
		tb.Fatal(err)
	}
	return dynamo.NewStaff(db, name)
}

// Clock is a clock that stands until it is moved.
type Clock struct{ now atomic.Int64 }

// NewClock returns a clock that stands at a moment.
func NewClock(t time.Time) *Clock {
	c := &Clock{}
	c.now.Store(t.UnixNano())
	return c
}

// Now returns the clock's moment in UTC.
func (c *Clock) Now() time.Time { return time.Unix(0, c.now.Load()).UTC() }

// Move moves the clock.
func (c *Clock) Move(d time.Duration) { c.now.Add(int64(d)) }

// Morning is a Tuesday, 01.00 UTC, 08.00 WIB.
var Morning = time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC)

// Tomorrow is the day of the places that Plan and Booking name.
const Tomorrow requirement.Date = "2026-11-25"

// Plan returns a day of one session with so many places.
func Plan(places int) claim.DayPlan {
	return claim.DayPlan{Branch: "uji", Date: Tomorrow, Sessions: []claim.Session{{Channel: requirement.Online, Time: "08:00", Places: places}}}
}

// NIK returns the n-th made-up NIK, of province code 99.
func NIK(n int) string { return fmt.Sprintf("990101010190%04d", n%9999+1) }

// Booking returns a booking of the n-th made-up person for Plan's session.
func Booking(n int) claim.Booking {
	key := make([]byte, 16)
	copy(key, fmt.Sprintf("key-%d", n))
	start := Morning.Add(24 * time.Hour)
	return claim.Booking{Key: key, Digest: fmt.Sprintf("digest-%d", n), Programme: "JHT", Reason: "mengundurkan-diri", SetVersion: "0123456789abcdef",
		Lang: requirement.ID, Place: claim.Place{Branch: "uji", Channel: requirement.Online, Date: Tomorrow, Time: "08:00"},
		Start: start, Deadline: start.Add(-2 * time.Hour),
		Consents: []claim.ConsentProof{{Code: "foto", Version: "abc", Lang: requirement.ID, Given: Morning}},
		Person: claim.Person{NIK: NIK(n), Name: "Budi Uji", KPJ: []string{"99000000001"}, BirthDate: "1990-01-01", Phone: "+6281234567890",
			Email: "budi@contoh.id", Bank: "Bank Uji", Account: "1234567890", Holder: "Budi Uji"},
		Answers: requirement.Answers{requirement.BirthDate: "1990-01-01"}}
}

// Canary are words that must never be found in what is stored, logged or sent.
func Canary(b claim.Booking) []string {
	return []string{b.Person.NIK, b.Person.Name, b.Person.Phone, b.Person.Email, b.Person.Account, b.Person.KPJ[0]}
}

// TempFile returns a path in a directory that goes with the test.
func TempFile(tb testing.TB, name string) string {
	tb.Helper()
	dir, err := os.MkdirTemp(tb.TempDir(), "store")
	if err != nil {
		tb.Fatal(err)
	}
	return filepath.Join(dir, name)
}
