package models

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDirectDSN(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://u:p%40s@ep-calm-pooler.eu.example.org/db?sslmode=require": "postgres://u:p%40s@ep-calm.eu.example.org/db?sslmode=require",
		"postgres://u:p@ep-calm-pooler.example.org:5432/db":                   "postgres://u:p@ep-calm.example.org:5432/db",
		"postgres://u:p@pool.example.org:6543/db?options=-c%20jit%3Doff":      "postgres://u:p@pool.example.org:5432/db?options=-c%20jit%3Doff",
		"postgres://u:p@e-pooler.example.org/db?default_query_exec_mode=exec": "postgres://u:p@e.example.org/db",
		"postgres://u:p@db.example.org/db":                                    "postgres://u:p@db.example.org/db",
		"postgres://u:p@my-pooler-host.example.org/db":                        "postgres://u:p@my-pooler-host.example.org/db",
		"postgres://u:p@h:port/db":                                            "postgres://u:p@h:port/db",
	} {
		require.Equal(t, want, DirectDSN(dsn))
	}
}

func TestPooled(t *testing.T) {
	for _, tt := range []struct {
		dsn  string
		mode Pooler
		want bool
	}{
		{"postgres://u@ep-calm-pooler.eu.example.org/d", PoolerAuto, true},
		{"postgres://u@ep-calm-pooler.eu.example.org/d", "", true},
		{"postgres://u@ep-calm-pooler.eu.example.org/d", PoolerOff, false},
		{"postgres://u@pool.example.com:6543/d", PoolerAuto, true},
		{"postgres://u@pool.example.com:5432/d", PoolerAuto, false},
		{"postgres://u@db.example.org/d?default_query_exec_mode=exec", PoolerAuto, true},
		{"postgres://u@db.example.org/d", PoolerAuto, false},
		{"postgres://u@db.example.org/d", PoolerOn, true},
		{"postgres://u@127.0.0.1/d", PoolerAuto, false},
		{"postgres://u@h:port/d", PoolerOn, false},
	} {
		require.Equal(t, tt.want, Pooled(tt.dsn, tt.mode), "%s %s", tt.dsn, tt.mode)
	}
}

func TestDirectOptions(t *testing.T) {
	pooledDSN, directDSN := "postgres://u@ep-calm-pooler.example.org/d", "postgres://u@ep-calm.example.org/d"
	for mode, want := range map[Pooler]OpenOptions{
		PoolerAuto: {DSN: directDSN, Pooler: PoolerAuto},
		PoolerOn:   {DSN: directDSN, Pooler: PoolerAuto},
		PoolerOff:  {DSN: pooledDSN, Pooler: PoolerOff},
	} {
		require.Equal(t, want, OpenOptions{DSN: pooledDSN, Pooler: mode}.Direct())
	}
	unknown := OpenOptions{DSN: "postgres://u@bouncer.example.org:6432/d", Pooler: PoolerOn}
	require.Equal(t, unknown, unknown.Direct(), "nothing tells where the server is")
}
