package documents

import (
	"os"
	"path/filepath"
)

// Warmed tells whether the compile cache holds a compiled PDF engine, so that the first PDF is fast.
// It looks for any entry: one of another version only makes the first PDF slow, and nothing wrong.
func (e *Extractor) Warmed() bool {
	dir := e.pdf.cacheDir
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			return false
		}
		dir = filepath.Join(base, "resume-matcher")
	}
	entries, err := filepath.Glob(filepath.Join(dir, "wazero-*", "*"))
	return err == nil && len(entries) > 0
}
