package inspect_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/inspect"
	"lapakasik/functions/inspect/wire"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/examine"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/objects"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

const (
	inbox = "masuk"
	vault = "simpan"
	slot  = "ktp"
	gps   = "GPS-5.4500,105.2667"
)

// A desk is one registration with everything that takes its documents, for real.
type desk struct {
	t       *testing.T
	store   *dynamo.Store
	gateway *objects.Gateway
	service *inspect.Service
	log     *bytes.Buffer
	created chan string // keys of the inbox
	reg     string
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t, store: storetest.New(t), log: &bytes.Buffer{}, created: make(chan string, 64)}
	d.store.Now = storetest.NewClock(storetest.Morning).Now
	if err := d.store.EnsureDay(t.Context(), storetest.Plan(1)); err != nil {
		t.Fatal(err)
	}
	reg, err := d.store.Book(t.Context(), storetest.Booking(1))
	if err != nil {
		t.Fatal(err)
	}
	d.reg = reg.ID
	d.gateway = objects.Test(t, objects.Options{OnCreated: func(b, k string) {
		if b == inbox {
			d.created <- k
		}
	}})
	for _, name := range []string{inbox, vault} {
		if err := d.gateway.MakeBucket(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	files := wire.Files{Files: bucket.NewFiles(d.gateway.Client(), inbox, vault, "")}
	d.service = &inspect.Service{Store: d.store, Files: files, Limits: examine.Default(), Log: slog.New(slog.NewTextHandler(d.log, nil))}
	return d
}

// allow notes a permission, as the upload function does.
func (d *desk) allow(doc claim.Document) claim.Document {
	d.t.Helper()
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		d.t.Fatal(err)
	}
	doc.Upload, doc.Slot, doc.Kind, doc.State = hex.EncodeToString(id), slot, slot, claim.DocWaiting
	doc.Created = time.Now().UTC()
	if doc.Expires.IsZero() {
		doc.Expires = doc.Created.Add(bucket.PutLife)
	}
	if err := d.store.AllowUpload(d.t.Context(), d.reg, doc); err != nil {
		d.t.Fatal(err)
	}
	return doc
}

// announce is what the script tells of a file before it sends it.
func announce(media string, body []byte) claim.Document {
	sum := sha256.Sum256(body)
	return claim.Document{Media: media, Size: int64(len(body)), SHA256: hex.EncodeToString(sum[:])}
}

func (d *desk) signer() *bucket.Signer {
	return bucket.NewSigner(d.gateway.Client(), inbox, time.Now)
}

// put sends a file as the script does.
func (d *desk) put(doc claim.Document, body []byte) {
	d.t.Helper()
	address, header, err := d.signer().PresignPUT(d.t.Context(), claim.InboxKey(doc.Upload, doc.Slot), doc.Media, doc.Size, doc.SHA256)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPut, address, bytes.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	d.send(r, http.StatusOK)
}

