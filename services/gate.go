package services

import (
	"crypto/sha256"
	"encoding/json"

	lru "github.com/hashicorp/golang-lru/v2"

	"resume-matcher/models"
	"resume-matcher/services/facts"
)

// Bounds of what the gate remembers: an indexed résumé is some hundred kilobytes, a verdict one or two.
const (
	materialEntries = 64
	verdictEntries  = 2048
)

// gate is the fact gate, which remembers what it was asked about last: the same claim about the same version of a résumé
// always has the same verdict.
type gate struct {
	*facts.Gate
	materials *lru.Cache[string, *facts.Material]
	verdicts  *lru.Cache[[sha256.Size]byte, facts.Verdict]
}

func newGate(g *facts.Gate) *gate {
	// lru.New only fails for a size below 1.
	materials, _ := lru.New[string, *facts.Material](materialEntries)
	verdicts, _ := lru.New[[sha256.Size]byte, facts.Verdict](verdictEntries)
	return &gate{g, materials, verdicts}
}

// of returns the gate over what a stored résumé says.
func (g *gate) of(row *models.Resume) func(facts.Claim) facts.Verdict {
	key := versionKey(row.ID, row.Version)
	return func(claim facts.Claim) facts.Verdict {
		text, err := json.Marshal([]any{key, claim})
		if err != nil {
			return g.Check(g.material(key, row), claim)
		}
		sum := sha256.Sum256(text)
		verdict, ok := g.verdicts.Get(sum)
		if !ok {
			verdict = g.Check(g.material(key, row), claim)
			g.verdicts.Add(sum, verdict)
		}
		return verdict
	}
}

func (g *gate) material(key string, row *models.Resume) *facts.Material {
	m, ok := g.materials.Get(key)
	if !ok {
		m = g.Read(row.Processed.Data.V, row.Language)
		g.materials.Add(key, m)
	}
	return m
}
