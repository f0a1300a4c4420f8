package matching

import (
	"cmp"
	"slices"

	"resume-matcher/services/skills"
)

// Shares of the score. Required and preferred qualifications are one pool, in which a preferred one weighs
// preferredFactor of a required one; a part the posting says nothing about leaves its share to the others.
const (
	shareQualifications = 0.60
	shareTasks          = 0.12
	shareTitle          = 0.14
	shareText           = 0.10
	shareYears          = 0.04
	preferredFactor     = 0.3
	// taskEnough is the degree at which a task counts as fully met: tasks and bullets seldom share all words.
	taskEnough = 0.5
	// saturation is k1 of BM25.
	saturation = 0.25
)

// Match compares a prepared résumé with a prepared posting.
func (m *Matcher) Match(r *Resume, j *Job) Result {
	c := &comparison{
		matcher: m, resume: r, job: j, sameLanguage: r.language == j.language,
		found: make(map[*skills.Skill]support, len(j.keywords)), scratch: make([]float64, len(r.units)),
	}
	for _, t := range r.titles {
		c.titleLike = max(c.titleLike, j.title.likeness(t))
	}
	c.countYears()
	result := Result{FormulaVersion: FormulaVersion, Coverage: []Coverage{}, Missing: []MissingItem{}}
	pool, missing := c.qualifications(&result)
	c.tasks(&result.Breakdown)
	if j.title.text != "" {
		result.Breakdown.Title = percent(c.titleLike)
	}
	result.Breakdown.TextSimilarity = c.textSimilarity()
	if j.minYears > 0 {
		result.Breakdown.ExperienceYears = percent(c.yearsDegree(c.relevant, j.minYears))
	}
	c.countKeywords(&result.Counts)
	result.Missing = missing
	result.Score = c.score(pool, result.Breakdown)
	return result
}

// tally is a weighted mean in the making.
type tally struct{ got, weight float64 }

func (t *tally) add(weight, degree float64) {
	t.got += float64(weight * degree)
	t.weight += weight
}

func (t tally) mean() float64 {
	if t.weight == 0 {
		return 0
	}
	return round4(min(t.got/t.weight, 1))
}

// pools are the qualifications together, and those that only people of the trade have.
type pools struct{ all, special tally }

// qualifications judges every demand and fills coverage, counts and what is missing.
func (c *comparison) qualifications(result *Result) (pools, []MissingItem) {
	var p pools
	var required, preferred tally
	var missing []MissingItem
	for _, q := range c.job.demands {
		j := c.judge(q)
		factor := preferredFactor
		if q.required {
			factor = 1
			required.add(j.weight, j.degree)
			count(&result.Counts.RequiredTotal, &result.Counts.RequiredMatched, j.degree)
		} else {
			preferred.add(j.weight, j.degree)
			count(&result.Counts.PreferredTotal, &result.Counts.PreferredMatched, j.degree)
		}
		p.all.add(float64(factor*j.weight), j.degree)
		for i, part := range q.parts {
			switch {
			case !part.generic():
				p.special.add(float64(factor*part.weight), j.degrees[i])
				fallthrough
			case part.kind != partTerm && part.kind != partYears:
				if part.label != "" && j.degrees[i] < missingDegree {
					missing = addMissing(missing, MissingItem{part.label, q.required, float64(factor * part.weight)})
				}
			}
		}
		result.Coverage = append(result.Coverage, c.describe(q, j))
	}
	if required.weight > 0 {
		result.Breakdown.RequiredSkills = percent(required.mean())
	}
	if preferred.weight > 0 {
		result.Breakdown.PreferredSkills = percent(preferred.mean())
	}
	return p, sortMissing(missing, p.all.weight)
}

func count(total, matched *int, degree float64) {
	*total++
	if degree >= matchedDegree {
		*matched++
	}
}

// addMissing keeps the weightiest demand for a skill.
func addMissing(items []MissingItem, item MissingItem) []MissingItem {
	for i := range items {
		if items[i].Skill == item.Skill {
			items[i].Weight = max(items[i].Weight, item.Weight)
			items[i].Required = items[i].Required || item.Required
			return items
		}
	}
	return append(items, item)
}

// sortMissing orders by weight and turns the weights into shares of the whole.
func sortMissing(items []MissingItem, total float64) []MissingItem {
	slices.SortStableFunc(items, func(a, b MissingItem) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Skill, b.Skill))
	})
	for i := range items {
		if total > 0 {
			items[i].Weight = round4(min(items[i].Weight/total, 1))
		}
	}
	if items == nil {
		return []MissingItem{}
	}
	return items
}

