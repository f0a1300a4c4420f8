package documents

import (
	"regexp"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
)

// htmlMarkdown converts a page; scripts, styles, forms and pictures are left out.
func htmlMarkdown(page string) (string, error) {
	conv := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(),
		table.NewTablePlugin(),
	))
	for _, tag := range []string{"script", "style", "noscript", "template", "svg", "img", "button", "select", "nav"} {
		conv.Register.TagType(tag, converter.TagTypeRemove, converter.PriorityEarly)
	}
	text, err := conv.ConvertString(page)
	if err != nil {
		return "", errUnreadable(err)
	}
	return blocksMarkdown(markdownBlocks(text)), nil
}

var (
	headingLine = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	itemLine    = regexp.MustCompile(`^\s*(?:[-*+]|\d{1,3}[.)])\s+(.*)$`)
	boldLine    = regexp.MustCompile(`^(?:\*\*|__)([^*]+)(?:\*\*|__)$`)
	rowLine     = regexp.MustCompile(`^\|(.*)\|$`)
	ruleLine    = regexp.MustCompile(`^[-*_|:\s]+$`)
	// marks are escapes, which keep the character they protect, and marks of emphasis, which go.
	marks = regexp.MustCompile("\\\\([!-/:-@\\[-`{-~])|\\*{1,2}")
)

// markdownBlocks reads Markdown back into blocks, one a line, so that HTML gets the same headings as other formats.
func markdownBlocks(text string) []block {
	var blocks []block
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || ruleLine.MatchString(line) {
			continue
		}
		var b block
		if match := headingLine.FindStringSubmatch(line); match != nil {
			b.level, line = len(match[1]), match[2]
		} else if match := itemLine.FindStringSubmatch(line); match != nil {
			b.item, line = true, match[1]
		} else if match := rowLine.FindStringSubmatch(line); match != nil {
			line = match[1]
		}
		b.bold = boldLine.MatchString(line)
		line = marks.ReplaceAllString(strings.ReplaceAll(line, " | ", "\t"), "$1")
		if b.text = tidyCells(line); b.text != "" {
			blocks = append(blocks, b)
		}
	}
	return blocks
}
