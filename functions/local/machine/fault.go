package machine

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"

	"lapakasik/functions/internal/claim"
)

// A fault ends this program as kill -9 does, at a point that FAULT names:
// "after:book", "before:mark:2" (the second time). It is part of the program
// on one machine alone; no function knows of it.
//
//	before, after  of what
//	               a step's name in the audit trail: its transaction (book, submit, take, approve …)
//	               seats    a day has got its seats
//	               allow    an upload is allowed
//	               inbox    the file of a person is stored, its event not yet told (after)
//	               vault    a file that passed is kept
//	               drop     it leaves the inbox
//	               smtp     the mail server has taken a mail; before: and has not kept it yet
//	               begin    it is noted that a mail is about to go
//	               mark     a mail is noted as sent
//	               recap    a claim is counted for the recap
//	               tally    … for the public results
//	               seal     a day of the audit trail is sealed
//	               publish  a draw's list or result can be downloaded
//	               commit   a draw's commitment is kept; close, reveal and finish are its further states
//	               settle   it is noted how many ranks have been served
//	               reply    a function has answered a form, the browser has not heard (before)
//
// "inspect" is the step that notes what inspection found.
type fault struct {
	when, what string
	left       atomic.Int64
}

var (
	whens   = []string{"before", "after"}
	effects = []string{"seats", "allow", "inbox", "vault", "drop", "begin", "smtp", "mark", "recap", "tally", "seal", "reply",
		"publish", "commit", "close", "reveal", "settle", "finish"}
	steps = []string{"enter", "award", "wait", "offer", "decline", "pass", "book", "submit", "cancel", "move", "rearrange", "lapse", "phone", "video", "device", "inspect", "papers", "arrive", "take", "hold",
		"continue", "release", "no-show", "propose", "approve", "return", "refuse", "postpone", "mend", "resume", "reopen", "note", "view", "draw-value", "draw-confirm"}
)

var errFault = errors.New(`FAULT is "before:…" or "after:…", and ":n" for the n-th time; see functions/local/machine/fault.go`)

// parseFault reads a point; nil for "".
func parseFault(s string) (*fault, error) {
	if s == "" {
		return nil, nil
	}
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 || !slices.Contains(whens, parts[0]) || !slices.Contains(effects, parts[1]) && !slices.Contains(steps, parts[1]) {
		return nil, fmt.Errorf("%w: %q", errFault, s)
	}
	n := int64(1)
	if len(parts) == 3 {
		if _, err := fmt.Sscan(parts[2], &n); err != nil || n < 1 {
			return nil, fmt.Errorf("%w: %q", errFault, s)
		}
	}
	f := &fault{when: parts[0], what: parts[1]}
	f.left.Store(n)
	return f, nil
}

// at ends the program if this is its point.
func (f *fault) at(when, what string) {
	if f == nil || f.when != when || f.what != what || f.left.Add(-1) != 0 {
		return
	}
	fmt.Fprintf(os.Stderr, "FAULT %s:%s\n", when, what)
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	select {} // until it is gone
}

// client is how the functions reach the store and the buckets; nil, the SDK's
// own, without a fault.
func (f *fault) client() aws.HTTPClient {
	if f == nil {
		return nil
	}
	return faulty{f, awshttp.NewBuildableClient()}
}

type faulty struct {
	f    *fault
	next aws.HTTPClient
}

func (x faulty) Do(r *http.Request) (*http.Response, error) {
	what, err := effectOf(r)
	if err != nil {
		return nil, err
	}
	x.f.at("before", what)
	res, err := x.next.Do(r)
	x.f.at("after", what)
	return res, err
}

// effectOf names what a request changes, "" if nothing that has a name.
func effectOf(r *http.Request) (string, error) {
	target := r.Header.Get("X-Amz-Target")
	if target == "" {
		return onFiles(r.Method, r.URL.Path), nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	var in struct {
		write
		TransactItems []struct{ Put, Update write }
	}
	if json.Unmarshal(body, &in) != nil {
		return "", nil
	}
	_, operation, _ := strings.Cut(target, ".")
	switch operation {
	case "PutItem", "UpdateItem":
		return in.alone(), nil
	case "TransactWriteItems":
		name := ""
		for _, x := range in.TransactItems {
			if strings.HasPrefix(x.Put.sk(), "EV#") || strings.HasPrefix(x.Put.Item.PK.S, "ACT#") {
				step, _, _ := strings.Cut(x.Put.Item.Action.S, " ")
				return step, nil
			}
			name += x.Put.counted() + x.Update.counted()
		}
		return name, nil
	}
	return "", nil
}

// A write is one item of a request.
type write struct {
	Item, Key struct {
		PK, SK, Action struct{ S string }
	}
	UpdateExpression          string
	ExpressionAttributeValues struct {
		To struct{ S string } `json:":to"`
	}
}

func (w write) sk() string { return w.Item.SK.S + w.Key.SK.S }

func (w write) alone() string {
	switch pk := w.Item.PK.S + w.Key.PK.S; {
	case strings.HasPrefix(pk, "DAY#"):
		return "seats"
	case strings.HasPrefix(pk, "DRAW#"):
		return w.ofDraw()
	case strings.HasPrefix(w.sk(), "OUT#") && strings.Contains(w.UpdateExpression, "receipt"):
		return "mark"
	case strings.HasPrefix(w.sk(), "OUT#") && strings.Contains(w.UpdateExpression, "begun"):
		return "begin"
	}
	return ""
}

func (w write) ofDraw() string {
	switch to := claim.DrawState(w.ExpressionAttributeValues.To.S); {
	case w.Item.PK.S != "":
		return "commit"
	case to == claim.DrawClosed:
		return "close"
	case to == claim.DrawDrawn:
		return "reveal"
	case to == claim.DrawDone:
		return "finish"
	}
	return "settle"
}

func (w write) counted() string {
	switch sk := w.sk(); {
	case sk == "UPL":
		return "allow"
	case sk == "RECAP":
		return "recap"
	case strings.HasPrefix(sk, "TAL#"):
		return "tally"
	}
	return ""
}

func onFiles(method, path string) string {
	switch {
	case method == http.MethodPut && strings.Contains(path, "-vault-"):
		return "vault"
	case method == http.MethodDelete && strings.Contains(path, "-inbox-"):
		return "drop"
	case method == http.MethodPut && strings.Contains(path, "-audit-"):
		return "seal"
	case method == http.MethodPut && strings.Contains(path, "/data/undian/"):
		return "publish"
	}
	return ""
}
