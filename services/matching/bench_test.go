package matching_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
)

func BenchmarkMatch(b *testing.B) {
	c := loadCorpus(b)
	for _, pair := range [][2]string{{"go_backend_senior", "backend_go"}, {"icu_nurse_de", "icu_nurse_de"}, {"lawyer_de", "backend_go"}} {
		b.Run(pair[0]+"/"+pair[1], func(b *testing.B) {
			r, j := c.resumes[pair[0]], c.jobs[pair[1]]
			b.ReportAllocs()
			for b.Loop() {
				c.matcher.Match(r, j)
			}
		})
	}
}

func benchDocuments(b *testing.B) (*structure.Parser, *matching.Matcher, string, string) {
	b.Helper()
	v, err := skills.Load()
	require.NoError(b, err)
	resume, err := os.ReadFile("testdata/resumes/go_backend_senior.md")
	require.NoError(b, err)
	job, err := os.ReadFile("testdata/jobs/backend_go.txt")
	require.NoError(b, err)
	return structure.New(v), matching.New(v), string(resume), string(job)
}

func BenchmarkPrepareResume(b *testing.B) {
	parser, matcher, resume, _ := benchDocuments(b)
	r := parser.Resume(resume)
	b.ReportAllocs()
	for b.Loop() {
		matcher.PrepareResume(r.Data, r.Language)
	}
}

func BenchmarkPrepareJob(b *testing.B) {
	parser, matcher, _, job := benchDocuments(b)
	j := parser.Job(job)
	b.ReportAllocs()
	for b.Loop() {
		matcher.PrepareJob(j.Data, j.Language)
	}
}

func BenchmarkJob(b *testing.B) {
	parser, _, _, job := benchDocuments(b)
	b.ReportAllocs()
	for b.Loop() {
		parser.Job(job)
	}
}

func BenchmarkStructureAndMatch(b *testing.B) {
	parser, matcher, resume, job := benchDocuments(b)
	b.ReportAllocs()
	for b.Loop() {
		r, j := parser.Resume(resume), parser.Job(job)
		matcher.Match(matcher.PrepareResume(r.Data, r.Language), matcher.PrepareJob(j.Data, j.Language))
	}
}
