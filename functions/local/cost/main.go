// Command cost computes infra/COST.md: what the service costs in AWS for 1,000
// claims, for a branch and year, and for the country.
//
//	infra/cost/units.yaml   what one claim takes, step by step; measured by this package's test
//	infra/cost/prices.yaml  prices with source and date
//
// infra/cost/run prints the sheet; with -write it writes it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

func main() {
	write := flag.Bool("write", false, "write infra/COST.md instead of printing it")
	flag.Parse()
	if err := run(*write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(write bool) error {
	text, err := sheet(".")
	if err != nil {
		return err
	}
	if write {
		return os.WriteFile(filepath.Join("infra", "COST.md"), []byte(text), 0o600)
	}
	fmt.Print(text)
	return nil
}

// A step of a claim's life with what it takes. Units are those that the engine
// reports, times are of this machine.
type step struct {
	Name     string  `yaml:"name"`
	Times    float64 `yaml:"times"` // for one claim
	Writes   float64 `yaml:"writes"`
	Reads    float64 `yaml:"reads"`
	Calls    float64 `yaml:"calls"` // of functions
	API      float64 `yaml:"api"`   // of these through API Gateway
	Millis   float64 `yaml:"millis"`
	MemoryMB float64 `yaml:"memory"`
	KB       float64 `yaml:"kb"` // that go out
	Puts     float64 `yaml:"puts"`
	Gets     float64 `yaml:"gets"`
	Mails    float64 `yaml:"mails"`
	ScanMB   float64 `yaml:"scan"`
	StoredMB float64 `yaml:"stored"`
}

type units struct {
	Measured string `yaml:"measured"`
	Steps    []step `yaml:"steps"`
	Door     []step `yaml:"door"` // of somebody at a door who finds nothing left
	Draw     []step `yaml:"draw"` // of somebody who joins a draw and wins nothing
}

type price struct {
	Per    float64  `yaml:"per"`
	USD    *float64 `yaml:"usd"`
	Read   string   `yaml:"read"`
	Source string   `yaml:"source"`
}

type prices struct {
	Region string           `yaml:"region"`
	Prices map[string]price `yaml:"prices"`
}

func load(path string, v any) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if err := yaml.Load(b, v, yaml.WithKnownFields()); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Volumes of docs: a branch of the size of Bandar Lampung in 2021 has 268
// claims a weekday, the country had 12,300 in September 2020. Holidays are not
// removed from the 261 weekdays.
const (
	branchDay, countryDay, weekdays = 268, 12_300, 261
	keepMonths                      = 12 // assumption: the archive's schedule was not found
	runsAMonth                      = 43_800*2 + 8_760 + 2_920 + 730 + 91
	jobMillis, jobMemory            = 50, 512 // assumption: a job that finds nothing to do
	keysAMonth                      = 3
)

// quantities of all steps by the names of prices.
func quantities(steps []step) map[string]float64 {
	q := map[string]float64{}
	for _, s := range steps {
		for name, n := range map[string]float64{"write-unit": s.Writes, "read-unit": s.Reads, "invocation": s.Calls, "api-request": s.API,
			"gb-second": s.Calls * s.Millis / 1000 * s.MemoryMB / 1024, "out-gb": s.KB / 1024 / 1024, "object-put": s.Puts, "object-get": s.Gets,
			"mail": s.Mails, "malware-gb": s.ScanMB / 1024, "object-gb-month": s.StoredMB / 1024 * keepMonths} {
			q[name] += s.Times * n
		}
	}
	return q
}

// monthly is what is paid whether anybody comes or not.
func monthly() map[string]float64 {
	return map[string]float64{"invocation": runsAMonth, "gb-second": runsAMonth * jobMillis / 1000.0 * jobMemory / 1024, "key-month": keysAMonth}
}

var names = []struct{ key, name string }{
	{"write-unit", "table write units"}, {"read-unit", "table read units"}, {"invocation", "function calls"}, {"gb-second", "function GB-seconds"},
	{"api-request", "API requests"}, {"out-gb", "GB of answers"}, {"object-put", "objects written"}, {"object-get", "objects read"},
	{"object-gb-month", "GB-months of documents"}, {"malware-gb", "GB searched for malware"}, {"mail", "mails"}, {"key-request", "key requests"},
	{"key-month", "keys for a month"}, {"table-gb-month", "GB-months of the table"},
}

const stepHead = `| step | times | write units | read units | calls | ms each | objects written, read | mails |
|---|---|---|---|---|---|---|---|
`

func stepRows(b *strings.Builder, steps []step) {
	for _, s := range steps {
		fmt.Fprintf(b, "| %s | %s | %s | %s | %s | %s | %s, %s | %s |\n", s.Name, short(s.Times), short(s.Writes), short(s.Reads), short(s.Calls), short(s.Millis), short(s.Puts), short(s.Gets), short(s.Mails))
	}
}

// table writes what so many of one thing cost, and so many months of what is
// paid whether anybody comes or not.
func (p *prices) table(b *strings.Builder, title string, one map[string]float64, many, months float64) error {
	fmt.Fprintf(b, "## %s\n\n| what | quantity | USD |\n|---|---|---|\n", title)
	total, open, fixed := 0.0, []string{}, monthly()
	for _, n := range names {
		q := one[n.key]*many + fixed[n.key]*months
		if q == 0 {
			continue
		}
		price, ok := p.Prices[n.key]
		if !ok {
			return fmt.Errorf("no price of %s", n.key)
		}
		if price.USD == nil {
			open = append(open, n.name)
			fmt.Fprintf(b, "| %s | %s | price not found |\n", n.name, short(q))
			continue
		}
		usd := q / price.Per * *price.USD
		total += usd
		fmt.Fprintf(b, "| %s | %s | %.2f |\n", n.name, short(q), usd)
	}
	fmt.Fprintf(b, "| **sum** | | **%.2f** |\n\n", total)
	if len(open) > 0 {
		fmt.Fprintf(b, "Without %s.\n\n", strings.Join(open, ", "))
	}
	return nil
}

func sheet(root string) (string, error) {
	var u units
	var p prices
	if err := errors.Join(load(filepath.Join(root, "infra", "cost", "units.yaml"), &u), load(filepath.Join(root, "infra", "cost", "prices.yaml"), &p)); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# What it costs

Computed by `+"`infra/cost/run -write`"+` from [units](cost/units.yaml), which a test measures, and [prices](cost/prices.yaml); not written by hand. Prices are of %s: Jakarta's were not found. No free tiers, no tax, no support plan. What a price was not found for is shown as a quantity and is **not in the sums**; nor are the distribution, firewall, logs and alarms, and officers' idle pages.

Memory that functions hold while they wait for AWS is paid by time: the times of this sheet are of a machine beside its store, AWS's network adds some milliseconds to each request.

## One claim, step by step

`+stepHead, p.Region)
	stepRows(&b, u.Steps)
	fmt.Fprintf(&b, "\nMeasured %s. Write and read units are as the engine reports them, indexes included, transactions doubled.\n\n", u.Measured)
	claim := quantities(u.Steps)
	err := errors.Join(
		p.table(&b, "1,000 claims", claim, 1000, 0),
		p.table(&b, fmt.Sprintf("A branch for a year (%d a weekday)", branchDay), claim, branchDay*weekdays, 0),
		p.table(&b, fmt.Sprintf("The country for a year (%d a weekday, and all that runs without anybody)", countryDay), claim, countryDay*weekdays, 12))
	b.WriteString("## Who comes on an opening day and gets nothing, step by step\n\n" + stepHead)
	stepRows(&b, u.Door)
	stepRows(&b, u.Draw)
	b.WriteString("\nThe board is cached at the edge for all who look at it, and waiting asks nobody. Who gets a place is a claim of the tables above.\n\n")
	err = errors.Join(err,
		p.table(&b, "10,000 people at a door who find nothing left", quantities(u.Door), 10_000, 0),
		p.table(&b, "10,000 people who join a draw and win nothing", quantities(u.Draw), 10_000, 0))
	if err != nil {
		return "", err
	}
	fmt.Fprintf(&b, "## Assumptions\n\n- %d weekdays, holidays not removed; documents are kept %d months (the archive's schedule was not found).\n- Jobs by the clock: %s calls a month of %d ms at %d MB.\n- A claim has four documents of 1 MB, each sent once; inspection was timed with a photograph of twelve million pixels. Its person opens the status four times; its officer looks six times at the queue, measured with one claim in it, and opens four things.\n\n", weekdays, keepMonths, short(runsAMonth), jobMillis, jobMemory)
	b.WriteString("## Prices\n\n| of | USD | for | read | source |\n|---|---|---|---|---|\n")
	for _, n := range names {
		v := p.Prices[n.key]
		usd := "?"
		if v.USD != nil {
			usd = fmt.Sprint(*v.USD)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", n.name, usd, short(v.Per), v.Read, v.Source)
	}
	return b.String(), nil
}

// short writes a number with at most two decimals, and thousands apart.
func short(f float64) string {
	s := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", f), "0"), ".")
	whole, rest, _ := strings.Cut(s, ".")
	var parts []string
	for len(whole) > 3 {
		parts = append(parts, whole[len(whole)-3:])
		whole = whole[:len(whole)-3]
	}
	parts = append(parts, whole)
	slices.Reverse(parts)
	s = strings.Join(parts, ",")
	if rest != "" {
		s += "." + rest
	}
	return s
}
