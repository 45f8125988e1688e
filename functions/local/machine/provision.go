package machine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/staff"
	"lapakasik/functions/local/identity"
	"lapakasik/functions/local/template"
)

// provision makes the tables and buckets that are not there yet, and
// publishes the requirement set. Older versions of the set stay, because
// registrations were made under them.
func (w *world) provision(ctx context.Context, pages map[string][]byte) error {
	for _, t := range w.Tables {
		if err := makeTable(ctx, w.db(), t); err != nil {
			return err
		}
	}
	for _, name := range w.Buckets {
		if err := w.files.MakeBucket(ctx, name); err != nil {
			return fmt.Errorf("bucket %s: %w", name, err)
		}
	}
	return w.publish(ctx, pages)
}

func (w *world) db() *dynamodb.Client {
	return dynamodb.NewFromConfig(w.aws, func(o *dynamodb.Options) { o.BaseEndpoint = aws.String(w.engine.URL) })
}

// hire gives the provider's made-up colleagues their roles, but for those who
// are known already: what an administrator made of them stays.
func (w *world) hire(ctx context.Context, who *identity.Provider) error {
	store := dynamo.NewStaff(w.db(), "StaffTable")
	for _, a := range who.Accounts {
		id := staff.ID(who.Issuer(), a.Username)
		_, err := store.Person(ctx, id)
		if errors.Is(err, staff.ErrNoLogin) && len(a.Roles) > 0 {
			_, err = store.Save(ctx, staff.Person{ID: id, Name: a.Name, Roles: a.Roles, Branches: a.Branches})
		}
		if err != nil && !errors.Is(err, staff.ErrNoLogin) {
			return fmt.Errorf("demonstration colleague: %w", err)
		}
	}
	return nil
}

// publish puts what the functions read of the site where they read it.
func (w *world) publish(ctx context.Context, pages map[string][]byte) error {
	client := w.files.Client()
	for name, b := range pages {
		if !strings.HasPrefix(name, "data/") {
			continue
		}
		_, err := client.PutObject(ctx, &s3.PutObjectInput{Bucket: aws.String(w.values["SiteBucket"]), Key: aws.String(name),
			Body: bytes.NewReader(b), ContentType: aws.String("application/json")})
		if err != nil {
			return fmt.Errorf("publish %s: %w", name, err)
		}
	}
	return nil
}

// Tables makes the tables of the template in a checkout at an engine, for a
// program that needs the store alone. They are named by their logical ids.
func Tables(ctx context.Context, root string, db *dynamodb.Client) error {
	t, err := template.Read(filepath.Join(root, "template.yaml"), nil)
	if err != nil {
		return err
	}
	for _, table := range t.Tables {
		if err := makeTable(ctx, db, table); err != nil {
			return err
		}
	}
	return nil
}

func makeTable(ctx context.Context, db *dynamodb.Client, t template.Table) error {
	in := &dynamodb.CreateTableInput{TableName: aws.String(t.ID), BillingMode: types.BillingModePayPerRequest, KeySchema: keySchema(t.Keys)}
	for _, name := range t.Attributes {
		in.AttributeDefinitions = append(in.AttributeDefinitions, types.AttributeDefinition{AttributeName: aws.String(name), AttributeType: types.ScalarAttributeTypeS})
	}
	for _, x := range t.Indexes {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{IndexName: aws.String(x.Name),
			KeySchema: keySchema(x.Keys), Projection: &types.Projection{ProjectionType: types.ProjectionType(x.Projection), NonKeyAttributes: x.Include}})
	}
	_, err := db.CreateTable(ctx, in)
	var exists *types.ResourceInUseException
	if err != nil && !errors.As(err, &exists) {
		return fmt.Errorf("table %s: %w", t.ID, err)
	}
	return nil
}

func keySchema(names []string) []types.KeySchemaElement {
	var out []types.KeySchemaElement
	for i, name := range names {
		kind := types.KeyTypeHash
		if i == 1 {
			kind = types.KeyTypeRange
		}
		out = append(out, types.KeySchemaElement{AttributeName: aws.String(name), KeyType: kind})
	}
	return out
}
