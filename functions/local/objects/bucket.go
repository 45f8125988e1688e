package objects

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// Client returns a client of the gateway's account.
func (g *Gateway) Client() *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: aws.String(g.URL), UsePathStyle: true, Region: Region,
		Credentials: credentials.NewStaticCredentialsProvider(g.AccessKey, g.SecretKey, ""),
	})
}

// MakeBucket makes a bucket with versions, open to uploads from the pages of
// Options.Origins. One that exists stays as it is, with these settings.
func (g *Gateway) MakeBucket(ctx context.Context, name string) error {
	client := g.Client()
	_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: Region}})
	var mine *types.BucketAlreadyOwnedByYou
	if err != nil && !errors.As(err, &mine) {
		return fmt.Errorf("make bucket %s: %w", name, err)
	}
	_, err = client.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{Bucket: &name,
		VersioningConfiguration: &types.VersioningConfiguration{Status: types.BucketVersioningStatusEnabled}})
	if err != nil {
		return fmt.Errorf("versions of bucket %s: %w", name, err)
	}
	if len(g.origins) == 0 {
		return nil
	}
	_, err = client.PutBucketCors(ctx, &s3.PutBucketCorsInput{Bucket: &name,
		CORSConfiguration: &types.CORSConfiguration{CORSRules: []types.CORSRule{{
			AllowedOrigins: g.origins, AllowedMethods: []string{"PUT", "POST"}, MaxAgeSeconds: aws.Int32(300),
			AllowedHeaders: []string{"content-type", "if-none-match", "x-amz-checksum-sha256"},
		}}}})
	if err != nil {
		return fmt.Errorf("origins of bucket %s: %w", name, err)
	}
	return nil
}
