package llm

import (
	"regexp"
	"strings"

	"resume-matcher/models"
)

// linkFinder finds addresses of the web: with a scheme or www, of profiles, and known ones in any form.
type linkFinder struct {
	known func(string) []interval
}

const (
	shortestLink  = 4
	longestScheme = len("https://www.@")
)

// linkEnds end sentences more often than addresses.
const linkEnds = ".,;:!?'*_’"

const linkRest = `[^\s<>|"(){}\[\]\\«»“”]`

var (
	linkPattern = regexp.MustCompile(`(?i)\b(?:(?:https?|ftp)://|www\.)` + linkRest + `+` +
		`|\b(?:[a-z0-9-]+\.)*(?:linkedin\.com|lnkd\.in|xing\.com|github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|stackoverflow\.com|medium\.com|behance\.net|dribbble\.com|kaggle\.com|twitter\.com|x\.com|instagram\.com|facebook\.com|youtube\.com|t\.me|wa\.me|orcid\.org|researchgate\.net|huggingface\.co|linktr\.ee)/` + linkRest + `+` +
		`|\b[a-z0-9-]+\.(?:github|gitlab)\.io\b(?:/` + linkRest + `*)?`)
	scheme    = regexp.MustCompile(`(?i)^(?:[a-z]+://)?(?:www\.)?`)
	linkStart = regexp.MustCompile(`(?i)(?:[a-z]+://)?(?:www\.)?@?$`)
	linkPath  = regexp.MustCompile(`^/` + linkRest + `*`)
)

func newLinkFinder(info models.PersonalInfo, names nameFinder, texts []string) linkFinder {
	links := []string{info.LinkedIn, info.GitHub, info.Website}
	for _, text := range texts {
		for _, at := range inLines(text, mayHoldLink, linkPattern) {
			links = append(links, strings.TrimRight(text[at.start:at.end], linkEnds))
		}
	}
	var forms []string
	for _, link := range links[:min(len(links), maxKnown)] {
		bare := strings.TrimRight(scheme.ReplaceAllString(strings.TrimSpace(link), ""), "/")
		if len(bare) >= shortestLink && strings.ContainsAny(bare, "./") {
			forms = append(forms, bare)
		}
	}
	for _, profile := range []string{info.LinkedIn, info.GitHub} {
		if handle := handleOf(profile); isPersonalHandle(handle, names) {
			forms = append(forms, handle)
		}
	}
	return linkFinder{known: literalFinder(forms...)}
}

// handleOf returns the name of an account in the address of a profile.
func handleOf(profile string) string {
	profile = strings.TrimRight(strings.TrimSpace(profile), "/")
	return strings.TrimPrefix(profile[strings.LastIndexByte(profile, '/')+1:], "@")
}

// isPersonalHandle tells a handle that names a person from one that may be an ordinary word.
func isPersonalHandle(handle string, names nameFinder) bool {
	if len(handle) < 5 || strings.ContainsAny(handle, ". ") {
		return false
	}
	if strings.ContainsAny(handle, "-_0123456789") {
		return true
	}
	for word := range names.strong {
		if strings.Contains(fold(handle), word) {
			return true
		}
	}
	return false
}

func (f linkFinder) find(text string) []interval {
	found := inLines(text, mayHoldLink, linkPattern)
	for _, at := range f.known(text) {
		before := linkStart.FindString(text[max(0, at.start-longestScheme):at.start])
		at.start -= len(before)
		at.end += len(linkPath.FindString(text[at.end:]))
		found = append(found, at)
	}
	for i := range found {
		link := text[found[i].start:found[i].end]
		found[i].end = found[i].start + len(strings.TrimRight(link, linkEnds))
	}
	return found
}

func mayHoldLink(line string) bool {
	line = lowered(line)
	return strings.Contains(line, "/") || strings.Contains(line, "www.") || strings.Contains(line, ".io")
}
