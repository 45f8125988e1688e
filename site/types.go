package site

import "reflect"

// PageTypes are what the front matter of an Indonesian and of an English page
// is read into; their yaml tags are all keys there are.
func PageTypes() (id, en reflect.Type) {
	return reflect.TypeFor[front](), reflect.TypeFor[translated]()
}

// DataTypes are what each file of content/data is read into, by its name
// without ".yaml".
func DataTypes() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for name, target := range new(data).targets() {
		out[name] = reflect.TypeOf(target).Elem()
	}
	return out
}
