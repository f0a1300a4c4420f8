package tests

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"gorm.io/gorm"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
	"resume-matcher/services/llm"
	"resume-matcher/services/llm/llmtest"
	"resume-matcher/tests/testclock"
)

// blank is a document whose text holds no value of a résumé.
const blank = "***\n---\n"

// deferUpload uploads a résumé whose processing may wait.
func (s *Server) deferUpload(t testing.TB, filename string, data []byte) uploadAnswer {
	t.Helper()
	contentType, body := Form(t, filename, data)
	r := s.Do(t, http.MethodPost, "/api/v1/resumes/upload?defer=true", contentType, body)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out uploadAnswer
	r.Decode(t, &out)
	return out
}

func (s *Server) progress(t testing.TB, id string) handlers.ProgressData {
	t.Helper()
	r := s.Get(t, "/api/v1/resumes/"+id+"/progress")
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var out handlers.Envelope[handlers.ProgressData]
	r.Decode(t, &out)
	return out.Data
}

// work does the tasks that are due, once.
func (s *Server) work(t testing.TB) {
	t.Helper()
	_, err := s.Services.Tasks.RunOnce(t.Context())
	require.NoError(t, err)
}

func (s *Server) awaitStatus(t testing.TB, id string, status models.ProcessingStatus) {
	t.Helper()
	require.Eventually(t, func() bool { return s.progress(t, id).ProcessingStatus == status }, patience, 20*time.Millisecond)
}

// structureTasks returns the tasks of deferred uploads, oldest first.
func (s *Server) structureTasks(t testing.TB) []models.Task {
	t.Helper()
	var rows []models.Task
	require.NoError(t, s.DB.Where("kind = 'resume.structure'").Order("created_at, id").Find(&rows).Error)
	return rows
}

// failing makes writes to a table fail until it is told to stop.
func (s *Server) failing(t testing.TB, table string) (stop func()) {
	t.Helper()
	var off atomic.Bool
	require.NoError(t, s.DB.Callback().Create().Before("gorm:create").Register("test:fail_"+table, func(tx *gorm.DB) {
		if tx.Statement.Table == table && !off.Load() {
			_ = tx.AddError(errors.New("the disk of the test is full"))
		}
	}))
	return func() { off.Store(true) }
}

func withClock(c *testclock.Clock) Option {
	return func(_ *handlers.Options, d *services.Deps) { d.Now = c.Now }
}

func TestADeferredUploadIsProcessedByATask(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	assert.Equal(t, "deferred", up.Data.Processing)
	assert.Equal(t, "pending", up.ProcessingStatus)
	assert.True(t, up.IsMaster)
	assert.Equal(t, handlers.ProgressData{ResumeID: up.ResumeID, ProcessingStatus: models.StatusPending}, s.progress(t, up.ResumeID))
	pending := s.resume(t, up.ResumeID)
	assert.Nil(t, pending.Data.Processed)
	assert.NotEmpty(t, pending.Data.RawResume.Content, "the text is there at once")

	s.work(t)
	assert.Equal(t, handlers.ProgressData{ResumeID: up.ResumeID, ProcessingStatus: models.StatusReady, Progress: 100}, s.progress(t, up.ResumeID))
	direct := Start(t)
	want := direct.resume(t, direct.UploadResume(t, "mira.md", Testdata(t, "developer.md")))
	got := s.resume(t, up.ResumeID)
	assert.Equal(t, want.Data.Processed, got.Data.Processed, "the same as without waiting")
	assert.Equal(t, want.Data.Sources, got.Data.Sources)
}

func TestWhatNeedsAStructureSaysThatItIsStillMade(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	job := s.UploadJob(t, "Backend Developer\n\nRequirements:\n- Go\n- SQL\n")
	for _, path := range []string{"/api/v1/resumes/improve/preview", "/api/v1/resumes/improve"} {
		r := s.Post(t, path, pair(up.ResumeID, job))
		assert.Equal(t, http.StatusUnprocessableEntity, r.Status, "%s", r.Body)
		checkFailure(t, r, "RESUME_VALIDATION_FAILED")
		assert.Contains(t, string(r.Body), "still being processed")
	}
}

func TestWithoutBackgroundTasksADeferredUploadIsProcessedAtOnce(t *testing.T) {
	s := Start(t)
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	assert.Equal(t, "complete", up.Data.Processing)
	assert.Equal(t, "ready", up.ProcessingStatus)
	assert.NotNil(t, s.resume(t, up.ResumeID).Data.Processed)
	assert.Equal(t, models.TaskDone, s.structureTasks(t)[0].Status)
}

func TestWhatCanNotBeReadFailsBeforeItIsDeferred(t *testing.T) {
	s := Start(t, WithWorkers(0))
	for name, data := range map[string][]byte{
		"EMPTY_FILE": nil, "DOCUMENT_UNREADABLE": []byte("%PDF-1.7\nnothing that follows is a document"),
		"RESUME_VALIDATION_FAILED": []byte(strings.Repeat("too long to be a résumé\n", 12_000)),
	} {
		contentType, body := Form(t, "a.pdf", data)
		r := s.Do(t, http.MethodPost, "/api/v1/resumes/upload?defer=true", contentType, body)
		checkFailure(t, r, name)
	}
	assert.Zero(t, s.count(t, &models.Resume{}))
	assert.Empty(t, s.structureTasks(t))
}

