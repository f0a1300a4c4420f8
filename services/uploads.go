package services

import (
	"context"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// Uploaded is the answer to an upload; Duplicate means the content was there already and its résumé is reused.
type Uploaded struct {
	ResumeID  string
	Status    models.ProcessingStatus
	IsMaster  bool
	Duplicate bool
	LLMUsed   bool
	Warnings  []string
}

// Upload extracts, structures and stores a file, or finds the résumé that holds the same content. Where a model is
// used it completes the stored structure; its failure is a warning.
//
// Errors are those of documents.Extract, and RESUME_VALIDATION_FAILED for text without any content.
func (r *Resumes) Upload(ctx context.Context, workspaceID, filename string, data []byte, use ModelUse) (Uploaded, error) {
	fileHash := models.HashFile(data)
	if found, err := r.reuseFile(ctx, workspaceID, fileHash); err != nil || found != nil {
		return deref(found), err
	}
	doc, err := r.extractor.Extract(ctx, data, filename)
	if err != nil {
		return Uploaded{}, err
	}
	parsed, err := r.parse(doc.Markdown)
	if err != nil {
		return Uploaded{}, err
	}
	name := cleanFilename(filename)
	row := models.Resume{
		WorkspaceID: workspaceID, Origin: models.OriginUpload, Filename: name, Title: titleOf(name),
		Content: doc.Markdown, ContentType: doc.ContentType, FileHash: fileHash,
		Language: parsed.Language, ProcessingStatus: models.StatusReady,
	}
	var out Uploaded
	err = r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		out, err = r.insertUpload(tx, &row, parsed)
		return err
	})
	if err != nil || out.Duplicate {
		return out, storeError(err, nil)
	}
	return r.complete(ctx, workspaceID, out, parsed, use)
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

// parse structures a text that is long enough and short enough to be a résumé.
func (r *Resumes) parse(markdown string) (structure.Resume, error) {
	tooLong := models.NewError(models.KindResumeValidation, "The document is too long for a résumé. Upload only the résumé itself.")
	if len(markdown) > maxResumeBytes || strings.Count(markdown, "\n") > maxResumeLines {
		return structure.Resume{}, tooLong
	}
	parsed := r.parser.Resume(markdown)
	switch {
	case structure.Empty(parsed.Data):
		return parsed, models.NewError(models.KindResumeValidation, "The document has no text that could be a résumé.")
	case len(parsed.Sources) > maxResumeValues:
		return parsed, tooLong
	}
	return parsed, nil
}

// reuseFile finds the upload with the same bytes, so that they need not be extracted again.
func (r *Resumes) reuseFile(ctx context.Context, workspaceID, fileHash string) (*Uploaded, error) {
	var rows []models.Resume
	err := r.db.WithContext(ctx).Select("id", "processing_status", "is_master").
		Where("workspace_id = ? AND file_hash = ? AND origin = ?", workspaceID, fileHash, models.OriginUpload).
		Limit(1).Find(&rows).Error
	if err != nil || len(rows) == 0 {
		return nil, storeError(err, nil)
	}
	var out Uploaded
	err = r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		out, err = countReuse(tx, workspaceID, rows[0])
		return err
	})
	return &out, storeError(err, nil)
}

// countReuse notes that an upload's content came again; it becomes the master where that was deleted.
func countReuse(tx *gorm.DB, workspaceID string, row models.Resume) (Uploaded, error) {
	out := Uploaded{ResumeID: row.ID, Status: row.ProcessingStatus, IsMaster: row.IsMaster, Duplicate: true}
	err := tx.Model(&models.Resume{}).Where("id = ?", row.ID).
		UpdateColumn("upload_count", gorm.Expr("upload_count + 1")).Error
	if err == nil && !row.IsMaster {
		out.IsMaster, err = claimMaster(tx, workspaceID, row.ID)
	}
	return out, err
}

// insertUpload stores a new upload, or reuses the row that the unique index says holds its content.
func (r *Resumes) insertUpload(tx *gorm.DB, row *models.Resume, parsed structure.Resume) (Uploaded, error) {
	result := tx.Clauses(clause.OnConflict{
		Columns:     []clause.Column{{Name: "workspace_id"}, {Name: "content_hash"}},
		TargetWhere: clause.Where{Exprs: []clause.Expression{clause.Expr{SQL: "origin = 'upload'"}}},
		DoNothing:   true,
	}).Create(row)
	if result.Error != nil {
		return Uploaded{}, result.Error
	}
	if result.RowsAffected == 0 {
		var held models.Resume
		err := tx.Select("id", "processing_status", "is_master").
			Where("workspace_id = ? AND content_hash = ? AND origin = ?", row.WorkspaceID, row.ContentHash, models.OriginUpload).
			Take(&held).Error
		if err != nil {
			return Uploaded{}, err
		}
		return countReuse(tx, row.WorkspaceID, held)
	}
	if err := r.saveStructure(tx, row.WorkspaceID, row.ID, parsed.Data, parsed.Sources); err != nil {
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
	if name == "" || name == "." || name == "/" {
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
