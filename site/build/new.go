package main

import (
	"cmp"
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"text/template"

	"lapakasik/site"
	"lapakasik/site/requirement"
)

//go:embed templates
var templates embed.FS

var addresses = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*$`)

// create writes a page or a claim reason from a template, in both languages,
// as a draft that passes the check. What is to be filled in stands between ‹ and
// ›, which the check refuses on a page that is no draft. It never overwrites a
// file.
func create(_ context.Context, j *job, args []string) error {
	title := j.flags.String("title", "", "title in Indonesian")
	titleEN := j.flags.String("title-en", "", "title in English")
	rest, err := j.parse(args)
	if err != nil {
		return err
	}
	if len(rest) != 2 || rest[0] != "halaman" && rest[0] != "sebab" {
		fmt.Fprintln(j.err, requirement.Text{ID: "Tulis: new halaman bantuan/contoh, atau: new sebab contoh",
			EN: "Write: new halaman bantuan/contoh, or: new sebab contoh"}.In(j.lang))
		return errUsage
	}
	kind, address := rest[0], strings.Trim(strings.TrimSuffix(rest[1], ".md"), "/")
	if kind == "sebab" {
		address = "klaim/" + strings.TrimPrefix(address, "klaim/")
	}
	if no := refusal(kind, address); no.ID != "" {
		fmt.Fprintln(j.err, no.In(j.lang))
		return errUsage
	}
	name := strings.ReplaceAll(path.Base(address), "-", " ")
	values := map[string]string{"Title": strconv.Quote(cmp.Or(*title, strings.ToUpper(name[:1])+name[1:])), "Today": j.day}
	values["TitleEN"] = strconv.Quote(cmp.Or(*titleEN, "‹English title of "+name+"›"))
	for _, ending := range []string{".md", ".en.md"} {
		if err := j.write(kind+ending, address+ending, values); err != nil {
			return err
		}
	}
	fmt.Fprint(j.out, requirement.Text{
		ID: "Halaman ini masih draf. Ganti semua tulisan di antara ‹ dan › di kedua file, hapus baris draft: true, lalu jalankan: go run ./site/build check\n",
		EN: "The page is a draft. Replace all that stands between ‹ and › in both files, remove the line draft: true, then run: go run ./site/build check\n"}.In(j.lang))
	return nil
}

// refusal says why there can be no page of a kind at an address; it is empty
// if there can.
func refusal(kind, address string) requirement.Text {
	code, inClaims := strings.CutPrefix(address, "klaim/")
	switch {
	case !addresses.MatchString(address):
		return requirement.Text{ID: fmt.Sprintf("Alamat %q: pakai huruf kecil, angka dan tanda hubung, misalnya bantuan/cara-memotret", address),
			EN: fmt.Sprintf("Address %q: use small letters, digits and dashes, such as bantuan/cara-memotret", address)}
	case kind == "halaman" && inClaims:
		return requirement.Text{ID: "Di folder klaim/ hanya ada sebab klaim. Tulis: new sebab " + code, EN: "The folder klaim/ holds claim reasons only. Write: new sebab " + code}
	case site.IsServed(address):
		return requirement.Text{ID: fmt.Sprintf("Alamat /%s/ dipakai program ini sendiri. Pilih alamat lain.", address),
			EN: fmt.Sprintf("The address /%s/ is served by the program itself. Choose another.", address)}
	}
	return requirement.Text{}
}

// write makes one file of the content from a template.
func (j *job) write(from, name string, values map[string]string) error {
	t, err := template.ParseFS(templates, "templates/"+from)
	if err != nil {
		return err
	}
	file := filepath.Join(j.content, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf(requirement.Text{ID: "%s sudah ada; pilih alamat lain", EN: "%s exists already; choose another address"}.In(j.lang), file)
	}
	if err != nil {
		return err
	}
	if err := errors.Join(t.Execute(f, values), f.Close()); err != nil {
		return err
	}
	fmt.Fprintln(j.out, file)
	return nil
}
