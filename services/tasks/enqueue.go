package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

const (
	// defaultMaxAttempts spans about ten minutes of backoff.
	defaultMaxAttempts = 8
	// maxArgs bounds the bytes of a task's arguments.
	maxArgs = 64 << 10
	// uniqueTries bounds the search for a task that holds a unique key and may end meanwhile.
	uniqueTries = 5
)

// Task is work to enqueue.
type Task struct {
	Kind string
	// WorkspaceID is whose work it is: with the workspace the task is deleted. Empty means the program's own.
	WorkspaceID string
	// UniqueKey, if not empty, keeps a second task of this kind and workspace out while one with the key is unfinished.
	UniqueKey string
	// Args is what the handler decodes, at most 64 KiB as JSON. Name rows by their ids rather than copying what is personal.
	Args any
	// RunAt is when the task is due; zero means at once.
	RunAt time.Time
	// MaxAttempts is after how many failed attempts the task has failed; 0 means 8.
	MaxAttempts int64
}

// enqueuedKey finds, in the context of a Transaction, where its tasks are noted.
type enqueuedKey struct{}

// Transaction runs fn in a transaction. Once it has committed, the tasks enqueued with tx and due at once wake a worker
// of this process; in inline mode their first attempt is over when Transaction returns, however it ended.
func (q *Queue) Transaction(ctx context.Context, fn func(tx *gorm.DB) error) error {
	var due []string
	err := q.options.DB.WithContext(context.WithValue(ctx, enqueuedKey{}, &due)).Transaction(fn)
	if err != nil || len(due) == 0 {
		return err
	}
	if q.options.Inline {
		q.runInline(ctx, due)
		return nil
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// Enqueue stores a task in the transaction tx and returns its id, or the id of the unfinished task that holds its unique
// key already, and whether it is new. In a transaction other than q.Transaction's it waits for the next poll.
func (q *Queue) Enqueue(tx *gorm.DB, t Task) (id string, created bool, err error) {
	row, err := q.newRow(t)
	if err != nil {
		return "", false, err
	}
	if err := q.checkRoom(tx, row.WorkspaceID); err != nil {
		return "", false, err
	}
	if id, created, err = insert(tx, row); err != nil {
		return "", false, models.StorageError(err)
	}
	if due, ok := tx.Statement.Context.Value(enqueuedKey{}).(*[]string); ok && created && !row.RunAt.After(q.options.Now()) {
		*due = append(*due, id)
	}
	return id, created, nil
}

// insert stores a task, unless another one holds its unique key, and returns the id of the one that does then.
func insert(tx *gorm.DB, row models.Task) (id string, created bool, err error) {
	for range uniqueTries {
		result := tx.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "unique_key"}}, DoNothing: true}).Create(&row)
		if result.Error != nil || result.RowsAffected == 1 {
			return row.ID, true, result.Error
		}
		var holder models.Task
		err := tx.Select("id").Where("unique_key = ?", row.UniqueKey).Take(&holder).Error
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			return holder.ID, false, err
		}
	}
	return "", false, models.NewError(models.KindConflict, "The same work is being started over and over; try again in a moment.")
}

func (q *Queue) newRow(t Task) (models.Task, error) {
	now := q.options.Now()
	row := models.Task{
		Kind: t.Kind, Status: models.TaskQueued, RunAt: t.RunAt.UTC().Truncate(time.Microsecond),
		MaxAttempts: t.MaxAttempts, CreatedAt: now,
	}
	args, err := json.Marshal(t.Args)
	if err != nil {
		return row, models.WrapError(models.KindInternal, "The task could not be stored.", err)
	}
	if t.Kind == "" || len(args) > maxArgs {
		return row, models.NewError(models.KindValidation, "A task needs a kind, and arguments of at most 64 KiB.")
	}
	row.Args.V = args
	if t.RunAt.IsZero() {
		row.RunAt = now
	}
	if t.MaxAttempts <= 0 {
		row.MaxAttempts = defaultMaxAttempts
	}
	if t.WorkspaceID != "" {
		row.WorkspaceID = &t.WorkspaceID
	}
	if t.UniqueKey != "" {
		key := keyOf(t.Kind, t.WorkspaceID, t.UniqueKey)
		row.UniqueKey = &key
	}
	return row, nil
}

func keyOf(kind, workspaceID, uniqueKey string) string {
	return strings.Join([]string{kind, workspaceID, uniqueKey}, "/")
}

// checkRoom refuses a workspace's task while as many wait as may.
func (q *Queue) checkRoom(tx *gorm.DB, workspaceID *string) error {
	if workspaceID == nil {
		return nil
	}
	var waiting int64
	// The state is no parameter, as in all statements here that look for tasks: a plan that Postgres keeps for any state
	// would read the whole table.
	some := tx.Session(&gorm.Session{NewDB: true}).Model(&models.Task{}).Select("id").
		Where("workspace_id = ? AND status = 'queued'", *workspaceID).Limit(q.options.MaxQueued)
	if err := tx.Table("(?) AS waiting", some).Count(&waiting).Error; err != nil {
		return models.StorageError(err)
	}
	if waiting >= int64(q.options.MaxQueued) {
		return models.NewError(models.KindRateLimited, "Too much of this workspace's work is waiting; try again when some is done.")
	}
	return nil
}
