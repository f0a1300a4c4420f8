package services

import (
	"context"
	"errors"
	"strings"
	"time"

	"resume-matcher/models"
	"resume-matcher/services/documents"
	"resume-matcher/services/telemetry"
)

// Extraction is one document that was read, or refused.
type Extraction struct {
	// Format is empty if the document is none that can be read.
	Format documents.Format
	// Outcome is "read", "cancelled", or the kind of the failure in lower case.
	Outcome  string
	Duration time.Duration
}

// extraction reads documents and tells who observes it.
type extraction struct {
	*documents.Extractor
	observe Observer
}

// Extract reads a file as documents.Extractor does.
func (e extraction) Extract(ctx context.Context, data []byte, name string) (documents.Document, error) {
	e.observe.extracting(1)
	defer e.observe.extracting(-1)
	started := time.Now()
	ctx, span := telemetry.Start(ctx, "documents.extract")
	document, err := e.Extractor.Extract(ctx, data, name)
	telemetry.End(span, err)
	e.observe.extracted(Extraction{Format: formatOf(document, data, name), Outcome: extractionOutcome(err), Duration: time.Since(started)})
	return document, err
}

// formatOf looks at a file again if it was refused: the document says nothing then.
func formatOf(document documents.Document, data []byte, name string) documents.Format {
	if document.Format != "" {
		return document.Format
	}
	format, _, _ := documents.Detect(data, name)
	return format
}

func extractionOutcome(err error) string {
	var known *models.Error
	switch {
	case err == nil:
		return "read"
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.As(err, &known):
		return strings.ToLower(string(known.Kind))
	}
	return "failed"
}
