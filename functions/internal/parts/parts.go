// Package parts joins what the functions are made of from their environment,
// the same way in AWS and on one machine.
//
//	environment ─► Parts ─┬─ Store    DynamoDB      TABLE, KEYS_TABLE
//	                      ├─ Sets     S3            SITE_BUCKET
//	                      ├─ Keys     KMS or a file MAC_KEY_ID or MAC_KEY_FILE
//	                      ├─ Signer, Files  S3      INBOX_BUCKET, VAULT_BUCKET
//	                      ├─ Viewer   S3            VAULT_BUCKET, VAULT_ORIGIN, MALWARE_TAG
//	                      └─ Site     what handlers share: PUBLIC_ORIGIN, UPLOAD_ORIGIN, ORIGIN_SECRET
//
// With REHEARSAL the same parts make a rehearsal (latihan): other addresses,
// marked pages, and a store that forgets after rehearsalLife. That it has a
// table, a bucket and a key of its own is up to the template.
//
// A missing variable stops the function at start and is named. Clients are
// made at start; nothing is asked of AWS before the first event.
package parts

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/guard"
	"lapakasik/functions/internal/lambdahttp"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/published"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/web"
	"lapakasik/site/requirement"
	"lapakasik/site/searchindex"
)

// Parts makes each part of a function from its environment when it is asked for.
type Parts struct {
	getenv  func(string) string
	aws     aws.Config
	missing []string
	Log     *slog.Logger
	Now     func() time.Time
	keys    func(context.Context) (*seal.Keys, error)
}

// New takes region and credentials from the environment, where Lambda puts
// them. The SDK's general configuration would look into files, containers and
// instances too, and costs a third of the start.
func New(getenv func(string) string, log io.Writer) *Parts {
	return Of(aws.Config{Region: getenv("AWS_REGION"), Credentials: aws.NewCredentialsCache(aws.CredentialsProviderFunc(
		func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: getenv("AWS_ACCESS_KEY_ID"), SecretAccessKey: getenv("AWS_SECRET_ACCESS_KEY"),
				SessionToken: getenv("AWS_SESSION_TOKEN"), Source: "environment"}, nil
		}))}, getenv, log)
}

// Of joins parts on an AWS configuration.
func Of(cfg aws.Config, getenv func(string) string, log io.Writer) *Parts {
	p := &Parts{getenv: getenv, aws: cfg, Now: time.Now, Log: Logger(log)}
	p.keys = p.keyring()
	return p
}

// need returns a variable that the function cannot do without.
func (p *Parts) need(name string) string {
	v := p.getenv(name)
	if v == "" {
		p.missing = append(p.missing, name)
	}
	return v
}

// Err names the variables that are missing, nil if none is.
func (p *Parts) Err() error {
	if len(p.missing) == 0 {
		return nil
	}
	return fmt.Errorf("environment variables are missing: %s", strings.Join(p.missing, ", "))
}

// keyring derives the keys when they are first needed, once.
func (p *Parts) keyring() func(context.Context) (*seal.Keys, error) {
	var mu sync.Mutex
	var keys *seal.Keys
	return func(ctx context.Context) (*seal.Keys, error) {
		mu.Lock()
		defer mu.Unlock()
		if keys != nil {
			return keys, nil
		}
		var err error
		if file := p.getenv("MAC_KEY_FILE"); file != "" {
			keys, err = seal.FromFile(file)
		} else {
			keys, err = seal.FromKMS(ctx, kms.NewFromConfig(p.aws), p.getenv("MAC_KEY_ID"))
		}
		return keys, err
	}
}

func (p *Parts) needKeys() {
	if p.getenv("MAC_KEY_FILE") == "" {
		p.need("MAC_KEY_ID")
	}
}

// rehearsalLife is how long a rehearsal's data live; the pages name it.
const rehearsalLife = 24 * time.Hour

// remember is how long a function goes by the free places that it has seen.
const remember = time.Second

// Rehearsal tells whether nothing counts.
func (p *Parts) Rehearsal() bool { return p.getenv("REHEARSAL") != "" }

// Store returns the store of registrations.
func (p *Parts) Store() *dynamo.Store { return p.store(p.need("KEYS_TABLE")) }

// Seats returns the store of registrations for who gives seats out and back:
// they open again at the announced times of the sets.
func (p *Parts) Seats(sets *published.Sets) *dynamo.Store {
	s := p.Store()
	s.Reopening = dynamo.Announced(sets.Current)
	return s
}

// Staff returns the store of who works here and who is logged in.
func (p *Parts) Staff() *dynamo.Staff {
	s := dynamo.NewStaff(p.db(), p.need("STAFF_TABLE"))
	s.Now = p.Now
	return s
}

// Guard returns what lets staff to a function's routes.
func (p *Parts) Guard(store *dynamo.Store) *guard.Guard {
	return &guard.Guard{Site: p.Site(store), Sessions: p.Staff()}
}

// Reception returns what lets staff to routes of a function that knows people
// who work here and no registration.
func (p *Parts) Reception() *guard.Guard {
	p.needKeys()
	site := p.PublicSite()
	site.Tokens = func(ctx context.Context) (web.Tokens, error) { return p.keys(ctx) }
	return &guard.Guard{Site: site, Sessions: p.Staff()}
}

