package cmd

import (
	"context"
	"fmt"
	"io"
	"os"

	"resume-matcher/config"
	"resume-matcher/models"
	"resume-matcher/services/documents"
)

// newExtractor builds the document reader from the configuration's limits.
func newExtractor(cfg *config.Config) *documents.Extractor {
	return documents.New(documents.Options{
		CacheDir: cfg.Documents.CacheDir,
		MaxBytes: cfg.Limits.UploadBytes,
		Timeout:  cfg.Documents.Timeout,
		Workers:  cfg.Documents.Workers,
	})
}

// readInput reads a file, or standard input for "-", up to limit bytes.
func readInput(a *app, name string, limit int64) ([]byte, error) {
	in := a.in
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, &exitError{exitUsage, fmt.Errorf("can't open %s: %w", name, unwrapPath(err))}
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err != nil {
		return nil, &exitError{exitUsage, fmt.Errorf("can't read %s: %w", name, unwrapPath(err))}
	}
	if int64(len(data)) > limit {
		return nil, &exitError{exitFailure, models.NewError(models.KindFileTooLarge,
			fmt.Sprintf("%s is larger than %d MB. Raise MAX_UPLOAD_SIZE_MB or make it smaller.", name, limit>>20))}
	}
	return data, nil
}

// unwrapPath drops the path that os repeats in its errors.
func unwrapPath(err error) error {
	if p, ok := err.(*os.PathError); ok { //nolint:errorlint // os.Open returns it unwrapped
		return p.Err
	}
	return err
}

// extractFile reads a document from a file or standard input.
func extractFile(ctx context.Context, a *app, cfg *config.Config, ex *documents.Extractor, name string) (documents.Document, error) {
	data, err := readInput(a, name, cfg.Limits.UploadBytes)
	if err != nil {
		return documents.Document{}, err
	}
	doc, err := ex.Extract(ctx, data, name)
	if err != nil {
		return doc, fmt.Errorf("%s: %w", name, err)
	}
	return doc, nil
}
