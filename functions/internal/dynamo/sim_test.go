package dynamo_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// A sim runs several clients of the real store on the real engine one request
// at a time, in an order and with faults that a seed decides:
//
//	client ── SDK ── line ──┐
//	client ── SDK ── line ──┤ waits until every client is still, picks one ── engine
//	client ── SDK ── line ──┘ request, and loses it, its reply, delays it, doubles it …
//
// Because only one client runs at any moment, the same seed gives the same history.
type sim struct {
	engine string
	r      *rand.Rand
	broken mutation // what the engine is made to forget

	mu      sync.Mutex
	still   *sync.Cond
	busy    int // clients that run
	waiting []*request
	ghosts  []*request // sent, and still under way
	groups  map[int]int
	stamp   int64
	lost    int
	hit     map[string]int

	readings atomic.Int64 // of the clock
}

// A mutation changes what reaches the engine and what comes back, to make a
// store that is wrong. Either may be nil.
type mutation struct {
	ask    func(operation string, body []byte) []byte
	answer func(operation string, body []byte) []byte
	torn   bool // a lost request has written its first item
}

// A request waits at the gate. Without a target it is a step of the client itself.
type request struct {
	client int
	target string
	body   []byte
	header http.Header
	late   bool // of a ghost: the client's next request is not answered before it
	answer chan reply
}

type reply struct {
	res *http.Response
	err error
}

func newSim(engine string, seed uint64, broken mutation) *sim {
	s := &sim{engine: engine, r: rand.New(rand.NewPCG(seed, 1)), broken: broken, groups: map[int]int{}, hit: map[string]int{}}
	s.still = sync.NewCond(&s.mu)
	return s
}

// A line is one client's way to the engine.
type line struct {
	s      *sim
	client int
}

// db returns a client of the DynamoDB API at the end of a line.
func (l line) db() *dynamodb.Client {
	again := retry.NewStandard(func(o *retry.StandardOptions) {
		o.Backoff, o.RateLimiter = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil }), ratelimit.None
	})
	return dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(l.s.engine), Retryer: again, HTTPClient: l,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
}

// Do is the SDK's way out.
func (l line) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	a := l.s.wait(&request{client: l.client, target: operation(r.Header), body: body, header: r.Header})
	return a.res, a.err
}

func operation(h http.Header) string {
	_, op, _ := strings.Cut(h.Get("X-Amz-Target"), ".")
	return op
}

// allBuckets tells whether the request is one of the eight that the store
// sends at once for a strongly consistent look at all seats.
func (q *request) allBuckets() bool {
	return q.target == "Query" && bytes.Contains(q.body, []byte(`"SEAT#`)) && bytes.Contains(q.body, []byte(`"ConsistentRead":true`))
}

// order is what requests of one client are sorted by. The SDK writes values in
// any order, so of a look at all seats it is the key alone.
func (q *request) order() []byte {
	if !q.allBuckets() {
		return q.body
	}
	_, from, _ := bytes.Cut(q.body, []byte(`"SEAT#`))
	name, _, _ := bytes.Cut(from, []byte(`"`))
	return name
}

// wait puts a request at the gate and returns its answer.
func (s *sim) wait(q *request) reply {
	q.answer = make(chan reply, 1)
	s.mu.Lock()
	s.waiting = append(s.waiting, q)
	arrived := true
	if q.allBuckets() {
		s.groups[q.client]++
		arrived = s.groups[q.client] == 8
	}
	if arrived {
		s.busy--
		s.still.Signal()
	}
	s.mu.Unlock()
	return <-q.answer
}

