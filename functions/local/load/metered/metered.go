// Package metered stands for DynamoDB where the local engine would be the
// bound: a table in memory that answers what booking asks, with the limits of
// the service that the engine does not have (TRUST 1):
//
//	a transaction holds its items from prepare to commit; whoever comes meanwhile gets TransactionConflict
//	a partition key has 1,000 write units a second; what is above is throttled
//	a write costs a unit per KiB and index, twice that in a transaction
//
// It keeps nothing, and knows the expressions of package dynamo's bookings and
// steps only. It is for measuring, never for serving.
package metered

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A Store is all tables. The zero value is not ready; see New.
type Store struct {
	// Gap is the time between prepare and commit of a transaction. No number is
	// published; 7 ms is the assumption of TRUST 3.
	Gap time.Duration
	// Limit is how many write units a partition key takes a second; 0: any number.
	Limit int64

	Conflicts, Throttles, Failed atomic.Int64 // refused transactions, by reason
	Writes, Reads                atomic.Int64 // units, reads in halves
	Peak                         atomic.Int64 // most units of one key in one second

	mu     sync.Mutex
	parts  map[string]map[string]item // by table#PK, then SK
	locked map[string]bool
	used   map[string]*second
}

type (
	value = map[string]string // "S", "N" or "B" -> what
	item  = map[string]value
)

// second counts the units of a key in one second.
type second struct{ at, units int64 }

// New returns an empty store with the service's limits.
func New() *Store {
	return &Store{Gap: 7 * time.Millisecond, Limit: 1000, parts: map[string]map[string]item{}, locked: map[string]bool{}, used: map[string]*second{}}
}

// call is every request that is understood.
type call struct {
	TableName                 string
	IndexName                 string
	Key, Item                 item
	ConsistentRead            bool
	KeyConditionExpression    string
	ConditionExpression       string
	UpdateExpression          string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues item
	TransactItems             []struct{ Put, Update *call }
}

// Do answers a request of the SDK, which takes a Store for its HTTP client.
func (s *Store) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	var c call
	if err := json.Unmarshal(body, &c); err != nil {
		return nil, fmt.Errorf("metered: %w", err)
	}
	_, op, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch op {
	case "GetItem":
		return s.get(&c)
	case "Query":
		return s.query(&c)
	case "PutItem", "UpdateItem":
		return s.write(&c)
	case "TransactWriteItems":
		return s.transact(&c)
	}
	return nil, fmt.Errorf("metered: %s is not understood", op)
}

func answer(status int, v any) (*http.Response, error) {
	b, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(bytes.NewReader(b)), ContentLength: int64(len(b))}, nil
}

func refuse(code string, more map[string]any) (*http.Response, error) {
	if more == nil {
		more = map[string]any{}
	}
	more["__type"], more["message"] = "com.amazonaws.dynamodb.v20120810#"+code, code
	return answer(http.StatusBadRequest, more)
}

func (c *call) key() (part, sk string) {
	k := c.Key
	if k == nil {
		k = c.Item
	}
	return c.TableName + "#" + k["PK"]["S"], k["SK"]["S"]
}

func (s *Store) get(c *call) (*http.Response, error) {
	part, sk := c.key()
	s.mu.Lock()
	it := s.parts[part][sk]
	s.mu.Unlock()
	s.Reads.Add(halves(size(it), 4096, c.ConsistentRead))
	if it == nil {
		return answer(http.StatusOK, struct{}{})
	}
	return answer(http.StatusOK, map[string]any{"Item": it})
}

func (s *Store) query(c *call) (*http.Response, error) {
	pk, prefix := c.ExpressionAttributeValues[":pk"]["S"], c.ExpressionAttributeValues[":sk"]["S"]
	part := c.TableName + "#" + pk
	if c.IndexName != "" {
		part = c.IndexName + "#" + part
	}
	var found []item
	total := 0
	s.mu.Lock()
	for sk, it := range s.parts[part] {
		if strings.HasPrefix(sk, prefix) {
			found = append(found, it)
		}
	}
	s.mu.Unlock()
	for _, it := range found {
		total += size(it)
	}
	slices.SortFunc(found, func(a, b item) int { return strings.Compare(a["SK"]["S"], b["SK"]["S"]) })
	s.Reads.Add(halves(total, 4096, c.ConsistentRead))
	return answer(http.StatusOK, map[string]any{"Items": found, "Count": len(found)})
}

