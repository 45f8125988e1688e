package machine

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	agreewire "lapakasik/functions/agree/wire"
	auditwire "lapakasik/functions/audit/wire"
	collectivewire "lapakasik/functions/collective/wire"
	deskwire "lapakasik/functions/desk/wire"
	inspection "lapakasik/functions/inspect"
	inspectwire "lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/lambdahttp"
	"lapakasik/functions/internal/parts"
	"lapakasik/functions/internal/web"
	"lapakasik/functions/local/template"
	loginwire "lapakasik/functions/login/wire"
	"lapakasik/functions/notify"
	notifywire "lapakasik/functions/notify/wire"
	recapwire "lapakasik/functions/recap/wire"
	registerwire "lapakasik/functions/register/wire"
	resultswire "lapakasik/functions/results/wire"
	"lapakasik/functions/schedule"
	schedulewire "lapakasik/functions/schedule/wire"
	searchwire "lapakasik/functions/search/wire"
	supervisewire "lapakasik/functions/supervise/wire"
	uploadwire "lapakasik/functions/upload/wire"
)

// web functions by their CodeUri.
var handlers = map[string]func(*parts.Parts) (http.Handler, error){
	"functions/register/lambda":   registerwire.Handler,
	"functions/desk/lambda":       deskwire.Handler,
	"functions/audit/lambda":      auditwire.Handler,
	"functions/recap/lambda":      recapwire.Handler,
	"functions/supervise/lambda":  supervisewire.Handler,
	"functions/upload/lambda":     uploadwire.Handler,
	"functions/search/lambda":     searchwire.Handler,
	"functions/collective/lambda": collectivewire.Handler,
	"functions/agree/lambda":      agreewire.Handler,
	"functions/results/lambda":    resultswire.Handler,
	"functions/login/lambda":      loginwire.Handler,
}

// apis are the handlers of the HTTP APIs by their logical ids.
type apis map[string]*http.ServeMux

// The HTTP APIs of the template.
const (
	publicAPI = "Api"
	staffAPI  = "StaffApi"
)

// functions makes every function of the template and returns handlers for
// all their routes. Inspections and schedules run until ctx ends.
func (w *world) functions(ctx context.Context, jobs *sync.WaitGroup, inspect <-chan string) (apis, error) {
	muxes := apis{publicAPI: http.NewServeMux(), staffAPI: http.NewServeMux()}
	inspectors := map[string]*inspection.Service{} // by their inbox
	for _, f := range w.Functions {
		p := parts.Of(w.aws, w.getenv(f), w.log)
		if w.now != nil {
			p.Now = w.now
		}
		var err error
		switch f.CodeUri {
		case "functions/inspect/lambda":
			inspectors[f.Environment["INBOX_BUCKET"]], err = inspectwire.Service(p)
		case "functions/schedule/lambda":
			var s *schedule.Service
			if s, err = schedulewire.Service(p); err == nil {
				err = clock(ctx, w, jobs, p, f.Schedules, s.Handle)
			}
		case "functions/notify/lambda":
			var s *notify.Service
			if s, err = notifywire.Service(p); err == nil {
				err = clock(ctx, w, jobs, p, f.Schedules, s.Handle)
			}
		default:
			err = w.route(muxes, p, f)
		}
		if err != nil {
			return nil, fmt.Errorf("function %s: %w", f.ID, err)
		}
	}
	for api, mux := range muxes {
		mux.Handle("/", w.lost(api, mux))
	}
	w.inspect(ctx, jobs, inspectors, inspect)
	return muxes, nil
}

// lost answers what an API has no route for with the page of the functions.
func (w *world) lost(api string, mux *http.ServeMux) http.Handler {
	now := time.Now
	if w.now != nil {
		now = w.now
	}
	site := &web.Site{Log: parts.Logger(w.log), Now: now, Staff: api == staffAPI}
	return site.Lost(mux)
}

// route serves a function's routes through the edge: request to event, event
// to handler, and the answer the same way back.
func (w *world) route(muxes apis, p *parts.Parts, f template.Function) error {
	make, ok := handlers[f.CodeUri]
	if !ok {
		return fmt.Errorf("no handler for CodeUri %s", f.CodeUri)
	}
	h, err := make(p)
	if err != nil {
		return err
	}
	serve := lambdahttp.Adapt(h, web.WithRequestID)
	for _, rt := range f.Routes {
		mux, ok := muxes[rt.Api]
		if !ok {
			return fmt.Errorf("route %s %s belongs to no API that is known here: %q", rt.Method, rt.Path, rt.Api)
		}
		mux.HandleFunc(rt.Pattern(), func(rw http.ResponseWriter, r *http.Request) {
			r.Header.Set("X-Origin-Secret", w.secret)
			id, err := parts.NewID()
			if err == nil {
				err = w.pass(rw, r, id, rt.Api, serve)
			}
			if err != nil {
				p.Log.Error("edge", "error", err.Error())
			}
		})
	}
	return nil
}

