package documents

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Options are an Extractor's limits; each zero value means its default.
type Options struct {
	// CacheDir is the folder of the compiled PDF engine, by default resume-matcher in the user's cache folder.
	// It is made with mode 0700: what lies in it is executed.
	CacheDir string
	// MaxBytes is the size of the largest file that is read, 5 MiB by default.
	MaxBytes int64
	// Timeout is the longest time one document may take, waiting included, 15 seconds by default.
	Timeout time.Duration
	// Workers is the number of documents read at the same time, 2 by default.
	Workers int
}

// Extractor reads documents; it is safe for concurrent use.
type Extractor struct {
	maxBytes int64
	timeout  time.Duration
	slots    chan struct{}
	pdf      *sandbox
}

// New returns an Extractor; nothing is started before the first document needs it.
func New(options Options) *Extractor {
	if options.MaxBytes <= 0 {
		options.MaxBytes = defaultMaxBytes
	}
	if options.Timeout <= 0 {
		options.Timeout = defaultTimeout
	}
	if options.Workers <= 0 {
		options.Workers = defaultWorkers
	}
	return &Extractor{
		maxBytes: options.MaxBytes,
		timeout:  options.Timeout,
		slots:    make(chan struct{}, options.Workers),
		pdf:      &sandbox{cacheDir: options.CacheDir, workers: options.Workers},
	}
}

// Extract returns the text of a file as Markdown.
//
// The bytes decide what the file is; name, which may be empty, only tells Markdown, HTML and plain text apart.
// Errors are *models.Error of kind EMPTY_FILE, FILE_TOO_LARGE, UNSUPPORTED_FILE_TYPE, ENCRYPTED_DOCUMENT,
// NO_TEXT_LAYER, DOCUMENT_UNREADABLE, DOCUMENT_TOO_SLOW, or SERVICE_UNAVAILABLE when no worker got free in time.
func (e *Extractor) Extract(ctx context.Context, data []byte, name string) (Document, error) {
	if int64(len(data)) > e.maxBytes {
		return Document{}, errTooLarge(e.maxBytes)
	}
	format, contentType, err := Detect(data, name)
	if err != nil {
		return Document{}, err
	}
	if format == PDF {
		// The time to compile the engine, some seconds once a machine, is not the document's.
		if _, err := e.pdf.start(ctx); err != nil {
			return Document{}, err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	select {
	case e.slots <- struct{}{}:
	case <-ctx.Done():
		return Document{}, errBusy(ctx.Err())
	}
	type result struct {
		document Document
		err      error
	}
	done := make(chan result, 1)
	go func() {
		// The slot belongs to the reader, not to the caller: a reader that outlives its caller still counts.
		defer func() { <-e.slots }()
		document, err := e.read(ctx, format, data)
		document.Format, document.ContentType = format, contentType
		done <- result{document, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return Document{}, r.err
		}
		return r.document, nil
	case <-ctx.Done():
		return Document{}, errTooSlow(ctx.Err())
	}
}

// read reads a document of a known format; a reader's panic becomes an error.
func (e *Extractor) read(ctx context.Context, format Format, data []byte) (document Document, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			document, err = Document{}, errUnreadable(fmt.Errorf("reader panicked: %v", cause))
		}
	}()
	text, pages, err := e.markdown(ctx, format, data)
	if err != nil {
		return Document{}, asDocumentError(err)
	}
	text = clean(text)
	switch {
	case strings.TrimSpace(text) == "":
		return Document{}, errNoText()
	case len(text) > maxOutput:
		return Document{}, errUnpacksTooLarge()
	}
	return Document{Markdown: text, Pages: pages}, nil
}

func (e *Extractor) markdown(ctx context.Context, format Format, data []byte) (text string, pages int, err error) {
	switch format {
	case PDF:
		return e.pdf.markdown(ctx, data)
	case DOCX:
		text, err = docxMarkdown(ctx, data)
	case ODT:
		text, err = odtMarkdown(ctx, data)
	case RTF:
		text, err = rtfMarkdown(ctx, data)
	case HTML:
		text, err = htmlMarkdown(decodeText(data))
	default:
		text = decodeText(data)
	}
	return text, 0, err
}

// Warm starts the PDF engine, which fills its compile cache.
func (e *Extractor) Warm(ctx context.Context) error {
	_, err := e.pdf.start(ctx)
	return err
}

// Close stops the PDF engine; documents being read fail.
func (e *Extractor) Close() error { return e.pdf.close() }
