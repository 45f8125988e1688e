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

// pack makes problems small enough for one item of the store: the first
// keptProblems of them, or fewer where those have more than keptBytes.
func pack(problems []roll.Problem) ([]byte, error) {
	for n := min(len(problems), keptProblems); ; n /= 2 {
		body, err := squeeze(problems[:n])
		if err != nil || len(body) <= keptBytes {
			return body, err
		}
	}
}

func squeeze(problems []roll.Problem) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(problems); err != nil {
		return nil, fmt.Errorf("problems of a list: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("problems of a list: %w", err)
	}
	return b.Bytes(), nil
}

// unpack returns what pack was given, as far as it fitted.
func unpack(body []byte) ([]roll.Problem, error) {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("problems of a list: %w", err)
	}
	var out []roll.Problem
	if err := json.NewDecoder(z).Decode(&out); err != nil {
		return nil, fmt.Errorf("problems of a list: %w", err)
	}
	return out, nil
}
