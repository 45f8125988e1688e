package dynamo

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// errNumberTaken: another arrival got the queue number.
var errNumberTaken = errors.New("dynamo: queue number taken")

// at: the claim is of the officer's branch; to others it does not exist (TRUST R46).
func at(branch string, then func(*record) error) func(*record) error {
	return func(r *record) error {
		if r.Place.Branch != branch {
			return claim.ErrNotFound
		}
		return then(r)
	}
}

func (s *Store) setCall(r *record, state claim.CallState, officer, counter string) {
	r.Call.State, r.Call.Officer, r.Call.Counter, r.Call.Since = state, officer, counter, s.Now().UTC().Truncate(time.Second)
}

// Take gives a waiting claim to the officer. Of any number who try at once
// one gets it; errors:
//
//	claim.ErrNotMine    another officer has it
//	claim.ErrHandsFull  the officer has as many as allowed
//	claim.ErrClosed     it is not submitted (any more)
//
// may is asked about the claim as it is at that moment (see claim.MayCall).
func (s *Store) Take(ctx context.Context, by claim.Desk, id string, may ...func(claim.Registration) error) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: "take", actor: by.Officer, full: claim.ErrHandsFull,
		check: at(by.Branch, func(r *record) error {
			switch {
			case r.Status != claim.Submitted:
				return claim.ErrClosed
			case !r.Call.Free():
				return claim.ErrNotMine
			}
			for _, ask := range may {
				if err := ask(r.Registration); err != nil {
					return err
				}
			}
			return nil
		}),
		apply: func(r *record) []types.TransactWriteItem {
			s.setCall(r, claim.Taken, by.Officer, by.Counter)
			r.Call.Calls++
			return []types.TransactWriteItem{s.carry(by, r.ID)}
		}})
	return rec.Registration, err
}

// Leave ends the officer's hold on a claim without a decision: state is
// claim.Arrived (back to the branch), or claim.Absent (did not come), which
// tells the participant.
func (s *Store) Leave(ctx context.Context, by claim.Desk, id string, state claim.CallState) (claim.Registration, error) {
	ch := change{action: "release", actor: by.Officer, check: mine(by),
		apply: func(r *record) []types.TransactWriteItem {
			s.setCall(r, state, "", "")
			return []types.TransactWriteItem{s.putDown(by.Branch, by.Officer, r.ID)}
		}}
	if state == claim.Absent {
		ch.action, ch.message = "no-show", claim.MsgAbsent
	}
	rec, err := s.change(ctx, id, ch)
	return rec.Registration, err
}

// Release takes a claim out of an officer's hands and gives it back to the
// branch: the supervisor's way, when the officer cannot. claim.ErrNotMine if
// the officer has it no more.
func (s *Store) Release(ctx context.Context, actor string, from claim.Desk, id string) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: "release", actor: actor, check: mine(from),
		apply: func(r *record) []types.TransactWriteItem {
			s.setCall(r, claim.Arrived, "", "")
			return []types.TransactWriteItem{s.putDown(from.Branch, from.Officer, r.ID)}
		}})
	return rec.Registration, err
}

// Hold lets a claim wait at the officer's desk, or takes it up again.
func (s *Store) Hold(ctx context.Context, by claim.Desk, id string, hold bool) (claim.Registration, error) {
	action, state := "continue", claim.Taken
	if hold {
		action, state = "hold", claim.Held
	}
	rec, err := s.change(ctx, id, change{action: action, actor: by.Officer, check: mine(by),
		apply: func(r *record) []types.TransactWriteItem {
			s.setCall(r, state, by.Officer, r.Call.Counter)
			return nil
		}})
	return rec.Registration, err
}

