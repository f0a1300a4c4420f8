package facts

import "resume-matcher/models"

// Material is a person's own résumé, indexed for Check; it is read-only and safe for concurrent use.
type Material struct {
	language string
}

// Read indexes the texts of a résumé; language is the ISO 639-1 code of its main language.
func (g *Gate) Read(resume models.ResumeData, language string) *Material {
	return &Material{language: language}
}
