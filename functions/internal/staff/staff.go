// Package staff says who works here and what each role may do. It knows no
// page and no store.
//
//	role           works on
//	OFFICER        claims of own branches: read, check, decide (petugas, CSO)
//	SUPERVISOR     the same, second decisions, hours, reassigning, exports (penyelia)
//	COMMUNICATIONS numbers of the recap, no person
//	AUDITOR        audit trails, no document
//	ADMIN          who works here; no claim
package staff

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A Role is what somebody may do here (TRUST R59).
type Role string

// The roles. A person may have several.
const (
	Officer        Role = "OFFICER"
	Supervisor     Role = "SUPERVISOR"
	Communications Role = "COMMUNICATIONS"
	Auditor        Role = "AUDITOR"
	Admin          Role = "ADMIN"
)

// Roles are all roles, as forms list them.
var Roles = []Role{Officer, Supervisor, Communications, Auditor, Admin}

// Everybody is for routes that any role may use, such as the start page.
var Everybody = Roles

// AllBranches in Person.Branches stands for every branch.
const AllBranches = "*"

// A Person works here. ID is derived from issuer and subject of the identity
// provider (TRUST R56), not from a name or an address.
type Person struct {
	ID       string // 32 hexadecimal digits
	Name     string
	Roles    []Role
	Branches []string // codes, or AllBranches
	Disabled bool
	Version  int // raised by each change
}

// ID is the name of a person here: a digest of who vouches for them and of
// what they are called there, never an address that may change hands (TRUST R56).
func ID(issuer, subject string) string {
	// A length first, so that no two pairs are the same input.
	sum := sha256.Sum256(fmt.Appendf(nil, "%d:%s%s", len(issuer), issuer, subject))
	return hex.EncodeToString(sum[:16])
}

// System stands in Change.By for what nobody decided: the first login, the first administrator.
const System = "SYSTEM"

// A Change is what somebody made of a person: how they were afterwards, without a name.
type Change struct {
	By    string // id of the person who did it, or System
	At    time.Time
	After Person
}

// Is tells whether the person has one of the roles.
func (p Person) Is(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.Roles, r) })
}

// Serves tells whether the person works for a branch.
func (p Person) Serves(branch string) bool {
	return slices.Contains(p.Branches, branch) || slices.Contains(p.Branches, AllBranches)
}

var (
	// ErrNoLogin: no session, or one that has ended or was taken away.
	ErrNoLogin = errors.New("staff: not logged in")
	// ErrForbidden: the role or the branch does not allow it.
	ErrForbidden = errors.New("staff: not allowed")
	// ErrStale: somebody else has changed the person meanwhile.
	ErrStale = errors.New("staff: changed meanwhile")
	// ErrOldLogin: the last login is too long ago for this (TRUST R57).
	ErrOldLogin = errors.New("staff: login is too old for this")
)

// A Session is a login that lasts.
type Session struct {
	Person  Person
	LoginAt time.Time // when the person last proved who they are
}

// Sessions finds out who asks, role and branch as they are now (TRUST R60).
type Sessions interface {
	// Session returns the session of a token and keeps it alive. ErrNoLogin
	// if there is none (any more), or the person is disabled.
	Session(ctx context.Context, token string) (Session, error)
}
