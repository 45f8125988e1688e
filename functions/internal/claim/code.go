package claim

import (
	"errors"
	"strings"
)

// alphabet is Crockford's base32: no I, L, O and U, so that a code can be read aloud.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const codeLength = 17 // 80 bits and one check character

// ErrCode is returned for a code with a typing mistake.
var ErrCode = errors.New("claim: not a code")

// NewCode makes a registration code (kode pendaftaran) of 16 characters from
// 80 bits and a check character. The check finds every single wrong character
// and every swap of two: the sum of digit × 2^position is 0 modulo 37, a prime
// of which 2 is a primitive root. bits(n) returns the n-th candidate of at
// least 10 bytes; 5 of 37 have no check character and the next is taken.
func NewCode(bits func(n int) []byte) string {
	for n := 0; ; n++ {
		digits := base32Digits(bits(n)[:10])
		for check := range len(alphabet) {
			if all := append(digits, byte(check)); checksum(all) == 0 {
				return encode(all)
			}
		}
	}
}

// FormatCode groups a code for reading: "ABCD-EFGH-JKMN-PQRST".
func FormatCode(code string) string {
	if len(code) != codeLength {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:12] + "-" + code[12:]
}

// ParseCode reads a code as people type it, with spaces, dashes, small
// letters, O for 0 and I or L for 1. ErrCode: wrong length, character or check.
func ParseCode(typed string) (string, error) {
	digits := make([]byte, 0, codeLength)
	for _, r := range strings.ToUpper(typed) {
		switch r {
		case ' ', '-', '.':
			continue
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		d := strings.IndexRune(alphabet, r)
		if d < 0 || len(digits) == codeLength {
			return "", ErrCode
		}
		digits = append(digits, byte(d))
	}
	if len(digits) != codeLength || checksum(digits) != 0 {
		return "", ErrCode
	}
	return encode(digits), nil
}

func base32Digits(b []byte) []byte {
	out := make([]byte, 0, codeLength)
	var acc, n uint
	for _, c := range b {
		acc, n = acc<<8|uint(c), n+8
		for n >= 5 {
			n -= 5
			out = append(out, byte(acc>>n&31))
		}
	}
	return out
}

func checksum(digits []byte) int {
	sum, weight := 0, 1
	for _, d := range digits {
		sum = (sum + int(d)*weight) % 37
		weight = weight * 2 % 37
	}
	return sum
}

func encode(digits []byte) string {
	var b strings.Builder
	for _, d := range digits {
		b.WriteByte(alphabet[d])
	}
	return b.String()
}
