package claim

import "regexp"

// InboxKey returns the key under which a file of an upload arrives. Keys hold
// random numbers and slot names, never anything of a person (TRUST R37).
func InboxKey(upload, slot string) string { return "inbox/" + upload + "/" + slot }

// VaultKey returns the key under which a checked file is kept.
func VaultKey(upload, slot, extension string) string {
	return "vault/" + upload + "/" + slot + "." + extension
}

var inboxKey = regexp.MustCompile(`^inbox/([0-9a-f]{32})/([a-z0-9-]{1,64})$`)

// ParseInboxKey returns the upload and slot of an inbox key; false for any other key.
func ParseInboxKey(key string) (upload, slot string, ok bool) {
	m := inboxKey.FindStringSubmatch(key)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}
