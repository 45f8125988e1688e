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
// Keys are those of claim.InboxKey and claim.VaultKey. Inbox and vault are
// different buckets (R39).
package bucket

import "time"

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
