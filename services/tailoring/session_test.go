package tailoring

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/facts"
	"resume-matcher/services/matching"
)

const firstBullet, bulletList, skillList = "workExperience[0].description[0]", "workExperience[0].description", "additional.technicalSkills"

// allow is a gate that supports everything with the first bullet as its evidence, but what says "forged"; of a text
// with "; forged" it lets the part before stand.
func allow(c facts.Claim) facts.Verdict {
	text, _, found := strings.Cut(c.Text, "; forged")
	switch {
	case found:
		return facts.Verdict{Violations: []facts.Violation{{Rule: facts.RuleNumber, Words: "forged"}}, Reduced: text}
	case strings.Contains(c.Text, "forged"):
		return facts.Verdict{Violations: []facts.Violation{{Rule: facts.RuleNumber, Words: "forged"}}}
	}
	return facts.Verdict{Supported: true, Evidence: []models.Evidence{{Path: firstBullet, Quote: "Ran builds"}}}
}

func sessionFor(t *testing.T, promptID string) *Session {
	t.Helper()
	tailor := newTailor(t)
	resume := resumeWith([]string{"Chess", "Docker"}, []string{"Ran builds with Jenkins.", "Trained 5 apprentices.", "Ordered supplies for 30 people."})
	job := jobAsking("Gardening")
	m := matching.New(tailor.vocabulary)
	s := tailor.Begin(Input{
		Resume: resume, Job: job, PromptID: promptID, Language: "en",
		Match: m.Match(m.PrepareResume(resume, "en"), m.PrepareJob(job, "en")),
	})
	s.Listen(allow)
	return s
}

func TestSessionOffers(t *testing.T) {
	own := "Ran builds with Jenkins."
	tests := []struct {
		name   string
		prompt string
		edit   Edit
		// want is the accepted change as brief writes it, rule the refusal; a reduced edit has both.
		want, rule string
	}{
		{"replaces a bullet", Nudge, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "Operated builds."}, firstBullet + ": " + own + " > Operated builds.", ""},
		{"finds a bullet under a wrong index by its text", Nudge, Edit{Path: bulletList + "[2]", Action: "replace", Original: own, Value: "Operated builds."}, firstBullet + ": " + own + " > Operated builds.", ""},
		{"forgives white space in the original", Nudge, Edit{Path: firstBullet, Action: "replace", Original: " Ran  builds with Jenkins. ", Value: "Operated builds."}, firstBullet + ": " + own + " > Operated builds.", ""},
		{"refuses an original that is nowhere", Nudge, Edit{Path: firstBullet, Action: "replace", Original: "Led builds.", Value: "Operated builds."}, "", ruleOriginal},
		{"refuses what says the same", Nudge, Edit{Path: firstBullet, Action: "replace", Original: own, Value: own}, "", ruleUnchanged},
		{"refuses an empty text", Nudge, Edit{Path: firstBullet, Action: "replace", Original: own}, "", ruleUnchanged},
		{"refuses a long text", Nudge, Edit{Path: firstBullet, Action: "replace", Original: own, Value: strings.Repeat("builds ", 400)}, "", ruleTooLong},
		{"refuses what the gate refuses", Nudge, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "A forged text."}, "", string(facts.RuleNumber)},
		{"keeps the supported part", Nudge, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "Operated builds; forged 90 %."}, firstBullet + ": " + own + " > Operated builds", string(facts.RuleNumber)},
		{"replaces the summary", Nudge, Edit{Path: "summary", Action: "replace", Original: "Specialist with 9 years in mid-sized companies.", Value: "Specialist with 9 years."}, "summary: Specialist with 9 years in mid-sized companies. > Specialist with 9 years.", ""},
		{"reorders bullets", Nudge, Edit{Path: bulletList, Action: "reorder", Value: "Trained 5 apprentices.\n" + own + "\nOrdered supplies for 30 people."}, bulletList + ": Ran builds with Jenkins.|Trained 5 apprentices.|Ordered supplies for 30 people. > Trained 5 apprentices.|Ran builds with Jenkins.|Ordered supplies for 30 people.", ""},
		{"refuses an order that loses an item", Nudge, Edit{Path: bulletList, Action: "reorder", Value: own + "\nTrained 5 apprentices."}, "", ruleOrder},
		{"refuses an order that adds an item", Nudge, Edit{Path: skillList, Action: "reorder", Value: "Docker\nChess\nGardening"}, "", ruleOrder},
		{"refuses an order that swaps an item", Nudge, Edit{Path: skillList, Action: "reorder", Value: "Gardening\nChess"}, "", ruleOrder},
		{"appends only under the widest strategy", Keywords, Edit{Path: bulletList, Action: "append", Value: "Ran builds."}, "", ruleAction},
		{"appends", Full, Edit{Path: bulletList, Action: "append", Value: "Ran builds."}, bulletList + "[3]:  > Ran builds.", ""},
		{"a nudge adds no skill", Nudge, Edit{Path: skillList, Action: "add_skill", Value: "Jenkins"}, "", ruleAction},
		{"adds a skill", Keywords, Edit{Action: "add_skill", Value: "Jenkins"}, skillList + "[2]:  > Jenkins", ""},
		{"adds no skill twice", Keywords, Edit{Action: "add_skill", Value: "docker"}, "", ruleRepeated},
		{"adds nothing that is no skill", Full, Edit{Action: "add_skill", Value: "30 people"}, "", ruleSkill},
		{"adds no two skills as one", Full, Edit{Action: "add_skill", Value: "Jenkins\nPuppet"}, "", ruleForm},
		{"swaps no skill for another", Full, Edit{Path: skillList + "[1]", Action: "replace", Original: "Docker", Value: "Kubernetes"}, "", ruleSkill},
		{"refuses a stump", Full, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "Builds"}, "", ruleTooShort},
		{"refuses padding", Full, Edit{Path: firstBullet, Action: "replace", Original: own, Value: strings.Repeat("Ran builds with Jenkins. ", 12)}, "", ruleTooLong},
		{"refuses marks", Full, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "Ran **builds** with Jenkins."}, "", ruleForm},
		{"refuses shouting", Full, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "RAN BUILDS WITH JENKINS."}, "", ruleForm},
		{"refuses two lines", Full, Edit{Path: firstBullet, Action: "replace", Original: own, Value: "Ran builds.\nUsed Jenkins."}, "", ruleForm},
		{"appends nothing that is there", Full, Edit{Path: bulletList, Action: "append", Value: own}, "", ruleRepeated},
		{"refuses another action", Full, Edit{Path: firstBullet, Action: "remove", Original: own, Value: "x"}, "", ruleField},
		{"refuses an unknown path", Full, Edit{Path: "workExperience[4].description[0]", Action: "replace", Original: own, Value: "x"}, "", ruleField},
		{"locks the name", Full, Edit{Path: "personalInfo.name", Action: "replace", Original: "Ada Beispiel", Value: "Ada"}, "", ruleField},
		{"locks the title", Full, Edit{Path: "workExperience[0].title", Action: "replace", Original: "Specialist", Value: "Chief"}, "", ruleField},
		{"locks the period", Full, Edit{Path: "workExperience[0].years", Action: "replace", Original: "2019 - 2024", Value: "2009 - 2024"}, "", ruleField},
		{"locks the degree", Full, Edit{Path: "education[0].degree", Action: "replace", Original: "BSc", Value: "PhD"}, "", ruleField},
		{"locks languages", Full, Edit{Path: "additional.languages", Action: "append", Value: "German"}, "", ruleField},
		{"locks certificates", Full, Edit{Path: "additional.certificationsTraining", Action: "append", Value: "CKA"}, "", ruleField},
		{"locks plain lists of other sections", Full, Edit{Path: "customSections.hobbies.strings[0]", Action: "replace", Original: "Chess", Value: "Go"}, "", ruleField},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := sessionFor(t, test.prompt)
			accepted, refused := s.Offer(test.edit)
			if test.rule == "" {
				assert.Nil(t, refused)
			} else {
				require.NotNil(t, refused)
				assert.Equal(t, test.rule, refused.Rule)
			}
			p := s.Proposal()
			assert.Empty(t, p.Warnings)
			if test.want == "" {
				assert.Nil(t, accepted)
				return
			}
			require.NotNil(t, accepted)
			assert.Equal(t, test.want, brief(*accepted))
			assert.NotEmpty(t, accepted.Reason)
			assert.NotEmpty(t, accepted.Evidence)
			assert.Contains(t, briefs(p.Changes), test.want)
			ids, ok := Subset(s.in.Resume, p.Improved, p.Changes)
			assert.True(t, ok, "the result follows from the changes")
			assert.Len(t, ids, len(p.Changes))
		})
	}
}

