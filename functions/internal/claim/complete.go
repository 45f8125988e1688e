package claim

import "lapakasik/site/requirement"

// ChecklistOf returns what a registration needs: the checklist of its reason
// under the set and on the day it was made, for its answers and channel.
// nil if the set has no such reason or branch.
func ChecklistOf(set *requirement.Set, r Registration) requirement.Checklist {
	reason, branch := set.Reason(r.Reason), set.Branch(r.Place.Branch)
	if reason == nil || branch == nil {
		return nil
	}
	return reason.Checklist(r.Private.Answers, r.Place.Channel, requirement.DateOf(r.Created.In(branch.Location())))
}

// Passed tells whether a slot has a file that passed inspection.
func (r *Registration) Passed(slot string) bool {
	for _, d := range r.Documents {
		if d.Slot == slot && d.State == DocPassed {
			return true
		}
	}
	return false
}

// Complete tells whether everything that a registration's reason requires has
// passed inspection, and who it is about has agreed. A reason that the set does
// not know is never complete.
func Complete(set *requirement.Set, r Registration) bool {
	list := ChecklistOf(set, r)
	return list != nil && len(list.Missing(r.Passed)) == 0 && Consented(r)
}

// Consented tells whether a worker of a collective claim has agreed that the
// company hands it in: without it the claim never counts as submitted (UU
// 27/2022 art. 20 and 24). Everybody else agreed by registering.
func Consented(r Registration) bool { return r.Company == "" || len(r.Consents) > 0 }
