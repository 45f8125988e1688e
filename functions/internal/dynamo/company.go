package dynamo

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/company"
	"lapakasik/functions/internal/seal"
	"lapakasik/site/requirement"
)

// A firm is a company's request as it is stored. Its events are chained like
// those of a registration, and are sealed with them.
type firm struct {
	company.Request
	chain  record // id, place and newest event
	digest string
	sealed []byte
}

func (f *firm) item() (item, error) {
	block, err := json.Marshal(f.Block)
	if err != nil {
		return nil, fmt.Errorf("block: %w", err)
	}
	it := item{"v": num(int64(f.Version)), "seq": num(int64(f.chain.seq)), "hash": str(f.chain.hash), "digest": str(f.digest),
		"status": str(string(f.Status)), "branch": str(f.Branch), "set": str(f.SetVersion), "lang": str(string(f.Lang)),
		"created": unix(f.Created), "until": unix(f.Until), "list": str(f.List), "rows": num(int64(f.Rows)), "block": str(string(block)),
		"returns": str(strings.Join(f.Returns, " ")), "agreed": unix(f.Agreed), "sealed": bin(f.sealed)}
	if f.Status == company.Reserving || f.Status == company.Agreed {
		it["GSI2PK"], it["GSI2SK"] = str(companyShard(f.ID)), str(f.ID)
	}
	return it, nil
}

func readFirm(it item) (firm, error) {
	id := strings.TrimPrefix(getS(it, "PK"), "REG#")
	f := firm{digest: getS(it, "digest"), sealed: getB(it, "sealed"), Request: company.Request{ID: id, Version: int(getN(it, "v")),
		Status: company.Status(getS(it, "status")), Branch: getS(it, "branch"), SetVersion: getS(it, "set"), Lang: requirement.Lang(getS(it, "lang")),
		Created: getTime(it, "created"), Until: getTime(it, "until"), List: getS(it, "list"), Rows: int(getN(it, "rows")),
		Returns: strings.Fields(getS(it, "returns")), Agreed: getTime(it, "agreed")}}
	f.chain = record{seq: int(getN(it, "seq")), hash: getS(it, "hash")}
	f.chain.ID, f.chain.Place = id, claim.Place{Branch: f.Branch, Channel: requirement.Collective}
	if err := json.Unmarshal([]byte(getS(it, "block")), &f.Block); err != nil {
		return f, fmt.Errorf("block of a company: %w", err)
	}
	return f, nil
}

// firm reads the item of a request alone. claim.ErrNotFound if there is none.
func (s *Store) firm(ctx context.Context, id string) (firm, error) {
	it, err := s.get(ctx, s.table, companyKey(id))
	if err != nil {
		return firm{}, err
	}
	if it == nil {
		return firm{}, claim.ErrNotFound
	}
	return readFirm(it)
}

// newest is the hash of the newest event of a registration or a company.
func (s *Store) newest(ctx context.Context, id string) (string, error) {
	rec, err := s.record(ctx, id)
	if errors.Is(err, claim.ErrNotFound) {
		f, err := s.firm(ctx, id)
		return f.chain.hash, err
	}
	return rec.hash, err
}

// NewCompany opens a company's request with status, branch, times and private
// part of r. The same key gives the same request; with another digest
// claim.ErrKeyReused.
func (s *Store) NewCompany(ctx context.Context, formKey []byte, digest string, r company.Request) (company.Request, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return r, err
	}
	r.Private.Code = keys.Code(append([]byte("company"), formKey...))
	r.ID, r.Version, r.Status, r.Created = keys.RegistrationID(r.Private.Code), 1, company.Open, s.Now().UTC().Truncate(time.Second)
	f := firm{Request: r, digest: digest, chain: record{Registration: claim.Registration{ID: r.ID, Place: claim.Place{Branch: r.Branch, Channel: requirement.Collective}}}}
	items, err := s.newFirm(keys, &f)
	if err != nil {
		return r, err
	}
	err = s.again(ctx, func() (bool, error) {
		err := s.transact(ctx, "new company", "", items)
		var c *cancelled
		if errors.As(err, &c) && c.passing() {
			return false, nil
		}
		return err == nil, err
	})
	if err == nil {
		return f.Request, nil
	}
	old, found := s.firm(ctx, r.ID)
	switch {
	case errors.Is(found, claim.ErrNotFound):
		return r, err
	case found == nil && old.digest != digest:
		return r, claim.ErrKeyReused
	case found != nil:
		return r, found
	}
	return s.CompanyByID(ctx, r.ID)
}

