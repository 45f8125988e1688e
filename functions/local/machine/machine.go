// Package machine runs the whole service on one machine, as template.yaml
// describes it: the store's engine with its data on disk, the object store in
// process, the generated site, every function behind the same edge as in AWS,
// object-created events and schedules.
//
//	content ─ site.Load ─► site bucket + static pages ┐
//	template.yaml ─► tables, buckets, routes, env     ├─► http://127.0.0.1:8080 the public
//	dynoxide (npm) · versitygw (in process)           ┘   http://127.0.0.1:8081 the officers
//	browser ─► event ─► function ─► event ─► browser     object created ─► inspect
package machine

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"lapakasik/functions/internal/seal"
	"lapakasik/functions/local/engine"
	"lapakasik/functions/local/identity"
	"lapakasik/functions/local/mailbox"
	"lapakasik/functions/local/objects"
	"lapakasik/functions/local/template"
)

// Options say where to run.
type Options struct {
	Root string // checkout with content/ and template.yaml
	Data string // folder of bookings and documents, made if missing
	// Addr is "127.0.0.1:8080"; the officers' site and their identity provider
	// have the next two ports. Port 0 takes free ones.
	Addr     string
	Progress io.Writer
	Log      io.Writer // of the functions, JSON lines
	Edit     bool      // show each saved edit of the content, drafts included
	Fault    string    // where to end as kill -9 does, for tests of what is left then (see fault)
	// Now is the functions' clock, for tests that move it; time.Now if nil. With
	// it jobs run only by Run. The file store and the identity provider keep to
	// time.Now, as in AWS.
	Now func() time.Time
}

// A Program is the running service.
type Program struct {
	URL      string
	StaffURL string
	Accounts []identity.Account // who may log in at StaffURL
	Engine   *engine.Engine
	stop     context.CancelFunc
	server   *http.Server
	staff    *http.Server
	identity *http.Server
	files    *objects.Gateway
	mail     *mailbox.Server
	jobs     sync.WaitGroup
	due      map[string][]func(context.Context) error // schedules by their names
}

const stack = "lapakasik"

// Start prepares and starts everything and returns when the first page can be
// opened. What it started ends with Close.
func Start(ctx context.Context, o Options) (p *Program, err error) {
	for _, path := range []*string{&o.Root, &o.Data} {
		if *path, err = filepath.Abs(*path); err != nil {
			return nil, fmt.Errorf("start: %w", err)
		}
	}
	if err := os.MkdirAll(o.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	f, err := parseFault(o.Fault)
	if err != nil {
		return nil, err
	}
	lns, err := listen(o.Addr, 3)
	if err != nil {
		return nil, err
	}
	run, stop := context.WithCancel(context.Background())
	p = &Program{URL: "http://" + lns[0].Addr().String(), StaffURL: "http://" + lns[1].Addr().String(), stop: stop}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeAll(lns), p.Close())
			p = nil
		}
	}()
	say := func(what string) { fmt.Fprintln(o.Progress, what) }

	say("Building the site …")
	pages, err := buildSite(ctx, o, p.URL)
	if err != nil {
		return p, err
	}
	say("Starting the store …")
	if p.Engine, err = engine.Start(ctx, filepath.Join(o.Data, "store.db")); err != nil {
		return p, err
	}
	if err := p.receive(o, f); err != nil {
		return p, err
	}
	say("Starting the file store …")
	inspect := make(chan string, 1000)
	if err := p.keep(ctx, o, f, inspect); err != nil {
		return p, err
	}
	who, err := identity.New(identity.Options{Dir: o.Data, Issuer: "http://" + lns[2].Addr().String(), Client: p.StaffURL})
	if err != nil {
		return p, err
	}
	w, err := p.world(o, who)
	if err != nil {
		return p, err
	}
	w.fault, w.aws.HTTPClient = f, f.client()
	if err := w.provision(ctx, pages); err != nil {
		return p, err
	}
	if err := w.hire(ctx, who); err != nil {
		return p, err
	}
	p.Accounts = who.Accounts
	say("Starting the functions …")
	muxes, err := w.functions(run, &p.jobs, inspect)
	if err != nil {
		return p, err
	}
	p.due = w.due
	p.server, p.staff, p.identity = serving(front(muxes[publicAPI], w.drawn(pages.file))), serving(staffFront(muxes[staffAPI], pages.file)), serving(who)
	if o.Edit {
		if err := p.edit(run, o, w, muxes); err != nil {
			return p, err
		}
	}
	for i, s := range []*http.Server{p.server, p.staff, p.identity} {
		go func() { _ = s.Serve(lns[i]) }() // ends with Close
	}
	return p, nil
}

func serving(h http.Handler) *http.Server {
	return &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
}

// receive starts the mail server.
func (p *Program) receive(o Options, f *fault) (err error) {
	if p.mail, err = mailbox.Start(filepath.Join(o.Data, "mail")); err != nil {
		return err
	}
	p.mail.Fail = func() error { f.at("before", "smtp"); return nil }
	p.mail.Kept = func() { f.at("after", "smtp") }
	return nil
}

