package telemetry

import (
	"errors"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
	"gorm.io/gorm"

	"resume-matcher/models"
)

const (
	beforeStatement = "telemetry:before"
	afterStatement  = "telemetry:after"
	// spanKey finds a statement's span among its settings.
	spanKey = "telemetry:span"
)

// TraceStatements gives each statement of a traced request a span: its kind, its table, the rows it returned and how it
// ended, never its text or values. The wait for a connection is part of it.
func TraceStatements(db *gorm.DB) error {
	c := db.Callback()
	for _, processor := range listOf(c.Create(), c.Query(), c.Update(), c.Delete(), c.Row(), c.Raw()) {
		err := errors.Join(
			processor.Before("*").Register(beforeStatement, beginStatement),
			processor.After("*").Register(afterStatement, endStatement),
		)
		if err != nil {
			return err
		}
	}
	return nil
}

// listOf makes a list of values whose type another package doesn't export.
func listOf[T any](values ...T) []T { return values }

func beginStatement(db *gorm.DB) {
	// Its name is known when GORM has built the statement.
	if _, span := start(db.Statement.Context, "statement", trace.SpanKindClient, nil); span.IsRecording() {
		db.InstanceSet(spanKey, span)
	}
}

func endStatement(db *gorm.DB) {
	value, _ := db.InstanceGet(spanKey)
	span, ok := value.(trace.Span)
	if !ok {
		return
	}
	operation, table := statementKind(db.Statement.SQL.String()), db.Statement.Table
	span.SetName(strings.TrimSpace(operation + " " + table))
	span.SetAttributes(systemName(db), semconv.DBOperationName(operation))
	if table != "" {
		span.SetAttributes(semconv.DBCollectionName(table))
	}
	if operation == "SELECT" && db.RowsAffected >= 0 {
		span.SetAttributes(semconv.DBResponseReturnedRows(int(db.RowsAffected)))
	}
	err := db.Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		err = nil // an answer, and no failure
	}
	End(span, err)
}

// statementKind returns the first word of a statement if it is one of SQL's, else OTHER.
func statementKind(sql string) string {
	word, _, _ := strings.Cut(strings.TrimSpace(sql), " ")
	switch word = strings.ToUpper(word); word {
	case "SELECT", "INSERT", "UPDATE", "DELETE", "WITH":
		return word
	}
	return "OTHER"
}

func systemName(db *gorm.DB) attribute.KeyValue {
	if models.Dialect(db.Name()) == models.Postgres {
		return semconv.DBSystemNamePostgreSQL
	}
	return semconv.DBSystemNameSQLite
}
