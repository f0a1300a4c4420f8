package tailoring

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/matching"
)

const (
	// maxExamples is how many matched requirements a letter shows, maxBriefExamples an outreach message.
	maxExamples      = 4
	maxBriefExamples = 2
	// maxListed bounds the skills named in one sentence, maxQuoteRunes a quoted point in characters.
	maxListed     = 6
	maxQuoteRunes = 240
	// maxBriefWords is the length of an outreach message.
	maxBriefWords = 120
)

// LetterInput is a résumé, a posting, how well they match, and the ISO 639-1 code of the language to write in: English,
// German, French or Spanish, English for any other.
type LetterInput struct {
	Resume   models.ResumeData
	Job      models.JobData
	Match    matching.Result
	Language string
}

// CoverLetter writes a letter from the person's own words: beside its fixed sentences it holds only values of the
// résumé, quoted as they are, and the posting's position and employer. It shows up to four of the matched requirements,
// the strongest ones; without any it is short. The same input gives the same letter.
func (t *Tailor) CoverLetter(in LetterInput) string {
	l := newLetter(in)
	say := l.say
	paragraphs := []string{say.greeting, l.interest()}
	if examples := l.sentences(l.examples(maxExamples)); len(examples) > 0 {
		paragraphs = append(append(paragraphs, say.lead), examples...)
		paragraphs = append(paragraphs, say.closing)
	} else {
		paragraphs = append(paragraphs, say.nothing+" "+say.closing)
	}
	return join(append(paragraphs, l.signature()))
}

// Outreach writes a message of at most 120 words in the same way, with up to two examples.
func (t *Tailor) Outreach(in LetterInput) string {
	l := newLetter(in)
	for n := maxBriefExamples; n >= 0; n-- {
		if text := l.brief(l.interest(), l.examples(n)); len(strings.Fields(text)) <= maxBriefWords {
			return text
		}
	}
	l.name = ""
	return l.brief(l.say.applyOnly, nil)
}

func (l *letter) brief(interest string, examples []example) string {
	body := append([]string{interest}, l.sentences(examples)...)
	return join([]string{l.say.hello, strings.Join(append(body, l.say.brief), " "), l.signature()})
}

func join(paragraphs []string) string { return strings.Join(paragraphs, "\n\n") }

// letter is what a letter is written from.
type letter struct {
	say                      letterPhrases
	resume                   models.ResumeData
	doc                      *document
	match                    matching.Result
	name, position, employer string
}

func newLetter(in LetterInput) *letter {
	l := &letter{
		say: letterPhrasesFor(in.Language), resume: clone(in.Resume), match: in.Match, name: shortened(in.Resume.PersonalInfo.Name),
		position: shortened(in.Job.JobTitle), employer: shortened(in.Job.CompanyProfile.Name),
	}
	l.doc = open(&l.resume)
	return l
}

