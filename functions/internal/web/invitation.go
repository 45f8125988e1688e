package web

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// An invitation lets whoever holds it answer the survey once. It is sealed and
// names no registration: it holds a keyed digest of its id, so a registration
// has one answer whatever number of invitations it was shown, and the time of
// issue. What is kept of an answer is a digest of the digest.
const (
	invitationPurpose = "survey"
	invitationLife    = 60 * 24 * time.Hour
)

// ErrInvitation: the link to the survey is not ours, or too old.
var ErrInvitation = errors.New("web: not an invitation to the survey")

// Invitation returns the path of the survey for a registration that has ended.
func (c *Call) Invitation(registration string) (string, error) {
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return "", err
	}
	name, err := hex.DecodeString(t.Pseudonym(invitationPurpose, registration))
	if err != nil {
		return "", fmt.Errorf("invitation: %w", err)
	}
	token, err := t.SealToken(invitationPurpose, binary.BigEndian.AppendUint64(name, uint64(c.Now().Unix())))
	if err != nil {
		return "", fmt.Errorf("invitation: %w", err)
	}
	return "/survei?undangan=" + token, nil
}

// Invited opens the token of an invitation and returns the name under which
// its answer is marked as given, from which nobody learns whose it is.
func (c *Call) Invited(token string) (string, error) {
	t, err := c.site.Tokens(c.Context())
	if err != nil {
		return "", err
	}
	b, err := t.OpenToken(invitationPurpose, token)
	if err != nil || len(b) != 24 {
		return "", ErrInvitation
	}
	if age := c.Now().Sub(time.Unix(int64(binary.BigEndian.Uint64(b[16:])), 0)); age > invitationLife {
		return "", ErrInvitation
	}
	return t.Pseudonym("survey answer", string(b[:16])), nil
}
