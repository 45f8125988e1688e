// Package objects is the S3 API on one machine: versitygw in this process,
// its data below one folder. It checks signatures, signed headers, POST
// policies and checksums as S3 does, so what it refuses S3 refuses.
//
//	browser ── PUT, POST form ──► versitygw ──► Dir/objects   newest version
//	functions ── SDK ────────────►    │         Dir/versions  older versions
//	                                  │         Dir/meta      attributes, so that any file system will do
//	                                  │         Dir/account.json
//	                                  └─► Options.OnCreated(bucket, key) after each PUT and POST
//
// Only the local program and tests may link it.
package objects

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/s3api"
	"github.com/versity/versitygw/s3api/middlewares"
)

// Region is the region that requests are signed for.
const Region = "ap-southeast-3"

// connections bounds what the gateway serves at once.
const connections = 512

// Options say where and for whom to serve.
type Options struct {
	Dir     string   // data, made if missing
	Addr    string   // "127.0.0.1:9000"; port 0 takes a free one
	Origins []string // sites whose pages may PUT and POST
	// OnCreated is called once for each object made by PUT or POST, in a
	// goroutine of its own: like S3, in no order, and it may not hold up others.
	OnCreated func(bucket, key string)
}

// A Gateway serves until Close.
type Gateway struct {
	URL                  string // "http://127.0.0.1:9000", without a slash at the end
	AccessKey, SecretKey string // of the one account; kept in Dir

	origins []string
	server  *s3api.S3ApiServer
	backend *posix.Posix
	events  *events
	served  chan error
	home    string // working directory before Start
}

// ErrRunning is returned by Start while another gateway runs in this process.
var ErrRunning = errors.New("objects: one gateway per process")

var running, oneTest sync.Mutex

// Start serves the folder. The gateway keeps its place by the working
// directory of the process: until Close that is Dir/objects, so open other
// files by absolute paths. ErrRunning if one runs already.
func Start(ctx context.Context, o Options) (*Gateway, error) {
	if !running.TryLock() {
		return nil, ErrRunning
	}
	g, err := start(ctx, o)
	if err != nil {
		running.Unlock()
		return nil, fmt.Errorf("start object store: %w", err)
	}
	return g, nil
}

func start(ctx context.Context, o Options) (*Gateway, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, err
	}
	for _, sub := range []string{"objects", "versions", "meta"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, err
		}
	}
	addr, err := freeAddr(ctx, o.Addr)
	if err != nil {
		return nil, err
	}
	g := &Gateway{URL: "http://" + addr, origins: o.Origins, events: &events{created: o.OnCreated}, served: make(chan error, 1)}
	if err := g.account(filepath.Join(dir, "account.json")); err != nil {
		return nil, err
	}
	if g.home, err = os.Getwd(); err != nil {
		return nil, err
	}
	if err := g.open(dir); err != nil {
		return nil, errors.Join(err, os.Chdir(g.home))
	}
	if err := g.serve(ctx, addr); err != nil {
		g.backend.Shutdown()
		return nil, errors.Join(err, os.Chdir(g.home))
	}
	return g, nil
}

// freeAddr returns the address with its port chosen, and fails where it is taken.
func freeAddr(ctx context.Context, addr string) (string, error) {
	ln, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

// account reads the folder's account, or makes it: links signed before a
// restart stay good after it.
func (g *Gateway) account(file string) error {
	type account struct {
		Access string `json:"access_key"`
		Secret string `json:"secret_key"`
	}
	var a account
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		a = account{rand.Text()[:20], rand.Text() + rand.Text()}
		if b, err = json.Marshal(a); err == nil {
			err = os.WriteFile(file, b, 0o600)
		}
	case err == nil:
		err = json.Unmarshal(b, &a)
	}
	if err != nil {
		return fmt.Errorf("account of the object store: %w", err)
	}
	g.AccessKey, g.SecretKey = a.Access, a.Secret
	return nil
}

func (g *Gateway) open(dir string) error {
	attributes, err := meta.NewSideCar(filepath.Join(dir, "meta"))
	if err != nil {
		return err
	}
	options := posix.PosixOpts{VersioningDir: filepath.Join(dir, "versions"), NewDirPerm: 0o700}
	options.SetNewDirPerm(0o700)
	options.SetNewFilePerm(0o600)
	quietly(func() { g.backend, err = posix.New(filepath.Join(dir, "objects"), attributes, options) })
	return err
}

// quietly keeps what the gateway prints at its start off the terminal.
func quietly(f func()) {
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		f()
		return
	}
	defer null.Close()
	out := os.Stdout
	os.Stdout = null
	defer func() { os.Stdout = out }()
	f()
}

func (g *Gateway) serve(ctx context.Context, addr string) error {
	ready := make(chan struct{})
	root := middlewares.RootUserConfig{Access: g.AccessKey, Secret: g.SecretKey}
	accounts := auth.NewIAMServiceSingle(auth.Account{Access: root.Access, Secret: root.Secret, Role: auth.RoleAdmin})
	server, err := s3api.New(g.backend, root, Region, accounts, nil, nil, g.events, nil,
		s3api.WithQuiet(), s3api.WithDisableACL(), s3api.WithKeepAlive(),
		s3api.WithConcurrencyLimiter(connections, connections),
		s3api.WithOnListen(func() { close(ready) }))
	if err != nil {
		return err
	}
	g.server = server
	go func() { g.served <- server.ServeMultiPort([]string{addr}) }()
	select {
	case <-ready:
		return nil
	case err := <-g.served:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(10 * time.Second):
		return errors.New("not ready after 10 s")
	}
}

// patience bounds how long Close waits for requests that are being answered.
const patience = 2 * time.Second

// Close ends the gateway, waits for the events on their way and gives the
// process its working directory back.
func (g *Gateway) Close() error {
	ended := make(chan error, 1)
	go func() { ended <- g.server.ShutDown() }()
	var err error
	select {
	case err = <-ended:
	case <-time.After(patience):
		// Browsers keep connections open that they never use; the listener is closed already.
	}
	g.events.wait()
	g.backend.Shutdown()
	err = errors.Join(err, os.Chdir(g.home))
	running.Unlock()
	return err
}