// step waits for the client's turn, does f, and returns the moment.
func (s *sim) step(client int, f func()) int64 {
	s.wait(&request{client: client})
	if f != nil {
		f()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stamp++
	return s.stamp
}

// run runs clients 0 … n-1 to their end.
func (s *sim) run(n int, client func(int)) {
	s.busy = n
	for c := range n {
		go func() {
			client(c)
			s.mu.Lock()
			s.busy--
			s.still.Signal()
			s.mu.Unlock()
		}()
	}
	for s.one() {
	}
}

// one lets one request through; false when all clients have ended and nothing is under way.
func (s *sim) one() bool {
	s.mu.Lock()
	for s.busy > 0 {
		s.still.Wait()
	}
	slices.SortFunc(s.waiting, func(a, b *request) int {
		return cmp.Or(cmp.Compare(a.client, b.client), cmp.Compare(a.target, b.target), bytes.Compare(a.order(), b.order()))
	})
	if len(s.waiting)+len(s.ghosts) == 0 {
		s.mu.Unlock()
		return false
	}
	i := s.r.IntN(len(s.waiting) + len(s.ghosts))
	if i >= len(s.waiting) {
		g := s.takeGhost(i - len(s.waiting))
		s.mu.Unlock()
		s.deliver(g)
		return true
	}
	q := s.waiting[i]
	for k, g := range s.ghosts {
		if g.late && g.client == q.client { // what is under way comes first
			g = s.takeGhost(k)
			s.mu.Unlock()
			s.deliver(g)
			return true
		}
	}
	s.waiting = slices.Delete(s.waiting, i, i+1)
	more := false
	if q.allBuckets() {
		s.groups[q.client]--
		more = s.groups[q.client] > 0
	}
	s.mu.Unlock()
	a := s.serve(q)
	s.mu.Lock()
	if !more {
		s.busy++
	}
	s.mu.Unlock()
	q.answer <- a
	return true
}

func (s *sim) takeGhost(i int) *request {
	g := s.ghosts[i]
	s.ghosts = slices.Delete(s.ghosts, i, i+1)
	return g
}

var errLine = errors.New("the line is cut")

func (s *sim) serve(q *request) reply {
	if q.target == "" {
		return reply{}
	}
	fault := s.fault(q)
	if fault != "" {
		s.hit[fault]++
	}
	switch fault {
	case "lost request":
		s.lost++
		if s.broken.torn {
			s.deliver(&request{target: q.target, body: firstItem(q.body), header: q.header})
		}
		return reply{err: errLine}
	case "late request":
		s.lost++
		s.ghosts = append(s.ghosts, &request{client: q.client, target: q.target, body: q.body, header: q.header, late: true})
		return reply{err: errLine}
	case "conflict":
		return refusal("TransactionCanceledException", `,"CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]`)
	case "throttle":
		return refusal("ProvisionedThroughputExceededException", "")
	}
	a := s.deliver(q)
	switch {
	case fault == "lost reply":
		s.lost++
		return reply{err: errLine}
	case fault == "doubled" && a.err == nil && a.res.StatusCode == http.StatusOK:
		// The double comes when the engine has forgotten the token.
		s.ghosts = append(s.ghosts, &request{client: q.client, target: q.target, body: withoutToken(q.body), header: q.header})
	}
	return a
}

// fault decides what happens to a request; reads of all seats are left alone,
// because eight at once have no order.
func (s *sim) fault(q *request) string {
	n := s.r.IntN(100)
	switch {
	case q.target == "Query":
		return ""
	case q.target != "TransactWriteItems":
		return map[int]string{0: "lost request", 1: "lost reply", 2: "throttle"}[n]
	case n < 7:
		return "lost request"
	case n < 17:
		return "lost reply"
	case n < 22:
		return "late request"
	case n < 29:
		return "conflict"
	case n < 33:
		return "throttle"
	case n < 40:
		return "doubled"
	}
	return ""
}

// deliver carries a request to the engine.
func (s *sim) deliver(q *request) reply {
	body := q.body
	if s.broken.ask != nil {
		body = s.broken.ask(q.target, body)
	}
	r, err := http.NewRequest(http.MethodPost, s.engine+"/", bytes.NewReader(body))
	if err != nil {
		return reply{err: err}
	}
	r.Header = q.header.Clone()
	r.Header.Del("Content-Length")
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return reply{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{err: err}
	}
	if s.broken.answer != nil {
		out = s.broken.answer(q.target, out)
		res.Header.Del("X-Amz-Crc32")
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(out)), int64(len(out))
	return reply{res: res}
}

func refusal(code, more string) reply {
	body := `{"__type":"com.amazonaws.dynamodb.v20120810#` + code + `","message":"fault"` + more + `}`
	return reply{res: &http.Response{StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}}
}

// edit changes a JSON body.
func edit(body []byte, f func(map[string]any)) []byte {
	var m map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&m) != nil {
		return body
	}
	f(m)
	out, err := json.Marshal(m)
	if err != nil {
		return body
	}
	return out
}

func withoutToken(body []byte) []byte {
	return edit(body, func(m map[string]any) { delete(m, "ClientRequestToken") })
}

func firstItem(body []byte) []byte {
	return edit(body, func(m map[string]any) {
		delete(m, "ClientRequestToken")
		if all, ok := m["TransactItems"].([]any); ok {
			m["TransactItems"] = all[:1]
		}
	})
}
