package services

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/schema"

	"resume-matcher/models"
)

const (
	// eraseBatch bounds the rows that one statement deletes, so that a large workspace does not run into the statement timeout.
	eraseBatch = 500
	// eraseTries bounds the repetitions of a deletion that met requests of the same workspace halfway.
	eraseTries = 10
	// maxUnused bounds the workspaces that one call of DeleteUnused looks at.
	maxUnused = 1_000
)

// Erased counts what was deleted with a workspace.
type Erased struct {
	Resumes       int64 `json:"resumes"`
	Jobs          int64 `json:"jobs"`
	Improvements  int64 `json:"improvements"`
	CachedAnswers int64 `json:"cached_answers"`
	Tasks         int64 `json:"tasks"`
	APITokens     int64 `json:"api_tokens"`
}

// Erase deletes a workspace with everything in it, credentials included, in one transaction. The default workspace is
// left empty, as if newly made. Work that is under way for the workspace finds what it needs gone and fails with
// KindNotFound or KindConflict.
func (w *Workspaces) Erase(ctx context.Context, workspaceID string) (Erased, error) {
	// What was counted before is written, lest it be added to a workspace that is empty.
	if err := w.usage.Flush(ctx); err != nil {
		return Erased{}, err
	}
	rows, err := w.erase(ctx, workspaceID, func(tx *gorm.DB) *gorm.DB {
		return tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate})
	})
	if err != nil {
		return Erased{}, err
	}
	// The workspace is gone whether this succeeds or not: what the log keeps is overwritten by what is written next.
	_, _ = models.EmptyLog(ctx, w.db)
	return Erased{
		Resumes: rows[models.Resume{}.TableName()], Jobs: rows[models.Job{}.TableName()],
		Improvements: rows[models.Improvement{}.TableName()], CachedAnswers: rows[models.LLMCache{}.TableName()],
		Tasks: rows[models.Task{}.TableName()], APITokens: rows[models.APIToken{}.TableName()],
	}, nil
}

// DeleteUnused erases workspaces that were last used before a time, those unused for longest first, and returns how many.
// It looks at up to limit of them, at most 1,000, each in a transaction of its own, and passes over the default workspace
// and those that are just being used or deleted.
func (w *Workspaces) DeleteUnused(ctx context.Context, before time.Time, limit int) (deleted int, err error) {
	var ids []string
	err = longestUnused(w.db.WithContext(ctx), before, limit).Pluck("id", &ids).Error
	if err != nil {
		return 0, storeError(err, nil)
	}
	for _, id := range ids {
		_, err := w.erase(ctx, id, func(tx *gorm.DB) *gorm.DB {
			return unused(tx, before).Clauses(clause.Locking{
				Strength: clause.LockingStrengthUpdate, Options: clause.LockingOptionsSkipLocked,
			})
		})
		if known, ok := errors.AsType[*models.Error](err); ok && known.Kind == models.KindNotFound {
			continue // it was used meanwhile, or another replica deletes it
		}
		if err != nil {
			return deleted, err
		}
		deleted++
	}
	if deleted > 0 {
		_, _ = models.EmptyLog(ctx, w.db)
	}
	return deleted, nil
}

func longestUnused(tx *gorm.DB, before time.Time, limit int) *gorm.DB {
	return unused(tx, before).Order("last_used_at").Limit(min(max(limit, 0), maxUnused))
}

// unused finds workspaces by the time of their last use, which is exact to a minute.
func unused(tx *gorm.DB, before time.Time) *gorm.DB {
	return tx.Model(&models.Workspace{}).Where("last_used_at < ? AND id <> ?", before, models.DefaultWorkspaceID)
}

// erase deletes the workspace if claim finds and locks it, and returns how many rows went by table. Whoever locks rows of
// the workspace before they need the workspace itself can meet it halfway: the database then ends one of the two, and the
// next try locks in their order.
func (w *Workspaces) erase(ctx context.Context, workspaceID string, claim func(*gorm.DB) *gorm.DB) (map[string]int64, error) {
	for try := 1; ; try++ {
		rows := map[string]int64{}
		err := w.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
			if try > 1 {
				if err := lockOwned(tx, workspaceID); err != nil {
					return err
				}
			}
			var row models.Workspace
			if err := claim(tx).Where("id = ?", workspaceID).Take(&row).Error; err != nil {
				return err
			}
			if err := deleteOwned(tx, workspaceID, rows); err != nil {
				return err
			}
			return w.endWorkspace(tx, workspaceID)
		})
		if err == nil {
			return rows, nil
		}
		if try == eraseTries || !models.Clashed(err) {
			return nil, storeError(err, workspaceNotFound())
		}
	}
}

// lockOwned locks the rows of the workspace that are there, parents first, as requests do. SQLite needs no row locks: its
// transactions hold the whole file from their beginning.
func lockOwned(tx *gorm.DB, workspaceID string) error {
	if models.Dialect(tx.Name()) != models.Postgres {
		return nil
	}
	for _, model := range models.All() {
		parsed, err := parseModel(tx, model)
		if err != nil {
			return err
		}
		if parsed.LookUpField("workspace_id") == nil {
			continue
		}
		if err := tx.Exec("SELECT 1 FROM "+parsed.Table+" WHERE workspace_id = ? FOR UPDATE", workspaceID).Error; err != nil {
			return err
		}
	}
	return nil
}

// endWorkspace deletes the row of an empty workspace. That of the default one is set back instead: a request that waits
// for its lock to add a row would take a new one of the same id for none.
func (w *Workspaces) endWorkspace(tx *gorm.DB, workspaceID string) error {
	if workspaceID == models.DefaultWorkspaceID {
		row := w.local()
		return tx.Save(&row).Error
	}
	return tx.Where("id = ?", workspaceID).Delete(&models.Workspace{}).Error
}

// deleteOwned deletes the workspace's rows, children first, and counts them by table. Tables that name no workspace hold
// details of those that do and follow them by their foreign keys.
func deleteOwned(tx *gorm.DB, workspaceID string, rows map[string]int64) error {
	all := models.All()
	slices.Reverse(all)
	for _, model := range all {
		parsed, err := parseModel(tx, model)
		if err != nil {
			return err
		}
		if parsed.LookUpField("workspace_id") == nil {
			continue
		}
		statement := deleteBatch(parsed)
		for {
			result := tx.Exec(statement, workspaceID, eraseBatch)
			if result.Error != nil {
				return result.Error
			}
			rows[parsed.Table] += result.RowsAffected
			if result.RowsAffected < eraseBatch {
				break
			}
		}
	}
	return nil
}

// deleteBatch deletes some rows of a workspace from the table of a model; neither database takes a LIMIT in a DELETE.
func deleteBatch(model *schema.Schema) string {
	key := strings.Join(model.PrimaryFieldDBNames, ", ")
	return "DELETE FROM " + model.Table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + model.Table +
		" WHERE workspace_id = ? LIMIT ?)"
}

func parseModel(db *gorm.DB, model any) (*schema.Schema, error) {
	statement := gorm.Statement{DB: db}
	err := statement.Parse(model)
	return statement.Schema, err
}
