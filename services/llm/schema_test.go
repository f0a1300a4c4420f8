package llm

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSchemaTellsTypesRulesAndDescriptionsInFieldOrder(t *testing.T) {
	type item struct {
		Zeta  string  `json:"zeta" doc:"Uses <b> & \"quotes\"."`
		Alpha float64 `json:"alpha"`
	}
	type answer struct {
		Kind   string `json:"kind" binding:"oneof=a b"`
		Items  []item `json:"items" doc:"Some."`
		Count  int    `json:"count"`
		Done   bool   `json:"done"`
		Secret string `json:"-"`
		Nested item   `json:"nested"`
	}
	s, err := SchemaOf[answer]("test")
	require.NoError(t, err)
	ofItem := `{"type":"object","properties":{"zeta":{"type":"string","description":"Uses <b> & \"quotes\"."},"alpha":{"type":"number"}},"required":["zeta","alpha"],"additionalProperties":false}`
	assert.Equal(t, "test", s.Name)
	assert.Equal(t, `{"type":"object","properties":{"kind":{"type":"string","enum":["a","b"]},`+
		`"items":{"type":"array","description":"Some.","items":`+ofItem+`},`+
		`"count":{"type":"integer"},"done":{"type":"boolean"},"nested":`+ofItem+`},`+
		`"required":["kind","items","count","done","nested"],"additionalProperties":false}`, string(s.JSON))
}

type recursive struct {
	Children []recursive `json:"children"`
}

func TestTypesWithoutAStrictSchemaAreRefused(t *testing.T) {
	refused := map[string]func(string) (*Schema, error){
		"map": SchemaOf[struct {
			M map[string]string `json:"m"`
		}],
		"pointer": SchemaOf[struct {
			P *string `json:"p"`
		}],
		"interface": SchemaOf[struct {
			A any `json:"a"`
		}],
		"time": SchemaOf[struct {
			T time.Time `json:"t"`
		}],
		"no tag": SchemaOf[struct{ A string }],
		"other rule": SchemaOf[struct {
			A string `json:"a" binding:"min=1"`
		}],
		"rule of a number": SchemaOf[struct {
			A int `json:"a" binding:"oneof=1 2"`
		}],
		"recursive": SchemaOf[recursive],
		"string":    SchemaOf[string],
	}
	for name, make := range refused {
		_, err := make("test")
		assert.Error(t, err, name)
	}
}

// The schemas of the answers keep the limits of OpenAI's strict mode, the narrowest of the providers.
func TestAnswerSchemasAreStrict(t *testing.T) {
	allowed := map[string]bool{"type": true, "description": true, "properties": true, "required": true, "additionalProperties": true, "items": true, "enum": true}
	for kind, file := range loadPrompts(t).files {
		var schema map[string]any
		require.NoError(t, json.Unmarshal(file.schema.JSON, &schema))
		properties := 0
		var check func(s map[string]any, depth int)
		check = func(s map[string]any, depth int) {
			assert.LessOrEqual(t, depth, 5, kind)
			for keyword := range s {
				assert.True(t, allowed[keyword], "%s: %s", kind, keyword)
			}
			if items, ok := s["items"].(map[string]any); ok {
				check(items, depth)
			}
			if s["type"] != "object" {
				return
			}
			assert.Equal(t, false, s["additionalProperties"])
			members := s["properties"].(map[string]any)
			assert.Len(t, s["required"], len(members))
			for _, member := range members {
				properties++
				check(member.(map[string]any), depth+1)
			}
		}
		check(schema, 0)
		assert.LessOrEqual(t, properties, 100, kind)
	}
}
