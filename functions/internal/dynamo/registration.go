package dynamo

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// record is a registration as it is stored, with what only the store knows.
type record struct {
	claim.Registration
	seq    int    // number of the newest event
	hash   string // of the newest event
	lock   string // partition key of the claimant lock
	digest string // of the request that made it
	row    int    // of the company's list that it came from
	ripe   bool   // agreed to, and perhaps complete since somebody looked
	sealed []byte
}

func (r *record) item() (item, error) {
	consents, err := json.Marshal(r.Consents)
	if err != nil {
		return nil, fmt.Errorf("consents: %w", err)
	}
	device, err := json.Marshal(r.Device)
	if err != nil {
		return nil, fmt.Errorf("device test: %w", err)
	}
	it := item{
		"v": num(int64(r.Version)), "seq": num(int64(r.seq)), "hash": str(r.hash), "lock": str(r.lock), "digest": str(r.digest),
		"status": str(string(r.Status)), "programme": str(r.Programme), "reason": str(r.Reason), "set": str(r.SetVersion),
		"lang": str(string(r.Lang)), "branch": str(r.Place.Branch), "ch": str(string(r.Place.Channel)), "date": str(string(r.Place.Date)),
		"time": str(r.Place.Time), "seat": num(int64(r.Place.Seat)), "deadline": unix(r.Deadline), "created": unix(r.Created),
		"flags": str(strings.Join(r.Flags, " ")), "consents": str(string(consents)), "sealed": bin(r.sealed),
	}
	// Who has no place yet is found by the draw or the wait list: a whole branch's
	// entries would be too much for the one key of its day.
	if r.Place.Time != "" {
		it["GSI1PK"], it["GSI1SK"] = str(branchDay(r.Place.Branch, r.Place.Date)), str(byStatus(r.Status, r.Place.Time, r.ID))
	}
	if r.Ticket != "" {
		it["ticket"] = str(r.Ticket)
	}
	if r.Rank > 0 {
		it["rank"] = num(int64(r.Rank))
	}
	if r.Wait.Offers > 0 {
		wait, err := json.Marshal(r.Wait)
		if err != nil {
			return nil, fmt.Errorf("wait list: %w", err)
		}
		it["wait"] = str(string(wait))
	}
	if len(r.Wishes) > 0 {
		it["wishes"] = str(strings.Join(r.Wishes, " "))
	}
	if !r.Device.Taken.IsZero() {
		it["device"] = str(string(device))
	}
	if r.Company != "" {
		it["company"], it["row"] = str(r.Company), num(int64(r.row))
	}
	if r.ripe && r.Status == claim.Draft {
		it["GSI2PK"], it["GSI2SK"] = str(ripeShard(r.ID)), str(r.ID)
	}
	if r.Paper {
		it["paper"] = num(1)
	}
	if r.Phone {
		it["phone"] = num(1)
	}
	return it, r.putCall(it)
}

func readRecord(it item) (record, error) {
	r := record{seq: int(getN(it, "seq")), hash: getS(it, "hash"), lock: getS(it, "lock"), digest: getS(it, "digest"), sealed: getB(it, "sealed")}
	r.ID = strings.TrimPrefix(getS(it, "PK"), "REG#")
	r.Version, r.Status = int(getN(it, "v")), claim.Status(getS(it, "status"))
	r.Programme, r.Reason, r.SetVersion, r.Lang = getS(it, "programme"), getS(it, "reason"), getS(it, "set"), requirement.Lang(getS(it, "lang"))
	r.Place = claim.Place{Branch: getS(it, "branch"), Channel: requirement.Channel(getS(it, "ch")),
		Date: requirement.Date(getS(it, "date")), Time: getS(it, "time"), Seat: int(getN(it, "seat"))}
	r.Deadline, r.Created, r.Flags = getTime(it, "deadline"), getTime(it, "created"), strings.Fields(getS(it, "flags"))
	if err := json.Unmarshal([]byte(getS(it, "consents")), &r.Consents); err != nil {
		return r, fmt.Errorf("consents of a registration: %w", err)
	}
	r.Wishes, r.Ticket, r.Rank = strings.Fields(getS(it, "wishes")), getS(it, "ticket"), int(getN(it, "rank"))
	r.Company, r.row = getS(it, "company"), int(getN(it, "row"))
	r.ripe = getS(it, "GSI2PK") != ""
	if wait := getS(it, "wait"); wait != "" {
		if err := json.Unmarshal([]byte(wait), &r.Wait); err != nil {
			return r, fmt.Errorf("wait list of a registration: %w", err)
		}
	}
	r.Paper = getN(it, "paper") == 1
	r.Phone = getN(it, "phone") == 1
	if device := getS(it, "device"); device != "" {
		if err := json.Unmarshal([]byte(device), &r.Device); err != nil {
			return r, fmt.Errorf("device test of a registration: %w", err)
		}
	}
	r.Call = readCall(it)
	if decision := getS(it, "decision"); decision != "" {
		if err := json.Unmarshal([]byte(decision), &r.Decision); err != nil {
			return r, fmt.Errorf("decision of a registration: %w", err)
		}
	}
	return r, nil
}

// record reads the registration item alone. claim.ErrNotFound if there is none.
func (s *Store) record(ctx context.Context, id string) (record, error) {
	it, err := s.get(ctx, s.table, regKey(id))
	if err != nil {
		return record{}, err
	}
	if it == nil {
		return record{}, claim.ErrNotFound
	}
	return readRecord(it)
}

// ByID returns a registration with its documents and its private part.
// claim.ErrNotFound if there is none, or its data key was destroyed.
func (s *Store) ByID(ctx context.Context, id string) (claim.Registration, error) {
	r, err := s.record(ctx, id)
	if err != nil {
		return claim.Registration{}, err
	}
	if err := s.openPrivate(ctx, &r); err != nil {
		return claim.Registration{}, err
	}
	r.Documents, err = s.documents(ctx, id)
	return r.Registration, err
}

func (s *Store) openPrivate(ctx context.Context, r *record) error {
	data, err := s.dataKey(ctx, r.ID)
	if err != nil {
		return err
	}
	if r.Private, err = data.OpenPrivate(r.sealed); err != nil {
		return fmt.Errorf("private part of a registration: %w", err)
	}
	return nil
}

// Find returns the registration of a code if the birth date is right.
// claim.ErrNotFound for an unknown code and for a wrong birth date alike,
// after the same reads (TRUST R48).
func (s *Store) Find(ctx context.Context, code string, birth requirement.Date) (claim.Registration, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	id := keys.RegistrationID(code)
	r, err := s.record(ctx, id)
	if err != nil {
		// The same second read as for a code that exists.
		if _, second := s.get(ctx, s.keys, dataKeyKey(id)); second != nil {
			return claim.Registration{}, second
		}
		return claim.Registration{}, err
	}
	if err := s.openPrivate(ctx, &r); err != nil {
		return claim.Registration{}, err
	}
	if subtle.ConstantTimeCompare([]byte(r.Private.Person.BirthDate), []byte(birth)) != 1 {
		return claim.Registration{}, claim.ErrNotFound
	}
	r.Documents, err = s.documents(ctx, id)
	return r.Registration, err
}
