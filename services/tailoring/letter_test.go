package tailoring

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

// met is a requirement that the résumé's text at path meets.
func met(path, quote string, required bool, weight float64) matching.Coverage {
	return matching.Coverage{
		Requirement: "Telepathy", Required: required, Matched: true, Degree: 1, Weight: weight,
		Evidence: &models.Evidence{Path: path, Quote: quote},
	}
}

func letterInput(language string, coverage ...matching.Coverage) LetterInput {
	return LetterInput{
		Resume: clone(models.ResumeData{
			PersonalInfo: models.PersonalInfo{Name: "Ada Beispiel", Email: "ada@example.org"},
			Summary:      "Counts things. Explains what they mean.",
			WorkExperience: []models.Experience{
				{Title: "Data Analyst", Company: "Example Ltd", Description: []string{"Built reports in SQL", "Cut the time of month-end by 40 %."}},
				{Title: "Clerk", Description: []string{"Filed papers"}},
				{Company: "Northwind Inc.", Description: []string{"Sorted mail"}},
				{Description: []string{"Helped out"}},
			},
			Education:        []models.Education{{Degree: "BSc Statistics", Institution: "Example University"}, {Degree: "Abitur"}},
			PersonalProjects: []models.Project{{Name: "chartbox", Description: []string{"Draws charts"}}, {Description: []string{"Counts birds"}}},
			Additional: models.Additional{
				TechnicalSkills: []string{"SQL", "Excel", "dbt"}, Languages: []string{"German (C2)"}, CertificationsTraining: []string{"First Aid, 2021."},
			},
		}),
		Job:      models.JobData{JobTitle: "Senior Analyst", CompanyProfile: models.CompanyProfile{Name: "Hillcrest Inc."}},
		Match:    matching.Result{Coverage: coverage},
		Language: language,
	}
}

func TestCoverLetter(t *testing.T) {
	letter := newTailor(t).CoverLetter(letterInput("en",
		met("additional.technicalSkills[1]", "Excel", false, 1),
		met("workExperience[0].description[0]", "Built reports in SQL", true, 0.5),
		met("additional.technicalSkills[2]", "dbt", true, 0.4),
		met("workExperience[1].description[0]", "Filed papers", true, 0.3),
		met("workExperience[0].description[1]", "Cut the time of month-end by 40 %.", true, 0.9),
		met("summary", "Counts things.", false, 0.1),
		matching.Coverage{Requirement: "Rust", Required: true, Evidence: &models.Evidence{Path: "workExperience[3].description[0]", Quote: "Helped out"}},
	))
	assert.Equal(t, `Dear Hiring Team,

I would like to apply for the position of Senior Analyst at Hillcrest Inc.

Here is what I would bring, in the words of my résumé.

As Data Analyst at Example Ltd, I can point to this: “Cut the time of month-end by 40 %.”

In the same role, I would also mention this: “Built reports in SQL”.

As Clerk, I can offer a further example: “Filed papers”.

Among the skills you are looking for, I bring dbt and Excel.

I would be glad to tell you more in a conversation.

Kind regards,
Ada Beispiel`, letter)
}

