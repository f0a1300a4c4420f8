package matching

import (
	"strings"

	"resume-matcher/services/skills"
)

// textSpan is a stretch of a text, as byte offsets.
type textSpan struct{ start, end int }

// within reports whether byte at lies in one of the spans.
func within(spans []textSpan, at int) bool {
	for _, s := range spans {
		if at >= s.start && at < s.end {
			return true
		}
	}
	return false
}

// denialReach is how many words may stand between a negation and the word for experience it denies.
const denialReach = 5

// clauseReach is how many words a denial may hold.
const clauseReach = 40

// deniedSpans returns the stretches of which the text says that the person lacks them: "no experience with Java",
// "nicht vertraut mit SAP". A negation counts only near a word for experience: "without downtime" denies nothing.
func deniedSpans(text string, tokens []skills.Token) []textSpan {
	var spans []textSpan
	for i, t := range tokens {
		if !denies(t.Text) || len(spans) > 0 && t.Start < spans[len(spans)-1].end {
			continue
		}
		clause := clauseEnd(text, tokens, i)
		for j := i; j < len(tokens) && j <= i+denialReach && tokens[j].Start < clause; j++ {
			if namesExperience(tokens[j].Text) {
				spans = append(spans, textSpan{deniedStart(text, tokens, i), clause})
				break
			}
		}
	}
	return spans
}

func denies(word string) bool {
	switch word {
	case "no", "not", "never", "without", "unfamiliar", "lack", "lacking", "haven't", "hasn't", "don't", "didn't", "haven", "hasn", "don", "didn",
		"kein", "keine", "keinen", "keinerlei", "nicht", "nie", "ohne", "aucune", "aucun", "sans", "jamais", "sin", "ninguna", "nunca":
		return true
	}
	return false
}

func namesExperience(word string) bool {
	for _, stem := range []string{"experience", "knowledge", "familiar", "unfamiliar", "used", "worked", "know", "exposure", "proficien", "background", "skill",
		"erfahrung", "kenntnis", "vertraut", "gearbeitet", "genutzt", "verwendet", "berufserfahrung", "expérience", "connaissance", "experiencia", "conocimiento"} {
		if strings.HasPrefix(word, stem) {
			return true
		}
	}
	return false
}

// clauseEnd returns where the clause of tokens[i] ends: at a full stop, a bracket, or a word such as "but".
func clauseEnd(text string, tokens []skills.Token, i int) int {
	last := min(len(tokens), i+clauseReach)
	for j := i; j < last; j++ {
		switch tokens[j].Text {
		case "but", "however", "although", "yet", "aber", "sondern", "jedoch", "dafür", "mais", "pero":
			if j > i {
				return tokens[j].Start
			}
		}
		gapEnd := len(text)
		if j+1 < len(tokens) {
			gapEnd = tokens[j+1].Start
		}
		if at := strings.IndexAny(text[tokens[j].End:gapEnd], ".;!?)\n"); at >= 0 {
			return tokens[j].End + at
		}
	}
	return tokens[last-1].End
}

// deniedStart returns where a denial begins: at its first word, or, in brackets, at what stands before them, as in
// "Java (no experience)".
func deniedStart(text string, tokens []skills.Token, i int) int {
	start := tokens[i].Start
	open := strings.LastIndexAny(text[:start], "(),;.:\n")
	if open < 0 || text[open] != '(' {
		return start
	}
	return 1 + strings.LastIndexAny(text[:open], "),;.:\n")
}