func (s *Store) newFirm(keys *seal.Keys, f *firm) ([]types.TransactWriteItem, error) {
	data, err := keys.NewDataKey(f.ID)
	if err != nil {
		return nil, err
	}
	plain, err := json.Marshal(f.Private)
	if err != nil {
		return nil, fmt.Errorf("company: %w", err)
	}
	f.sealed = data.SealPart("company", plain)
	event, err := s.next(&f.chain, actorCompany, "open", "", claim.Status(f.Status))
	if err != nil {
		return nil, err
	}
	it, err := f.item()
	if err != nil {
		return nil, err
	}
	return []types.TransactWriteItem{put(s.table, companyKey(f.ID), it), event, s.listed(f),
		put(s.keys, dataKeyKey(f.ID), item{"wrapped": bin(data.Wrapped), "kv": str(seal.KeyVersion)})}, nil
}

// actorCompany is the representative of a company.
const actorCompany = "company"

// listed is what the branch's list of requests shows.
func (s *Store) listed(f *firm) types.TransactWriteItem {
	it := companiesKey(f.Branch, f.ID).attributes()
	it["status"], it["created"] = str(string(f.Status)), unix(f.Created)
	return types.TransactWriteItem{Put: &types.Put{TableName: &s.table, Item: it}}
}

// CompanyByID returns a request with its letters and its private part.
// claim.ErrNotFound if there is none.
func (s *Store) CompanyByID(ctx context.Context, id string) (company.Request, error) {
	f, err := s.firm(ctx, id)
	if err != nil {
		return company.Request{}, err
	}
	if err := s.openFirm(ctx, &f); err != nil {
		return company.Request{}, err
	}
	f.Documents, err = s.documents(ctx, id)
	return f.Request, err
}

func (s *Store) openFirm(ctx context.Context, f *firm) error {
	data, err := s.dataKey(ctx, f.ID)
	if err != nil {
		return err
	}
	plain, err := data.OpenPart("company", f.sealed)
	if err != nil {
		return fmt.Errorf("private part of a company: %w", err)
	}
	if err := json.Unmarshal(plain, &f.Private); err != nil {
		return fmt.Errorf("private part of a company: %w", err)
	}
	return nil
}

// FindCompany returns the id of a code's request if the representative's
// telephone number is right. claim.ErrNotFound for an unknown code and for a
// wrong number alike, after the same reads (TRUST R48).
func (s *Store) FindCompany(ctx context.Context, code, phone string) (string, error) {
	keys, err := s.seal(ctx)
	if err != nil {
		return "", err
	}
	f, err := s.firm(ctx, keys.RegistrationID(code))
	if err != nil {
		if _, second := s.get(ctx, s.keys, dataKeyKey(keys.RegistrationID(code))); second != nil {
			return "", second
		}
		return "", err
	}
	if err := s.openFirm(ctx, &f); err != nil {
		return "", err
	}
	if subtle.ConstantTimeCompare([]byte(f.Private.Phone), []byte(phone)) != 1 {
		return "", claim.ErrNotFound
	}
	return f.ID, nil
}

// Companies returns the requests of a branch, in the order of their ids.
func (s *Store) Companies(ctx context.Context, branch string) ([]company.Head, error) {
	items, err := s.query(ctx, companiesKey(branch, "").pk, "", true)
	if err != nil {
		return nil, fmt.Errorf("companies of %s: %w", branch, err)
	}
	out := make([]company.Head, len(items))
	for i, it := range items {
		out[i] = company.Head{ID: getS(it, "SK"), Status: company.Status(getS(it, "status")), Created: getTime(it, "created")}
	}
	return out, nil
}

// finishElsewhere notes the result of an inspection where the file belongs to
// no registration: a company's letter, or a file of a loose row (company.Line).
func (s *Store) finishElsewhere(ctx context.Context, id string, doc claim.Document) (bool, error) {
	items := []types.TransactWriteItem{putIf(s.table, documentKey(id, doc.Upload), documentItem(doc), "#state = :waiting",
		map[string]string{"#state": "state"}, item{":waiting": str(string(claim.DocWaiting))})}
	switch f, err := s.firm(ctx, id); {
	case err == nil:
		old := f.chain
		event, err := s.next(&f.chain, actorSystem, "inspect "+doc.Slot, claim.Status(claim.DocWaiting), claim.Status(doc.State))
		if err != nil {
			return false, err
		}
		items = append(items, s.chained(&f, old), event)
	case !errors.Is(err, claim.ErrNotFound):
		return false, err
	}
	err := s.transact(ctx, "finish upload", "", items)
	var c *cancelled
	if errors.As(err, &c) && (c.failed(0) || c.failed(1) || c.passing()) {
		return c.failed(0), nil
	}
	return err == nil, err
}

// chained moves a company's chain on and changes nothing else.
func (s *Store) chained(f *firm, old record) types.TransactWriteItem {
	return update(s.table, companyKey(f.ID), "SET seq = :seq, #hash = :hash", "seq = :old", map[string]string{"#hash": "hash"},
		item{":seq": num(int64(f.chain.seq)), ":hash": str(f.chain.hash), ":old": num(int64(old.seq))})
}