func (w *world) pass(rw http.ResponseWriter, r *http.Request, id, api string, serve func(context.Context, lambdahttp.Event) (lambdahttp.Response, error)) error {
	e, err := lambdahttp.ToEvent(r, id)
	if err != nil {
		return err
	}
	// Only now: a slow line that is still sending holds no place.
	leave, ok := w.gate.enter(r.Context(), api)
	if !ok {
		busy(rw)
		return nil
	}
	out, err := serve(r.Context(), e)
	leave()
	if err != nil {
		return err
	}
	if r.Method == http.MethodPost {
		w.fault.at("before", "reply")
	}
	return lambdahttp.Write(rw, out)
}

// inspect raises an object-created event for each object that comes into an
// inbox, and for those that were there when the program last ended: S3 keeps
// its events, this machine does not.
func (w *world) inspect(ctx context.Context, jobs *sync.WaitGroup, inspectors map[string]*inspection.Service, created <-chan string) {
	for bucket, s := range inspectors {
		jobs.Go(func() {
			if err := w.leftover(ctx, bucket, s); err != nil && ctx.Err() == nil {
				s.Log.Error("inspect", "error", err.Error())
			}
		})
	}
	for range 2 {
		jobs.Go(func() {
			for {
				select {
				case <-ctx.Done():
					return
				case object := <-created:
					bucket, key, _ := strings.Cut(object, "/")
					s, ok := inspectors[bucket]
					if !ok || !strings.HasPrefix(key, "inbox/") { // the filter of the bucket's notification
						continue
					}
					if err := s.Handle(ctx, objectCreated(bucket, key)); err != nil && !errors.Is(err, context.Canceled) {
						s.Log.Error("inspect", "error", err.Error())
					}
				}
			}
		})
	}
}

func (w *world) leftover(ctx context.Context, bucket string, s *inspection.Service) error {
	var failed error
	for pages := s3.NewListObjectsV2Paginator(w.files.Client(), &s3.ListObjectsV2Input{Bucket: aws.String(bucket), Prefix: aws.String("inbox/")}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("list inbox: %w", err)
		}
		for _, object := range page.Contents {
			failed = errors.Join(failed, s.Handle(ctx, objectCreated(bucket, aws.ToString(object.Key))))
		}
	}
	return failed
}

func objectCreated(bucket, key string) events.S3Event {
	return events.S3Event{Records: []events.S3EventRecord{{EventSource: "aws:s3", EventName: "ObjectCreated:Put",
		S3: events.S3Entity{Bucket: events.S3Bucket{Name: bucket}, Object: events.S3Object{Key: key, URLDecodedKey: key}}}}}
}

// clock runs each schedule of a function at once, because the machine may have
// been off at its hour, and then by the clock.
func clock[E any](ctx context.Context, w *world, jobs *sync.WaitGroup, p *parts.Parts, list []template.Schedule, handle func(context.Context, E) error) error {
	for _, x := range list {
		every, err := interval(x.Expression)
		if err != nil {
			return err
		}
		var e E
		if err := json.Unmarshal([]byte(x.Input), &e); err != nil {
			return fmt.Errorf("input of schedule %s: %w", x.Name, err)
		}
		w.due[x.Name] = append(w.due[x.Name], func(ctx context.Context) error { return handle(ctx, e) })
		if w.now != nil {
			continue // whoever moves the clock says when its jobs run
		}
		jobs.Go(func() {
			tick := time.NewTicker(every)
			defer tick.Stop()
			for {
				if err := handle(ctx, e); err != nil && ctx.Err() == nil {
					p.Log.Error("job", "job", x.Name, "error", err.Error())
				}
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				}
			}
		})
	}
	return nil
}

// interval is how often a schedule runs here. A daily cron runs every 24
// hours from the start of the program: its work is the same at any hour.
func interval(expression string) (time.Duration, error) {
	var n int
	var unit string
	if _, err := fmt.Sscanf(expression, "rate(%d %s", &n, &unit); err == nil {
		switch strings.TrimSuffix(strings.TrimSuffix(unit, ")"), "s") {
		case "minute":
			return time.Duration(n) * time.Minute, nil
		case "hour":
			return time.Duration(n) * time.Hour, nil
		case "day":
			return time.Duration(n) * 24 * time.Hour, nil
		}
	}
	if strings.HasPrefix(expression, "cron(") {
		return 24 * time.Hour, nil
	}
	return 0, fmt.Errorf("schedule expression %q is not known here", expression)
}
