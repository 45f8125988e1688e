package disk_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"lapakasik/site/disk"
)

// What is written is read, whatever room there is and whatever was there.
func TestReadWrite(t *testing.T) {
	name := filepath.Join(t.TempDir(), "a")
	for _, size := range []int{0, 1, 4096, 100_000, 7} {
		want := bytes.Repeat([]byte("x"), size)
		st, err := disk.Write(name, want)
		if err != nil || st.Size != int64(size) {
			t.Fatalf("Write of %d bytes = %+v, %v", size, st, err)
		}
		for _, room := range []int{0, size / 2, size, size + 1, 200_000} {
			if got, err := disk.Read(name, make([]byte, 0, room)); err != nil || !bytes.Equal(got, want) {
				t.Errorf("Read of %d bytes with room for %d: %d bytes, %v", size, room, len(got), err)
			}
		}
		if now, err := disk.Look(name); err != nil || now != st {
			t.Errorf("Look = %+v, %v; want %+v", now, err, st)
		}
	}
}

func TestErrors(t *testing.T) {
	dir := t.TempDir()
	none := filepath.Join(dir, "none")
	if _, err := disk.Read(none, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Read of no file = %v", err)
	}
	if _, err := disk.Look(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Look at no file = %v", err)
	}
	if _, err := disk.Read(dir, nil); err == nil {
		t.Error("Read of a folder = nil error")
	}
	if _, err := disk.Write(dir, nil); err == nil {
		t.Error("Write of a folder = nil error")
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink(dir, link); err == nil {
		if _, err := disk.Look(link); err == nil {
			t.Error("Look at a link = nil error")
		}
	}
	if _, err := disk.Open(dir).ReadFile("../x"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("ReadFile outside = %v", err)
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.md": "a", "b/c.md": "", "b/d.txt": "xyz"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := disk.Write(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := fstest.TestFS(disk.Open(dir), "a.md", "b/c.md", "b/d.txt"); err != nil {
		t.Error(err)
	}
}
