package dynamo_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/internal/trail"
	"lapakasik/functions/local/objects"
)

func archive(t *testing.T) (*bucket.Archive, *s3.Client) {
	t.Helper()
	gateway := objects.Test(t, objects.Options{})
	client := s3.New(s3.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(gateway.URL), UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(gateway.AccessKey, gateway.SecretKey, "")})
	if _, err := client.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("audit")}); err != nil {
		t.Fatal(err)
	}
	return bucket.NewArchive(client, "audit"), client
}

// Whatever is done to the trail behind the store's back is found and named,
// also when its end is cut off and the registration says that this is right.
func TestTrail(t *testing.T) {
	s, v := vandalised(t)
	days, client := archive(t)
	clock := storetest.NewClock(storetest.Morning)
	s.Now = clock.Now
	if err := s.EnsureDay(t.Context(), storetest.Plan(20)); err != nil {
		t.Fatal(err)
	}
	by := claim.Desk{Officer: "petugas", Branch: "uji", Limit: 6}
	var ids []string
	for n := range 4 {
		reg, err := s.Book(t.Context(), storetest.Booking(n))
		if err != nil {
			t.Fatal(err)
		}
		if reg, err = s.Submit(t.Context(), reg.ID, reg.Version); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, reg.ID)
	}
	clock.Move(24 * time.Hour)
	for _, id := range ids {
		if _, err := s.View(t.Context(), by, id, "claim"); err != nil {
			t.Fatal(err)
		}
	}
	seal := func(want int) {
		t.Helper()
		if n, err := trail.Catch(t.Context(), s, days, clock.Now()); err != nil || n != want {
			t.Fatalf("%d days sealed, %v; want %d", n, err, want)
		}
	}
	seal(1)
	clock.Move(48 * time.Hour)
	seal(2)
	seal(0)
	check := func(t *testing.T, want ...string) {
		t.Helper()
		r, err := trail.Verify(t.Context(), s, days)
		if err != nil {
			t.Fatal(err)
		}
		if r.Claims != len(ids) || r.Days != 3 {
			t.Errorf("%d claims, %d days; want %d and 3", r.Claims, r.Days, len(ids))
		}
		if len(r.Findings) != len(want) {
			t.Fatalf("found %v; want %q", r.Findings, want)
		}
		for i, f := range r.Findings {
			if !strings.HasPrefix(f.String(), want[i]) {
				t.Errorf("found %q; want %q", f, want[i])
			}
		}
	}
	t.Run("whole", func(t *testing.T) { check(t) })
	t.Run("changed", func(t *testing.T) {
		event := v.first("REG#"+ids[0], "EV#", "action", "submit")
		v.set(event, "actor", "system")
		check(t, "claim "+ids[0]+", event 2: is another one", "claim "+ids[0]+", event 2: was changed")
		v.set(event, "actor", "claimant")
	})
	t.Run("sealed days", func(t *testing.T) {
		put := func(body string) {
			t.Helper()
			if _, err := client.PutObject(context.Background(), &s3.PutObjectInput{Bucket: aws.String("audit"), Key: aws.String("day/2026-11-25.json"), Body: strings.NewReader(body)}); err != nil {
				t.Fatal(err)
			}
		}
		old, err := days.Day(t.Context(), "2026-11-25")
		if err != nil {
			t.Fatal(err)
		}
		forged, err := trail.Seal("2026-11-25", nil, old.Heads[1:])
		if err != nil {
			t.Fatal(err)
		}
		put(`{"date":"2026-11-25","prev":"","heads":[],"digest":"` + forged.Digest + `"}`)
		r, err := trail.Verify(t.Context(), s, days)
		if err != nil || len(r.Findings) < 3 {
			t.Errorf("a forged day: %v, %v; want its digest, its place and what was left out", r.Findings, err)
		}
		if err := days.Keep(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		if _, err := client.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("audit"), Key: aws.String("day/2026-11-25.json")}); err != nil {
			t.Fatal(err)
		}
		if err := days.Keep(t.Context(), old); err != nil {
			t.Fatal(err)
		}
		check(t)
	})
	t.Run("the end cut off", func(t *testing.T) {
		last := v.first("REG#"+ids[1], "EV#", "action", "view claim")
		before := v.get(v.first("REG#"+ids[1], "EV#", "action", "submit"), "hash")
		v.remove(last)
		v.set(v.first("REG#"+ids[1], "REG", "status", "SUBMITTED"), "hash", before)
		check(t, "claim "+ids[1]+", event 3: is missing (sealed on 2026-11-25)")
	})
}
