package editor

import (
	"cmp"
	_ "embed"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"

	"lapakasik/site"
	"lapakasik/site/requirement"
)

//go:embed kata.yaml
var wordsSource []byte

// words are read when they are needed: a build of the site needs none.
var words = sync.OnceValue(func() map[string]requirement.Text {
	out := map[string]requirement.Text{}
	if err := yaml.Load(wordsSource, &out); err != nil {
		panic(err) // embedded, and read by every test
	}
	return out
})

// options are the values of a type or of a key that has no others.
var options = map[string][]string{
	"Channel":         {"online", "onsite", "kolektif"},
	"Mode":            {"first-come", "ballot"},
	"Applicant":       {"member", "heir"},
	"RuleKind":        {"min_age", "wait_months", "min_years", "must_be", "date_past"},
	"Basis":           {"law", "practice"},
	"Need":            {"required", "conditional", "advised"},
	"QuestionKind":    {"date", "yes_no"},
	"front.kind":      {"page", "reason", "procedure", "standard", "home", "privacy"},
	"front.programme": {"JHT", "JKM", "JKK", "JP", "JKP"},
	"Rule.answer":     {"ya", "tidak"},
	"Branch.zone":     {"WIB", "WITA", "WIT"},
	"map[string]":     {"id", "en"},
}

// Formats of files, made by penyunting.js from Read and Write.
const (
	formatPage = "yaml-frontmatter"
	formatData = "yaml"
)

type object = map[string]any

// Config is the configuration of the editing page for a content folder, in a
// language: its collections are made from the types that the generator reads
// the files into, so they cannot differ.
func Config(content fs.FS, lang requirement.Lang, publicURL string) (object, error) {
	w := &worder{lang: lang}
	pages, err := pageCollections(content, w)
	if err != nil {
		return nil, err
	}
	return object{
		"load_config_file": false, "site_url": publicURL, "display_url": publicURL,
		// No backend: only a folder on this computer is opened.
		"backend":      object{"name": "gitea", "repo": "lapak/asik", "branch": "main", "base_url": publicURL, "api_root": publicURL + "/penyunting/tanpa-server"},
		"media_folder": "content/gambar", "public_folder": "/gambar",
		"i18n":        object{"structure": "multiple_files", "locales": []string{"id", "en"}, "default_locale": "id", "omit_default_locale_from_file_path": true},
		"output":      object{"omit_empty_optional_fields": false},
		"slug":        object{"encoding": "ascii", "clean_accents": true, "sanitize_replacement": "-"},
		"collections": append(pages, dataCollection(w)),
	}, w.err()
}

// pageCollections are one for each folder that holds pages.
func pageCollections(content fs.FS, w *worder) ([]any, error) {
	folders := map[string]bool{}
	err := fs.WalkDir(content, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".md" && name != "EDITORS.md" {
			folders[path.Dir(name)] = true
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("pages: %w", err)
	}
	var out []any
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		name := folder
		if name == "." {
			name = "halaman"
		}
		name = strings.ReplaceAll(name, "/", "-")
		c := object{"name": name, "label": w.word("koleksi." + name), "folder": path.Join("content", folder), "create": true, "delete": false,
			"extension": "md", "format": formatPage, "i18n": true, "summary": "{{title}}", "filter": object{"field": "title", "pattern": "."}, "identifier_field": "title",
			"slug": "{{slug}}", "fields": pageFields(w, folder), "editor": object{"preview": false}}
		out = append(out, c)
	}
	return out, nil
}

// reasons is the folder of the claim reasons; reasonKeys are what only they have.
const reasons = "klaim"

var reasonKeys = []string{"situation", "programme", "channels", "applicant", "rules", "lists"}

// pageFields are those of a page of a folder: what is translated has both
// languages, the rest stands in the Indonesian file only.
func pageFields(w *worder, folder string) []object {
	id, en := site.PageTypes()
	translated := map[string]bool{}
	for i := range en.NumField() {
		translated[yamlKey(en.Field(i))] = true
	}
	var out []object
	for i := range id.NumField() {
		if folder != reasons && slices.Contains(reasonKeys, yamlKey(id.Field(i))) {
			continue
		}
		f := w.field(id, id.Field(i))
		f["i18n"] = translated[yamlKey(id.Field(i))]
		if f["name"] == "title" {
			f["required"] = true
		}
		out = append(out, f)
	}
	body := object{"name": bodyKey, "label": w.word("isi"), "hint": w.word("isi.petunjuk"), "widget": "text", "required": false, "i18n": true}
	return append(out, body, hidden())
}

// hidden keeps the text that was opened.
func hidden() object {
	return object{"name": originalKey, "widget": "hidden", "i18n": true, "default": ""}
}

