package claim

import (
	"net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"lapakasik/site/requirement"
)

// digitsOnly drops what people type between groups of digits.
var digitsOnly = strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "")

// Fault is why something typed cannot be read, "" where it can.
type Fault string

// The faults of a NIK, a name and membership numbers.
const (
	Malformed        Fault = "salah"   // other characters, or another number of digits
	ImpossibleDate   Fault = "tanggal" // in a NIK
	ImpossibleSerial Fault = "urut"    // 0000 at the end of a NIK
	TooLong          Fault = "panjang" // a name
	TooManyCards     Fault = "banyak"  // membership numbers
)

// ParseNIK reads a NIK: 16 digits PPRRKK DDMMYY NNNN, day + 40 for women,
// serial from 0001. There is no check digit and the century is ambiguous, so
// false means only that no NIK can look like this.
func ParseNIK(typed string) (string, bool) {
	return digitsOnly.Replace(typed), NIKFault(typed) == ""
}

// NIKFault tells why no NIK can look like this.
func NIKFault(typed string) Fault {
	nik := digitsOnly.Replace(typed)
	if len(nik) != 16 || !allDigits(nik) {
		return Malformed
	}
	day, month := number(nik[6:8]), number(nik[8:10])
	if day > 40 {
		day -= 40
	}
	switch {
	case day < 1 || day > 31 || month < 1 || month > 12:
		return ImpossibleDate
	case nik[12:] == "0000":
		return ImpossibleSerial
	}
	return ""
}

// NIKMatches tells whether the birth date in a NIK is this one. A NIK is for
// life and is not corrected, so a mismatch is a flag for the officer and
// never a refusal.
func NIKMatches(nik string, birth requirement.Date) bool {
	if len(nik) != 16 || len(birth) != len("2006-01-02") {
		return false
	}
	day := number(nik[6:8])
	if day > 40 {
		day -= 40
	}
	return day == number(string(birth[8:10])) && nik[8:10] == string(birth[5:7]) && nik[10:12] == string(birth[2:4])
}

// ParseKPJ reads a membership number (nomor kepesertaan): 11 digits.
func ParseKPJ(typed string) (string, bool) {
	kpj := digitsOnly.Replace(typed)
	return kpj, len(kpj) == 11 && allDigits(kpj)
}

// maxKPJ is the most cards of one member.
const maxKPJ = 10

// ParseKPJs reads one or several membership numbers, separated by commas,
// semicolons, slashes or line ends, and returns them separated by spaces.
func ParseKPJs(typed string) (string, bool) {
	out, fault := kpjs(typed)
	if fault == Malformed {
		return typed, false
	}
	return strings.Join(out, " "), fault == ""
}

// KPJsFault tells why ParseKPJs cannot read membership numbers.
func KPJsFault(typed string) Fault {
	_, fault := kpjs(typed)
	return fault
}

func kpjs(typed string) ([]string, Fault) {
	var out []string
	for part := range strings.FieldsFuncSeq(typed, func(r rune) bool { return strings.ContainsRune(",;/\r\n", r) }) {
		kpj, ok := ParseKPJ(part)
		if !ok {
			return nil, Malformed
		}
		out = append(out, kpj)
	}
	switch {
	case len(out) == 0:
		return nil, Malformed
	case len(out) > maxKPJ:
		return out, TooManyCards
	}
	return out, ""
}

// ParsePhone reads an Indonesian mobile number, 08… or +628… or 628… with 8 to
// 11 digits from the 8 on, and returns it as "+628…".
func ParsePhone(typed string) (string, bool) {
	typed = strings.NewReplacer("(", "", ")", "").Replace(digitsOnly.Replace(strings.TrimSpace(typed)))
	rest := typed
	for _, prefix := range []string{"+62", "62", "0"} {
		if after, ok := strings.CutPrefix(typed, prefix); ok {
			rest = after
			break
		}
	}
	if rest == typed || len(rest) < 8 || len(rest) > 11 || !allDigits(rest) || rest[0] != '8' || rest[1] == '0' {
		return typed, false
	}
	return "+62" + rest, true
}

// ParseEmail reads one bare e-mail address of at most 254 bytes.
func ParseEmail(typed string) (string, bool) {
	typed = strings.TrimSpace(typed)
	a, err := mail.ParseAddress(typed)
	if err != nil || a.Address != typed || len(typed) > 254 {
		return typed, false
	}
	_, domain, _ := strings.Cut(typed, "@")
	return typed, strings.Contains(domain, ".")
}

// ParseAccount reads a bank account number. Lengths differ per bank and no
// national rule was found: 5 to 20 digits.
func ParseAccount(typed string) (string, bool) {
	n := digitsOnly.Replace(typed)
	return n, len(n) >= 5 && len(n) <= 20 && allDigits(n)
}

// maxName is the longest name in characters.
const maxName = 100

// ParseName reads a person's name: 1 to 100 letters, marks, spaces and . ' , - /.
func ParseName(typed string) (string, bool) {
	return strings.Join(strings.Fields(typed), " "), NameFault(typed) == ""
}

// NameFault tells why ParseName cannot read a name.
func NameFault(typed string) Fault {
	name := strings.Join(strings.Fields(typed), " ")
	if !utf8.ValidString(name) {
		return Malformed
	}
	letters := 0
	for _, r := range name {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsMark(r) || strings.ContainsRune(" .'’`,-/", r):
		default:
			return Malformed
		}
	}
	switch {
	case letters == 0:
		return Malformed
	case utf8.RuneCountInString(name) > maxName:
		return TooLong
	}
	return ""
}

// Flags for the officer; none of them refuses a claim.
const (
	FlagBirthDate = "NIK_BIRTH_DATE" // the NIK says another birth date
	FlagHolder    = "HOLDER_NAME"    // the account is in another name
)

// FlagsOf compares what a person entered.
func FlagsOf(p Person) []string {
	var flags []string
	if !NIKMatches(p.NIK, p.BirthDate) {
		flags = append(flags, FlagBirthDate)
	}
	owner := p.Name
	if p.HeirName != "" {
		owner = p.HeirName
	}
	if !strings.EqualFold(letters(owner), letters(p.Holder)) {
		flags = append(flags, FlagHolder)
	}
	return flags
}

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, s)
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

func number(s string) int {
	n := 0
	for _, c := range []byte(s) {
		n = n*10 + int(c-'0')
	}
	return n
}

// ParseBank reads a bank's name, which may hold digits and an ampersand: 2 to
// 60 characters.
func ParseBank(typed string) (string, bool) {
	name := strings.Join(strings.Fields(typed), " ")
	ok := len(name) >= 2 && len(name) <= 60 && strings.IndexFunc(name, func(r rune) bool {
		return !strings.ContainsRune(" .&-'()", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) < 0
	return name, ok
}
