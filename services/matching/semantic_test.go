package matching_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

func TestChunks(t *testing.T) {
	d := models.ResumeData{
		PersonalInfo:   models.PersonalInfo{Name: "Ada Beispiel", Email: "ada@example.org", Title: "Analyst"},
		Summary:        "Counts things. Explains what they mean.",
		WorkExperience: []models.Experience{{Title: "Analyst", Company: "Example Ltd", Years: "2019", Description: []string{"Built reports", "Built reports", " "}}},
		Additional:     models.Additional{TechnicalSkills: []string{"SQL", "Excel"}, Languages: []string{"German", "English"}},
		SectionMeta:    models.DefaultSectionMeta(),
	}
	assert.Equal(t, []matching.Chunk{
		{Path: "personalInfo.title", Text: "Analyst"},
		{Path: "summary", Text: "Counts things."},
		{Path: "summary", Text: "Explains what they mean."},
		{Path: "workExperience[0].description[0]", Text: "Built reports"},
		{Path: "additional.technicalSkills", Text: "SQL, Excel"},
		{Path: "additional.languages", Text: "German, English"},
	}, matching.Chunks(d))
	assert.Empty(t, matching.Chunks(models.ResumeData{}))
}

func TestChunksAreBounded(t *testing.T) {
	var lines []string
	for i := range 500 {
		lines = append(lines, strings.Repeat("größer ", i+1))
	}
	chunks := matching.Chunks(models.ResumeData{WorkExperience: []models.Experience{{Description: lines}}})
	assert.Len(t, chunks, 73, "longer lines begin alike")
	for _, c := range chunks {
		assert.LessOrEqual(t, utf8.RuneCountInString(c.Text), 512)
		assert.True(t, strings.HasSuffix(c.Text, "größer"), "cut within a word")
	}
	var short []string
	for i := range 500 {
		short = append(short, "line "+strings.Repeat("x", i%250+1))
	}
	assert.Len(t, matching.Chunks(models.ResumeData{WorkExperience: []models.Experience{{Description: short}}}), 200)
}

func TestRequirementTextsLineUpWithTheCoverage(t *testing.T) {
	s := loadStructured(t)
	resume := s.resumes["go_backend_senior"]
	for name, job := range s.jobs {
		texts := matching.RequirementTexts(job.Data)
		result := s.matcher.Match(s.matcher.PrepareResume(resume.Data, resume.Language), s.matcher.PrepareJob(job.Data, job.Language))
		if !assert.Len(t, texts, len(result.Coverage), name) {
			continue
		}
		vectors := make([][]float32, len(texts))
		for i := range vectors {
			vectors[i] = []float32{1, 0}
		}
		got, err := matching.Semantic(result, texts, vectors, nil, nil)
		require.NoError(t, err)
		for i, c := range result.Coverage {
			assert.Equal(t, c.Requirement, got.Requirements[i].Requirement, name)
			assert.Equal(t, c.Required, got.Requirements[i].Required, name)
		}
	}
	assert.Equal(t, []string{"Sort papers"}, matching.RequirementTexts(models.JobData{KeyResponsibilities: []string{" ", "Sort papers"}}))
	assert.Len(t, matching.RequirementTexts(models.JobData{Qualifications: models.Qualifications{Required: strings.Split(strings.Repeat("a,", 300), ",")}}), 100)
}

// semanticCase is one résumé with three texts against two demands, the second of which is only preferred.
func semanticCase(demandVectors, chunkVectors [][]float32) (matching.SemanticResult, error) {
	r := matching.Result{Score: 42, Coverage: []matching.Coverage{{Requirement: "must", Required: true}, {Requirement: "may"}}}
	chunks := []matching.Chunk{{Path: "a", Text: "first"}, {Path: "b", Text: "second"}, {Path: "c", Text: "third"}}
	return matching.Semantic(r, []string{"must", "may"}, demandVectors, chunks, chunkVectors)
}

