package services

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestBlanksOfALetterAreFilledOrDropped(t *testing.T) {
	for _, c := range []struct {
		text, want string
		blanks     []string
	}{
		{"Hello,\n\nKind regards\n[Your Name]", "Hello,\n\nKind regards\nMira Halvorsen", nil},
		{"Hello,\n\nKind regards\n[Name]", "Hello,\n\nKind regards\nMira Halvorsen", nil},
		{"Guten Tag,\n\nMit freundlichen Grüßen\n<Ihr Name>", "Guten Tag,\n\nMit freundlichen Grüßen\nMira Halvorsen", nil},
		{"Dear [Name],\n\nI write.", "I write.", []string{"[Name]"}},
		{"[Date]\n\nDear team,\n\nI write. I saw it on [Platform]. Thank you.", "Dear team,\n\nI write. Thank you.", []string{"[Date]", "[Platform]"}},
		{"I know {{skill_1}} and [skill 2] well. Thank you.", "Thank you.", []string{"{{skill_1}}"}},
		{"Nothing to fill in; 3 < 5 > 2.", "Nothing to fill in; 3 < 5 > 2.", nil},
		{"[[CONTACT_9]]", "", []string{"[[CONTACT_9]]"}},
		{"", "", nil},
	} {
		got, blanks := fillBlanks(c.text, "Mira Halvorsen")
		assert.Equal(t, c.want, got, c.text)
		assert.Equal(t, c.blanks, blanks, c.text)
	}
	got, blanks := fillBlanks("Hello,\n\n[Your Name]", "")
	assert.Equal(t, "Hello,", got)
	assert.Equal(t, []string{"[Your Name]"}, blanks)
}