func (s *Store) write(c *call) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	part, sk := c.key()
	if s.locked[part+"#"+sk] {
		return refuse("TransactionConflictException", nil)
	}
	old := s.parts[part][sk]
	next, ok, err := c.applied(old)
	if err != nil {
		return nil, err
	}
	if !s.spend(part, cost(old, next)) {
		return refuse("ProvisionedThroughputExceededException", nil)
	}
	if !ok {
		return refuse("ConditionalCheckFailedException", nil)
	}
	s.put(part, sk, next)
	return answer(http.StatusOK, map[string]any{"Attributes": next})
}

// reason is why one item of a transaction was refused.
type reason struct {
	Code string
	Item item `json:",omitempty"`
}

func (s *Store) transact(c *call) (*http.Response, error) {
	parts, sks, nexts, refused, err := s.prepare(c)
	if err != nil || refused != nil {
		return refused, err
	}
	time.Sleep(s.Gap)
	s.mu.Lock()
	defer s.mu.Unlock()
	units := map[string]int64{}
	for i, x := range c.TransactItems {
		old := s.parts[parts[i]][sks[i]]
		units[actionOf(x.Put, x.Update).TableName] += 2*cost(old, nexts[i]) - indexes(old, nexts[i])
		s.put(parts[i], sks[i], nexts[i])
		delete(s.locked, parts[i]+"#"+sks[i])
	}
	var used []map[string]any
	for table, n := range units {
		used = append(used, map[string]any{"TableName": table, "CapacityUnits": n})
	}
	return answer(http.StatusOK, map[string]any{"ConsumedCapacity": used})
}

func actionOf(put, update *call) *call {
	if put != nil {
		return put
	}
	return update
}

// prepare checks every item and holds all, or says why not.
func (s *Store) prepare(c *call) (parts, sks []string, nexts []item, refused *http.Response, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	reasons := make([]reason, len(c.TransactItems))
	worst, room := "", true
	for i, x := range c.TransactItems {
		a := actionOf(x.Put, x.Update)
		if a == nil {
			return nil, nil, nil, nil, errors.New("metered: only puts and updates are understood")
		}
		part, sk := a.key()
		old := s.parts[part][sk]
		next, ok, err := a.applied(old)
		if err != nil {
			return nil, nil, nil, nil, err
		}
		parts, sks, nexts = append(parts, part), append(sks, sk), append(nexts, next)
		reasons[i].Code = "None"
		switch {
		case s.locked[part+"#"+sk]:
			reasons[i].Code, worst = "TransactionConflict", "conflict"
		case !ok:
			reasons[i] = reason{"ConditionalCheckFailed", old}
			if worst == "" {
				worst = "failed"
			}
		}
		room = s.spend(part, 2*cost(old, next)-indexes(old, next)) && room
	}
	switch {
	case worst == "conflict":
		s.Conflicts.Add(1)
	case worst == "failed":
		s.Failed.Add(1)
	case !room:
		refused, err = refuse("ProvisionedThroughputExceededException", nil)
		return nil, nil, nil, refused, err
	default:
		for i := range parts {
			s.locked[parts[i]+"#"+sks[i]] = true
		}
		return parts, sks, nexts, nil, nil
	}
	refused, err = refuse("TransactionCanceledException", map[string]any{"CancellationReasons": reasons})
	return nil, nil, nil, refused, err
}

func (s *Store) put(part, sk string, it item) {
	old := s.parts[part][sk]
	table, _, _ := strings.Cut(part, "#")
	for _, index := range indexNames {
		unique := "#" + part + "#" + sk // an index may hold a key many times
		if pk := old[index+"PK"]["S"]; pk != "" {
			delete(s.parts[index+"#"+table+"#"+pk], old[index+"SK"]["S"]+unique)
		}
		if pk := it[index+"PK"]["S"]; pk != "" {
			s.keep(index+"#"+table+"#"+pk, it[index+"SK"]["S"]+unique, it)
		}
	}
	s.keep(part, sk, it)
}

func (s *Store) keep(part, sk string, it item) {
	if s.parts[part] == nil {
		s.parts[part] = map[string]item{}
	}
	s.parts[part][sk] = it
}

// spend books units on a key; false if the second has none left.
func (s *Store) spend(part string, units int64) bool {
	s.Writes.Add(units)
	now := time.Now().Unix()
	u := s.used[part]
	if u == nil || u.at != now {
		u = &second{at: now}
		s.used[part] = u
	}
	if s.Limit > 0 && u.units+units > s.Limit {
		s.Throttles.Add(1)
		return false
	}
	u.units += units
	if u.units > s.Peak.Load() {
		s.Peak.Store(u.units)
	}
	return true
}

func size(it item) int {
	n := 0
	for name, v := range it {
		n += len(name)
		for kind, x := range v {
			switch kind {
			case "B":
				n += len(x) / 4 * 3
			case "N":
				n += len(x)/2 + 2
			default:
				n += len(x)
			}
		}
	}
	return n
}

