package dynamo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/seal"
)

// Positions of the items in a booking's transaction.
const (
	atSeat = iota
	atLock
	atReg
)

// Book takes a random free seat of the session for the claimant in one
// transaction. The same key gives the same registration for as long as it
// lives, even after a lost reply; errors:
//
//	claim.ErrKeyReused      the key made another request's registration, or one that has ended
//	claim.ErrAlreadyBooked  the claimant has a live registration of the programme
//	claim.ErrFull           each seat of the session was somebody else's, or not open yet, at a moment of the call
//	claim.ErrBusy           too much contention; nothing was changed
func (s *Store) Book(ctx context.Context, b claim.Booking) (claim.Registration, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return claim.Registration{}, err
	}
	k, err := s.prepare(ctx, keys, b, claim.Draft)
	if err != nil {
		return claim.Registration{}, err
	}
	if err = s.again(ctx, k.attempt); errors.Is(err, claim.ErrFull) {
		return k.full()
	}
	return k.result, err
}

// booking is one call of Book.
type booking struct {
	s *Store
	claim.Booking
	rec    record
	idem   string // what the lock keeps of the idempotency key
	key    *seal.DataKey
	ctx    context.Context
	pool   *pool
	looked int // how often this booking read the free seats
	opens  Reopening
	lost   int // how many seats went to others
	met    int // how often another process had the seat in hand
	result claim.Registration
}

func (s *Store) prepare(ctx context.Context, keys *seal.Keys, b claim.Booking, status claim.Status) (*booking, error) {
	code := keys.Code(b.Key)
	id := keys.RegistrationID(code)
	data, err := keys.NewDataKey(id)
	if err != nil {
		return nil, err
	}
	private := claim.Private{Code: code, Person: b.Person, Answers: b.Answers}
	sealed, err := data.SealPrivate(private)
	if err != nil {
		return nil, err
	}
	opens, err := s.reopening(ctx)
	if err != nil {
		return nil, err
	}
	k := &booking{s: s, ctx: ctx, Booking: b, pool: s.pool(b.Place), opens: opens, key: data, idem: keys.Pseudonym("idempotency", string(b.Key))}
	k.rec = record{lock: lockKey(keys.NIK(b.Person.NIK), b.Programme).pk, digest: b.Digest, sealed: sealed, Registration: claim.Registration{
		ID: id, Version: 1, Status: status, Programme: b.Programme, Reason: b.Reason, SetVersion: b.SetVersion, Lang: b.Lang,
		Place: b.Place, Deadline: b.Deadline, Created: s.Now().UTC(), Flags: b.Flags, Consents: b.Consents, Private: private}}
	return k, nil
}

// full answers who found no seat, perhaps because the same form, tapped twice
// or answered by nobody, took one: its registration, or what the claimant's
// lock says, which is read after the seats were.
func (k *booking) full() (claim.Registration, error) {
	lock, err := k.s.get(k.ctx, k.s.table, key{k.rec.lock, "LOCK"})
	if err != nil {
		return claim.Registration{}, err
	}
	if lock == nil {
		return claim.Registration{}, claim.ErrFull
	}
	if getS(lock, "state") == lockLive && getS(lock, "idem") != k.idem {
		if done, err := k.locked(lock); done || err != nil {
			return claim.Registration{}, err
		}
	}
	reg, err := k.replay()
	if errors.Is(err, claim.ErrNotFound) {
		err = claim.ErrFull
	}
	return reg, err
}

// replay answers a repeated request with the registration that the first one made.
func (k *booking) replay() (claim.Registration, error) {
	reg, err := k.s.record(k.ctx, k.rec.ID)
	if err != nil {
		return claim.Registration{}, err
	}
	if reg.digest != k.Digest || reg.Status == claim.Cancelled || reg.Status == claim.Lapsed {
		return claim.Registration{}, claim.ErrKeyReused
	}
	return k.s.ByID(k.ctx, k.rec.ID)
}

// attempt tries one free seat.
func (k *booking) attempt() (bool, error) {
	x, err := k.pick()
	if errors.Is(err, errHeld) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer k.pool.release(x)
	if gone, err := k.gone(x); err != nil {
		return false, err
	} else if gone {
		k.drop()
		return false, nil
	}
	k.rec.Place = x.place
	k.rec.Version, k.rec.seq, k.rec.hash = 1, 0, ""
	items, err := k.items(k.s.takeSeat(k.rec.Place, k.rec.ID, k.rec.Deadline, k.opens), claim.ActBook, claim.MsgReceived)
	if err != nil {
		return false, err
	}
	err = k.s.transact(k.ctx, "book", k.token(), items)
	if err == nil {
		k.result = k.rec.Registration
		return true, nil
	}
	var c *cancelled
	if errors.As(err, &c) {
		return k.refused(c)
	}
	// The reply was lost, or the request: the registration says which.
	reg, found := k.replay()
	if errors.Is(found, claim.ErrNotFound) {
		return false, err
	}
	k.result = reg
	return true, found
}

// refused reads the cancellation reasons in the order of what they mean for
// the person (TRUST R18).
func (k *booking) refused(c *cancelled) (done bool, err error) {
	switch {
	case c.failed(atLock) && getS(c.old(atLock), "idem") != k.idem:
		return k.locked(c.old(atLock))
	case c.failed(atLock), c.failed(atReg):
		k.result, err = k.replay()
		return true, err
	case c.failed(atSeat):
		k.drop()
		return k.attempt()
	case c.passing():
		return false, k.giveWay(c)
	}
	return false, c
}

