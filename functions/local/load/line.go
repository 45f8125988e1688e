package main

import (
	"bytes"
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/parts"
)

// doer is an HTTP client of the SDK.
type doer interface {
	Do(*http.Request) (*http.Response, error)
}

// A line stands between the SDK and the store and does what a network does:
// of a hundred transactions it loses one on the way there, two on the way
// back, and answers one as throttled and one as in conflict. It counts what
// it did, and what the store refused of itself.
type line struct {
	to     doer
	faults bool
	mu     sync.Mutex
	r      *rand.Rand

	requests, lostRequests, lostReplies, throttles, made atomic.Int64 // made: conflicts that are the line's
	conflicts                                            atomic.Int64 // that are the store's
}

var errCut = errors.New("the line is cut")

// Do carries a request.
func (l *line) Do(r *http.Request) (*http.Response, error) {
	l.requests.Add(1)
	if !strings.HasSuffix(r.Header.Get("X-Amz-Target"), ".TransactWriteItems") {
		return l.to.Do(r)
	}
	fault := -1
	if l.faults {
		l.mu.Lock()
		fault = l.r.IntN(100)
		l.mu.Unlock()
	}
	switch fault {
	case 0:
		l.lostRequests.Add(1)
		return nil, errCut
	case 1:
		l.throttles.Add(1)
		return refusal("ProvisionedThroughputExceededException", "")
	case 2:
		l.made.Add(1)
		return refusal("TransactionCanceledException", `,"CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]`)
	}
	res, err := l.to.Do(r)
	if err != nil {
		return nil, err
	}
	if fault == 3 || fault == 4 {
		l.lostReplies.Add(1)
		_, _ = io.Copy(io.Discard, res.Body)
		return nil, errors.Join(errCut, res.Body.Close())
	}
	return l.counted(res)
}

// counted notes whether the store refused a transaction as in conflict.
func (l *line) counted(res *http.Response) (*http.Response, error) {
	if res.StatusCode == http.StatusOK {
		return res, nil
	}
	body, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	if bytes.Contains(body, []byte("TransactionConflict")) {
		l.conflicts.Add(1)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

func refusal(code, more string) (*http.Response, error) {
	body := `{"__type":"com.amazonaws.dynamodb.v20120810#` + code + `","message":"fault"` + more + `}`
	return &http.Response{StatusCode: http.StatusBadRequest, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}, nil
}

func client(url string, to doer) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(url), HTTPClient: to, Retryer: parts.Retries(),
		Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
}
