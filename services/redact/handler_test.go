package redact

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"testing/slogtest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	email = "jane.doe@example.com"
	phone = "+49 (0)30 123456-78"
)

type contact struct {
	Name  string
	Mail  *string
	Phone string `json:"-"`
}

type stringer struct{ text string }

func (s stringer) String() string { return s.text }

type valuer struct{ inner any }

func (v valuer) LogValue() slog.Value { return slog.AnyValue(v.inner) }

type panicking struct{}

func (panicking) MarshalJSON() ([]byte, error) { panic("no") }

// everyLogger runs test with a JSON and a text logger and returns what each wrote.
func everyLogger(t *testing.T, test func(*slog.Logger)) []string {
	t.Helper()
	var outputs []string
	for _, make := range []func(*bytes.Buffer) slog.Handler{
		func(b *bytes.Buffer) slog.Handler { return slog.NewJSONHandler(b, nil) },
		func(b *bytes.Buffer) slog.Handler { return slog.NewTextHandler(b, nil) },
	} {
		var written bytes.Buffer
		test(slog.New(NewHandler(make(&written))))
		outputs = append(outputs, written.String())
	}
	return outputs
}

func TestHandlerMasksEveryKindOfValue(t *testing.T) {
	mail := email
	address := &url.URL{Scheme: "https", Host: "example.com", RawQuery: "q=" + email}
	for name, value := range map[string]any{
		"string":          email,
		"error":           errors.New("bounced: " + email),
		"wrapped error":   fmt.Errorf("send: %w", errors.New(phone)),
		"joined errors":   errors.Join(errors.New("one"), errors.New(email)),
		"stringer":        stringer{phone},
		"url":             address,
		"bytes":           []byte(email),
		"raw json":        json.RawMessage(`{"mail":"` + email + `"}`),
		"struct":          contact{Name: "Jane", Phone: phone},
		"behind pointers": &contact{Name: "Jane", Mail: &mail},
		"slice":           []string{"a", email},
		"map":             map[string]any{"x": []any{phone}},
		"map key":         map[string]int{email: 1},
		"log valuer":      valuer{valuer{email}},
		"group":           slog.GroupValue(slog.String("a", email), slog.Group("b", slog.Any("c", errors.New(phone)))),
		"group valuer":    valuer{slog.GroupValue(slog.String("a", phone))},
	} {
		for _, output := range everyLogger(t, func(l *slog.Logger) {
			l.Info("plain", "value", value)
			l.With("value", value).Warn("child")
			l.WithGroup("outer").With(slog.Group("inner", "value", value)).Error("group")
		}) {
			assert.Equal(t, 3, strings.Count(output, "\n"), name)
			assert.NotContains(t, output, email, name)
			assert.NotContains(t, output, "jane.doe", name)
			assert.NotContains(t, output, "123456-78", name)
			assert.Equal(t, 3, strings.Count(output, "plain")+strings.Count(output, "child")+strings.Count(output, "group"), name)
			assert.GreaterOrEqual(t, strings.Count(output, "[email]")+strings.Count(output, "[phone]"), 3, name)
		}
	}
}

func TestHandlerMasksMessages(t *testing.T) {
	for _, output := range everyLogger(t, func(l *slog.Logger) {
		l.With("a", 1).WithGroup("g").Info("mail to " + email + " or " + phone)
	}) {
		assert.Contains(t, output, "mail to [email] or [phone]")
	}
}

func TestHandlerLeavesTheRestAlone(t *testing.T) {
	when := time.Date(2021, 3, 12, 14, 5, 33, 0, time.UTC)
	plain := func(h slog.Handler) {
		record := slog.NewRecord(when, slog.LevelWarn, "request", 0)
		record.Add("id", "f47ac10b-58cc-4372-a567-0e02b2c3d479", "at", when, "bytes", 134217728, "took", 1234*time.Millisecond,
			"list", []int{200, 404}, "nil", nil, "error", errors.New("no rows"), "ok", true, slog.Group("g", "ratio", 0.123456789))
		require.NoError(t, h.Handle(context.Background(), record))
	}
	var direct, through bytes.Buffer
	plain(slog.NewJSONHandler(&direct, nil))
	plain(NewHandler(slog.NewJSONHandler(&through, nil)))
	assert.Equal(t, direct.String(), through.String())
}

func TestHandlerKnowsNumbersByTheirKey(t *testing.T) {
	for _, output := range everyLogger(t, func(l *slog.Logger) {
		l.Info("x", "phone", "5551234567", "count", "5551234567", "phone_number", "555-1234")
	}) {
		assert.Equal(t, 2, strings.Count(output, "[phone]"))
		assert.Equal(t, 1, strings.Count(output, "5551234567"))
	}
}

func TestHandlerSurvivesHostileValues(t *testing.T) {
	var none *stringer
	for _, output := range everyLogger(t, func(l *slog.Logger) {
		l.Info("hostile", "panics", panicking{}, "nil", none, "channel", make(chan int), "function", func() {})
	}) {
		assert.Contains(t, output, unprintable)
	}
}

func TestHandlerFollowsTheRulesOfSlog(t *testing.T) {
	var written bytes.Buffer
	require.NoError(t, slogtest.TestHandler(NewHandler(slog.NewJSONHandler(&written, nil)), func() []map[string]any {
		var records []map[string]any
		for line := range bytes.Lines(written.Bytes()) {
			var record map[string]any
			require.NoError(t, json.Unmarshal(line, &record))
			records = append(records, record)
		}
		return records
	}))
}

func TestHandlerKeepsTheLevel(t *testing.T) {
	h := NewHandler(slog.NewTextHandler(&bytes.Buffer{}, &slog.HandlerOptions{Level: slog.LevelWarn}))
	assert.False(t, h.Enabled(context.Background(), slog.LevelInfo))
	assert.True(t, h.Enabled(context.Background(), slog.LevelError))
}

func FuzzHandler(f *testing.F) {
	f.Add("user "+email, "key", "tel "+phone)
	f.Add("\xff", "", "{\"a\":1}")
	f.Fuzz(func(t *testing.T, message, key, text string) {
		outputs := everyLogger(t, func(l *slog.Logger) {
			l.With("child", text+" "+email).WithGroup("g").Info(message+" "+phone, "k", text,
				"error", errors.New(text), "bytes", []byte(text), "struct", contact{Name: text, Phone: phone}, slog.Group("in", key, 1))
		})
		assert.True(t, json.Valid([]byte(outputs[0])))
		for _, output := range outputs {
			assert.Equal(t, 1, strings.Count(output, "\n"))
			if !strings.Contains(message+key+text, "@") {
				assert.NotContains(t, output, email)
			}
		}
	})
}

func BenchmarkHandler(b *testing.B) {
	for name, wrap := range map[string]func(slog.Handler) slog.Handler{
		"bare":   func(h slog.Handler) slog.Handler { return h },
		"masked": NewHandler,
	} {
		b.Run(name, func(b *testing.B) {
			l := slog.New(wrap(slog.NewJSONHandler(discard{}, nil)))
			b.ReportAllocs()
			for b.Loop() {
				l.Info("request served", "method", "GET", "route", "/api/v1/resumes", "status", 200, "duration", time.Millisecond,
					"request_id", "f47ac10b-58cc-4372-a567-0e02b2c3d479")
			}
		})
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
