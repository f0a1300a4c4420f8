// Package skills holds the vocabulary of skills over all fields of work, and finds them in text.
package skills

// Skill is one entry of the vocabulary; every alias stands for it.
type Skill struct {
	// Name is the canonical spelling shown to people, e.g. "Kubernetes".
	Name string
	// Kind is tool, language, framework, platform, method, domain, certificate, soft or natural-language.
	Kind string
	// Field is the field of work it belongs to most, e.g. "software", "nursing", "finance".
	Field string
	// Aliases are the other spellings, in any language.
	Aliases []string
}

// Mention is a skill found in a text, at the byte offsets [Start, End).
type Mention struct {
	Skill      *Skill
	Start, End int
}
