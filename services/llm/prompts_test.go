package llm

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPromptsLoad(t *testing.T) {
	_, err := LoadPrompts()
	require.NoError(t, err)
}
