package dynamo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"lapakasik/functions/internal/crashtest"
)

// A spread turns a request into several.
type spread func(*http.Request, []byte) []*http.Request

// apart writes the items of a transaction whose key begins with a prefix on
// their own: after the rest, or first.
func apart(prefix string, first bool) spread {
	return func(r *http.Request, body []byte) []*http.Request {
		whole := []*http.Request{r}
		if operation(r.Header) != "TransactWriteItems" {
			return whole
		}
		var alone []*http.Request
		rest := edit(body, func(m map[string]any) {
			all, _ := m["TransactItems"].([]any)
			var kept []any
			for _, x := range all {
				if one := single(r, x, prefix); one != nil {
					alone = append(alone, one)
				} else {
					kept = append(kept, x)
				}
			}
			m["TransactItems"] = kept
			delete(m, "ClientRequestToken")
		})
		switch {
		case len(alone) == 0:
			return whole
		case first:
			return append(alone, with(r, "TransactWriteItems", rest))
		}
		return append([]*http.Request{with(r, "TransactWriteItems", rest)}, alone...)
	}
}

// single is an item of a transaction as a request of its own, if its key has the prefix.
func single(r *http.Request, x any, prefix string) *http.Request {
	for action, v := range x.(map[string]any) {
		a := v.(map[string]any)
		k, ok := a["Key"].(map[string]any)
		if !ok {
			k = a["Item"].(map[string]any)
		}
		name := k["PK"].(map[string]any)["S"].(string) + " " + k["SK"].(map[string]any)["S"].(string)
		if !strings.Contains(name, prefix) {
			return nil
		}
		b, err := json.Marshal(v)
		if err != nil {
			return nil
		}
		return with(r, action+"Item", b)
	}
	return nil
}

func with(r *http.Request, operation string, body []byte) *http.Request {
	out := r.Clone(r.Context())
	out.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
	out.Header.Del("Content-Length")
	out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return out
}

// The crash points are no ornament: a store that does one thing outside of its
// transactions is found out.
func TestBrokenStoresAreCaughtByCrashes(t *testing.T) {
	for _, tt := range []struct {
		name, operation string
		spread          spread
	}{
		{"the message is written after the booking", "book", apart(" OUT#", false)},
		{"the message is written before the decision", "approve", apart(" OUT#", true)},
		{"the audit event is written after the submission", "submit", apart(" EV#", false)},
		{"the lock is closed after the cancellation", "cancel", apart("CLM#", false)},
		{"the old seat is given back after the move", "move", apart("SEAT#", true)},
		{"the officer's load is counted after the call", "take", apart("LOAD#", false)},
		{"the recap's numbers are written after the mark", "count for the recap", apart("REC#", false)},
		{"the recap's numbers are written before the mark", "count for the recap", apart("REC#", true)},
		{"the results' numbers are written before the mark", "count for the results", apart("STAT#", true)},
		{"the result of an inspection comes before its event", "note an inspection", apart(" DOC#", true)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, o := range deeds {
				if o.name != tt.operation {
					continue
				}
				x := &trial{deed: o, t: t, spread: tt.spread}
				r := crashtest.Scripts(x.script, 1<<30, 1)
				if len(r.Wrong) == 0 {
					t.Fatalf("not caught: %v", r)
				}
				t.Logf("%v, the first: %s", r, strings.SplitN(fmt.Sprint(r.Wrong[0]), "\n", 2)[0])
			}
		})
	}
}
