package dynamo

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/seal"
	"lapakasik/site/requirement"
)

// companySeat begins the holder of a seat that is reserved for a company and
// not yet given to one of its workers.
const companySeat = "COMPANY#"

// CompaniesDue returns the requests whose places are being taken or whose
// workers are being registered.
func (s *Store) CompaniesDue(ctx context.Context) ([]string, error) {
	return s.due(ctx, "COMPANY", 100)
}

// Reserve takes the places of an agreed block, seat by seat and some sessions at
// once: a run that broke off is gone on with, and takes only what is missing.
// When all are taken the representative is told. claim.ErrFull if a session has
// not enough free: then all are given back, and the branch has to agree another
// block.
func (s *Store) Reserve(ctx context.Context, id string) error {
	f, err := s.firm(ctx, id)
	if err != nil || f.Status != company.Reserving {
		return err
	}
	// None is called off when another fails: what was asked of the store would
	// be done after all places were given back.
	var g errgroup.Group
	g.SetLimit(intakes)
	for _, x := range f.Block {
		g.Go(func() error { return s.reserve(ctx, &f, x) })
	}
	if err := g.Wait(); errors.Is(err, claim.ErrFull) {
		return s.unreserve(ctx, &f)
	} else if err != nil {
		return err
	}
	_, err = s.changeFirm(ctx, id, firmChange{action: "reserve", actor: actorSystem, message: claim.MsgCompanyAgreed,
		check: inStatus(company.Reserving), apply: func(f *firm) { f.Status, f.Agreed = company.Agreed, s.Now().UTC().Truncate(time.Second) }})
	if errors.Is(err, claim.ErrClosed) {
		return nil // another run was faster
	}
	return err
}

func inStatus(want company.Status) func(*firm) error {
	return func(f *firm) error {
		if f.Status != want {
			return claim.ErrClosed
		}
		return nil
	}
}

// session returns the seats of a session of a block.
func (s *Store) session(ctx context.Context, f *firm, x company.Session) ([]seat, error) {
	return s.seats(ctx, f.Branch, x.Date, sessionPrefix(requirement.Online, x.Time), true)
}

func (s *Store) reserve(ctx context.Context, f *firm, x company.Session) error {
	for range maxLooks {
		all, err := s.session(ctx, f, x)
		if err != nil {
			return err
		}
		mine := 0
		var free []seat
		for _, y := range all {
			switch {
			case y.reg == companySeat+f.ID:
				mine++
			case y.state == seatFree && y.bookable(s.Now().Unix()):
				free = append(free, y)
			}
		}
		if mine >= x.Places {
			return nil
		}
		if len(free) < x.Places-mine {
			return claim.ErrFull
		}
		for range x.Places - mine {
			i := s.Random(len(free))
			if err := s.hand(ctx, free[i], companySeat+f.ID); err != nil {
				return err
			}
			free = slices.Delete(free, i, i+1)
		}
	}
	return claim.ErrBusy
}

// hand gives an open seat to a holder. A seat that somebody else was faster to
// take stays theirs; the next look sees it.
func (s *Store) hand(ctx context.Context, x seat, holder string) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: seatKey(x.place).attributes(),
		UpdateExpression: aws.String("SET #state = :taken, reg = :reg REMOVE #until, opens"), ConditionExpression: aws.String(openSeat),
		ExpressionAttributeNames:  map[string]string{"#state": "state", "#until": "until"},
		ExpressionAttributeValues: item{":taken": str(seatTaken), ":free": str(seatFree), ":reg": str(holder), ":now": num(s.Now().Unix())}})
	return ignoreCondition(err)
}

// unreserve gives all places back and the request to the branch once more.
func (s *Store) unreserve(ctx context.Context, f *firm) error {
	if err := s.giveBack(ctx, f); err != nil {
		return err
	}
	_, err := s.changeFirm(ctx, f.ID, firmChange{action: "unreserve", actor: actorSystem, check: inStatus(company.Reserving),
		apply: func(f *firm) { f.Status, f.Block = company.Sent, nil }})
	if err != nil && !errors.Is(err, claim.ErrClosed) {
		return err
	}
	return claim.ErrFull
}

