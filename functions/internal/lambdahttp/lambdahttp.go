// Package lambdahttp is the edge: it turns an API Gateway HTTP API event
// (payload format 2.0) into a request for a net/http handler, and its answer
// back into an event. The local program goes the other way first, so that
// every request on one machine passes through the same edge.
//
//	API Gateway ─► event ─► Adapt ─► http.Handler
//	local program: http.Request ─► ToEvent ─┘
package lambdahttp

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// viewerAddress is set by CloudFront and cannot be set by a client through it (TRUST R9).
const viewerAddress = "cloudfront-viewer-address"

// Event and Response are those of the HTTP API's payload format 2.0.
type (
	Event    = events.APIGatewayV2HTTPRequest
	Response = events.APIGatewayV2HTTPResponse
)

// Adapt returns a Lambda handler that serves events with h. withID puts the
// request id of the event into the request's context.
func Adapt(h http.Handler, withID func(context.Context, string) context.Context) func(context.Context, Event) (Response, error) {
	return func(ctx context.Context, e Event) (Response, error) {
		r, err := request(withID(ctx, e.RequestContext.RequestID), e)
		if err != nil {
			return Response{StatusCode: http.StatusBadRequest, Headers: map[string]string{"content-type": "text/plain"}, Body: "Permintaan tidak terbaca."}, nil
		}
		w := &recorder{header: http.Header{}}
		h.ServeHTTP(w, r)
		return w.response(), nil
	}
}

func request(ctx context.Context, e Event) (*http.Request, error) {
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, fmt.Errorf("body of the event: %w", err)
		}
	}
	path := e.RawPath
	if path == "" || path[0] != '/' {
		path = "/" + path
	}
	u, err := url.ParseRequestURI(path)
	if err != nil {
		return nil, fmt.Errorf("path of the event: %w", err)
	}
	u.RawQuery = e.RawQueryString
	method := e.RequestContext.HTTP.Method
	if method == "" {
		return nil, fmt.Errorf("event without a method")
	}
	r, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("event: %w", err)
	}
	for k, v := range e.Headers {
		r.Header.Set(k, v)
	}
	if len(e.Cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(e.Cookies, "; "))
	}
	r.Host = r.Header.Get("Host")
	r.RemoteAddr = client(r.Header, e.RequestContext.HTTP.SourceIP)
	r.RequestURI = u.RequestURI()
	return r, nil
}

// client is the address of the person: what CloudFront saw, else what the
// gateway saw; never what the client says in X-Forwarded-For.
func client(h http.Header, source string) string {
	address := h.Get(viewerAddress)
	if i := strings.LastIndexByte(address, ':'); i > 0 {
		return net.JoinHostPort(strings.Trim(address[:i], "[]"), address[i+1:])
	}
	return net.JoinHostPort(source, "0")
}

// recorder keeps a handler's answer.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header { return w.header }

func (w *recorder) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
}

func (w *recorder) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}

func (w *recorder) response() Response {
	w.WriteHeader(http.StatusOK)
	out := Response{StatusCode: w.status, Headers: map[string]string{}}
	for k, v := range w.header {
		if http.CanonicalHeaderKey(k) == "Set-Cookie" {
			out.Cookies = v
			continue
		}
		out.Headers[strings.ToLower(k)] = strings.Join(v, ",")
	}
	if b := w.body.Bytes(); utf8.Valid(b) {
		out.Body = string(b)
	} else {
		out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(b), true
	}
	return out
}

// ToEvent is what API Gateway would make of a request. id is its request id.
func ToEvent(r *http.Request, id string) (Event, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return Event{}, fmt.Errorf("read request: %w", err)
	}
	e := Event{Version: "2.0", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery, Headers: map[string]string{"host": r.Host}}
	for k, v := range r.Header {
		switch k {
		case "Cookie":
			for _, line := range v {
				e.Cookies = append(e.Cookies, strings.Split(line, "; ")...)
			}
		case http.CanonicalHeaderKey(viewerAddress):
		default:
			e.Headers[strings.ToLower(k)] = strings.Join(v, ",")
		}
	}
	e.RequestContext.RequestID = id
	e.RequestContext.HTTP.Method, e.RequestContext.HTTP.Path = r.Method, r.URL.Path
	e.RequestContext.HTTP.SourceIP, _, _ = net.SplitHostPort(r.RemoteAddr)
	if utf8.Valid(body) {
		e.Body = string(body)
	} else {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e, nil
}

// Write sends a response event to a browser.
func Write(w http.ResponseWriter, out Response) error {
	for k, v := range out.Headers {
		w.Header().Set(k, v)
	}
	for _, c := range out.Cookies {
		w.Header().Add("Set-Cookie", c)
	}
	body := []byte(out.Body)
	if out.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(out.Body); err != nil {
			return fmt.Errorf("body of the answer: %w", err)
		}
	}
	w.WriteHeader(out.StatusCode)
	_, err := w.Write(body)
	return err
}