// HandOver gives a claim that an officer has to another one. claim.ErrHandsFull
// if the other has as many as allowed; claim.ErrNotMine if from has it no more.
func (s *Store) HandOver(ctx context.Context, actor, from string, to claim.Desk, id string) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: "hand over", actor: actor, full: claim.ErrHandsFull,
		check: func(r *record) error {
			if from == to.Officer {
				return claim.ErrClosed
			}
			return mine(claim.Desk{Officer: from, Branch: to.Branch})(r)
		},
		apply: func(r *record) []types.TransactWriteItem {
			s.setCall(r, claim.Taken, to.Officer, to.Counter)
			return []types.TransactWriteItem{s.putDown(to.Branch, from, r.ID), s.carry(to, r.ID)}
		}})
	return rec.Registration, err
}

func mine(by claim.Desk) func(*record) error {
	return at(by.Branch, func(r *record) error {
		if !r.Call.Mine(by.Officer) {
			return claim.ErrNotMine
		}
		return nil
	})
}

// carry puts one more claim into the officer's hands; it fails at the limit.
func (s *Store) carry(by claim.Desk, id string) types.TransactWriteItem {
	return update(s.table, loadKey(by.Branch, by.Officer), "ADD #n :one, regs :id", "attribute_not_exists(#n) OR #n < :limit",
		map[string]string{"#n": "n"}, item{":one": num(1), ":id": set(id), ":limit": num(int64(by.Limit))})
}

func (s *Store) putDown(branch, officer, id string) types.TransactWriteItem {
	return update(s.table, loadKey(branch, officer), "ADD #n :one DELETE regs :id", "#n > :zero",
		map[string]string{"#n": "n"}, item{":one": num(-1), ":id": set(id), ":zero": num(0)})
}

func set(one string) types.AttributeValue { return &types.AttributeValueMemberSS{Value: []string{one}} }

// InHand returns the ids of the claims that an officer has at a branch, of
// whatever day, in their order. Unlike Day it is never behind.
func (s *Store) InHand(ctx context.Context, branch, officer string) ([]string, error) {
	it, err := s.get(ctx, s.table, loadKey(branch, officer))
	if err != nil {
		return nil, err
	}
	if v, ok := it["regs"].(*types.AttributeValueMemberSS); ok {
		return slices.Sorted(slices.Values(v.Value)), nil
	}
	return nil, nil
}

// Arrive notes that the participant is ready: by the status page, or at the
// branch. An onsite claim gets the next queue number of the day; asking again
// changes nothing. claim.ErrClosed if the claim is not submitted.
func (s *Store) Arrive(ctx context.Context, actor, id string) (claim.Registration, error) {
	for {
		old, err := s.record(ctx, id)
		if err != nil {
			return claim.Registration{}, err
		}
		if old.Call.State != claim.Waiting && old.Call.State != claim.Absent {
			return old.Registration, nil
		}
		number, err := s.lastNumber(ctx, old.Place)
		if err != nil {
			return claim.Registration{}, err
		}
		rec, err := s.change(ctx, id, s.arrival(actor, old.Version, number+1))
		if !errors.Is(err, errNumberTaken) && !errors.Is(err, claim.ErrStale) {
			return rec.Registration, err
		}
		if err := s.pause(ctx, 0); err != nil {
			return claim.Registration{}, err
		}
	}
}

// ByCode returns the id of a claim of the officer's branch. claim.ErrNotFound
// for an unknown code and for a claim of another branch.
func (s *Store) ByCode(ctx context.Context, branch, code string) (string, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return "", err
	}
	id := keys.RegistrationID(code)
	r, err := s.record(ctx, id)
	if err == nil && r.Place.Branch != branch {
		err = claim.ErrNotFound
	}
	return id, err
}

// AcceptPaper turns an onsite draft into a claim, because an officer has seen
// its documents on paper. claim.ErrClosed for what is no draft any more, has
// run out, or is not onsite; claim.ErrStale.
func (s *Store) AcceptPaper(ctx context.Context, by claim.Desk, id string, version int) (claim.Registration, error) {
	ch := s.submit(version)
	ch.action, ch.actor = "papers", by.Officer
	draft, submit := ch.check, ch.apply
	ch.check = at(by.Branch, func(r *record) error {
		if r.Place.Channel != requirement.Onsite {
			return claim.ErrClosed
		}
		return draft(r)
	})
	ch.apply = func(r *record) []types.TransactWriteItem {
		r.Paper = true
		return submit(r)
	}
	rec, err := s.change(ctx, id, ch)
	return rec.Registration, err
}

