package llm

import (
	"slices"
	"strings"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// materials are what a tailoring and a letter are made from: the résumé, what is known of the posting, and the posting.
func materials(d models.ResumeData, take func(path string) bool, j models.JobData, posting string) []document {
	return []document{
		{"resume", resumeLines(d, take), maxResumeBytes},
		{"requirements", jobLines(j), maxPostingBytes},
		{"posting", posting, maxPostingBytes},
	}
}

// resumeLines writes the values of d whose path take wants, each as a line `path: "value"` that shows where it begins
// and ends.
func resumeLines(d models.ResumeData, take func(path string) bool) string {
	var out strings.Builder
	structure.Walk(d, func(path, text string) {
		if take(path) {
			out.WriteString(oneLine(path) + ": " + quoted(Clean(text)) + "\n")
		}
	})
	return strings.TrimSuffix(out.String(), "\n")
}

// isTailored leaves out what no tailoring needs: who the person is, and the sections the program keeps for itself.
func isTailored(path string) bool {
	return path == "personalInfo.title" || !strings.HasPrefix(path, "personalInfo.") && !isOwnSection(path)
}

// isForLetters takes in also what a letter names, but no way to reach the person.
func isForLetters(path string) bool {
	return isTailored(path) || path == "personalInfo.name" || path == "personalInfo.location"
}

func isOwnSection(path string) bool {
	rest, ok := strings.CutPrefix(path, "customSections.")
	return ok && slices.ContainsFunc([]string{structure.MarginaliaKey, structure.SkillGroupsKey}, func(key string) bool {
		return strings.HasPrefix(rest, key+".")
	})
}

// jobLines writes what is known of a posting's structure, one fact a line.
func jobLines(j models.JobData) string {
	var out strings.Builder
	write := func(name string, values ...string) {
		for _, value := range values {
			if value = oneLine(value); value != "" {
				out.WriteString(name + ": " + value + "\n")
			}
		}
	}
	write("position", j.JobTitle)
	write("employer", j.CompanyProfile.Name)
	write("place", j.Location.Text)
	write("task", j.KeyResponsibilities...)
	write("required", j.Qualifications.Required...)
	write("preferred", j.Qualifications.Preferred...)
	write("keyword", j.ExtractedKeywords...)
	return strings.TrimSuffix(out.String(), "\n")
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
