package services

import (
	"context"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"resume-matcher/models"
	"resume-matcher/services/documents"
	"resume-matcher/services/structure"
)

// Resumes stores résumés and their structure.
type Resumes struct {
	db        *gorm.DB
	extractor *documents.Extractor
	parser    *structure.Parser
	cache     *Cache
	now       func() time.Time
}

// Uploaded is the answer to an upload; Duplicate means the content was there already and its résumé is reused.
type Uploaded struct {
	ResumeID  string
	Status    models.ProcessingStatus
	IsMaster  bool
	Duplicate bool
}

// Upload extracts, structures and stores a file, or finds the résumé that holds the same content.
//
// Errors are those of documents.Extract, and RESUME_VALIDATION_FAILED for text without any content.
func (r *Resumes) Upload(ctx context.Context, workspaceID, filename string, data []byte) (Uploaded, error) {
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
	return out, storeError(err, nil)
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

// saveStructure writes the structure found in a résumé over any earlier one.
func (r *Resumes) saveStructure(tx *gorm.DB, workspaceID, resumeID string, data models.ResumeData, sources []models.Source) error {
	row := models.ProcessedResume{
		WorkspaceID: workspaceID, ResumeID: resumeID,
		Data: models.JSON[models.ResumeData]{V: data}, Sources: models.JSON[[]models.Source]{V: sources},
		StructureVersion: structure.Version, ProcessedAt: r.now(),
	}
	return tx.Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "resume_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"data", "sources", "structure_version", "processed_at"}),
	}).Create(&row).Error
}

// Get returns a résumé with its structure; Processed is nil where none was made.
func (r *Resumes) Get(ctx context.Context, workspaceID, id string) (*models.Resume, error) {
	return r.get(r.db.WithContext(ctx), workspaceID, id)
}

func (r *Resumes) get(tx *gorm.DB, workspaceID, id string) (*models.Resume, error) {
	var row models.Resume
	err := tx.Preload("Processed").Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
	if err != nil {
		return nil, storeError(err, resumeNotFound())
	}
	return &row, nil
}

// lock holds a résumé's row until tx ends, so that what is read of it can't change or go before it is written.
// SQLite needs no row locks: its transactions hold the whole file from their beginning.
func (r *Resumes) lock(tx *gorm.DB, workspaceID, id string) error {
	var row models.Resume
	err := tx.Clauses(clause.Locking{Strength: clause.LockingStrengthUpdate}).Select("id").
		Where("id = ? AND workspace_id = ?", id, workspaceID).Take(&row).Error
	return storeError(err, resumeNotFound())
}

// structured returns a résumé that has a structure.
func (r *Resumes) structured(tx *gorm.DB, workspaceID, id string) (*models.Resume, error) {
	row, err := r.get(tx, workspaceID, id)
	if err != nil {
		return nil, err
	}
	if row.Processed == nil && row.ProcessingStatus == models.StatusReady {
		// What is ready has a structure: it was deleted between the two reads.
		return nil, resumeNotFound()
	}
	if row.Processed == nil {
		return nil, models.NewError(models.KindResumeValidation, "The résumé has not been processed. Retry its processing first.")
	}
	return row, nil
}

// Page bounds a listing.
type Page struct{ Limit, Offset int }

// List returns the résumés newest first, without their content; the master only when asked for.
func (r *Resumes) List(ctx context.Context, workspaceID string, includeMaster bool, page Page) ([]models.Resume, error) {
	rows := []models.Resume{}
	query := r.db.WithContext(ctx).Omit("content", "cover_letter", "outreach_message").Where("workspace_id = ?", workspaceID)
	if !includeMaster {
		query = query.Where("is_master = ?", false)
	}
	err := query.Order("created_at DESC, id DESC").Limit(page.Limit).Offset(page.Offset).Find(&rows).Error
	return rows, storeError(err, nil)
}

