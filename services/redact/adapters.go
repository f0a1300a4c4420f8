package redact

import (
	"io"
	"log/slog"
	"time"

	gormlogger "gorm.io/gorm/logger"
)

// GormLogger returns a GORM logger that writes failed statements, and those slower than slow, to l.
//
// Statements are logged with placeholders: their parameters hold people's documents.
func GormLogger(l *slog.Logger, slow time.Duration) gormlogger.Interface {
	return gormlogger.NewSlogLogger(l, gormlogger.Config{
		SlowThreshold:        slow,
		LogLevel:             gormlogger.Warn,
		ParameterizedQueries: true,
		// A lookup that finds nothing is an answer, which its caller reports; as an error it would only be noise.
		IgnoreRecordNotFoundError: true,
	})
}

// Writer returns a writer that logs each write as one record, for packages that print instead of logging, such
// as gin through gin.DefaultWriter.
func Writer(l *slog.Logger, level slog.Level) io.Writer {
	return slog.NewLogLogger(l.Handler(), level).Writer()
}
