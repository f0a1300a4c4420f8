// Package services holds the use cases over the database, one file a resource.
package services

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/cache"
	"resume-matcher/services/documents"
	"resume-matcher/services/facts"
	"resume-matcher/services/matching"
	"resume-matcher/services/skills"
	"resume-matcher/services/structure"
	"resume-matcher/services/tailoring"
	"resume-matcher/services/tasks"
)

// Deps are what the services work with; main and the tests fill it alike.
type Deps struct {
	DB         *gorm.DB
	Extractor  *documents.Extractor
	Vocabulary *skills.Vocabulary
	Logger     *slog.Logger
	// Model is the language model; its zero value means there is none.
	Model ModelOptions
	// Observer hears what the use of the model comes to.
	Observer Observer
	// Tasks tell how this process works on what is done behind requests; database, clock and logger are those above.
	Tasks       tasks.Options
	Maintenance MaintenanceOptions
	// Now is the clock; nil means the system's in UTC.
	Now func() time.Time
}

// Services is the application: every use case, ready to be called by any front.
type Services struct {
	Workspaces *Workspaces
	Resumes    *Resumes
	Jobs       *Jobs
	Matches    *Matches
	Tailoring  *Tailoring
	Letters    *Letters
	Cache      *Cache
	Status     *Status
	// Usage and Health each have work behind the requests: their Run.
	Usage   *Usage
	Health  *ModelHealth
	Answers *cache.Store
	// Tasks does durable work behind the requests, in its Run.
	Tasks       *tasks.Queue
	Maintenance *Maintenance
	// StopModel makes every request that waits for the model go on without it, for a program that stops.
	StopModel func()
}

// New wires the services.
func New(d Deps) *Services {
	if d.Now == nil {
		d.Now = func() time.Time { return time.Now().UTC() }
	}
	parser := structure.New(d.Vocabulary)
	usage := NewUsage(UsageOptions{
		DB: d.DB, Now: d.Now, Prices: d.Model.Prices, DailyTokens: d.Model.DailyTokens, Observer: d.Observer, Logger: d.Logger,
	})
	store := cache.New(cache.Options{
		DB: d.DB, Now: d.Now, MaxDeleteBatch: d.Model.CacheDeleteBatch, Logger: d.Logger,
		Count: func(workspaceID, kind string, o cache.Outcome) { usage.Count(workspaceID, kind, o) },
	})
	health := NewModelHealth(ModelHealthOptions{
		Generator: d.Model.Generator, Provider: d.Model.Provider, Model: d.Model.Name, Usage: usage, Now: d.Now,
	})
	assistant := &Assistant{options: d.Model, prompts: d.Model.Prompts, store: store, usage: usage, health: health, observe: d.Observer, now: d.Now}
	assistant.stopping, assistant.stop = context.WithCancel(context.Background())
	answers := &Cache{db: d.DB, store: store, now: d.Now}
	queue := newTasks(d)
	resumes := &Resumes{
		db: d.DB, extractor: extraction{d.Extractor, d.Observer}, parser: parser, cache: answers, model: assistant, tasks: queue,
		readings: newReadings(), now: d.Now,
	}
	resumes.watch = newProgressWatch(resumes.progress)
	queue.Handle(structureKind, resumes.structureTask)
	queue.HandleFailure(structureKind, resumes.structureFailed)
	jobs := &Jobs{db: d.DB, parser: parser, resumes: resumes, model: assistant, now: d.Now}
	matches := newMatches(resumes, jobs, matching.New(d.Vocabulary), assistant)
	tailor, gate := tailoring.New(d.Vocabulary), newGate(facts.New(d.Vocabulary))
	s := &Services{
		Workspaces: &Workspaces{db: d.DB, usage: usage, now: d.Now},
		Resumes:    resumes,
		Jobs:       jobs,
		Matches:    matches,
		Tailoring: &Tailoring{
			db: d.DB, resumes: resumes, jobs: jobs, matches: matches, tailor: tailor, gate: gate, model: assistant,
			log: d.Logger, now: d.Now,
		},
		Letters: &Letters{
			db: d.DB, resumes: resumes, jobs: jobs, matches: matches, tailor: tailor, gate: gate, model: assistant,
		},
		Cache:  answers,
		Status: &Status{db: d.DB, usage: usage, health: health, embeddings: d.Model.Embedder != nil, freshness: pingFreshness},
		Usage:  usage, Health: health, Answers: store, Tasks: queue, StopModel: assistant.stop,
	}
	s.Maintenance = newMaintenance(d.Maintenance, s, d.Now, d.Logger)
	return s
}

func newTasks(d Deps) *tasks.Queue {
	o := d.Tasks
	o.DB, o.Now, o.Logger, o.Observe = d.DB, d.Now, d.Logger, d.Observer.Worked
	return tasks.New(o)
}

// storeError gives a database failure its public message; a missing row becomes missing.
func storeError(err error, missing *models.Error) error {
	if missing != nil && errors.Is(err, gorm.ErrRecordNotFound) {
		return missing
	}
	return models.StorageError(err)
}

func resumeNotFound() *models.Error {
	return models.NewError(models.KindResumeNotFound, "There is no résumé with this id.")
}

func jobNotFound() *models.Error {
	return models.NewError(models.KindJobNotFound, "There is no job with this id.")
}

func isDuplicate(err error) bool { return errors.Is(err, gorm.ErrDuplicatedKey) }

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
