package login

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// A Provider is the identity provider and what it knows us as. It is asked
// for its addresses and keys when somebody first logs in.
type Provider struct {
	Issuer, ClientID string
	Secret           func(context.Context) (string, error)
	// Return is the one address that it may send the browser back to.
	Return string
	// SecondFactor are the values of "amr" that prove one (RFC 8176). A token
	// that has an "amr" without any of them is refused; empty checks nothing,
	// and one without "amr" rests on the provider's own setting (TRUST R57).
	SecondFactor []string
	Now          func() time.Time

	mu    sync.Mutex
	known *oidc.Provider
}

// A refusal is why a login does not count. It holds nothing of a person, so
// that it can be logged.
type refusal string

func (r refusal) Error() string { return "login refused: " + string(r) }

// errAway: the provider does not answer, or not as one.
var errAway = errors.New("login: identity provider does not answer")

// client ends what hangs before the function's own time is over.
var client = &http.Client{Timeout: 5 * time.Second}

func (p *Provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	// Its keys are fetched again later, when this request is long over.
	known, err := oidc.NewProvider(context.WithoutCancel(oidc.ClientContext(ctx, client)), p.Issuer)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	p.known = known
	return known, nil
}

func (p *Provider) config(ctx context.Context) (*oauth2.Config, *oidc.Provider, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return nil, nil, err
	}
	secret, err := p.Secret(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("login: secret of the client: %w", err)
	}
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: secret, Endpoint: known.Endpoint(), RedirectURL: p.Return,
		Scopes: []string{oidc.ScopeOpenID, "profile"}}, known, nil
}

// address is where the browser goes to log in.
func (p *Provider) address(ctx context.Context, w pending) (string, error) {
	c, _, err := p.config(ctx)
	if err != nil {
		return "", err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(w.Nonce), oauth2.S256ChallengeOption(w.Verifier), oauth2.SetAuthURLParam("ui_locales", string(w.Lang))}
	if w.Again {
		options = append(options, oauth2.SetAuthURLParam("prompt", "login"), oauth2.SetAuthURLParam("max_age", "0"))
	}
	return c.AuthCodeURL(w.State, options...), nil
}

// Claims are what we take of an identity token.
type claims struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Name     string   `json:"name"`
	AuthTime int64    `json:"auth_time"`
	AMR      []string `json:"amr"`
}

// redeem exchanges a code for the identity that it stands for. The tokens go
// no further (TRUST R55). A refusal, or errAway.
func (p *Provider) redeem(ctx context.Context, code string, w pending) (claims, error) {
	c, known, err := p.config(ctx)
	if err != nil {
		return claims{}, err
	}
	ctx = oidc.ClientContext(ctx, client)
	token, err := c.Exchange(ctx, code, oauth2.VerifierOption(w.Verifier))
	var answer *oauth2.RetrieveError
	if errors.As(err, &answer) && answer.Response.StatusCode < http.StatusInternalServerError {
		return claims{}, refusal("the provider does not take the code")
	}
	if err != nil {
		return claims{}, fmt.Errorf("%w: %w", errAway, err)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return claims{}, refusal("no identity token")
	}
	// Issuer, audience, signature, algorithm and end are the verifier's.
	id, err := known.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: p.Now,
		SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256, oidc.PS256}}).Verify(ctx, raw)
	if err != nil {
		return claims{}, refusal("the identity token does not hold")
	}
	if w.Nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(w.Nonce)) == 0 {
		return claims{}, refusal("nonce")
	}
	var got claims
	if err := id.Claims(&got); err != nil || got.Subject == "" {
		return claims{}, refusal("claims")
	}
	return got, p.check(got, w)
}

// skew is how far the provider's clock may be from ours.
const skew = 30 * time.Second

func (p *Provider) check(got claims, w pending) error {
	if len(p.SecondFactor) > 0 && len(got.AMR) > 0 && !slices.ContainsFunc(got.AMR, func(m string) bool { return slices.Contains(p.SecondFactor, m) }) {
		return refusal("no second factor")
	}
	if w.Again && time.Unix(got.AuthTime, 0).Before(time.Unix(w.Started, 0).Add(-skew)) {
		return refusal("the provider did not ask again")
	}
	return nil
}

// proved is when the person last proved to the provider who they are; the
// zero time where it does not say.
func (c claims) proved(now time.Time) time.Time {
	t := time.Unix(c.AuthTime, 0)
	if c.AuthTime == 0 || t.After(now.Add(skew)) {
		return time.Time{}
	}
	return t
}
