package dynamo_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// faultProxy stands between the SDK and the engine and does what a network
// and a busy table do: it loses requests, loses replies after the commit, and
// answers with conflicts and throttles. Each n-th write is hit, 0 for never.
type faultProxy struct {
	url                                     string
	loseRequest, loseReply, conflict, thrtl atomic.Int64
	writes, lost                            atomic.Int64
	mu                                      sync.Mutex
	log                                     []string                                 // operations since takeLog
	last                                    string                                   // the SDK's name of the last one
	hook                                    atomic.Pointer[func(body []byte) string] // returns a fault for this write, or ""
}

func newFaultProxy(t testing.TB, engine string) *faultProxy {
	p := &faultProxy{}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { p.serve(w, r, engine) }))
	t.Cleanup(srv.Close)
	p.url = srv.URL
	return p
}

// note remembers an operation that is asked for. What the SDK sends again, for
// want of an answer, the store has asked for once.
func (p *faultProxy) note(h http.Header, body []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := h.Get("Amz-Sdk-Invocation-Id")
	if name == p.last && name != "" {
		return
	}
	p.last = name
	op := h.Get("X-Amz-Target")
	if bytes.Contains(body, []byte(`"ExclusiveStartKey"`)) {
		op += " of the next page"
	}
	p.log = append(p.log, op)
}

// takeLog returns the operations that were asked for since the last call.
func (p *faultProxy) takeLog() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	log := p.log
	p.log = nil
	return log
}

func (p *faultProxy) fault(target string, body []byte) string {
	if !strings.HasSuffix(target, "TransactWriteItems") {
		return ""
	}
	if hook := p.hook.Load(); hook != nil {
		return (*hook)(body)
	}
	n := p.writes.Add(1)
	for _, f := range []struct {
		every *atomic.Int64
		name  string
	}{{&p.loseRequest, "lose request"}, {&p.loseReply, "lose reply"}, {&p.conflict, "conflict"}, {&p.thrtl, "throttle"}} {
		if e := f.every.Load(); e > 0 && n%e == 0 {
			return f.name
		}
	}
	return ""
}

func (p *faultProxy) serve(w http.ResponseWriter, r *http.Request, engine string) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	p.note(r.Header, body)
	fault := p.fault(r.Header.Get("X-Amz-Target"), body)
	switch fault {
	case "lose request":
		p.drop(w)
		return
	case "conflict":
		awsError(w, "TransactionCanceledException", `,"CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]`)
		return
	case "":
	case "lose reply":
	default:
		if codes, ok := strings.CutPrefix(fault, "cancel"); ok {
			awsError(w, "TransactionCanceledException", cancellation(strings.Fields(codes)))
			return
		}
	}
	if fault == "throttle" {
		awsError(w, "ProvisionedThroughputExceededException", "")
		return
	}
	req, err := http.NewRequestWithContext(r.Context(), r.Method, engine+r.URL.Path, bytes.NewReader(body))
	if err != nil {
		return
	}
	req.Header = r.Header
	res, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return
	}
	defer res.Body.Close()
	if fault == "lose reply" {
		_, _ = io.Copy(io.Discard, res.Body)
		p.drop(w)
		return
	}
	for k, v := range res.Header {
		w.Header()[k] = v
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

// drop closes the connection without an answer.
func (p *faultProxy) drop(w http.ResponseWriter) {
	p.lost.Add(1)
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		_ = conn.Close()
	}
}

func awsError(w http.ResponseWriter, code, more string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#`+code+`","message":"fault"`+more+`}`)
}

func cancellation(codes []string) string {
	out := `,"CancellationReasons":[`
	for i, c := range codes {
		if i > 0 {
			out += ","
		}
		out += `{"Code":"` + c + `"}`
	}
	return out + "]"
}
