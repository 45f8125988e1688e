package page_test

import (
	"strings"
	"testing"

	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

func TestFields(t *testing.T) {
	wrong := []page.Error{{Field: "x", Message: "Isi <ini>"}}
	for _, tt := range []struct {
		name   string
		field  page.Field
		errors []page.Error
		want   []string
	}{
		{"text", page.Field{Kind: page.TextInput, Name: "x", Label: "Nama", Value: `a"><b>`, Autocomplete: "name"}, nil,
			[]string{`<label for="x">Nama</label>`, `type="text"`, `value="a&#34;&gt;&lt;b&gt;"`, `autocomplete="name"`}},
		{"hint and error", page.Field{Kind: page.TextInput, Name: "x", Label: "Nama", Hint: "Seperti di KTP"}, wrong,
			[]string{`id="x-petunjuk">Seperti di KTP<`, `id="x-galat">`, "Isi &lt;ini&gt;", `aria-describedby="x-petunjuk x-galat" aria-invalid="true"`, `<a href="#x">`}},
		{"optional", page.Field{Kind: page.EmailBox, Name: "x", Label: "Surel", Optional: true}, nil, []string{`>Surel (tidak wajib)</label>`, `type="email"`}},
		{"digits", page.Field{Kind: page.Digits, Name: "x", Label: "NIK", Width: 16}, nil, []string{`class="w20"`, `type="text"`, `inputmode="numeric"`}},
		{"phone", page.Field{Kind: page.PhoneBox, Name: "x", Label: "Ponsel", Width: 24}, nil, []string{`class="w30"`, `type="tel"`}},
		{"hidden", page.Field{Kind: page.Hidden, Name: "x", Value: "v"}, wrong, []string{`<input type="hidden" name="x" value="v">`, `<a href="#formulir">`}},
		{"textarea", page.Field{Kind: page.TextArea, Name: "x", Label: "Pesan", Value: "</textarea>"}, nil, []string{"&lt;/textarea&gt;</textarea>"}},
		{"date", page.Field{Kind: page.DateInput, Name: "x", Label: "Lahir", Value: "1990-02-01", Autocomplete: "bday"}, nil,
			[]string{`<legend>Lahir</legend>`, `name="x-hari" type="text" inputmode="numeric" maxlength="2" value="01" autocomplete="bday-day"`, `value="02" autocomplete="bday-month"`, `value="1990" autocomplete="bday-year"`}},
		{"date as typed", page.Field{Kind: page.DateInput, Name: "x", Label: "Lahir", Value: "1990|13|-1"}, wrong,
			[]string{`<a href="#x-hari">`, `value="-1"`, `value="13"`, `value="1990"`, `<fieldset aria-describedby="x-galat">`}},
		{"radios", page.Field{Kind: page.Radios, Name: "x", Label: "Jam", Options: []page.Option{{Value: "a", Label: "A", Group: "Pagi"}, {Value: "b", Label: "B", Hint: "Penuh", Disabled: true}}}, wrong,
			[]string{`<a href="#x">`, `<p class="group">Pagi</p>`, `<input type="radio" id="x" name="x" value="a">`, `<input type="radio" id="x-b" name="x" value="b" disabled>`, `<label for="x-b">B <span class="hint">Penuh</span></label>`}},
		{"boxes", page.Field{Kind: page.Boxes, Name: "x", Label: "Setuju", Options: []page.Option{{Value: "a", Label: "A", Checked: true}}}, nil,
			[]string{`<input type="checkbox" id="x" name="x" value="a" checked>`}},
		{"select", page.Field{Kind: page.Select, Name: "x", Label: "Kantor", Options: []page.Option{{Value: "a", Label: "A", Group: "Lampung", Checked: true}, {Value: "b", Label: "B", Group: "Lampung"}, {Value: "c", Label: "C"}}}, nil,
			[]string{`<optgroup label="Lampung">`, `<option value="a" selected>A</option>`, `<option value="">Pilih</option>`}},
		{"file", page.Field{Kind: page.FileInput, Name: "x", Label: "File", Accept: "image/png", Attributes: map[string]string{"data-b": "2", "data-a": `"`}}, nil,
			[]string{`type="file"`, `accept="image/png"`, `data-a="&#34;" data-b="2"`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			html := string(render(t, &page.Page{Lang: requirement.ID, Path: "/x", Title: "X", Private: true,
				Blocks: []page.Block{&page.Form{Action: "/x", Fields: []page.Field{tt.field}, Errors: tt.errors}}}))
			for _, want := range tt.want {
				if !strings.Contains(html, want) {
					t.Errorf("no %s in %s", want, html[strings.Index(html, "<form"):strings.Index(html, "</form>")])
				}
			}
		})
	}
}

func TestTwoForms(t *testing.T) {
	one, two := &page.Form{Action: "/a"}, &page.Form{Action: "/b", Get: true, Errors: []page.Error{{Field: "versi", Message: "Sudah berubah"}}}
	html := string(render(t, &page.Page{Lang: requirement.ID, Path: "/x", Title: "X", Private: true, Blocks: []page.Block{one, two}}))
	for _, want := range []string{`<form id="formulir" action="/a" method="post"`, `<form id="formulir-2" action="/b" method="get"`, `<a href="#formulir-2">Sudah berubah</a>`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s", want)
		}
	}
}
