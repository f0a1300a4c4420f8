package matching_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

// structured is testdata before it is prepared, so that a test can change it.
type structured struct {
	matcher *matching.Matcher
	resumes map[string]structure.Resume
	jobs    map[string]structure.Job
}

func loadStructured(t testing.TB) structured {
	t.Helper()
	vocabulary, err := skills.Load()
	require.NoError(t, err)
	parser := structure.New(vocabulary)
	s := structured{matching.New(vocabulary), map[string]structure.Resume{}, map[string]structure.Job{}}
	for name, text := range readAll(t, "testdata/resumes/*.md") {
		s.resumes[name] = parser.Resume(text)
	}
	for name, text := range readAll(t, "testdata/jobs/*.txt") {
		s.jobs[name] = parser.Job(text)
	}
	return s
}

func (s structured) prepareJobs() map[string]*matching.Job {
	jobs := map[string]*matching.Job{}
	for name, j := range s.jobs {
		jobs[name] = s.matcher.PrepareJob(j.Data, j.Language)
	}
	return jobs
}

// copyOf returns a deep copy, so that changes stay within one case.
func copyOf(t testing.TB, d models.ResumeData) models.ResumeData {
	t.Helper()
	data, err := json.Marshal(d)
	require.NoError(t, err)
	var c models.ResumeData
	require.NoError(t, json.Unmarshal(data, &c))
	return c
}

func TestAddingAMissingRequiredSkillNeverLowersTheScore(t *testing.T) {
	s := loadStructured(t)
	jobs := s.prepareJobs()
	raised := 0
	for name, r := range s.resumes {
		plain := s.matcher.PrepareResume(r.Data, r.Language)
		with := map[string]*matching.Resume{}
		for jobName, job := range jobs {
			before := s.matcher.Match(plain, job)
			for _, item := range before.Missing {
				if !item.Required {
					continue
				}
				skill, _, _ := strings.Cut(item.Skill, " / ")
				if with[skill] == nil {
					more := copyOf(t, r.Data)
					more.Additional.TechnicalSkills = append(more.Additional.TechnicalSkills, skill)
					with[skill] = s.matcher.PrepareResume(more, r.Language)
				}
				after := s.matcher.Match(with[skill], job).Score
				assert.GreaterOrEqual(t, after, before.Score, "%s for %s with %s", name, jobName, skill)
				if after > before.Score {
					raised++
				}
			}
		}
	}
	assert.Greater(t, raised, 100, "most additions must count")
}

func TestRemovingEvidenceNeverRaisesTheScore(t *testing.T) {
	s := loadStructured(t)
	jobs := s.prepareJobs()
	lowered := 0
	for name, r := range s.resumes {
		whole := s.matcher.PrepareResume(r.Data, r.Language)
		for _, reduced := range reductions(t, r.Data) {
			less := s.matcher.PrepareResume(reduced, r.Language)
			for jobName, job := range jobs {
				before, after := s.matcher.Match(whole, job).Score, s.matcher.Match(less, job).Score
				assert.LessOrEqual(t, after, before, "%s for %s", name, jobName)
				if after < before {
					lowered++
				}
			}
		}
	}
	assert.Greater(t, lowered, 100, "evidence must count")
}

// reductions returns the résumé without one bullet, skill, position, degree or language each.
func reductions(t testing.TB, d models.ResumeData) []models.ResumeData {
	t.Helper()
	var all []models.ResumeData
	add := func(change func(*models.ResumeData)) {
		c := copyOf(t, d)
		change(&c)
		all = append(all, c)
	}
	for i, e := range d.WorkExperience {
		add(func(c *models.ResumeData) { c.WorkExperience = slices.Delete(c.WorkExperience, i, i+1) })
		for k := range e.Description {
			add(func(c *models.ResumeData) {
				c.WorkExperience[i].Description = slices.Delete(c.WorkExperience[i].Description, k, k+1)
			})
		}
	}
	for i := range d.Education {
		add(func(c *models.ResumeData) { c.Education = slices.Delete(c.Education, i, i+1) })
	}
	for i := range d.Additional.TechnicalSkills {
		add(func(c *models.ResumeData) {
			c.Additional.TechnicalSkills = slices.Delete(c.Additional.TechnicalSkills, i, i+1)
		})
	}
	add(func(c *models.ResumeData) { c.Additional.Languages = nil })
	add(func(c *models.ResumeData) { c.Summary = "" })
	return all
}

