package bucket

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// ViewLife is how long a signed look at a document lives (TRUST R43).
const ViewLife = time.Minute

// A Vault signs requests that read one document.
type Vault struct {
	client *s3.Client
	bucket string
	now    func() time.Time
}

// NewVault signs for the vault with the client's credentials.
func NewVault(client *s3.Client, vault string, now func() time.Time) *Vault {
	return &Vault{client: client, bucket: vault, now: now}
}

// PresignGET returns an address that shows one version of an object for
// ViewLife, in the browser, under a name of ours and as the media type that
// inspection found.
func (v *Vault) PresignGET(ctx context.Context, key, version, media, name string) (string, error) {
	in := &s3.GetObjectInput{Bucket: &v.bucket, Key: &key, ResponseContentType: &media,
		ResponseContentDisposition: aws.String(`inline; filename="` + name + path.Ext(key) + `"`), ResponseCacheControl: aws.String("no-store")}
	if version != "" {
		in.VersionId = &version
	}
	signed, err := s3.NewPresignClient(v.client).PresignGetObject(ctx, in, func(o *s3.PresignOptions) {
		o.Expires, o.Presigner = ViewLife, putClock{o.Presigner, v.now}
	})
	if err != nil {
		return "", fmt.Errorf("sign GET: %w", err)
	}
	if signed.Method != http.MethodGet {
		return "", fmt.Errorf("sign GET: signed %s", signed.Method)
	}
	return signed.URL, nil
}
