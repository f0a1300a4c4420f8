package llm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Schema is a JSON Schema made from a Go type.
type Schema struct {
	// Name identifies the schema to providers that ask for one: letters, digits and underscores.
	Name string
	// JSON is the schema itself, with every property required and none beside them.
	JSON json.RawMessage

	compiled *jsonschema.Schema
}

// SchemaOf makes the schema of the struct T: `json` tags name the properties, `doc` tags describe them and
// `binding:"oneof=a b"` lists a string's values. It uses only what OpenAI's strict mode takes, so a type with a map, an
// interface, a pointer or itself in it is an error. Properties keep the order of the fields, in which models write them.
func SchemaOf[T any](name string) (*Schema, error) {
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("schema %s: %v is no struct", name, t)
	}
	g := schemaWriter{open: map[reflect.Type]bool{}}
	if err := g.value(t, ""); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return newSchema(name, g.out.Bytes())
}

func newSchema(name string, source []byte) (*Schema, error) {
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(source))
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	location := "urn:schema:" + name
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(location, document); err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	compiled, err := compiler.Compile(location)
	if err != nil {
		return nil, fmt.Errorf("schema %s: %w", name, err)
	}
	return &Schema{Name: name, JSON: source, compiled: compiled}, nil
}

// schemaWriter writes schemas as text, because a map would sort the properties.
type schemaWriter struct {
	out bytes.Buffer
	// open are the structs being written, to refuse one that holds itself.
	open map[reflect.Type]bool
}

// value writes the schema of t; more are further members of it, each with a comma before it.
func (g *schemaWriter) value(t reflect.Type, more string) error {
	switch t.Kind() {
	case reflect.String:
		g.out.WriteString(`{"type":"string"` + more + `}`)
	case reflect.Bool:
		g.out.WriteString(`{"type":"boolean"` + more + `}`)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		g.out.WriteString(`{"type":"integer"` + more + `}`)
	case reflect.Float32, reflect.Float64:
		g.out.WriteString(`{"type":"number"` + more + `}`)
	case reflect.Slice:
		g.out.WriteString(`{"type":"array"` + more + `,"items":`)
		if err := g.value(t.Elem(), ""); err != nil {
			return err
		}
		g.out.WriteByte('}')
	case reflect.Struct:
		return g.object(t, more)
	default:
		return fmt.Errorf("a %v has no schema", t)
	}
	return nil
}

func (g *schemaWriter) object(t reflect.Type, more string) error {
	if g.open[t] {
		return fmt.Errorf("%v holds itself", t)
	}
	g.open[t] = true
	defer delete(g.open, t)
	g.out.WriteString(`{"type":"object"` + more + `,"properties":{`)
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			return fmt.Errorf("field %s has no json tag", f.Name)
		}
		if len(names) > 0 {
			g.out.WriteByte(',')
		}
		names = append(names, name)
		g.out.WriteString(quoted(name) + ":")
		more, err := keywords(f)
		if err == nil {
			err = g.value(f.Type, more)
		}
		if err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
	}
	if len(names) == 0 {
		return fmt.Errorf("%v has no fields", t)
	}
	required, _ := json.Marshal(names) // strings always have a JSON form
	fmt.Fprintf(&g.out, `},"required":%s,"additionalProperties":false}`, required)
	return nil
}

// keywords returns what a field's tags say beside its type.
func keywords(f reflect.StructField) (string, error) {
	var more string
	if doc := f.Tag.Get("doc"); doc != "" {
		more = `,"description":` + quoted(doc)
	}
	rule := f.Tag.Get("binding")
	if rule == "" {
		return more, nil
	}
	values, ok := strings.CutPrefix(rule, "oneof=")
	if !ok || f.Type.Kind() != reflect.String || strings.Contains(values, ",") {
		return "", fmt.Errorf("the binding rule %q has no place in the schema", rule)
	}
	list, _ := json.Marshal(strings.Fields(values)) // strings always have a JSON form
	return more + `,"enum":` + string(list), nil
}

// quoted returns s as JSON, with <, > and & as they are.
func quoted(s string) string {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string always has a JSON form
	return strings.TrimSuffix(out.String(), "\n")
}
