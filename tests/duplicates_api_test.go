package tests

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"resume-matcher/handlers"
	"resume-matcher/models"
	"resume-matcher/services"
)

// counting counts the documents whose text is extracted.
func counting(extractions *atomic.Int64) Option {
	return func(_ *handlers.Options, d *services.Deps) {
		d.Observer.Extracted = func(services.Extraction) { extractions.Add(1) }
	}
}

// uploadTogether uploads one file n times at once, in turn to each of some servers, and returns the answers.
func uploadTogether(t *testing.T, n int, path string, data []byte, servers ...*Server) []uploadAnswer {
	t.Helper()
	answers := make([]uploadAnswer, n)
	begin := make(chan struct{})
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() {
			contentType, body := Form(t, "mira.md", data)
			<-begin
			r := servers[i%len(servers)].Do(t, http.MethodPost, path, contentType, body)
			if assert.Equal(t, http.StatusOK, r.Status, "%s", r.Body) {
				r.Decode(t, &answers[i])
			}
		})
	}
	close(begin)
	wg.Wait()
	return answers
}

// checkOneResume holds that uploads made one résumé, which one of them stored and all were counted for.
func checkOneResume(t *testing.T, s *Server, answers []uploadAnswer) {
	t.Helper()
	stored := 0
	for _, a := range answers {
		assert.Equal(t, answers[0].ResumeID, a.ResumeID)
		if !a.Data.Duplicate {
			stored++
		}
	}
	assert.Equal(t, 1, stored)
	var rows []models.Resume
	require.NoError(t, s.DB.Find(&rows).Error)
	require.Len(t, rows, 1)
	assert.EqualValues(t, len(answers), rows[0].UploadCount)
	assert.True(t, rows[0].IsMaster)
}

func TestManyUploadsOfOneFileAreExtractedOnce(t *testing.T) {
	for _, path := range []string{"/api/v1/resumes/upload", "/api/v1/resumes/upload?defer=true"} {
		t.Run(path, func(t *testing.T) {
			var extractions atomic.Int64
			s := Start(t, WithWorkers(0), counting(&extractions))
			checkOneResume(t, s, uploadTogether(t, 500, path, Testdata(t, "developer.md"), s))
			assert.EqualValues(t, 1, extractions.Load())
			s.work(t)
			assert.LessOrEqual(t, len(s.structureTasks(t)), 1)
		})
	}
}

func TestReplicasStoreOneFileOnce(t *testing.T) {
	var extractions atomic.Int64
	first := Start(t, counting(&extractions))
	second := Start(t, ReplicaOf(first), counting(&extractions))
	checkOneResume(t, first, uploadTogether(t, 100, "/api/v1/resumes/upload", Testdata(t, "developer.md"), first, second))
	assert.LessOrEqual(t, extractions.Load(), int64(2), "at most once a replica")
}

func TestManyUploadsOfAFileThatCanNotBeReadAllSayWhy(t *testing.T) {
	s := Start(t)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			r := s.Upload(t, "a.pdf", []byte("%PDF-1.7\nnothing that follows is a document"))
			assert.Equal(t, http.StatusUnprocessableEntity, r.Status, "%s", r.Body)
		})
	}
	wg.Wait()
	assert.Zero(t, s.count(t, &models.Resume{}))
}

// holdingFirst keeps the first document from being read until the returned channel is closed; began tells that it is there.
func holdingFirst() (option Option, began <-chan struct{}, letGo chan<- struct{}) {
	arrived, held := make(chan struct{}), make(chan struct{})
	first := sync.OnceFunc(func() { close(arrived); <-held })
	return func(_ *handlers.Options, d *services.Deps) {
		d.Observer.Extracting = func(int) { first() }
	}, arrived, held
}

func TestOneWhoLeavesTakesNobodyAlong(t *testing.T) {
	holding, began, letGo := holdingFirst()
	s := Start(t, holding)
	ctx, leave := context.WithCancel(t.Context())
	upload := func(ctx context.Context) error {
		_, err := s.Services.Resumes.Upload(ctx, models.DefaultWorkspaceID, "mira.md", Testdata(t, "developer.md"), services.Processing{})
		return err
	}
	var leavers, stayers sync.WaitGroup
	leavers.Go(func() { assert.ErrorIs(t, upload(ctx), context.Canceled) })
	<-began
	for range 20 {
		leavers.Go(func() { assert.ErrorIs(t, upload(ctx), context.Canceled) })
	}
	for range 40 {
		stayers.Go(func() { assert.NoError(t, upload(t.Context())) })
	}
	leave()
	leavers.Wait()
	close(letGo)
	stayers.Wait()
	assert.EqualValues(t, 1, s.count(t, &models.Resume{}))
}

func TestWorkspacesShareNoUpload(t *testing.T) {
	var extractions atomic.Int64
	s := Start(t, WithSessions(t), counting(&extractions))
	one, _ := s.NewSession(t)
	other, _ := s.NewSession(t)
	for _, token := range []string{one, other} {
		var up uploadAnswer
		s.As(token).Upload(t, "mira.md", Testdata(t, "developer.md")).Decode(t, &up)
		assert.False(t, up.Data.Duplicate)
	}
	assert.EqualValues(t, 2, extractions.Load())
	assert.EqualValues(t, 2, s.count(t, &models.Resume{}))
}