// dataCollection holds the files of content/data.
func dataCollection(w *worder) object {
	var files []object
	types := site.DataTypes()
	for _, name := range slices.Sorted(maps.Keys(types)) {
		fields := []object(nil)
		if t := types[name]; t.Kind() == reflect.Slice {
			list := object{"name": listKey, "label": w.word("berkas." + name), "widget": "list", "required": false, "fields": w.fields(t.Elem())}
			if summary := summaryOf(t.Elem()); summary != "" {
				list["summary"] = summary
			}
			fields = []object{list}
		} else {
			fields = w.fields(t)
		}
		files = append(files, object{"name": name, "label": w.word("berkas." + name), "file": "content/data/" + name + ".yaml",
			"format": formatData, "fields": append(fields, hidden())})
	}
	return object{"name": "data", "label": w.word("koleksi.data"), "files": files, "i18n": false, "editor": object{"preview": false}}
}

func summaryOf(t reflect.Type) string {
	for _, key := range []string{"code", "slot", "name", "kind"} {
		for i := range t.NumField() {
			if yamlKey(t.Field(i)) == key {
				return "{{" + key + "}}"
			}
		}
	}
	return ""
}

// worder makes fields with their words and remembers which are missing.
type worder struct {
	lang    requirement.Lang
	missing []string
}

func (w *worder) word(key string) string {
	t, ok := words()[key]
	if !ok {
		w.missing = append(w.missing, key)
		return key
	}
	return t.In(w.lang)
}

func (w *worder) err() error {
	if len(w.missing) == 0 {
		return nil
	}
	return fmt.Errorf("no words for %s", strings.Join(w.missing, ", "))
}

func yamlKey(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if key == "-" {
		return ""
	}
	return key
}

// fields are those of a struct that a file can hold.
func (w *worder) fields(t reflect.Type) []object {
	var out []object
	for i := range t.NumField() {
		if yamlKey(t.Field(i)) != "" {
			out = append(out, w.field(t, t.Field(i)))
		}
	}
	return out
}

func (w *worder) field(owner reflect.Type, f reflect.StructField) object {
	key := yamlKey(f)
	name := owner.Name() + "." + key
	out := object{"name": key, "required": false}
	if owner == reflect.TypeFor[requirement.Text]() {
		out["label"] = w.word("bahasa." + key)
	} else {
		out["label"] = w.word("medan." + name)
	}
	if hint, ok := words()["petunjuk."+name]; ok {
		out["hint"] = hint.In(w.lang)
	}
	maps.Copy(out, w.widget(f.Type, name))
	return out
}

// widget is how values of a type are typed in.
func (w *worder) widget(t reflect.Type, name string) object {
	choice := options[name]
	if choice == nil {
		choice = options[t.Name()]
	}
	switch {
	case t.Kind() == reflect.String && choice != nil:
		return object{"widget": "select", "options": w.choices(choice)}
	case t == reflect.TypeFor[requirement.Date]():
		return object{"widget": "string", "pattern": []string{`^(\d{4}-\d{2}-\d{2})?$`, w.word("tanggal")}}
	case t.Kind() == reflect.String:
		return object{"widget": "string"}
	case t.Kind() == reflect.Bool:
		return object{"widget": "boolean"}
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return object{"widget": "number", "value_type": "int"}
	case t.Kind() == reflect.Struct:
		return object{"widget": "object", "collapsed": "auto", "fields": w.fields(t)}
	case t.Kind() == reflect.Map:
		return object{"widget": "object", "collapsed": "auto", "fields": w.entries(t, cmp.Or(name, t.Name()))}
	}
	return w.list(t.Elem(), name)
}

// entries are the keys that a map can have: languages or channels.
func (w *worder) entries(t reflect.Type, name string) []object {
	keys := options[t.Key().Name()]
	if t.Key().Kind() == reflect.String && t.Key().Name() == "string" {
		keys = options["map[string]"]
	}
	var out []object
	for _, key := range keys {
		f := object{"name": key, "required": false, "label": w.word("pilihan." + key)}
		maps.Copy(f, w.widget(t.Elem(), name+"."+key))
		out = append(out, f)
	}
	return out
}

func (w *worder) list(t reflect.Type, name string) object {
	switch {
	case t.Kind() == reflect.Struct:
		out := object{"widget": "list", "collapsed": true, "fields": w.fields(t)}
		if summary := summaryOf(t); summary != "" {
			out["summary"] = summary
		}
		return out
	case t.Kind() == reflect.Int:
		return object{"widget": "list", "field": object{"name": "angka", "label": w.word("angka"), "widget": "number", "value_type": "int"}}
	case options[t.Name()] != nil:
		return object{"widget": "select", "multiple": true, "options": w.choices(options[t.Name()])}
	}
	return object{"widget": "list"}
}

func (w *worder) choices(values []string) []object {
	var out []object
	for _, v := range values {
		out = append(out, object{"value": v, "label": w.word("pilihan." + v)})
	}
	return out
}
