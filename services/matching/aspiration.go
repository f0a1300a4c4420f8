package matching

import (
	"strings"

	"resume-matcher/services/skills"
)

// wishes are the words that tell of a skill somebody would like to have; offices those that name another person's work.
var (
	wishes = []string{
		"interested in", "want to learn", "wants to learn", "wanting to learn", "eager to learn", "keen to learn", "hope to learn", "hoping to learn",
		"like to learn", "plan to learn", "planning to learn", "looking to learn", "willing to learn", "excited to learn", "interesse an", "interessiert an",
		"möchte lernen", "intéressé par", "intéressée par", "interesado en", "interesada en",
	}
	offices = []string{"assistant to", "assistant of", "reported to", "reporting to", "reports to", "berichtete an"}
)

// aspiredSpans returns the stretches of a résumé that speak of a wish or of another person's work, which show no
// skill: "interested in learning Rust", "reported to the project manager".
func aspiredSpans(text string, tokens []skills.Token) []textSpan {
	var spans []textSpan
	for i := range tokens {
		if len(spans) > 0 && tokens[i].Start < spans[len(spans)-1].end {
			continue
		}
		switch {
		case opensWithAny(tokens[i:], wishes):
			spans = append(spans, textSpan{tokens[i].Start, clauseEnd(text, tokens, i)})
		case opensWithAny(tokens[i:], offices):
			spans = append(spans, textSpan{tokens[i].Start, officeEnd(text, tokens, i)})
		}
	}
	return spans
}

func opensWithAny(tokens []skills.Token, cues []string) bool {
	for _, cue := range cues {
		at := 0
		for word := range strings.SplitSeq(cue, " ") {
			if at >= len(tokens) || tokens[at].Text != word {
				at = -1
				break
			}
			at++
		}
		if at > 0 {
			return true
		}
	}
	return false
}

// officeEnd returns where the name of another person's office ends: at the clause, a comma or the next thing done.
func officeEnd(text string, tokens []skills.Token, i int) int {
	end := clauseEnd(text, tokens, i)
	for j := i + 1; j < len(tokens) && tokens[j].Start < end; j++ {
		gap := text[tokens[j-1].End:tokens[j].Start]
		if strings.ContainsAny(gap, ",–—|/") {
			return tokens[j-1].End
		}
		switch tokens[j].Text {
		case "and", "und", "et", "y", "on", "with", "while", "using", "mit":
			return tokens[j].Start
		}
	}
	return end
}
