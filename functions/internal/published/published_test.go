package published_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/published"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/objects"
	"lapakasik/site/requirement"
)

func set(t *testing.T, horizon int) *requirement.Set {
	t.Helper()
	s := &requirement.Set{Booking: requirement.Booking{HorizonDays: horizon}}
	if err := s.Seal(); err != nil {
		t.Fatal(err)
	}
	return s
}

// A new set reaches the functions within 30 seconds, an old one stays to be
// had, and a broken one changes nothing.
func TestSets(t *testing.T) {
	g := objects.Test(t, objects.Options{})
	if err := g.MakeBucket(t.Context(), "site"); err != nil {
		t.Fatal(err)
	}
	put := func(key string, b []byte) {
		t.Helper()
		if _, err := g.Client().PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("site"), Key: aws.String(key), Body: bytes.NewReader(b)}); err != nil {
			t.Fatal(err)
		}
	}
	publish := func(s *requirement.Set) {
		t.Helper()
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		put("data/persyaratan.json", b)
		put("data/persyaratan-"+s.Version+".json", b)
	}
	clock := storetest.NewClock(storetest.Morning)
	sets := published.New(g.Client(), "site", clock.Now)
	if _, err := sets.Current(t.Context()); err == nil {
		t.Error("Current before anything is published = nil; want an error")
	}
	first, second := set(t, 7), set(t, 14)
	publish(first)
	current := func(step string, want *requirement.Set) {
		t.Helper()
		got, err := sets.Current(t.Context())
		if err != nil || got.Version != want.Version {
			t.Errorf("%s: Current = %v, %v; want %s", step, got, err, want.Version)
		}
	}
	current("published", first)
	publish(second)
	current("at once", first)
	clock.Move(31 * time.Second)
	current("after 31 seconds", second)
	put("data/persyaratan.json", []byte(`{"version":"0123456789abcdef"}`))
	clock.Move(31 * time.Second)
	current("after a broken set", second)
	fresh := published.New(g.Client(), "site", clock.Now)
	if got, err := fresh.Version(t.Context(), first.Version); err != nil || got.Booking.HorizonDays != 7 {
		t.Errorf("Version(first) = %v, %v", got, err)
	}
	if _, err := fresh.Version(t.Context(), "ffffffffffffffff"); !errors.Is(err, published.ErrVersion) {
		t.Errorf("Version(unknown) = %v; want ErrVersion", err)
	}
}