// giveWay waits longer than others who try again where another process has the
// seat in hand: with few seats left, all who want them would meet again.
func (k *booking) giveWay(c *cancelled) error {
	if !c.conflicts(atSeat) {
		return nil
	}
	k.met++
	k.pool.contested(k.s.Now())
	return k.s.pause(k.ctx, 2*k.met)
}

// gone looks once more, at a moment of its own, whether one of the last seats
// is free, where all who want them would otherwise meet in transactions, which
// cost far more.
func (k *booking) gone(x seat) (bool, error) {
	if !k.pool.scramble(k.s.Now()) {
		return false, nil
	}
	if err := k.s.pause(k.ctx, 4); err != nil {
		return false, err
	}
	it, err := k.s.get(k.ctx, k.s.table, seatKey(x.place))
	return it != nil && getS(it, "state") != seatFree, err
}

// locked: another form has the claimant's lock. If that is a draft whose time
// ran out, it is ended first, so that nobody has two.
func (k *booking) locked(lock item) (done bool, err error) {
	if until := getN(lock, "until"); until == 0 || until >= k.s.Now().Unix() {
		return true, claim.ErrAlreadyBooked
	}
	_, err = k.s.lapse(k.ctx, getS(lock, "reg"))
	return false, err
}

// maxLooks bounds how often one booking reads the free seats.
const maxLooks = 20

// errHeld: what is free is in hand of other bookings of this process.
var errHeld = errors.New("dynamo: free seats are in hand")

// pick chooses a random free seat of the session that no other booking of this
// process tries; the caller releases it. claim.ErrFull needs a strongly
// consistent look at all seats, not older than Store.Remember.
func (k *booking) pick() (seat, error) {
	for {
		x, ok, full, wait := k.pool.take(k.s)
		switch {
		case ok:
			return x, nil
		case full:
			return x, claim.ErrFull
		case wait != nil:
			if err := await(k.ctx, wait); err != nil {
				return x, err
			}
			continue
		}
		deep, began := k.pool.isDry(), k.s.Now()
		found, err := k.look(deep)
		k.looked++
		others := k.pool.landed(found, began, deep, err != nil)
		switch {
		case err != nil:
			return seat{}, err
		case len(found) == 0 && deep:
			return seat{}, claim.ErrFull
		case others:
			return seat{}, errHeld
		case k.looked == maxLooks:
			return seat{}, claim.ErrBusy
		}
	}
}

// look returns seats that are free: of one random key or, deep, of all eight.
// Where nothing is free but a draft has run out, it is cleared away.
func (k *booking) look(deep bool) (free []seat, err error) {
	session, now := sessionPrefix(k.Place.Channel, k.Place.Time), k.s.Now().Unix()
	if !deep {
		some, err := k.s.bucket(k.ctx, k.Place.Branch, k.Place.Date, k.s.Random(buckets), session, false)
		return slices.DeleteFunc(some, func(x seat) bool { return x.state != seatFree || !x.bookable(now) }), err
	}
	all, err := k.s.seats(k.ctx, k.Place.Branch, k.Place.Date, session, true)
	if err != nil {
		return nil, err
	}
	var lapsed []seat
	for _, x := range all {
		switch {
		case !x.bookable(now):
		case x.state == seatFree:
			free = append(free, x)
		default:
			lapsed = append(lapsed, x)
		}
	}
	if len(free) > 0 || len(lapsed) == 0 {
		return free, nil
	}
	x := lapsed[k.s.Random(len(lapsed))]
	return []seat{x}, k.s.clear(k.ctx, x)
}

// drop notes a seat that went to somebody else. After three of them what is
// thought to be free is too old to go on with.
func (k *booking) drop() {
	k.pool.contested(k.s.Now())
	if k.lost++; k.lost%3 == 0 {
		k.pool.empty()
	}
}

// token names exactly this attempt, seat and moment included, so that a retry
// of the SDK after a lost reply is answered by the engine's own replay
// protection. That lasts ten minutes; the lock protects for as long as the
// registration lives (TRUST R17).
func (k *booking) token() string {
	sum := sha256.Sum256([]byte(k.idem + "#" + k.rec.hash + "#" + string(k.key.Wrapped)))
	return hex.EncodeToString(sum[:16])
}

const (
	lockLive   = "LIVE"
	lockClosed = "CLOSED"
)

// items are the whole transaction; first is the seat, or the row by which an
// entry is found.
func (k *booking) items(first types.TransactWriteItem, action claim.Action, message claim.Message) ([]types.TransactWriteItem, error) {
	s, r := k.s, &k.rec
	event, err := s.next(r, actorClaimant, string(action), "", r.Status)
	if err != nil {
		return nil, err
	}
	reg, err := r.item()
	if err != nil {
		return nil, err
	}
	now := num(s.Now().Unix())
	return []types.TransactWriteItem{
		first,
		putIf(s.table, key{r.lock, "LOCK"}, item{"state": str(lockLive), "reg": str(r.ID), "idem": str(k.idem), "until": unix(r.Deadline)},
			"attribute_not_exists(PK) OR #state = :closed OR #ttl < :now", // ttl: of a rehearsal that is over
			map[string]string{"#state": "state", "#ttl": "ttl"}, item{":closed": str(lockClosed), ":now": now}),
		put(s.table, regKey(r.ID), reg),
		event,
		s.outbox(r, message),
		put(s.keys, dataKeyKey(r.ID), item{"wrapped": bin(k.key.Wrapped), "kv": str(seal.KeyVersion)}),
	}, nil
}
