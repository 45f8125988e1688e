package dynamo_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
)

// A vandal changes items behind the store's back.
type vandal struct {
	t     *testing.T
	db    *dynamodb.Client
	table string
}

// vandalised returns a store and who can spoil its table.
func vandalised(t *testing.T) (*dynamo.Store, *vandal) {
	t.Helper()
	db := storetest.Client(storetest.Engine(t).URL)
	table, keysTable := storetest.Tables(t, db)
	k := storetest.Keys(t)
	return dynamo.New(db, table, keysTable, func(context.Context) (*seal.Keys, error) { return k, nil }), &vandal{t, db, table}
}

// first returns the key of the first item whose partition key begins with pk,
// whose sort key begins with sk, and whose attribute has the value.
func (v *vandal) first(pk, sk, attribute, value string) map[string]types.AttributeValue {
	v.t.Helper()
	out, err := v.db.Scan(v.t.Context(), &dynamodb.ScanInput{TableName: &v.table,
		FilterExpression:         aws.String("begins_with(PK, :pk) AND begins_with(SK, :sk) AND #a = :value"),
		ExpressionAttributeNames: map[string]string{"#a": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: pk},
			":sk": &types.AttributeValueMemberS{Value: sk}, ":value": &types.AttributeValueMemberS{Value: value}}})
	if err != nil || len(out.Items) == 0 {
		v.t.Fatalf("no item %s, %s with %s = %s: %v", pk, sk, attribute, value, err)
	}
	return map[string]types.AttributeValue{"PK": out.Items[0]["PK"], "SK": out.Items[0]["SK"]}
}

func (v *vandal) set(key map[string]types.AttributeValue, attribute, value string) {
	v.t.Helper()
	if _, err := v.db.UpdateItem(v.t.Context(), &dynamodb.UpdateItemInput{TableName: &v.table, Key: key,
		UpdateExpression: aws.String("SET #a = :v"), ExpressionAttributeNames: map[string]string{"#a": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": &types.AttributeValueMemberS{Value: value}}}); err != nil {
		v.t.Fatal(err)
	}
}

// drop removes an attribute.
func (v *vandal) drop(key map[string]types.AttributeValue, attribute string) {
	v.t.Helper()
	if _, err := v.db.UpdateItem(v.t.Context(), &dynamodb.UpdateItemInput{TableName: &v.table, Key: key,
		UpdateExpression: aws.String("REMOVE #a"), ExpressionAttributeNames: map[string]string{"#a": attribute}}); err != nil {
		v.t.Fatal(err)
	}
}

func (v *vandal) remove(key map[string]types.AttributeValue) {
	v.t.Helper()
	if _, err := v.db.DeleteItem(v.t.Context(), &dynamodb.DeleteItemInput{TableName: &v.table, Key: key}); err != nil {
		v.t.Fatal(err)
	}
}

// Every kind of difference is found (TRUST R33).
func TestReconcileFindsDifferences(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*vandal, claim.Registration)
		want  string
	}{
		{"nothing", func(*vandal, claim.Registration) {}, ""},
		{"a live registration lost its seat", func(v *vandal, r claim.Registration) {
			v.set(v.first("SEAT#", "", "reg", r.ID), "state", "FREE")
		}, "its seat says otherwise"},
		{"a seat is held by nobody", func(v *vandal, _ claim.Registration) {
			k := v.first("SEAT#", "", "state", "FREE")
			v.set(k, "reg", "nobody")
			v.set(k, "state", "TAKEN")
		}, "is held by nobody"},
		{"one registration holds two seats", func(v *vandal, r claim.Registration) {
			k := v.first("SEAT#", "", "state", "FREE")
			v.set(k, "reg", r.ID)
			v.set(k, "state", "TAKEN")
		}, "holds seats"},
		{"a registration ended, its seat is taken", func(v *vandal, r claim.Registration) {
			v.set(v.first("REG#"+r.ID, "REG", "status", "DRAFT"), "status", "CANCELLED")
		}, "its seat says otherwise"},
		{"a live registration lost its lock", func(v *vandal, r claim.Registration) {
			v.set(v.first("CLM#", "", "reg", r.ID), "state", "CLOSED")
		}, "lock says otherwise"},
		{"the lock is another's", func(v *vandal, r claim.Registration) {
			v.set(v.first("CLM#", "", "reg", r.ID), "reg", "nobody")
		}, "lock says otherwise"},
		{"an event has no message", func(v *vandal, r claim.Registration) {
			v.remove(v.first("REG#"+r.ID, "OUT#", "kind", "received"))
		}, `event 000001 "book" has the message ""; owed is "received"`},
		{"an event has another message", func(v *vandal, r claim.Registration) {
			v.set(v.first("REG#"+r.ID, "OUT#", "kind", "received"), "kind", "approved")
		}, `has the message "approved"`},
		{"a message has no event", func(v *vandal, r claim.Registration) {
			v.remove(v.first("REG#"+r.ID, "EV#", "action", "book"))
		}, "message 000001 is of no event"},
		{"a message left the queue unsent", func(v *vandal, r claim.Registration) {
			v.drop(v.first("REG#"+r.ID, "OUT#", "kind", "received"), "GSI2PK")
		}, "is neither sent nor due"},
		{"an officer does not have a claim that says so", func(v *vandal, r claim.Registration) {
			k := v.first("REG#"+r.ID, "REG", "status", "DRAFT")
			v.set(k, "call", "TAKEN")
			v.set(k, "officer", "ani")
		}, "is in the hands of ani"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, v := vandalised(t)
			open(t, s, 4)
			tt.spoil(v, book(t, s, 1))
			got, err := s.Reconcile(t.Context(), "uji", storetest.Tomorrow)
			if err != nil {
				t.Fatal(err)
			}
			if all := strings.Join(got, "\n"); tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("Reconcile = %q; want %q", all, tt.want)
			}
		})
	}
}

