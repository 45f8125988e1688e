package page

import (
	"html/template"
	"maps"
	"slices"
	"strings"

	"lapakasik/site/requirement"
)

// fieldView is what the field templates see.
type fieldView struct {
	*Page
	Form  *Form
	Field Field
}

// ErrorText is the mistake in this field, "" for none.
func (v fieldView) ErrorText() string {
	for _, e := range v.Form.Errors {
		if e.Field == v.Field.Name {
			return e.Message
		}
	}
	return ""
}

// Described is the aria-describedby value: hint and error, if any.
func (v fieldView) Described() string {
	var ids []string
	if v.Field.Hint != "" {
		ids = append(ids, v.Field.Name+"-petunjuk")
	}
	if v.ErrorText() != "" {
		ids = append(ids, v.Field.Name+"-galat")
	}
	return strings.Join(ids, " ")
}

// InputType is the type attribute of a one-line box.
func (v fieldView) InputType() string {
	switch v.Field.Kind {
	case EmailBox, PhoneBox, Password, FileInput:
		return string(v.Field.Kind)
	}
	return "text"
}

// Part is one of the three boxes of a date.
type Part struct{ Name, Label, Value, Autocomplete string }

// Parts splits a date into its boxes, keeping what was typed.
func (v fieldView) Parts() []Part {
	var values [3]string // year, month, day
	sep := "|"
	if _, err := requirement.ParseDate(v.Field.Value); err == nil {
		sep = "-"
	}
	copy(values[:], strings.Split(v.Field.Value, sep))
	auto := func(part string) string {
		if v.Field.Autocomplete == "bday" {
			return "bday-" + part
		}
		return ""
	}
	return []Part{
		{v.Field.Name + "-hari", v.T("situs.hari"), values[2], auto("day")},
		{v.Field.Name + "-bulan", v.T("situs.bulan"), values[1], auto("month")},
		{v.Field.Name + "-tahun", v.T("situs.tahun"), values[0], auto("year")},
	}
}

// OptionGroup is a run of options under one heading.
type OptionGroup struct {
	Name    string
	Options []indexed
}

type indexed struct {
	Option
	ID string
}

// Groups returns the options by group in order, each with an id of its own.
// The first option's id is the field's, so that the error summary leads to it.
func (v fieldView) Groups() []OptionGroup {
	var out []OptionGroup
	for i, o := range v.Field.Options {
		if len(out) == 0 || out[len(out)-1].Name != o.Group {
			out = append(out, OptionGroup{Name: o.Group})
		}
		id := v.Field.Name
		if i > 0 {
			id += "-" + o.Value
		}
		g := &out[len(out)-1]
		g.Options = append(g.Options, indexed{o, id})
	}
	return out
}

// firstID is the id of the field's first box.
func (f Field) firstID() string {
	if f.Kind == DateInput {
		return f.Name + "-hari"
	}
	return f.Name
}

// Data is the field's data-* attributes for a script, in order of their names.
func (f Field) Data() []template.HTMLAttr { return attributes(f.Attributes) }

// Data is the form's data-* attributes for a script, in order of their names.
func (f *Form) Data() []template.HTMLAttr { return attributes(f.Attributes) }

func attributes(all map[string]string) []template.HTMLAttr {
	var out []template.HTMLAttr
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, template.HTMLAttr(name+`="`+template.HTMLEscapeString(all[name])+`"`))
	}
	return out
}

// WidthClass is the class of a box with an expected length.
func (v fieldView) WidthClass() string {
	switch w := v.Field.Width; {
	case w == 0:
		return ""
	case w <= 20:
		return "w20"
	}
	return "w30"
}
