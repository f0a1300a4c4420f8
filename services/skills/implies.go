package skills

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"
)

// pair is a skill a person has and one that is wanted.
type pair struct{ have, want *Skill }

// Implies returns how far having one skill covers another, in [0, 1]: 1 for the skill itself and for what it is
// built on, less for a sibling, 0 for no known relation. It isn't symmetric: PostgreSQL covers SQL, SQL not PostgreSQL.
func (v *Vocabulary) Implies(have, want *Skill) float64 {
	if have == nil || want == nil {
		return 0
	}
	if have == want {
		return 1
	}
	return max(v.implied[pair{have, want}], v.siblings[pair{have, want}])
}

// loadRelations reads lines "have, have > want, want" (1), "have > want = 0.5", and groups "0.6 ~ one, another, third".
func (v *Vocabulary) loadRelations(data fs.FS) error {
	v.implied, v.siblings = map[pair]float64{}, map[pair]float64{}
	direct := map[*Skill][]relation{}
	err := eachLine(data, impliesFile, func(line int, text string) error {
		var err error
		if left, right, ok := strings.Cut(text, "~"); ok {
			err = v.addSiblings(left, right)
		} else if left, right, ok := strings.Cut(text, ">"); ok {
			err = v.addImplied(direct, left, right)
		} else {
			err = fmt.Errorf("want have > want or degree ~ siblings")
		}
		if err != nil {
			return dataError(impliesFile, line, err.Error())
		}
		return nil
	})
	if err != nil {
		return err
	}
	for have := range direct {
		v.close(direct, have, have)
	}
	return nil
}

// relation is one step of implication and its degree in (0, 1].
type relation struct {
	want   *Skill
	degree float64
}

func (v *Vocabulary) addImplied(direct map[*Skill][]relation, left, right string) error {
	haves, err := v.namedAll(left)
	if err != nil {
		return err
	}
	for item := range strings.SplitSeq(right, ",") {
		name, value, ok := strings.Cut(item, "=")
		degree := 1.0
		if ok {
			if degree, err = parseDegree(value); err != nil {
				return err
			}
		}
		want, err := v.named(name)
		if err != nil {
			return err
		}
		for _, have := range haves {
			direct[have] = append(direct[have], relation{want, degree})
		}
	}
	return nil
}

func (v *Vocabulary) addSiblings(left, right string) error {
	degree, err := parseDegree(left)
	if err != nil {
		return err
	}
	group, err := v.namedAll(right)
	if err != nil {
		return err
	}
	for _, a := range group {
		for _, b := range group {
			if a != b {
				v.siblings[pair{a, b}] = max(v.siblings[pair{a, b}], degree)
			}
		}
	}
	return nil
}

// close records all that have covers by way of from. Only full steps lead on, as half of a half says nothing;
// a step that adds nothing is left out, which also ends a cycle.
func (v *Vocabulary) close(direct map[*Skill][]relation, have, from *Skill) {
	for _, r := range direct[from] {
		if r.want == have || r.degree <= v.implied[pair{have, r.want}] {
			continue
		}
		v.implied[pair{have, r.want}] = r.degree
		if r.degree == 1 {
			v.close(direct, have, r.want)
		}
	}
}

func (v *Vocabulary) named(name string) (*Skill, error) {
	name = strings.TrimSpace(name)
	s := v.Lookup(name)
	if s == nil {
		return nil, fmt.Errorf("unknown skill %q", name)
	}
	return s, nil
}

func (v *Vocabulary) namedAll(names string) ([]*Skill, error) {
	var all []*Skill
	for name := range strings.SplitSeq(names, ",") {
		s, err := v.named(name)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

func parseDegree(text string) (float64, error) {
	degree, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || degree <= 0 || degree > 1 {
		return 0, fmt.Errorf("want a degree over 0 and up to 1, got %q", strings.TrimSpace(text))
	}
	return degree, nil
}