func (s *Store) arrival(actor string, version, number int) change {
	return change{action: "arrive", actor: actor, version: version, full: errNumberTaken,
		check: func(r *record) error {
			if r.Status != claim.Submitted {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			s.setCall(r, claim.Arrived, "", "")
			r.Call.Arrived = r.Call.Since
			if r.Place.Channel != requirement.Onsite || r.Call.Number > 0 {
				return nil
			}
			r.Call.Number = number
			return []types.TransactWriteItem{update(s.table, queueKey(r.Place.Branch, r.Place.Date), "SET #n = :next", "attribute_not_exists(#n) OR #n = :last",
				map[string]string{"#n": "n"}, item{":next": num(int64(number)), ":last": num(int64(number - 1))})}
		}}
}

// lastNumber is the newest queue number of a branch-day.
func (s *Store) lastNumber(ctx context.Context, p claim.Place) (int, error) {
	it, err := s.get(ctx, s.table, queueKey(p.Branch, p.Date))
	return int(getN(it, "n")), err
}

var decided = map[claim.Action]claim.Message{
	claim.ActApprove: claim.MsgApproved, claim.ActRefuse: claim.MsgRefused, claim.ActPostpone: claim.MsgMend}

// Decide writes a decision, its audit event and its message in one
// transaction (TRUST R31). The errors are those of claim.Decide, and
// claim.ErrStale if the claim was changed since the officer saw it.
func (s *Store) Decide(ctx context.Context, by claim.Desk, id string, version int, d claim.Decision, rules *requirement.Deciding) (claim.Registration, error) {
	old, err := s.record(ctx, id)
	if err != nil {
		return claim.Registration{}, err
	}
	action, err := claim.Decide(&old.Registration, by, d, rules)
	if err != nil {
		return claim.Registration{}, err
	}
	rec, err := s.change(ctx, id, change{action: string(action), message: decided[action], actor: by.Officer, version: version,
		check: func(r *record) error {
			again, err := claim.Decide(&r.Registration, by, d, rules)
			if err == nil && again != action {
				err = claim.ErrStale
			}
			return err
		},
		apply: func(r *record) []types.TransactWriteItem { return s.decide(r, by, action, d) }})
	return rec.Registration, err
}

func (s *Store) decide(r *record, by claim.Desk, action claim.Action, d claim.Decision) []types.TransactWriteItem {
	old := r.Registration
	r.Status, _ = claim.Next(r.Status, action) // claim.Decide has found it possible
	d.Action, d.By, d.At = action, by.Officer, s.Now().UTC().Truncate(time.Second)
	if old.Status == claim.Proposed && action == claim.ActApprove {
		d.Sum, d.First = old.Decision.Sum, old.Decision.By
	}
	if action == claim.ActReturn {
		d.Mend, d.Until, d.Sum = nil, "", 0
	}
	r.Decision = d
	items := s.backlog(r, action)
	if !r.Status.Live() {
		items = append(items, s.closeLock(r.lock, r.ID))
	}
	if r.Status != claim.Submitted && old.Call.Officer != "" {
		s.setCall(r, claim.Waiting, "", "")
		items = append(items, s.putDown(r.Place.Branch, old.Call.Officer, r.ID))
	}
	return items
}

// Mend brings a postponed claim back into the queue; the caller has checked
// that everything was replaced (claim.Unmended). claim.ErrClosed after until, or
// if it is not postponed.
func (s *Store) Mend(ctx context.Context, id string, version int, until time.Time) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: string(claim.ActMend), message: claim.MsgMended, actor: actorClaimant, version: version,
		check: func(r *record) error {
			if r.Status != claim.Postponed || !s.Now().Before(until) {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			r.Status = claim.Submitted
			if r.Call.Free() {
				s.setCall(r, claim.Arrived, "", "")
			}
			return s.backlog(r, claim.ActMend)
		}})
	return rec.Registration, err
}

