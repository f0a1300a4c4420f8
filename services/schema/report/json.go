package report

import (
	"encoding/json"
	"io"

	"resume-matcher/services/schema"
)

// JSON writes one object, whatever the number of reports: those of several databases are merged, see Merge.
func JSON(w io.Writer, reports []schema.Report) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// The SQL is full of < and >.
	encoder.SetEscapeHTML(false)
	return encoder.Encode(Merge(reports))
}
