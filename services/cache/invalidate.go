package cache

import (
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// Invalidate removes the workspace's answers made from a résumé or job, and returns their keys in order. Answers that
// are being made from it are given to those who wait, and not kept.
func (s *Store) Invalidate(tx *gorm.DB, workspaceID, entityType, entityID string) ([]string, error) {
	// Flights first: one that is just landing is waited for here, and its entry found below.
	flights := tx.Model(&models.LLMFlightIndex{}).Select("cache_key").Where("entity_type = ? AND entity_id = ?", entityType, entityID)
	if err := ground(tx, workspaceID, flights); err != nil {
		return nil, err
	}
	keys := []string{}
	err := tx.Model(&models.LLMCache{}).
		Where("workspace_id = ? AND cache_key IN (?)", workspaceID,
			tx.Model(&models.LLMCacheIndex{}).Select("cache_key").Where("entity_type = ? AND entity_id = ?", entityType, entityID)).
		Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Order("cache_key").Pluck("cache_key", &keys).Error
	if err != nil || len(keys) == 0 {
		return keys, err
	}
	_, err = s.delete(tx, workspaceID, keys)
	return keys, err
}

// Remove deletes the workspace's answers of these keys, and returns how many there were.
func (s *Store) Remove(tx *gorm.DB, workspaceID string, keys []string) (int, error) {
	if len(keys) == 0 {
		return 0, nil
	}
	if err := ground(tx, workspaceID, keys); err != nil {
		return 0, err
	}
	return s.delete(tx, workspaceID, keys)
}

func (s *Store) delete(tx *gorm.DB, workspaceID string, keys []string) (int, error) {
	result := tx.Where("workspace_id = ? AND cache_key IN ?", workspaceID, keys).Delete(&models.LLMCache{})
	return int(result.RowsAffected), result.Error
}

// ground marks flights so that their answers are not kept; they are locked in order, lest two of these meet halfway.
func ground(tx *gorm.DB, workspaceID string, keys any) error {
	var found []string
	err := tx.Model(&models.LLMFlight{}).Where("workspace_id = ? AND cache_key IN (?)", workspaceID, keys).
		Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Order("cache_key").Pluck("cache_key", &found).Error
	if err != nil || len(found) == 0 {
		return err
	}
	return tx.Model(&models.LLMFlight{}).Where("workspace_id = ? AND cache_key IN ?", workspaceID, found).UpdateColumn("stale", true).Error
}