func TestSemantic(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	tests := []struct {
		name            string
		demands, chunks [][]float32
		score           float64
		similarities    []float64
		quotes          []string
	}{
		{"both met in full", [][]float32{{1, 0}, {0, 2}}, [][]float32{{3, 0}, {0, 1}, {1, 1}}, 100, []float64{1, 1}, []string{"first", "second"}},
		{"the required one counts twice", [][]float32{{1, 0}, {0, 1}}, [][]float32{{1, 0}, {1, 0}, {1, 0}}, 66.7, []float64{1, 0}, []string{"first", ""}},
		{"half way between floor and ceiling", [][]float32{{1, 0}, {1, 0}}, [][]float32{{0.5, 0.8660254}, {0, 1}, {-1, 0}}, 50, []float64{0.5, 0.5}, []string{"first", "first"}},
		{"below the floor", [][]float32{{1, 0}, {1, 0}}, [][]float32{{0.2, 0.9797959}, {0, 1}, {-1, 0}}, 0, []float64{0.2, 0.2}, []string{"first", "first"}},
		{"opposites", [][]float32{{1, 0}, {1, 0}}, [][]float32{{-1, 0}, {-1, 0}, {-1, 0}}, 0, []float64{-1, -1}, []string{"", ""}},
		{"vectors that say nothing", [][]float32{{1, 0}, {0, 0}}, [][]float32{{nan, 1}, {inf, 1}, {0, 0}}, 0, []float64{0, 0}, []string{"", ""}},
		{"a broken text among good ones", [][]float32{{1, 0}, {1, 0}}, [][]float32{{nan, 0}, {0, 0}, {1, 0}}, 100, []float64{1, 1}, []string{"third", "third"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := semanticCase(tt.demands, tt.chunks)
			require.NoError(t, err)
			assert.InDelta(t, tt.score, got.Score, 0.001)
			for i, r := range got.Requirements {
				assert.InDelta(t, tt.similarities[i], r.Similarity, 0.0001)
				assert.Equal(t, i == 0, r.Required)
				quote := ""
				if r.Evidence != nil {
					quote = r.Evidence.Quote
				}
				assert.Equal(t, tt.quotes[i], quote)
			}
			again, err := semanticCase(tt.demands, tt.chunks)
			require.NoError(t, err)
			assert.Equal(t, got, again)
		})
	}
}

func TestSemanticRefusesVectorsThatDoNotFit(t *testing.T) {
	good := [][]float32{{1, 0}, {0, 1}}
	texts := [][]float32{{1, 0}, {0, 1}, {1, 1}}
	for name, vectors := range map[string][2][][]float32{
		"too few demands":        {{{1, 0}}, texts},
		"too few texts":          {good, {{1, 0}}},
		"another length":         {good, {{1, 0}, {0, 1}, {1, 1, 1}}},
		"lengths of two models":  {good, {{1}, {1}, {1}}},
		"a vector without value": {good, {{1, 0}, {}, {1, 1}}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := semanticCase(vectors[0], vectors[1])
			var failure *models.Error
			require.True(t, errors.As(err, &failure))
			assert.Equal(t, models.KindAIUnavailable, failure.Kind)
			assert.Zero(t, got.Score)
		})
	}
}

func TestSemanticOfNothing(t *testing.T) {
	got, err := matching.Semantic(matching.Result{}, nil, nil, nil, nil)
	require.NoError(t, err)
	assert.Equal(t, matching.SemanticResult{Version: matching.SemanticVersion, Requirements: []matching.SemanticRequirement{}}, got)
}

// TestSemanticOfOverlappingWords stands in for a model: a text's vector counts its words, so that more shared words are
// more alike, and a résumé of the trade comes out ahead.
func TestSemanticOfOverlappingWords(t *testing.T) {
	s := loadStructured(t)
	vocabulary := map[string]int{}
	embed := func(texts []string) [][]float32 {
		vectors := make([][]float32, len(texts))
		for i, text := range texts {
			vectors[i] = make([]float32, 4096)
			for _, token := range skills.Tokenize(text) {
				if _, ok := vocabulary[token.Text]; !ok {
					vocabulary[token.Text] = len(vocabulary)
				}
				if !skills.IsStopWord("en", token.Text) {
					vectors[i][vocabulary[token.Text]%4096]++
				}
			}
		}
		return vectors
	}
	score := func(resume structure.Resume, job structure.Job) float64 {
		chunks := matching.Chunks(resume.Data)
		texts := make([]string, len(chunks))
		for i, c := range chunks {
			texts[i] = c.Text
		}
		demands := matching.RequirementTexts(job.Data)
		got, err := matching.Semantic(matching.Result{}, demands, embed(demands), chunks, embed(texts))
		require.NoError(t, err)
		return got.Score
	}
	job := s.jobs["backend_go"]
	assert.Greater(t, score(s.resumes["go_backend_senior"], job), score(s.resumes["waiter"], job))
}
