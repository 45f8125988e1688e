package company

import (
	"lapakasik/functions/internal/claim"
	"lapakasik/site/requirement"
)

// A Standing is all that a representative learns of one worker after the
// branch has agreed: what is missing, and whether it is the worker's turn.
//
// The worker is the subject of the data (UU 27/2022 art. 1 number 6, art. 5 to
// 13). The company handed data in for one purpose, to bring the claim to the
// branch; art. 16(2)(b) and 28 bind processing to that purpose, and art. 36
// obliges whoever processes to keep the data confidential. So a Standing holds
// no decision and its grounds, no sum, bank account, code, place in the queue or
// document: the result is the worker's. It does not tell either whether a
// worker who has not agreed was asked in vain, let the time pass, cancelled, or
// had a claim of their own before: to the company each of them is "incomplete".
type Standing struct {
	Row     int      // of the list
	Name    string   // as the company wrote it
	Missing []string // slots that lack a good file; nil once the claim is sent
	Sent    bool     // complete, and the worker has agreed
}

// StandingOf returns what a representative may learn of a worker. docs are the
// files of the worker's row, sent tells that the claim was submitted at some time.
func StandingOf(set *requirement.Set, w Worker, made requirement.Date, docs []claim.Document, sent bool) Standing {
	s := Standing{Row: w.Row, Name: w.Person.Name, Sent: sent}
	if sent {
		return s
	}
	r := claim.Registration{Documents: docs}
	s.Missing = w.Checklist(set, made).Missing(r.Passed)
	return s
}

// Checklist is what the worker's claim needs on a day.
func (w *Worker) Checklist(set *requirement.Set, on requirement.Date) requirement.Checklist {
	reason := set.Reason(w.Reason)
	if reason == nil {
		return nil
	}
	return reason.Checklist(w.Answers, requirement.Collective, on)
}
