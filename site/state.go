package site

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"lapakasik/site/page"
)

type digest [sha256.Size]byte

// A state is what a build remembers for the next: what it read, and what it
// made of it. All lists are in order of their names.
type state struct {
	key     digest // of the program and its options: another program believes nothing
	set     string // version of the requirement set
	folders []sourceFolder
	sources []sourceFile
	outputs []outputFile
}

// A sourceFolder is a folder of the content.
type sourceFolder struct {
	name string
	seen
}

// A sourceFile is a file of the content. A page also has the digest of what
// pages other than itself and its translation may show of it, and the
// addresses that it had before.
type sourceFile struct {
	name string
	read bool // files of the content folder that are no content are only counted
	seen
	shared  digest
	aliases []string
	reason  bool // a claim reason, of which the requirement set is made
}

// An outputFile is a file of the site, with the page it was made from. The
// rest is for a page: see webPage.
type outputFile struct {
	name, source string
	stamp        stamp
	ids          string
	far          string // each before a line break
}

// clone returns a state that can be changed without changing this one.
func (s *state) clone() *state {
	if s == nil {
		return nil
	}
	c := *s
	c.folders, c.sources, c.outputs = slices.Clone(s.folders), slices.Clone(s.sources), slices.Clone(s.outputs)
	return &c
}

func (s *state) source(name string) (*sourceFile, bool) {
	i, ok := slices.BinarySearchFunc(s.sources, name, func(f sourceFile, name string) int { return strings.Compare(f.name, name) })
	if !ok {
		return nil, false
	}
	return &s.sources[i], true
}

func (s *state) output(name string) (*outputFile, bool) {
	i, ok := slices.BinarySearchFunc(s.outputs, name, func(f outputFile, name string) int { return strings.Compare(f.name, name) })
	if !ok {
		return nil, false
	}
	return &s.outputs[i], true
}

// program is the digest of the running program, which holds templates, styles
// and words: that of its build ID, which the go command makes of its content,
// or of all its bytes. What started it may have been replaced since, so Linux
// is asked for the very file.
var program = sync.OnceValues(func() (digest, error) {
	var d digest
	file, err := os.Open("/proc/self/exe")
	if errors.Is(err, os.ErrNotExist) {
		var name string
		if name, err = os.Executable(); err == nil {
			file, err = os.Open(name)
		}
	}
	if err != nil {
		return d, err
	}
	defer file.Close()
	if id := buildID(file); id != "" {
		return sha256.Sum256([]byte(id)), nil
	}
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return d, err
	}
	h.Sum(d[:0])
	return d, nil
})

// isGoBuildID tells whether an ID is of the go command: digests of what made a
// program and, at the end, of the program. Other builders write other IDs, which
// may be the same for all that they build.
func isGoBuildID(id string) bool {
	parts := strings.Split(id, "/")
	isDigest := func(s string) bool { return len(s) == 20 && strings.Trim(strings.ToLower(s), small+"-_") == "" }
	return len(parts) == 4 && !slices.ContainsFunc(parts, func(s string) bool { return !isDigest(s) })
}

// buildID returns the ID that the go command gave a program, "" for none.
func buildID(program io.ReaderAt) string {
	f, err := elf.NewFile(program)
	if err != nil {
		return ""
	}
	note := f.Section(".note.go.buildid")
	if note == nil {
		return ""
	}
	const head = 16 // three lengths, and the name "Go"
	b, err := note.Data()
	if err != nil || len(b) < head {
		return ""
	}
	id, _, _ := strings.Cut(string(b[head:]), "\x00")
	if !isGoBuildID(id) {
		return ""
	}
	return id
}

// key is the digest of all that pages are made from besides the content.
func (o Options) key() (digest, error) {
	d, err := program()
	if err != nil {
		return d, fmt.Errorf("digest of the program: %w", err)
	}
	return sha256.Sum256(fmt.Appendf(d[:], "%x %#v", page.WordsDigest(), o)), nil
}

// The file of a state: a name for the format, a sum, because a file may be cut
// short, then every value as its length and its bytes.
const (
	stateFormat = "lapakasik state 3\n"
	stateHead   = len(stateFormat) + crc32.Size
)

var sumTable = crc32.MakeTable(crc32.Castagnoli)

type encoder struct{ b []byte }

func (e *encoder) number(n int)  { e.b = binary.AppendVarint(e.b, int64(n)) }
func (e *encoder) sum(d digest)  { e.b = append(e.b, d[:]...) }
func (e *encoder) text(s string) { e.number(len(s)); e.b = append(e.b, s...) }
func (e *encoder) seen(f seen) {
	e.sum(f.sum)
	for _, n := range []int64{f.mark.Size, f.mark.Modified, f.mark.Changed, f.mark.Inode} {
		e.number(int(n))
	}
}
func (e *encoder) texts(s []string) {
	e.number(len(s))
	for _, t := range s {
		e.text(t)
	}
}

