// Package wire joins the login with its parts, for Lambda and for the program
// on one machine.
package wire

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/login"
)

// Handler returns the function's handler. The error names what is missing.
func Handler(p *parts.Parts) (http.Handler, error) {
	g := p.Reception()
	service := &login.Service{Store: p.Staff(), Sets: p.Sets(), FirstAdmin: p.Env("FIRST_ADMIN"), Log: p.Log,
		Provider: &login.Provider{Issuer: p.Need("OIDC_ISSUER"), ClientID: p.Need("OIDC_CLIENT_ID"), Secret: secret(p),
			Return: p.Need("PUBLIC_ORIGIN") + "/masuk/kembali", SecondFactor: strings.Fields(p.Env("SECOND_FACTOR")), Now: p.Now}}
	h, err := g.Handler(service.Routes(), service.Open()...)
	return h, errors.Join(p.Err(), err)
}

// keep is how long a secret is used before it is read again: a new one counts
// within this time.
const keep = 5 * time.Minute

// secret reads the client's secret when it is needed, from OIDC_SECRET_FILE
// or from the secret of the name OIDC_SECRET_ID.
func secret(p *parts.Parts) func(context.Context) (string, error) {
	if file := p.Env("OIDC_SECRET_FILE"); file != "" {
		return func(context.Context) (string, error) {
			b, err := os.ReadFile(file)
			return strings.TrimSpace(string(b)), err
		}
	}
	id, client := p.Need("OIDC_SECRET_ID"), secretsmanager.NewFromConfig(p.Config())
	var mu sync.Mutex
	var value string
	var until time.Time
	return func(ctx context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if p.Now().Before(until) {
			return value, nil
		}
		out, err := client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: aws.String(id)})
		if err != nil {
			return "", fmt.Errorf("read secret: %w", err)
		}
		value, until = aws.ToString(out.SecretString), p.Now().Add(keep)
		return value, nil
	}
}
