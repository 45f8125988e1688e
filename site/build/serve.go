package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"lapakasik/site"
	"lapakasik/site/editor"
	"lapakasik/site/preview"
	"lapakasik/site/requirement"
)

// serve shows the site until it is interrupted.
func serve(ctx context.Context, j *job, args []string) error {
	addr := j.flags.String("addr", "127.0.0.1:8090", "address to serve at")
	drafts := j.flags.Bool("drafts", true, "show drafts and what is not published yet, marked as such")
	if _, err := j.parse(args); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", *addr)
	if err != nil {
		return fmt.Errorf("address %s is in use or not allowed; choose another with -addr: %w", *addr, err)
	}
	url := "http://" + ln.Addr().String()
	p, err := preview.New(ctx, preview.Options{Dir: j.content, Lang: j.lang, Origin: url, Drafts: *drafts, Report: func(problems string, ok bool) {
		fmt.Fprintln(j.out, time.Now().Format(time.TimeOnly), reportLine(j.lang, problems, ok))
	}})
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	go p.Watch(ctx)
	mux := http.NewServeMux()
	mux.Handle("/", forms(j.lang, p))
	mux.Handle(editor.Path, editor.Handler(j.content, j.lang))
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	words := requirement.Text{ID: "Pratinjau ada di %s/ (Ctrl-C untuk berhenti)\n", EN: "The preview is at %s/ (Ctrl-C to end)\n"}
	fmt.Fprintf(j.out, words.In(j.lang), url)
	if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func reportLine(l requirement.Lang, problems string, ok bool) string {
	if ok {
		return requirement.Text{ID: "situs dibangun", EN: "site built"}.In(l)
	}
	return requirement.Text{ID: "ada yang perlu diperbaiki:\n", EN: "the content needs mending:\n"}.In(l) + problems
}

// forms tells at a form's address where forms can be tried; the rest is the site.
func forms(l requirement.Lang, next http.Handler) http.Handler {
	words := requirement.Text{
		ID: "Formulir tidak ada di pratinjau ini. Jalankan: go run ./functions/local -edit\nProgram itu menampilkan situs yang sama, dengan pratinjau dan formulirnya.\n",
		EN: "Forms are not part of this preview. Run: go run ./functions/local -edit\nIt shows the same site, with preview and forms.\n"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(r.URL.Path, "/en")
		for _, route := range site.Routes {
			if path == route || strings.HasPrefix(path, route+"/") {
				w.Header().Set("Content-Type", "text/plain; charset=utf-8")
				w.WriteHeader(http.StatusNotFound)
				fmt.Fprint(w, words.In(l))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
