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

// startLog makes the logger of a process that goes on for long, and tells what it was told in vain.
func startLog(w io.Writer, cfg *config.Config) *slog.Logger {
	log := newLogger(w, cfg.Log)
	slog.SetDefault(log)
	for _, m := range cfg.Misspelled {
		log.Warn("a variable is set that this program does not know; check its spelling", "variable", m.Name, "known", m.Meant)
	}
	return log
}