// giveBack frees the seats that are reserved for a company and nobody's, at
// once: the branch held them, so there is nobody who could trade them.
func (s *Store) giveBack(ctx context.Context, f *firm) error {
	mine, err := s.reserved(ctx, f)
	if err != nil {
		return err
	}
	for _, x := range mine {
		it := s.freeSeat(x.place, companySeat+f.ID, s.Now()).Update
		_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: it.TableName, Key: it.Key, UpdateExpression: it.UpdateExpression,
			ConditionExpression: it.ConditionExpression, ExpressionAttributeNames: it.ExpressionAttributeNames, ExpressionAttributeValues: it.ExpressionAttributeValues})
		if err := ignoreCondition(err); err != nil {
			return fmt.Errorf("give a seat back: %w", err)
		}
	}
	return nil
}

// reserved are the seats of a company's block that no worker has yet, in order.
func (s *Store) reserved(ctx context.Context, f *firm) ([]seat, error) {
	var out []seat
	for _, x := range f.Block {
		all, err := s.session(ctx, f, x)
		if err != nil {
			return nil, err
		}
		all = slices.DeleteFunc(all, func(y seat) bool { return y.reg != companySeat+f.ID })
		slices.SortFunc(all, func(a, b seat) int { return a.place.Seat - b.place.Seat })
		out = append(out, all...)
	}
	return out, nil
}

// An Intake is what an import needs beside the list.
type Intake struct {
	Set    *requirement.Set // of the request
	Branch *requirement.Branch
	Limit  int // rows that one run sees to
}

// intakes is how many sessions are reserved, or workers registered, at once.
const intakes = 8

// ImportCompany registers the workers of an agreed request, at most limit of
// them, each in one transaction of seat, lock, registration, event, mail and
// row: exactly once, whatever broke off before. left is how many are still to
// come. A worker who has a claim already gets files only (company.Line).
func (s *Store) ImportCompany(ctx context.Context, id string, in Intake) (left int, err error) {
	f, err := s.firm(ctx, id)
	if err != nil || f.Status != company.Agreed {
		return 0, err
	}
	workers, err := s.Workers(ctx, f.Request)
	if err != nil {
		return 0, err
	}
	done, err := s.Lines(ctx, id)
	if err != nil {
		return 0, err
	}
	seen := map[int]bool{}
	for _, e := range done {
		seen[e.Row] = true
	}
	workers = slices.DeleteFunc(workers, func(w company.Worker) bool { return seen[w.Row] })
	some := workers[:min(len(workers), in.Limit)]
	if err := s.intake(ctx, &f, in, some); err != nil {
		return len(workers), err
	}
	if left = len(workers) - len(some); left > 0 {
		return left, nil
	}
	if err := s.giveBack(ctx, &f); err != nil {
		return 0, err
	}
	_, err = s.changeFirm(ctx, id, firmChange{action: "import", actor: actorSystem, check: inStatus(company.Agreed), apply: func(f *firm) { f.Status = company.Done }})
	if errors.Is(err, claim.ErrClosed) {
		err = nil // another run was faster
	}
	return 0, err
}

// A handout gives the reserved seats out, one after the other.
type handout struct {
	mu    sync.Mutex
	seats []seat
	opens Reopening
}

func (p *handout) next() (seat, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.seats) == 0 {
		return seat{}, false
	}
	x := p.seats[0]
	p.seats = p.seats[1:]
	return x, true
}

func (s *Store) intake(ctx context.Context, f *firm, in Intake, workers []company.Worker) error {
	keys, err := s.seal(ctx)
	if err != nil {
		return err
	}
	seats, err := s.reserved(ctx, f)
	if err != nil {
		return err
	}
	opens, err := s.reopening(ctx)
	if err != nil {
		return err
	}
	p := &handout{seats: seats, opens: opens}
	g, each := errgroup.WithContext(ctx)
	g.SetLimit(intakes)
	for _, w := range workers {
		g.Go(func() error { return s.worker(each, keys, f, in, w, p) })
	}
	return g.Wait()
}

// worker sees to one row.
func (s *Store) worker(ctx context.Context, keys *seal.Keys, f *firm, in Intake, w company.Worker, p *handout) error {
	for range maxLooks {
		x, ok := p.next()
		if !ok {
			return claim.ErrBusy // another run has them; what it leaves comes with the next
		}
		done, err := s.register(ctx, keys, f, in, w, x, p.opens)
		if done || err != nil {
			return err
		}
	}
	return claim.ErrBusy
}

