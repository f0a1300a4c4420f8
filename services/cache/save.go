package cache

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// errOutdated ends the saving of an answer that must not be kept; it is an answer all the same.
var errOutdated = errors.New("cache: what the answer is made from has changed")

// links returns the entry's links once each, in the order in which every transaction locks what they name.
func (e Entry) links() []Link {
	links := slices.Clone(e.Links)
	slices.SortFunc(links, func(a, b Link) int {
		return cmp.Or(-cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID), -cmp.Compare(a.Version, b.Version))
	})
	return slices.CompactFunc(links, func(a, b Link) bool { return a.Type == b.Type && a.ID == b.ID })
}

// save stores an answer and gives the lease up, and tells whether the lease is gone. It is no error that an answer
// must not be kept; nor is an error a reason to withhold the answer, which has been paid for.
func (s *Store) save(parent context.Context, l lease, a Answer) (released bool, err error) {
	ttl := int64(l.entry.TTL / time.Second)
	if ttl < 1 {
		return false, nil
	}
	ctx, cancel := bookkeeping(parent)
	defer cancel()
	err = s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := lockSources(tx, l.entry); err != nil {
			return err
		}
		if err := l.land(tx); err != nil {
			return err
		}
		return s.insert(tx, l.entry, a, ttl)
	})
	if errors.Is(err, errOutdated) {
		return false, nil
	}
	return err == nil, err
}

// lockSources holds what the answer is made from until tx ends, so that none of it changes or goes before the links
// to it can be seen. The order, workspace, résumés, jobs, flight, is that of the transactions that change them.
func lockSources(tx *gorm.DB, e Entry) error {
	var ids []string
	err := tx.Model(&models.Workspace{}).Clauses(clause.Locking{Strength: "KEY SHARE"}).Where("id = ?", e.WorkspaceID).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return cmp.Or(err, errOutdated)
	}
	for _, link := range e.links() {
		query := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthShare}).Where("id = ? AND workspace_id = ?", link.ID, e.WorkspaceID)
		switch link.Type {
		case ResumeLink:
			query = query.Model(&models.Resume{})
			if link.Version != 0 {
				query = query.Where("version = ?", link.Version)
			}
		case JobLink:
			query = query.Model(&models.Job{})
		default:
			return errors.New("cache: unknown type of link")
		}
		var found []string
		if err := query.Pluck("id", &found).Error; err != nil || len(found) == 0 {
			return cmp.Or(err, errOutdated)
		}
	}
	return nil
}

// land ends the flight, if it is still this owner's and nothing its answer is made from has changed since it began.
func (l lease) land(tx *gorm.DB) error {
	var stale []bool
	err := tx.Raw("DELETE FROM llm_flights WHERE cache_key = ? AND workspace_id = ? AND owner = ? RETURNING stale",
		l.entry.Key, l.entry.WorkspaceID, l.owner).Scan(&stale).Error
	if err != nil {
		return err
	}
	if len(stale) == 0 || stale[0] {
		return errOutdated
	}
	return nil
}

// insert writes an answer over an expired one.
func (s *Store) insert(tx *gorm.DB, e Entry, a Answer, ttl int64) error {
	row := models.LLMCache{
		CacheKey: e.Key, WorkspaceID: e.WorkspaceID, Kind: e.Kind, Provider: e.Provider, Model: cmp.Or(a.Model, e.Model),
		PromptVersion: e.PromptVersion, Response: a.Response, PromptTokens: a.PromptTokens,
		CompletionTokens: a.CompletionTokens, CreatedAt: s.now(), TTLSeconds: ttl,
	}
	written := tx.Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "cache_key"}},
		DoUpdates: clause.AssignmentColumns([]string{"kind", "provider", "model", "prompt_version", "response",
			"prompt_tokens", "completion_tokens", "created_at", "ttl_seconds"}),
		Where: clause.Where{Exprs: []clause.Expression{gorm.Expr("llm_cache.workspace_id = excluded.workspace_id")}},
	}).Create(&row)
	if written.Error != nil {
		return written.Error
	}
	if written.RowsAffected == 0 {
		return errors.New("cache: the key is another workspace's")
	}
	if err := tx.Where("cache_key = ?", e.Key).Delete(&models.LLMCacheIndex{}).Error; err != nil {
		return err
	}
	links := e.links()
	if len(links) == 0 {
		return nil
	}
	rows := make([]models.LLMCacheIndex, len(links))
	for i, link := range links {
		rows[i] = models.LLMCacheIndex{Key: e.Key, EntityType: link.Type, EntityID: link.ID}
	}
	return tx.Create(&rows).Error
}
