package cache

import (
	"context"
	"errors"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

// Do returns the entry's answer: from the cache if it has a fresh one, else from work, of which one runs at a time for
// each key, whoever asks for it in whatever process. All who wait get its answer or its error.
//
// onText, if not nil, hears what the model says while it says it, from the beginning, in the goroutine of the caller,
// as long as the work runs in this process; an answer that comes from elsewhere is not heard. Work ends early when no
// caller waits any more. A failure is shared by those who wait when it happens: who asks later gets another call.
func (s *Store) Do(ctx context.Context, e Entry, onText func(string), work Work) (Result, error) {
	answer, found, err := s.lookup(ctx, e)
	if err != nil {
		return Result{}, err
	}
	if found == Hit {
		s.count(e.WorkspaceID, e.Kind, Hit)
		return Result{Answer: answer, Outcome: Hit}, nil
	}
	f, founder := s.join(ctx, e)
	defer s.leave(f)
	if founder {
		s.flying.Go(func() { s.fly(f, e, found, work) })
	}
	if err := f.listen(ctx, onText); err != nil {
		return Result{}, err
	}
	if f.err != nil {
		return Result{}, f.err
	}
	result := f.result
	if !founder {
		result.Outcome = Shared
	}
	if result.Outcome == Shared {
		s.count(e.WorkspaceID, e.Kind, Shared)
	}
	return result, nil
}

// lookup returns the workspace's answer for the key and Hit, or why there is none: Miss or Expired.
func (s *Store) lookup(ctx context.Context, e Entry) (Answer, Outcome, error) {
	var row models.LLMCache
	err := s.db.WithContext(ctx).
		Select("response", "model", "prompt_tokens", "completion_tokens", "created_at", "ttl_seconds").
		Where("cache_key = ? AND workspace_id = ?", e.Key, e.WorkspaceID).Take(&row).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return Answer{}, Miss, nil
	case err != nil:
		return Answer{}, "", models.StorageError(err)
	case !row.CreatedAt.Add(time.Duration(row.TTLSeconds) * time.Second).After(s.now()):
		return Answer{}, Expired, nil
	}
	return Answer{
		Response: row.Response, Model: row.Model,
		PromptTokens: row.PromptTokens, CompletionTokens: row.CompletionTokens,
	}, Hit, nil
}
