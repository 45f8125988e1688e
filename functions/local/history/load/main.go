// Command load plays the recorded claims of Bandar Lampung, May to September
// 2021, through the real code and prints the official recap, how long it took,
// and what asking for the recap costs. infra/recap runs it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/functions/internal/seal"
	"lapakasik/functions/local/engine"
	"lapakasik/functions/local/history"
	"lapakasik/functions/local/machine"
	"lapakasik/site/requirement"
)

func main() {
	part := flag.Int("part", 1, "load one claim of so many")
	workers := flag.Int("workers", 6, "claims at once")
	dir := flag.String("dir", "/dev/shm", "folder for the engine's data, best in memory; it is emptied again")
	flag.Parse()
	if err := run(context.Background(), *dir, *part, *workers); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	branch   = "bandar-lampung"
	from, to = requirement.Date("2021-05-01"), requirement.Date("2021-09-30")
)

func run(ctx context.Context, parent string, part, workers int) (err error) {
	dir, err := os.MkdirTemp(parent, "recap-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	e, err := engine.Start(ctx, filepath.Join(dir, "store.db"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	db := dynamodb.New(dynamodb.Options{Region: "ap-southeast-3", BaseEndpoint: aws.String(e.URL), Credentials: credentials.NewStaticCredentialsProvider("local", "local", "")})
	if err := machine.Tables(ctx, ".", db); err != nil {
		return err
	}
	root := filepath.Join(dir, "root.key")
	if err := seal.MakeFile(root); err != nil {
		return err
	}
	keys, err := seal.FromFile(root)
	if err != nil {
		return err
	}
	store := dynamo.New(db, "Table", "KeysTable", func(context.Context) (*seal.Keys, error) { return keys, nil })
	began := time.Now()
	l := history.Loader{Store: store, Branch: branch, From: from, To: to, Workers: workers}
	n, err := l.Load(ctx, history.Scaled(history.Seed, part))
	if err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Printf("%d claims booked, submitted, decided and counted in %s: %.0f a second\n\n", n, took.Round(time.Second), float64(n)/took.Seconds())
	return report(ctx, store, db)
}

// report prints the recap as the official report has it, and its cost.
func report(ctx context.Context, store *dynamo.Store, db *dynamodb.Client) error {
	began := time.Now()
	sums, err := store.RecapSum(ctx, branch, from, to)
	if err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Println("| Status Tindak Lanjut | Online | Onsite | Jumlah |\n|---|---:|---:|---:|")
	total := [3]int{}
	for _, s := range []struct {
		name   string
		status claim.Status
	}{{"Setuju", claim.Approved}, {"Tolak", claim.Refused}, {"Belum", claim.Submitted}, {"Tunda", claim.Postponed}} {
		online, onsite := sums["online#"+string(s.status)], sums["onsite#"+string(s.status)]
		fmt.Printf("| %s | %d | %d | %d |\n", s.name, online, onsite, online+onsite)
		total[0], total[1], total[2] = total[0]+online, total[1]+onsite, total[2]+online+onsite
	}
	fmt.Printf("| Total | %d | %d | %d |\n\n", total[0], total[1], total[2])
	out, err := db.Query(ctx, &dynamodb.QueryInput{TableName: aws.String("Table"), KeyConditionExpression: aws.String("PK = :pk"), ReturnConsumedCapacity: "TOTAL",
		ExpressionAttributeValues: dynamo.RecapKey(branch)})
	if err != nil {
		return err
	}
	fmt.Printf("the recap is one query: %d rows, %.1f read units, %s\n", out.Count, aws.ToFloat64(out.ConsumedCapacity.CapacityUnits), took.Round(100*time.Microsecond))
	return nil
}