// Whoever stands in a draw or on a wait list is found there, and holds the lock.
func TestReconcileFindsDifferencesWithoutASeat(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*vandal, claim.Registration)
		want  string
	}{
		{"nothing", func(*vandal, claim.Registration) {}, ""},
		{"the entry is gone", func(v *vandal, r claim.Registration) { v.remove(v.first("ENTRY#", "", "reg", r.ID)) }, "is ENTERED, and on no list"},
		{"the place on the wait list is another's", func(v *vandal, r claim.Registration) {
			v.set(v.first("WAIT#", "", "reg", r.ID), "reg", "nobody")
		}, "is WAITING, and on no list"},
		{"the lock is another's", func(v *vandal, r claim.Registration) { v.set(v.first("CLM#", "", "reg", r.ID), "reg", "nobody") }, "lock says otherwise"},
		{"it is told something else", func(v *vandal, r claim.Registration) {
			v.set(v.first("REG#"+r.ID, "EV#", "actor", "claimant"), "action", "book")
		}, `owed is "received"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, v := vandalised(t)
			open(t, s, 1)
			reg := enter(t, s, entry(1))
			if strings.Contains(tt.want, "WAITING") {
				if _, err := s.Wait(t.Context(), reg.ID, 3); err != nil {
					t.Fatal(err)
				}
			}
			tt.spoil(v, reg)
			got, err := s.ReconcileClaim(t.Context(), reg.ID)
			if all := strings.Join(got, "\n"); err != nil || tt.want == "" && all != "" || !strings.Contains(all, tt.want) {
				t.Errorf("ReconcileClaim = %q, %v; want %q", all, err, tt.want)
			}
		})
	}
}

// No event can be changed, taken out or cut off unseen.
func TestVerifyEventsFindsForgery(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spoil func(*vandal, string)
		want  int
	}{
		{"nothing", func(*vandal, string) {}, 0},
		{"another action", func(v *vandal, id string) { v.set(v.first("REG#"+id, "EV#", "action", "move"), "action", "book") }, 2},
		{"another place", func(v *vandal, id string) { v.set(v.first("REG#"+id, "EV#", "action", "book"), "place", "x") }, 1},
		{"the middle is gone", func(v *vandal, id string) { v.remove(v.first("REG#"+id, "EV#", "action", "move")) }, 2},
		{"the end is gone", func(v *vandal, id string) { v.remove(v.first("REG#"+id, "EV#", "action", "cancel")) }, 3},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, v := vandalised(t)
			s.Now = storetest.NewClock(storetest.Morning).Now
			twoSessions(t, s, 4)
			moved, err := move(s, book(t, s, 1), "09:00")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Cancel(t.Context(), moved.ID, moved.Version); err != nil {
				t.Fatal(err)
			}
			tt.spoil(v, moved.ID)
			if n, err := s.VerifyEvents(t.Context(), moved.ID); n != tt.want || err != nil {
				t.Errorf("VerifyEvents = %d, %v; want %d", n, err, tt.want)
			}
		})
	}
}

func (v *vandal) get(key map[string]types.AttributeValue, attribute string) string {
	v.t.Helper()
	out, err := v.db.GetItem(v.t.Context(), &dynamodb.GetItemInput{TableName: &v.table, Key: key})
	if err != nil {
		v.t.Fatal(err)
	}
	s, _ := out.Item[attribute].(*types.AttributeValueMemberS)
	return s.Value
}
