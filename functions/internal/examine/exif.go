package examine

import (
	"bytes"
	"encoding/binary"
)

// orientation returns the EXIF orientation of a JPEG, 1 to 8; 1 if there is
// none or it makes no sense.
func orientation(b []byte) int {
	for len(b) >= 4 {
		if b[0] != 0xff {
			b = b[1:]
			continue
		}
		marker := b[1]
		switch {
		case marker == 0xda || marker == 0xd9: // the picture itself begins, or ends
			return 1
		case marker == 0xff || marker == 0 || marker == 1 || marker >= 0xd0 && marker <= 0xd8: // without content
			b = b[1:]
			continue
		}
		n := 2 + int(binary.BigEndian.Uint16(b[2:]))
		if n > len(b) {
			return 1
		}
		if content, ok := bytes.CutPrefix(b[4:max(n, 4)], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return tiffOrientation(content)
		}
		b = b[n:]
	}
	return 1
}

// tiffOrientation reads tag 0x0112 of the first directory.
func tiffOrientation(b []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(b, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(b) < 8 {
		return 1
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := int(order.Uint16(b[at:]))
	for rest := b[at+2:]; entries > 0 && len(rest) >= 12; entries, rest = entries-1, rest[12:] {
		if order.Uint16(rest) != 0x0112 {
			continue
		}
		if v := int(order.Uint16(rest[8:])); v >= 1 && v <= 8 {
			return v
		}
		return 1
	}
	return 1
}