func (s *state) encode() []byte {
	e := encoder{make([]byte, 0, 1<<10+200*len(s.sources)+300*len(s.outputs))}
	e.b = append(e.b, stateFormat...)
	e.b = append(e.b, make([]byte, crc32.Size)...)
	e.sum(s.key)
	e.text(s.set)
	e.number(len(s.folders))
	for _, f := range s.folders {
		e.text(f.name)
		e.seen(f.seen)
	}
	e.number(len(s.sources))
	for i := range s.sources {
		f := &s.sources[i]
		e.text(f.name)
		switch {
		case !f.read:
			e.number(0)
			continue
		case f.reason:
			e.number(2)
		default:
			e.number(1)
		}
		e.seen(f.seen)
		e.sum(f.shared)
		e.texts(f.aliases)
	}
	e.number(len(s.outputs))
	for i := range s.outputs {
		f := &s.outputs[i]
		e.text(f.name)
		e.text(f.source)
		e.number(int(f.stamp.Size))
		e.number(int(f.stamp.Modified))
		e.text(f.ids)
		e.text(f.far)
	}
	binary.LittleEndian.PutUint32(e.b[len(stateFormat):], crc32.Checksum(e.b[stateHead:], sumTable))
	return e.b
}

// decoder reads what encoder wrote. The texts are parts of one.
type decoder struct {
	s   string
	bad bool
}

// number reads what binary.AppendVarint wrote.
func (d *decoder) number() int {
	var n uint64
	for i := range min(len(d.s), binary.MaxVarintLen64) {
		c := d.s[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return int(int64(n>>1) ^ -int64(n&1))
		}
	}
	d.bad = true
	return 0
}

// length reads how many values follow, of at least a byte each.
func (d *decoder) length() int {
	n := d.number()
	if n < 0 || n > len(d.s) {
		d.bad, n = true, 0
	}
	return n
}

func (d *decoder) text() string {
	n := d.length()
	t := d.s[:n]
	d.s = d.s[n:]
	return t
}

func (d *decoder) texts() []string {
	n := d.length()
	if n == 0 {
		return nil
	}
	out := make([]string, n)
	for i := range out {
		out[i] = d.text()
	}
	return out
}

func (d *decoder) sum() (sum digest) {
	if len(d.s) < len(sum) {
		d.bad = true
		return sum
	}
	copy(sum[:], d.s)
	d.s = d.s[len(sum):]
	return sum
}

func (d *decoder) seen() (f seen) {
	f.sum = d.sum()
	for _, n := range []*int64{&f.mark.Size, &f.mark.Modified, &f.mark.Changed, &f.mark.Inode} {
		*n = int64(d.number())
	}
	return f
}

// readState reads the file of a state; false is one that is none or is damaged.
func readState(name string) (*state, bool) {
	file, err := os.Open(name)
	if err != nil {
		return nil, false
	}
	defer file.Close()
	head := make([]byte, stateHead)
	if _, err := io.ReadFull(file, head); err != nil || string(head[:len(stateFormat)]) != stateFormat {
		return nil, false
	}
	var text strings.Builder
	if info, err := file.Stat(); err == nil {
		text.Grow(int(info.Size()))
	}
	sum := crc32.New(sumTable)
	if _, err := io.Copy(io.MultiWriter(&text, sum), file); err != nil || sum.Sum32() != binary.LittleEndian.Uint32(head[len(stateFormat):]) {
		return nil, false
	}
	return decodeState(text.String())
}

func decodeState(text string) (*state, bool) {
	d := decoder{s: text}
	s := &state{key: d.sum(), set: d.text()}
	s.folders = make([]sourceFolder, d.length())
	for i := range s.folders {
		s.folders[i] = sourceFolder{name: d.text(), seen: d.seen()}
	}
	s.sources = make([]sourceFile, d.length())
	for i := range s.sources {
		f := &s.sources[i]
		f.name = d.text()
		kind := d.number()
		if f.read, f.reason = kind > 0, kind == 2; f.read {
			f.seen, f.shared, f.aliases = d.seen(), d.sum(), d.texts()
		}
	}
	s.outputs = make([]outputFile, d.length())
	for i := range s.outputs {
		s.outputs[i] = outputFile{name: d.text(), source: d.text(), stamp: stamp{Size: int64(d.number()), Modified: int64(d.number())}, ids: d.text(), far: d.text()}
	}
	return s, !d.bad && d.s == ""
}
