package documents

import (
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Gaps, in line heights, from which on a space between two characters is believed. PDFium guesses spaces from
// widths that fonts of scripts without spaces often state wrongly.
const (
	latinGap  = 0.06
	indicGap  = 0.27
	hanGap    = 0.5
	newWord   = 0.22 // a gap that is a space although none is written
	newColumn = 1.2  // a gap that is more than a space
)

func believedGap(a, b rune) float64 {
	switch {
	case isIndic(a) && isIndic(b):
		return indicGap
	case isHan(a) && isHan(b):
		return hanGap
	default:
		return latinGap
	}
}

func isIndic(r rune) bool { return r >= 0x900 && r < 0xE00 }

func isHan(r rune) bool { return r >= 0x2E80 && r < 0xFB00 && !isPrivateUse(r) }

func isRightToLeft(r rune) bool { return r >= 0x590 && r <= 0x8FF || r >= 0xFB1D && r <= 0xFEFC }

func isPrivateUse(r rune) bool { return unicode.Is(unicode.Co, r) }

// glyphText writes glyphs as text, with links as Markdown when linked is set.
func glyphText(glyphs []glyph, linked bool) string {
	count := 0
	for _, g := range glyphs {
		if isRightToLeft(g.char) {
			count++
		}
	}
	if count*3 >= len(glyphs) {
		return foldForms(rightToLeftText(glyphs))
	}
	var out strings.Builder
	for start := 0; start < len(glyphs); {
		end := start + 1
		for linked && end < len(glyphs) && glyphs[end].link == glyphs[start].link || !linked && end < len(glyphs) {
			end++
		}
		if start > 0 && glyphs[start].startsWord {
			out.WriteByte(' ')
		}
		text := wordsOf(glyphs[start:end])
		if link := glyphs[start].link; linked && link != nil && link.hasText {
			if markdown := markdownLink(dropPrivateUse(text), link.target); markdown != "" {
				text = markdown
			}
		}
		out.WriteString(text)
		start = end
	}
	return foldForms(out.String())
}

func wordsOf(glyphs []glyph) string {
	var out strings.Builder
	for i, g := range glyphs {
		if i > 0 && g.startsWord {
			out.WriteByte(' ')
		}
		out.WriteRune(g.char)
	}
	return out.String()
}

func dropPrivateUse(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if isPrivateUse(r) {
			return -1
		}
		return r
	}, text))
}

// foldForms replaces ligatures and Arabic presentation forms by the letters they stand for, and nothing else:
// full compatibility folding would turn m² into m2.
func foldForms(text string) string {
	if strings.IndexFunc(text, isPresentationForm) < 0 {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if isPresentationForm(r) {
			out.WriteString(norm.NFKC.String(string(r)))
			continue
		}
		out.WriteRune(r)
	}
	return out.String()
}

func isPresentationForm(r rune) bool { return r >= 0xFB00 && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFC }

// rightToLeftText turns glyphs from the order in which they stand into the order in which they are read:
// from the right, with spans of other scripts and numbers kept from the left.
func rightToLeftText(glyphs []glyph) string {
	visual := append([]glyph(nil), glyphs...)
	sort.SliceStable(visual, func(i, j int) bool { return visual[i].right > visual[j].right+0.01 })
	gap := func(right, left glyph) bool { return right.left-left.right > 0.12*right.height() }
	var out strings.Builder
	for i := 0; i < len(visual); {
		if i > 0 && gap(visual[i-1], visual[i]) {
			out.WriteByte(' ')
		}
		if isRightToLeft(visual[i].char) || !isWordRune(visual[i].char) {
			out.WriteRune(visual[i].char)
			i++
			continue
		}
		last := i
		for j := i; j < len(visual) && !isRightToLeft(visual[j].char); j++ {
			if isWordRune(visual[j].char) {
				last = j
			}
		}
		for j := last; j >= i; j-- {
			out.WriteRune(visual[j].char)
			if j > i && gap(visual[j-1], visual[j]) {
				out.WriteByte(' ')
			}
		}
		i = last + 1
	}
	return out.String()
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func hasRightToLeft(text string) bool { return strings.IndexFunc(text, isRightToLeft) >= 0 }

func isRightToLeftPage(segments []segment) bool {
	count := 0
	for _, s := range segments {
		if hasRightToLeft(s.plain) {
			count++
		}
	}
	return count > 0 && count*3 > len(segments)
}
