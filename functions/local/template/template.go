// Package template reads from template.yaml what the program on one machine
// needs: tables, buckets, functions with their environment, routes and
// schedules. It knows the intrinsic functions that the template uses, and
// gives parameters and pseudo parameters the values it is told.
package template

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// A Template is what the local program reads of template.yaml.
type Template struct {
	Tables    []Table
	Buckets   map[string]string // name by logical id
	Functions []Function
}

// A Table is one DynamoDB table. An index's keys are named IndexName+"PK" and "SK" here as anywhere.
type Table struct {
	ID         string
	Attributes []string
	Keys       []string
	Indexes    []Index
}

// An Index is one global secondary index.
type Index struct {
	Name       string
	Keys       []string
	Projection string
	Include    []string
}

// A Function is one Lambda function.
type Function struct {
	ID, CodeUri string
	Environment map[string]string
	Routes      []Route
	Schedules   []Schedule
}

// A Route is one route of an HTTP API, which Api names by its logical id.
type Route struct{ Api, Method, Path string }

// Pattern is the route as http.ServeMux takes it: "{proxy+}" stands for the
// rest of a path, and "/" for itself only.
func (r Route) Pattern() string {
	path := strings.Replace(r.Path, "+}", "...}", 1)
	if path == "/" {
		path = "/{$}"
	}
	return r.Method + " " + path
}

// A Schedule starts a function by the clock.
type Schedule struct{ Name, Expression, Input string }

// Read reads a template file. values gives parameters ("PublicOrigin"),
// pseudo parameters ("AWS::StackName") and what !Ref and !GetAtt of a
// resource stand for here ("Table", "MacKey.Arn"). A parameter that it does not
// name has its default, a resource that it does not name stands for its
// logical id.
func Read(file string, values map[string]string) (*Template, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	var root yaml.Node
	if err := yaml.Load(b, &root); err != nil {
		return nil, fmt.Errorf("read template: %w", err)
	}
	r := resolver{values: values, defaults: map[string]string{}}
	if top, ok := r.value(&root).(map[string]any); ok {
		for name, p := range dig(top, "Parameters") {
			if d, ok := p.(map[string]any)["Default"]; ok {
				r.defaults[name] = text(d)
			}
		}
	}
	doc, ok := r.value(&root).(map[string]any)
	if !ok {
		return nil, fmt.Errorf("read template: %s is not a mapping", file)
	}
	t := &Template{Buckets: map[string]string{}}
	resources := dig(doc, "Resources")
	for _, id := range slices.Sorted(maps.Keys(resources)) {
		properties := dig(resources, id, "Properties")
		switch dig(resources, id)["Type"] {
		case "AWS::DynamoDB::Table":
			t.Tables = append(t.Tables, table(id, properties))
		case "AWS::S3::Bucket":
			t.Buckets[id] = text(properties["BucketName"])
		case "AWS::Serverless::Function":
			t.Functions = append(t.Functions, function(id, properties))
		}
	}
	return t, nil
}

func table(id string, p map[string]any) Table {
	t := Table{ID: id, Keys: names(p["KeySchema"]), Attributes: names(p["AttributeDefinitions"])}
	for _, x := range list(p["GlobalSecondaryIndexes"]) {
		index, _ := x.(map[string]any)
		projection := dig(index, "Projection")
		t.Indexes = append(t.Indexes, Index{Name: text(index["IndexName"]), Keys: names(index["KeySchema"]),
			Projection: text(projection["ProjectionType"]), Include: texts(projection["NonKeyAttributes"])})
	}
	return t
}

func function(id string, p map[string]any) Function {
	f := Function{ID: id, CodeUri: text(p["CodeUri"]), Environment: map[string]string{}}
	for k, v := range dig(p, "Environment", "Variables") {
		f.Environment[k] = text(v)
	}
	events := dig(p, "Events")
	for _, name := range slices.Sorted(maps.Keys(events)) {
		e := dig(events, name, "Properties")
		switch dig(events, name)["Type"] {
		case "HttpApi":
			f.Routes = append(f.Routes, Route{text(e["ApiId"]), text(e["Method"]), text(e["Path"])})
		case "ScheduleV2":
			f.Schedules = append(f.Schedules, Schedule{name, text(e["ScheduleExpression"]), text(e["Input"])})
		}
	}
	return f
}

// resolver turns nodes into values, with the intrinsic functions done.
type resolver struct{ values, defaults map[string]string }

func (r resolver) value(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return r.value(n.Content[0])
	case yaml.AliasNode:
		return r.value(n.Alias)
	case yaml.MappingNode:
		return r.mapping(n)
	case yaml.SequenceNode:
		out := make([]any, len(n.Content))
		for i, c := range n.Content {
			out[i] = r.value(c)
		}
		return out
	}
	switch n.Tag {
	case "!Ref":
		return r.ref(n.Value)
	case "!GetAtt":
		return r.ref(n.Value)
	case "!Sub":
		return r.sub(n.Value)
	}
	return n.Value
}

func (r resolver) mapping(n *yaml.Node) map[string]any {
	out := map[string]any{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], r.value(n.Content[i+1])
		if merged, ok := v.(map[string]any); ok && k.Value == "<<" {
			for name, x := range merged {
				if _, set := out[name]; !set {
					out[name] = x
				}
			}
			continue
		}
		out[k.Value] = v
	}
	return out
}

func (r resolver) ref(name string) string {
	if v, ok := r.values[name]; ok {
		return v
	}
	if v, ok := r.defaults[name]; ok {
		return v
	}
	return name
}

func (r resolver) sub(s string) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(s, "${")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, _ := strings.Cut(rest, "}")
		out.WriteString(r.ref(name))
		s = after
	}
}

func dig(m map[string]any, path ...string) map[string]any {
	for _, p := range path {
		m, _ = m[p].(map[string]any)
	}
	return m
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func texts(v any) []string {
	var out []string
	for _, x := range list(v) {
		out = append(out, text(x))
	}
	return out
}

// names are the attribute names of a key schema or of attribute definitions.
func names(v any) []string {
	var out []string
	for _, x := range list(v) {
		m, _ := x.(map[string]any)
		out = append(out, text(m["AttributeName"]))
	}
	return out
}
