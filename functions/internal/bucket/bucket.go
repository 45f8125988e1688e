// Package bucket moves files between a person and the claim: a signed request
// lets the browser put one file into the inbox, inspection fetches it from
// there and keeps what passed in the vault.
//
//	browser ── PresignPUT, PresignPOST ──► inbox/<upload>/<slot>
//	                                      │ Fetch (HEAD first, one version, size limit)
//	                                      ▼
//	                                   inspect ── Keep ──► vault/<upload>/<slot>.<ext>
//	                                      │
//	                                      └── Drop
//
// Keys hold random numbers and slot names, never anything of a person
// (TRUST R37). Inbox and vault are different buckets (R39).
package bucket

import (
	"regexp"
	"time"
)

// MaxSize is the largest file in bytes: 6 MB (DOMAIN 2.2).
const MaxSize = 6 << 20

// How long a signed request is good. The plain form stays open while a person
// looks for the paper; the script asks and sends at once (TRUST R35).
const (
	PutLife  = 5 * time.Minute
	PostLife = 30 * time.Minute
)

// FormMedia is the type that every file of a plain form is stored with: the
// policy names one exact type, and a form without a script cannot know the
// file's. Inspection finds the real one.
const FormMedia = "application/octet-stream"

// InboxKey returns where a file of a slot arrives.
func InboxKey(upload, slot string) string { return "inbox/" + upload + "/" + slot }

// VaultKey returns where a checked file of a slot is kept.
func VaultKey(upload, slot, extension string) string {
	return "vault/" + upload + "/" + slot + "." + extension
}

var inboxKey = regexp.MustCompile(`^inbox/([0-9a-f]{32})/([a-z0-9-]{1,64})$`)

// ParseInboxKey returns the upload and slot of an inbox key; false for any
// other key.
func ParseInboxKey(key string) (upload, slot string, ok bool) {
	m := inboxKey.FindStringSubmatch(key)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}
