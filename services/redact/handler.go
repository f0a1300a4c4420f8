package redact

import (
	"context"
	"encoding"
	"encoding/json"
	"fmt"
	"log/slog"
)

// unprintable stands for a value that can't be formatted, whose content is therefore unknown.
const unprintable = "[unprintable]"

// handler masks what passes through it to next.
type handler struct{ next slog.Handler }

// NewHandler returns a handler that masks the messages and attributes of every record before next sees them,
// those of its groups and child loggers included. Keys and group names are left alone.
func NewHandler(next slog.Handler) slog.Handler { return handler{next} }

// Enabled asks the next handler.
func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle masks the record.
func (h handler) Handle(ctx context.Context, record slog.Record) error {
	masked := slog.NewRecord(record.Time, record.Level, String(record.Message), record.PC)
	record.Attrs(func(attr slog.Attr) bool {
		masked.AddAttrs(maskAttr(attr))
		return true
	})
	return h.next.Handle(ctx, masked)
}

// WithAttrs masks the attributes once, for all records of the child.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.next.WithAttrs(maskAttrs(attrs))}
}

// WithGroup opens a group in the next handler.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.next.WithGroup(name)} }

func maskAttrs(attrs []slog.Attr) []slog.Attr {
	masked := make([]slog.Attr, len(attrs))
	for i, attr := range attrs {
		masked[i] = maskAttr(attr)
	}
	return masked
}

func maskAttr(attr slog.Attr) slog.Attr {
	named := followsPhoneWord(attr.Key)
	value := attr.Value.Resolve()
	switch value.Kind() {
	case slog.KindString:
		value = slog.StringValue(maskText(value.String(), named))
	case slog.KindGroup:
		value = slog.GroupValue(maskAttrs(value.Group())...)
	case slog.KindAny:
		value = maskAny(value, named)
	}
	return slog.Attr{Key: attr.Key, Value: value}
}

// maskAny replaces a value by its masked text if any of the texts a handler might print of it holds something.
func maskAny(value slog.Value, named bool) (result slog.Value) {
	// Formatting calls methods of the value, and a logger must not bring the program down.
	defer func() {
		if recover() != nil {
			result = slog.StringValue(unprintable)
		}
	}()
	content := value.Any()
	if content == nil {
		return value
	}
	for _, print := range []func(any) string{plainText, marshaledText, formattedText, jsonText} {
		text := print(content)
		if masked := maskText(text, named); masked != text {
			return slog.StringValue(masked)
		}
	}
	return value
}

func plainText(content any) string {
	switch v := content.(type) {
	case error:
		return v.Error()
	case []byte:
		return string(v)
	}
	return ""
}

func marshaledText(content any) string {
	if v, ok := content.(encoding.TextMarshaler); ok {
		if text, err := v.MarshalText(); err == nil {
			return string(text)
		}
	}
	return ""
}

func formattedText(content any) string { return fmt.Sprintf("%+v", content) }

// jsonText shows what lies behind pointers, which fmt prints as addresses.
func jsonText(content any) string {
	text, err := json.Marshal(content)
	if err != nil {
		return ""
	}
	return string(text)
}
