package dynamo

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"lapakasik/functions/internal/staff"
)

// Staff keeps who works here and who is logged in, in a table of its own:
//
//	item     PK                   SK        main attributes
//	person   PERSON#<id>          PERSON    name, roles, branches, disabled, v
//	change   PERSON#<id>          CHANGE#<v, ten digits>  by, at, roles, branches, disabled; never changed
//	session  SES#<sha256(token)>  SES       person, login, idle, until, ttl
//
// The token itself is kept nowhere (TRUST R58).
type Staff struct {
	db    *dynamodb.Client
	table string
	Now   func() time.Time
}

// NewStaff returns the store on its table.
func NewStaff(db *dynamodb.Client, table string) *Staff {
	return &Staff{db: db, table: table, Now: time.Now}
}

// A session ends after 15 minutes of nothing, and 8 hours after the login
// whatever happens (TRUST R58).
const (
	idleLife     = 15 * time.Minute
	absoluteLife = 8 * time.Hour
	touchAfter   = time.Minute // how often being alive is written down
)

func personKey(id string) key { return key{"PERSON#" + id, "PERSON"} }

func sessionKey(token string) key {
	sum := sha256.Sum256([]byte(token))
	return key{"SES#" + hex.EncodeToString(sum[:]), "SES"}
}

// Open starts a session for a person who has just proved who they are, and
// returns its token: 256 random bits.
func (s *Staff) Open(ctx context.Context, person string) (token string, err error) {
	return s.OpenSince(ctx, person, s.Now())
}

// OpenSince is Open for a person who proved who they are at another moment,
// as the identity provider says. The zero time is never recent enough for
// what asks for a fresh login.
func (s *Staff) OpenSince(ctx context.Context, person string, proved time.Time) (token string, err error) {
	b := make([]byte, 32)
	if _, err := rand.Read(b); err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	token = base64.RawURLEncoding.EncodeToString(b)
	now := s.Now()
	it := sessionKey(token).attributes()
	it["person"], it["login"] = str(person), unix(proved)
	it["idle"], it["until"], it["ttl"] = unix(now.Add(idleLife)), unix(now.Add(absoluteLife)), unix(now.Add(absoluteLife+time.Hour))
	if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: it, ConditionExpression: aws.String("attribute_not_exists(PK)")}); err != nil {
		return "", fmt.Errorf("session: %w", err)
	}
	return token, nil
}

// Close ends a session at once.
func (s *Staff) Close(ctx context.Context, token string) error {
	if _, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String(s.table), Key: sessionKey(token).attributes()}); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// Session returns the session of a token with the person as they are now
// (TRUST R60), and keeps it alive. staff.ErrNoLogin if it has ended or the
// person is disabled.
func (s *Staff) Session(ctx context.Context, token string) (staff.Session, error) {
	it, err := s.get(ctx, sessionKey(token))
	if err != nil {
		return staff.Session{}, err
	}
	now := s.Now().Unix()
	if it == nil || now >= getN(it, "idle") || now >= getN(it, "until") {
		return staff.Session{}, staff.ErrNoLogin
	}
	person, err := s.Person(ctx, getS(it, "person"))
	if err != nil {
		return staff.Session{}, err
	}
	if person.Disabled {
		return staff.Session{}, staff.ErrNoLogin
	}
	if idle := now + int64(idleLife/time.Second); idle-getN(it, "idle") >= int64(touchAfter/time.Second) {
		if err := s.touch(ctx, token, idle); err != nil {
			return staff.Session{}, err
		}
	}
	return staff.Session{Person: person, LoginAt: getTime(it, "login")}, nil
}

// touch moves the idle end of a session that still is there.
func (s *Staff) touch(ctx context.Context, token string, idle int64) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String(s.table), Key: sessionKey(token).attributes(),
		UpdateExpression: aws.String("SET idle = :idle"), ConditionExpression: aws.String("attribute_exists(PK)"),
		ExpressionAttributeValues: item{":idle": num(idle)}})
	return ignoreCondition(err)
}

