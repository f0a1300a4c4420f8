package transfer

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"resume-matcher/models"
)

// The reasons why a value can't be copied; the table, the key and the column are added where they are known.
var (
	errKind    = errors.New("holds a value of another type than its column's")
	errJSON    = errors.New("holds text that is no JSON")
	errNUL     = errors.New("holds a NUL character, which Postgres can't store")
	errUnicode = errors.New("holds text that is not UTF-8, which Postgres can't store")
)

// normalize turns what either driver returned into the one Go type of its kind: string for text and documents,
// int64, bool, float64, []byte, and UTC time in the microseconds that both databases keep. NULL is nil.
func normalize(k kind, value any) (any, error) {
	if value == nil {
		return nil, nil
	}
	switch k {
	case text, document:
		switch v := value.(type) {
		case string:
			return v, nil
		case []byte:
			return string(v), nil
		}
	case integer:
		if v, ok := value.(int64); ok {
			return v, nil
		}
	case boolean:
		switch v := value.(type) {
		case bool:
			return v, nil
		case int64:
			if v == 0 || v == 1 {
				return v == 1, nil
			}
		}
	case float:
		switch v := value.(type) {
		case float64:
			return v, nil
		case int64:
			return float64(v), nil
		}
	case instant:
		if v, ok := value.(time.Time); ok {
			return v.UTC().Truncate(time.Microsecond), nil
		}
	case blob:
		switch v := value.(type) {
		case []byte:
			return v, nil
		case string:
			return []byte(v), nil
		}
	}
	return nil, errKind
}

// appendCanonical appends a text of the value that is the same whichever database it was read from: its length, a
// colon and its bytes, so that no two rows of values run together into the same text; NULL is a dash.
//
// Numbers are in decimal, times in microseconds since 1970, booleans t or f, documents as appendJSON writes them.
func appendCanonical(dst []byte, k kind, value any) ([]byte, error) {
	var scratch [32]byte
	var b []byte
	switch v := value.(type) {
	case nil:
		return append(dst, '-'), nil
	case string:
		if k != document {
			dst = strconv.AppendInt(dst, int64(len(v)), 10)
			return append(append(dst, ':'), v...), nil
		}
		var err error
		if b, err = appendJSON(nil, v); err != nil {
			return dst, err
		}
	case []byte:
		b = v
	case int64:
		b = strconv.AppendInt(scratch[:0], v, 10)
	case float64:
		b = strconv.AppendFloat(scratch[:0], v, 'g', -1, 64)
	case time.Time:
		b = strconv.AppendInt(scratch[:0], v.UnixMicro(), 10)
	case bool:
		b = append(scratch[:0], 'f')
		if v {
			b[0] = 't'
		}
	default:
		return dst, errKind
	}
	dst = strconv.AppendInt(dst, int64(len(b)), 10)
	return append(append(dst, ':'), b...), nil
}

// checkStorable finds text that Postgres refuses and SQLite does not. canonical is the value's canonical text, in
// which a document's escapes are resolved.
func checkStorable(k kind, value any, canonical []byte) error {
	s, ok := value.(string)
	if !ok {
		return nil
	}
	if !utf8.ValidString(s) {
		return errUnicode
	}
	if strings.IndexByte(s, 0) >= 0 || k == document && strings.Contains(s, `\u0000`) && hasEscapedNUL(canonical) {
		return errNUL
	}
	return nil
}

// rowError says which value of which row can't be copied.
func rowError(t table, row []any, place int, reason error) error {
	return models.NewError(models.KindConflict, fmt.Sprintf("Table %s, row with %s: column %s %s.",
		t.name, t.keyText(t.keyOf(row)), t.columns[place].name, reason))
}
