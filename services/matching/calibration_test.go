package matching_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

// corpus holds the documents of testdata, prepared by way of the parser as uploads are.
type corpus struct {
	matcher *matching.Matcher
	resumes map[string]*matching.Resume
	jobs    map[string]*matching.Job
}

func loadCorpus(t testing.TB) corpus {
	t.Helper()
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	parser := structure.New(vocabulary)
	c := corpus{matcher: matching.New(vocabulary), resumes: map[string]*matching.Resume{}, jobs: map[string]*matching.Job{}}
	for name, text := range readAll(t, "testdata/resumes/*.md") {
		r := parser.Resume(text)
		c.resumes[name] = c.matcher.PrepareResume(r.Data, r.Language)
	}
	for name, text := range readAll(t, "testdata/jobs/*.txt") {
		j := parser.Job(text)
		c.jobs[name] = c.matcher.PrepareJob(j.Data, j.Language)
	}
	return c
}

func readAll(t testing.TB, pattern string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	texts := map[string]string{}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		require.NoError(t, err)
		name := filepath.Base(path)
		texts[strings.TrimSuffix(name, filepath.Ext(name))] = string(data)
	}
	return texts
}

func (c corpus) score(t testing.TB, resume, job string) float64 {
	t.Helper()
	require.Contains(t, c.resumes, resume)
	require.Contains(t, c.jobs, job)
	return c.matcher.Match(c.resumes[resume], c.jobs[job]).Score
}

// band is what a person would call a pair.
type band struct {
	name     string
	from, to float64
}

var (
	strong    = band{"strong", 80, 100}
	good      = band{"good", 55, 80}
	partial   = band{"partial", 25, 55}
	unrelated = band{"unrelated", 0, 25}
)

func TestScoresFallIntoTheBandAPersonWouldName(t *testing.T) {
	c := loadCorpus(t)
	for _, pair := range []struct {
		job, resume string
		want        band
	}{
		{"backend_go", "go_backend_senior", strong},
		{"backend_go", "python_backend", good},
		{"backend_go", "java_developer_en", partial},
		{"backend_go", "frontend_developer", unrelated},
		{"backend_go", "registered_nurse_en", unrelated},
		{"backend_go", "accountant", unrelated},
		{"java_de", "java_entwickler_de", strong},
		{"java_de", "java_developer_en", strong},
		{"java_de", "python_backend", partial},
		{"java_de", "cook_de", unrelated},
		{"java_de", "marketing_de", unrelated},
		{"data_scientist", "data_scientist", strong},
		{"data_scientist", "data_analyst", partial},
		{"data_scientist", "lawyer_de", unrelated},
		{"data_scientist", "ux_designer", unrelated},
		{"icu_nurse_de", "icu_nurse_de", strong},
		{"icu_nurse_de", "registered_nurse_en", partial},
		{"icu_nurse_de", "geriatric_nurse_de", partial},
		{"icu_nurse_de", "electrician_de", unrelated},
		{"icu_nurse_de", "paralegal_de", unrelated},
		{"ward_nurse", "registered_nurse_en", strong},
		{"ward_nurse", "icu_nurse_de", good},
		{"ward_nurse", "geriatric_nurse_de", partial},
		{"ward_nurse", "receptionist", unrelated},
		{"accountant", "accountant", strong},
		{"accountant", "bookkeeper", good},
		{"accountant", "data_analyst", unrelated},
		{"accountant", "waiter", unrelated},
		{"electrician_de", "electrician_de", strong},
		{"electrician_de", "mechatronics_de", partial},
		{"electrician_de", "lawyer_de", unrelated},
		{"electrician_de", "go_backend_senior", unrelated},
		{"maths_teacher", "maths_teacher", strong},
		{"maths_teacher", "maths_tutor", partial},
		{"maths_teacher", "warehouse_lead", unrelated},
		{"marketing_de", "marketing_de", strong},
		{"marketing_de", "content_marketing_en", good},
		{"marketing_de", "electrician_de", unrelated},
		{"marketing_de", "mechatronics_de", unrelated},
		{"warehouse_lead", "warehouse_lead", strong},
		{"warehouse_lead", "warehouse_worker", good},
		{"warehouse_lead", "data_scientist", unrelated},
		{"warehouse_lead", "maths_teacher", unrelated},
		{"ux_designer", "ux_designer", strong},
		{"ux_designer", "graphic_designer", partial},
		{"ux_designer", "bookkeeper", unrelated},
		{"lawyer_de", "lawyer_de", strong},
		{"lawyer_de", "paralegal_de", partial},
		{"lawyer_de", "icu_nurse_de", unrelated},
		{"lawyer_de", "accountant", unrelated},
		{"receptionist", "receptionist", strong},
		{"receptionist", "waiter", partial},
		{"receptionist", "electrician_de", unrelated},
		{"cook_de", "cook_de", strong},
		{"cook_de", "warehouse_worker", unrelated},
		{"cook_de", "java_entwickler_de", unrelated},
		{"mechanical_engineer_de", "mechanical_engineer_de", strong},
		{"mechanical_engineer_de", "civil_engineer_en", partial},
		{"mechanical_engineer_de", "hr_generalist", unrelated},
		{"hr_generalist", "hr_generalist", strong},
		{"hr_generalist", "office_assistant", unrelated},
		{"hr_generalist", "ux_designer", unrelated},
		{"sales_rep", "sales_rep", strong},
		{"sales_rep", "retail_assistant", unrelated},
		{"sales_rep", "maths_tutor", unrelated},
		{"support", "support", good},
		{"support", "cook_de", unrelated},
		{"social_worker_de", "social_worker_de", strong},
		{"social_worker_de", "support", unrelated},
		{"php_es", "php_es", strong},
		{"php_es", "social_worker_de", unrelated},
		{"infirmier_fr", "icu_nurse_de", good},
		{"infirmier_fr", "sales_rep", unrelated},
	} {
		t.Run(pair.job+"/"+pair.resume, func(t *testing.T) {
			got := c.score(t, pair.resume, pair.job)
			assert.True(t, got >= pair.want.from && (got < pair.want.to || pair.want.to == 100), "%.1f is not %s (%v to %v)", got, pair.want.name, pair.want.from, pair.want.to)
		})
	}
}

