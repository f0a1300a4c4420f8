package handlers

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-playground/validator/v10"

	"resume-matcher/models"
)

// invalid returns a validation failure; each field is "name: rule".
func invalid(message string, fields ...string) *models.Error {
	e := models.NewError(models.KindValidation, message)
	e.Fields = fields
	return e
}

// checker is an input with a rule over more than one of its fields.
type checker interface{ check() error }

// check applies the `binding` tags of in, a pointer to a struct, and its own rule.
func (b binder) check(in any) error {
	err := b.validate.Struct(in)
	if err == nil {
		if own, ok := in.(checker); ok {
			return own.check()
		}
		return nil
	}
	broken, ok := errors.AsType[validator.ValidationErrors](err)
	if !ok {
		return fmt.Errorf("handlers: check %T: %w", in, err)
	}
	fields := make([]string, len(broken))
	for i, f := range broken {
		fields[i] = fieldPath(f) + ": " + rule(f)
	}
	return invalid("The request is not valid.", fields...)
}

// fieldPath is the field as the client wrote it, without the input type and its Body field.
func fieldPath(f validator.FieldError) string {
	_, path, _ := strings.Cut(f.Namespace(), ".")
	return strings.TrimPrefix(path, "Body.")
}

func rule(f validator.FieldError) string {
	unit := ""
	switch f.Kind() {
	case reflect.String:
		unit = " characters"
	case reflect.Slice, reflect.Map:
		unit = " entries"
	}
	switch f.Tag() {
	case "required":
		return "is required"
	case "uuid":
		return "must be a UUID"
	case "oneof":
		return "must be one of " + strings.Join(strings.Fields(f.Param()), ", ")
	case "min":
		return "must be at least " + f.Param() + unit
	case "max":
		return "must be at most " + f.Param() + unit
	case "len":
		return "must be exactly " + f.Param() + unit
	}
	return "breaks the rule " + strings.TrimSuffix(f.Tag()+"="+f.Param(), "=")
}

// wireName is a field's name on the wire, by the tag that binds it.
func wireName(f reflect.StructField) string {
	for _, tag := range []string{"json", "form", "uri"} {
		if name, _, _ := strings.Cut(f.Tag.Get(tag), ","); name != "" && name != "-" {
			return name
		}
	}
	return ""
}

// size writes a limit in the unit people configure it in.
func size(bytes int64) string {
	if bytes >= 1<<20 && bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d KB", bytes>>10)
}
