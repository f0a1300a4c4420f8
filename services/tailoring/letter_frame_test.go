package tailoring

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLettersGetTheFrameTheyLack(t *testing.T) {
	const name = "Mira Halvorsen"
	for _, c := range []struct{ text, want string }{
		{"I wrote runbooks.", "Dear Hiring Team,\n\nI wrote runbooks.\n\nKind regards,\nMira Halvorsen"},
		{"Dear Ms. Quillfeather,\n\nI wrote runbooks.", "Dear Ms. Quillfeather,\n\nI wrote runbooks.\n\nKind regards,\nMira Halvorsen"},
		{"Hello,\n\nI wrote runbooks.\n\nBest,", "Hello,\n\nI wrote runbooks.\n\nBest,\nMira Halvorsen"},
		{"Hello,\n\nI wrote runbooks.\n\nMira", "Hello,\n\nI wrote runbooks.\n\nKind regards,\nMira Halvorsen"},
		{"Hello,\n\nI wrote runbooks.\n\nThank you for your time and consideration.", "Hello,\n\nI wrote runbooks.\n\nThank you for your time and consideration.\n\nKind regards,\nMira Halvorsen"},
		{"Hello,\n\nI wrote runbooks.\n\nBest, Mira", "Hello,\n\nI wrote runbooks.\n\nBest, Mira"},
		{"Hello,\n\nI wrote runbooks.\n\nKind regards\nMira Halvorsen\nmira@example.org", "Hello,\n\nI wrote runbooks.\n\nKind regards\nMira Halvorsen\nmira@example.org"},
	} {
		assert.Equal(t, c.want, CompleteLetter(c.text, "en", name, false), c.text)
		assert.Equal(t, c.want, CompleteLetter(c.want, "en", name, false), "a whole letter stays")
	}
	assert.Equal(t, "Guten Tag,\n\nText.\n\nMit freundlichen Grüßen\nMira Halvorsen", CompleteLetter("Text.", "de", name, true))
	assert.Equal(t, "Hello,\n\nText.\n\nKind regards", CompleteLetter("Text.", "en", "", true))
	assert.Equal(t, "Hello,\n\nText.\n\nBest", CompleteLetter("Hello,\n\nText.\n\nBest", "en", "", true))
}
