package parts

import (
	"math/rand/v2"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

// The first wait before a store is asked again is up to firstWait, the second
// up to twice that. A request takes a few milliseconds, and a person waits for
// it: the SDK's own waits, of up to a second and two, are for slower services.
const firstWait = 25 * time.Millisecond

const (
	retryCost = 10  // so ten requests that were answered pay for one retry
	retryHeld = 100 // ten retries, before any request was answered
)

// Retries is the one layer that asks the store again (TRUST R5): three times at
// most, with full jitter, and never for more than a tenth of all requests, so that
// a store that is down is not pressed by those who wait for it. The store's
// own loop (dynamo) is for transactions that conflict, which this does not retry.
func Retries() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 3
		o.Backoff = retry.BackoffDelayerFunc(func(attempt int, _ error) (time.Duration, error) { return fullJitter(attempt), nil })
		o.RateLimiter = ratelimit.NewTokenRateLimit(retryHeld)
		o.RetryCost, o.ThrottlingRetryCost, o.NoRetryIncrement = retryCost, retryCost, 1
	})
}

// fullJitter is the wait before a request is sent again that has failed so many
// times before, counted from 0.
func fullJitter(attempt int) time.Duration {
	return rand.N(firstWait << max(0, min(attempt, 5))) //nolint:gosec // spreads load only
}
