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
func readPictures(src *sources) (map[string]picture, Problems) {
	out := map[string]picture{}
	names, err := src.names()
	if err != nil {
		return out, Problems{wholeFile(".", "cannot be read: %v", err)}
	}
	var ps Problems
	for _, name := range names {
		if !slices.Contains(pictureKinds, strings.ToLower(path.Ext(name))) {
			continue
		}
		p, found := readPicture(src, name)
		ps = append(ps, found...)
		out["/"+name] = p
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
