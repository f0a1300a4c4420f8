package tests

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

const unknownID = "3f1a3f0e-4a0e-4bb2-9a0b-1f2e3d4c5b6a"

type uploadAnswer struct {
	Message          string `json:"message"`
	ResumeID         string `json:"resume_id"`
	ProcessingStatus string `json:"processing_status"`
	IsMaster         bool   `json:"is_master"`
	Data             struct {
		ResumeID   string `json:"resume_id"`
		Processing string `json:"processing"`
		Duplicate  bool   `json:"duplicate"`
	} `json:"data"`
}

type resumeAnswer struct {
	Data struct {
		ResumeID  string `json:"resume_id"`
		RawResume struct {
			ID, Content string
			ContentType string `json:"content_type"`
		} `json:"raw_resume"`
		Processed *models.ResumeData `json:"processed_resume"`
		Sources   []models.Source    `json:"sources"`
		ParentID  *string            `json:"parent_id"`
		Title     string             `json:"title"`
		IsMaster  bool               `json:"is_master"`
	} `json:"data"`
}

func (s *Server) resume(t *testing.T, id string) resumeAnswer {
	t.Helper()
	r := s.Get(t, "/api/v1/resumes?resume_id="+id)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out resumeAnswer
	r.Decode(t, &out)
	return out
}

func TestUploadStructuresAResume(t *testing.T) {
	s := Start(t)
	r := s.Upload(t, "mira.md", Testdata(t, "developer.md"))
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var up uploadAnswer
	r.Decode(t, &up)
	assert.Equal(t, "ready", up.ProcessingStatus)
	assert.True(t, up.IsMaster, "the first résumé becomes the master")
	assert.Equal(t, up.ResumeID, up.Data.ResumeID)
	assert.Equal(t, "complete", up.Data.Processing)
	assert.False(t, up.Data.Duplicate)

	got := s.resume(t, up.ResumeID)
	require.NotNil(t, got.Data.Processed)
	data := got.Data.Processed
	assert.Equal(t, "Mira Halvorsen", data.PersonalInfo.Name)
	assert.Equal(t, "mira.halvorsen@example.com", data.PersonalInfo.Email)
	require.Len(t, data.WorkExperience, 2)
	assert.Equal(t, "Fernwood Logistics", data.WorkExperience[0].Company)
	assert.Equal(t, "Backend Developer", data.WorkExperience[0].Title)
	assert.Len(t, data.WorkExperience[0].Description, 3)
	assert.Contains(t, data.Additional.TechnicalSkills, "Docker")
	assert.Equal(t, "mira", got.Data.Title)
	require.NotEmpty(t, got.Data.Sources)
	for _, source := range got.Data.Sources {
		assert.LessOrEqual(t, source.End, len(got.Data.RawResume.Content))
	}
}

func TestSameContentAgainIsADuplicate(t *testing.T) {
	s := Start(t)
	content := Testdata(t, "developer.md")
	id := s.UploadResume(t, "mira.md", content)

	var same, rewrapped uploadAnswer
	s.Upload(t, "copy.md", content).Decode(t, &same)
	assert.True(t, same.Data.Duplicate)
	assert.Equal(t, id, same.ResumeID)

	// Other bytes with the same text: the content hash finds it, not the file's.
	s.Upload(t, "crlf.md", bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))).Decode(t, &rewrapped)
	assert.True(t, rewrapped.Data.Duplicate)
	assert.Equal(t, id, rewrapped.ResumeID)

	var metrics struct {
		Duplicates struct {
			Total  int     `json:"resumes_total"`
			Reused int     `json:"duplicates_reused"`
			Ratio  float64 `json:"duplicate_ratio"`
		} `json:"duplicates"`
	}
	s.Get(t, "/metrics/llm").Decode(t, &metrics)
	assert.Equal(t, 1, metrics.Duplicates.Total)
	assert.Equal(t, 2, metrics.Duplicates.Reused)
	assert.InDelta(t, 2.0/3.0, metrics.Duplicates.Ratio, 1e-9)
}

