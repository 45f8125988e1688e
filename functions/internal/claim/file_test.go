package claim_test

import (
	"strings"
	"testing"

	"lapakasik/functions/internal/claim"
)

func FuzzParseInboxKey(f *testing.F) {
	id := strings.Repeat("0f", 16)
	for _, k := range []string{claim.InboxKey(id, "ktp"), "inbox//ktp", "inbox/" + id + "/../x", "vault/" + id + "/ktp", "inbox/" + id + "/ktp\n"} {
		f.Add(k)
	}
	f.Fuzz(func(t *testing.T, k string) {
		upload, slot, ok := claim.ParseInboxKey(k)
		if ok && (claim.InboxKey(upload, slot) != k || len(upload) != 32 || strings.ContainsAny(slot, "/.\n")) {
			t.Errorf("ParseInboxKey(%q) = %q, %q", k, upload, slot)
		}
		if want := strings.HasPrefix(k, "inbox/"+id+"/ktp") && len(k) == len(id)+10; want && !ok {
			t.Errorf("ParseInboxKey(%q) failed", k)
		}
	})
}
