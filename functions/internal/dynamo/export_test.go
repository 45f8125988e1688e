package dynamo

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
)

// Decide makes the change that the officers' desk will make: it gives a
// submitted claim its status, with event and message, by the store's own way.
func (s *Store) Decide(ctx context.Context, id string, to claim.Status) error {
	_, err := s.change(ctx, id, change{action: "decide", message: "decided", actor: "officer",
		check: func(r *record) error {
			if r.Status == claim.Draft || r.Status == claim.Cancelled || r.Status == claim.Lapsed {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			r.Status = to
			return nil
		}})
	return err
}
