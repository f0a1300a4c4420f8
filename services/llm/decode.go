package llm

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The largest answers that are read.
const (
	maxAnswerBytes = 256 << 10
	maxAnswerDepth = 32
)

// maxStarts bounds how many braces of an answer are tried as the start of its JSON.
const maxStarts = 32

var (
	errLength     = fmt.Errorf("the answer is longer than %d bytes", maxAnswerBytes)
	errEncoding   = errors.New("the answer is not valid UTF-8")
	errSyntax     = errors.New("the answer is not valid JSON")
	errIncomplete = errors.New("the JSON object of the answer is not complete")
)

// Decode reads an answer that Ask returned into T. A failure is an *Error with FailureInvalid.
func Decode[T any](answer string) (T, error) {
	var value T
	if err := checkJSON(answer); err != nil {
		return value, &Error{Failure: FailureInvalid, cause: err}
	}
	if err := json.Unmarshal([]byte(answer), &value); err != nil {
		var zero T
		return zero, &Error{Failure: FailureInvalid, cause: errors.New("the answer has another shape than the type it is read into")}
	}
	return value, nil
}

// findJSON returns the JSON objects of a model's text that keep the limits, in their order: one that stands alone,
// stands in a code fence, or has text around it. The error is what was wrong with the first that doesn't.
func findJSON(text string) ([]string, error) {
	switch {
	case len(text) > maxAnswerBytes:
		return nil, errLength
	case !utf8.ValidString(text):
		return nil, errEncoding
	}
	text = withoutThoughts(text)
	var found []string
	var problem error
	for range maxStarts {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		text = text[open:]
		end, err := objectEnd(text), errIncomplete
		if end > 0 {
			err = checkJSON(text[:end])
		}
		if err == nil {
			found = append(found, text[:end])
		} else if problem == nil {
			problem = err
		}
		text = text[max(end, 1):]
	}
	if len(found) == 0 && problem == nil {
		problem = errors.New("the answer holds no JSON object")
	}
	return found, problem
}

// The tags in which some models write their thoughts before the answer.
const (
	thoughtsOpen  = "<think>"
	thoughtsClose = "</think>"
)

func withoutThoughts(text string) string {
	if strings.HasPrefix(strings.TrimSpace(text), thoughtsOpen) {
		if _, answer, ok := strings.Cut(text, thoughtsClose); ok {
			return answer
		}
	}
	return text
}

// objectEnd returns where the object that s begins with ends, 0 if it doesn't.
func objectEnd(s string) int {
	depth, inString := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// checkJSON refuses JSON that is not one value within the limits, or that readers could take in two ways.
func checkJSON(text string) error {
	if len(text) > maxAnswerBytes {
		return errLength
	}
	if !utf8.ValidString(text) {
		return errEncoding
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if err := checkValue(decoder, 0); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text follows the JSON object")
	}
	return nil
}

func checkValue(decoder *json.Decoder, depth int) error {
	if depth > maxAnswerDepth {
		return fmt.Errorf("the answer is nested deeper than %d levels", maxAnswerDepth)
	}
	token, err := decoder.Token()
	if err != nil {
		return errSyntax // the decoder's own error can quote the answer
	}
	switch token := token.(type) {
	case string:
		return checkText(token)
	case json.Delim:
		if token == '{' {
			return checkObject(decoder, depth)
		}
		for decoder.More() {
			if err := checkValue(decoder, depth+1); err != nil {
				return err
			}
		}
		return closing(decoder)
	}
	return nil
}

func checkObject(decoder *json.Decoder, depth int) error {
	seen := map[string]bool{}
	for decoder.More() {
		token, err := decoder.Token()
		key, ok := token.(string)
		if err != nil || !ok {
			return errSyntax
		}
		if seen[key] {
			return errors.New("an object has the same key twice")
		}
		seen[key] = true
		if err := checkValue(decoder, depth+1); err != nil {
			return err
		}
	}
	return closing(decoder)
}

func closing(decoder *json.Decoder) error {
	if _, err := decoder.Token(); err != nil {
		return errSyntax
	}
	return nil
}

// checkText refuses control characters: no résumé needs them, and Postgres stores no zero byte.
func checkText(s string) error {
	for _, r := range s {
		if unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' {
			return errors.New("a text holds a control character")
		}
	}
	return nil
}
