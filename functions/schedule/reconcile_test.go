package schedule_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"lapakasik/functions/internal/apptest"
	"lapakasik/functions/internal/bucket"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/internal/storetest"
	"lapakasik/functions/local/objects"
	"lapakasik/functions/schedule"
	"lapakasik/site/requirement"
)

// A cellar is a world with a vault, one complete claim in it, and a way behind the store's back.
type cellar struct {
	world
	t     *testing.T
	db    *dynamodb.Client
	table string
	files *s3.Client
	reg   claim.Registration
}

func openCellar(t *testing.T, set *requirement.Set, g *objects.Gateway, vault string) *cellar {
	t.Helper()
	c := &cellar{world: with(t, set), t: t, db: storetest.Client(storetest.Engine(t).URL), files: g.Client()}
	if err := g.MakeBucket(t.Context(), vault); err != nil {
		t.Fatal(err)
	}
	keys := storetest.Keys(t)
	var keysTable string
	c.table, keysTable = storetest.Tables(t, c.db)
	c.store = dynamo.New(c.db, c.table, keysTable, func(context.Context) (*seal.Keys, error) { return keys, nil })
	c.store.Now = c.clock.Now
	c.Store, c.Vault = c.store, bucket.NewVault(c.files, vault)
	c.reg = c.complete(bucket.NewFiles(c.files, "inbox", vault, ""))
	return c
}

// complete books a claim, keeps its documents in the vault, and submits it.
func (c *cellar) complete(files *bucket.Files) claim.Registration {
	c.t.Helper()
	reg := c.book(c.t, 1)
	for i, it := range c.set.Reason("mengundurkan-diri").Checklist(nil, requirement.Online, storetest.Tomorrow) {
		if it.Need != requirement.Required {
			continue
		}
		doc := claim.Document{Slot: it.Slot, Kind: it.Slot, Upload: reg.ID[:31] + string(rune('a'+i)), State: claim.DocWaiting, Created: c.clock.Now(), Expires: reg.Deadline}
		err := c.store.AllowUpload(c.t.Context(), reg.ID, doc)
		if err == nil {
			doc.State, doc.VaultKey = claim.DocPassed, claim.VaultKey(doc.Upload, doc.Slot, "pdf")
			doc.Version, err = files.Keep(c.t.Context(), doc.VaultKey, "application/pdf", []byte("%PDF"))
		}
		if err == nil {
			err = c.store.FinishUpload(c.t.Context(), reg.ID, doc)
		}
		if err != nil {
			c.t.Fatal(err)
		}
	}
	reg, err := c.store.Submit(c.t.Context(), reg.ID, 0)
	if err == nil {
		reg, err = c.store.ByID(c.t.Context(), reg.ID)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return reg
}

// write changes an attribute of an item of the claim's partition.
func (c *cellar) write(pk, sk, attribute, value string) {
	c.t.Helper()
	_, err := c.db.UpdateItem(c.t.Context(), &dynamodb.UpdateItemInput{TableName: &c.table,
		Key:              map[string]types.AttributeValue{"PK": &types.AttributeValueMemberS{Value: pk}, "SK": &types.AttributeValueMemberS{Value: sk}},
		UpdateExpression: aws.String("SET #a = :v"), ConditionExpression: aws.String("attribute_exists(PK)"), ExpressionAttributeNames: map[string]string{"#a": attribute},
		ExpressionAttributeValues: map[string]types.AttributeValue{":v": &types.AttributeValueMemberS{Value: value}}})
	if err != nil {
		c.t.Fatal(err)
	}
}

// Each kind of difference between what belongs together fails the nightly job,
// which names it; a night without any does not.
func TestReconcileCallsSomebody(t *testing.T) {
	set := apptest.Content(t, "../..") // before the gateway takes the working directory
	g := objects.Test(t, objects.Options{})
	for i, tt := range []struct {
		name  string
		spoil func(*cellar)
		want  string
	}{
		{"nothing", func(*cellar) {}, ""},
		{"a document is gone from the vault", func(c *cellar) {
			doc := c.reg.Documents[0]
			if _, err := c.files.DeleteObject(c.t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("vault-1"), Key: &doc.VaultKey, VersionId: &doc.Version}); err != nil {
				c.t.Fatal(err)
			}
		}, "is not in the vault"},
		{"a document has another version", func(c *cellar) {
			c.write("REG#"+c.reg.ID, "DOC#"+c.reg.Documents[0].Upload, "version", "01JZZZZZZZZZZZZZZZZZZZZZZZ")
		}, "is not in the vault"},
		{"a claim lacks a document", func(c *cellar) {
			c.write("REG#"+c.reg.ID, "DOC#"+c.reg.Documents[0].Upload, "state", "REFUSED")
		}, "is SUBMITTED and lacks documents"},
		{"a claim lost its lock and seat", func(c *cellar) { c.write("REG#"+c.reg.ID, "REG", "status", "CANCELLED") }, "lock says otherwise"},
		{"who waits is on no list", func(c *cellar) { c.write("REG#"+c.reg.ID, "REG", "status", "WAITING") }, "on no list of its day"},
		{"an event has another message", func(c *cellar) { c.write("REG#"+c.reg.ID, "OUT#000001", "kind", "moved") }, `owed is "received"`},
		{"a message is not sent", func(c *cellar) { c.clock.Move(25 * time.Hour) }, "has had a message due"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := openCellar(t, set, g, "vault-"+string(rune('0'+i)))
			tt.spoil(c)
			err := c.Handle(t.Context(), schedule.Event{Job: "reconcile"})
			if log := c.log.String(); (err != nil) != (tt.want != "") || !strings.Contains(strings.ReplaceAll(log, `\"`, `"`), tt.want) {
				t.Errorf("the job = %v, log %s; want %q", err, log, tt.want)
			}
		})
	}
}
