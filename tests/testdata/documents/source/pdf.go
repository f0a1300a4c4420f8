package main

import (
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"resume-matcher/tests/testpdf"
)

func stream(content string) string {
	return fmt.Sprintf("<</Length %d>>\nstream\n%s\nendstream", len(content), content)
}

// ligaturesPDF sets text as TeX does: with ligatures in the slots of control codes, and words broken by hyphens.
func ligaturesPDF(p person) []byte {
	var content strings.Builder
	content.WriteString("BT\n")
	y := 800
	line := func(font string, size, x, height int, text string) {
		y -= height
		fmt.Fprintf(&content, "/%s %d Tf 1 0 0 1 %d %d Tm (%s) Tj\n", font, size, x, y, texString(text))
	}
	line("B", 20, 60, 0, p.Name)
	line("R", 10, 60, 16, p.Headline)
	line("R", 10, 60, 14, p.Email)
	line("R", 10, 60, 14, p.Phone)
	for _, s := range p.Sections {
		line("B", 13, 60, 24, s.Title)
		for _, text := range wrap(s.Text, 88) {
			line("R", 10, 60, 13, text)
		}
		for _, e := range s.Entries {
			line("B", 10, 60, 16, e.Title)
			line("R", 10, 60, 13, e.Organization+", "+e.Dates)
			for _, bullet := range e.Bullets {
				for i, text := range wrap(bullet, 84) {
					if i == 0 {
						text = "\x95 " + text
					}
					line("R", 10, 70, 13, text)
				}
			}
		}
		for _, item := range s.Items {
			line("R", 10, 70, 13, "\x95 "+item)
		}
	}
	content.WriteString("ET")
	const font = "<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[27/ff/fi/fl/ffi/ffl]>>>>"
	return testpdf.File("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</R 5 0 R/B 6 0 R>>>>>>",
		stream(content.String()), fmt.Sprintf(font, "Times-Roman"), fmt.Sprintf(font, "Times-Bold"))
}

func texString(text string) string {
	bullet := strings.HasPrefix(text, "\x95")
	encoded, err := charmap.Windows1252.NewEncoder().String(strings.TrimPrefix(text, "\x95"))
	check(err)
	if bullet {
		encoded = "\x95" + encoded
	}
	return strings.NewReplacer("\\", "\\\\", "(", "\\(", ")", "\\)",
		"ffi", "\\036", "ffl", "\\037", "ff", "\\033", "fi", "\\034", "fl", "\\035").Replace(encoded)
}

// wrap breaks text into lines, and a long last word at its middle.
func wrap(text string, width int) []string {
	var lines []string
	current := ""
	for _, word := range strings.Fields(text) {
		room := width - len(current) - 1
		if len(word) > room && len(word) >= 9 && room >= len(word)/2+2 {
			half := len(word) / 2
			lines = append(lines, current+" "+word[:half]+"-")
			current = word[half:]
			continue
		}
		if len(word) > room && current != "" {
			lines = append(lines, current)
			current = ""
		}
		current = strings.TrimSpace(current + " " + word)
	}
	if current != "" {
		lines = append(lines, current)
	}
	return lines
}
