package claim

import (
	"slices"
	"time"

	"lapakasik/site/requirement"
)

// A DeviceCheck is one thing that a video interview needs.
type DeviceCheck string

// The checks of a device test.
const (
	Camera     DeviceCheck = "CAMERA"
	Microphone DeviceCheck = "MICROPHONE"
	Speaker    DeviceCheck = "SPEAKER"
	Line       DeviceCheck = "LINE"
	WhatsApp   DeviceCheck = "WHATSAPP"
)

// DeviceChecks are all checks in the order in which people meet them.
var DeviceChecks = []DeviceCheck{Camera, Microphone, Speaker, Line, WhatsApp}

// A DeviceTest is what a person found of the telephone they want to use: which
// checks passed and when, and nothing that identifies the device.
type DeviceTest struct {
	Taken  time.Time            `json:"t,omitzero"`  // UTC, to the second; zero: never
	Passed map[DeviceCheck]bool `json:"p,omitempty"` // false: failed; a missing check was not made
}

// Failed returns the checks that failed, in their order.
func (d DeviceTest) Failed() []DeviceCheck {
	return d.where(func(passed, made bool) bool { return made && !passed })
}

// Missing returns the checks that were not made, in their order.
func (d DeviceTest) Missing() []DeviceCheck {
	return d.where(func(_, made bool) bool { return !made })
}

func (d DeviceTest) where(keep func(passed, made bool) bool) []DeviceCheck {
	return slices.DeleteFunc(slices.Clone(DeviceChecks), func(k DeviceCheck) bool {
		passed, made := d.Passed[k]
		return !keep(passed, made)
	})
}

// MayGoOnsite tells whether an online registration may change to a visit at
// its own branch: the reason and the branch offer it, and a claim that was
// submitted already has all documents that a visit asks for.
func MayGoOnsite(set *requirement.Set, r Registration) bool {
	reason, branch := set.Reason(r.Reason), set.Branch(r.Place.Branch)
	if reason == nil || branch == nil || r.Place.Channel != requirement.Online || !slices.Contains(reason.Channels, requirement.Onsite) {
		return false
	}
	if desk, ok := branch.Desks[requirement.Onsite]; !ok || desk.Officers < 1 {
		return false
	}
	r.Place.Channel = requirement.Onsite
	return r.Status == Draft || Complete(set, r)
}
