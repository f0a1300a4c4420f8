// Package documents turns uploaded files into Markdown, within limits, whatever the bytes are.
package documents

// Format is a document format this package reads.
type Format string

// The formats that are read.
const (
	PDF      Format = "pdf"
	DOCX     Format = "docx"
	ODT      Format = "odt"
	RTF      Format = "rtf"
	HTML     Format = "html"
	Markdown Format = "markdown"
	Text     Format = "text"
)

// Document is a file's text as Markdown.
//
// The Markdown has "# " before the person's name where the layout shows one, "## " before section headings,
// "### " before entry headings (a position, a degree), "- " before list items, [text](url) links, and " | "
// between cells that stand on one line (a title and its dates).
type Document struct {
	Format      Format
	ContentType string
	Markdown    string
	Pages       int
}
