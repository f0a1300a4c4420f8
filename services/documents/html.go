package documents

import (
	htmltomarkdown "github.com/JohannesKaufmann/html-to-markdown/v2"
)

// htmlMarkdown converts a page; scripts and styles are left out.
func htmlMarkdown(page string) (string, error) {
	text, err := htmltomarkdown.ConvertString(page)
	if err != nil {
		return "", errUnreadable(err)
	}
	return text, nil
}