func TestSessionTakesEachPlaceOnceAndHasABound(t *testing.T) {
	s := sessionFor(t, Full)
	replace := Edit{Path: firstBullet, Action: "replace", Original: "Ran builds with Jenkins.", Value: "Operated builds."}
	first, _ := s.Offer(replace)
	require.NotNil(t, first)
	replace.Value = "Kept builds going."
	second, refused := s.Offer(replace)
	assert.Nil(t, second)
	require.NotNil(t, refused)
	assert.Equal(t, ruleRepeated, refused.Rule)
	for i := range 3 * maxEdits {
		s.Offer(Edit{Path: bulletList, Action: "append", Value: strings.Repeat("Ran builds. ", i+1)})
	}
	p := s.Proposal()
	assert.LessOrEqual(t, len(p.Changes)+len(p.Rejected), maxEdits)
	assert.Empty(t, p.Warnings)
}

// TestReasonsClaimNothing keeps a model from telling in a reason what it may not write into the résumé.
func TestReasonsClaimNothing(t *testing.T) {
	s := sessionFor(t, Full)
	accepted, _ := s.Offer(Edit{
		Path: firstBullet, Action: "replace", Original: "Ran builds with Jenkins.", Value: "Operated builds.", Reason: "A forged reason.",
	})
	require.NotNil(t, accepted)
	assert.Equal(t, s.say.reworded(nil), accepted.Reason)
}

func TestSessionSurvivesEmptyDocuments(t *testing.T) {
	s := newTailor(t).Begin(Input{PromptID: Full})
	s.Listen(allow)
	for _, action := range []string{"replace", "append", "reorder", "add_skill", ""} {
		for _, path := range []string{"", "summary", skillList, "workExperience[0]", "[", "a]", "customSections..x", strings.Repeat("[", 5000)} {
			s.Offer(Edit{Path: path, Action: action, Value: "Ran \x00 builds\n\n"})
		}
	}
	assert.Equal(t, clone(models.ResumeData{}).WorkExperience, s.Proposal().Improved.WorkExperience)
}
