package dynamo_test

import (
	"errors"
	"sync/atomic"
	"testing"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
)

// reasons is a cancellation with a code for each of a booking's six items.
func reasons(codes ...string) string {
	out := "cancel"
	for _, c := range codes {
		out += " " + c
	}
	return out
}

// Each vector of cancellation reasons that DynamoDB can answer with, for the
// first tries of a booking; then the engine answers.
func TestCancellationReasons(t *testing.T) {
	const (
		none, failed, conflict = "None", "ConditionalCheckFailed", "TransactionConflict"
		throttled, provisioned = "ThrottlingError", "ProvisionedThroughputExceeded"
		invalid                = "ValidationError"
	)
	for _, tt := range []struct {
		name   string
		faults []string // of the first tries; the last is repeated if always
		always bool
		want   error
		fails  bool // with an error that is no rule's
	}{
		{"conflict on the seat", []string{reasons(conflict, none, none, none, none, none)}, false, nil, false},
		{"conflict on the lock", []string{reasons(none, conflict, none, none, none, none)}, false, nil, false},
		{"conflict on everything", []string{reasons(conflict, conflict, conflict, conflict, conflict, conflict)}, false, nil, false},
		{"throttled", []string{reasons(none, none, throttled, none, none, none)}, false, nil, false},
		{"throughput exceeded", []string{reasons(none, none, none, none, provisioned, none)}, false, nil, false},
		{"the seat was lost", []string{reasons(failed, none, none, none, none, none)}, false, nil, false},
		{"the seat was lost, and a conflict", []string{reasons(failed, conflict, none, none, none, none)}, false, nil, false},
		{"seven conflicts in a row", []string{reasons(conflict), reasons(conflict), reasons(conflict), reasons(conflict), reasons(conflict), reasons(conflict), reasons(conflict)}, false, nil, false},
		{"conflicts without end", []string{reasons(conflict)}, true, claim.ErrBusy, false},
		{"every seat is lost, and yet they look free", []string{reasons(failed, none, none, none, none, none)}, true, claim.ErrBusy, false},
		{"the lock is another's", []string{reasons(none, failed, none, none, none, none)}, true, claim.ErrAlreadyBooked, false},
		{"the lock is another's and the seat was lost", []string{reasons(failed, failed, none, none, none, none)}, true, claim.ErrAlreadyBooked, false},
		{"invalid", []string{reasons(none, invalid, none, none, none, none)}, true, nil, true},
		{"the request is lost once", []string{"lose request"}, false, nil, false},
		{"the reply is lost once", []string{"lose reply"}, false, nil, false},
		{"every request is lost", []string{"lose request"}, true, nil, true},
		{"the first reply is lost, then conflicts", []string{"lose reply", reasons(conflict), reasons(conflict)}, false, nil, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			proxy := newFaultProxy(t, storetest.Engine(t).URL)
			s := storetest.New(t, proxy.url)
			open(t, s, 4)
			var n atomic.Int64
			hook := func([]byte) string {
				i := int(n.Add(1)) - 1
				switch {
				case i < len(tt.faults):
					return tt.faults[i]
				case tt.always:
					return tt.faults[len(tt.faults)-1]
				}
				return ""
			}
			proxy.hook.Store(&hook)
			reg, err := s.Book(t.Context(), storetest.Booking(1))
			switch {
			case tt.fails:
				if err == nil {
					t.Error("Book = nil; want an error")
				}
			case !errors.Is(err, tt.want):
				t.Errorf("Book = %v; want %v", err, tt.want)
			}
			none := func([]byte) string { return "" }
			proxy.hook.Store(&none)
			agree(t, s)
			again, failedAgain := s.Book(t.Context(), storetest.Booking(1))
			if failedAgain != nil || err == nil && again.Private.Code != reg.Private.Code {
				t.Errorf("the same form afterwards = %v, %v", again.Place, failedAgain)
			}
			agree(t, s)
		})
	}
}
