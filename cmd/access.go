package cmd

import (
	"errors"
	"log/slog"
	"time"

	"gorm.io/gorm"

	"resume-matcher/config"
	"resume-matcher/handlers"
	"resume-matcher/services/access"
)

// newAccess tells how the configured server finds out whose a request is.
func newAccess(cfg *config.Config, db *gorm.DB, log *slog.Logger) (handlers.AccessOptions, error) {
	authenticator, err := access.New(access.Options{
		DB: db, SessionSecrets: cfg.Session.SecretKey.Reveal(), Local: cfg.Open(), Logger: log,
		Provider: access.ProviderOptions{JWKSURL: cfg.Auth.JWKSURL, Issuer: cfg.Auth.Issuer, Audience: cfg.Auth.Audience},
	})
	if err != nil {
		return handlers.AccessOptions{}, &exitError{exitUsage, err}
	}
	return handlers.AccessOptions{
		Authenticator: authenticator, Cookie: handlers.CookieMode(cfg.Session.Cookie),
		LoopbackOnly: cfg.Open() && cfg.Auth.Mode != config.AuthLocal,
	}, nil
}

// checkDoor refuses keys that sign nothing, before the database is touched, and to show one workspace to whoever reaches
// the address.
func checkDoor(cfg *config.Config) error {
	if cfg.Session.SecretKey != "" {
		if _, err := access.NewSessions(cfg.Session.SecretKey.Reveal(), time.Now); err != nil {
			return &exitError{exitUsage, err}
		}
	}
	if !cfg.Open() || cfg.Auth.Mode == config.AuthLocal || cfg.Server.Loopback() {
		return nil
	}
	return &exitError{exitUsage, errors.New("HOST can be reached from other machines, and nothing asks who calls: " +
		"set SESSION_SECRET_KEY (openssl rand -hex 32 makes one) so that everyone has a workspace of their own, " +
		"or AUTH_MODE=local if something else guards the door")}
}
