package bucket

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// Vault tells what the vault keeps, without being able to read it.
type Vault struct {
	client *s3.Client
	bucket string
}

// NewVault looks at a bucket.
func NewVault(client *s3.Client, bucket string) *Vault { return &Vault{client, bucket} }

// Holds tells whether the vault has a version of an object; any will do for "".
func (v *Vault) Holds(ctx context.Context, key, version string) (bool, error) {
	for p := s3.NewListObjectVersionsPaginator(v.client, &s3.ListObjectVersionsInput{Bucket: &v.bucket, Prefix: &key}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return false, fmt.Errorf("versions of %s: %w", key, err)
		}
		for _, o := range page.Versions {
			if aws.ToString(o.Key) == key && (version == "" || aws.ToString(o.VersionId) == version) {
				return true, nil
			}
		}
	}
	return false, nil
}