func TestConcurrentUploadsOfOneContentStoreOneRow(t *testing.T) {
	s := Start(t)
	content := Testdata(t, "developer.md")
	var wg sync.WaitGroup
	ids := make([]string, 40)
	for i := range ids {
		wg.Add(1)
		go func() {
			defer wg.Done()
			// The bytes differ, so that the row's unique index has to decide, not the look at the file's hash.
			ids[i] = s.UploadResume(t, "mira.md", slices.Concat(content, bytes.Repeat([]byte("\n"), i)))
		}()
	}
	wg.Wait()
	for _, id := range ids {
		assert.Equal(t, ids[0], id)
	}
	var rows, masters int64
	require.NoError(t, s.DB.Model(&models.Resume{}).Count(&rows).Error)
	require.NoError(t, s.DB.Model(&models.Resume{}).Where("is_master").Count(&masters).Error)
	assert.EqualValues(t, 1, rows)
	assert.EqualValues(t, 1, masters)
}

func TestConcurrentFirstUploadsMakeOneMaster(t *testing.T) {
	s := Start(t)
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s.UploadResume(t, "r.md", fmt.Appendf(nil, "# Person %c\n\nperson%d@example.com\n\n## Skills\n\nGo, SQL\n", 'A'+i, i))
		}()
	}
	wg.Wait()
	var rows, masters int64
	require.NoError(t, s.DB.Model(&models.Resume{}).Count(&rows).Error)
	require.NoError(t, s.DB.Model(&models.Resume{}).Where("is_master").Count(&masters).Error)
	assert.EqualValues(t, 20, rows)
	assert.EqualValues(t, 1, masters)
}

func TestAFailedUploadLeavesNoRow(t *testing.T) {
	s := Start(t)
	cases := []struct {
		name     string
		filename string
		data     []byte
		status   int
		code     string
	}{
		{"empty", "a.pdf", nil, http.StatusBadRequest, "EMPTY_FILE"},
		{"picture", "a.pdf", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00"), http.StatusBadRequest, "UNSUPPORTED_FILE_TYPE"},
		{"old word", "a.docx", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 600)...), http.StatusBadRequest, "UNSUPPORTED_FILE_TYPE"},
		{"broken pdf", "a.pdf", []byte("%PDF-1.7\nnothing that follows is a document"), http.StatusUnprocessableEntity, "DOCUMENT_UNREADABLE"},
		{"too large", "a.txt", bytes.Repeat([]byte("word "), 1<<20+100), http.StatusRequestEntityTooLarge, "FILE_TOO_LARGE"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			r := s.Upload(t, c.filename, c.data)
			assert.Equal(t, c.status, r.Status, "%s", r.Body)
			checkFailure(t, r, c.code)
		})
	}
	for _, table := range []any{&models.Resume{}, &models.ProcessedResume{}} {
		var rows int64
		require.NoError(t, s.DB.Model(table).Count(&rows).Error)
		assert.Zero(t, rows)
	}
}

