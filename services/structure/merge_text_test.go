package structure

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestFindInFoldedText(t *testing.T) {
	tests := []struct {
		name, text, quote string
		// want is the text of the value at the only place found; "" for none.
		want string
	}{
		{"case and white space", "Senior\tNurse,  Ward 3", "senior nurse, ward 3", "Senior\tNurse,  Ward 3"},
		{"marks", "**Staff** _Engineer_ | 2020", "Staff Engineer", "Staff Engineer"},
		{"a link's text", "see [Raft box](https://example.org/raft) now", "Raft box", "Raft box"},
		{"a link's target", "see [Raft box](https://example.org/raft) now", "https://example.org/raft", "https://example.org/raft"},
		{"dashes", "2019 – 2021", "2019 - 2021", "2019 – 2021"},
		{"dashes without space", "Q1—Q3 report", "Q1-Q3 report", "Q1—Q3 report"},
		{"quotes", "the “Blue” team’s plan", `the "blue" team's plan`, "the “Blue” team’s plan"},
		{"ligatures", "ofﬁce of ﬁnance", "office of finance", "ofﬁce of ﬁnance"},
		{"an entity", "R&amp;D lead", "R&D lead", "R&D lead"},
		{"a word broken at a line's end", "wrote soft-\nware for banks", "software for banks", "soft-ware for banks"},
		{"a hyphen left out", "full-stack work", "fullstack work", "full-stack work"},
		{"a line break", "- ran the\n  night shift", "ran the night shift", "ran the night shift"},
		{"a bullet in the quote", "* ran the shop", "- ran the shop", "ran the shop"},
		{"a heading", "### Acme Ltd", "Acme Ltd", "Acme Ltd"},
		{"space around signs", "Go , Rust( 2 years )", "Go, Rust (2 years)", "Go , Rust( 2 years )"},
		{"soft hyphen and zero width", "Kranken\u00adpflege\u200b Dienst", "Krankenpflege Dienst", "Kranken\u00adpflege\u200b Dienst"},
		{"part of a word", "JavaScript", "Java", ""},
		{"the head of a compound", "full-stack", "stack", ""},
		{"a sign that is part of the name", "C++ and C#", "C", ""},
		{"a dot that is part of the name", "skills: .NET", "NET", ""},
		{"part of a number", "grew by 140%", "40%", ""},
		{"a number without its sign", "grew by 40%", "40", ""},
		{"part of a decimal", "1.5 years", "5 years", ""},
		{"part of thousands", "12,500 users", "500 users", ""},
		{"the end of a range", "3-5 years", "5 years", ""},
		{"other words", "ran the shop", "owned the shop", ""},
		{"two lists of words", "Nurse | Ward 3", "Nurse Ward 3", ""},
		{"signs alone", "a - b", "-", ""},
		{"nothing", "a", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f, key := foldText(tt.text), fold(tt.quote)
			got := ""
			for _, s := range f.find(key) {
				if text, ok := f.quoteOf(s, key); ok {
					got += text
				}
			}
			assert.Equal(t, tt.want, got)
		})
	}
}

func TestFindIsBounded(t *testing.T) {
	assert.Len(t, foldText(strings.Repeat("a b ", 1000)).find("a"), maxHits)
}

func FuzzFoldText(f *testing.F) {
	for _, seed := range []string{"a-\nb", "**x** [y](z) &amp; ﬁ", "İ\u0307 \xff", "- # > *\n\n-", "a -\n- b", "&#0;&nbsp;"} {
		f.Add(seed, 0, 3)
	}
	f.Fuzz(func(t *testing.T, text string, from, to int) {
		if len(text) > 2_000 {
			return
		}
		folded := foldText(text)
		assert.Len(t, folded.starts, len(folded.folded))
		assert.Len(t, folded.ends, len(folded.folded))
		if from < 0 || to > len(text) || from >= to {
			return
		}
		key := fold(text[from:to])
		for _, s := range folded.find(key) {
			assert.True(t, s.start < s.end && s.end <= len(text))
			if quote, ok := folded.quoteOf(s, key); ok {
				assert.True(t, utf8.ValidString(quote) || !utf8.ValidString(text))
				assert.Equal(t, key, fold(quote))
			}
		}
	})
}