func TestLetterSentences(t *testing.T) {
	tailor := newTailor(t)
	tests := []struct{ language, path, quote, want string }{
		{"en", "workExperience[2].description[0]", "Sorted mail", "At Northwind Inc., I can point to this: “Sorted mail”."},
		{"en", "workExperience[3].description[0]", "Helped out", "From my experience, I can point to this: “Helped out”."},
		{"en", "workExperience[0].title", "Data Analyst", "I bring experience as Data Analyst at Example Ltd."},
		{"en", "workExperience[1].title", "Clerk", "I bring experience as Clerk."},
		{"en", "education[0].degree", "BSc Statistics", "My education includes BSc Statistics (Example University)."},
		{"en", "education[1].degree", "Abitur", "My education includes Abitur."},
		{"en", "personalProjects[0].description[0]", "Draws charts", "From my project chartbox, I can point to this: “Draws charts”."},
		{"en", "personalProjects[1].description[0]", "Counts birds", "From my experience, I can point to this: “Counts birds”."},
		{"en", "summary", "Counts things.", "In short: “Counts things.”"},
		{"en", "additional.certificationsTraining[0]", "First Aid, 2021.", "My certificates and training include First Aid, 2021."},
		{"de", "workExperience[0].description[0]", "Built reports in SQL", "Als Data Analyst bei Example Ltd kann ich Folgendes nennen: „Built reports in SQL“."},
		{"de", "additional.languages[0]", "German (C2)", "Zu meinen Sprachkenntnissen gehört: German (C2)."},
		{"fr-CA", "workExperience[0].description[0]", "Built reports in SQL", "En tant que Data Analyst chez Example Ltd, je peux citer ceci : « Built reports in SQL »."},
		{"ES", "workExperience[0].description[0]", "Built reports in SQL", "Como Data Analyst en Example Ltd puedo señalar lo siguiente: «Built reports in SQL»."},
		{"nl", "workExperience[0].description[0]", "Built reports in SQL", "As Data Analyst at Example Ltd, I can point to this: “Built reports in SQL”."},
	}
	for _, tt := range tests {
		t.Run(tt.language+" "+tt.path, func(t *testing.T) {
			in := letterInput(tt.language, met(tt.path, tt.quote, true, 1))
			assert.Contains(t, strings.Split(tailor.CoverLetter(in), "\n\n"), tt.want)
			assert.Contains(t, tailor.Outreach(in), tt.want)
		})
	}
}

func TestLetterWithoutWhatItNames(t *testing.T) {
	tailor := newTailor(t)
	in := letterInput("en")
	assert.Equal(t, "Dear Hiring Team,\n\nI would like to apply for the position of Senior Analyst at Hillcrest Inc.\n\n"+
		"My résumé shows what I have done so far. I would be glad to tell you more in a conversation.\n\nKind regards,\nAda Beispiel", tailor.CoverLetter(in))
	in.Job.JobTitle = ""
	assert.Contains(t, tailor.CoverLetter(in), "the position you have advertised at Hillcrest Inc.\n")
	in.Job = models.JobData{JobTitle: "Analyst"}
	assert.Contains(t, tailor.CoverLetter(in), "the position of Analyst.\n")
	assert.Equal(t, "Hello,\n\nI would like to apply for the position you have advertised. May I tell you more?\n\nKind regards", tailor.Outreach(LetterInput{}))
	assert.NotContains(t, tailor.CoverLetter(LetterInput{Language: "de"}), "{")
}

func TestLetterQuotesNothingTheResumeDoesNotHold(t *testing.T) {
	in := letterInput("en",
		met("workExperience[0].description[0]", "Built rockets", true, 1), met("workExperience[9].description[0]", "Sorted mail", true, 1),
		met("education[7].degree", "PhD", true, 1), met("nowhere", "Excel", true, 1), met("additional.technicalSkills[0]", "", true, 1),
		met("workExperience[x].title", "Clerk", true, 1),
	)
	without := letterInput("en")
	assert.Equal(t, newTailor(t).CoverLetter(without), newTailor(t).CoverLetter(in))
}

func TestLetterNamesAPositionOnce(t *testing.T) {
	for _, order := range [][]matching.Coverage{
		{met("workExperience[0].title", "Data Analyst", true, 2), met("workExperience[0].description[0]", "Built reports in SQL", true, 1)},
		{met("workExperience[0].title", "Data Analyst", true, 1), met("workExperience[0].description[0]", "Built reports in SQL", true, 2)},
	} {
		assert.Equal(t, 1, strings.Count(newTailor(t).CoverLetter(letterInput("en", order...)), "Data Analyst"))
	}
}

func TestOutreachStaysShort(t *testing.T) {
	in := letterInput("de", met("workExperience[0].description[0]", "Built reports in SQL", true, 1), met("workExperience[1].description[0]", "Filed papers", true, 1))
	long := strings.TrimSpace(strings.Repeat("a b ", 200))
	for name, change := range map[string]func(*LetterInput){
		"bullets": func(in *LetterInput) {
			for i := range 2 {
				in.Resume.WorkExperience[i].Description[0] = long
				in.Match.Coverage[i].Evidence.Quote = long
			}
		},
		"position": func(in *LetterInput) { in.Job.JobTitle = long },
		"all names": func(in *LetterInput) {
			in.Job.JobTitle, in.Job.CompanyProfile.Name, in.Resume.PersonalInfo.Name = long, long, long
			in.Resume.WorkExperience[0].Title, in.Resume.WorkExperience[0].Company = long, long
		},
	} {
		t.Run(name, func(t *testing.T) {
			changed := in
			changed.Resume = clone(in.Resume)
			changed.Match.Coverage = slices.Clone(in.Match.Coverage)
			for i := range changed.Match.Coverage {
				evidence := *changed.Match.Coverage[i].Evidence
				changed.Match.Coverage[i].Evidence = &evidence
			}
			change(&changed)
			words := len(strings.Fields(newTailor(t).Outreach(changed)))
			assert.LessOrEqual(t, words, 120)
			assert.Greater(t, words, 10)
		})
	}
}

