package documents

import (
	"regexp"
	"slices"
	"sort"
	"strings"
	"unicode"
)

// block is a paragraph, list item or table row of a word processor's document.
type block struct {
	text  string // with links as Markdown
	title bool
	level int // of a heading as the document states it, from 1; 0 for none
	item  bool
	aside bool // stands in a text box or a narrow column
	look
}

// look is how text is set; zero values mean unknown.
type look struct {
	size  float64 // in points
	bold  bool
	color uint32
}

var inlineLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)

func (b block) plain() string { return inlineLink.ReplaceAllString(b.text, "$1") }

// blocksMarkdown writes blocks as Markdown. Headings that the document states come first; where it states too few,
// looks and words tell them.
func blocksMarkdown(blocks []block) string {
	styled := make([]styledLine, len(blocks))
	for i, b := range blocks {
		styled[i] = styledLine{text: b.plain(), size: b.size, bold: b.bold, color: b.color, item: b.item, first: true}
	}
	levels := headingLevels(styled)
	if stated := statedLevels(blocks); slices.Contains(stated, 2) {
		mergeStated(levels, stated)
	}
	aside := make([]bool, len(blocks))
	for i, b := range blocks {
		aside[i] = b.aside
	}
	order := asidesLast(levels, aside)
	blocks, levels = reorder(blocks, order), reorder(levels, order)
	var out strings.Builder
	for i, b := range blocks {
		switch {
		case levels[i] > 0:
			out.WriteString("\n" + strings.Repeat("#", levels[i]) + " " + b.text + "\n\n")
		case b.item:
			out.WriteString("- " + b.text + "\n")
		default:
			out.WriteString(b.text + "\n")
		}
	}
	return out.String()
}

// mergeStated lets stated headings overrule those that were told from looks, which then only rank as entries.
func mergeStated(levels, stated []int) {
	named := slices.Contains(stated, 1)
	for i := range levels {
		switch {
		case stated[i] > 0:
			levels[i] = stated[i]
		case levels[i] == 1 && named:
			levels[i] = 0
		case levels[i] == 2:
			levels[i] = 3
		}
	}
}

// statedLevels brings the levels that a document states to 1 for the name, 2 for sections and 3 for the rest,
// whatever levels its writer chose.
func statedLevels(blocks []block) []int {
	levels := make([]int, len(blocks))
	name := statedName(blocks)
	var used []int
	for i, b := range blocks {
		if b.level > 0 && i != name && !slices.Contains(used, b.level) {
			used = append(used, b.level)
		}
	}
	sort.Ints(used)
	for i, b := range blocks {
		switch {
		case i == name:
			levels[i] = 1
		case b.level > 0:
			levels[i] = min(2+slices.Index(used, b.level), 3)
		}
	}
	return levels
}

// statedName finds the block that states the name: the title, or the first heading when it outranks the others or
// can't be a section's; -1 for none.
func statedName(blocks []block) int {
	first, rivals := -1, 0
	for i, b := range blocks {
		if b.title && !isDocumentTitle(b.text) {
			return i
		}
		switch {
		case b.level == 0:
		case first < 0:
			first = i
		case b.level <= blocks[first].level:
			rivals++
		}
	}
	if first < 0 || isSectionTitle(blocks[first].plain()) || isDocumentTitle(blocks[first].plain()) {
		return -1
	}
	if rivals == 0 || first == 0 && looksLikeName(blocks[first].plain()) {
		return first
	}
	return -1
}

// isDocumentTitle reports whether text says what the document is, not whose.
func isDocumentTitle(text string) bool {
	switch strings.ToLower(strings.Trim(text, " :.")) {
	case "curriculum vitae", "cv", "resume", "résumé", "lebenslauf", "currículum", "currículum vitae", "curriculum":
		return true
	}
	return false
}

// looksLikeName reports whether text is two to four words that begin with capitals, and nothing else.
func looksLikeName(text string) bool {
	words := strings.Fields(text)
	if len(words) < 2 || len(words) > 4 || isSectionTitle(text) || isDocumentTitle(text) {
		return false
	}
	for _, word := range words {
		for i, r := range word {
			if i == 0 && !unicode.IsUpper(r) || !unicode.IsLetter(r) && !strings.ContainsRune(".'’-", r) {
				return false
			}
		}
	}
	return true
}