func TestResumeFailures(t *testing.T) {
	s := Start(t)
	s.Run(t, []Scenario{
		{Name: "no id", Method: "GET", Path: "/api/v1/resumes", Status: 400, Code: "MISSING_RESUME_ID"},
		{Name: "malformed id", Method: "GET", Path: "/api/v1/resumes?resume_id=sesame", Status: 422, Code: "VALIDATION_ERROR", NotContains: []string{"sesame"}},
		{Name: "unknown id", Method: "GET", Path: "/api/v1/resumes?resume_id=" + unknownID, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "alias", Method: "GET", Path: "/api/v1/resume?resume_id=" + unknownID, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "patch unknown", Method: "PATCH", Path: "/api/v1/resumes/" + unknownID, Body: `{"summary":"x"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "rename unknown", Method: "PATCH", Path: "/api/v1/resumes/" + unknownID + "/title", Body: `{"title":"x"}`, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "rename without title", Method: "PATCH", Path: "/api/v1/resumes/" + unknownID + "/title", Body: `{}`, Status: 422, Code: "VALIDATION_ERROR", Contains: []string{"title"}},
		{Name: "delete unknown", Method: "DELETE", Path: "/api/v1/resumes/" + unknownID, Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "retry unknown", Method: "POST", Path: "/api/v1/resumes/" + unknownID + "/retry-processing", Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "job description unknown", Method: "GET", Path: "/api/v1/resumes/" + unknownID + "/job-description", Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "matches unknown", Method: "GET", Path: "/api/v1/resumes/" + unknownID + "/matches", Status: 404, Code: "RESUME_NOT_FOUND"},
		{Name: "upload without file", Method: "POST", Path: "/api/v1/resumes/upload", ContentType: "multipart/form-data; boundary=x", Body: "--x--\r\n", Status: 422, Code: "VALIDATION_ERROR", Contains: []string{"file"}},
		{Name: "upload as json", Method: "POST", Path: "/api/v1/resumes/upload", Body: `{}`, Status: 400, Code: "UNSUPPORTED_CONTENT_TYPE"},
		{Name: "nothing listed", Method: "GET", Path: "/api/v1/resumes/list?include_master=true", Status: 200, Contains: []string{`"data":[]`}},
		{Name: "wrong method", Method: "PUT", Path: "/api/v1/resumes", Status: 405, Code: "METHOD_NOT_ALLOWED"},
		{Name: "unknown path", Method: "GET", Path: "/api/v1/nothing", Status: 404, Code: "NOT_FOUND"},
	})
}

func TestEditRenameListAndDelete(t *testing.T) {
	s := Start(t)
	master := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	second := s.UploadResume(t, "second.md", []byte("# Juna Okafor\n\njuna.okafor@example.org\n\n## Skills\n\nWelding, Safety\n"))

	data := *s.resume(t, master).Data.Processed
	before := len(s.resume(t, master).Data.Sources)
	data.Summary = "Backend developer, rewritten by hand."
	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+master, data).Status)
	edited := s.resume(t, master)
	assert.Equal(t, data.Summary, edited.Data.Processed.Summary)
	assert.Len(t, edited.Data.Sources, before)
	for _, source := range edited.Data.Sources {
		if source.Path == "summary" {
			assert.InDelta(t, 1, source.Confidence, 0)
			assert.Zero(t, source.End, "an edited value no longer points into the document")
		}
	}

	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+master+"/title", map[string]string{"title": "My résumé"}).Status)
	assert.Equal(t, "My résumé", s.resume(t, master).Data.Title)

	var list struct {
		Data []struct {
			ResumeID string `json:"resume_id"`
			IsMaster bool   `json:"is_master"`
		} `json:"data"`
	}
	s.Get(t, "/api/v1/resumes/list?include_master=true").Decode(t, &list)
	require.Len(t, list.Data, 2)
	assert.Equal(t, second, list.Data[0].ResumeID, "newest first")
	s.Get(t, "/api/v1/resumes/list").Decode(t, &list)
	require.Len(t, list.Data, 1)
	assert.False(t, list.Data[0].IsMaster)

	require.Equal(t, http.StatusOK, s.Do(t, "DELETE", "/api/v1/resumes/"+master, "", nil).Status)
	assert.Equal(t, http.StatusNotFound, s.Get(t, "/api/v1/resumes?resume_id="+master).Status)
	var left int64
	require.NoError(t, s.DB.Model(&models.ProcessedResume{}).Where("resume_id = ?", master).Count(&left).Error)
	assert.Zero(t, left, "derived rows go too")
}

func TestAnEmptyEditIsRefused(t *testing.T) {
	s := Start(t)
	id := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	r := s.Patch(t, "/api/v1/resumes/"+id, map[string]any{})
	assert.Equal(t, http.StatusUnprocessableEntity, r.Status)
	checkFailure(t, r, "VALIDATION_ERROR")
	r = s.Patch(t, "/api/v1/resumes/"+id, models.ResumeData{
		WorkExperience: []models.Experience{}, Education: []models.Education{}, PersonalProjects: []models.Project{},
		CustomSections: map[string]models.CustomSection{},
	})
	assert.Equal(t, http.StatusUnprocessableEntity, r.Status)
	checkFailure(t, r, "RESUME_VALIDATION_FAILED")
	assert.Equal(t, "Mira Halvorsen", s.resume(t, id).Data.Processed.PersonalInfo.Name)
}

func TestAnEditKeepsTheSectionsItDoesNotName(t *testing.T) {
	s := Start(t)
	id := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	before := *s.resume(t, id).Data.Processed
	require.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+id, map[string]string{"summary": "New summary."}).Status)
	after := *s.resume(t, id).Data.Processed
	assert.Equal(t, "New summary.", after.Summary)
	before.Summary = after.Summary
	assert.Equal(t, before, after)
}

func TestConcurrentEditsOfDifferentSectionsAreAllKept(t *testing.T) {
	s := Start(t)
	id := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	for round := range 5 {
		summary, title := fmt.Sprintf("Summary %d.", round), fmt.Sprintf("Title %d", round)
		edits := []map[string]any{
			{"summary": summary},
			{"personalInfo": map[string]string{"name": "Mira Halvorsen", "title": title}},
		}
		var wg sync.WaitGroup
		for _, edit := range edits {
			wg.Add(1)
			go func() {
				defer wg.Done()
				assert.Equal(t, http.StatusOK, s.Patch(t, "/api/v1/resumes/"+id, edit).Status)
			}()
		}
		wg.Wait()
		got := s.resume(t, id).Data.Processed
		assert.Equal(t, summary, got.Summary)
		assert.Equal(t, title, got.PersonalInfo.Title)
	}
}

func TestADeletionDuringOtherRequestsIsAPlainNotFound(t *testing.T) {
	s := Start(t)
	job := s.UploadJob(t, string(Testdata(t, "backend-job.txt")))
	for range 5 {
		id := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
		var wg sync.WaitGroup
		for _, send := range []func() Response{
			func() Response { return s.Do(t, "DELETE", "/api/v1/resumes/"+id, "", nil) },
			func() Response { return s.Patch(t, "/api/v1/resumes/"+id, map[string]string{"summary": "x"}) },
			func() Response { return s.Post(t, "/api/v1/resumes/improve", pair(id, job)) },
			func() Response { return s.Post(t, "/api/v1/resumes/improve/preview", pair(id, job)) },
			func() Response {
				return s.Post(t, "/api/v1/jobs/upload", map[string]any{"job_descriptions": []string{"Cook"}, "resume_id": id})
			},
		} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				r := send()
				assert.Contains(t, []int{http.StatusOK, http.StatusNotFound}, r.Status, "%s", r.Body)
			}()
		}
		wg.Wait()
	}
}

func TestAKnownFileBecomesTheMasterWhereThatWasDeleted(t *testing.T) {
	s := Start(t)
	master := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	other := []byte("# Juna Okafor\n\njuna.okafor@example.org\n\n## Skills\n\nWelding, Safety\n")
	s.UploadResume(t, "second.md", other)
	require.Equal(t, http.StatusOK, s.Do(t, "DELETE", "/api/v1/resumes/"+master, "", nil).Status)
	var again uploadAnswer
	s.Upload(t, "second.md", other).Decode(t, &again)
	assert.True(t, again.Data.Duplicate)
	assert.True(t, again.IsMaster)
}

func TestATextThatIsNoResumeIsRefused(t *testing.T) {
	s := Start(t)
	for _, text := range []string{strings.Repeat("a\n", 100_000), strings.Repeat("skill,", 40_000), strings.Repeat("word ", 60_000)} {
		r := s.Upload(t, "long.txt", []byte(text))
		assert.Equal(t, http.StatusUnprocessableEntity, r.Status)
		checkFailure(t, r, "RESUME_VALIDATION_FAILED")
	}
	assert.Zero(t, s.count(t, &models.Resume{}))
}

func TestRetryStructuresAFailedResume(t *testing.T) {
	s := Start(t)
	id := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	require.NoError(t, s.DB.Where("resume_id = ?", id).Delete(&models.ProcessedResume{}).Error)
	require.NoError(t, s.DB.Model(&models.Resume{}).Where("id = ?", id).UpdateColumn("processing_status", models.StatusFailed).Error)
	assert.Nil(t, s.resume(t, id).Data.Processed)

	r := s.Do(t, "POST", "/api/v1/resumes/"+id+"/retry-processing", "", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.Equal(t, "Mira Halvorsen", s.resume(t, id).Data.Processed.PersonalInfo.Name)
}

func TestNothingPersonalIsLogged(t *testing.T) {
	s := Start(t)
	id := s.UploadResume(t, "mira.md", Testdata(t, "developer.md"))
	s.resume(t, id)
	s.Upload(t, "mira.md", []byte("%PDF-1.7 mira.halvorsen@example.com"))
	log := s.Log.String()
	require.NotEmpty(t, log)
	for _, personal := range []string{"Halvorsen", "mira.halvorsen", "555 010"} {
		assert.NotContains(t, log, personal)
	}
}
