package collective

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"

	"lapakasik/functions/internal/roll"
)

// Bounds of the file of problems: an item of the store holds 400 KB, and an
// answer of a function some megabytes.
const (
	keptProblems = 20000
	keptBytes    = 350 << 10
)

// A problemFile is what can be downloaded of a list's problems.
type problemFile struct {
	All   int            // how many there are
	First []roll.Problem // those that the file holds
}

// left is how many problems are not in the file.
func (f *problemFile) left() int { return f.All - len(f.First) }

// pack makes a file small enough for one item of the store: of the problems
// the first keptProblems, or fewer where those have more than keptBytes.
func pack(problems []roll.Problem) (problemFile, []byte, error) {
	for n := min(len(problems), keptProblems); ; n /= 2 {
		f := problemFile{len(problems), problems[:n]}
		body, err := squeeze(f)
		if err != nil || len(body) <= keptBytes {
			return f, body, err
		}
	}
}

func squeeze(f problemFile) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(f); err != nil {
		return nil, fmt.Errorf("problems of a list: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("problems of a list: %w", err)
	}
	return b.Bytes(), nil
}

// unpack returns the file that pack made.
func unpack(body []byte) (problemFile, error) {
	var f problemFile
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err == nil {
		err = json.NewDecoder(z).Decode(&f)
	}
	if err != nil {
		return f, fmt.Errorf("problems of a list: %w", err)
	}
	return f, nil
}
