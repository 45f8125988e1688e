package dynamo

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// KeepDeviceTest keeps the result of a device test with a live registration,
// in place of the one before, and notes when. claim.ErrClosed if the
// registration has ended.
func (s *Store) KeepDeviceTest(ctx context.Context, id string, passed map[claim.DeviceCheck]bool) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: "device", actor: actorClaimant, check: s.open,
		apply: func(r *record) []types.TransactWriteItem {
			r.Device = claim.DeviceTest{Taken: s.Now().UTC().Truncate(time.Second), Passed: passed}
			return nil
		}})
	return rec.Registration, err
}

// SetPhone changes the interview of an online place to telephone, or back to
// video. The place stays as it is. claim.ErrClosed if the registration has
// ended or is no online one, claim.ErrStale.
func (s *Store) SetPhone(ctx context.Context, id string, version int, phone bool) (claim.Registration, error) {
	action := "video"
	if phone {
		action = "phone"
	}
	rec, err := s.change(ctx, id, change{action: action, message: claim.MsgInterview, actor: actorClaimant, version: version,
		check: func(r *record) error {
			if r.Place.Channel != requirement.Online {
				return claim.ErrClosed
			}
			return s.open(r)
		},
		apply: func(r *record) []types.TransactWriteItem {
			r.Phone = phone
			return nil
		}})
	return rec.Registration, err
}

// open: a live registration that is no overdue draft.
func (s *Store) open(r *record) error {
	if r.Status == claim.Draft && s.overdue(r) {
		return claim.ErrClosed
	}
	return live(r)
}
