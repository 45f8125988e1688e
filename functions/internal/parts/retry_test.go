package parts_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"lapakasik/functions/internal/parts"
)

// A store that answers nothing is asked little more often than people come.
func TestRetryBudget(t *testing.T) {
	const requests = 1000
	var asked atomic.Int64
	down := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusInternalServerError)
	}))
	defer down.Close()
	env := map[string]string{"TABLE": "T", "KEYS_TABLE": "K", "MAC_KEY_ID": "x", "AWS_ENDPOINT_URL_DYNAMODB": down.URL}
	cfg := aws.Config{Region: "ap-southeast-3", Credentials: credentials.NewStaticCredentialsProvider("test", "test", "")}
	store := parts.Of(cfg, func(name string) string { return env[name] }, io.Discard).Store()
	for range requests {
		if err := store.Attempt(t.Context(), "x", 1, time.Hour); err == nil {
			t.Fatal("a store that is down counted a try")
		}
	}
	if n := asked.Load(); n < requests || n > requests*11/10 {
		t.Errorf("%d requests asked a store that is down %d times; want at most a tenth more", requests, n)
	}
}

// A person waits for who tries again: at most 25 ms before the second time,
// twice that before the third, and spread over all of it.
func TestRetryWaits(t *testing.T) {
	for attempt, most := range []time.Duration{25 * time.Millisecond, 50 * time.Millisecond} {
		var longest time.Duration
		for range 1000 {
			d, err := parts.Retries().RetryDelay(attempt, io.ErrUnexpectedEOF)
			if err != nil || d < 0 || d >= most {
				t.Fatalf("wait before try %d: %v, %v; want less than %v", attempt+2, d, err, most)
			}
			longest = max(longest, d)
		}
		if longest < most/2 {
			t.Errorf("waits before try %d reach %v only; want them spread to %v", attempt+2, longest, most)
		}
	}
}
