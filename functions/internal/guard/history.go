package guard

import (
	"strings"

	"lapakasik/functions/internal/staff"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// What says an action of the audit trail in words; its first word is its kind,
// and may be followed by a document's slot, which set names, or a reason.
func (c *Call) What(set *requirement.Set, action string) string {
	kind, rest, _ := strings.Cut(action, " ")
	switch action {
	case "hand over":
		kind, rest = "handover", ""
	case "send again":
		kind, rest = "resend", ""
	}
	said := page.T(c.Lang, "meja.langkah."+kind)
	if strings.HasPrefix(said, "meja.langkah.") {
		return action // of a part that has its words elsewhere
	}
	switch first, more, _ := strings.Cut(rest, " "); {
	case kind == "inspect":
		return said + ": " + slotName(c.Lang, set, rest)
	case kind == "view" && first == "document":
		return said + ": " + slotName(c.Lang, set, more)
	case kind == "view" && first == "person":
		return said + ": " + c.T("meja.orang.nik") + " (" + page.T(c.Lang, "meja.lihat."+more) + ")"
	case kind == "view" && first == "trail":
		return said + ": " + c.T("audit.jejak")
	}
	return said
}

func slotName(lang requirement.Lang, set *requirement.Set, slot string) string {
	if d := set.Document(slot); d != nil {
		return d.Title.In(lang)
	}
	return slot
}

// Who says who an actor of the audit trail is; names are the staff's by id.
func (c *Call) Who(names map[string]staff.Person, actor string) string {
	switch actor {
	case "claimant":
		return c.T("meja.peserta")
	case "system":
		return c.T("meja.sistem")
	case "company":
		return c.T("perusahaan.wakil")
	}
	if p, ok := names[actor]; ok {
		return p.Name
	}
	return actor
}
