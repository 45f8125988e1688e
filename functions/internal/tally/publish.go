package tally

import (
	"cmp"
	"slices"
)

// Smallest is the least threshold with which Publish keeps its promise.
const Smallest = 3

// A Node is a number that is split in one or more ways. Its value is the sum
// of any of its splits; a node without splits is a counter.
type Node struct {
	Name   string
	Splits []Split
}

// A Split says how a node's number is made up.
type Split struct {
	Parts []Node
	// Mixed: not shown where all are of one part, because then whoever knows
	// that a person is among them knows the person's part (group disclosure).
	Mixed bool
}

func counters(names ...string) []Node {
	out := make([]Node, len(names))
	for i, n := range names {
		out[i] = Node{Name: n}
	}
	return out
}

// Names of the numbers that are sums of counters.
const (
	Decided  = "decided"   // approved or refused
	WaitWeek = "wait-week" // at most 7 days
	WaitOver = "wait-over" // longer
)

// Claims are the numbers of a branch, month and channel. There is no total of
// all statuses: a decision may be on a claim of an earlier month.
var Claims = []Node{
	{Name: Decided, Splits: []Split{
		{Parts: counters(CountApproved, CountRefused), Mixed: true},
		{Parts: counters(CountComplete, CountIncomplete)},
		{Parts: []Node{
			{Name: WaitWeek, Splits: []Split{{Parts: counters("wait1", "wait3", "wait7")}}},
			{Name: WaitOver, Splits: []Split{{Parts: counters("wait14", "wait30", "waitlong")}}},
		}},
	}},
	{Name: CountPostponed},
	{Name: CountPending},
}

// A Cell is one number of the published table. Hidden: its value, or that of
// a number it adds up with, is below the threshold; N is 0 then.
type Cell struct {
	Key
	Name   string
	N      int
	Hidden bool
}

// Publish returns the cells of a row that may be shown, under a threshold of
// at least Smallest. A cell is hidden if
//
//   - its value is from 1 to threshold - 1 (threshold rule; five is usual, see
//     https://stats.oecd.org/glossary/detail.asp?ID=7010),
//   - the split it belongs to has such a value, because its sum is shown and
//     the one could be recomputed from the others (secondary suppression), or
//   - what it is a part of is hidden.
//
// So no hidden value can be recomputed from what is shown: TestNothingCanBeRecomputed
// tries all. What was not recorded, such as the waiting time of an old recap,
// has no cells.
func Publish(nodes []Node, r Row, threshold int) []Cell {
	var out []Cell
	for _, n := range nodes {
		out = n.publish(out, r, threshold, !safe(n.value(r.Counts), threshold))
	}
	return out
}

func safe(n, threshold int) bool { return n == 0 || n >= threshold }

// value is the sum of a node's counters, in its first split.
func (n Node) value(c Counts) int {
	if len(n.Splits) == 0 {
		return c[n.Name]
	}
	return n.Splits[0].sum(c)
}

func (s Split) sum(c Counts) int {
	total := 0
	for _, p := range s.Parts {
		total += p.value(c)
	}
	return total
}

func (n Node) publish(out []Cell, r Row, threshold int, hidden bool) []Cell {
	v := n.value(r.Counts)
	if hidden {
		out = append(out, Cell{r.Key, n.Name, 0, true})
	} else {
		out = append(out, Cell{r.Key, n.Name, v, false})
	}
	for _, s := range n.Splits {
		if s.sum(r.Counts) != v {
			continue // not recorded
		}
		hide := hidden || s.tells(r.Counts, v, threshold)
		for _, p := range s.Parts {
			out = p.publish(out, r, threshold, hide)
		}
	}
	return out
}

// tells whether a split of a shown number would tell of a person.
func (s Split) tells(c Counts, total, threshold int) bool {
	return slices.ContainsFunc(s.Parts, func(p Node) bool {
		v := p.value(c)
		return !safe(v, threshold) || s.Mixed && v == total && total > 0
	})
}

// Sum adds the shown cells of a name for which keep is true, and counts the
// hidden ones.
func Sum(cells []Cell, name string, keep func(Key) bool) (n, hidden int) {
	for _, c := range cells {
		if c.Name != name || !keep(c.Key) {
			continue
		}
		n += c.N
		if c.Hidden {
			hidden++
		}
	}
	return n, hidden
}

// Median returns the class in which the middle one of the shown waiting times
// lies; false if none is shown.
func Median(cells []Cell, keep func(Key) bool) (Wait, bool) {
	total := 0
	each := make([]int, len(Waits))
	for i, w := range Waits {
		each[i], _ = Sum(cells, w.Counter, keep)
		total += each[i]
	}
	seen := 0
	for i, w := range Waits {
		seen += each[i]
		if total > 0 && 2*seen >= total {
			return w, true
		}
	}
	return Wait{}, false
}

// Sort orders cells by month, branch, channel; cells of one row keep their order.
func Sort(cells []Cell) {
	slices.SortStableFunc(cells, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Branch, b.Branch), cmp.Compare(a.Channel, b.Channel))
	})
}
