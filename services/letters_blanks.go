package services

import (
	"regexp"
	"strings"
)

var (
	// blank is a place left to fill in: "[Your Name]", "<Company>", "{{date}}".
	blank = regexp.MustCompile(`\[+[^\[\]\n]{0,80}\]+|<\pL[^<>\n]{0,80}>|\{+[^{}\n]{0,80}\}+`)
	// ownName is a blank for the person's name wherever it stands, anyName one at the place of a signature.
	ownName     = regexp.MustCompile(`(?i)^[\[<{]+\s*(?:(?:your|my|applicant(?:['’]s)?|candidate(?:['’]s)?)\s+(?:full\s+)?name|full name|(?:ihr|mein)\s+(?:voller\s+)?name|vor- und nachname)(?:\s+here)?\s*[\]>}]+$`)
	anyName     = regexp.MustCompile(`(?i)^[\[<{]+\s*name\s*[\]>}]+$`)
	sentenceEnd = regexp.MustCompile(`[.!?](?:\s|$)`)
	emptyLines  = regexp.MustCompile(`\n{3,}`)
)

// fillBlanks puts the person's name where a letter leaves it open, and takes out the sentences with other blanks, which
// it returns.
func fillBlanks(text, name string) (filled string, blanks []string) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	kept := lines[:0]
	for i, line := range lines {
		whole := strings.TrimSpace(line)
		had := whole != ""
		if name != "" && i > 0 && anyName.MatchString(whole) {
			line = name
		}
		line, found := withoutBlanks(line, name)
		blanks = append(blanks, found...)
		if !had || strings.TrimSpace(line) != "" {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(emptyLines.ReplaceAllString(strings.Join(kept, "\n"), "\n\n")), blanks
}

// withoutBlanks does so for one line.
func withoutBlanks(line, name string) (rest string, blanks []string) {
	if name != "" {
		line = blank.ReplaceAllStringFunc(line, func(found string) string {
			if ownName.MatchString(found) {
				return name
			}
			return found
		})
	}
	from := 0
	for {
		at := blank.FindStringIndex(line[from:])
		if at == nil {
			return line, blanks
		}
		first, last := from+at[0], from+at[1]
		blanks = append(blanks, line[first:last])
		start := 0
		for _, end := range sentenceEnd.FindAllStringIndex(line[:first], -1) {
			start = end[1]
		}
		stop := len(line)
		if end := sentenceEnd.FindStringIndex(line[last:]); end != nil {
			stop = last + end[1]
		}
		line, from = line[:start]+line[stop:], start
	}
}
