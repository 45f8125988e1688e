// Package crashtest ends a process at every request that it makes (TRUST T2).
//
//	operation ─► Life ─► store, files, mail server
//	              └─ at the n-th request, one of four faults:
//
//	                 dies before     nothing was sent, and the process is gone
//	                 dies after      it was done, and the process is gone before it hears so
//	                 loses request   it never arrives; the process lives on
//	                 loses reply     it was done, the answer is lost; the process lives on
//
// A process that is gone sends nothing more, whatever its code still does. A
// script says what happens to each of the processes that try an operation, one
// after the other, and whether somebody comes back in the end. Scripts plays
// every script of an operation; because everything is in order, the script
// alone reruns a failure.
package crashtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// A Fault is what happens at a request.
type Fault string

// The faults.
const (
	DiesBefore   Fault = "dies before"
	DiesAfter    Fault = "dies after"
	LosesRequest Fault = "loses request"
	LosesReply   Fault = "loses reply"
)

var faults = []Fault{DiesBefore, DiesAfter, LosesRequest, LosesReply}

// A Plan is the fault of one process: at its At-th request, from 1. The zero
// Plan has none.
type Plan struct {
	At    int
	Fault Fault
}

// String says "dies after 3".
func (p Plan) String() string {
	if p.At == 0 {
		return "lives"
	}
	return fmt.Sprintf("%s %d", p.Fault, p.At)
}

// A Script is what happens to an operation: the fault of each process that
// tries it, and whether somebody tries once more when the last is gone.
type Script struct {
	Lives   []Plan
	Returns bool
}

// String says "dies after 3, comes back".
func (s Script) String() string {
	var parts []string
	for _, p := range s.Lives {
		parts = append(parts, p.String())
	}
	if s.Returns {
		return strings.Join(parts, ", ") + ", comes back"
	}
	return strings.Join(parts, ", ") + ", stays away"
}

// ErrLine is a lost request or reply, ErrGone what a process that is gone gets.
var (
	ErrLine = errors.New("crashtest: the line is cut")
	ErrGone = errors.New("crashtest: the process is gone")
)

// A Life is one process. What it asks of others goes through Do and Call.
type Life struct {
	// Spread, if set, turns a request into several, sent one after the other:
	// a store that forgets its transactions.
	Spread func(*http.Request, []byte) []*http.Request

	plan Plan
	ctx  context.Context
	end  context.CancelFunc
	mu   sync.Mutex
	made int
	gone bool
}

// Live starts a process.
func Live(ctx context.Context, p Plan) *Life {
	l := &Life{plan: p}
	l.ctx, l.end = context.WithCancel(ctx)
	return l
}

// Context ends when the process is gone.
func (l *Life) Context() context.Context { return l.ctx }

// Gone tells whether the process is gone.
func (l *Life) Gone() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gone
}

// Made returns how many requests the process has made.
func (l *Life) Made() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.made
}

func (l *Life) die() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gone = true
	l.end()
	return ErrGone
}

// next counts a request and returns its fault.
func (l *Life) next() (Fault, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gone {
		return "", ErrGone
	}
	if l.made++; l.made == l.plan.At {
		return l.plan.Fault, nil
	}
	return "", nil
}

// Call does what changes something outside of the process, unless the plan
// says otherwise.
func (l *Life) Call(do func() error) error {
	fault, err := l.next()
	switch {
	case err != nil:
		return err
	case fault == DiesBefore:
		return l.die()
	case fault == LosesRequest:
		return ErrLine
	}
	err = do()
	switch {
	case fault == DiesAfter:
		return l.die()
	case fault == LosesReply:
		return ErrLine
	case l.Gone(): // while it waited
		return ErrGone
	}
	return err
}

// Do sends a request of the SDK.
func (l *Life) Do(r *http.Request) (*http.Response, error) {
	if l.Spread == nil || r.Body == nil {
		return l.send(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var res *http.Response
	for _, part := range l.Spread(r, body) {
		if res, err = l.send(part); err != nil || res.StatusCode != http.StatusOK {
			return res, err
		}
	}
	return res, err
}

func (l *Life) send(r *http.Request) (res *http.Response, err error) {
	// What was sent is done, even when the process is gone meanwhile.
	r = r.WithContext(context.WithoutCancel(r.Context()))
	var body []byte
	err = l.Call(func() (err error) {
		if res, err = http.DefaultTransport.RoundTrip(r); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, res.Body.Close()) }()
		body, err = io.ReadAll(res.Body)
		return err
	})
	if err != nil {
		return nil, err
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// DB returns the process's client of the DynamoDB API at a URL. It tries again
// at once.
func (l *Life) DB(url string) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(url), Retryer: AtOnce(), HTTPClient: l,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")})
}

// AtOnce tries again as often as the SDK does, without waiting in between.
func AtOnce() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.Backoff, o.RateLimiter = retry.BackoffDelayerFunc(func(int, error) (time.Duration, error) { return 0, nil }), ratelimit.None
	})
}
