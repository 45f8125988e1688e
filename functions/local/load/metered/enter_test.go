package metered_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/load/metered"
)

// byKey counts the write units of each partition key, those of indexes too, on
// the way to the metered store.
type byKey struct {
	*metered.Store
	mu    sync.Mutex
	units map[string]int
}

func (b *byKey) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in struct {
		TransactItems []struct {
			Put struct{ Item map[string]map[string]string }
		}
	}
	if err := json.Unmarshal(body, &in); err == nil {
		b.mu.Lock()
		for _, x := range in.TransactItems {
			b.units[x.Put.Item["PK"]["S"]] += 2 * (1 + len(x.Put.Item["sealed"]["B"])/1024) // prepare and commit
			for _, index := range []string{"GSI1PK", "GSI2PK"} {
				if k := x.Put.Item[index]["S"]; k != "" {
					b.units[k]++
				}
			}
		}
		b.mu.Unlock()
	}
	return b.Store.Do(r)
}

// People who join the draw of one branch-day at all of the 2,500 requests a
// second that Jakarta allows load no partition with more than 1,000 write
// units a second (TRUST R20). Names are random, so the share of the hottest key
// is the same at any pace.
func TestJoiningIsSpread(t *testing.T) {
	const people, rate, limit = 4000, 2500, 1000
	m := &byKey{Store: metered.New(), units: map[string]int{}}
	m.Gap, m.Limit = 0, 0
	db := dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String("http://127.0.0.1:1"), HTTPClient: m,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
	keys := storetest.Keys(t)
	s := dynamo.New(db, "Table", "KeysTable", func(context.Context) (*seal.Keys, error) { return keys, nil })
	s.Now = storetest.NewClock(storetest.Morning).Now
	for n := range people {
		e := claim.Entry{Booking: storetest.Booking(n), Status: claim.Entered}
		e.Place.Time = ""
		if _, err := s.Enter(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	hottest, most, total := "", 0, 0
	for k, n := range m.units {
		total += n
		if n > most {
			hottest, most = k, n
		}
	}
	second := most * rate / people
	t.Logf("%d joined; the hottest of %d keys, %s, takes %d write units a second at %d joins; %s units each", people, len(m.units), hottest, second, rate, fmt.Sprint(total/people))
	if second > limit || most == 0 {
		t.Errorf("%s takes %d write units a second; want at most %d", hottest, second, limit)
	}
}
