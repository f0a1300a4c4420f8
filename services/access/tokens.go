package access

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
)

// TokenPrefix begins every API token, so that people and secret scanners recognise one.
const TokenPrefix = "rm_"

const (
	tokenBytes    = 32
	maxNameLength = 100
	// useInterval is how often the last use of a token or workspace is written.
	useInterval = time.Minute
)

// Tokens manages API tokens.
type Tokens struct {
	db  *gorm.DB
	now func() time.Time
}

// TokenRequest describes an API token to make.
type TokenRequest struct {
	// WorkspaceID is the workspace it acts in; the default one is made if it is not there.
	WorkspaceID string
	// Name tells people what the token is for, in 1 to 100 characters.
	Name  string
	Scope models.TokenScope
	// Lifetime is how long it is good for; 0 means until it is revoked.
	Lifetime time.Duration
}

// NewTokens manages the tokens of a database.
func NewTokens(db *gorm.DB, now func() time.Time) *Tokens {
	return &Tokens{db: db, now: databaseClock(now)}
}

// Create makes a token and returns it, this once, with its row.
func (t *Tokens) Create(ctx context.Context, r TokenRequest) (token string, row models.APIToken, err error) {
	if err := r.validate(); err != nil {
		return "", row, err
	}
	secret := make([]byte, tokenBytes)
	rand.Read(secret)
	token = TokenPrefix + base64.RawURLEncoding.EncodeToString(secret)
	row = models.APIToken{
		WorkspaceID: r.WorkspaceID, Name: strings.TrimSpace(r.Name), Hash: models.HashContent(token), Scope: r.Scope, CreatedAt: t.now(),
	}
	if r.Lifetime > 0 {
		expires := row.CreatedAt.Add(r.Lifetime)
		row.ExpiresAt = &expires
	}
	err = t.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if r.WorkspaceID == models.DefaultWorkspaceID {
			local := models.Workspace{
				ID: models.DefaultWorkspaceID, Name: models.DefaultWorkspaceName, CreatedAt: row.CreatedAt, LastUsedAt: row.CreatedAt,
			}
			if err := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&local).Error; err != nil {
				return err
			}
		}
		return tx.Create(&row).Error
	})
	if errors.Is(err, gorm.ErrForeignKeyViolated) {
		err = models.WrapError(models.KindNotFound, "There is no workspace with this id.", err)
	}
	if err != nil {
		return "", models.APIToken{}, models.StorageError(err)
	}
	return token, row, nil
}

func (r TokenRequest) validate() error {
	name := strings.TrimSpace(r.Name)
	printable := strings.IndexFunc(name, func(c rune) bool { return !unicode.IsPrint(c) }) < 0
	if n := utf8.RuneCountInString(name); n == 0 || n > maxNameLength || !utf8.ValidString(name) || !printable {
		return models.NewError(models.KindValidation, fmt.Sprintf("Name the token in 1 to %d printable characters.", maxNameLength))
	}
	switch r.Scope {
	case models.ScopeRead, models.ScopeWrite, models.ScopeAdmin:
	default:
		return models.NewError(models.KindValidation, "The scope of a token must be read, write or admin.")
	}
	if r.Lifetime < 0 {
		return models.NewError(models.KindValidation, "A token can't expire before it is made.")
	}
	return nil
}

// List returns the tokens of a workspace, or of all of them for an empty id, newest first.
func (t *Tokens) List(ctx context.Context, workspaceID string) ([]models.APIToken, error) {
	query := t.db.WithContext(ctx).Order("created_at DESC, id DESC")
	if workspaceID != "" {
		query = query.Where("workspace_id = ?", workspaceID)
	}
	rows := []models.APIToken{}
	err := query.Find(&rows).Error
	return rows, models.StorageError(err)
}

// Revoke ends a token for good; one that is revoked keeps its date.
func (t *Tokens) Revoke(ctx context.Context, id string) error {
	result := t.db.WithContext(ctx).Model(&models.APIToken{}).Where("id = ?", id).
		Update("revoked_at", gorm.Expr("COALESCE(revoked_at, ?)", t.now()))
	if result.Error == nil && result.RowsAffected == 0 {
		return models.NewError(models.KindNotFound, "There is no token with this id. List them with: resume-matcher token list")
	}
	return models.StorageError(result.Error)
}

// Verify returns the row of a token that is in force, or KindUnauthorized. It is found by its hash, so the time this takes
// tells nothing about the token.
func (t *Tokens) Verify(ctx context.Context, token string) (models.APIToken, error) {
	if !wellFormed(token) {
		return models.APIToken{}, errInvalid()
	}
	var row models.APIToken
	err := t.db.WithContext(ctx).Where("hash = ?", models.HashContent(token)).Take(&row).Error
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound):
		return models.APIToken{}, errInvalid()
	case err != nil:
		return models.APIToken{}, models.StorageError(err)
	case row.RevokedAt != nil:
		return models.APIToken{}, models.NewError(models.KindUnauthorized, "This token was revoked. Ask the server's operator for another one.")
	case row.ExpiresAt != nil && !row.ExpiresAt.After(t.now()):
		return models.APIToken{}, errExpired()
	}
	return row, nil
}

// wellFormed spares the database what can't be a token.
func wellFormed(token string) bool {
	encoded, ok := strings.CutPrefix(token, TokenPrefix)
	if !ok || len(encoded) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(encoded)
	return err == nil
}

// noteUse writes when a token was last used, unless it was written within the last minute, here or by another replica.
func (t *Tokens) noteUse(ctx context.Context, row models.APIToken) error {
	now := t.now()
	before := now.Add(-useInterval)
	if row.LastUsedAt != nil && row.LastUsedAt.After(before) {
		return nil
	}
	return t.db.WithContext(ctx).Model(&models.APIToken{}).
		Where("id = ? AND (last_used_at IS NULL OR last_used_at <= ?)", row.ID, before).
		Update("last_used_at", now).Error
}
