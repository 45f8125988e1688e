package site

import (
	"bytes"
	"image"
	_ "image/jpeg" // the kinds of picture that content may hold
	_ "image/png"
	"io/fs"
	"path"
	"slices"
	"strings"

	_ "golang.org/x/image/webp" // as above
)

// A picture is an image file of the content, which keeps its path on the site.
type picture struct {
	bytes         []byte
	width, height int
}

// maxPicture keeps a page with pictures quick on a slow line: at 400 kbit/s
// it is 0.6 seconds.
const maxPicture = 30 << 10

var pictureKinds = []string{".png", ".jpg", ".jpeg", ".webp"}

// readPictures reads every image of the content by its address, "/gambar/kartu.png".
func readPictures(fsys fs.FS) (map[string]picture, Problems) {
	out := map[string]picture{}
	var ps Problems
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !slices.Contains(pictureKinds, strings.ToLower(path.Ext(name))) {
			return err
		}
		p, found := readPicture(fsys, name)
		ps = append(ps, found...)
		out["/"+name] = p
		return nil
	})
	if err != nil {
		ps = append(ps, wholeFile(".", "cannot be read: %v", err))
	}
	return out, ps
}

func readPicture(fsys fs.FS, name string) (picture, Problems) {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return picture{}, Problems{wholeFile(name, "cannot be read: %v", err)}
	}
	if len(b) > maxPicture {
		return picture{}, Problems{wholeFile(name, "the picture has %d KB; want at most %d", len(b)>>10, maxPicture>>10)}
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return picture{}, Problems{wholeFile(name, "the file is not a picture: %v", err)}
	}
	return picture{b, c.Width, c.Height}, nil
}
