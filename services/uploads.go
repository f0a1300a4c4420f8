package services

import (
	"context"
	"errors"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// Processing says how a résumé's text is structured.
type Processing struct {
	Model ModelUse
	// Defer leaves it to a task, so that nobody waits for it.
	Defer bool
}

// Uploaded is the answer to an upload; Duplicate means the content was there already and its résumé is reused.
type Uploaded struct {
	ResumeID  string
	Status    models.ProcessingStatus
	IsMaster  bool
	Duplicate bool
	// LLMUsed and Warnings tell of what was done for this answer, hence nothing of deferred work.
	LLMUsed  bool
	Warnings []string
}

// uploadTries bounds how often an upload meets a résumé that is deleted at the same moment.
const uploadTries = 3

// Upload extracts, structures and stores a file, or finds the résumé that holds the same content. Where a model is
// used it completes the stored structure; its failure is a warning. Of the same file uploaded many times at once the
// text is extracted once.
//
// Errors are those of documents.Extract, and RESUME_VALIDATION_FAILED for text without any content. A deferred upload
// fails for the text's length only: what else is wrong with it becomes the résumé's processing error.
func (r *Resumes) Upload(ctx context.Context, workspaceID, filename string, data []byte, how Processing) (out Uploaded, err error) {
	defer func() { r.model.observe.uploaded(out, err) }()
	fileHash := models.HashFile(data)
	for range uploadTries {
		var held string
		if held, err = r.findFile(ctx, workspaceID, fileHash); err != nil {
			return Uploaded{}, err
		}
		if held != "" {
			out, err = r.reuse(ctx, workspaceID, held, how)
		} else {
			out, err = r.store(ctx, workspaceID, filename, fileHash, data, how)
		}
		if !errors.Is(err, gorm.ErrRecordNotFound) {
			break
		}
	}
	if err != nil {
		return Uploaded{}, storeError(err, nil)
	}
	return out, nil
}

// store reads a file, together with those who upload it too, and stores what it holds.
func (r *Resumes) store(ctx context.Context, workspaceID, filename, fileHash string, data []byte, how Processing) (Uploaded, error) {
	read, leave := r.read(ctx, workspaceID, filename, fileHash, data)
	defer leave()
	if err := read.wait(ctx); err != nil {
		return Uploaded{}, err
	}
	if read.held != "" {
		return r.reuse(ctx, workspaceID, read.held, how)
	}
	name := cleanFilename(filename)
	row := models.Resume{
		WorkspaceID: workspaceID, Origin: models.OriginUpload, Filename: name, Title: titleOf(name),
		Content: read.doc.Markdown, ContentType: read.doc.ContentType, FileHash: fileHash,
	}
	if how.Defer {
		return r.storeDeferred(ctx, &row, how)
	}
	parsed, err := read.parse()
	if err != nil {
		return Uploaded{}, err
	}
	row.Language, row.ProcessingStatus = parsed.Language, models.StatusReady
	var out Uploaded
	err = r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		out, err = insertUpload(tx, &row, func() error {
			return r.saveStructure(tx, workspaceID, row.ID, parsed.Data, parsed.Sources)
		})
		return err
	})
	switch {
	case err != nil:
		return out, err
	case out.Duplicate:
		return r.again(ctx, workspaceID, out, how)
	}
	return r.complete(ctx, workspaceID, out, parsed, how.Model)
}

// complete lets the model, where it is used, read what was just stored.
func (r *Resumes) complete(ctx context.Context, workspaceID string, out Uploaded, parsed structure.Resume, use ModelUse) (Uploaded, error) {
	wanted, err := r.model.wanted(use)
	if err != nil || !wanted {
		return out, err
	}
	used, warning, err := r.refine(ctx, workspaceID, out.ResumeID, parsed)
	if warning != "" {
		out.Warnings = append(out.Warnings, warning)
	}
	out.LLMUsed = used
	return out, err
}

// What one résumé may hold. A CV of thirty dense pages stays below; each value costs memory in every answer.
const (
	maxResumeBytes  = 200 << 10
	maxResumeLines  = 5_000
	maxResumeValues = 5_000
)

var errTooLong = models.NewError(models.KindResumeValidation, "The document is too long for a résumé. Upload only the résumé itself.")

// checkLength refuses what is too long to be a résumé.
func checkLength(markdown string) error {
	if len(markdown) > maxResumeBytes || strings.Count(markdown, "\n") > maxResumeLines {
		return errTooLong
	}
	return nil
}

// parse structures a text that is long enough and short enough to be a résumé.
func (r *Resumes) parse(markdown string) (structure.Resume, error) {
	if err := checkLength(markdown); err != nil {
		return structure.Resume{}, err
	}
	parsed := r.parser.Resume(markdown)
	switch {
	case structure.Empty(parsed.Data):
		return parsed, models.NewError(models.KindResumeValidation, "The document has no text that could be a résumé.")
	case len(parsed.Sources) > maxResumeValues:
		return parsed, errTooLong
	}
	return parsed, nil
}

