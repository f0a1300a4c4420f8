package tasks

import (
	"errors"

	"gorm.io/gorm"

	"resume-matcher/models"
)

// FailureHandler stores what it means for a task's data that there will be no further attempt; reason is what Get shows.
// Its writes and the task's end are one transaction, so that no data waits for a task that has ended.
type FailureHandler = func(tx *gorm.DB, j *Job, reason *models.Error) error

// HandleFailure names what is stored when a task of a kind has failed for good, that of one whose workers died included.
func (q *Queue) HandleFailure(kind string, store FailureHandler) { q.failures[kind] = store }

// end stores how an attempt ended in the row that mine finds, and tells whether there still was one.
func (j *Job) end(db *gorm.DB, mine func(*gorm.DB) *gorm.DB, changes map[string]any) (held bool, err error) {
	store := j.queue.failures[j.Kind]
	if changes["status"] != models.TaskFailed || store == nil {
		result := mine(db).UpdateColumns(changes)
		return result.RowsAffected == 1, result.Error
	}
	kind, _ := changes["last_error_kind"].(models.Kind)
	message, _ := changes["last_error"].(string)
	err = db.Transaction(func(tx *gorm.DB) error {
		// As in Finish, the task's row comes last.
		if err := store(tx, j, models.NewError(kind, message)); err != nil {
			return err
		}
		result := mine(tx).UpdateColumns(changes)
		if result.Error == nil && result.RowsAffected == 0 {
			return errLeaseLost
		}
		return result.Error
	})
	if errors.Is(err, errLeaseLost) {
		return false, nil
	}
	return err == nil, err
}
