package matching

import (
	"math"
	"strings"
	"unicode/utf8"

	"resume-matcher/models"
	"resume-matcher/services/structure"
)

// SemanticVersion names the formula of Semantic. Its score can be compared only between results of one embedding model.
const SemanticVersion = "1"

// Similarities at which a requirement counts for nothing and in full. Embeddings of unrelated sentences of one language
// seldom have a cosine of 0: between them lies what says something.
const (
	semanticFloor   = 0.25
	semanticCeiling = 0.75
	// semanticRequired is what a required qualification weighs beside a preferred one.
	semanticRequired = 2.0
)

// Bounds on what is embedded for one match.
const (
	maxChunks       = 200
	maxChunkRunes   = 512
	maxRequirements = 100
)

// Chunk is a text of a résumé that is embedded and quoted as a whole.
type Chunk struct {
	// Path is as in models.Source; that of a whole list has no index.
	Path string `json:"path"`
	Text string `json:"text"`
}

// SemanticResult tells how close a résumé's texts are to a posting's demands in meaning. It stands beside Result and
// never changes it.
type SemanticResult struct {
	// Score is from 0 to 100, rounded to one decimal: 100 times the mean over the demands, required ones counted
	// twice, of each one's best cosine c taken as clamp((c - 0.25) / (0.75 - 0.25), 0, 1).
	Score        float64               `json:"score"`
	Version      string                `json:"version"`
	Requirements []SemanticRequirement `json:"requirements"`
}

// SemanticRequirement is a demand and the text of the résumé that is closest to it.
type SemanticRequirement struct {
	Requirement string `json:"requirement"`
	// Required is false for a preferred qualification and for a task.
	Required bool `json:"required"`
	// Similarity is the best cosine, from -1 to 1, rounded to four decimals; 0 without a usable vector.
	Similarity float64 `json:"similarity"`
	// Evidence quotes the closest text; nil where there is none with a positive similarity.
	Evidence *models.Evidence `json:"evidence"`
}

// Chunks returns the texts of a résumé that can show a qualification, in reading order: bullets, sentences of prose,
// titles, degrees and certificates each, the skills and the languages as one text each. At most 200, each cut at a word
// to at most 512 characters; none twice.
func Chunks(d models.ResumeData) []Chunk {
	chunks := []Chunk{}
	seen := map[string]bool{}
	add := func(path, text string) {
		text = shortened(text)
		if text != "" && !seen[text] && len(chunks) < maxChunks {
			seen[text] = true
			chunks = append(chunks, Chunk{path, text})
		}
	}
	lists := map[string][]string{"additional.technicalSkills": d.Additional.TechnicalSkills, "additional.languages": d.Additional.Languages}
	structure.Walk(d, func(path, text string) {
		if _, quotable := placeOf(path); !quotable {
			return
		}
		list, _, _ := strings.Cut(path, "[")
		switch {
		case lists[list] != nil:
			add(list, strings.Join(lists[list], ", "))
		case isProse(path):
			for _, sentence := range structure.Sentences(text) {
				add(path, sentence)
			}
		default:
			add(path, text)
		}
	})
	return chunks
}

// shortened returns text on its own or its beginning up to a word's end.
func shortened(text string) string {
	text = strings.TrimSpace(text)
	if utf8.RuneCountInString(text) <= maxChunkRunes {
		return text
	}
	cut := string([]rune(text)[:maxChunkRunes])
	if at := strings.LastIndexAny(cut, " \n\t"); at > len(cut)/2 {
		cut = cut[:at]
	}
	return strings.TrimRight(strings.TrimSpace(cut), ",;")
}

// RequirementTexts returns what a posting demands, in the order of Result.Coverage: the required qualifications, then the
// preferred ones; the tasks where it names none. At most 100, without blank ones, each cut as a chunk is.
func RequirementTexts(j models.JobData) []string {
	lists := [][]string{j.Qualifications.Required, j.Qualifications.Preferred}
	texts := appendTexts([]string{}, lists...)
	if len(texts) == 0 {
		texts = appendTexts(texts, j.KeyResponsibilities)
	}
	return texts
}