func TestAMissingRequiredSkillCostsMoreThanAPreferredOne(t *testing.T) {
	s := loadStructured(t)
	var resumes []*matching.Resume
	for _, r := range s.resumes {
		resumes = append(resumes, s.matcher.PrepareResume(r.Data, r.Language))
	}
	compared := 0
	for name, job := range s.jobs {
		for i, text := range job.Data.Qualifications.Required {
			d := job.Data
			d.Qualifications.Required = slices.Delete(slices.Clone(d.Qualifications.Required), i, i+1)
			d.Qualifications.Preferred = append(slices.Clone(d.Qualifications.Preferred), text)
			demanded, wished := s.matcher.PrepareJob(job.Data, job.Language), s.matcher.PrepareJob(d, job.Language)
			for _, r := range resumes {
				strict := s.matcher.Match(r, demanded)
				if strict.Coverage[i].Degree > 0 || strict.Score == 0 {
					continue
				}
				assert.LessOrEqual(t, strict.Score, s.matcher.Match(r, wished).Score, "%s: %s", name, text)
				compared++
			}
		}
	}
	assert.Greater(t, compared, 100)
}

func TestTheSameInputsGiveTheSameJSON(t *testing.T) {
	s := loadStructured(t)
	resume, job := s.resumes["go_backend_senior"], s.jobs["backend_go"]
	encode := func() string {
		// Preparing anew makes new maps, each with its own random order.
		result := s.matcher.Match(s.matcher.PrepareResume(resume.Data, resume.Language), s.matcher.PrepareJob(job.Data, job.Language))
		data, err := json.Marshal(result)
		assert.NoError(t, err)
		return string(data)
	}
	want := encode()
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			for range 250 {
				if got := encode(); got != want {
					assert.Equal(t, want, got)
					return
				}
			}
		})
	}
	workers.Wait()
}

func TestPreparedValuesAreSharedSafely(t *testing.T) {
	c := loadCorpus(t)
	r, j := c.resumes["accountant"], c.jobs["accountant"]
	want := c.matcher.Match(r, j)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for range 50 {
				assert.Equal(t, want, c.matcher.Match(r, j))
			}
		})
	}
	workers.Wait()
}

func FuzzMatch(f *testing.F) {
	for _, pair := range [][2]string{{"lawyer_de", "lawyer_de"}, {"bookkeeper", "accountant"}, {"waiter", "receptionist"}} {
		resume, err := os.ReadFile("testdata/resumes/" + pair[0] + ".md")
		require.NoError(f, err)
		job, err := os.ReadFile("testdata/jobs/" + pair[1] + ".txt")
		require.NoError(f, err)
		f.Add(string(resume), string(job))
	}
	f.Add("no experience with (Java", "Java/ , or C++ e.g.")
	vocabulary, err := skills.Load()
	require.NoError(f, err)
	parser, m := structure.New(vocabulary), matching.New(vocabulary)
	f.Fuzz(func(t *testing.T, resume, job string) {
		r, j := parser.Resume(resume), parser.Job(job)
		got := m.Match(m.PrepareResume(r.Data, r.Language), m.PrepareJob(j.Data, j.Language))
		if math.IsNaN(got.Score) || got.Score < 0 || got.Score > 100 {
			t.Fatalf("score %v", got.Score)
		}
		for _, c := range got.Coverage {
			if !(c.Degree >= 0 && c.Degree <= 1) {
				t.Fatalf("degree %v", c.Degree)
			}
		}
		if _, err := json.Marshal(got); err != nil {
			t.Fatal(fmt.Errorf("result is no JSON: %w", err))
		}
	})
}
