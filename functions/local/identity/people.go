package identity

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"lapakasik/functions/internal/staff"
)

// An Account is a made-up colleague: one of the demonstration, for each role.
type Account struct {
	Username, Name string
	Password       string // made for this data folder
	Roles          []staff.Role
	Branches       []string
}

// accounts are who works at the demonstration's two branches, and one who
// has no role yet.
func accounts() []Account {
	return []Account{
		{Username: "petugas1", Name: "Petugas Satu", Roles: []staff.Role{staff.Officer}, Branches: []string{"bandar-lampung"}},
		{Username: "petugas2", Name: "Petugas Dua", Roles: []staff.Role{staff.Officer}, Branches: []string{"bandar-lampung", "kudus"}},
		{Username: "penyelia", Name: "Penyelia Satu", Roles: []staff.Role{staff.Supervisor}, Branches: []string{"bandar-lampung", "kudus"}},
		{Username: "komunikasi", Name: "Komunikasi Satu", Roles: []staff.Role{staff.Communications}},
		{Username: "auditor", Name: "Auditor Satu", Roles: []staff.Role{staff.Auditor}},
		{Username: "admin", Name: "Pengelola Satu", Roles: []staff.Role{staff.Admin}},
		{Username: "baru", Name: "Orang Baru"},
	}
}

// kept is what the data folder holds of the provider.
type kept struct {
	Passwords map[string]string `json:"passwords"`
	Secret    string            `json:"secret"`
	Key       string            `json:"key"` // PEM
}

// open reads what the folder holds, or makes it: passwords, the client's
// secret and the key that signs.
func open(dir string) (kept, *rsa.PrivateKey, error) {
	file := filepath.Join(dir, "identity.json")
	var k kept
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if k, err = fresh(); err != nil {
			return k, nil, err
		}
		if b, err = json.MarshalIndent(k, "", "\t"); err != nil {
			return k, nil, fmt.Errorf("identity: %w", err)
		}
		if err := errors.Join(os.WriteFile(file, b, 0o600), os.WriteFile(secretFile(dir), []byte(k.Secret+"\n"), 0o600)); err != nil {
			return k, nil, fmt.Errorf("identity: %w", err)
		}
	case err != nil:
		return k, nil, fmt.Errorf("identity: %w", err)
	default:
		if err := json.Unmarshal(b, &k); err != nil {
			return k, nil, fmt.Errorf("identity: %s: %w", file, err)
		}
	}
	block, _ := pem.Decode([]byte(k.Key))
	if block == nil {
		return k, nil, fmt.Errorf("identity: %s holds no key", file)
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		return k, nil, fmt.Errorf("identity: %s: %w", file, err)
	}
	return k, key, nil
}

func fresh() (kept, error) {
	k := kept{Passwords: map[string]string{}, Secret: rand.Text()}
	for _, a := range accounts() {
		k.Passwords[a.Username] = strings.ToLower(rand.Text()[:12])
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return k, fmt.Errorf("identity: %w", err)
	}
	k.Key = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	return k, nil
}

func secretFile(dir string) string { return filepath.Join(dir, "identity.secret") }