func TestADeferredUploadWithoutContentFails(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "blank.md", []byte(blank))
	s.work(t)
	p := s.progress(t, up.ResumeID)
	assert.Equal(t, models.StatusFailed, p.ProcessingStatus)
	require.NotNil(t, p.Error)
	assert.EqualValues(t, "RESUME_VALIDATION_FAILED", p.Error.Code)
	assert.Contains(t, p.Error.Message, "no text that could be a résumé")
	task := s.structureTasks(t)[0]
	assert.Equal(t, models.TaskFailed, task.Status)
	assert.EqualValues(t, 1, task.Attempt, "another attempt would meet the same text")

	again := s.deferUpload(t, "blank.md", []byte(blank))
	assert.Equal(t, up.ResumeID, again.ResumeID)
	assert.True(t, again.Data.Duplicate)
	assert.Equal(t, "pending", again.ProcessingStatus, "a repeated upload tries again")
	assert.Nil(t, s.progress(t, up.ResumeID).Error)
	s.work(t)
	assert.Equal(t, models.StatusFailed, s.progress(t, up.ResumeID).ProcessingStatus)
	assert.Len(t, s.structureTasks(t), 2)
	checkFailure(t, s.Upload(t, "blank.md", []byte(blank)), "RESUME_VALIDATION_FAILED")
}

func TestAnAttemptThatFailsIsRepeatedAndGivenUpInTheEnd(t *testing.T) {
	now := testclock.At(time.Now().UTC().Truncate(time.Second))
	s := Start(t, WithWorkers(0), withClock(now))
	stop := s.failing(t, "processed_resumes")
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	for attempt := int64(1); attempt < 5; attempt++ {
		s.work(t)
		p := s.progress(t, up.ResumeID)
		assert.Equal(t, models.StatusProcessing, p.ProcessingStatus)
		assert.Equal(t, attempt, p.Attempt)
		require.NotNil(t, p.Error, "why there will be another attempt")
		assert.NotContains(t, p.Error.Message, "disk of the test")
		now.Advance(time.Hour)
	}
	s.work(t)
	p := s.progress(t, up.ResumeID)
	assert.Equal(t, models.StatusFailed, p.ProcessingStatus)
	require.NotNil(t, p.Error)

	stop()
	r := s.Post(t, "/api/v1/resumes/"+up.ResumeID+"/retry-processing?defer=true", nil)
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	assert.Equal(t, "pending", r.JSON(t)["processing_status"])
	s.work(t)
	assert.Equal(t, models.StatusReady, s.progress(t, up.ResumeID).ProcessingStatus)
	assert.Nil(t, s.progress(t, up.ResumeID).Error)
}

func TestAResumeAndItsTaskAreStoredTogetherOrNotAtAll(t *testing.T) {
	for _, table := range []string{"tasks", "resumes"} {
		s := Start(t, WithWorkers(0))
		stop := s.failing(t, table)
		contentType, body := Form(t, "mira.md", Testdata(t, "developer.md"))
		r := s.Do(t, http.MethodPost, "/api/v1/resumes/upload?defer=true", contentType, body)
		assert.Equal(t, http.StatusInternalServerError, r.Status, table)
		assert.Zero(t, s.count(t, &models.Resume{}), table)
		assert.Zero(t, s.count(t, &models.Task{}), table)
		stop()
		assert.Equal(t, "pending", s.deferUpload(t, "mira.md", Testdata(t, "developer.md")).ProcessingStatus)
	}
}

func TestARepeatedUploadWaitsForTheSameTask(t *testing.T) {
	s := Start(t, WithWorkers(0))
	content := Testdata(t, "developer.md")
	first := s.deferUpload(t, "mira.md", content)
	for _, again := range [][]byte{content, append(content, '\n')} {
		up := s.deferUpload(t, "again.md", again)
		assert.Equal(t, first.ResumeID, up.ResumeID)
		assert.True(t, up.Data.Duplicate)
		assert.Equal(t, "deferred", up.Data.Processing)
	}
	r := s.Post(t, "/api/v1/resumes/"+first.ResumeID+"/retry-processing?defer=true", nil)
	assert.Equal(t, "pending", r.JSON(t)["processing_status"])
	assert.Len(t, s.structureTasks(t), 1)
	s.work(t)
	assert.Equal(t, "ready", s.deferUpload(t, "mira.md", content).ProcessingStatus)
	assert.Len(t, s.structureTasks(t), 1)
}

func TestAnEditMadeMeanwhileIsKept(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	r := s.Patch(t, "/api/v1/resumes/"+up.ResumeID, map[string]string{"summary": "Written while it waited."})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	edited := s.resume(t, up.ResumeID)
	assert.Equal(t, "Mira Halvorsen", edited.Data.Processed.PersonalInfo.Name, "what the edit does not name is there too")
	s.work(t)
	assert.Equal(t, edited, s.resume(t, up.ResumeID))
	assert.Equal(t, "Written while it waited.", edited.Data.Processed.Summary)
	assert.Equal(t, models.TaskDone, s.structureTasks(t)[0].Status)
}