func TestBetterSuitedResumesRankHigher(t *testing.T) {
	c := loadCorpus(t)
	for job, order := range map[string][]string{
		"backend_go":             {"go_backend_senior", "python_backend", "java_developer_en", "frontend_developer", "ux_designer"},
		"java_de":                {"java_developer_en", "go_backend_senior", "frontend_developer", "cook_de"},
		"data_scientist":         {"data_scientist", "data_analyst", "python_backend", "waiter"},
		"icu_nurse_de":           {"icu_nurse_de", "registered_nurse_en", "geriatric_nurse_de", "mechatronics_de"},
		"ward_nurse":             {"registered_nurse_en", "icu_nurse_de", "geriatric_nurse_de", "lawyer_de"},
		"accountant":             {"accountant", "bookkeeper", "data_analyst", "waiter"},
		"electrician_de":         {"electrician_de", "mechatronics_de", "marketing_de"},
		"maths_teacher":          {"maths_teacher", "maths_tutor", "data_analyst"},
		"marketing_de":           {"marketing_de", "content_marketing_en", "graphic_designer", "cook_de"},
		"warehouse_lead":         {"warehouse_lead", "warehouse_worker", "waiter"},
		"ux_designer":            {"ux_designer", "graphic_designer", "frontend_developer", "bookkeeper"},
		"lawyer_de":              {"lawyer_de", "paralegal_de", "mechatronics_de"},
		"receptionist":           {"receptionist", "waiter", "warehouse_worker"},
		"cook_de":                {"cook_de", "waiter", "data_analyst"},
		"mechanical_engineer_de": {"mechanical_engineer_de", "civil_engineer_en", "mechatronics_de", "waiter"},
		"hr_generalist":          {"hr_generalist", "bookkeeper", "waiter"},
		"sales_rep":              {"sales_rep", "retail_assistant", "electrician_de"},
		"support":                {"support", "retail_assistant", "electrician_de"},
		"php_es":                 {"php_es", "python_backend", "accountant"},
		"infirmier_fr":           {"registered_nurse_en", "geriatric_nurse_de", "sales_rep"},
	} {
		t.Run(job, func(t *testing.T) {
			for i := 1; i < len(order); i++ {
				assert.Greater(t, c.score(t, order[i-1], job), c.score(t, order[i], job), "%s before %s", order[i-1], order[i])
			}
		})
	}
}
