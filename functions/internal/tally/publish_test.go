package tally_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"lapakasik/functions/internal/tally"
	"lapakasik/site/requirement"
)

// leaves are the counters below nodes.
func leaves(nodes []tally.Node) []string {
	var out []string
	for _, n := range nodes {
		if len(n.Splits) == 0 {
			out = append(out, n.Name)
		}
		for _, s := range n.Splits {
			out = append(out, leaves(s.Parts)...)
		}
	}
	return out
}

// worlds calls see with every way in which n people can be counted below a node.
func worlds(n int, node tally.Node, c tally.Counts, see func()) {
	var split func(splits []tally.Split, then func())
	split = func(splits []tally.Split, then func()) {
		if len(splits) == 0 {
			then()
			return
		}
		var part func(left int, parts []tally.Node)
		part = func(left int, parts []tally.Node) {
			from := 0
			if len(parts) == 1 {
				from = left
			}
			for k := from; k <= left; k++ {
				worlds(k, parts[0], c, func() {
					if len(parts) > 1 {
						part(left-k, parts[1:])
					} else {
						split(splits[1:], then)
					}
				})
			}
		}
		part(n, splits[0].Parts)
	}
	if len(node.Splits) == 0 {
		c[node.Name] = n
	}
	split(node.Splits, see)
}

// TestNothingCanBeRecomputed plays the reader who knows every rule of Publish:
// for each table that can be published it collects all the worlds that lead to
// it. No number from 1 to threshold - 1, counter or sum, may be the same in all
// of them, and where all people are of one outcome, neither may that.
func TestNothingCanBeRecomputed(t *testing.T) {
	survey := tally.SurveyNodes([]requirement.SurveyQuestion{{Code: "x", Options: []requirement.SurveyOption{
		{Code: "a", Good: true}, {Code: "b", Good: true}, {Code: "c"}, {Code: "d"}}}})
	outcome := tally.Node{Name: tally.Decided, Splits: tally.Claims[0].Splits[:1]}
	for _, tt := range []struct {
		name      string
		node      tally.Node
		threshold int
		people    int // at most
	}{
		{"all that is counted of decisions", tally.Claims[0], 3, 7},
		{"outcomes", outcome, 5, 24},
		{"waiting", tally.Node{Name: tally.Decided, Splits: tally.Claims[0].Splits[2:]}, 5, 14},
		{"survey", survey[0], 5, 22},
		{"one number", tally.Claims[1], 5, 12},
	} {
		t.Run(tt.name, func(t *testing.T) {
			// possible[table][name] are the values that a number has in the table's worlds.
			possible := map[string]map[string][]int{}
			n := 0
			for people := range tt.people + 1 {
				c := tally.Counts{}
				worlds(people, tt.node, c, func() {
					n++
					table, values := read(tt.node, c, tt.threshold)
					if possible[table] == nil {
						possible[table] = map[string][]int{}
					}
					for name, v := range values {
						if !slices.Contains(possible[table][name], v) {
							possible[table][name] = append(possible[table][name], v)
						}
					}
				})
			}
			for table, values := range possible {
				for name, v := range values {
					if len(v) == 1 && v[0] > 0 && v[0] < tt.threshold {
						t.Errorf("%s can only be %d in the table %s", name, v[0], table)
					}
					all := values[tally.Decided]
					if outcome := name == tally.CountApproved || name == tally.CountRefused; outcome && len(v) == 1 && v[0] > 0 && len(all) == 1 && all[0] == v[0] {
						t.Errorf("all %d are %s in the table %s", v[0], name, table)
					}
				}
			}
			t.Logf("%d worlds, %d tables", n, len(possible))
		})
	}
}

// read returns a published table as text, and the true values behind it.
func read(node tally.Node, c tally.Counts, threshold int) (string, map[string]int) {
	var table strings.Builder
	for _, cell := range tally.Publish([]tally.Node{node}, tally.Row{Counts: c}, threshold) {
		if cell.Hidden {
			table.WriteString("x ")
		} else {
			fmt.Fprintf(&table, "%d ", cell.N)
		}
	}
	values := map[string]int{}
	for _, cell := range tally.Publish([]tally.Node{node}, tally.Row{Counts: c}, 1) {
		if !cell.Hidden {
			values[cell.Name] = cell.N
		}
	}
	for _, name := range leaves([]tally.Node{node}) {
		values[name] = c[name]
	}
	return table.String(), values
}

// Where all decisions have one outcome, the table does not say which.
func TestOneOutcomeIsNotTold(t *testing.T) {
	for _, c := range []tally.Counts{{tally.CountApproved: 40}, {tally.CountRefused: 40}} {
		cells := tally.Publish(tally.Claims, tally.Row{Counts: c}, 5)
		for _, name := range []string{tally.CountApproved, tally.CountRefused} {
			if n, hidden := tally.Sum(cells, name, every); n != 0 || hidden != 1 {
				t.Errorf("%v: %s is %d, hidden %d", c, name, n, hidden)
			}
		}
		if n, _ := tally.Sum(cells, tally.Decided, every); n != 40 {
			t.Errorf("%v: decided is %d; want 40", c, n)
		}
	}
}

func every(tally.Key) bool { return true }

// The recap of 2021 is shown as it was published; what it does not hold is not made up.
func TestRecap(t *testing.T) {
	online := tally.Row{Counts: tally.Counts{tally.CountApproved: 15231, tally.CountRefused: 11940, tally.CountPending: 8}}
	onsite := tally.Row{Counts: tally.Counts{tally.CountApproved: 1569, tally.CountRefused: 444}}
	cells := append(tally.Publish(tally.Claims, online, 5), tally.Publish(tally.Claims, onsite, 5)...)
	for name, want := range map[string]int{tally.CountApproved: 16800, tally.CountRefused: 12384, tally.CountPending: 8, tally.CountPostponed: 0, tally.Decided: 29184} {
		if n, hidden := tally.Sum(cells, name, every); n != want || hidden != 0 {
			t.Errorf("%s is %d, %d hidden; want %d", name, n, hidden, want)
		}
	}
	for _, c := range cells {
		if c.Name == tally.CountComplete || c.Name == tally.WaitWeek {
			t.Errorf("%s was not recorded and is %d", c.Name, c.N)
		}
	}
	if w, ok := tally.Median(cells, every); ok {
		t.Errorf("Median of nothing is %v", w)
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		counts tally.Counts
		want   string
	}{
		{tally.Counts{tally.CountApproved: 5, tally.CountRefused: 6, "wait1": 5, "wait3": 6}, "wait3"},
		{tally.Counts{tally.CountApproved: 5, tally.CountRefused: 5, "wait1": 5, "wait3": 5}, "wait1"},
		{tally.Counts{tally.CountApproved: 50, tally.CountRefused: 50, "wait1": 5, "wait30": 60, "waitlong": 35}, "wait30"},
		{tally.Counts{tally.CountApproved: 5, tally.CountRefused: 5, "wait1": 8, "wait3": 2}, ""}, // too few to tell
	} {
		got, ok := tally.Median(tally.Publish(tally.Claims, tally.Row{Counts: tt.counts}, 5), every)
		if got.Counter != tt.want || ok != (tt.want != "") {
			t.Errorf("Median of %v = %s, %v; want %s", tt.counts, got.Counter, ok, tt.want)
		}
	}
}