// register gives a worker one seat. false: the seat was somebody else's.
func (s *Store) register(ctx context.Context, keys *seal.Keys, f *firm, in Intake, w company.Worker, x seat, opens Reopening) (bool, error) {
	r, data, err := s.workerRecord(keys, f, in, w, x)
	if err != nil {
		return false, err
	}
	lost := false
	err = s.again(ctx, func() (bool, error) {
		fresh := *r
		items, err := s.workerItems(&fresh, data, opens(x.place, r.Deadline))
		if err != nil {
			return false, err
		}
		err = s.transact(ctx, "register worker", "", items)
		if err == nil {
			return true, nil
		}
		if e, readErr := s.get(ctx, s.table, lineKey(f.ID, w.Row)); readErr == nil && e != nil {
			return true, nil // a lost reply, or another run
		}
		var c *cancelled
		switch {
		case !errors.As(err, &c):
			return false, err
		case c.failed(atLock):
			return s.lockedWorker(ctx, keys, f, w, c.old(atLock))
		case c.failed(atSeat):
			lost = true
			return true, nil
		case c.passing():
			return false, nil
		}
		return false, err
	})
	return !lost, err
}

// lockedWorker: the worker has a claim already, and keeps it; only where that
// is a draft whose time ran out, it is ended first.
func (s *Store) lockedWorker(ctx context.Context, keys *seal.Keys, f *firm, w company.Worker, lock item) (bool, error) {
	if until := getN(lock, "until"); until > 0 && until < s.Now().Unix() {
		_, err := s.lapse(ctx, getS(lock, "reg"))
		return false, err
	}
	it := lineKey(f.ID, w.Row).attributes()
	it["owner"], it["loose"] = str(keys.Pseudonym("loose", f.List+"#"+strconv.Itoa(w.Row))), num(1)
	_, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it, ConditionExpression: aws.String("attribute_not_exists(PK)")})
	return true, ignoreCondition(err)
}

func (s *Store) workerRecord(keys *seal.Keys, f *firm, in Intake, w company.Worker, x seat) (*record, *seal.DataKey, error) {
	reason := in.Set.Reason(w.Reason)
	if reason == nil {
		return nil, nil, fmt.Errorf("set %s lacks reason %q", in.Set.Version, w.Reason)
	}
	// The same row gives the same code: a run that is repeated makes no second one.
	code := keys.Code([]byte("worker#" + f.List + "#" + strconv.Itoa(w.Row)))
	id := keys.RegistrationID(code)
	data, err := keys.NewDataKey(id)
	if err != nil {
		return nil, nil, err
	}
	private := claim.Private{Code: code, Person: w.Person, Answers: w.Answers}
	sealed, err := data.SealPrivate(private)
	if err != nil {
		return nil, nil, err
	}
	place := x.place
	place.Channel = requirement.Collective
	start, err := in.Branch.At(place.Date, place.Time)
	if err != nil {
		return nil, nil, err
	}
	deadline := s.Now().AddDate(0, 0, in.Set.Company.ConsentDays)
	if last := claim.LastChange(in.Set.Booking, start); last.Before(deadline) {
		deadline = last
	}
	return &record{lock: lockKey(keys.NIK(w.Person.NIK), reason.Programme).pk, digest: f.List, sealed: sealed, row: w.Row, Registration: claim.Registration{
		ID: id, Version: 1, Status: claim.Draft, Programme: reason.Programme, Reason: w.Reason, SetVersion: f.SetVersion, Lang: requirement.ID,
		Place: place, Deadline: deadline.UTC().Truncate(time.Second), Created: s.Now().UTC(), Flags: claim.FlagsOf(w.Person), Private: private, Company: f.ID}}, data, nil
}

