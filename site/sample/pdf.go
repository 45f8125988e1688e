package sample

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
	"strings"
)

// document is a PDF of one page with the letter. With a password it is locked
// by the standard security handler, revision 2 (ISO 32000-1, 7.6.3): an old
// and weak lock, which a sample may have, because its bytes never vary.
func document(password []byte) []byte {
	var text strings.Builder
	text.WriteString("BT /F1 16 Tf 72 770 Td 26 TL (PT CONTOH LATIHAN) Tj T* (SURAT KETERANGAN) Tj T* T* ")
	for _, line := range letterLines {
		fmt.Fprintf(&text, "(%s) Tj T* ", line)
	}
	text.WriteString("T* /F1 40 Tf 1 0 0 rg (CONTOH / SAMPLE) Tj ET")
	content, extra, locks := []byte(text.String()), "", []string(nil)
	if password != nil {
		key, handler := lock(password)
		content = crypt(objectKey(key, 4), content)
		extra, locks = "/Encrypt 6 0 R", []string{handler}
	}
	objects := []string{
		"<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
		fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content),
		"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
	}
	objects = append(objects, locks...)
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	var at []int
	for i, o := range objects {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, n := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", n)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/ID[<%x><%x>]%s>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, fileID, fileID, extra, start)
	return b.Bytes()
}

var fileID = []byte("contoh-latihan-1")

// padding fills passwords up to 32 bytes (7.6.3.3, algorithm 2).
var padding = []byte("\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A")

// lock returns the key of a document with a password and its encryption dictionary.
func lock(password []byte) (key []byte, dictionary string) {
	const permissions = -4 // everything, once it is open
	padded := append(bytes.Clone(password), padding...)[:32]
	sum := md5.Sum(padded)
	owner := crypt(sum[:5], padded) // algorithm 3
	h := bytes.Clone(padded)
	h = append(h, owner...)
	allowed := int32(permissions)
	h = binary.LittleEndian.AppendUint32(h, uint32(allowed))
	h = append(h, fileID...)
	sum = md5.Sum(h)
	key = bytes.Clone(sum[:5])
	user := crypt(key, padding) // algorithm 4
	return key, fmt.Sprintf("<</Filter/Standard/V 1/R 2/O<%x>/U<%x>/P %d>>", owner, user, permissions)
}

// objectKey is the key of one object's streams (algorithm 1).
func objectKey(key []byte, object int) []byte {
	sum := md5.Sum(append(bytes.Clone(key), byte(object), byte(object>>8), byte(object>>16), 0, 0))
	return sum[:10]
}

func crypt(key, in []byte) []byte {
	c, err := rc4.NewCipher(key)
	if err != nil { // only for keys of an impossible length
		return nil
	}
	out := make([]byte, len(in))
	c.XORKeyStream(out, in)
	return out
}
