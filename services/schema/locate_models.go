package schema

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"

	gormschema "gorm.io/gorm/schema"
)

// modelsFolder holds the models' source, seen from the module's root.
const modelsFolder = "models"

// modulePath is what go.mod of the root says.
const modulePath = "resume-matcher"

// place is a line of a file.
type place struct {
	file string
	line int
}

// modelSource knows where the models are written. It is empty where the program runs without its source.
type modelSource struct {
	// fields holds the place of Type.Field and of Type.
	fields map[string]place
	tables map[string]*gormschema.Schema
}

// readModels reads the source around the working directory, as a developer or CI has it.
func readModels(all []any) *modelSource {
	m := &modelSource{fields: map[string]place{}, tables: map[string]*gormschema.Schema{}}
	root := moduleRoot()
	if root == "" {
		return m
	}
	files, err := filepath.Glob(filepath.Join(root, modelsFolder, "*.go"))
	if err != nil {
		return m
	}
	for _, f := range files {
		if !strings.HasSuffix(f, "_test.go") {
			m.readFile(f)
		}
	}
	cache := &sync.Map{}
	for _, model := range all {
		if s, err := gormschema.Parse(model, cache, gormschema.NamingStrategy{}); err == nil {
			m.tables[s.Table] = s
		}
	}
	return m
}

// moduleRoot returns the folder of this program's go.mod, or nothing.
func moduleRoot() string {
	folder, err := os.Getwd()
	if err != nil {
		return ""
	}
	for {
		text, err := os.ReadFile(filepath.Join(folder, "go.mod"))
		if err == nil && strings.HasPrefix(string(text), "module "+modulePath+"\n") {
			return folder
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return ""
		}
		folder = parent
	}
}

func (m *modelSource) readFile(name string) {
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
	if err != nil {
		return
	}
	at := func(n ast.Node) place {
		return place{path.Join(modelsFolder, filepath.Base(name)), set.Position(n.Pos()).Line}
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		m.fields[spec.Name.Name] = at(spec)
		if fields, ok := spec.Type.(*ast.StructType); ok {
			for _, f := range fields.Fields.List {
				for _, ident := range f.Names {
					m.fields[spec.Name.Name+"."+ident.Name] = at(ident)
				}
			}
		}
		return false
	})
}

// find returns the place of the field that makes part of table, or else of the table's struct.
func (m *modelSource) find(table, part string) (file string, line int) {
	s := m.tables[table]
	if s == nil {
		return "", 0
	}
	if p, ok := m.fields[s.Name+"."+fieldOf(s, part)]; ok {
		return p.file, p.line
	}
	// The model of another table may declare the foreign key.
	for _, other := range m.tables {
		if p, ok := m.fields[other.Name+"."+relationOf(other, part)]; ok {
			return p.file, p.line
		}
	}
	p := m.fields[s.Name]
	return p.file, p.line
}

// fieldOf returns the name of the field behind a column, index, check or foreign key.
func fieldOf(s *gormschema.Schema, part string) string {
	if f := s.LookUpField(part); f != nil {
		return f.Name
	}
	for _, index := range s.ParseIndexes() {
		if index.Name == part && len(index.Fields) > 0 {
			return index.Fields[0].Name
		}
	}
	if check, ok := s.ParseCheckConstraints()[part]; ok && check.Field != nil {
		return check.Field.Name
	}
	return relationOf(s, part)
}

// relationOf returns the name of the field that makes a foreign key.
func relationOf(s *gormschema.Schema, key string) string {
	for _, rel := range s.Relationships.Relations {
		if c := rel.ParseConstraint(); c != nil && c.Name == key {
			return rel.Name
		}
	}
	return ""
}
