package cmd

import (
	"io"
	"log/slog"

	"resume-matcher/config"
	"resume-matcher/services/redact"
)

// newLogger makes the process's logger; personal data is masked whatever is logged, by whomever.
func newLogger(w io.Writer, cfg config.Log) *slog.Logger {
	options := &slog.HandlerOptions{Level: cfg.Level}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if cfg.Format == "json" {
		handler = slog.NewJSONHandler(w, options)
	}
	return slog.New(redact.NewHandler(handler))
}