// fill puts values, given as name, value pairs, into a sentence's braces; the sentence's full stop goes where a value ends
// in one, as "Inc." does.
func fill(sentence string, pairs ...string) string {
	for i := 0; i+1 < len(pairs); i += 2 {
		if strings.HasSuffix(pairs[i+1], ".") {
			sentence = strings.ReplaceAll(sentence, pairs[i]+".", pairs[i])
		}
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}

// interest is the sentence that names what the posting names.
func (l *letter) interest() string {
	sentence := l.say.applyOnly
	switch {
	case l.position != "" && l.employer != "":
		sentence = l.say.apply
	case l.position != "":
		sentence = l.say.applyPosition
	case l.employer != "":
		sentence = l.say.applyEmployer
	}
	return fill(sentence, "{position}", l.position, "{employer}", l.employer)
}

func (l *letter) signature() string {
	if l.name == "" {
		return strings.TrimRight(l.say.regards, ",")
	}
	return l.say.regards + "\n" + l.name
}

// evidenceKind is the kind of sentence a piece of evidence takes; letters tell them in this order.
type evidenceKind int

const (
	fromPosition evidenceKind = iota
	fromTitle
	fromProject
	fromEducation
	fromCertificates
	fromText
	fromSkills
	fromLanguages
	fromSummary
)

// example is evidence of the résumé for a matched requirement. Entries of a list are one example together.
type example struct {
	kind   evidenceKind
	entry  int
	field  string
	quotes []string
}

// entryPath takes the path of a field of an entry apart.
var entryPath = regexp.MustCompile(`^(workExperience|education|personalProjects)\[(\d+)\]\.(\w+)`)

func exampleAt(e models.Evidence) example {
	ex := example{kind: fromText, quotes: []string{quotable(e.Quote)}}
	if m := entryPath.FindStringSubmatch(e.Path); m != nil {
		ex.entry, _ = strconv.Atoi(m[2])
		ex.field = m[3]
	}
	switch {
	case strings.HasPrefix(e.Path, "workExperience") && ex.field == "title":
		ex.kind = fromTitle
	case strings.HasPrefix(e.Path, "workExperience"):
		ex.kind = fromPosition
	case strings.HasPrefix(e.Path, "personalProjects"):
		ex.kind = fromProject
	case strings.HasPrefix(e.Path, "education") && ex.field == "degree":
		ex.kind = fromEducation
	case e.Path == "summary":
		ex.kind = fromSummary
	case strings.HasPrefix(e.Path, "additional.technicalSkills"):
		ex.kind = fromSkills
	case strings.HasPrefix(e.Path, "additional.languages"):
		ex.kind = fromLanguages
	case strings.HasPrefix(e.Path, "additional.certificationsTraining"):
		ex.kind = fromCertificates
	}
	return ex
}

// listed tells whether evidence of the kind stands in one sentence together.
func (k evidenceKind) listed() bool {
	return k == fromSkills || k == fromLanguages || k == fromCertificates
}

// ofSameTitle tells whether one of the two is a position's title and the other one comes from that position, so that
// the title would be told twice.
func (ex example) ofSameTitle(other example) bool {
	return ex.entry == other.entry && (ex.kind == fromTitle && other.kind <= fromTitle || other.kind == fromTitle && ex.kind == fromPosition)
}

// examples returns the evidence of the n strongest matched requirements, in the order they are told.
func (l *letter) examples(n int) []example {
	var chosen []example
	for _, e := range l.strongest() {
		ex := exampleAt(e)
		if i := slices.IndexFunc(chosen, func(c example) bool { return c.kind == ex.kind && c.kind.listed() }); i >= 0 {
			if len(chosen[i].quotes) < maxListed {
				chosen[i].quotes = append(chosen[i].quotes, ex.quotes...)
			}
			continue
		}
		if at := slices.IndexFunc(chosen, ex.ofSameTitle); at >= 0 {
			if chosen[at].kind == fromTitle {
				chosen[at] = ex
			}
			continue
		}
		if len(chosen) < n {
			chosen = append(chosen, ex)
		}
	}
	slices.SortStableFunc(chosen, func(a, b example) int { return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.entry, b.entry)) })
	return chosen
}

// strongest returns the evidence of the matched requirements, required ones first, then by how much of what weight is
// met. Each quote comes once, and only if the résumé holds it.
func (l *letter) strongest() []models.Evidence {
	var matched []matching.Coverage
	for _, c := range l.match.Coverage {
		if c.Matched && c.Evidence != nil && l.holds(*c.Evidence) {
			matched = append(matched, c)
		}
	}
	slices.SortStableFunc(matched, func(a, b matching.Coverage) int {
		if a.Required != b.Required {
			if a.Required {
				return -1
			}
			return 1
		}
		return cmp.Compare(b.Weight*b.Degree, a.Weight*a.Degree)
	})
	var list []models.Evidence
	seen := map[string]bool{}
	for _, c := range matched {
		if quote := quotable(c.Evidence.Quote); !seen[quote] {
			seen[quote] = true
			list = append(list, *c.Evidence)
		}
	}
	return list
}

