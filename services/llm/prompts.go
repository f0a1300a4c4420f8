package llm

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"resume-matcher/models"
)

//go:embed prompts/*.md
var promptFiles embed.FS

// The kinds of prompts.
const (
	KindStructureResume = "structure_resume"
	KindStructureJob    = "structure_job"
	KindTailor          = "tailor"
	KindCoverLetter     = "cover_letter"
	KindOutreach        = "outreach"
)

// The strategies of TailorPrompt.Strategy, from the fewest changes to the most.
const (
	StrategyNudge    = "nudge"
	StrategyKeywords = "keywords"
	StrategyFull     = "full"
)

// Prompt is a conversation that asks for an answer of Schema.
type Prompt struct {
	Kind string
	// Version changes with every edit of the prompt's file, so that no answer to another wording is served from a cache.
	Version         string
	Messages        []Message
	Schema          *Schema
	MaxOutputTokens int
	// Items names the one list of the answer whose wrong items may be left out; empty where the answer counts as a whole.
	Items string
}

// TailorPrompt is what a tailoring is about. Missing are terms of the posting the résumé doesn't show; Language is an
// ISO 639-1 code, empty for the résumé's own language.
type TailorPrompt struct {
	Strategy string
	Resume   models.ResumeData
	Job      models.JobData
	JobText  string
	Missing  []string
	Language string
}

// LetterPrompt is what a letter is about; Language is as in TailorPrompt.
type LetterPrompt struct {
	Resume   models.ResumeData
	Job      models.JobData
	JobText  string
	Language string
}

// Prompts are the parsed prompt files with the schemas of their answers. They are safe for concurrent use.
type Prompts struct {
	files map[string]promptFile
}

// promptFile is one file: a header with its version, then the text of the system and of the user message.
type promptFile struct {
	version      string
	system, user *template.Template
	schema       *Schema
}

// promptData is what the files' templates may use; all but Strategy and Language is fenced.
type promptData struct {
	Strategy     string
	Language     string
	Resume       string
	Posting      string
	Requirements string
	Missing      string
}

// LoadPrompts reads the embedded prompt files. An error is a mistake in this package.
func LoadPrompts() (*Prompts, error) {
	schemas := []struct {
		kind string
		make func(string) (*Schema, error)
	}{
		{KindStructureResume, SchemaOf[ResumeAnswer]},
		{KindStructureJob, SchemaOf[JobAnswer]},
		{KindTailor, SchemaOf[TailoringAnswer]},
		{KindCoverLetter, SchemaOf[LetterAnswer]},
		{KindOutreach, SchemaOf[LetterAnswer]},
	}
	p := &Prompts{files: make(map[string]promptFile, len(schemas))}
	for _, s := range schemas {
		source, err := promptFiles.ReadFile("prompts/" + s.kind + ".md")
		if err != nil {
			return nil, fmt.Errorf("prompt %s: %w", s.kind, err)
		}
		file, err := parsePrompt(s.kind, string(source))
		if err != nil {
			return nil, fmt.Errorf("prompt %s: %w", s.kind, err)
		}
		if file.schema, err = s.make(s.kind); err != nil {
			return nil, err
		}
		p.files[s.kind] = file
	}
	return p, nil
}

var promptLayout = regexp.MustCompile(`(?s)^---\nversion: (\d+)\n---\n+# System\n+(.+)\n# User\n+(.+)$`)

// parsePrompt also runs both templates once: they hold nothing whose failure depends on the data.
func parsePrompt(name, source string) (promptFile, error) {
	parts := promptLayout.FindStringSubmatch(source)
	if parts == nil {
		return promptFile{}, fmt.Errorf("the file is not a header with a version and the sections System and User")
	}
	sum := sha256.Sum256([]byte(source))
	f := promptFile{version: parts[1] + "-" + hex.EncodeToString(sum[:6])}
	var err error
	if f.system, err = template.New(name).Parse(strings.TrimSpace(parts[2])); err != nil {
		return promptFile{}, err
	}
	if f.user, err = template.New(name).Parse(strings.TrimSpace(parts[3])); err != nil {
		return promptFile{}, err
	}
	for _, t := range []*template.Template{f.system, f.user} {
		if _, err := render(t, promptData{}); err != nil {
			return promptFile{}, err
		}
	}
	return f, nil
}

func render(t *template.Template, data promptData) (string, error) {
	var out strings.Builder
	if err := t.Execute(&out, data); err != nil {
		return "", err
	}
	return out.String(), nil
}

func (p *Prompts) prompt(kind string, data promptData) Prompt {
	f := p.files[kind]
	system, _ := render(f.system, data) // parsePrompt has shown that they can't fail
	user, _ := render(f.user, data)
	return Prompt{
		Kind: kind, Version: f.version, Schema: f.schema,
		Messages: []Message{{Role: System, Text: system}, {Role: User, Text: user}},
	}
}

// StructureResume asks for the ResumeAnswer of a résumé in Markdown.
func (p *Prompts) StructureResume(markdown string) Prompt {
	return p.prompt(KindStructureResume, promptData{Resume: fences(document{"resume", markdown, maxResumeBytes})[0]})
}

// StructureJob asks for the JobAnswer of a posting.
func (p *Prompts) StructureJob(text string) Prompt {
	return p.prompt(KindStructureJob, promptData{Posting: fences(document{"posting", text, maxPostingBytes})[0]})
}

// Tailor asks for the TailoringAnswer of a résumé and a posting; an unknown strategy is nudge.
func (p *Prompts) Tailor(in TailorPrompt) Prompt {
	if in.Strategy != StrategyKeywords && in.Strategy != StrategyFull {
		in.Strategy = StrategyNudge
	}
	fenced := fences(append(materials(in.Resume, isTailored, in.Job, in.JobText),
		document{"missing", strings.Join(in.Missing, "\n"), maxPostingBytes})...)
	data := promptData{
		Strategy: in.Strategy, Language: languageCode(in.Language),
		Resume: fenced[0], Requirements: fenced[1], Posting: fenced[2],
	}
	if len(in.Missing) > 0 {
		data.Missing = fenced[3]
	}
	prompt := p.prompt(KindTailor, data)
	prompt.Items = "changes"
	return prompt
}

// CoverLetter asks for the LetterAnswer of a cover letter.
func (p *Prompts) CoverLetter(in LetterPrompt) Prompt { return p.letter(KindCoverLetter, in) }

// Outreach asks for the LetterAnswer of a short message to someone at the employer.
func (p *Prompts) Outreach(in LetterPrompt) Prompt { return p.letter(KindOutreach, in) }

func (p *Prompts) letter(kind string, in LetterPrompt) Prompt {
	fenced := fences(materials(in.Resume, isForLetters, in.Job, in.JobText)...)
	return p.prompt(kind, promptData{
		Language: languageCode(in.Language), Resume: fenced[0], Requirements: fenced[1], Posting: fenced[2],
	})
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(?:-[A-Za-z]{2,4})?$`)

// languageCode lets nothing but a language code into the instructions.
func languageCode(code string) string {
	if !languageTag.MatchString(code) {
		return ""
	}
	return code
}