// tasks judges the responsibilities.
func (c *comparison) tasks(b *Breakdown) {
	var t tally
	for _, q := range c.job.tasks {
		j := c.judge(q)
		t.add(j.weight, min(j.degree/taskEnough, 1))
	}
	if t.weight > 0 {
		b.Responsibility = percent(t.mean())
	}
}

// textSimilarity is BM25 (Robertson and Zaragoza, 2009) of the posting's skills and key words over the résumé, as a
// share of its highest value. There is no length normalisation (b = 0), so that a longer résumé never loses; the fixed
// idf is 0 for stop words and filler, 1 for other words and 1 + 2·rarity for skills.
func (c *comparison) textSimilarity() *float64 {
	var t tally
	for _, s := range c.job.keywords {
		weight := 1 + float64(2*c.matcher.weight(s))
		found := float64(c.skillSupport(s).degree * saturated(1))
		if i, ok := c.resume.heldIndex[s]; ok {
			found = max(found, float64(strengthListed*saturated(len(c.resume.held[i].units))))
		}
		t.add(weight, found)
	}
	termWeight := 1.0
	if !c.sameLanguage {
		termWeight = foreignTerm
	}
	for _, stem := range c.job.keyStems {
		t.add(termWeight, saturated(len(c.resume.termUnits[stem])))
	}
	if t.weight == 0 {
		return nil
	}
	return percent(t.mean())
}

func saturated(n int) float64 {
	return float64(n) / (float64(n) + saturation)
}

// relevantTitle and relevantSkills tell from when a position counts as work like the posting's.
const (
	relevantTitle  = 0.5
	relevantSkills = 2
)

// countYears sums the positions like the posting's, and all positions; what the résumé claims counts if any is like it.
func (c *comparison) countYears() {
	var all, like []span
	for i := range c.resume.positions {
		p := &c.resume.positions[i]
		all = append(all, p.period)
		if c.job.title.likeness(p.title) >= relevantTitle || c.sharedSkills(p) >= relevantSkills {
			like = append(like, p.period)
		}
	}
	c.total, c.relevant = unionYears(all), unionYears(like)
	if len(like) > 0 || c.titleLike >= relevantTitle {
		c.relevant = max(c.relevant, c.resume.statedYears)
	}
	c.total = max(c.total, c.resume.statedYears)
}

func (c *comparison) sharedSkills(p *position) int {
	n := 0
	for s := range c.job.wanted {
		if p.skills[s] {
			n++
		}
	}
	return n
}

func (c *comparison) countKeywords(n *Counts) {
	n.KeywordsTotal = len(c.job.keywords)
	for _, s := range c.job.keywords {
		if c.skillSupport(s).degree >= missingDegree {
			n.KeywordsMatched++
		}
	}
}

// score joins the parts and calibrates the sum.
func (c *comparison) score(p pools, b Breakdown) float64 {
	var t tally
	if p.all.weight > 0 {
		t.add(shareQualifications, p.all.mean())
	}
	for _, part := range []struct {
		value *float64
		share float64
	}{{b.Responsibility, shareTasks}, {b.Title, shareTitle}, {b.TextSimilarity, shareText}, {b.ExperienceYears, shareYears}} {
		if part.value != nil {
			t.add(part.share, round4(*part.value/100))
		}
	}
	return calibrate(float64(t.mean() * c.trade(p)))
}

// trade is how far the two belong to one trade, from floor to 1. Schooling, languages and soft skills are shared
// across trades; without the trade's own skills, or a like title, they count for little.
func (c *comparison) trade(p pools) float64 {
	const floor, enough = 0.45, 0.35
	like := float64(0.65*p.special.mean()) + float64(0.35*c.titleLike)
	if p.special.weight == 0 && c.job.title.text == "" {
		return 1
	}
	return round4(floor + float64((1-floor)*min(like/enough, 1)))
}

// curve maps the joined value to the score so that pairs a person calls unrelated, partial, good and strong fall into
// the bands below 25, 55 and 80 and above; between its points it is straight.
var curve = [...][2]float64{{0, 0}, {0.1, 10}, {0.25, 28}, {0.45, 50}, {0.65, 72}, {0.8, 88}, {0.9, 95}, {1, 100}}

func calibrate(x float64) float64 {
	for i := 1; i < len(curve); i++ {
		a, b := curve[i-1], curve[i]
		if x <= b[0] {
			slope := float64(b[1]-a[1]) / float64(b[0]-a[0])
			return round1(a[1] + float64(float64(x-a[0])*slope))
		}
	}
	return 100
}

func round1(x float64) float64 { return round4(float64(int64(float64(x*10)+0.5)) / 10) }

// percent returns a share from 0 to 1 as a part of the breakdown, rounded to one decimal.
func percent(share float64) *float64 {
	v := round1(float64(share * 100))
	return &v
}
