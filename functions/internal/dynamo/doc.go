// Package dynamo is the only store: registrations, seats and what belongs to
// them, on the DynamoDB API through the real SDK, on one machine and in AWS.
//
// One table (TRUST 3.4), and a second one for the wrapped data keys, so that
// who may read keys and how long backups live can differ:
//
//	item          PK                       SK                 main attributes
//	day           DAY#<branch>#<date>      META               plan, v
//	hours         TIMETABLE#<branch>       NOW, V#<v>         plan, v, actor: what supervisors changed; every version
//	seat          SEAT#<branch>#<date>#<k> <ch>#<hhmm>#<n>    state FREE|TAKEN|BLOCKED, reg, until, opens, after   k = n mod 8
//	door numbers  DOOR#<branch>#<date>#<k> DOOR               n, early: numbers given at the door before a day   k = 0-7
//	draw          DRAW#<branch>            <date>#<ch>        state, opens, closes, commitment, nonce, digest, value, seed, settled
//	entry         ENTRY#<branch>#<date>#<ch>#<0-f> <ticket>   reg, times, created: who is in the draw, by random ticket
//	wait list     WAIT#<branch>#<date>#<ch>#<0-f>  <rank>#<id> reg, times, passed
//	day that waits DAY#<branch>#<date>     WAITS#<ch>         somebody is or was on its wait list
//	claimant lock CLM#<kv>#<hmacNIK>#<prog> LOCK              state LIVE|CLOSED, reg, idem, until
//	registration  REG#<id>                 REG                v, seq, hash, status, place, ticket, rank, wishes, wait, sealed    GSI1, GSI2
//	event (audit) REG#<id>                 EV#<seq>           actor, action, from, to, place, prev, hash; never changed
//	outbox        REG#<id>                 OUT#<seq>          kind                                   GSI2
//	document      REG#<id>                 DOC#<upload>       slot, kind, state, findings, digest               GSI3
//	note          REG#<id>                 NOTE#<seq>         sealed, actor; seq of its event
//	upload        UPL#<upload>             UPL                reg, slot
//	count (due)   REG#<id>                 TAL#<seq>          month once counted; due while it has GSI2
//	results       STAT#<month>             <branch>#<ch>      one number per counter (package tally)
//	survey        SURVEY#<month>           SURVEY             one number per answer, of nobody
//	invitation    SPENT#<hmac>             SPENT              ttl; the survey was answered, not how
//	load          LOAD#<branch>#<officer>  LOAD               n, regs: claims in the officer's hands
//	queue number  QUEUE#<branch>#<date>    QUEUE              n, the newest of the day
//	backlog       BACKLOG#<branch>         <id>               kind, since: waits apart from the hours of a day
//	officer's act ACT#<officer>#<date>     <ms>#<id>#<seq>    action; what an officer did, findable by the officer
//	recap mark    REG#<id>                 RECAP              cell that the claim was counted for; due while it has GSI2
//	recap         REC#<branch>             <date>             one number per channel#status
//	company       REG#<company>            COMPANY            v, seq, hash, status, list, rows, block, sealed; due while it has GSI2; letters, events and data key like a registration's
//	companies     COMPANIES#<branch>       <company>          status, created: the branch's list
//	list          ROLL#<list>              <part>             sealed, ttl: 250 rows each; counts once a company names it
//	row           REG#<company>            ROW#<row>          owner (of the row's files), loose, sent
//	problems      REG#<company>            PROBLEMS           sealed, ttl: of the newest list that was not good
//	tries         TRY#<bucket>#<window>    TRY                n, ttl
//	data key      KEY#<id>                 KEY                wrapped (in the keys table)
//
//	GSI1  BR#<branch>#<date> / <status>#<hhmm>#<id>    what a branch has on a day
//	GSI2  DUE#<shard 0-7>    / <dueAt>#<id>            what has to be sent
//	GSI2  TALLY#<shard 0-7>  / <at>#<id>               what has to be counted for the public results
//	GSI2  COMPANY#<shard 0-7> / <company>              whose places or workers are still to come
//	GSI2  RIPE#<shard 0-7>   / <id>                    a worker's claim that was agreed to and may be complete now
//	GSI2  RECAP#<shard 0-7>  / <at>#<id>               what has to be counted for the recap
//	GSI2  EVENTS#<day>#<shard 0-7> / <id>#<seq>#<hash>  the events of a day (UTC), for its digest
//	GSI3  SHA#<hmac sha256>  / REG#<id>                which claims hold the same file
//
// Who has no seat yet (entry, wait list) is not in GSI1: entries come at the
// pace of a whole branch-day, so they are spread over sixteen keys.
//
// A booking is one transaction of seat, lock, registration, event, outbox and
// data key. until is the deadline of a draft as Unix seconds: a seat or lock
// whose until has passed is free by condition, whatever the sweeper does. A
// seat that was given back, or whose until has passed, is taken again from
// opens on, the next announced time (claim.Reopens): by condition as well.
//
// A rehearsal has a table of its own for everything, data keys too, and every
// item of it a ttl (Store.Life).
package dynamo
