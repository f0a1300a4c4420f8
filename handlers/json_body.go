package handlers

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// maxJSONDepth is far above any body of the contract and far below what would strain the decoder.
const maxJSONDepth = 32

const malformedJSON = "must be well-formed JSON"

// bindJSON reads one JSON object. Unknown fields are allowed, so that newer clients can talk to older servers.
func (b binder) bindJSON(c *gin.Context, body reflect.Value) error {
	if err := requireMediaType(c, mimeJSON); err != nil {
		return err
	}
	data, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, b.maxJSONBytes))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return models.NewError(models.KindJSONTooLarge, fmt.Sprintf("The body is larger than %s. Send less.", size(b.maxJSONBytes)))
	}
	if err != nil {
		return models.WrapError(models.KindValidation, "The body could not be read to its end.", err)
	}
	if fault := checkJSON(data, body.Type()); fault != "" {
		return invalid("The body is not valid JSON for this endpoint.", "body: "+fault)
	}
	if err := json.Unmarshal(data, body.Addr().Interface()); err != nil {
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok && wrong.Field != "" {
			return invalid("The request is not valid.", wrong.Field+": must be "+jsonKind(wrong.Type))
		}
		return models.WrapError(models.KindValidation, "A value of the body has the wrong form.", err)
	}
	return nil
}

// checkJSON finds what encoding/json lets pass or reports with the text it read: a body that is no object, invalid UTF-8,
// NUL characters (Postgres refuses them), duplicate keys, deep nesting, and anything after the object. It returns a rule or "".
// Of duplicate keys the decoder takes the last, and whoever checked the request before may have taken the first.
func checkJSON(data []byte, target reflect.Type) string {
	switch {
	case len(bytes.TrimSpace(data)) == 0:
		return "is required"
	case !utf8.Valid(data):
		return "must be UTF-8"
	case bytes.TrimSpace(data)[0] != '{':
		return "must be an object"
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber() // a number of any size passes here; the field's type decides
	if fault := checkValue(dec, target, maxJSONDepth); fault != "" {
		return fault
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return "must be a single object"
	}
	return ""
}

// checkValue reads one value, which the decoder will put into target; nil if nowhere.
func checkValue(dec *json.Decoder, target reflect.Type, depth int) string {
	token, err := dec.Token()
	if err != nil {
		return malformedJSON
	}
	if text, ok := token.(string); ok && strings.ContainsRune(text, 0) {
		return "must not contain NUL characters"
	}
	open, ok := token.(json.Delim)
	if !ok {
		return ""
	}
	if depth == 0 {
		return fmt.Sprintf("must not be nested deeper than %d levels", maxJSONDepth)
	}
	for target != nil && target.Kind() == reflect.Pointer {
		target = target.Elem()
	}
	fault := ""
	if open == '{' {
		fault = checkObject(dec, target, depth)
	} else {
		for dec.More() && fault == "" {
			fault = checkValue(dec, elementOf(target, ""), depth-1)
		}
	}
	if fault != "" {
		return fault
	}
	if _, err := dec.Token(); err != nil {
		return malformedJSON
	}
	return ""
}

func checkObject(dec *json.Decoder, target reflect.Type, depth int) string {
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return malformedJSON
		}
		name := key
		if target != nil && target.Kind() == reflect.Struct {
			name = foldName(key)
		}
		if seen[name] || strings.ContainsRune(name, 0) {
			return "must not contain duplicate keys or NUL characters"
		}
		seen[name] = true
		if fault := checkValue(dec, elementOf(target, key), depth-1); fault != "" {
			return fault
		}
	}
	return ""
}

// elementOf returns the type of what stands at a key of t, or in the list t; nil if the decoder drops it.
func elementOf(t reflect.Type, key string) reflect.Type {
	if t == nil {
		return nil
	}
	switch t.Kind() {
	case reflect.Map, reflect.Slice, reflect.Array:
		return t.Elem()
	case reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			if strings.EqualFold(wireName(f), key) {
				return f.Type
			}
		}
	}
	return nil
}

// foldName is equal for the keys that the decoder takes for the same field of a struct: it ignores case as Unicode folds it,
// by which "\u017f" is an s.
func foldName(key string) string {
	return strings.Map(func(r rune) rune {
		lowest := r
		for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
			lowest = min(lowest, next)
		}
		return lowest
	}, key)
}

func jsonKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return "a whole number"
	case reflect.Float32, reflect.Float64:
		return "a number"
	case reflect.Slice, reflect.Array:
		return "a list"
	}
	return "an object"
}