// findFile returns the id of the upload with the same bytes, so that they need not be extracted again; empty if there is none.
func (r *Resumes) findFile(ctx context.Context, workspaceID, fileHash string) (string, error) {
	var ids []string
	err := r.db.WithContext(ctx).Model(&models.Resume{}).
		Where("workspace_id = ? AND file_hash = ? AND origin = ?", workspaceID, fileHash, models.OriginUpload).
		Limit(1).Pluck("id", &ids).Error
	if err != nil || len(ids) == 0 {
		return "", storeError(err, nil)
	}
	return ids[0], nil
}

// reuse counts that an upload's content came again. It fails with gorm.ErrRecordNotFound if it was deleted.
func (r *Resumes) reuse(ctx context.Context, workspaceID, id string, how Processing) (Uploaded, error) {
	var out Uploaded
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		out, err = countReuse(tx, workspaceID, "id = ?", id)
		return err
	})
	if err != nil {
		return out, err
	}
	return r.again(ctx, workspaceID, out, how)
}

// again processes a duplicate whose processing failed.
func (r *Resumes) again(ctx context.Context, workspaceID string, out Uploaded, how Processing) (Uploaded, error) {
	if out.Status != models.StatusFailed {
		return out, nil
	}
	out, err := r.Retry(ctx, workspaceID, out.ResumeID, how)
	out.Duplicate = true
	return out, err
}

// countReuse notes that the content of the upload that a condition names came again; it becomes the master where that was deleted.
func countReuse(tx *gorm.DB, workspaceID, condition, value string) (Uploaded, error) {
	var row models.Resume
	result := tx.Model(&row).Clauses(clause.Returning{Columns: []clause.Column{{Name: "id"}, {Name: "processing_status"}, {Name: "is_master"}}}).
		Where("workspace_id = ? AND origin = ?", workspaceID, models.OriginUpload).Where(condition, value).
		UpdateColumn("upload_count", gorm.Expr("upload_count + 1"))
	if result.Error == nil && result.RowsAffected == 0 {
		result.Error = gorm.ErrRecordNotFound
	}
	if result.Error != nil {
		return Uploaded{}, result.Error
	}
	out := Uploaded{ResumeID: row.ID, Status: row.ProcessingStatus, IsMaster: row.IsMaster, Duplicate: true}
	if row.IsMaster {
		return out, nil
	}
	var err error
	out.IsMaster, err = claimMaster(tx, workspaceID, row.ID)
	return out, err
}

// insertUpload stores a new upload and what belongs to it, or reuses the row that the unique index says holds its content.
func insertUpload(tx *gorm.DB, row *models.Resume, belongings func() error) (Uploaded, error) {
	result := tx.Clauses(clause.OnConflict{
		Columns:     []clause.Column{{Name: "workspace_id"}, {Name: "content_hash"}},
		TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "origin = 'upload'"}}},
		DoNothing:   true,
	}).Create(row)
	if result.Error != nil {
		return Uploaded{}, result.Error
	}
	if result.RowsAffected == 0 {
		return countReuse(tx, row.WorkspaceID, "content_hash = ?", row.ContentHash)
	}
	if err := belongings(); err != nil {
		return Uploaded{}, err
	}
	isMaster, err := claimMaster(tx, row.WorkspaceID, row.ID)
	return Uploaded{ResumeID: row.ID, Status: row.ProcessingStatus, IsMaster: isMaster}, err
}

// claimMaster makes the résumé its workspace's master if there is none; the partial unique index decides a race.
func claimMaster(tx *gorm.DB, workspaceID, id string) (bool, error) {
	var claimed bool
	// The savepoint keeps the upload when another one becomes master at the same moment.
	err := tx.Transaction(func(tx *gorm.DB) error {
		result := tx.Model(&models.Resume{}).
			Where("id = ? AND NOT EXISTS (SELECT 1 FROM resumes AS other WHERE other.workspace_id = ? AND other.is_master)", id, workspaceID).
			UpdateColumn("is_master", true)
		claimed = result.RowsAffected == 1
		return result.Error
	})
	if isDuplicate(err) {
		return false, nil
	}
	return claimed, err
}

const maxFilename = 255

// cleanFilename keeps the last element of an uploaded name, without control characters, in at most 255 bytes.
func cleanFilename(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, name)
	for len(name) > maxFilename {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" || name == "." || name == ".." || name == "/" {
		return "resume"
	}
	return name
}

func titleOf(filename string) string {
	if title := strings.TrimSuffix(filename, path.Ext(filename)); title != "" {
		return title
	}
	return filename
}
