// Package structure reads résumés and job postings: Markdown in, structured data out, without a language model.
package structure

import "resume-matcher/models"

// Version names the rules; it changes when the same Markdown can give another structure.
const Version = "1"

// Resume is what was found in a résumé.
type Resume struct {
	Data models.ResumeData
	// Sources has an entry for each value that is not empty, sorted by path.
	Sources []models.Source
	// Language is the ISO 639-1 code of the résumé's main language, "en" where it can't be told.
	Language string
}

// Job is what was found in a posting.
type Job struct {
	Data     models.JobData
	Sources  []models.Source
	Language string
}
