// Package tasks does work that must not get lost: a task is a row, stored in the transaction of the data it belongs
// to, and any replica that shares the database may carry it out.
//
// A task runs at least once: one whose worker has died runs again. What it writes through Job.Finish is there once.
package tasks

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
	"resume-matcher/services/telemetry"
)

// The values that zero Options stand for.
const (
	defaultWorkers   = 2
	defaultLease     = 30 * time.Second
	defaultTimeout   = 15 * time.Minute
	defaultGrace     = 10 * time.Second
	defaultPoll      = time.Second
	defaultRetention = 7 * 24 * time.Hour
	defaultMaxQueued = 1000
)

// Options tell where tasks are kept and how this process works on them.
type Options struct {
	DB *gorm.DB
	// Now is the clock; nil means the system's in UTC. The clocks of replicas must agree within a sixth of the lease.
	Now func() time.Time
	// Inline makes Transaction carry out the tasks it enqueued before it returns, and Run do nothing: what comes later,
	// as a second attempt does, is left to RunOnce.
	Inline bool
	// Workers is the most tasks that one Run or RunOnce works on at the same time; 0 means 2.
	Workers int
	// Lease is how long a worker may be silent before another one takes its task; 0 means 30 s.
	Lease time.Duration
	// Timeout bounds one attempt; 0 means 15 minutes.
	Timeout time.Duration
	// Grace is how long running tasks may go on when Run is to end; 0 means 10 s.
	Grace time.Duration
	// Poll is how often an idle Run looks for tasks of other processes; 0 means 1 s.
	Poll time.Duration
	// Retention is how long finished tasks can still be read; 0 means 7 days.
	Retention time.Duration
	// MaxQueued bounds the tasks of one workspace that wait, give or take those enqueued at the same time; 0 means 1,000.
	MaxQueued int
	// Observe, if not nil, hears of every attempt that ended; it is called from many goroutines at once.
	Observe func(Event)
	// Tracing and Reporter tell others what happens; nil tells nobody.
	Tracing  *telemetry.Tracing
	Reporter *telemetry.Reporter
	// Logger hears of failures; nil discards them.
	Logger *slog.Logger
}

// Outcome tells how an attempt ended.
type Outcome string

// An attempt is done, will be followed by another, was the last and failed, or was handed back at shutdown. It is lost
// when its worker finds the task taken away, deserted when another one finds that its worker is gone.
const (
	Done       Outcome = "done"
	Retried    Outcome = "retried"
	Failed     Outcome = "failed"
	HandedBack Outcome = "handed_back"
	Lost       Outcome = "lost"
	Deserted   Outcome = "deserted"
)

// Event is one attempt that ended; it names nothing that is somebody's.
type Event struct {
	Kind    string
	Outcome Outcome
	// Took is the attempt's duration, 0 if its worker is gone.
	Took time.Duration
}

// Handler carries out one attempt. It must return soon after its context ends, which it does when the attempt took too
// long, the lease is lost or the program stops. An error means another attempt later, unless it is Permanent; its
// *models.Error, if it wraps one, is what Get shows.
type Handler = func(context.Context, *Job) error

// Queue keeps and carries out tasks; it is safe for concurrent use once every handler is known.
type Queue struct {
	options  Options
	handlers map[string]Handler
	failures map[string]FailureHandler
	periods  []period
	wake     chan struct{}

	mu    sync.Mutex
	slots map[string]time.Time // the last one seen to, by kind
}

