package transfer

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testdb"
)

// canonicalJSON are JSON texts and their canonical form.
var canonicalJSON = map[string]string{
	`{}`:                               `{}`,
	` [ ] `:                            `[]`,
	`{"b": 1, "a": {"d": [], "c": 2}}`: `{"a":{"c":2,"d":[]},"b":1}`,
	`{"a": 1, "a": 2}`:                 `{"a":2}`,
	`{"aa": 1, "b": 2}`:                `{"aa":1,"b":2}`,
	`"\u00e9\n\/\"\\"`:                 "\"é\n/\\\"\\\\\"",
	`"é"`:                              `"é"`,
	`"\ud83d\ude00"`:                   `"😀"`,
	`"\\u0000"`:                        `"\\u0000"`,
	`null`:                             `null`,
	`[true,false]`:                     `[true,false]`,
	`0`:                                `0`,
	`-0`:                               `0`,
	`-0.00e7`:                          `0`,
	`1`:                                `1`,
	`100`:                              `1e2`,
	`1e2`:                              `1e2`,
	`1E+2`:                             `1e2`,
	`100.0`:                            `1e2`,
	`1.50`:                             `15e-1`,
	`-0.015e1`:                         `-15e-2`,
	`12345678901234567890.123`:         `12345678901234567890123e-3`,
	`0.00001`:                          `1e-5`,
}

func TestCanonicalJSON(t *testing.T) {
	for raw, want := range canonicalJSON {
		got, err := appendJSON(nil, raw)
		require.NoError(t, err, raw)
		assert.Equal(t, want, string(got), raw)
	}
	for _, raw := range []string{``, `{`, `1 2`, `{"a":1}}`, `nul`, `01`, `'a'`, `[1,]`} {
		_, err := appendJSON(nil, raw)
		assert.ErrorIs(t, err, errJSON, raw)
	}
}

// TestPostgresKeepsCanonicalJSONPostgresOnly makes sure that jsonb forgets nothing the canonical form keeps.
func TestPostgresKeepsCanonicalJSONPostgresOnly(t *testing.T) {
	testdb.RequirePostgres(t)
	db := testdb.Open(t)
	for raw, want := range canonicalJSON {
		var stored string
		require.NoError(t, db.Raw("SELECT (?::text)::jsonb::text", raw).Row().Scan(&stored), raw)
		got, err := appendJSON(nil, stored)
		require.NoError(t, err)
		assert.Equal(t, want, string(got), "%s, stored as %s", raw, stored)
	}
}

func FuzzCanonicalJSON(f *testing.F) {
	for raw := range canonicalJSON {
		f.Add(raw)
	}
	f.Add(`[1e999999999999999999999, -1e-99999999999999999999]`)
	f.Add(`"\ud83d \u0000"`)
	f.Add("{\"a\" : {\"b\":[ ] , \"a\":\"\\\\\\\"\"} ,\n\"a!\":1, \"a\": 2}")
	f.Fuzz(func(t *testing.T, raw string) {
		if !utf8.ValidString(raw) {
			return
		}
		canonical, err := appendJSON([]byte("before"), raw)
		if err != nil {
			require.False(t, json.Valid([]byte(raw)))
			return
		}
		require.True(t, json.Valid([]byte(raw)))
		require.True(t, bytes.HasPrefix(canonical, []byte("before")))
		var value any
		decoder := json.NewDecoder(bytes.NewReader([]byte(raw)))
		decoder.UseNumber()
		require.NoError(t, decoder.Decode(&value))
		spaced, err := json.MarshalIndent(value, " ", "\t")
		require.NoError(t, err)
		again, err := appendJSON([]byte("before"), string(spaced))
		require.NoError(t, err)
		require.Equal(t, string(canonical), string(again), "spelling must not matter")
	})
}

func TestEscapedNULIsFound(t *testing.T) {
	for raw, want := range map[string]bool{
		`"\u0000"`: true, `{"a\u0000": 1}`: true, `"\\\u0000"`: true,
		`"\\u0000"`: false, `"\\0"`: false, `"\\\\0 \""`: false, `"0"`: false,
	} {
		canonical, err := appendJSON(nil, raw)
		require.NoError(t, err)
		assert.Equal(t, want, hasEscapedNUL(canonical), raw)
	}
}

func TestValuesAreTheSameFromBothDrivers(t *testing.T) {
	zone := time.FixedZone("far", 5*60*60+30*60)
	at := time.Date(2026, 3, 1, 12, 0, 0, 123_456_789, time.UTC)
	for _, tt := range []struct {
		kind   kind
		values []any
		want   string
	}{
		{text, []any{"a:b", []byte("a:b")}, "3:a:b"},
		{text, []any{"", []byte{}}, "0:"},
		{text, []any{nil}, "-"},
		{text, []any{"-"}, "1:-"},
		{boolean, []any{true, int64(1)}, "1:t"},
		{boolean, []any{false, int64(0)}, "1:f"},
		{integer, []any{int64(math.MinInt64)}, "20:-9223372036854775808"},
		{float, []any{float64(2), int64(2)}, "1:2"},
		{instant, []any{at, at.In(zone), at.Truncate(time.Microsecond)}, "16:1772366400123456"},
		{blob, []any{[]byte{0, 255}}, "2:\x00\xff"},
		{document, []any{`{"b":1,"a":2}`, []byte(`{"a": 2, "b": 1}`)}, `13:{"a":2,"b":1}`},
	} {
		for _, value := range tt.values {
			normal, err := normalize(tt.kind, value)
			require.NoError(t, err)
			got, err := appendCanonical(nil, tt.kind, normal)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(got))
		}
	}
	for k, value := range map[kind]any{
		text: int64(1), integer: "1", boolean: int64(2), float: "1", instant: "tomorrow", document: 1.5, blob: true,
	} {
		_, err := normalize(k, value)
		assert.ErrorIs(t, err, errKind)
	}
}

func TestDigestDependsOnValuesAndNotOnTheirOrder(t *testing.T) {
	two := table{columns: []column{{"a", text}, {"b", text}}}
	sum := func(rows ...[]any) Digest {
		var d Digest
		h := hasher{table: two}
		for _, row := range rows {
			hash, err := h.hash(row)
			require.NoError(t, err)
			d.add(hash)
		}
		return d
	}
	x, y := []any{"x", "1"}, []any{"y", "2"}
	require.Equal(t, sum(x, y), sum(y, x))
	seen := map[Digest]bool{sum(): true}
	for _, d := range []Digest{
		sum(x), sum(y), sum(x, x), sum(x, y), sum([]any{"x", "2"}, []any{"y", "1"}), sum([]any{"x1", ""}), sum([]any{"", "x1"}),
		sum([]any{"x", nil}), sum([]any{nil, "x"}), sum([]any{"x", "-"}), sum(x, y, x),
	} {
		require.False(t, seen[d], d.Checksum())
		seen[d] = true
	}
}

func TestEveryModelIsUnderstoodAndAfterItsParents(t *testing.T) {
	tables, err := describe(models.All())
	require.NoError(t, err)
	require.Len(t, tables, len(models.All()))
	place := map[string]int{}
	for i, table := range tables {
		place[table.name] = i
	}
	for i, references := range foreignTables(t) {
		for _, name := range references {
			assert.LessOrEqual(t, place[name], i, "%s refers to %s", tables[i].name, name)
		}
		assert.Equal(t, place["resumes"] == i, len(tables[i].selfRefs) > 0)
	}
}
