package handlers

import (
	"fmt"
	"mime/multipart"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3gen"
)

// schemas makes JSON schemas of Go types. An answer's field is always there unless it may be omitted, a request's field only
// has to be there if its `binding` tag says so; a model that goes both ways therefore has two schemas.
type schemas struct {
	components openapi3.Schemas
	outputs    *openapi3gen.Generator
	inputs     *openapi3gen.Generator
}

func newSchemas(components openapi3.Schemas) schemas {
	owners := map[string]reflect.Type{}
	generator := func(name func(reflect.Type) string, required func(reflect.StructTag) bool) *openapi3gen.Generator {
		return openapi3gen.NewGenerator(
			openapi3gen.CreateComponentSchemas(openapi3gen.ExportComponentSchemasOptions{
				ExportComponentSchemas: true, ExportTopLevelSchema: true, ExportGenerics: true,
			}),
			openapi3gen.CreateTypeNameGenerator(func(t reflect.Type) string {
				n := name(t)
				if owner, taken := owners[n]; taken && owner != t && n != "" {
					panic(fmt.Sprintf("openapi: %v and %v would both be called %s", owner, t, n))
				}
				owners[n] = t
				return n
			}),
			openapi3gen.SchemaCustomizer(func(_ string, t reflect.Type, _ reflect.StructTag, s *openapi3.Schema) error {
				return describeFields(t, s, required)
			}),
		)
	}
	return schemas{
		components: components,
		outputs:    generator(schemaName, func(tag reflect.StructTag) bool { return !strings.Contains(tag.Get("json"), ",omit") }),
		inputs: generator(func(t reflect.Type) string {
			if strings.HasSuffix(t.PkgPath(), "/models") {
				return schemaName(t) + "Input"
			}
			return schemaName(t)
		}, func(tag reflect.StructTag) bool { return hasRule(tag, "required") }),
	}
}

func (s schemas) output(t reflect.Type) *openapi3.SchemaRef { return s.of(s.outputs, t) }

func (s schemas) input(t reflect.Type) *openapi3.SchemaRef { return s.of(s.inputs, t) }

func (s schemas) of(g *openapi3gen.Generator, t reflect.Type) *openapi3.SchemaRef {
	ref, err := g.NewSchemaRefForValue(reflect.New(t).Elem().Interface(), s.components)
	if err != nil {
		panic(fmt.Sprintf("openapi: %v: %v", t, err))
	}
	return ref
}

// field is the schema of a parameter or a form field.
func (s schemas) field(f reflect.StructField) *openapi3.SchemaRef {
	if f.Type == reflect.TypeFor[*multipart.FileHeader]() {
		return openapi3.NewStringSchema().WithFormat("binary").NewRef()
	}
	ref := s.input(f.Type)
	ref.Value.Description = f.Tag.Get("doc")
	if err := applyRules(ref.Value, f.Tag.Get("binding")); err != nil {
		panic(fmt.Sprintf("openapi: field %s: %v", f.Name, err))
	}
	return ref
}

// describeFields works on whole structs, because the generator shows a field's tag for its elements too.
func describeFields(t reflect.Type, s *openapi3.Schema, required func(reflect.StructTag) bool) error {
	if t.Kind() != reflect.Struct {
		return nil
	}
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := s.Properties[name]
		if property == nil {
			continue
		}
		if required(f.Tag) {
			s.Required = append(s.Required, name)
		}
		if isComponent(property) {
			if f.Type.Kind() == reflect.Pointer { // a reference can't say that null is allowed
				s.Properties[name] = (&openapi3.Schema{Nullable: true, AllOf: openapi3.SchemaRefs{property}}).NewRef()
			}
			continue
		}
		property.Value.Description = f.Tag.Get("doc")
		if err := applyRules(property.Value, f.Tag.Get("binding")); err != nil {
			return fmt.Errorf("field %s: %w", name, err)
		}
	}
	return nil
}

// isComponent tells a real reference from the type names that the generator keeps in Ref until it is done.
func isComponent(s *openapi3.SchemaRef) bool { return strings.HasPrefix(s.Ref, "#/") }

func hasRule(tag reflect.StructTag, rule string) bool {
	own, _, _ := strings.Cut(tag.Get("binding"), "dive")
	return strings.Contains(","+own+",", ","+rule+",")
}

// applyRules documents `binding` rules; one it doesn't know is an error, so that nothing is enforced in silence.
func applyRules(s *openapi3.Schema, binding string) error {
	for rule := range strings.SplitSeq(binding, ",") {
		key, arg, _ := strings.Cut(rule, "=")
		switch key {
		case "", "omitempty":
		case "required":
			if s.Type.Is("string") {
				s.MinLength = max(s.MinLength, 1)
			}
		case "uuid", "email":
			s.Format = key
		case "oneof":
			for value := range strings.FieldsSeq(arg) {
				s.Enum = append(s.Enum, value)
			}
		case "min", "max", "len":
			if err := applyBound(s, key, arg); err != nil {
				return err
			}
		case "dive":
			if s.Items == nil || isComponent(s.Items) {
				return nil
			}
			_, elements, _ := strings.Cut(binding, "dive")
			return applyRules(s.Items.Value, strings.TrimPrefix(elements, ","))
		default:
			return fmt.Errorf("the binding rule %q can't be documented", key)
		}
	}
	return nil
}

func applyBound(s *openapi3.Schema, key, arg string) error {
	n, err := strconv.ParseUint(arg, 10, 32)
	if err != nil {
		return fmt.Errorf("the binding rule %s=%s is no count: %w", key, arg, err)
	}
	lower, upper := key != "max", key != "min"
	switch {
	case s.Type.Is("string") && lower:
		s.MinLength = n
	case s.Type.Is("array") && lower:
		s.MinItems = n
	case lower:
		s.WithMin(float64(n))
	}
	switch {
	case s.Type.Is("string") && upper:
		s.WithMaxLength(int64(n))
	case s.Type.Is("array") && upper:
		s.WithMaxItems(int64(n))
	case upper:
		s.WithMax(float64(n))
	}
	return nil
}

var (
	packagePath = regexp.MustCompile(`[\w./-]+\.`)
	word        = regexp.MustCompile(`\w+`)
	noWord      = regexp.MustCompile(`\W+`)
)

// schemaName is a type's name in the document: Envelope[[]resume-matcher/models.Job] becomes EnvelopeListJob.
func schemaName(t reflect.Type) string {
	name := strings.ReplaceAll(packagePath.ReplaceAllString(t.Name(), ""), "[]", "List ")
	name = word.ReplaceAllStringFunc(name, func(w string) string { return strings.ToUpper(w[:1]) + w[1:] })
	return noWord.ReplaceAllString(name, "")
}
