package schema

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSortConstraints(t *testing.T) {
	for in, want := range map[string]string{
		"CREATE TABLE `t` (`a` text,PRIMARY KEY (`a`))":                                      "CREATE TABLE `t` (`a` text,PRIMARY KEY (`a`))",
		"CREATE TABLE t (a text,CONSTRAINT z CHECK (a),CONSTRAINT b CHECK (a))":              "CREATE TABLE t (a text,CONSTRAINT b CHECK (a),CONSTRAINT z CHECK (a))",
		"CREATE TABLE t (b int,a int,CONSTRAINT z CHECK (a IN (1,2)),CONSTRAINT c CHECK(1))": "CREATE TABLE t (b int,a int,CONSTRAINT c CHECK(1),CONSTRAINT z CHECK (a IN (1,2)))",
		"CREATE TABLE t (a text DEFAULT ',(',CONSTRAINT z CHECK (a),CONSTRAINT b CHECK (a))": "CREATE TABLE t (a text DEFAULT ',(',CONSTRAINT b CHECK (a),CONSTRAINT z CHECK (a))",
		"CREATE INDEX i ON t": "CREATE INDEX i ON t",
	} {
		require.Equal(t, want, sortConstraints(in))
	}
}

func FuzzSplitList(f *testing.F) {
	for _, seed := range []string{"", ",", "a,b", "a(b,c),d", "'a,b',c", "a,b)", "\"x,'y\",z", "`"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		require.Equal(t, list, strings.Join(splitList(list), ","))
	})
}
