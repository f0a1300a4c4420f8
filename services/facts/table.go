package facts

import (
	"embed"
	"strings"
)

//go:embed data/*.txt
var data embed.FS

// row is one line of a data file: "key | item, item" or, without a key, "item, item".
type row struct {
	key   string
	items []string
}

// readTable returns the lines of a data file that are neither empty nor comments.
func readTable(name string) []row {
	content, err := data.ReadFile("data/" + name + ".txt")
	if err != nil {
		return nil
	}
	var rows []row
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, list, found := strings.Cut(line, "|")
		if !found {
			key, list = "", line
		}
		r := row{key: strings.TrimSpace(key)}
		for item := range strings.SplitSeq(list, ",") {
			if item = strings.TrimSpace(item); item != "" {
				r.items = append(r.items, item)
			}
		}
		rows = append(rows, r)
	}
	return rows
}
