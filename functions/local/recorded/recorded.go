// Package recorded fills the results with recorded numbers of the same form,
// for tests: until officers decide in this service, there are no others. The
// running service never uses it.
package recorded

import (
	"context"
	"fmt"
	"time"

	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/internal/tally"
	"lapakasik/site/requirement"
)

// Recap counts a month of a branch as the recap of May to September 2021 has it
// (DOMAIN 8), which knows statuses and channels only; the waiting times and
// documents beside them are made up for tests.
func Recap(ctx context.Context, s *dynamo.Store, recap requirement.Recap, m tally.Month) error {
	made := []tally.Counts{
		{tally.CountComplete: 20000, tally.CountIncomplete: 7171, "wait1": 9000, "wait3": 8000, "wait7": 6000, "wait14": 3000, "wait30": 1000, "waitlong": 171},
		{tally.CountComplete: 1900, tally.CountIncomplete: 113, "wait1": 1500, "wait3": 400, "wait7": 100, "wait14": 11, "wait30": 1, "waitlong": 1},
	}
	statuses := []string{tally.CountApproved, tally.CountRefused, tally.CountPending, tally.CountPostponed} // in the order of the recap
	var adds []tally.Add
	for i, channel := range []requirement.Channel{requirement.Online, requirement.Onsite} {
		k := tally.Key{Month: m, Branch: recap.Branch, Channel: string(channel)}
		for j, name := range statuses {
			n := recap.Rows[j].Online
			if channel == requirement.Onsite {
				n = recap.Rows[j].Onsite
			}
			adds = append(adds, tally.Add{Key: k, Counter: name, N: n})
		}
		for name, n := range made[i] {
			adds = append(adds, tally.Add{Key: k, Counter: name, N: n})
		}
	}
	_, err := s.Record(ctx, "recap "+string(m), 1, m, adds)
	return err
}

// Year fills all months that the page offers, at a running store engine with
// the table names of the template, and the survey with a few answers.
func Year(ctx context.Context, engine string, set *requirement.Set) error {
	s := dynamo.New(storetest.Client(engine), "Table", "KeysTable", nil)
	answers := map[string]string{}
	for _, q := range set.Survey {
		answers[q.Code] = q.Options[0].Code
	}
	for i, m := range tally.Months(time.Now(), 12) {
		if err := Recap(ctx, s, set.Results.Recap, m); err != nil {
			return err
		}
		for n := range set.Results.Threshold {
			if err := s.Answer(ctx, fmt.Sprint(i, n), tally.Answered(m, answers)); err != nil {
				return err
			}
		}
	}
	return nil
}