// workerItems are the items of one worker; opens is when others can take the
// seat if the worker lets the deadline pass.
func (s *Store) workerItems(r *record, data *seal.DataKey, opens time.Time) ([]types.TransactWriteItem, error) {
	event, err := s.next(r, actorCompany, "invite", "", claim.Draft)
	if err != nil {
		return nil, err
	}
	reg, err := r.item()
	if err != nil {
		return nil, err
	}
	now := num(s.Now().Unix())
	return []types.TransactWriteItem{
		update(s.table, seatKey(r.Place), "SET reg = :reg, #until = :until, opens = :opens", "reg = :held", map[string]string{"#until": "until"},
			item{":reg": str(r.ID), ":until": unix(r.Deadline), ":opens": unix(opens), ":held": str(companySeat + r.Company)}),
		putIf(s.table, key{r.lock, "LOCK"}, item{"state": str(lockLive), "reg": str(r.ID), "idem": str(r.ID), "until": unix(r.Deadline)},
			"attribute_not_exists(PK) OR #state = :closed OR #ttl < :now",
			map[string]string{"#state": "state", "#ttl": "ttl"}, item{":closed": str(lockClosed), ":now": now}),
		put(s.table, regKey(r.ID), reg),
		event,
		s.outbox(r, claim.MsgInvited),
		put(s.keys, dataKeyKey(r.ID), item{"wrapped": bin(data.Wrapped), "kv": str(seal.KeyVersion)}),
		put(s.table, lineKey(r.Company, r.row), item{"owner": str(r.ID)}),
	}, nil
}

// Lines returns what became of the rows of a request's list so far.
func (s *Store) Lines(ctx context.Context, id string) ([]company.Line, error) {
	items, err := s.query(ctx, companyKey(id).pk, "ROW#", true)
	if err != nil {
		return nil, err
	}
	out := make([]company.Line, len(items))
	for i, it := range items {
		n, err := strconv.Atoi(strings.TrimPrefix(getS(it, "SK"), "ROW#"))
		if err != nil {
			return nil, fmt.Errorf("row key %q", getS(it, "SK"))
		}
		out[i] = company.Line{Row: n, Owner: getS(it, "owner"), Loose: getN(it, "loose") == 1, Sent: getN(it, "sent") == 1}
	}
	return out, nil
}

// FilesOf returns the files of a row, by the owner that its entry names.
func (s *Store) FilesOf(ctx context.Context, owner string) ([]claim.Document, error) {
	return s.documents(ctx, owner)
}

// lineSent notes with the row that its claim is complete and agreed to.
// Nothing that comes after is noted there: it is the worker's (company.Standing).
func (s *Store) lineSent(r *record) []types.TransactWriteItem {
	if r.Company == "" {
		return nil
	}
	return []types.TransactWriteItem{update(s.table, lineKey(r.Company, r.row), "SET sent = :one", "#owner = :owner", map[string]string{"#owner": "owner"}, item{":one": num(1), ":owner": str(r.ID)})}
}

// Consent keeps what a worker agreed to of a claim that the company handed in.
// claim.ErrClosed after the deadline, in another state, or of any other claim.
func (s *Store) Consent(ctx context.Context, id string, version int, proofs []claim.ConsentProof) (claim.Registration, error) {
	rec, err := s.change(ctx, id, change{action: "consent", actor: actorClaimant, version: version,
		check: func(r *record) error {
			if r.Company == "" || r.Status != claim.Draft || !s.Now().Before(r.Deadline) || len(proofs) == 0 {
				return claim.ErrClosed
			}
			return nil
		},
		apply: func(r *record) []types.TransactWriteItem {
			r.Consents, r.ripe = proofs, true
			return nil
		}})
	return rec.Registration, err
}

// Ripe returns the claims of workers that were agreed to and may have become
// complete since somebody looked.
func (s *Store) Ripe(ctx context.Context, limit int) ([]string, error) {
	return s.due(ctx, "RIPE", limit)
}

// SubmitRipe submits a claim of Ripe that is complete. One that is not is no
// longer ripe, unless anything came in between. false: nothing was submitted.
func (s *Store) SubmitRipe(ctx context.Context, id string, complete func(claim.Registration) (bool, error)) (bool, error) {
	seen, err := s.record(ctx, id)
	if err != nil {
		return false, err
	}
	reg, err := s.ByID(ctx, id)
	if err != nil {
		return false, err
	}
	if done, err := complete(reg); err != nil {
		return false, err
	} else if !done {
		return false, s.unripe(ctx, &seen)
	}
	_, err = s.Submit(ctx, id, reg.Version)
	if errors.Is(err, claim.ErrClosed) || errors.Is(err, claim.ErrStale) {
		return false, nil // its owner was faster, or the deadline
	}
	return err == nil, err
}

func (s *Store) unripe(ctx context.Context, seen *record) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: regKey(seen.ID).attributes(),
		UpdateExpression: aws.String("REMOVE GSI2PK, GSI2SK"), ConditionExpression: aws.String("seq = :seq"), ExpressionAttributeValues: item{":seq": num(int64(seen.seq))}})
	return ignoreCondition(err)
}