// Update puts the sections a person edited in place of the stored ones; values they did not touch keep their source.
func (r *Resumes) Update(ctx context.Context, workspaceID, id string, patch models.ResumePatch) (*models.Resume, error) {
	var row *models.Resume
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		if row, err = r.get(tx, workspaceID, id); err != nil {
			return err
		}
		var data models.ResumeData
		if row.Processed != nil {
			data = row.Processed.Data.V
		}
		data = patch.Apply(data)
		structure.Normalize(&data)
		if structure.Empty(data) {
			return models.NewError(models.KindResumeValidation, "The résumé would be empty. Keep at least one value.")
		}
		sources := editedSources(row.Processed, data)
		if err := r.saveStructure(tx, workspaceID, id, data, sources); err != nil {
			return err
		}
		if err := touch(tx, id, r.now(), map[string]any{
			"version": gorm.Expr("version + 1"), "processing_status": models.StatusReady, "processing_error": "",
		}); err != nil {
			return err
		}
		if _, err := r.cache.invalidate(tx, workspaceID, "resume", id); err != nil {
			return err
		}
		row, err = r.get(tx, workspaceID, id)
		return err
	})
	return row, storeError(err, nil)
}

// editedSources keeps the sources of unchanged values and marks all others as the person's own words.
func editedSources(before *models.ProcessedResume, after models.ResumeData) []models.Source {
	type known struct {
		text   string
		source models.Source
	}
	old := map[string]known{}
	if before != nil {
		for _, s := range before.Sources.V {
			old[s.Path] = known{source: s}
		}
		structure.Walk(before.Data.V, func(path, text string) {
			if k, ok := old[path]; ok {
				k.text = text
				old[path] = k
			}
		})
	}
	sources := []models.Source{}
	structure.Walk(after, func(path, text string) {
		if k, ok := old[path]; ok && k.text == text {
			sources = append(sources, k.source)
			return
		}
		sources = append(sources, models.Source{Path: path, Confidence: 1})
	})
	return sources
}

func touch(tx *gorm.DB, id string, now time.Time, columns map[string]any) error {
	columns["updated_at"] = now
	return tx.Model(&models.Resume{}).Where("id = ?", id).UpdateColumns(columns).Error
}

// Rename sets a résumé's title.
func (r *Resumes) Rename(ctx context.Context, workspaceID, id, title string) (*models.Resume, error) {
	var row *models.Resume
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) (err error) {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		if err := touch(tx, id, r.now(), map[string]any{"title": title}); err != nil {
			return err
		}
		row, err = r.get(tx, workspaceID, id)
		return err
	})
	return row, storeError(err, nil)
}

// Delete removes a résumé with everything derived from it.
func (r *Resumes) Delete(ctx context.Context, workspaceID, id string) error {
	err := r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		result := tx.Where("id = ? AND workspace_id = ?", id, workspaceID).Delete(&models.Resume{})
		if result.Error != nil {
			return result.Error
		}
		if result.RowsAffected == 0 {
			return resumeNotFound()
		}
		_, err := r.cache.invalidate(tx, workspaceID, "resume", id)
		return err
	})
	return storeError(err, nil)
}

// Retry structures a résumé again whose processing did not end well; one that is ready stays as it is.
func (r *Resumes) Retry(ctx context.Context, workspaceID, id string) (Uploaded, error) {
	row, err := r.Get(ctx, workspaceID, id)
	if err != nil {
		return Uploaded{}, err
	}
	out := Uploaded{ResumeID: id, Status: row.ProcessingStatus, IsMaster: row.IsMaster}
	if row.ProcessingStatus == models.StatusReady && row.Processed != nil {
		return out, nil
	}
	parsed, err := r.parse(row.Content)
	if err != nil {
		return Uploaded{}, err
	}
	err = r.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if err := r.lock(tx, workspaceID, id); err != nil {
			return err
		}
		if err := r.saveStructure(tx, workspaceID, id, parsed.Data, parsed.Sources); err != nil {
			return err
		}
		return touch(tx, id, r.now(), map[string]any{
			"version": gorm.Expr("version + 1"), "processing_status": models.StatusReady,
			"processing_error": "", "language": parsed.Language,
		})
	})
	out.Status = models.StatusReady
	return out, storeError(err, nil)
}

// JobDescription returns the job a résumé was tailored for.
func (r *Resumes) JobDescription(ctx context.Context, workspaceID, id string) (*models.Job, error) {
	if _, err := r.Get(ctx, workspaceID, id); err != nil {
		return nil, err
	}
	var job models.Job
	err := r.db.WithContext(ctx).
		Joins("JOIN job_resume ON job_resume.job_id = jobs.id AND job_resume.relation = ?", models.RelationTailoredFor).
		Where("job_resume.resume_id = ? AND jobs.workspace_id = ?", id, workspaceID).
		Take(&job).Error
	if err != nil {
		return nil, storeError(err, models.NewError(models.KindJobNotFound, "This résumé was not tailored to a job."))
	}
	return &job, nil
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
