package dynamo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
)

// Timetable returns what supervisors have changed of a branch's hours; the
// zero Timetable if nothing.
func (s *Store) Timetable(ctx context.Context, branch string) (claim.Timetable, error) {
	var t claim.Timetable
	it, err := s.get(ctx, s.table, timetableKey(branch))
	if err != nil || it == nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(getS(it, "plan")), &t); err != nil {
		return t, fmt.Errorf("timetable of %s: %w", branch, err)
	}
	return t, nil
}

// SaveTimetable writes the hours of the supervisor's branch and keeps every
// version with who made it. t.Version is the version that the supervisor saw;
// claim.ErrStale if there is another by now.
func (s *Store) SaveTimetable(ctx context.Context, by claim.Desk, t claim.Timetable) (claim.Timetable, error) {
	seen := t.Version
	t.Version++
	plan, err := json.Marshal(t)
	if err != nil {
		return t, fmt.Errorf("timetable: %w", err)
	}
	it := item{"plan": str(string(plan)), "v": num(int64(t.Version)), "actor": str(by.Officer), "at": unix(s.Now())}
	old := timetableKey(by.Branch)
	old.sk = fmt.Sprintf("V#%06d", t.Version)
	head := putIf(s.table, timetableKey(by.Branch), maps.Clone(it), "v = :v", nil, item{":v": num(int64(seen))})
	if seen == 0 {
		head = put(s.table, timetableKey(by.Branch), maps.Clone(it))
	}
	act := actKey(by.Officer, s.Now(), by.Branch, t.Version)
	err = s.transact(ctx, "timetable", "", []types.TransactWriteItem{
		head, put(s.table, old, it), put(s.table, act, item{"action": str("timetable")})})
	if err == nil {
		return t, nil
	}
	// A lost reply: the version that is there may be this one.
	if have, readErr := s.get(ctx, s.table, old); readErr == nil && getS(have, "plan") == string(plan) && getS(have, "actor") == by.Officer {
		return t, nil
	}
	var c *cancelled
	if errors.As(err, &c) && (c.failed(0) || c.failed(1)) {
		return claim.Timetable{}, claim.ErrStale
	}
	return claim.Timetable{}, err
}

// MoveFor moves a registration for its owner, who is told that the branch did
// it, to a random free seat of another session. The old seat is not offered
// again where the plan no longer has it. claim.ErrFull, claim.ErrClosed,
// claim.ErrStale as Move.
func (s *Store) MoveFor(ctx context.Context, by claim.Desk, id string, version int, to claim.Place, start time.Time) (claim.Registration, error) {
	return s.move(ctx, id, to, start, func(p claim.Place, opens Reopening) change {
		ch := s.moveTo(p, version, time.Time{}, opens)
		ch.actor, ch.message, ch.action = by.Officer, claim.MsgRearranged, "rearrange"
		if by.Officer == "" {
			ch.actor = actorSystem
		}
		open := ch.check
		ch.check = at(by.Branch, func(r *record) error {
			if !r.Call.Free() {
				return claim.ErrNotMine
			}
			return open(r)
		})
		return ch
	})
}
