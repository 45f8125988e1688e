package bucket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/trail"
)

// Archive keeps sealed days of the audit trail as objects "day/2026-11-24.json".
// That nobody can change or remove them is up to the bucket (Object Lock).
type Archive struct {
	client *s3.Client
	bucket string
}

// NewArchive works on a bucket.
func NewArchive(client *s3.Client, bucket string) *Archive { return &Archive{client, bucket} }

func dayName(date string) *string { return aws.String("day/" + date + ".json") }

// Days returns the dates of the sealed days, oldest first.
func (a *Archive) Days(ctx context.Context) ([]string, error) {
	var out []string
	for p := s3.NewListObjectsV2Paginator(a.client, &s3.ListObjectsV2Input{Bucket: &a.bucket, Prefix: aws.String("day/")}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("sealed days: %w", err)
		}
		for _, o := range page.Contents { // in order of their names
			out = append(out, strings.TrimSuffix(strings.TrimPrefix(aws.ToString(o.Key), "day/"), ".json"))
		}
	}
	return out, nil
}

// Day reads a sealed day. trail.ErrNoDay if there is none.
func (a *Archive) Day(ctx context.Context, date string) (trail.Day, error) {
	var d trail.Day
	o, err := a.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &a.bucket, Key: dayName(date)})
	if errors.Is(gone(err), ErrNoObject) {
		return d, trail.ErrNoDay
	}
	if err != nil {
		return d, fmt.Errorf("sealed day %s: %w", date, err)
	}
	defer o.Body.Close()
	if err := json.NewDecoder(o.Body).Decode(&d); err != nil {
		return d, fmt.Errorf("sealed day %s: %w", date, err)
	}
	return d, nil
}

// Keep stores a day if there is none of its date.
func (a *Archive) Keep(ctx context.Context, d trail.Day) error {
	b, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("seal day %s: %w", d.Date, err)
	}
	_, err = a.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &a.bucket, Key: dayName(d.Date), Body: bytes.NewReader(b),
		ContentType: aws.String("application/json"), IfNoneMatch: aws.String("*")})
	var refused interface{ ErrorCode() string }
	if errors.As(err, &refused) && refused.ErrorCode() == "PreconditionFailed" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("seal day %s: %w", d.Date, err)
	}
	return nil
}