// Resume brings a postponed claim back into the queue for an officer, who has
// the papers or whose deadline has passed. claim.ErrClosed if it is not
// postponed, claim.ErrStale.
func (s *Store) Resume(ctx context.Context, by claim.Desk, id string, version int) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: string(claim.ActResume), actor: by.Officer, version: version,
		check: at(by.Branch, func(r *record) error {
			_, err := claim.Next(r.Status, claim.ActResume)
			return err
		}),
		apply: func(r *record) []types.TransactWriteItem {
			r.Status = claim.Submitted
			s.setCall(r, claim.Arrived, "", "")
			return s.backlog(r, claim.ActResume)
		}})
	return rec.Registration, err
}

// Reopen takes a decision back: the claim is in the queue again. reason is the
// code of a ground. claim.ErrAlreadyBooked if the person has another live
// registration by now, claim.ErrClosed if nothing was decided, claim.ErrStale.
func (s *Store) Reopen(ctx context.Context, by claim.Desk, id string, version int, reason string) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: string(claim.ActReopen), message: claim.MsgReopened, actor: by.Officer, version: version, full: claim.ErrAlreadyBooked,
		check: at(by.Branch, func(r *record) error {
			if reason == "" {
				return claim.ErrNoReason
			}
			_, err := claim.Next(r.Status, claim.ActReopen)
			return err
		}),
		apply: func(r *record) []types.TransactWriteItem {
			r.Status = claim.Submitted
			r.Decision = claim.Decision{Action: claim.ActReopen, Reasons: []string{reason}, By: by.Officer, At: s.Now().UTC().Truncate(time.Second)}
			s.setCall(r, claim.Waiting, "", "")
			return append(s.backlog(r, claim.ActReopen), update(s.table, key{r.lock, "LOCK"}, "SET #state = :live, reg = :reg, #until = :zero",
				"#state = :closed OR reg = :reg", map[string]string{"#state": "state", "#until": "until"},
				item{":live": str(lockLive), ":closed": str(lockClosed), ":reg": str(r.ID), ":zero": num(0)}))
		}})
	return rec.Registration, err
}

// backlog keeps the list of a branch's claims that wait for an officer apart
// from the hours of a day: mended, reopened, taken up again, or proposed.
func (s *Store) backlog(r *record, action claim.Action) []types.TransactWriteItem {
	k := backlogKey(r.Place.Branch, r.ID)
	switch action {
	case claim.ActMend, claim.ActReopen, claim.ActResume, claim.ActPropose, claim.ActReturn:
		it := k.attributes()
		it["kind"], it["since"] = str(string(action)), unix(s.Now())
		return []types.TransactWriteItem{{Put: &types.Put{TableName: aws.String(s.table), Item: it}}}
	}
	if r.Decision.Action == "" {
		return nil // never decided, so never there
	}
	return []types.TransactWriteItem{{Delete: &types.Delete{TableName: aws.String(s.table), Key: k.attributes()}}}
}

// Leftover puts the claims of a branch's past day that nobody has decided on
// the branch's list, so that they are not forgotten, and returns how many it
// put there. What an officer has in hand stays there.
func (s *Store) Leftover(ctx context.Context, branch string, d requirement.Date) (int, error) {
	regs, err := s.Day(ctx, branch, d)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range regs {
		if r.Status != claim.Submitted || !r.Call.Free() {
			continue
		}
		it := backlogKey(branch, r.ID).attributes()
		it["kind"], it["since"] = str("leftover"), unix(s.Now())
		_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it, ConditionExpression: aws.String("attribute_not_exists(PK)")})
		if err == nil {
			n++
		}
		if err := ignoreCondition(err); err != nil {
			return n, fmt.Errorf("leftover: %w", err)
		}
	}
	return n, nil
}

