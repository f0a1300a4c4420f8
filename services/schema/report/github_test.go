package report

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzAnnotation holds a command to one line, from which the host reads back what was put in.
func FuzzAnnotation(f *testing.F) {
	for _, seed := range []string{"", "a", "50%", "a\r\nb", "::error::x", "file=a,line=1", "%0A", "é:,%"} {
		f.Add(seed, seed, seed)
	}
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	f.Fuzz(func(t *testing.T, file, title, text string) {
		command := annotation{level: "error", file: file, line: 7, title: title, text: text}.String()
		require.NotContains(t, command, "\n")
		require.NotContains(t, command, "\r")
		properties, data, found := strings.Cut(strings.TrimPrefix(command, "::error "), "::")
		require.True(t, found)
		require.Equal(t, text, unescape.Replace(data))
		for property := range strings.SplitSeq(properties, ",") {
			name, value, _ := strings.Cut(property, "=")
			switch name {
			case "file":
				require.Equal(t, file, unescape.Replace(value))
			case "title":
				require.Equal(t, title, unescape.Replace(value))
			default:
				require.Equal(t, "line=7", property)
			}
		}
	})
}