// Config returns region and credentials, for a client of a function's own.
func (p *Parts) Config() aws.Config { return p.aws }

// Env returns a variable, "" if it is not set; Need notes it as missing then.
func (p *Parts) Env(name string) string { return p.getenv(name) }

// Need returns a variable that the function cannot do without (see Err).
func (p *Parts) Need(name string) string { return p.need(name) }

// Results returns the store of a function that reads no registration.
func (p *Parts) Results() *dynamo.Store { return p.store("") }

// Trails returns the store for who only checks audit trails: it needs no key.
func (p *Parts) Trails() *dynamo.Store {
	return dynamo.New(p.db(), p.need("TABLE"), "", p.keys)
}

func (p *Parts) store(keysTable string) *dynamo.Store {
	p.needKeys()
	s := dynamo.New(p.db(), p.need("TABLE"), keysTable, p.keys)
	s.Now, s.Remember = p.Now, remember
	if p.Rehearsal() {
		s.Life = rehearsalLife
	}
	return s
}

func (p *Parts) db() *dynamodb.Client {
	return dynamodb.NewFromConfig(p.aws, func(o *dynamodb.Options) {
		o.Retryer = Retries()
		if url := p.getenv("AWS_ENDPOINT_URL_DYNAMODB"); url != "" {
			o.BaseEndpoint = aws.String(url)
		}
	})
}

func (p *Parts) s3() *s3.Client {
	return s3.NewFromConfig(p.aws, func(o *s3.Options) {
		if url := p.getenv("AWS_ENDPOINT_URL_S3"); url != "" {
			o.BaseEndpoint, o.UsePathStyle = aws.String(url), true
		}
	})
}

// Sets returns the published requirement sets.
func (p *Parts) Sets() *published.Sets {
	return published.New(p.s3(), p.need("SITE_BUCKET"), p.Now)
}

// SearchIndexes returns the published search indexes by language.
func (p *Parts) SearchIndexes() *published.File[map[requirement.Lang]*searchindex.Index] {
	return published.NewFile(p.s3(), p.need("SITE_BUCKET"), "data/cari.json", p.Now, searchindex.Read)
}

// Signer signs uploads into the inbox.
func (p *Parts) Signer() *bucket.Signer {
	return bucket.NewSigner(p.s3(), p.need("INBOX_BUCKET"), p.Now)
}

// Uploads permits files of the inbox.
func (p *Parts) Uploads(store permit.Store) permit.Service {
	return permit.Service{Store: store, Signer: p.Signer(), NewID: NewID}
}

// Files reads the inbox and writes the vault.
func (p *Parts) Files() *bucket.Files {
	return bucket.NewFiles(p.s3(), p.need("INBOX_BUCKET"), p.need("VAULT_BUCKET"), p.getenv("VAULT_KEY_ID"))
}

// Vault tells which documents are kept.
func (p *Parts) Vault() *bucket.Vault { return bucket.NewVault(p.s3(), p.need("VAULT_BUCKET")) }

// Archive keeps the sealed days of the audit trail.
func (p *Parts) Archive() *bucket.Archive { return bucket.NewArchive(p.s3(), p.need("AUDIT_BUCKET")) }

// Draws keeps the published files of draws.
func (p *Parts) Draws() *bucket.Draws { return bucket.NewDraws(p.s3(), p.need("SITE_BUCKET")) }

// Viewer signs requests that read a document of the vault.
func (p *Parts) Viewer() *bucket.Viewer {
	return bucket.NewViewer(p.s3(), p.need("VAULT_BUCKET"), p.getenv("MALWARE_TAG"), p.Now)
}

// VaultOrigin is where the vault's documents are shown from.
func (p *Parts) VaultOrigin() string { return p.need("VAULT_ORIGIN") }

// Pseudonym returns a keyed digest of a value.
func (p *Parts) Pseudonym(ctx context.Context, purpose, value string) (string, error) {
	k, err := p.keys(ctx)
	if err != nil {
		return "", err
	}
	return k.Pseudonym(purpose, value), nil
}

// Site returns what the handlers of a function share that know people.
func (p *Parts) Site(store *dynamo.Store) *web.Site {
	s := p.PublicSite()
	s.Rehearsal, s.UploadOrigin, s.Attempt = p.Rehearsal(), p.getenv("UPLOAD_ORIGIN"), store.Attempt
	s.Tokens = func(ctx context.Context) (web.Tokens, error) { return p.keys(ctx) }
	return s
}

// PublicSite returns what the handlers of a function share that knows no person.
func (p *Parts) PublicSite() *web.Site {
	s := &web.Site{Log: p.Log, Origin: p.need("PUBLIC_ORIGIN"), Now: p.Now}
	for secret := range strings.SplitSeq(p.getenv("ORIGIN_SECRET"), ",") {
		if secret != "" {
			s.OriginSecrets = append(s.OriginSecrets, secret)
		}
	}
	return s
}

// NewID returns 32 random hexadecimal digits.
func NewID() (string, error) {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("random id: %w", err)
	}
	return hex.EncodeToString(b), nil
}

// ServeHTTP runs a function's handler on Lambda; it returns only when the
// function cannot start.
func ServeHTTP(h http.Handler) {
	lambda.Start(lambdahttp.Adapt(h, web.WithRequestID))
}