// Backlog returns the claims of a branch that wait apart from the hours of a
// day, without their private parts and documents, in the order of waiting.
func (s *Store) Backlog(ctx context.Context, branch string) ([]claim.Registration, error) {
	items, err := s.query(ctx, backlogKey(branch, "").pk, "", true)
	if err != nil {
		return nil, fmt.Errorf("backlog: %w", err)
	}
	slices.SortStableFunc(items, func(a, b item) int { return cmp.Compare(getN(a, "since"), getN(b, "since")) })
	var out []claim.Registration
	for _, it := range items {
		r, err := s.record(ctx, getS(it, "SK"))
		if err != nil && !errors.Is(err, claim.ErrNotFound) {
			return nil, err
		}
		// A claim whose owner has cancelled it may stand here still.
		if r.Status == claim.Submitted || r.Status == claim.Proposed {
			out = append(out, r.Registration)
		}
	}
	return out, nil
}

// Projected are the attributes of a registration that GSI1 holds beside its keys.
var Projected = []string{"deadline", "v", "reason", "flags", "phone", "paper", "ch", "seat", "call", "officer", "counter", "number", "calls", "since", "arrived"}

// Day returns the registrations of a branch-day in the order of status and
// time, without their private parts and documents. It reads an index, which
// may be a moment behind (see GSI1 in the table of the package).
func (s *Store) Day(ctx context.Context, branch string, d requirement.Date) ([]claim.Registration, error) {
	items, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI1"),
		KeyConditionExpression: aws.String("GSI1PK = :pk"), ExpressionAttributeValues: item{":pk": str(branchDay(branch, d))}})
	if err != nil {
		return nil, fmt.Errorf("day of a branch: %w", err)
	}
	out := make([]claim.Registration, 0, len(items))
	for _, it := range items {
		r := claim.Registration{ID: strings.TrimPrefix(getS(it, "PK"), "REG#"), Version: int(getN(it, "v")), Reason: getS(it, "reason"),
			Deadline: getTime(it, "deadline"), Flags: strings.Fields(getS(it, "flags")), Phone: getN(it, "phone") == 1, Paper: getN(it, "paper") == 1, Call: readCall(it)}
		status, rest, _ := strings.Cut(getS(it, "GSI1SK"), "#")
		clock, _, _ := strings.Cut(rest, "#")
		r.Status = claim.Status(status)
		r.Place = claim.Place{Branch: branch, Channel: requirement.Channel(getS(it, "ch")), Date: d, Time: clock, Seat: int(getN(it, "seat"))}
		out = append(out, r)
	}
	return out, nil
}

// View returns a claim of the officer's branch with its private part and
// documents, and notes in its audit trail who saw what (TRUST R62).
// claim.ErrNotFound for a claim of another branch too.
func (s *Store) View(ctx context.Context, by claim.Desk, id, what string) (claim.Registration, error) {
	if _, err := s.change(ctx, id, change{action: "view " + what, actor: by.Officer, quiet: true,
		check: at(by.Branch, func(*record) error { return nil }),
		apply: func(*record) []types.TransactWriteItem { return nil }}); err != nil {
		return claim.Registration{}, err
	}
	return s.ByID(ctx, id)
}

func (r *record) putCall(it item) error {
	c := r.Call
	it["call"], it["officer"], it["counter"] = str(string(c.State)), str(c.Officer), str(c.Counter)
	it["number"], it["calls"], it["since"], it["arrived"] = num(int64(c.Number)), num(int64(c.Calls)), unix(c.Since), unix(c.Arrived)
	if r.Decision.Action == "" {
		return nil
	}
	b, err := json.Marshal(r.Decision)
	if err != nil {
		return fmt.Errorf("decision: %w", err)
	}
	it["decision"] = str(string(b))
	return nil
}

func readCall(it item) claim.Call {
	return claim.Call{State: claim.CallState(getS(it, "call")), Officer: getS(it, "officer"), Counter: getS(it, "counter"),
		Number: int(getN(it, "number")), Calls: int(getN(it, "calls")), Since: getTime(it, "since"), Arrived: getTime(it, "arrived")}
}
