package dynamo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
)

// An event is one entry of a registration's audit trail. Each holds the hash
// of the one before, so that none can be changed or taken out unseen (TRUST R89).
type event struct {
	Registration string `json:"reg"`
	Seq          int    `json:"seq"`
	At           int64  `json:"at"` // Unix milliseconds
	Actor        string `json:"actor"`
	Action       string `json:"action"`
	From         string `json:"from"`
	To           string `json:"to"`
	Place        string `json:"place"` // after the action
	Prev         string `json:"prev"`
}

// Actors of events.
const (
	actorClaimant = "claimant"
	actorSystem   = "system"
)

func (e event) hash() (string, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return "", fmt.Errorf("event: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:16]), nil
}

// next returns the event that follows in the record's chain, moves the chain
// on, and returns the item that stores it.
func (s *Store) next(r *record, actor, action string, from, to claim.Status) (types.TransactWriteItem, error) {
	e := event{r.ID, r.seq + 1, s.Now().UnixMilli(), actor, action, string(from), string(to), r.Place.Branch + "#" + string(r.Place.Date) + "#" + seatSK(r.Place.Channel, r.Place.Time, r.Place.Seat), r.hash}
	hash, err := e.hash()
	if err != nil {
		return types.TransactWriteItem{}, err
	}
	r.seq, r.hash = e.Seq, hash
	pk, sk := e.byDay(hash)
	return put(s.table, eventKey(r.ID, e.Seq), item{"GSI2PK": str(pk), "GSI2SK": str(sk), "at": num(e.At), "actor": str(actor), "action": str(action),
		"from": str(e.From), "to": str(e.To), "place": str(e.Place), "prev": str(e.Prev), "hash": str(hash)}), nil
}

// act returns the entry of what an officer did, so that it can be found by the
// officer as well as by the claim.
func (s *Store) act(r *record, ch change) types.TransactWriteItem {
	now := s.Now()
	it := actKey(ch.actor, now, r.ID, r.seq).attributes()
	it["action"], it["reg"] = str(ch.action), str(r.ID)
	return types.TransactWriteItem{Put: &types.Put{TableName: aws.String(s.table), Item: it}}
}

// outbox returns the row that asks for a message about the record's newest
// event. It is written with the change, so a message is never lost (TRUST R26, R28).
func (s *Store) outbox(r *record, kind claim.Message) types.TransactWriteItem {
	return put(s.table, outboxKey(r.ID, r.seq), item{"kind": str(string(kind)),
		"GSI2PK": str(dueShard(r.ID)), "GSI2SK": str(s.Now().UTC().Format(time.RFC3339) + "#" + r.ID)})
}