func appendTexts(texts []string, lists ...[]string) []string {
	for _, list := range lists {
		for _, text := range list {
			if text = shortened(text); text != "" && len(texts) < maxRequirements {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// Semantic compares the vectors of RequirementTexts with those of Chunks, each of the same position in its list. Which
// demands are required it takes from r. A vector of zeros or with a value that is no number says nothing: such a chunk
// is never the closest, and such a demand counts with similarity 0. Without demands the score is 0. The error is of
// KindAIUnavailable: another number of vectors than of texts, or vectors of different lengths.
func Semantic(r Result, requirements []string, requirementVectors [][]float32, chunks []Chunk, chunkVectors [][]float32) (SemanticResult, error) {
	result := SemanticResult{Version: SemanticVersion, Requirements: []SemanticRequirement{}}
	if len(requirements) != len(requirementVectors) || len(chunks) != len(chunkVectors) || !sameLength(requirementVectors, chunkVectors) {
		return result, models.NewError(models.KindAIUnavailable, "The embedding model answered with vectors that do not fit the texts. Check EMBEDDING_MODEL.")
	}
	norms := lengths(chunkVectors)
	required := demandKinds(r, requirements)
	var sum tally
	for i, text := range requirements {
		best, similarity := closest(requirementVectors[i], chunkVectors, norms)
		one := SemanticRequirement{Requirement: text, Required: required[i], Similarity: similarity}
		if best >= 0 && similarity > 0 {
			one.Evidence = &models.Evidence{Path: chunks[best].Path, Quote: chunks[best].Text}
		}
		weight := 1.0
		if one.Required {
			weight = semanticRequired
		}
		sum.add(weight, semanticDegree(similarity))
		result.Requirements = append(result.Requirements, one)
	}
	result.Score = *percent(sum.mean())
	return result, nil
}

// semanticDegree maps a cosine to how far a demand counts as met, from 0 to 1.
func semanticDegree(similarity float64) float64 {
	return round4(min(max((similarity-semanticFloor)/(semanticCeiling-semanticFloor), 0), 1))
}

// demandKinds tells which texts are required, by the coverage they line up with; texts cut short begin like theirs.
func demandKinds(r Result, requirements []string) []bool {
	kinds := make([]bool, len(requirements))
	next := 0
	for i, text := range requirements {
		for at := next; at < len(r.Coverage); at++ {
			if strings.HasPrefix(strings.TrimSpace(r.Coverage[at].Requirement), text) {
				kinds[i] = r.Coverage[at].Required
				next = at + 1
				break
			}
		}
	}
	return kinds
}

func sameLength(lists ...[][]float32) bool {
	size := -1
	for _, list := range lists {
		for _, v := range list {
			if size < 0 {
				size = len(v)
			}
			if len(v) != size || size == 0 {
				return false
			}
		}
	}
	return true
}

func lengths(vectors [][]float32) []float64 {
	norms := make([]float64, len(vectors))
	for i, v := range vectors {
		norms[i] = length(v)
	}
	return norms
}

// length is the Euclidean norm, 0 for a vector that says nothing.
func length(v []float32) float64 {
	n := math.Sqrt(product(v, v))
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// product is the dot product of two vectors of the same length, summed in order so that it is the same on every machine.
func product(a, b []float32) float64 {
	sum := 0.0
	for i, x := range a {
		sum += float64(float64(x) * float64(b[i]))
	}
	return sum
}

// closest returns the vector with the greatest cosine, the first of equals, and that cosine; -1 and 0 without one.
func closest(to []float32, vectors [][]float32, norms []float64) (best int, similarity float64) {
	best = -1
	norm := length(to)
	if norm == 0 {
		return best, 0
	}
	for i, v := range vectors {
		if norms[i] == 0 {
			continue
		}
		if cosine := round4(min(max(product(to, v)/norm/norms[i], -1), 1)); best < 0 || cosine > similarity {
			best, similarity = i, cosine
		}
	}
	return best, similarity
}
