package claim

// A Message is the kind of an outbox row: what a participant is told.
type Message string

// The messages. Each is written in the transaction of what it tells.
const (
	MsgEntered    Message = "entered"   // in the draw
	MsgWon        Message = "won"       // a seat by draw; documents are awaited
	MsgWaiting    Message = "waiting"   // on the wait list
	MsgOffer      Message = "offer"     // a seat is held for who waits
	MsgPassed     Message = "passed"    // the offer ran out; the person waits on
	MsgWaitOver   Message = "wait-over" // waiting has ended without a seat
	MsgDrawOver   Message = "draw-over" // the draw has ended and drew nobody
	MsgReceived   Message = "received"  // booked; documents are awaited
	MsgConfirmed  Message = "confirmed" // submitted
	MsgMoved      Message = "moved"
	MsgRearranged Message = "rearranged" // moved by the branch, whose hours changed
	MsgCancelled  Message = "cancelled"
	MsgLapsed     Message = "lapsed"
	MsgInterview  Message = "interview" // by telephone instead of video, or back
	MsgReminder   Message = "reminder"  // the day before
	MsgMend       Message = "mend"      // Tunda: what to send anew, until when
	MsgMended     Message = "mended"    // arrived, back in the queue
	MsgApproved   Message = "approved"
	MsgRefused    Message = "refused"
	MsgReopened   Message = "reopened"
	MsgAbsent     Message = "absent" // was called and did not come
	// To a worker whose company hands in the claim: the code, and what to agree to.
	MsgInvited Message = "invited"
	// To the representative of a company.
	MsgCompanyReturned Message = "company-returned"
	MsgCompanyRefused  Message = "company-refused"
	MsgCompanyAgreed   Message = "company-agreed"
)

// told is the message that each step owes the participant, by the step's name
// in the audit trail.
var told = map[string]Message{
	"enter": MsgEntered, "award": MsgWon, "wait": MsgWaiting, "offer": MsgOffer, "pass": MsgPassed,
	"invite": MsgInvited, "book": MsgReceived, "submit": MsgConfirmed, "papers": MsgConfirmed, "move": MsgMoved, "rearrange": MsgRearranged,
	"cancel": MsgCancelled, "lapse": MsgLapsed, "phone": MsgInterview, "video": MsgInterview, "no-show": MsgAbsent,
	"reserve": MsgCompanyAgreed, "return-company": MsgCompanyReturned, "refuse-company": MsgCompanyRefused,
	"approve": MsgApproved, "refuse": MsgRefused, "postpone": MsgMend, "mend": MsgMended, "reopen": MsgReopened,
}

// Told returns the message that a step of the audit trail owes the
// participant, "" if nobody is told. What writes messages does not ask it: it
// is what the reconciliation holds them against.
func Told(action string, from, to Status) Message {
	switch {
	case action == string(ActEnter) && to == Waitlisted:
		return MsgWaiting
	case action == string(ActAward) && from == Offered:
		return MsgReceived
	case action == string(ActLapse) && (from == Waitlisted || from == Offered):
		return MsgWaitOver
	case action == string(ActLapse) && from == Entered:
		return MsgDrawOver
	}
	return told[action]
}
