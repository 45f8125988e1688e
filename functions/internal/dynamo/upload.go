package dynamo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/seal"
)

func documentItem(d claim.Document) item {
	return item{"slot": str(d.Slot), "kind": str(d.Kind), "state": str(string(d.State)), "findings": str(strings.Join(d.Findings, " ")),
		"media": str(d.Media), "size": num(d.Size), "sha256": str(d.SHA256), "vault": str(d.VaultKey), "version": str(d.Version),
		"pages": num(int64(d.Pages)), "created": num(d.Created.UnixMilli()), "expires": unix(d.Expires)}
}

// inspected is a document with what finds the same file under another claim.
func inspected(keys *seal.Keys, id string, d claim.Document) item {
	it := documentItem(d)
	if d.State == claim.DocPassed {
		it["GSI3PK"], it["GSI3SK"] = str(sameFile(keys, d.SHA256)), str(regKey(id).pk)
	}
	return it
}

func readDocument(it item) claim.Document {
	return claim.Document{Upload: strings.TrimPrefix(getS(it, "SK"), "DOC#"), Slot: getS(it, "slot"), Kind: getS(it, "kind"),
		State: claim.DocState(getS(it, "state")), Findings: strings.Fields(getS(it, "findings")), Media: getS(it, "media"),
		Size: getN(it, "size"), SHA256: getS(it, "sha256"), VaultKey: getS(it, "vault"), Version: getS(it, "version"),
		Pages: int(getN(it, "pages")), Created: millis(getN(it, "created")), Expires: getTime(it, "expires")}
}

func (s *Store) documents(ctx context.Context, id string) ([]claim.Document, error) {
	items, err := s.query(ctx, regKey(id).pk, "DOC#", true)
	if err != nil {
		return nil, err
	}
	out := make([]claim.Document, len(items))
	for i, it := range items {
		out[i] = readDocument(it)
	}
	return out, nil
}

// AllowUpload notes that one file may be sent for a slot, and how inspection
// finds the registration from the object's key.
func (s *Store) AllowUpload(ctx context.Context, id string, doc claim.Document) error {
	return s.again(ctx, func() (bool, error) {
		err := s.transact(ctx, "allow upload", "", []types.TransactWriteItem{
			put(s.table, documentKey(id, doc.Upload), documentItem(doc)),
			put(s.table, uploadKey(doc.Upload), item{"reg": str(id), "ttl": num(doc.Expires.AddDate(0, 0, 7).Unix())}),
		})
		var c *cancelled
		if errors.As(err, &c) && c.passing() {
			return false, nil
		}
		return err == nil, err
	})
}

// Upload returns the registration and the document of an upload.
// claim.ErrNotFound for one that we did not allow.
func (s *Store) Upload(ctx context.Context, upload string) (string, claim.Document, error) {
	it, err := s.get(ctx, s.table, uploadKey(upload))
	if err != nil {
		return "", claim.Document{}, err
	}
	if it == nil {
		return "", claim.Document{}, claim.ErrNotFound
	}
	id := getS(it, "reg")
	doc, err := s.get(ctx, s.table, documentKey(id, upload))
	if err != nil {
		return "", claim.Document{}, err
	}
	if doc == nil {
		return "", claim.Document{}, claim.ErrNotFound
	}
	return id, readDocument(doc), nil
}

// FinishUpload notes the result of an inspection with an event of the audit
// trail. A result that is there already stands: a repeated event changes nothing.
func (s *Store) FinishUpload(ctx context.Context, id string, doc claim.Document) error {
	keys, err := s.seal(ctx)
	if err != nil {
		return err
	}
	return s.again(ctx, func() (bool, error) {
		old, err := s.record(ctx, id)
		if errors.Is(err, claim.ErrNotFound) {
			return s.finishElsewhere(ctx, id, doc)
		}
		if err != nil {
			return false, err
		}
		rec := old
		event, err := s.next(&rec, actorSystem, "inspect "+doc.Slot, claim.Status(claim.DocWaiting), claim.Status(doc.State))
		if err != nil {
			return false, err
		}
		err = s.transact(ctx, "finish upload", "", []types.TransactWriteItem{
			putIf(s.table, documentKey(id, doc.Upload), inspected(keys, id, doc), "#state = :waiting",
				map[string]string{"#state": "state"}, item{":waiting": str(string(claim.DocWaiting))}),
			s.noteFile(&rec, old.seq, doc),
			event,
		})
		var c *cancelled
		if errors.As(err, &c) {
			if c.failed(0) || c.failed(1) || c.passing() {
				return c.failed(0), nil // done before, or another event came in between
			}
		}
		if err != nil {
			return false, fmt.Errorf("finish upload: %w", err)
		}
		return true, nil
	})
}

// noteFile moves the chain of a registration's events on by that of a file.
// Where the file may be the last that a worker's agreed claim waits for, somebody
// is to look (Ripe).
func (s *Store) noteFile(rec *record, old int, doc claim.Document) types.TransactWriteItem {
	set, values := "SET seq = :seq, #hash = :hash", item{":seq": num(int64(rec.seq)), ":hash": str(rec.hash), ":old": num(int64(old))}
	if rec.Company != "" && rec.Status == claim.Draft && claim.Consented(rec.Registration) && doc.State == claim.DocPassed {
		set += ", GSI2PK = :pk, GSI2SK = :sk"
		values[":pk"], values[":sk"] = str(ripeShard(rec.ID)), str(rec.ID)
	}
	return update(s.table, regKey(rec.ID), set, "seq = :old", map[string]string{"#hash": "hash"}, values)
}