func (s *Staff) get(ctx context.Context, k key) (item, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String(s.table), Key: k.attributes(), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("staff: %w", err)
	}
	if len(out.Item) == 0 {
		return nil, nil
	}
	return out.Item, nil
}

// Person returns somebody by id. staff.ErrNoLogin if nobody has it.
func (s *Staff) Person(ctx context.Context, id string) (staff.Person, error) {
	it, err := s.get(ctx, personKey(id))
	if err != nil {
		return staff.Person{}, err
	}
	if it == nil {
		return staff.Person{}, staff.ErrNoLogin
	}
	return readPerson(it), nil
}

func readPerson(it item) staff.Person {
	p := staff.Person{ID: strings.TrimPrefix(getS(it, "PK"), "PERSON#"), Name: getS(it, "name"), Branches: strings.Fields(getS(it, "branches")),
		Disabled: getN(it, "disabled") == 1, Version: int(getN(it, "v"))}
	for _, r := range strings.Fields(getS(it, "roles")) {
		p.Roles = append(p.Roles, staff.Role(r))
	}
	return p
}

// Save writes somebody's roles and branches, new where Version is 0, and
// notes the change as the service's own. staff.ErrStale if somebody else has
// changed them since.
func (s *Staff) Save(ctx context.Context, p staff.Person) (staff.Person, error) {
	return s.Change(ctx, staff.System, p)
}

// Change is Save by somebody. Person and note are written together, so that
// no change is without its note (TRUST R59).
func (s *Staff) Change(ctx context.Context, by string, p staff.Person) (staff.Person, error) {
	var roles []string
	for _, r := range p.Roles {
		roles = append(roles, string(r))
	}
	it := item{"name": str(p.Name), "roles": str(strings.Join(roles, " ")), "branches": str(strings.Join(p.Branches, " ")), "v": num(int64(p.Version) + 1)}
	note := item{"by": str(by), "at": unix(s.Now()), "roles": it["roles"], "branches": it["branches"], "v": it["v"]}
	if p.Disabled {
		it["disabled"], note["disabled"] = num(1), num(1)
	}
	person := put(s.table, personKey(p.ID), it)
	if p.Version > 0 {
		person = putIf(s.table, personKey(p.ID), it, "v = :v", nil, item{":v": num(int64(p.Version))})
	}
	_, err := s.db.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		person, put(s.table, key{"PERSON#" + p.ID, fmt.Sprintf("CHANGE#%010d", p.Version+1)}, note)}})
	var cancelled *types.TransactionCanceledException
	switch {
	case err == nil:
		p.Version++
		return p, nil
	case errors.As(err, &cancelled):
		return p, staff.ErrStale
	}
	return p, fmt.Errorf("save person: %w", err)
}

// Changes returns what was changed of somebody, the newest first, at most 100.
func (s *Staff) Changes(ctx context.Context, id string) ([]staff.Change, error) {
	out, err := s.db.Query(ctx, &dynamodb.QueryInput{TableName: aws.String(s.table), ScanIndexForward: aws.Bool(false), Limit: aws.Int32(100),
		KeyConditionExpression:    aws.String("PK = :pk AND begins_with(SK, :change)"),
		ExpressionAttributeValues: item{":pk": str("PERSON#" + id), ":change": str("CHANGE#")}})
	if err != nil {
		return nil, fmt.Errorf("changes of a person: %w", err)
	}
	var list []staff.Change
	for _, it := range out.Items {
		list = append(list, staff.Change{By: getS(it, "by"), At: getTime(it, "at"), After: readPerson(it)})
	}
	return list, nil
}

// People returns everybody, by name.
func (s *Staff) People(ctx context.Context) ([]staff.Person, error) {
	var out []staff.Person
	for p := dynamodb.NewScanPaginator(s.db, &dynamodb.ScanInput{TableName: aws.String(s.table), FilterExpression: aws.String("SK = :sk"),
		ExpressionAttributeValues: item{":sk": str("PERSON")}}); p.HasMorePages(); {
		page, err := p.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("people: %w", err)
		}
		for _, it := range page.Items {
			out = append(out, readPerson(it))
		}
	}
	slices.SortFunc(out, func(a, b staff.Person) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}