func TestAResumeDeletedMeanwhileNeedsNoWork(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	require.Equal(t, http.StatusOK, s.Do(t, "DELETE", "/api/v1/resumes/"+up.ResumeID, "", nil).Status)
	s.work(t)
	assert.Equal(t, models.TaskDone, s.structureTasks(t)[0].Status)
	assert.Equal(t, http.StatusNotFound, s.Get(t, "/api/v1/resumes/"+up.ResumeID+"/progress").Status)
}

// desert makes a task look as it does when its worker died a while ago, in some attempt.
func (s *Server) desert(t testing.TB, id string, attempt int64) {
	t.Helper()
	require.NoError(t, s.DB.Model(&models.Resume{}).Where("id = ?", id).UpdateColumn("processing_status", "processing").Error)
	require.NoError(t, s.DB.Model(&models.Task{}).Where("kind = 'resume.structure'").UpdateColumns(map[string]any{
		"status": "running", "worker": "gone", "attempt": attempt, "lease_until": time.Now().UTC().Add(-time.Second),
	}).Error)
}

func TestAnotherReplicaTakesOverWhatADeadOneLeft(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	s.desert(t, up.ResumeID, 1)
	Start(t, ReplicaOf(s), WithWorkers(2))
	s.awaitStatus(t, up.ResumeID, models.StatusReady)
	assert.EqualValues(t, 2, s.structureTasks(t)[0].Attempt)
}

func TestAResumeWhoseWorkersAllDiedHasFailed(t *testing.T) {
	s := Start(t, WithWorkers(0))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	s.desert(t, up.ResumeID, 5)
	s.work(t)
	p := s.progress(t, up.ResumeID)
	assert.Equal(t, models.StatusFailed, p.ProcessingStatus, "nobody waits for a task that has ended")
	require.NotNil(t, p.Error)
	assert.Equal(t, models.TaskFailed, s.structureTasks(t)[0].Status)
	assert.Equal(t, "pending", s.deferUpload(t, "mira.md", Testdata(t, "developer.md")).ProcessingStatus)
	s.work(t)
	assert.Equal(t, models.StatusReady, s.progress(t, up.ResumeID).ProcessingStatus)
}

func TestTheModelCompletesADeferredUpload(t *testing.T) {
	provider := llmtest.New(t)
	script := NewScript(provider, nil)
	s := Start(t, WithWorkers(2), WithModel(t, provider, llm.OpenAI))
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	s.awaitStatus(t, up.ResumeID, models.StatusReady)
	assert.Equal(t, 1, script.Asked(llm.KindStructureResume))

	contentType, body := Form(t, "juna.md", []byte("# Juna Okafor\n\njuna.okafor@example.org\n\n## Skills\n\nWelding, Safety\n"))
	r := s.Do(t, http.MethodPost, "/api/v1/resumes/upload?defer=true&use_llm=false", contentType, body)
	s.awaitStatus(t, r.JSON(t)["resume_id"].(string), models.StatusReady)
	assert.Equal(t, 1, script.Asked(llm.KindStructureResume), "not where it is not wanted")

	script.Set(llm.KindStructureResume, llmtest.Failure(http.StatusBadRequest, ""))
	up = s.deferUpload(t, "tomas.md", []byte("# Tomas Berg\n\ntomas.berg@example.org\n\n## Skills\n\nCarpentry\n"))
	s.awaitStatus(t, up.ResumeID, models.StatusReady)
	assert.Equal(t, "Tomas Berg", s.resume(t, up.ResumeID).Data.Processed.PersonalInfo.Name, "a model that fails leaves what was found")
}

func TestAWorkerThatStopsHandsItsWorkBack(t *testing.T) {
	provider := llmtest.New(t)
	script := NewScript(provider, map[string]llmtest.Reply{llm.KindStructureResume: {Text: "{}", Then: llmtest.Hold}})
	s := Start(t, WithWorkers(0), WithModel(t, provider, llm.OpenAI), func(_ *handlers.Options, d *services.Deps) {
		d.Tasks.Grace = 50 * time.Millisecond
	})
	up := s.deferUpload(t, "mira.md", Testdata(t, "developer.md"))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Services.Tasks.Run(ctx)
	}()
	await(t, func() bool { return script.Asked(llm.KindStructureResume) > 0 }, "the model is asked")
	await(t, func() bool {
		p := s.progress(t, up.ResumeID)
		return p.ProcessingStatus == models.StatusProcessing && p.Progress == 50
	}, "structured, and waiting for the model")
	stop()
	<-ended
	task := s.structureTasks(t)[0]
	assert.Equal(t, models.TaskQueued, task.Status)
	assert.Zero(t, task.Attempt, "it does not count")

	Start(t, ReplicaOf(s), WithWorkers(1))
	s.awaitStatus(t, up.ResumeID, models.StatusReady)
}
