package skills

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"resume-matcher/models"
)

// The files of the data folder that hold no skills.
const (
	hiddenFile  = "not-skills.txt"
	impliesFile = "implies.txt"
)

// rule tells what a spelling needs before it counts as the skill.
type rule uint8

const (
	// ruleCase wants the spelling exactly as listed, and more evidence where any word is capitalized.
	ruleCase rule = 1 << iota
	// ruleContext wants a list, another skill beside it, or a word such as "using" before it.
	ruleContext
	// ruleList wants another related skill beside it.
	ruleList
)

// alias is one spelling of a skill; a nil skill marks a phrase that hides the skills within it.
type alias struct {
	skill *Skill
	text  string
	rules rule
}

// entry is one line of a data file.
type entry struct {
	skill   *Skill
	aliases []alias
	file    string
	line    int
}

func kinds() []string {
	return []string{"tool", "language", "framework", "platform", "method", "domain", "certificate", "soft", "natural-language"}
}

func dataError(file string, line int, problem string) error {
	return models.WrapError(models.KindInternal, "The skill vocabulary can't be read; build the program anew.",
		fmt.Errorf("%s:%d: %s", file, line, problem))
}

// eachLine calls do with every line that is neither empty nor a comment.
func eachLine(data fs.FS, file string, do func(line int, text string) error) error {
	content, err := fs.ReadFile(data, file)
	if err != nil {
		return dataError(file, 0, err.Error())
	}
	number := 0
	for text := range strings.Lines(string(content)) {
		number++
		text = strings.TrimSpace(text)
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		if err := do(number, text); err != nil {
			return err
		}
	}
	return nil
}

// parseFields reads every file of skills; the file's name is the field of work.
func parseFields(data fs.FS) ([]entry, error) {
	files, err := fs.Glob(data, "*.txt")
	if err != nil {
		return nil, dataError("*.txt", 0, err.Error())
	}
	var entries []entry
	for _, file := range files {
		if file == hiddenFile || file == impliesFile {
			continue
		}
		field := strings.TrimSuffix(path.Base(file), ".txt")
		err := eachLine(data, file, func(line int, text string) error {
			e, err := parseSkill(field, text)
			if err != nil {
				return dataError(file, line, err.Error())
			}
			e.file, e.line = file, line
			entries = append(entries, e)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func parseHidden(data fs.FS) ([]entry, error) {
	var entries []entry
	err := eachLine(data, hiddenFile, func(line int, text string) error {
		entries = append(entries, entry{aliases: []alias{{text: text}}, file: hiddenFile, line: line})
		return nil
	})
	return entries, err
}

// parseSkill reads "Name [rules] | kind | alias, alias [rules] | common=percent"; the last two parts may be left out.
func parseSkill(field, text string) (entry, error) {
	parts := strings.Split(text, "|")
	if len(parts) < 2 || len(parts) > 4 {
		return entry{}, fmt.Errorf("want name | kind | aliases | options, got %d parts", len(parts))
	}
	name, err := parseAlias(parts[0])
	if err != nil {
		return entry{}, err
	}
	skill := &Skill{Name: name.text, Kind: strings.TrimSpace(parts[1]), Field: field}
	if !slices.Contains(kinds(), skill.Kind) {
		return entry{}, fmt.Errorf("unknown kind %q", skill.Kind)
	}
	name.skill = skill
	e := entry{skill: skill, aliases: []alias{name}}
	if len(parts) > 2 && strings.TrimSpace(parts[2]) != "" {
		for spelling := range strings.SplitSeq(parts[2], ",") {
			a, err := parseAlias(spelling)
			if err != nil {
				return entry{}, err
			}
			a.skill = skill
			skill.Aliases = append(skill.Aliases, a.text)
			e.aliases = append(e.aliases, a)
		}
	}
	if len(parts) > 3 {
		value, ok := strings.CutPrefix(strings.TrimSpace(parts[3]), "common=")
		skill.common, err = strconv.ParseFloat(value, 64)
		if !ok || err != nil || skill.common <= 0 || skill.common > 100 {
			return entry{}, fmt.Errorf("want common=percent, got %q", parts[3])
		}
	}
	return e, nil
}

func parseAlias(text string) (alias, error) {
	text = strings.TrimSpace(text)
	var a alias
	if body, ok := strings.CutSuffix(text, "]"); ok {
		spelling, rules, ok := strings.Cut(body, "[")
		if !ok {
			return a, fmt.Errorf("%q closes a bracket it never opens", text)
		}
		for _, r := range strings.Fields(rules) {
			switch r {
			case "case":
				a.rules |= ruleCase
			case "context":
				a.rules |= ruleContext
			case "list":
				a.rules |= ruleList
			default:
				return a, fmt.Errorf("unknown rule %q", r)
			}
		}
		text = strings.TrimSpace(spelling)
	}
	if text == "" {
		return a, fmt.Errorf("empty name or alias")
	}
	a.text = text
	return a, nil
}
