package parts

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
)

const (
	retryCost = 10  // so ten requests that were answered pay for one retry
	retryHeld = 100 // ten retries, before any request was answered
)

// retries is the one layer that asks AWS again (TRUST R5): three times at
// most, with jitter, and never for more than a tenth of all requests, so that
// a store that is down is not pressed by those who wait for it. The store's
// own loop (dynamo) is for transactions that conflict, which this does not retry.
func retries() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 3
		o.RateLimiter = ratelimit.NewTokenRateLimit(retryHeld)
		o.RetryCost, o.ThrottlingRetryCost, o.NoRetryIncrement = retryCost, retryCost, 1
	})
}
