package disk_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

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
		if now, err := disk.Open(filepath.Dir(name)).Look(filepath.Base(name)); err != nil || now != st {
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
	if _, err := disk.Open(dir).Look("none"); !errors.Is(err, fs.ErrNotExist) {
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
		if _, err := disk.Open(dir).Look("link"); err == nil {
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

// Whatever is done to a file or folder gives it another mark, even if its size
// and time are set back; reading it does not.
func TestMark(t *testing.T) {
	dir := t.TempDir()
	name, other := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	old := time.Unix(1e9, 0)
	write := func(name, text string) {
		t.Helper()
		if err := errors.Join(os.WriteFile(name, []byte(text), 0o644), os.Chtimes(name, old, old)); err != nil {
			t.Fatal(err)
		}
	}
	write(name, "x")
	f := disk.Open(dir)
	_, was, err := f.ReadMarked("a", nil)
	if err != nil {
		t.Fatal(err)
	}
	if was == (disk.Mark{}) {
		t.Skip("no marks on this system")
	}
	for _, tt := range []struct {
		what, name string
		change     func()
		same       bool
	}{
		{"read", "a", func() { _, _ = f.ReadFile("a") }, true},
		{"written", "a", func() { write(name, "y") }, false},
		{"replaced", "a", func() { write(other, "z"); _ = os.Rename(other, name) }, false},
		{"longer", "a", func() { write(name, "yy") }, false},
		{"file comes and goes", ".", func() { write(other, ""); _ = os.Remove(other) }, false},
	} {
		was, err := f.Mark(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		now := was
		for range 1_000_000 { // until the clock of the file system has gone on
			tt.change()
			if now, err = f.Mark(tt.name); err != nil || now != was || tt.same {
				break
			}
		}
		if err != nil || (now == was) != tt.same {
			t.Errorf("%s: Mark = %+v, %v; was %+v", tt.what, now, err, was)
		}
	}
	if _, err := f.Mark("../x"); !errors.Is(err, fs.ErrInvalid) {
		t.Errorf("Mark outside = %v", err)
	}
	if _, err := f.Mark("none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Mark of no file = %v", err)
	}
}

// A mark is trusted when nothing that is written from now on can have it.
func TestSettled(t *testing.T) {
	now := time.Unix(1e9, 0)
	ago := func(d time.Duration) int64 { return now.Add(-d).UnixNano() }
	for _, tt := range []struct {
		mark disk.Mark
		want bool
	}{
		{disk.Mark{}, false},
		{disk.Mark{Modified: ago(time.Hour), Changed: ago(time.Hour)}, true},
		{disk.Mark{Modified: ago(time.Hour), Changed: ago(time.Second)}, false},
		{disk.Mark{Modified: ago(time.Second), Changed: ago(time.Hour)}, false},
		{disk.Mark{Modified: ago(-time.Hour), Changed: ago(time.Hour)}, false},
		{disk.Mark{Modified: ago(time.Hour), Changed: ago(2 * time.Second)}, false},
	} {
		if got := tt.mark.Settled(now); got != tt.want {
			t.Errorf("%+v.Settled = %v; want %v", tt.mark, got, tt.want)
		}
	}
}
