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
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"resume-matcher/models"
)

// maxJSONDepth is far above any body of the contract and far below what would strain the decoder.
const maxJSONDepth = 32

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
	if fault := checkJSON(data); fault != "" {
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
func checkJSON(data []byte) string {
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
	if fault := checkValue(dec, maxJSONDepth); fault != "" {
		return fault
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return "must be a single object"
	}
	return ""
}

func checkValue(dec *json.Decoder, depth int) string {
	const malformed = "must be well-formed JSON"
	token, err := dec.Token()
	if err != nil {
		return malformed
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
	seen := map[string]bool{}
	for dec.More() {
		if open == '{' {
			key, err := dec.Token()
			name, ok := key.(string)
			if err != nil || !ok {
				return malformed
			}
			if depth == maxJSONDepth {
				// The decoder reads the fields of the body in any case.
				name = strings.ToLower(name)
			}
			if seen[name] || strings.ContainsRune(name, 0) {
				return "must not contain duplicate keys or NUL characters"
			}
			seen[name] = true
		}
		if fault := checkValue(dec, depth-1); fault != "" {
			return fault
		}
	}
	if _, err := dec.Token(); err != nil {
		return malformed
	}
	return ""
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
