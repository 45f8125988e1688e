package machine

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lapakasik/functions/internal/bucket"
	"lapakasik/site"
	"lapakasik/site/editor"
	"lapakasik/site/preview"
	"lapakasik/site/requirement"
)

// pages are the files of the site by their paths without the first slash.
type pages map[string][]byte

func (p pages) file(name string) ([]byte, bool) {
	b, ok := p[name]
	return b, ok
}

// buildSite makes the site, or nothing for a preview, which builds its own.
func buildSite(ctx context.Context, o Options, origin string) (pages, error) {
	if o.Edit {
		return nil, nil
	}
	made, err := site.Build(ctx, os.DirFS(filepath.Join(o.Root, "content")), site.Options{Origin: origin, Today: site.Today(time.Now()), Search: true})
	if err != nil {
		return nil, err
	}
	return made.Files, nil
}

// drawn finds the files of draws in the site's bucket, which the functions
// write while the site stands.
func (w *world) drawn(file files) files {
	draws := bucket.NewDraws(w.files.Client(), w.values["SiteBucket"])
	return func(name string) ([]byte, bool) {
		draw, ok := strings.CutPrefix(strings.TrimSuffix(name, ".json"), strings.TrimSuffix(bucket.DrawPath(""), ".json"))
		if !ok || strings.Contains(draw, "..") {
			return file(name)
		}
		b, err := draws.Read(context.Background(), draw)
		return b, err == nil
	}
}

// edit serves a preview in place of the site. Each good build reaches the
// functions too, within the time that they keep a requirement set.
func (p *Program) edit(ctx context.Context, o Options, w *world, muxes apis) error {
	ctx, letGo := context.WithCancel(ctx) // of the browsers that wait for an edit
	p.server.RegisterOnShutdown(letGo)
	show, err := preview.New(ctx, preview.Options{Dir: filepath.Join(o.Root, "content"), Lang: requirement.ID, Origin: p.URL, Drafts: true,
		Good: func(files map[string][]byte) {
			if err := w.publish(ctx, files); err != nil {
				fmt.Fprintln(o.Progress, err)
			}
		},
		Report: func(problems string, ok bool) {
			if !ok {
				fmt.Fprintln(o.Progress, problems)
			}
		}})
	if err != nil {
		return err
	}
	p.jobs.Go(func() { show.Watch(ctx) })
	p.staff.Handler = staffFront(muxes[staffAPI], show.File)
	write := editor.Handler(filepath.Join(o.Root, "content"), requirement.ID)
	functions := show.Around(muxes[publicAPI])
	edge := front(muxes[publicAPI], w.drawn(show.File))
	p.server.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, editor.Path):
			write.ServeHTTP(rw, r)
		case show.Own(rw, r):
		case answered(muxes[publicAPI], r):
			functions.ServeHTTP(rw, r)
		default:
			edge.ServeHTTP(rw, r)
		}
	})
	return nil
}
