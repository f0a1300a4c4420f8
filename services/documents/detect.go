package documents

import (
	"archive/zip"
	"bytes"
	"io"
	"net/http"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// contentType is the media type under which a format is stored and served, "" for none.
func contentType(format Format) string {
	switch format {
	case PDF:
		return "application/pdf"
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case ODT:
		return "application/vnd.oasis.opendocument.text"
	case RTF:
		return "application/rtf"
	case HTML:
		return "text/html"
	case Markdown:
		return "text/markdown"
	case Text:
		return "text/plain"
	default:
		return ""
	}
}

// Detect tells the format and content type of a file from its bytes; name only tells kinds of text apart.
// Errors are *models.Error of kind EMPTY_FILE, UNSUPPORTED_FILE_TYPE, ENCRYPTED_DOCUMENT or DOCUMENT_UNREADABLE.
func Detect(data []byte, name string) (Format, string, error) {
	format, err := detect(data, name)
	return format, contentType(format), err
}

func detect(data []byte, name string) (Format, error) {
	switch {
	case len(data) == 0:
		return "", errEmpty()
	// Readers accept a header that does not stand at the very beginning; so do the writers that put junk there.
	case bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")):
		return PDF, nil
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return detectArchive(data)
	case bytes.HasPrefix(data, []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")):
		return "", oleError(data)
	case bytes.HasPrefix(bytes.TrimLeft(data[:min(len(data), 64)], "\xEF\xBB\xBF \t\r\n"), []byte(`{\rtf`)):
		return RTF, nil
	}
	text := decodeText(data)
	if isPicture(data, text) {
		return "", errUnsupported("This is a picture.")
	}
	if strings.TrimFunc(text, isBlank) == "" {
		return "", errEmpty()
	}
	if looksBinary(text) {
		return "", errUnsupported("This kind of file can't be read.")
	}
	return detectText(text, name)
}

// detectArchive tells the zip-based formats apart.
func detectArchive(data []byte) (Format, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "", errUnreadable(err)
	}
	for _, file := range archive.File[:min(len(archive.File), maxArchiveFiles)] {
		entry := entryName(file.Name)
		switch {
		case entry == "mimetype":
			return detectOpenDocument(file)
		case strings.HasPrefix(entry, "word/"):
			return DOCX, nil
		case strings.HasPrefix(entry, "xl/"), strings.HasPrefix(entry, "ppt/"):
			return "", errUnsupported("This is a spreadsheet or a presentation.")
		}
	}
	return "", errUnsupported("This is an archive.")
}

func detectOpenDocument(file *zip.File) (Format, error) {
	content, err := file.Open()
	if err != nil {
		return "", errUnreadable(err)
	}
	defer content.Close()
	kind, err := io.ReadAll(io.LimitReader(content, 100))
	if err != nil {
		return "", errUnreadable(err)
	}
	if !strings.HasPrefix(string(kind), contentType(ODT)) {
		return "", errUnsupported("This is not a text document.")
	}
	return ODT, nil
}

// oleError tells which document lies in an OLE container; Word keeps encrypted DOCX files in one too.
func oleError(data []byte) error {
	switch {
	case bytes.Contains(data, utf16Name("EncryptedPackage")):
		return errEncrypted(nil)
	case bytes.Contains(data, utf16Name("WordDocument")):
		return errOldWord()
	case bytes.Contains(data, utf16Name("Workbook")), bytes.Contains(data, utf16Name("PowerPoint Document")):
		return errUnsupported("This is a spreadsheet or a presentation.")
	default:
		return errOldWord()
	}
}

// utf16Name is a stream's name as it stands in the directory of an OLE container.
func utf16Name(name string) []byte {
	var encoded []byte
	for _, unit := range utf16.Encode([]rune(name)) {
		encoded = append(encoded, byte(unit), byte(unit>>8))
	}
	return encoded
}

var (
	htmlStart    = regexp.MustCompile(`(?is)^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b`)
	htmlTag      = regexp.MustCompile(`(?i)</(?:p|div|li|ul|h[1-6]|span|td|a|section)>`)
	markupStart  = regexp.MustCompile(`(?s)^\s*<(?:\?xml|!DOCTYPE|svg)\b`)
	markdownHead = regexp.MustCompile(`(?m)^#{1,3} \S`)
)

func detectText(text, name string) (Format, error) {
	extension := strings.ToLower(path.Ext(name))
	isHTMLName := extension == ".html" || extension == ".htm" || extension == ".xhtml"
	switch {
	case htmlStart.MatchString(text), isHTMLName && htmlTag.MatchString(text):
		return HTML, nil
	case markupStart.MatchString(text):
		return "", errUnsupported("This kind of file can't be read.")
	case extension == ".md" || extension == ".markdown", len(markdownHead.FindAllStringIndex(text, 2)) == 2:
		return Markdown, nil
	default:
		return Text, nil
	}
}

func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || r == 0 }

// isPicture reports whether a file begins as a picture does; text may begin with the letters of one ("BM").
func isPicture(data []byte, text string) bool {
	kind := http.DetectContentType(data)
	return strings.HasPrefix(kind, "image/") && (looksBinary(text) || kind != "image/bmp" && !utf8.Valid(data))
}

// looksBinary reports whether decoded bytes are no text that a person wrote.
func looksBinary(text string) bool {
	var control, total int
	for _, r := range text[:min(len(text), 64<<10)] {
		total++
		if r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\t\n\v\f\r\x1a", r) {
			control++
		}
	}
	return control*50 > total
}
