package bucket

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Draws keeps the published files of openings by draw beside the site's data,
// where everybody can download them.
type Draws struct {
	client *s3.Client
	bucket string
}

// NewDraws works on the site's bucket.
func NewDraws(client *s3.Client, bucket string) *Draws { return &Draws{client, bucket} }

// DrawPath is where the file of a name is, without a first slash.
func DrawPath(name string) string { return "data/undian/" + name + ".json" }

// Publish writes a file. The same name is always given the same bytes.
func (d *Draws) Publish(ctx context.Context, name string, body []byte) error {
	_, err := d.client.PutObject(ctx, &s3.PutObjectInput{Bucket: &d.bucket, Key: aws.String(DrawPath(name)), Body: bytes.NewReader(body), ContentType: aws.String("application/json")})
	if err != nil {
		return fmt.Errorf("publish draw %s: %w", name, err)
	}
	return nil
}

// Read reads a file back.
func (d *Draws) Read(ctx context.Context, name string) ([]byte, error) {
	o, err := d.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &d.bucket, Key: aws.String(DrawPath(name))})
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	defer o.Body.Close()
	b, err := io.ReadAll(o.Body)
	if err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	return b, nil
}
