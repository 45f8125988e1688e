package machine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/local/engine"
	"lapakasik/functions/local/identity"
	"lapakasik/functions/local/mailbox"
	"lapakasik/functions/local/objects"
)

// Parts opens the stores of a data folder with what one function of the
// template may use, by its CodeUri, and runs nothing. The program must not run
// on the folder at the same time. close ends the stores.
func Parts(ctx context.Context, o Options, codeURI string) (made *parts.Parts, end func() error, err error) {
	for _, path := range []*string{&o.Root, &o.Data} {
		if *path, err = filepath.Abs(*path); err != nil {
			return nil, nil, fmt.Errorf("data folder: %w", err)
		}
	}
	if _, err := os.Stat(filepath.Join(o.Data, "store.db")); err != nil {
		return nil, nil, fmt.Errorf("data folder: %w", err)
	}
	p := &Program{stop: func() {}}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.Close())
		}
	}()
	if p.Engine, err = engine.Start(ctx, filepath.Join(o.Data, "store.db")); err != nil {
		return nil, nil, err
	}
	if p.mail, err = mailbox.Start(filepath.Join(o.Data, "mail")); err != nil {
		return nil, nil, err
	}
	if p.files, err = objects.Start(ctx, objects.Options{Dir: filepath.Join(o.Data, "files"), Addr: "127.0.0.1:0"}); err != nil {
		return nil, nil, err
	}
	who, err := identity.New(identity.Options{Dir: o.Data, Issuer: "http://localhost", Client: "http://localhost"})
	if err != nil {
		return nil, nil, err
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	w, err := p.world(o, who)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range w.Functions {
		if f.CodeUri == codeURI {
			return parts.Of(w.aws, w.getenv(f), o.Log), p.Close, nil
		}
	}
	return nil, nil, fmt.Errorf("the template has no function %s", codeURI)
}
