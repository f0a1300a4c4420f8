package tailoring

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
)

// reorderBullets puts those lines of a position or project first that show what the posting asks for.
func reorderBullets(doc *document, done []practice, p posting, say phrases) []models.Change {
	var changes []models.Change
	for _, entry := range done {
		if !standAlone(entry.lines) {
			continue
		}
		rank := func(i int) int {
			top := notAsked
			for _, m := range entry.claims[i] {
				top = max(top, p.importance[m.Skill])
			}
			return -int(top)
		}
		f, _, _ := doc.find(entry.path)
		changes = append(changes, reorder(f, rank, say.bulletsReordered)...)
	}
	return changes
}

// standAlone tells whether no line leans on the one before it: no headings among them, no second halves of sentences.
func standAlone(lines []string) bool {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		first, _ := utf8.DecodeRuneInString(line)
		if line == "" || unicode.IsLower(first) || strings.HasSuffix(line, ":") || leans(line) {
			return false
		}
	}
	return true
}

// leans tells whether a sentence begins by pointing back.
func leans(sentence string) bool {
	list := words(sentence)
	if len(list) == 0 {
		return true
	}
	switch list[0] {
	case "also", "additionally", "moreover", "furthermore", "besides", "then", "later", "there", "this", "these", "that", "those",
		"it", "its", "he", "she", "they", "their", "his", "her", "here", "such", "both", "however", "but", "and", "or", "so", "thus",
		"therefore", "previously", "before", "after", "afterwards", "subsequently", "finally", "instead", "still", "in", "as",
		"auch", "außerdem", "zudem", "ferner", "darüber", "danach", "dann", "später", "dort", "dies", "diese", "dieser", "dieses",
		"dabei", "dadurch", "davor", "zuvor", "sie", "er", "es", "hier", "solche", "beide", "jedoch", "aber", "und", "oder",
		"daher", "deshalb", "schließlich", "stattdessen", "ebenso", "weiterhin", "als", "im",
		"aussi", "ensuite", "puis", "cela", "ce", "cette", "ces", "il", "elle", "mais", "et", "également", "enfin",
		"también", "además", "luego", "después", "esto", "esta", "este", "pero", "y", "asimismo":
		return true
	}
	return false
}

// reorderSummary moves the sentence of the summary that is closest to the posting up, right behind the first: that one
// says who the person is. Nothing is dropped, and nothing is moved where a sentence leans on the one before it.
func (t *Tailor) reorderSummary(doc *document, p posting, say phrases) []models.Change {
	f, _, _ := doc.find("summary")
	sentences := splitSentences(*f.text)
	if len(sentences) < 3 || slices.ContainsFunc(sentences, leans) {
		return nil
	}
	best, top := 1, t.importanceOf(p, sentences[1])
	for i := 2; i < len(sentences); i++ {
		if level := t.importanceOf(p, sentences[i]); level > top {
			best, top = i, level
		}
	}
	if best == 1 {
		return nil
	}
	moved := slices.Insert(slices.Delete(slices.Clone(sentences), best, best+1), 1, sentences[best])
	proposed := strings.Join(moved, " ")
	c := newChange(f, f.path, modified, f.text, &proposed)
	c.Reason = say.summaryReordered
	c.Evidence = []models.Evidence{{Path: f.path, Quote: sentences[best]}}
	return []models.Change{c}
}

// splitSentences splits a paragraph, or returns nil where an abbreviation or a line break makes the split unsure.
func splitSentences(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" || strings.ContainsAny(text, "\n\r") || !strings.ContainsAny(text[len(text)-1:], ".!?") {
		return nil
	}
	var sentences []string
	start := 0
	for i := 0; i+1 < len(text); i++ {
		if !strings.ContainsRune(".!?", rune(text[i])) || text[i+1] != ' ' {
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[i+2:])
		if !unicode.IsUpper(next) || endsInAbbreviation(text[start:i]) {
			return nil
		}
		sentences = append(sentences, text[start:i+1])
		start = i + 2
	}
	return append(sentences, text[start:])
}

// endsInAbbreviation tells whether the last word is so short that its full stop may belong to it: "Dr.", "z.B.", "Inc.".
func endsInAbbreviation(text string) bool {
	last := text[strings.LastIndexAny(text, " (")+1:]
	return utf8.RuneCountInString(last) <= 3 && last != strings.ToUpper(last) || strings.Contains(last, ".")
}
