// Package seal keeps what must not be read: names for people that nobody can
// reverse, codes, tokens, and the private part of a registration.
//
//	root (32 bytes: KMS GenerateMac, or a file on one machine)
//	  ├─ HKDF "nik"       HMAC-SHA256 of a NIK, for look-up        TRUST R78
//	  ├─ HKDF "code"      registration code from a form's key      TRUST R47
//	  ├─ HKDF "id"        registration id from a code
//	  ├─ HKDF "token"     AES-256-GCM of cookies and form keys
//	  ├─ HKDF "pseudonym" names for counters of tries
//	  └─ HKDF "wrap"      AES-256-GCM around each registration's own data key
//
// The root never leaves this package. KeyVersion names the root in what is
// stored, so that a second one can be found beside it during rotation.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"lapakasik/functions/internal/claim"
)

// KeyVersion is the version of the root in use.
const KeyVersion = "1"

// ErrOpen is returned for what was not sealed by these keys for this purpose.
var ErrOpen = errors.New("seal: cannot open")

// Keys derives everything from one root. It is safe for concurrent use.
type Keys struct {
	nik, code, id, pseudonym []byte
	token, wrap              cipher.AEAD
}

// New derives the keys from a root of at least 32 bytes.
func New(root []byte) (*Keys, error) {
	if len(root) < 32 {
		return nil, fmt.Errorf("seal: root has %d bytes; want at least 32", len(root))
	}
	raw := map[string][]byte{}
	for _, name := range []string{"nik", "code", "id", "pseudonym", "token", "wrap"} {
		key, err := hkdf.Key(sha256.New, root, nil, "lapakasik/"+KeyVersion+"/"+name, 32)
		if err != nil {
			return nil, fmt.Errorf("seal: derive %s: %w", name, err)
		}
		raw[name] = key
	}
	token, err := gcm(raw["token"])
	if err != nil {
		return nil, err
	}
	wrap, err := gcm(raw["wrap"])
	if err != nil {
		return nil, err
	}
	return &Keys{raw["nik"], raw["code"], raw["id"], raw["pseudonym"], token, wrap}, nil
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return aead, nil
}

func mac(key []byte, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, key)
	for _, p := range parts {
		// Length first, so that no two lists of parts are the same input.
		h.Write([]byte{byte(len(p) >> 8), byte(len(p))})
		h.Write(p)
	}
	return h.Sum(nil)
}

// NIK returns the look-up name of a NIK: key version and 32 hexadecimal digits.
func (k *Keys) NIK(nik string) string {
	return KeyVersion + "#" + hex.EncodeToString(mac(k.nik, []byte(nik))[:16])
}

// Code returns the registration code that a form's idempotency key leads to.
// The same key gives the same code; without our key nobody can tell it.
func (k *Keys) Code(idempotency []byte) string {
	return claim.NewCode(func(n int) []byte { return mac(k.code, idempotency, []byte{byte(n)}) })
}

// RegistrationID returns the 32 hexadecimal digits under which a code's registration is stored.
func (k *Keys) RegistrationID(code string) string {
	return hex.EncodeToString(mac(k.id, []byte(code))[:16])
}

// Pseudonym returns 32 hexadecimal digits for a value and a purpose, for
// counters and comparisons that must not keep the value.
func (k *Keys) Pseudonym(purpose, value string) string {
	return hex.EncodeToString(mac(k.pseudonym, []byte(purpose), []byte(value))[:16])
}

// SealToken seals a short value for a purpose as URL-safe text.
func (k *Keys) SealToken(purpose string, plain []byte) (string, error) {
	return base64.RawURLEncoding.EncodeToString(k.token.Seal(nil, nil, plain, []byte(purpose))), nil
}

// OpenToken opens what SealToken made for the same purpose. ErrOpen otherwise.
func (k *Keys) OpenToken(purpose, token string) ([]byte, error) {
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return nil, ErrOpen
	}
	plain, err := k.token.Open(nil, nil, b, []byte(purpose))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// A DataKey seals what belongs to one registration. Without its wrapped form
// the registration can never be read again, which is how it is erased.
type DataKey struct {
	registration string
	aead         cipher.AEAD
	Wrapped      []byte
}

// NewDataKey makes a random key for a registration.
func (k *Keys) NewDataKey(registration string) (*DataKey, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	return k.dataKey(registration, key, k.wrap.Seal(nil, nil, key, wrapAAD(registration)))
}

// OpenDataKey opens a wrapped key for the registration it was made for. ErrOpen otherwise.
func (k *Keys) OpenDataKey(registration string, wrapped []byte) (*DataKey, error) {
	key, err := k.wrap.Open(nil, nil, wrapped, wrapAAD(registration))
	if err != nil {
		return nil, ErrOpen
	}
	return k.dataKey(registration, key, wrapped)
}

func wrapAAD(registration string) []byte { return []byte("key/" + registration) }

func (k *Keys) dataKey(registration string, key, wrapped []byte) (*DataKey, error) {
	aead, err := gcm(key)
	if err != nil {
		return nil, err
	}
	return &DataKey{registration, aead, wrapped}, nil
}

// SealPrivate seals the private part of the key's registration.
func (d *DataKey) SealPrivate(p claim.Private) ([]byte, error) {
	b, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("seal private: %w", err)
	}
	return d.aead.Seal(nil, nil, b, []byte("private/"+d.registration)), nil
}

// SealNote seals a note about the key's registration.
func (d *DataKey) SealNote(text string) []byte {
	return d.aead.Seal(nil, nil, []byte(text), []byte("note/"+d.registration))
}

// OpenNote opens what SealNote made for the same registration. ErrOpen otherwise.
func (d *DataKey) OpenNote(sealed []byte) (string, error) {
	b, err := d.aead.Open(nil, nil, sealed, []byte("note/"+d.registration))
	if err != nil {
		return "", ErrOpen
	}
	return string(b), nil
}

// OpenPrivate opens what SealPrivate made for the same registration. ErrOpen otherwise.
func (d *DataKey) OpenPrivate(sealed []byte) (claim.Private, error) {
	var p claim.Private
	b, err := d.aead.Open(nil, nil, sealed, []byte("private/"+d.registration))
	if err != nil {
		return p, ErrOpen
	}
	if err := json.Unmarshal(b, &p); err != nil {
		return p, fmt.Errorf("open private: %w", err)
	}
	return p, nil
}

// SealPart seals a part of what belongs to the key's owner, for a purpose.
func (d *DataKey) SealPart(purpose string, plain []byte) []byte {
	return d.aead.Seal(nil, nil, plain, []byte(purpose+"/"+d.registration))
}

// OpenPart opens what SealPart made for the same owner and purpose. ErrOpen otherwise.
func (d *DataKey) OpenPart(purpose string, sealed []byte) ([]byte, error) {
	b, err := d.aead.Open(nil, nil, sealed, []byte(purpose+"/"+d.registration))
	if err != nil {
		return nil, ErrOpen
	}
	return b, nil
}