// post sends a file as a browser without scripts does.
func (d *desk) post(doc claim.Document, body []byte) {
	d.t.Helper()
	address, fields, err := d.signer().PresignPOST(d.t.Context(), claim.InboxKey(doc.Upload, doc.Slot), "http://127.0.0.1:8080/berkas/ktp/selesai")
	if err != nil {
		d.t.Fatal(err)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range fields {
		if err := w.WriteField(name, value); err != nil {
			d.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "ktp budi.jpg")
	if err != nil {
		d.t.Fatal(err)
	}
	_, _ = part.Write(body)
	_ = w.Close()
	r, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, address, &b)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	d.send(r, http.StatusSeeOther)
}

func (d *desk) send(r *http.Request, want int) {
	d.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	if answer, _ := io.ReadAll(resp.Body); resp.StatusCode != want {
		d.t.Fatalf("%s: status %d: %s", r.Method, resp.StatusCode, answer)
	}
}

// event waits for the file store to tell of an object and returns it as S3 words it.
func (d *desk) event() events.S3Event {
	d.t.Helper()
	select {
	case key := <-d.created:
		return eventOf(d.t, key)
	case <-time.After(5 * time.Second):
		d.t.Fatal("no event")
	}
	return events.S3Event{}
}

func eventOf(tb testing.TB, keys ...string) events.S3Event {
	tb.Helper()
	var records []string
	for _, k := range keys {
		quoted, err := json.Marshal(url.QueryEscape(k))
		if err != nil {
			tb.Fatal(err)
		}
		records = append(records, `{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"masuk"},"object":{"key":`+string(quoted)+`}}}`)
	}
	var e events.S3Event
	if err := json.Unmarshal([]byte(`{"Records":[`+strings.Join(records, ",")+`]}`), &e); err != nil {
		tb.Fatal(err)
	}
	return e
}

// result returns the document of an upload as the store has it.
func (d *desk) result(id string) claim.Document {
	d.t.Helper()
	_, doc, err := d.store.Upload(d.t.Context(), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return doc
}

func (d *desk) versions(name string) []string {
	d.t.Helper()
	out, err := d.gateway.Client().ListObjectVersions(d.t.Context(), &s3.ListObjectVersionsInput{Bucket: &name})
	if err != nil {
		d.t.Fatal(err)
	}
	var ids []string
	for _, v := range out.Versions {
		ids = append(ids, aws.ToString(v.VersionId))
	}
	return ids
}

// kept returns what the vault holds under the document's key and version.
func (d *desk) kept(doc claim.Document) ([]byte, string) {
	d.t.Helper()
	out, err := d.gateway.Client().GetObject(d.t.Context(), &s3.GetObjectInput{Bucket: aws.String(vault), Key: &doc.VaultKey, VersionId: &doc.Version})
	if err != nil {
		d.t.Fatal(err)
	}
	defer out.Body.Close()
	b, err := io.ReadAll(out.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	return b, aws.ToString(out.ContentType)
}

// photo is a sharp JPEG that says where it was taken.
func photo(tb testing.TB) []byte {
	tb.Helper()
	img := image.NewGray(image.Rect(0, 0, 640, 480))
	for y := range 480 {
		for x := range 640 {
			if x/5%2 == y/7%2 {
				img.SetGray(x, y, color.Gray{Y: 240})
			}
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		tb.Fatal(err)
	}
	comment := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x00"), gps...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(comment) + 2)}, comment...)
	return slices.Concat(b.Bytes()[:2], segment, b.Bytes()[2:])
}

const scan = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Resources<<>>/Contents 4 0 R>>endobj\n" +
	"4 0 obj<</Length 13>>stream\n0 0 9 9 re f \nendstream endobj\ntrailer<</Root 1 0 R/Size 5>>\nstartxref\n0\n%%EOF\n"

func TestFromBrowserToVault(t *testing.T) {
	d := open(t)
	jpg := photo(t)
	for _, tt := range []struct {
		name     string
		doc      claim.Document
		send     func(claim.Document, []byte)
		body     []byte
		state    claim.DocState
		findings []string
		media    string
		pages    int
	}{
		{"photograph by script", announce("image/jpeg", jpg), d.put, jpg, claim.DocPassed, nil, "image/jpeg", 0},
		{"photograph by form", claim.Document{}, d.post, jpg, claim.DocPassed, nil, "image/jpeg", 0},
		{"scan by form", claim.Document{}, d.post, []byte(scan), claim.DocPassed, nil, "application/pdf", 1},
		{"scan where a photograph is wanted", claim.Document{Media: examine.AnyPicture}, d.post, []byte(scan), claim.DocRefused, []string{examine.NotPhoto}, examine.AnyPicture, 0},
		{"text by form", claim.Document{}, d.post, []byte("bukan gambar"), claim.DocRefused, []string{examine.Type}, "", 0},
		{"scan announced as photograph", announce("image/jpeg", []byte(scan)), d.put, []byte(scan), claim.DocRefused, []string{examine.OtherType}, "image/jpeg", 0},
		{"half a photograph", announce("image/jpeg", jpg[:2000]), d.put, jpg[:2000], claim.DocRefused, []string{examine.Damaged}, "image/jpeg", 0},
		{"too late", claim.Document{Expires: time.Now().Add(-time.Hour)}, d.post, jpg, claim.DocRefused, []string{inspect.Late}, "", 0},
		{"not what was announced", announce("image/jpeg", jpg), d.post, append(bytes.Clone(jpg), 0), claim.DocRefused, []string{inspect.Digest}, "image/jpeg", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d.t = t
			doc := d.allow(tt.doc)
			tt.send(doc, tt.body)
			if err := d.service.Handle(t.Context(), d.event()); err != nil {
				t.Fatal(err)
			}
			got := d.result(doc.Upload)
			if got.State != tt.state || !slices.Equal(got.Findings, tt.findings) || got.Media != tt.media || got.Pages != tt.pages {
				t.Errorf("result %s %v %q %d pages; want %s %v %q %d pages", got.State, got.Findings, got.Media, got.Pages, tt.state, tt.findings, tt.media, tt.pages)
			}
			if left := d.versions(inbox); len(left) != 0 {
				t.Errorf("left in the inbox: %v", left)
			}
			if got.State != claim.DocPassed {
				if got.VaultKey != "" || got.Version != "" {
					t.Errorf("refused, but kept as %s version %s", got.VaultKey, got.Version)
				}
				return
			}
			kept, media := d.kept(got)
			if media != tt.media || int64(len(kept)) != got.Size {
				t.Errorf("kept %d bytes of %s; noted %d of %s", len(kept), media, got.Size, tt.media)
			}
			if bytes.Contains(kept, []byte(gps)) || bytes.Contains(kept, []byte("Exif")) {
				t.Error("the vault knows where the photograph was taken")
			}
		})
	}
}

// A file that fails takes nothing away from the one that passed before.
func TestFailedReplacementChangesNothing(t *testing.T) {
	d := open(t)
	for _, body := range [][]byte{photo(t), []byte("bukan gambar")} {
		d.post(d.allow(claim.Document{}), body)
		if err := d.service.Handle(t.Context(), d.event()); err != nil {
			t.Fatal(err)
		}
		reg, err := d.store.ByID(t.Context(), d.reg)
		if err != nil || !reg.Passed(slot) {
			t.Errorf("the slot has no file that passed any more (%v)", err)
		}
	}
}

func TestEventsTwiceAndAtOnce(t *testing.T) {
	d := open(t)
	doc := d.allow(claim.Document{})
	d.post(doc, photo(t))
	e := d.event()
	var all sync.WaitGroup
	for range 6 {
		all.Go(func() {
			if err := d.service.Handle(t.Context(), e); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if err := d.service.Handle(t.Context(), e); err != nil {
		t.Errorf("a late repetition: %v", err)
	}
	got := d.result(doc.Upload)
	if got.State != claim.DocPassed || !slices.Contains(d.versions(vault), got.Version) {
		t.Errorf("result %s, version %q; the vault has %v", got.State, got.Version, d.versions(vault))
	}
	if body, _ := d.kept(got); len(body) == 0 {
		t.Error("nothing kept")
	}
}

// The form's permission allows a second file until it runs out: the first
// result stands, and the second file does not stay.
func TestSecondFileOfOneForm(t *testing.T) {
	d := open(t)
	doc := d.allow(claim.Document{})
	d.post(doc, photo(t))
	if err := d.service.Handle(t.Context(), d.event()); err != nil {
		t.Fatal(err)
	}
	first := d.result(doc.Upload)
	d.post(doc, []byte("bukan gambar"))
	if err := d.service.Handle(t.Context(), d.event()); err != nil {
		t.Fatal(err)
	}
	if second := d.result(doc.Upload); second.State != first.State || second.Version != first.Version {
		t.Errorf("result became %s, version %s; want the first to stand", second.State, second.Version)
	}
	if left := d.versions(inbox); len(left) != 0 {
		t.Errorf("left in the inbox: %v", left)
	}
}

func TestForeignObjectsAreIgnored(t *testing.T) {
	d := open(t)
	doc := d.allow(claim.Document{})
	keys := []string{
		"inbox/" + strings.Repeat("0", 32) + "/ktp",      // never allowed
		"inbox/" + doc.Upload + "/kartu-keluarga",        // allowed for another slot
		"inbox/9901010101900001/ktp", "ktp budi.jpg", "", // not of our form
	}
	if err := d.service.Handle(t.Context(), eventOf(t, keys...)); err != nil {
		t.Errorf("Handle = %v", err)
	}
	broken := eventOf(t, "a")
	broken.Records[0].S3.Object.Key = "%zz"
	if err := d.service.Handle(t.Context(), broken); err != nil {
		t.Errorf("Handle = %v", err)
	}
	if got := d.result(doc.Upload); got.State != claim.DocWaiting {
		t.Errorf("the upload became %s", got.State)
	}
	if n := strings.Count(d.log.String(), "object ignored"); n != len(keys)+1 {
		t.Errorf("%d ignored in the log; want %d", n, len(keys)+1)
	}
	for _, secret := range []string{"9901010101900001", "budi"} {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// failing cannot keep one file.
type failing struct {
	inspect.Files
	upload string
}

var errDown = errors.New("vault is down")

func (f failing) Keep(ctx context.Context, key, media string, body []byte) (string, error) {
	if strings.Contains(key, f.upload) {
		return "", errDown
	}
	return f.Files.Keep(ctx, key, media, body)
}

func TestOneFailureHoldsUpNothingElse(t *testing.T) {
	d := open(t)
	var docs []claim.Document
	var keys []string
	for range 3 {
		doc := d.allow(claim.Document{})
		d.post(doc, photo(t))
		docs, keys = append(docs, doc), append(keys, claim.InboxKey(doc.Upload, doc.Slot))
	}
	whole := d.service.Files
	d.service.Files = failing{whole, docs[1].Upload}
	if err := d.service.Handle(t.Context(), eventOf(t, keys...)); !errors.Is(err, errDown) {
		t.Errorf("Handle = %v; want the failure, so that the event comes again", err)
	}
	for i, want := range []claim.DocState{claim.DocPassed, claim.DocWaiting, claim.DocPassed} {
		if got := d.result(docs[i].Upload).State; got != want {
			t.Errorf("file %d is %s; want %s", i+1, got, want)
		}
	}
	d.service.Files = whole
	if err := d.service.Handle(t.Context(), eventOf(t, keys...)); err != nil {
		t.Fatal(err)
	}
	if got := d.result(docs[1].Upload).State; got != claim.DocPassed {
		t.Errorf("tried again, file 2 is %s", got)
	}
}

// forbidding does not say that an object is gone, like S3 to whoever may not list.
type forbidding struct{ inspect.Files }

func (forbidding) Fetch(context.Context, string) (inspect.Object, error) {
	return inspect.Object{}, errors.New("forbidden")
}

func TestRepeatedEventWithoutPermissionToList(t *testing.T) {
	d := open(t)
	doc := d.allow(claim.Document{})
	d.post(doc, photo(t))
	e := d.event()
	whole := d.service.Files
	d.service.Files = forbidding{whole}
	if err := d.service.Handle(t.Context(), e); err == nil {
		t.Error("a file that waits and cannot be read was given up")
	}
	d.service.Files = whole
	if err := d.service.Handle(t.Context(), e); err != nil {
		t.Fatal(err)
	}
	d.service.Files = forbidding{whole}
	if err := d.service.Handle(t.Context(), e); err != nil {
		t.Errorf("repeated after the result: %v; want nothing to do", err)
	}
}

func TestFindingsHaveWords(t *testing.T) {
	for _, f := range []string{inspect.Digest, inspect.Late} {
		if key := "berkas.temuan." + f; page.T(requirement.EN, key) == key {
			t.Errorf("no words for %s", key)
		}
	}
}
