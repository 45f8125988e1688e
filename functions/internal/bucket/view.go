package bucket

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// ViewLife is how long the address of a document is good.
const ViewLife = time.Minute

// A Viewer signs requests that read one object of the vault.
type Viewer struct {
	client     *s3.Client
	vault, tag string
	now        func() time.Time
}

// NewViewer signs for the vault. tag, "key=value", is what every object must
// carry before it is shown (a malware scan's verdict); "" asks for none.
func NewViewer(client *s3.Client, vault, tag string, now func() time.Time) *Viewer {
	return &Viewer{client: client, vault: vault, tag: tag, now: now}
}

// PresignGET returns an address at which one version of a vault object can be
// read for ViewLife, with exactly this media type, to be shown and not saved,
// under this file name, kept by nobody.
func (v *Viewer) PresignGET(ctx context.Context, key, version, media, name string) (string, error) {
	signed, err := s3.NewPresignClient(v.client).PresignGetObject(ctx, &s3.GetObjectInput{Bucket: &v.vault, Key: &key, VersionId: optional(version),
		ResponseContentType: &media, ResponseContentDisposition: aws.String(`inline; filename="` + name + `"`), ResponseCacheControl: aws.String("no-store")},
		func(o *s3.PresignOptions) {
			o.Expires = ViewLife
			o.Presigner = putClock{o.Presigner, v.now}
		})
	if err != nil {
		return "", fmt.Errorf("sign GET: %w", err)
	}
	return signed.URL, nil
}

// Clean tells whether one version of an object carries the tag that is asked for.
func (v *Viewer) Clean(ctx context.Context, key, version string) (bool, error) {
	if v.tag == "" {
		return true, nil
	}
	out, err := v.client.GetObjectTagging(ctx, &s3.GetObjectTaggingInput{Bucket: &v.vault, Key: &key, VersionId: optional(version)})
	if err != nil {
		return false, fmt.Errorf("tags of a document: %w", err)
	}
	for _, t := range out.TagSet {
		if aws.ToString(t.Key)+"="+aws.ToString(t.Value) == v.tag {
			return true, nil
		}
	}
	return false, nil
}
