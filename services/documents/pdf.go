package documents

import (
	"context"
	"errors"
	"unicode"
)

// FPDF_GetLastError's code for a document whose password we don't have.
const pdfiumErrorPassword = 4

// markdown reads a PDF in a sandbox of its own, which is thrown away afterwards.
func (s *sandbox) markdown(ctx context.Context, data []byte) (string, int, error) {
	ctx, release, err := s.enter(ctx)
	if err != nil {
		return "", 0, err
	}
	defer release()
	guest, err := s.newGuest(ctx)
	if err != nil {
		return "", 0, err
	}
	defer guest.close()
	pages, err := readPages(guest, data)
	if err != nil {
		return "", 0, err
	}
	if !hasText(pages) {
		return "", 0, errNoTextLayer()
	}
	return layoutMarkdown(pages), len(pages), nil
}

// readPages reads the glyphs and links of all pages.
func readPages(g *guest, data []byte) ([]page, error) {
	document, err := openPDF(g, data)
	if err != nil {
		return nil, err
	}
	count := int(int32(g.call("FPDF_GetPageCount", document)))
	switch {
	case g.err != nil:
		return nil, g.err
	case count <= 0:
		return nil, errUnreadable(errors.New("no pages"))
	case count > maxPages:
		return nil, errTooManyPages()
	}
	pages, broken := make([]page, 0, count), 0
	for i := range count {
		page, err := readPage(g, document, i)
		// One broken page does not spoil the others.
		if err != nil && !errors.Is(err, errBrokenPage) {
			return nil, err
		}
		if err != nil {
			broken++
		}
		pages = append(pages, page)
	}
	if broken == count {
		return nil, errUnreadable(errBrokenPage)
	}
	return pages, nil
}

func openPDF(g *guest, data []byte) (document uint64, err error) {
	address := g.alloc(data)
	document = g.call("FPDF_LoadMemDocument64", address, uint64(len(data)), 0)
	if document != 0 || g.err != nil {
		return document, g.err
	}
	if g.call("FPDF_GetLastError") == pdfiumErrorPassword {
		return 0, errEncrypted(nil)
	}
	if g.err != nil {
		return 0, g.err
	}
	return 0, errUnreadable(errors.New("not a PDF that PDFium opens"))
}

// hasText reports whether anything on the pages can be read; a scan has pages and no letters.
func hasText(pages []page) bool {
	for _, page := range pages {
		for _, glyph := range page.glyphs {
			if unicode.IsLetter(glyph.char) || unicode.IsDigit(glyph.char) {
				return true
			}
		}
	}
	return false
}
