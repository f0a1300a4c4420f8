package documents

import (
	"context"
	"path/filepath"

	"resume-matcher/models"
)

// Warmed tells whether the compile cache holds a compiled PDF engine, so that the first PDF is fast.
// It looks for any entry: one of another version only makes the first PDF slow, and nothing wrong.
func (e *Extractor) Warmed() bool {
	dir, err := compileCacheDir(e.pdf.cacheDir)
	if err != nil {
		return false
	}
	entries, err := filepath.Glob(filepath.Join(dir, "wazero-*", "*"))
	return err == nil && len(entries) > 0
}

// CheckCache fails if the compiled PDF engine can't be kept, and is compiled anew by every process.
func (e *Extractor) CheckCache(ctx context.Context) error {
	cache, err := openCompileCache(e.pdf.cacheDir)
	if err == nil {
		err = cache.Close(ctx)
	}
	if err != nil {
		return models.WrapError(models.KindInternal,
			"The PDF engine can't be kept in CACHE_DIR, so every start compiles it again. Name a folder that only this program's user may write to.", err)
	}
	return nil
}