// phraseWordsOf are the words of all sentences of a language.
func phraseWordsOf(say letterPhrases) map[string]bool {
	set := make(map[string]bool)
	v := reflect.ValueOf(say)
	for i := range v.NumField() {
		if v.Field(i).Kind() == reflect.Array {
			for k := range v.Field(i).Len() {
				addWords(set, v.Field(i).Index(k).String())
			}
			continue
		}
		addWords(set, v.Field(i).String())
	}
	return set
}

// checkLetterWords asserts that every word is the language's, the résumé's, or of the posting's position or employer.
func checkLetterWords(t *testing.T, letter string, in LetterInput) {
	t.Helper()
	known := phraseWordsOf(letterPhrasesFor(in.Language))
	structure.Walk(in.Resume, func(_, text string) { addWords(known, text) })
	addWords(known, in.Job.JobTitle)
	addWords(known, in.Job.CompanyProfile.Name)
	for _, word := range words(letter) {
		assert.True(t, known[word], "%q comes from nowhere", word)
	}
	assert.NotContains(t, letter, "{")
	assert.NotContains(t, letter, "..")
	assert.Equal(t, strings.TrimSpace(letter), letter)
}

func TestLettersOfMadeUpPeopleHoldOnlyTheirWords(t *testing.T) {
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	parser, matcher, tailor := structure.New(vocabulary), matching.New(vocabulary), New(vocabulary)
	read := func(pattern string) map[string]string {
		files, err := filepath.Glob(filepath.Join("..", "matching", "testdata", pattern))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		texts := map[string]string{}
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			texts[file] = string(content)
		}
		return texts
	}
	quoting := 0
	jobs := read("jobs/*.txt")
	for _, resumeText := range read("resumes/*.md") {
		resume := parser.Resume(resumeText)
		prepared := matcher.PrepareResume(resume.Data, resume.Language)
		for _, jobText := range jobs {
			job := parser.Job(jobText)
			in := LetterInput{Resume: resume.Data, Job: job.Data, Match: matcher.Match(prepared, matcher.PrepareJob(job.Data, job.Language)), Language: job.Language}
			letter, message := tailor.CoverLetter(in), tailor.Outreach(in)
			checkLetterWords(t, letter, in)
			checkLetterWords(t, message, in)
			assert.LessOrEqual(t, len(strings.Fields(message)), 120)
			assert.Equal(t, letter, tailor.CoverLetter(in))
			if strings.Contains(letter, letterPhrasesFor(job.Language).lead) {
				quoting++
			}
		}
	}
	assert.Greater(t, quoting, 50)
}

func FuzzLetter(f *testing.F) {
	f.Add("Built {quote} reports.", "{employer}", "de", "workExperience[0].description[0]")
	f.Add("a\nb\x00c", "..", "es", "summary")
	f.Add("\xff", "", "fr", "education[0].degree")
	tailor := newTailor(f)
	f.Fuzz(func(t *testing.T, text, name, language, path string) {
		in := letterInput(language, met(path, text, true, 1))
		in.Resume.WorkExperience[0].Description[0], in.Resume.Summary, in.Resume.Education[0].Degree = text, text, text
		in.Job.JobTitle, in.Resume.WorkExperience[0].Title = name, name
		letter, message := tailor.CoverLetter(in), tailor.Outreach(in)
		assert.LessOrEqual(t, len(strings.Fields(message)), 120)
		assert.NotEmpty(t, letter)
		assert.Equal(t, letter, tailor.CoverLetter(in))
	})
}
