package editor

import (
	"os"
	"path"
	"reflect"
	"slices"
	"testing"

	"lapakasik/site"
	"lapakasik/site/requirement"
)

func TestConfigHasAllWords(t *testing.T) {
	for _, lang := range []requirement.Lang{requirement.ID, requirement.EN} {
		if _, err := Config(os.DirFS("../../content"), lang, "http://127.0.0.1:8081"); err != nil {
			t.Error(err)
		}
	}
}

// Whatever a file of the project holds can be edited: every key has its field,
// and every value of a field with options is one of them.
func TestEveryValueHasAField(t *testing.T) {
	c, err := Config(os.DirFS("../../content"), requirement.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	forms := map[string][]object{}
	for _, x := range c["collections"].([]any) {
		x := x.(object)
		if fields, ok := x["fields"].([]object); ok {
			forms[x["folder"].(string)] = fields
		}
		for _, f := range append([]object(nil), filesOf(x)...) {
			forms[f["file"].(string)] = f["fields"].([]object)
		}
	}
	contentFiles(t, func(name, text string, isPage bool) {
		v, err := Read(text, isPage)
		if err != nil {
			t.Fatal(err)
		}
		form := "content/" + name
		if isPage {
			form = path.Dir(form)
		}
		covered(t, name, forms[form], v)
	})
}

func filesOf(collection object) []object {
	files, _ := collection["files"].([]object)
	return files
}

func covered(t *testing.T, at string, fields []object, v map[string]any) {
	t.Helper()
	for key, value := range v {
		i := slices.IndexFunc(fields, func(f object) bool { return f["name"] == key })
		if i < 0 {
			t.Errorf("%s: %s cannot be edited", at, key)
			continue
		}
		inside(t, at+"/"+key, fields[i], value)
	}
}

func inside(t *testing.T, at string, f object, value any) {
	t.Helper()
	if choices, ok := f["options"].([]object); ok {
		for _, v := range each(value) {
			if !slices.ContainsFunc(choices, func(c object) bool { return c["value"] == v }) {
				t.Errorf("%s: %v is no option", at, v)
			}
		}
		return
	}
	fields, ok := f["fields"].([]object)
	if !ok {
		return
	}
	for _, v := range each(value) {
		if m, ok := v.(map[string]any); ok {
			covered(t, at, fields, m)
		}
	}
}

func each(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// Nothing can be edited that the generator does not know.
func TestNoFieldIsUnknown(t *testing.T) {
	id, _ := site.PageTypes()
	var names []string
	for _, f := range pageFields(&worder{lang: requirement.ID}, reasons) {
		names = append(names, f["name"].(string))
	}
	for i := range id.NumField() {
		names = slices.DeleteFunc(names, func(n string) bool { return n == yamlKey(id.Field(i)) })
	}
	if want := []string{bodyKey, originalKey}; !reflect.DeepEqual(names, want) {
		t.Errorf("beside the generator's keys: %q; want %q", names, want)
	}
}