// keep starts the file store, which tells what there is to inspect.
func (p *Program) keep(ctx context.Context, o Options, f *fault, inspect chan<- string) (err error) {
	p.files, err = objects.Start(ctx, objects.Options{Dir: filepath.Join(o.Data, "files"), Addr: "127.0.0.1:0", Origins: []string{p.URL},
		OnCreated: func(bucket, key string) {
			if strings.HasPrefix(key, "inbox/") {
				f.at("after", "inbox")
			}
			inspect <- bucket + "/" + key
		}})
	return err
}

// Run runs the schedule of the template of that name now, as when its hour comes.
func (p *Program) Run(ctx context.Context, schedule string) error {
	if len(p.due[schedule]) == 0 {
		return fmt.Errorf("the template has no schedule %s", schedule)
	}
	var failed []error
	for _, run := range p.due[schedule] {
		failed = append(failed, run(ctx))
	}
	return errors.Join(failed...)
}

// listen opens an address and those of the next ports, n in all.
func listen(addr string, n int) ([]net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	first, numeric := strconv.Atoi(port)
	var lns []net.Listener
	for i := range n {
		next := addr
		if err == nil && numeric == nil && first > 0 {
			next = net.JoinHostPort(host, strconv.Itoa(first+i))
		}
		ln, err := net.Listen("tcp", next)
		if err != nil {
			err = fmt.Errorf("address %s is in use or not allowed; choose another with -addr: %w", next, err)
			return nil, errors.Join(err, closeAll(lns))
		}
		lns = append(lns, ln)
	}
	return lns, nil
}

func closeAll(lns []net.Listener) error {
	var errs []error
	for _, ln := range lns {
		errs = append(errs, ln.Close())
	}
	return errors.Join(errs...)
}

// Close ends everything that Start started, requests in progress first.
func (p *Program) Close() error {
	var errs []error
	if p.server != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		for _, s := range []*http.Server{p.server, p.staff, p.identity} {
			if s != nil {
				errs = append(errs, s.Shutdown(ctx))
			}
		}
	}
	p.stop()
	p.jobs.Wait()
	if p.mail != nil {
		errs = append(errs, p.mail.Close())
	}
	if p.files != nil {
		errs = append(errs, p.files.Close())
	}
	if p.Engine != nil {
		errs = append(errs, p.Engine.Close())
	}
	return errors.Join(errs...)
}

// A world is the template with local names, and what stands for AWS here.
type world struct {
	*template.Template
	values map[string]string
	local  map[string]string // environment that every function gets on one machine
	aws    aws.Config
	files  *objects.Gateway
	engine *engine.Engine
	secret string
	gate   *gate
	fault  *fault
	log    io.Writer
	now    func() time.Time
	due    map[string][]func(context.Context) error
}

func (p *Program) world(o Options, who *identity.Provider) (*world, error) {
	root, rehearsal := filepath.Join(o.Data, "root.key"), filepath.Join(o.Data, "rehearsal.key")
	if err := errors.Join(seal.MakeFile(root), seal.MakeFile(rehearsal)); err != nil {
		return nil, err
	}
	w := &world{files: p.files, engine: p.Engine, secret: rand.Text(), gate: newGate(), log: o.Log, now: o.Now, due: map[string][]func(context.Context) error{},
		aws: aws.Config{Region: "ap-southeast-3", Credentials: credentials.NewStaticCredentialsProvider(p.files.AccessKey, p.files.SecretKey, "")}}
	w.values = map[string]string{"AWS::StackName": stack, "AWS::AccountId": "000000000000", "AWS::Region": w.aws.Region, "AWS::URLSuffix": "localhost", "AWS::Partition": "aws",
		"PublicOrigin": p.URL, "StaffOrigin": p.StaffURL, "OriginSecret": w.secret, "SiteBucket": stack + "-site-000000000000",
		"StaffClient": identity.ClientID,
		"MacKey.Arn":  root, "RehearsalMacKey.Arn": rehearsal}
	w.local = map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": p.Engine.URL, "AWS_ENDPOINT_URL_S3": p.files.URL,
		"UPLOAD_ORIGIN": p.files.URL, "VAULT_ORIGIN": p.files.URL, "SMTP_HOST": p.mail.Host, "SMTP_PORT": strconv.Itoa(p.mail.Port), "SMTP_PLAIN": "yes", "VAULT_KEY_ID": "",
		// The provider here proves one factor and says so.
		"SECOND_FACTOR": "", "OIDC_ISSUER": who.Issuer(), "OIDC_SECRET_FILE": who.SecretFile}
	var err error
	w.Template, err = template.Read(filepath.Join(o.Root, "template.yaml"), w.values)
	return w, err
}

// getenv is a function's environment: the template's, with what is different here.
func (w *world) getenv(f template.Function) func(string) string {
	return func(name string) string {
		if v, ok := w.local[name]; ok {
			return v
		}
		if name == "MAC_KEY_FILE" {
			name = "MAC_KEY_ID" // which names a file here
		}
		return f.Environment[name]
	}
}
