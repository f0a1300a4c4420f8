package services

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gorm.io/gorm"

	"resume-matcher/models"
)

const (
	// exportVersion changes when a reader of an older export could misread a newer one.
	exportVersion = 1
	// exportTimeout bounds an export: a database keeps what a snapshot shows for as long as someone reads it.
	exportTimeout = 5 * time.Minute
	// exportBuffer is what is written at a time. Whatever fails before it is full fails before the first byte.
	exportBuffer = 64 << 10
	// maxExports at a time leave connections of the pool to everyone else, however slow their readers are.
	maxExports = 2
)

// WorkspaceExport is the shape of an export: everything a person has. Uploaded files are not stored, only the
// text that was read from them.
type WorkspaceExport struct {
	Version       int                   `json:"version" doc:"1."`
	ExportedAt    time.Time             `json:"exported_at"`
	Workspace     models.Workspace      `json:"workspace"`
	APITokens     []models.APIToken     `json:"api_tokens" doc:"Without the tokens themselves, which are not stored."`
	Identities    []ExportedIdentity    `json:"identities"`
	Resumes       []ExportedResume      `json:"resumes"`
	Jobs          []ExportedJob         `json:"jobs"`
	JobResumes    []ExportedJobResume   `json:"job_resumes"`
	Improvements  []ExportedImprovement `json:"improvements" doc:"What was tailored: saved results, and previews until they expire."`
	CachedAnswers []ExportedAnswer      `json:"cached_answers"`
	Usage         []ExportedUsage       `json:"usage"`
	Tasks         []ExportedTask        `json:"tasks"`
}

// Export writes all that a workspace holds as one WorkspaceExport in JSON, as it was at one moment, row by row. When it
// fails after the first byte the document has no end. It takes five minutes at most, the reader's slowness included.
func (w *Workspaces) Export(ctx context.Context, workspaceID string, to io.Writer) error {
	end, err := w.beginExport(workspaceID)
	if err != nil {
		return err
	}
	defer end()
	if err := w.usage.Flush(ctx); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, exportTimeout)
	defer cancel()
	snapshot := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	err = w.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if models.Dialect(tx.Name()) == models.Postgres {
			// A statement lasts for as long as its rows are read.
			if err := tx.Exec(fmt.Sprintf("SET LOCAL statement_timeout = %d", exportTimeout.Milliseconds())).Error; err != nil {
				return err
			}
		}
		e := export{tx: tx, workspaceID: workspaceID, to: bufio.NewWriterSize(to, exportBuffer)}
		return e.write(w.now())
	}, snapshot)
	return storeError(err, workspaceNotFound())
}

// beginExport fails while others of the same workspace, or too many, go on.
func (w *Workspaces) beginExport(workspaceID string) (end func(), err error) {
	w.exporting.Lock()
	defer w.exporting.Unlock()
	if w.exports[workspaceID] || len(w.exports) >= maxExports {
		return nil, models.NewError(models.KindUnavailable, "Another export is being written. Try again when it is done.")
	}
	if w.exports == nil {
		w.exports = map[string]bool{}
	}
	w.exports[workspaceID] = true
	return func() {
		w.exporting.Lock()
		defer w.exporting.Unlock()
		delete(w.exports, workspaceID)
	}, nil
}

// export writes one document.
type export struct {
	tx          *gorm.DB
	workspaceID string
	to          *bufio.Writer
}

func (e *export) write(now time.Time) error {
	var workspace models.Workspace
	if err := e.tx.Where("id = ?", e.workspaceID).Take(&workspace).Error; err != nil {
		return err
	}
	if err := e.begin(now, workspace); err != nil {
		return err
	}
	for _, list := range []func() error{
		func() error { return exportList(e, "api_tokens", "created_at", asStored[models.APIToken]) },
		func() error { return exportList(e, "identities", "created_at", exportIdentity) },
		func() error { return exportList(e, "resumes", "resumes.created_at", exportResume, "Processed") },
		func() error { return exportList(e, "jobs", "jobs.created_at", exportJob, "Processed") },
		func() error { return exportList(e, "job_resumes", "", exportJobResume) },
		func() error { return exportList(e, "improvements", "", exportImprovement) },
		func() error { return exportList(e, "cached_answers", "", exportAnswer) },
		func() error { return exportList(e, "usage", "day, kind, provider, model", exportUsage) },
		func() error { return exportList(e, "tasks", "", exportTask) },
	} {
		if err := list(); err != nil {
			return err
		}
	}
	if _, err := e.to.WriteString("}\n"); err != nil {
		return err
	}
	return e.to.Flush()
}

func (e *export) begin(now time.Time, workspace models.Workspace) error {
	row, err := json.Marshal(workspace)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(e.to, `{"version":%d,"exported_at":%q,"workspace":%s`, exportVersion, now.UTC().Format(time.RFC3339Nano), row)
	return err
}

// exportList writes the workspace's rows of one table, with those of the tables that have one row for each of them. Only
// an index gives them an order: sorting would take memory, or a temporary file, for all of them.
func exportList[Row, Out any](e *export, name, order string, shape func(Row) Out, joined ...string) error {
	table, err := parseModel(e.tx, new(Row))
	if err != nil {
		return err
	}
	query := e.tx.Model(new(Row)).Where(table.Table+".workspace_id = ?", e.workspaceID)
	if order != "" {
		query = query.Order(order)
	}
	for _, relation := range joined {
		query = query.Joins(relation)
	}
	rows, err := query.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if _, err := fmt.Fprintf(e.to, ",%q:[", name); err != nil {
		return err
	}
	for separator := ""; rows.Next(); separator = "," {
		var row Row
		if err := e.tx.ScanRows(rows, &row); err != nil {
			return err
		}
		item, err := json.Marshal(shape(row))
		if err != nil {
			return err
		}
		if _, err := e.to.WriteString(separator + string(item)); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return e.to.WriteByte(']')
}

func asStored[Row any](row Row) Row { return row }