// cost is what a write costs outside a transaction, indexes included.
func cost(old, next item) int64 {
	return int64(max(size(old), size(next), 1)+1023)/1024 + indexes(old, next)
}

var indexNames = []string{"GSI1", "GSI2", "GSI3"}

// indexes is how many writes of indexes follow a write.
func indexes(old, next item) (n int64) {
	for _, index := range indexNames {
		before, after := old[index+"PK"]["S"]+"#"+old[index+"SK"]["S"], next[index+"PK"]["S"]+"#"+next[index+"SK"]["S"]
		if after != "#" {
			n++
		}
		if before != "#" && before != after {
			n++
		}
	}
	return n
}

func halves(bytes, unit int, consistent bool) int64 {
	n := int64(max(bytes, 1)+unit-1) / int64(unit)
	if consistent {
		n *= 2
	}
	return n
}

// applied returns what the item becomes, and whether its condition holds.
func (c *call) applied(old item) (item, bool, error) {
	ok := c.holds(old)
	if c.UpdateExpression == "" {
		return c.Item, ok, nil
	}
	next := item{}
	for k, v := range old {
		next[k] = v
	}
	for k, v := range c.Key {
		next[k] = v
	}
	return next, ok, c.update(next)
}

func (c *call) name(s string) string {
	if n, ok := c.ExpressionAttributeNames[s]; ok {
		return n
	}
	return s
}

// holds evaluates AND, OR and parentheses of comparisons and attribute_not_exists.
func (c *call) holds(old item) bool {
	return c.ConditionExpression == "" || c.any(c.ConditionExpression, old)
}

func (c *call) any(expression string, old item) bool {
	for _, part := range split(expression, " OR ") {
		all := true
		for _, term := range split(part, " AND ") {
			all = all && c.term(strings.TrimSpace(term), old)
		}
		if all {
			return true
		}
	}
	return false
}

// split splits where by is not inside parentheses.
func split(s, by string) (out []string) {
	depth, from := 0, 0
	for i := range len(s) {
		switch {
		case s[i] == '(':
			depth++
		case s[i] == ')':
			depth--
		case depth == 0 && strings.HasPrefix(s[i:], by):
			out = append(out, s[from:i])
			from = i + len(by)
		}
	}
	return append(out, s[from:])
}

func (c *call) term(term string, old item) bool {
	if inner, ok := strings.CutPrefix(term, "attribute_not_exists("); ok {
		return old[c.name(strings.TrimSuffix(inner, ")"))] == nil
	}
	if inner, ok := strings.CutPrefix(term, "("); ok {
		return c.any(strings.TrimSuffix(inner, ")"), old)
	}
	f := strings.Fields(term)
	if len(f) != 3 {
		return false
	}
	have, want := old[c.name(f[0])], c.ExpressionAttributeValues[f[2]]
	switch {
	case have == nil:
		return false
	case f[1] == "=":
		return have["S"] == want["S"] && have["N"] == want["N"]
	}
	a, _ := strconv.ParseInt(have["N"], 10, 64)
	b, _ := strconv.ParseInt(want["N"], 10, 64)
	return f[1] == "<" && a < b || f[1] == "<=" && a <= b
}

// update runs "SET a = :x, b = if_not_exists(c, :y) REMOVE d ADD n :one".
func (c *call) update(it item) error {
	verb := ""
	words := strings.Fields(strings.NewReplacer(", ", ",", " = ", "=").Replace(c.UpdateExpression))
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case "SET", "REMOVE", "ADD":
			verb = words[i]
			continue
		}
		switch verb {
		case "SET":
			for _, set := range split(words[i], ",") {
				name, from, ok := strings.Cut(set, "=")
				if !ok {
					return fmt.Errorf("metered: %q is not understood", c.UpdateExpression)
				}
				it[c.name(name)] = c.operand(from, it)
			}
		case "REMOVE":
			for _, name := range strings.Split(words[i], ",") {
				delete(it, c.name(name))
			}
		case "ADD":
			a, _ := strconv.ParseInt(it[c.name(words[i])]["N"], 10, 64)
			i++
			b, _ := strconv.ParseInt(c.ExpressionAttributeValues[words[i]]["N"], 10, 64)
			it[c.name(words[i-1])] = value{"N": strconv.FormatInt(a+b, 10)}
		}
	}
	return nil
}

func (c *call) operand(s string, it item) value {
	if inner, ok := strings.CutPrefix(s, "if_not_exists("); ok {
		name, other, _ := strings.Cut(strings.TrimSuffix(inner, ")"), ",")
		if v := it[c.name(name)]; v != nil {
			return v
		}
		s = other
	}
	return c.ExpressionAttributeValues[s]
}
