package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// Reconcile compares what must agree on a branch-day (TRUST R33): every taken
// seat has a live registration that names it, every live registration has its
// seat and its claimant's lock, every claim in an officer's hands is counted
// there, and every event has its message. It returns a sentence for each
// difference. What changes while it looks may seem to differ.
func (s *Store) Reconcile(ctx context.Context, branch string, d requirement.Date) ([]string, error) {
	all, err := s.seats(ctx, branch, d, "", true)
	if err != nil {
		return nil, err
	}
	holder := map[string]seat{}
	var differences []string
	for _, x := range all {
		if x.state != seatTaken || strings.HasPrefix(x.reg, companySeat) {
			continue
		}
		if other, twice := holder[x.reg]; twice {
			differences = append(differences, fmt.Sprintf("registration %s holds seats %d and %d", x.reg, other.place.Seat, x.place.Seat))
		}
		holder[x.reg] = x
	}
	regs, err := s.pages(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), IndexName: aws.String("GSI1"),
		KeyConditionExpression: aws.String("GSI1PK = :pk"), ExpressionAttributeValues: item{":pk": str(branchDay(branch, d))}})
	if err != nil {
		return nil, err
	}
	for _, it := range regs {
		id := strings.TrimPrefix(getS(it, "PK"), "REG#")
		found, err := s.reconcileOne(ctx, id, holder[id])
		if err != nil {
			return nil, err
		}
		differences = append(differences, found...)
		delete(holder, id)
	}
	for id, x := range holder {
		differences = append(differences, fmt.Sprintf("seat %s %d is held by %s, which is not registered there", x.place.Time, x.place.Seat, id))
	}
	return differences, nil
}

func (s *Store) reconcileOne(ctx context.Context, id string, held seat) ([]string, error) {
	rec, err := s.record(ctx, id)
	if err != nil {
		return nil, err
	}
	lock, err := s.get(ctx, s.table, key{rec.lock, "LOCK"})
	if err != nil {
		return nil, err
	}
	locked := getS(lock, "state") == lockLive && getS(lock, "reg") == id
	seated := rec.Status.Seated()
	var out []string
	if seated != (held.reg == id) || seated && seatKey(held.place) != seatKey(rec.Place) {
		out = append(out, fmt.Sprintf("registration %s is %s, its seat says otherwise", id, rec.Status))
	}
	if rec.Status.Live() != locked {
		out = append(out, fmt.Sprintf("registration %s is %s, its claimant's lock says otherwise", id, rec.Status))
	}
	listed, err := s.onList(ctx, &rec)
	if err != nil {
		return nil, err
	}
	if !listed {
		out = append(out, fmt.Sprintf("registration %s is %s, and on no list of its day", id, rec.Status))
	}
	mine, err := s.inHands(ctx, &rec)
	if err != nil {
		return nil, err
	}
	if !mine {
		out = append(out, fmt.Sprintf("registration %s is in the hands of %s, who does not have it", id, rec.Call.Officer))
	}
	owed, err := s.owed(ctx, id)
	return append(out, owed...), err
}

// ReconcileClaim is Reconcile for one registration, also for one that has no
// seat yet and stands in a draw or on a wait list, and for the messages of a
// company's request. claim.ErrNotFound if there is none.
func (s *Store) ReconcileClaim(ctx context.Context, id string) ([]string, error) {
	rec, err := s.record(ctx, id)
	if errors.Is(err, claim.ErrNotFound) {
		if _, err := s.firm(ctx, id); err != nil {
			return nil, err
		}
		return s.owed(ctx, id)
	}
	if err != nil {
		return nil, err
	}
	var held seat
	if rec.Status.Seated() {
		it, err := s.get(ctx, s.table, seatKey(rec.Place))
		if err != nil {
			return nil, err
		}
		if getS(it, "state") == seatTaken {
			held = seat{place: rec.Place, reg: getS(it, "reg")}
		}
	}
	return s.reconcileOne(ctx, id, held)
}

// onList tells whether who has no seat yet is found by the draw, or by who
// hands out seats that were given back.
func (s *Store) onList(ctx context.Context, rec *record) (bool, error) {
	k := waitKey(rec)
	switch rec.Status {
	case claim.Entered:
		k = entryKey(rec.Place, rec.Ticket)
	case claim.Waitlisted:
	default:
		return true, nil
	}
	row, err := s.get(ctx, s.table, k)
	return getS(row, "reg") == rec.ID, err
}

// inHands tells whether the officer whom a claim names has it.
func (s *Store) inHands(ctx context.Context, rec *record) (bool, error) {
	if rec.Call.Officer == "" {
		return true, nil
	}
	ids, err := s.InHand(ctx, rec.Place.Branch, rec.Call.Officer)
	return slices.Contains(ids, rec.ID), err
}

// VerifyEvents checks the hash chain of a registration's events, or a company's. It returns
// the number of the first event that is broken or missing, 0 if none is.
func (s *Store) VerifyEvents(ctx context.Context, id string) (int, error) {
	newest, err := s.newest(ctx, id)
	if err != nil {
		return 0, err
	}
	items, err := s.query(ctx, regKey(id).pk, "EV#", true)
	if err != nil {
		return 0, err
	}
	prev := ""
	for i, it := range items {
		hash, err := readEvent(id, i+1, it).hash()
		if err != nil {
			return 0, err
		}
		if getS(it, "SK") != eventKey(id, i+1).sk || getS(it, "prev") != prev || getS(it, "hash") != hash {
			return i + 1, nil
		}
		prev = hash
	}
	if prev != newest {
		return len(items) + 1, nil
	}
	return 0, nil
}
