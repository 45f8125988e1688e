package claim

import "strings"

// MaxFile is the largest file in bytes: 6 MB (the original's form says so, DOMAIN 2.2).
const MaxFile = 6 << 20

// InboxKey returns the key under which a file of an upload arrives. Keys hold
// random numbers and slot names, never anything of a person (TRUST R37).
func InboxKey(upload, slot string) string { return "inbox/" + upload + "/" + slot }

// VaultKey returns the key under which a checked file is kept.
func VaultKey(upload, slot, extension string) string {
	return "vault/" + upload + "/" + slot + "." + extension
}

// ParseInboxKey returns the upload and slot of an inbox key; false for any other key.
func ParseInboxKey(key string) (upload, slot string, ok bool) {
	parts := strings.Split(key, "/")
	if len(parts) != 3 || parts[0] != "inbox" || len(parts[1]) != 32 || len(parts[2]) < 1 || len(parts[2]) > 64 {
		return "", "", false
	}
	if strings.Trim(parts[1], "0123456789abcdef") != "" || strings.Trim(parts[2], "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return "", "", false
	}
	return parts[1], parts[2], true
}
