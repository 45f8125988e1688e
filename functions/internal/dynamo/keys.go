package dynamo

import (
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/tally"
	"lapakasik/site/requirement"
)

// key is the primary key of an item; only the functions below make one.
type key struct{ pk, sk string }

const buckets = 8

func dayKey(branch string, d requirement.Date) key {
	return key{"DAY#" + branch + "#" + string(d), "META"}
}

// doorKey is one of the eight counters of numbers at the door before a day.
func doorKey(branch string, d requirement.Date, k int) key {
	return key{fmt.Sprintf("DOOR#%s#%s#%d", branch, d, k), "DOOR"}
}

// waitsPrefix is what the sort keys of a day's wait lists begin with.
const waitsPrefix = "WAITS#"

func waitsKey(branch string, d requirement.Date, ch requirement.Channel) key {
	return key{dayKey(branch, d).pk, waitsPrefix + string(ch)}
}

func timetableKey(branch string) key { return key{"TIMETABLE#" + branch, "NOW"} }

func seatKey(p claim.Place) key {
	return key{bucketPK(p.Branch, p.Date, p.Seat%buckets), seatSK(p.Seating(), p.Time, p.Seat)}
}

func bucketPK(branch string, d requirement.Date, k int) string {
	return fmt.Sprintf("SEAT#%s#%s#%d", branch, d, k)
}

func seatSK(c requirement.Channel, clock string, n int) string {
	return sessionPrefix(c, clock) + fmt.Sprintf("%03d", n)
}

// sessionPrefix is what the sort keys of one session's seats begin with.
func sessionPrefix(c requirement.Channel, clock string) string { return string(c) + "#" + clock + "#" }

// entryKey is the row by which a draw finds an entry, spread over sixteen keys
// by the first digit of its random ticket (TRUST R20).
func entryKey(p claim.Place, ticket string) key { return key{lotPK("ENTRY", p, ticket), ticket} }

// drawKey is the draw of a channel of a branch-day.
func drawKey(branch string, d requirement.Date, ch requirement.Channel) key {
	return key{"DRAW#" + branch, string(d) + "#" + string(ch)}
}

// waitKey is a place on a wait list, in the order of rank within each of
// sixteen keys.
func waitKey(r *record) key { return key{lotPK("WAIT", r.Place, r.ID), waitSK(r.Rank, r.ID)} }

func waitSK(rank int, id string) string { return fmt.Sprintf("%015d#%s", rank, id) }

// digits are the shards of entries and wait lists: the first digit of a random
// name of hexadecimal digits.
const digits = "0123456789abcdef"

func lotPK(what string, p claim.Place, name string) string {
	return fmt.Sprintf("%s#%s#%s#%s#%.1s", what, p.Branch, p.Date, p.Channel, name)
}

// parseSeatSK reads channel, time and number back from a seat's sort key.
func parseSeatSK(sk string) (c requirement.Channel, clock string, n int, err error) {
	parts := strings.Split(sk, "#")
	if len(parts) != 3 {
		return "", "", 0, fmt.Errorf("seat key %q", sk)
	}
	_, err = fmt.Sscanf(parts[2], "%d", &n)
	return requirement.Channel(parts[0]), parts[1], n, err
}

func lockKey(nik, programme string) key { return key{"CLM#" + nik + "#" + programme, "LOCK"} }
func regKey(id string) key              { return key{"REG#" + id, "REG"} }
func eventKey(id string, seq int) key   { return key{"REG#" + id, fmt.Sprintf("EV#%06d", seq)} }
func outboxKey(id string, seq int) key  { return key{"REG#" + id, fmt.Sprintf("OUT#%06d", seq)} }
func noteKey(id string, seq int) key    { return key{"REG#" + id, fmt.Sprintf("NOTE#%06d", seq)} }
func documentKey(id, upload string) key { return key{"REG#" + id, "DOC#" + upload} }
func uploadKey(upload string) key       { return key{"UPL#" + upload, "UPL"} }
func tallyKey(id string, seq int) key   { return key{"REG#" + id, fmt.Sprintf("TAL#%06d", seq)} }
func statKey(k tally.Key) key {
	if k.Branch == "" {
		return key{"SURVEY#" + string(k.Month), "SURVEY"}
	}
	return key{"STAT#" + string(k.Month), k.Branch + "#" + k.Channel}
}
func spentKey(invitation string) key { return key{"SPENT#" + invitation, "SPENT"} }
func dataKeyKey(id string) key       { return key{"KEY#" + id, "KEY"} }

func loadKey(branch, officer string) key { return key{"LOAD#" + branch + "#" + officer, "LOAD"} }
func queueKey(branch string, d requirement.Date) key {
	return key{"QUEUE#" + branch + "#" + string(d), "QUEUE"}
}
func backlogKey(branch, id string) key { return key{"BACKLOG#" + branch, id} }
func recapMarkKey(id string) key       { return key{"REG#" + id, "RECAP"} }
func recapKey(branch string, d requirement.Date) key {
	return key{"REC#" + branch, string(d)}
}

func companyKey(id string) key           { return key{"REG#" + id, "COMPANY"} }
func companiesKey(branch, id string) key { return key{"COMPANIES#" + branch, id} }
func rollKey(list string, part int) key  { return key{"ROLL#" + list, fmt.Sprintf("%03d", part)} }
func lineKey(company string, row int) key {
	return key{"REG#" + company, fmt.Sprintf("ROW#%06d", row)}
}
func companyShard(id string) string { return fmt.Sprintf("COMPANY#%d", shard(id)) }

// actKey is an entry of what an officer did on a day (UTC).
func actKey(officer string, at time.Time, id string, seq int) key {
	return key{"ACT#" + officer + "#" + at.UTC().Format(time.DateOnly), fmt.Sprintf("%013d#%s#%06d", at.UnixMilli(), id, seq)}
}

func (k key) attributes() map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": str(k.pk), "SK": str(k.sk)}
}

// branchDay and byStatus are the key of GSI1.
func branchDay(branch string, d requirement.Date) string { return "BR#" + branch + "#" + string(d) }
func byStatus(s claim.Status, clock, id string) string {
	return string(s) + "#" + clock + "#" + id
}

// dueShard, tallyShard and recapShard spread what has to be sent, and what has
// to be counted, over eight keys of GSI2 each by the first digit of a random id.
func dueShard(id string) string   { return fmt.Sprintf("DUE#%d", shard(id)) }
func tallyShard(id string) string { return fmt.Sprintf("TALLY#%d", shard(id)) }
func recapShard(id string) string { return fmt.Sprintf("RECAP#%d", shard(id)) }
func ripeShard(id string) string  { return fmt.Sprintf("RIPE#%d", shard(id)) }

func shard(id string) int {
	if id == "" {
		return 0
	}
	return int(id[0]) % buckets
}
