package template_test

import (
	"testing"

	"lapakasik/functions/local/template"
)

// What a function's environment gets: a value that is given, the parameter's
// default where none is, and a resource's logical id.
func TestEnvironment(t *testing.T) {
	tpl, err := template.Read("../../../template.yaml", map[string]string{"PublicOrigin": "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range tpl.Functions {
		if f.CodeUri == "functions/notify/lambda" || f.CodeUri == "functions/desk/lambda" {
			for name, v := range f.Environment {
				got[name] = v
			}
		}
	}
	for name, want := range map[string]string{"SITE_ORIGIN": "http://127.0.0.1:1", "MAIL_FROM": "jangan-balas@lapakasik.example", "MALWARE_TAG": "", "TABLE": "Table"} {
		if v, ok := got[name]; !ok || v != want {
			t.Errorf("%s = %q; want %q", name, v, want)
		}
	}
}