// New returns a queue over the tables tasks and task_slots. Tell it every handler before it runs.
func New(o Options) *Queue {
	clock := o.Now
	if clock == nil {
		clock = time.Now
	}
	o.Now = func() time.Time { return clock().UTC().Truncate(time.Microsecond) }
	if o.Observe == nil {
		o.Observe = func(Event) {}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	positive(&o.Workers, defaultWorkers)
	positive(&o.Lease, defaultLease)
	positive(&o.Timeout, defaultTimeout)
	positive(&o.Grace, defaultGrace)
	positive(&o.Poll, defaultPoll)
	positive(&o.Retention, defaultRetention)
	positive(&o.MaxQueued, defaultMaxQueued)
	q := &Queue{
		options: o, handlers: map[string]Handler{}, failures: map[string]FailureHandler{},
		wake: make(chan struct{}, 1), slots: map[string]time.Time{},
	}
	q.Every(cleanKind, cleanPeriod, q.clean)
	return q
}

func positive[T int | time.Duration](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}

// Handle names the work of a kind. Tasks of kinds without a handler are left to replicas that have one.
func (q *Queue) Handle(kind string, work Handler) { q.handlers[kind] = work }

// Every has work done once in each period, whichever replica gets to it first, and not again while it is still being
// done. Periods begin at multiples of their length since the year 1, UTC: a day's at midnight.
func (q *Queue) Every(kind string, length time.Duration, work Handler) {
	q.Handle(kind, work)
	q.periods = append(q.periods, period{kind, length})
}

// Get returns a workspace's task, whose state tells how far it is; finished tasks are gone after the retention.
func (q *Queue) Get(ctx context.Context, workspaceID, id string) (*models.Task, error) {
	var row models.Task
	err := q.options.DB.WithContext(ctx).Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil, models.NewError(models.KindNotFound, "There is no such task; finished ones are kept for some days.")
	}
	return &row, models.StorageError(err)
}

// Inline tells whether Transaction carries out what it enqueued.
func (q *Queue) Inline() bool { return q.options.Inline }

// Unfinished returns, for each of some tasks named by kind, workspace and unique key, the one that holds the key; nil if
// none does.
func (q *Queue) Unfinished(ctx context.Context, named []Task) ([]*models.Task, error) {
	keys := make([]string, len(named))
	for i, t := range named {
		keys[i] = keyOf(t.Kind, t.WorkspaceID, t.UniqueKey)
	}
	var rows []models.Task
	if err := q.options.DB.WithContext(ctx).Where("unique_key IN ?", keys).Find(&rows).Error; err != nil {
		return nil, models.StorageError(err)
	}
	held := map[string]*models.Task{}
	for i := range rows {
		held[*rows[i].UniqueKey] = &rows[i]
	}
	found := make([]*models.Task, len(named))
	for i, key := range keys {
		found[i] = held[key]
	}
	return found, nil
}

// Depth is how many unfinished tasks of a kind are in a state.
type Depth struct {
	Kind   string
	Status models.TaskStatus
	Count  int64
}

// Depths counts the unfinished tasks of all workspaces by kind and state, in their order. Kinds that this process has a
// handler for are there even if nothing of them is unfinished.
func (q *Queue) Depths(ctx context.Context) ([]Depth, error) {
	var counted []Depth
	err := q.options.DB.WithContext(ctx).Model(&models.Task{}).Select("kind, status, count(*) AS count").
		Where("status IN ('queued', 'running')").Group("kind, status").Find(&counted).Error
	if err != nil {
		return nil, models.StorageError(err)
	}
	var depths []Depth
	for kind := range q.handlers {
		for _, status := range []models.TaskStatus{models.TaskQueued, models.TaskRunning} {
			if !slices.ContainsFunc(counted, func(d Depth) bool { return d.Kind == kind && d.Status == status }) {
				depths = append(depths, Depth{Kind: kind, Status: status})
			}
		}
	}
	depths = append(depths, counted...)
	slices.SortFunc(depths, func(a, b Depth) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(string(a.Status), string(b.Status)))
	})
	return depths, nil
}

// OldestDue returns when the queued task that is overdue longest was due, false if none is due.
func (q *Queue) OldestDue(ctx context.Context) (due time.Time, found bool, err error) {
	var rows []models.Task
	err = q.options.DB.WithContext(ctx).Select("run_at").Where("status = 'queued' AND run_at <= ?", q.options.Now()).
		Order("run_at").Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return time.Time{}, false, models.StorageError(err)
	}
	return rows[0].RunAt, true, nil
}
