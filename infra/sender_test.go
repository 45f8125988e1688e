package infra

import "testing"

// Two senders at once would send the same mail twice: the mail server has no
// idempotency key (TRUST R28).
func TestOneSenderAtATime(t *testing.T) {
	f := resources(t, "AWS::Serverless::Function")["NotifyFunction"]
	if n := number(t, dig(f, "Properties", "ReservedConcurrentExecutions")); n != 1 {
		t.Errorf("NotifyFunction runs %d times at once; want 1", n)
	}
}
