package documents

import (
	"context"
	"errors"
	"fmt"

	"resume-matcher/models"
)

func errEmpty() error {
	return models.NewError(models.KindEmptyFile, "The file is empty. Choose a file that holds the résumé's text.")
}

func errNoText() error {
	return models.NewError(models.KindEmptyFile, "The document holds no text. Choose a file that holds the résumé's text.")
}

func errTooLarge(maxBytes int64) error {
	return models.NewError(models.KindFileTooLarge,
		fmt.Sprintf("The file is larger than %.3g MB. Save a smaller one, for example without pictures.", float64(maxBytes)/(1<<20)))
}

func errTooManyPages() error {
	return models.NewError(models.KindFileTooLarge,
		fmt.Sprintf("The document has more than %d pages. Keep the pages that matter and try again.", maxPages))
}

func errUnpacksTooLarge() error {
	return models.NewError(models.KindFileTooLarge,
		"The document is too large once it is unpacked. Save it again from your word processor, or as PDF.")
}

func errUnsupported(what string) error {
	return models.NewError(models.KindUnsupportedFileType,
		what+" Choose a PDF, DOCX, ODT, RTF, HTML, Markdown or text file.")
}

func errOldWord() error {
	return models.NewError(models.KindUnsupportedFileType,
		"This is an old Word file (.doc). Open it in your word processor and save it as DOCX or PDF.")
}

func errEncrypted(cause error) error {
	return models.WrapError(models.KindEncryptedDocument,
		"The document needs a password. Save a copy without one and try again.", cause)
}

func errNoTextLayer() error {
	return models.NewError(models.KindNoTextLayer,
		"The PDF holds pictures of text, not text. Run text recognition (OCR) on it, or export it again from your word processor.")
}

func errUnreadable(cause error) error {
	return models.WrapError(models.KindDocumentUnreadable,
		"The document is damaged and can't be read. Save it again, or as another format.", cause)
}

func errTooSlow(cause error) error {
	return models.WrapError(models.KindDocumentTooSlow,
		"The document takes too long to read. Save it again in a simpler form, for example as DOCX or text.", cause)
}

func errBusy(cause error) error {
	return models.WrapError(models.KindUnavailable,
		"Too many documents are being read at the moment. Try again shortly.", cause)
}

func errSandbox(cause error) error {
	return models.WrapError(models.KindInternal, "PDF files can't be read at the moment.", cause)
}

// asDocumentError gives every failure of a reader one of the kinds callers can tell apart.
func asDocumentError(err error) error {
	var known *models.Error
	switch {
	case err == nil || errors.As(err, &known):
		return err
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return errTooSlow(err)
	default:
		return errUnreadable(err)
	}
}
