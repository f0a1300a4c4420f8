package samples_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"resume-matcher/tests/samples"
)

func TestEachNumberHasADocumentOfItsOwn(t *testing.T) {
	seen := map[string]int{}
	for n := range 500 {
		for _, doc := range []samples.Document{samples.Markdown(n), samples.PDF(n)} {
			other, taken := seen[string(doc.Data)]
			assert.False(t, taken, "%d and %d", n, other)
			seen[string(doc.Data)] = n
		}
		assert.Equal(t, samples.PDF(n), samples.PDF(n))
	}
}
