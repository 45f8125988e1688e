package seal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"crypto/rand"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
)

// MAC is the part of KMS that makes the root.
type MAC interface {
	GenerateMac(context.Context, *kms.GenerateMacInput, ...func(*kms.Options)) (*kms.GenerateMacOutput, error)
}

// FromKMS derives the keys from a KMS HMAC key (KeySpec HMAC_256), which
// never leaves KMS: the root is its MAC of a fixed label.
func FromKMS(ctx context.Context, client MAC, keyID string) (*Keys, error) {
	out, err := client.GenerateMac(ctx, &kms.GenerateMacInput{
		KeyId: aws.String(keyID), MacAlgorithm: types.MacAlgorithmSpecHmacSha256, Message: []byte("lapakasik/root/" + KeyVersion)})
	if err != nil {
		return nil, fmt.Errorf("root from KMS: %w", err)
	}
	return New(out.Mac)
}

// FromFile derives the keys from a file, for one machine.
func FromFile(path string) (*Keys, error) {
	root, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("root: %w", err)
	}
	return New(root)
}

// MakeFile writes a new random root that only the owner can read, unless there is one.
func MakeFile(path string) error {
	root := make([]byte, 32)
	if _, err := rand.Read(root); err != nil {
		return fmt.Errorf("root: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("root: %w", err)
	}
	_, err = f.Write(root)
	return errors.Join(err, f.Close())
}