func (l *letter) holds(e models.Evidence) bool {
	value, ok := l.doc.value(e.Path)
	return ok && strings.ContainsFunc(e.Quote, unicode.IsLetter) && strings.Contains(value, e.Quote)
}

// quotable returns a quote on one line, cut at a word if it is long.
func quotable(text string) string {
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(text) <= maxQuoteRunes {
		return text
	}
	cut := string([]rune(text)[:maxQuoteRunes])
	if at := strings.LastIndexByte(cut, ' '); at > 0 {
		cut = cut[:at]
	}
	return strings.TrimRight(cut, ",;: ") + "…"
}

// sentences tells the examples, each with the position, project or school it comes from.
func (l *letter) sentences(examples []example) []string {
	var list []string
	told := 0
	for i, ex := range examples {
		switch {
		case ex.kind == fromPosition && i > 0 && examples[i-1].kind == fromPosition && examples[i-1].entry == ex.entry:
			list = append(list, fill(l.say.same, "{quote}", l.quoted(ex.quotes[0])))
			told++
		case ex.kind == fromPosition || ex.kind == fromProject:
			sentence := l.say.examples[min(told, len(l.say.examples)-1)]
			list = append(list, fill(sentence, "{role}", l.role(ex), "{quote}", l.quoted(ex.quotes[0])))
			told++
		default:
			list = append(list, l.statement(ex))
		}
	}
	return list
}

// role begins a sentence about a bullet with the names of its entry.
func (l *letter) role(ex example) string {
	if ex.kind == fromProject {
		if name := shortened(l.resume.PersonalProjects[ex.entry].Name); name != "" {
			return fill(l.say.project, "{title}", name)
		}
		return l.say.roleNone
	}
	e := l.resume.WorkExperience[ex.entry]
	title, company := shortened(e.Title), shortened(e.Company)
	sentence := l.say.roleNone
	switch {
	case title != "" && company != "":
		sentence = l.say.role
	case title != "":
		sentence = l.say.roleTitle
	case company != "":
		sentence = l.say.roleCompany
	}
	return fill(sentence, "{title}", title, "{company}", company)
}

// statement is a sentence about evidence that is no bullet.
func (l *letter) statement(ex example) string {
	say := l.say
	switch ex.kind {
	case fromTitle:
		return atPlace(say.held, say.heldTitle, ex.quotes[0], shortened(l.resume.WorkExperience[ex.entry].Company))
	case fromEducation:
		return atPlace(say.degree, say.degreeOnly, ex.quotes[0], shortened(l.resume.Education[ex.entry].Institution))
	case fromCertificates:
		return fill(say.certificate, "{list}", l.listed(ex.quotes))
	case fromSkills:
		return fill(say.skills, "{list}", l.listed(ex.quotes))
	case fromLanguages:
		return fill(say.languages, "{list}", l.listed(ex.quotes))
	}
	if ex.kind == fromSummary {
		return fill(say.short, "{quote}", l.quoted(ex.quotes[0]))
	}
	return fill(say.says, "{quote}", l.quoted(ex.quotes[0]))
}

func atPlace(both, alone, title, company string) string {
	if company == "" {
		return fill(alone, "{title}", title)
	}
	return fill(both, "{title}", title, "{company}", company)
}

// quoted puts a quote into the language's marks, with a full stop behind it unless it ends a sentence itself.
func (l *letter) quoted(text string) string {
	stop := "."
	if last, _ := utf8.DecodeLastRuneInString(text); strings.ContainsRune(".!?…", last) {
		stop = ""
	}
	return l.say.open + text + l.say.close + stop
}

// listed joins names as a sentence does; each without the stop it may end with.
func (l *letter) listed(names []string) string {
	trimmed := make([]string, len(names))
	for i, name := range names {
		trimmed[i] = strings.TrimRight(name, ".;, ")
	}
	last := len(trimmed) - 1
	if last == 0 {
		return trimmed[0]
	}
	return strings.Join(trimmed[:last], ", ") + l.say.and + trimmed[last]
}
