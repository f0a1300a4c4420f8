package config

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite .env.sample from the table of variables")

const samplePath = "../.env.sample"

// loadWith loads a .env file of the given text under an environment of its own.
func loadWith(t *testing.T, environment map[string]string, envFile string) (*Config, error) {
	t.Helper()
	for _, variable := range variables() {
		t.Setenv(variable.name, environment[variable.name])
	}
	path := filepath.Join(t.TempDir(), "test.env")
	require.NoError(t, os.WriteFile(path, []byte(envFile), 0o600))
	return Load(Options{EnvFile: path})
}

func entry(t *testing.T, cfg *Config, name string) Entry {
	t.Helper()
	all := Entries(cfg)
	i := slices.IndexFunc(all, func(e Entry) bool { return e.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return all[i]
}

func TestSampleShowsTheTable(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile(samplePath, []byte(Sample()), 0o644))
	}
	written, err := os.ReadFile(samplePath)
	require.NoError(t, err)
	assert.Equal(t, Sample(), string(written), "run: go test ./config -update")
}

func TestSampleIsTheDefaultConfiguration(t *testing.T) {
	defaults, err := loadWith(t, nil, "")
	require.NoError(t, err)
	fromSample, err := loadWith(t, nil, Sample())
	require.NoError(t, err)
	defaults.entries, fromSample.entries = nil, nil
	assert.Equal(t, defaults, fromSample)
}

func TestDefaults(t *testing.T) {
	cfg, err := loadWith(t, nil, "")
	require.NoError(t, err)
	assert.Equal(t, Server{Host: "127.0.0.1", Port: 8000, ShutdownTimeout: 20 * time.Second}, cfg.Server)
	assert.Equal(t, []string{"http://localhost:3000", "http://127.0.0.1:3000"}, cfg.CORS.AllowedOrigins)
	assert.Equal(t, RateLimit{Enabled: true, Requests: 60, Uploads: 20, ModelCalls: 20, Address: 600, Sessions: 10, Window: time.Minute}, cfg.RateLimit)
	assert.Equal(t, Limits{UploadBytes: 5 << 20, JSONBytes: 256 << 10, UploadConcurrency: 8, UploadQueue: 512}, cfg.Limits)
	assert.Equal(t, Database{Dialect: SQLite, DSN: "file:app.db", Path: "app.db", Pool: Pool{Size: 5, MaxOverflow: 2, Timeout: 30 * time.Second, StatementTimeout: 30 * time.Second, Pooler: "auto"}}, cfg.Database)
	assert.Equal(t, 15*time.Second, cfg.Documents.Timeout)
	assert.Equal(t, 2, cfg.Documents.Workers)
	assert.Equal(t, "resume-matcher", filepath.Base(cfg.Documents.CacheDir))
	assert.Equal(t, Log{Level: slog.LevelInfo, Format: "text"}, cfg.Log)
	assert.Equal(t, LLM{
		Provider: "none", Timeout: time.Minute, MaxOutputTokens: 4096, Temperature: 0.2,
		CacheCleanInterval: 10 * time.Minute, CacheMaxDeleteBatch: 500,
	}, cfg.LLM)
	assert.Equal(t, Embedding{Provider: "none"}, cfg.Embedding)
	assert.Equal(t, Session{Cookie: "same-site"}, cfg.Session)
	assert.Equal(t, Auth{}, cfg.Auth)
	assert.Equal(t, Observe{TraceRatio: 1}, cfg.Observe)
	assert.True(t, cfg.Open())
	assert.Equal(t, Background{Workers: 2}, cfg.Background)
	for _, e := range Entries(cfg) {
		assert.Equal(t, FromDefault, e.Source, e.Name)
	}
}

func TestEnvironmentOverFileOverDefaults(t *testing.T) {
	cfg, err := loadWith(t, map[string]string{"PORT": "9001", "LOG_LEVEL": "", "UNKNOWN_VARIABLE": "x"}, `
# a comment
export HOST=0.0.0.0
PORT=9000
LOG_LEVEL=debug
LOG_FORMAT=
SOMETHING_ELSE=ignored
SESSION_SECRET_KEY='a$b#c'
DATABASE_URL="postgresql+psycopg://app:s3cr3t-pass@db.example.com/resumes?sslmode=require"
DB_POOL_TIMEOUT=500ms
`)
	require.NoError(t, err)
	assert.Equal(t, "0.0.0.0", cfg.Server.Host)
	assert.Equal(t, 9001, cfg.Server.Port)
	assert.Equal(t, slog.LevelDebug, cfg.Log.Level, "an empty variable counts as unset")
	assert.Equal(t, "text", cfg.Log.Format)
	assert.Equal(t, "a$b#c", cfg.Session.SecretKey.Reveal())
	assert.Equal(t, 500*time.Millisecond, cfg.Database.Pool.Timeout)

	assert.Equal(t, Entry{"PORT", "9001", FromEnvironment}, entry(t, cfg, "PORT"))
	assert.Equal(t, Entry{"HOST", "0.0.0.0", FromFile}, entry(t, cfg, "HOST"))
	assert.Equal(t, Entry{"LOG_FORMAT", "text", FromDefault}, entry(t, cfg, "LOG_FORMAT"))
	assert.Equal(t, Entry{"SESSION_SECRET_KEY", "***", FromFile}, entry(t, cfg, "SESSION_SECRET_KEY"))
	assert.Equal(t, Entry{"LLM_API_KEY", "", FromDefault}, entry(t, cfg, "LLM_API_KEY"))
	assert.Equal(t, Entry{"DATABASE_URL", "postgresql+psycopg://app:***@db.example.com/resumes?sslmode=require", FromFile}, entry(t, cfg, "DATABASE_URL"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(verb, cfg), "s3cr3t-pass")
		assert.NotContains(t, fmt.Sprintf(verb, cfg), "a$b#c")
	}
}

func TestModelHasAnOldSpelling(t *testing.T) {
	cfg, err := loadWith(t, map[string]string{"LL_MODEL": "old-name", "LLM_PROVIDER": "OpenAI", "LLM_API_KEY": "k"}, "")
	require.NoError(t, err)
	assert.Equal(t, "old-name", cfg.LLM.Model)
	assert.Equal(t, "openai", cfg.LLM.Provider)
	cfg, err = loadWith(t, map[string]string{"LL_MODEL": "old-name", "LLM_MODEL": "new-name"}, "")
	require.NoError(t, err)
	assert.Equal(t, "new-name", cfg.LLM.Model)
}

func TestEveryWrongVariableIsNamedAtOnce(t *testing.T) {
	wrong := map[string]string{
		"HOST": "http://localhost", "PORT": "70000", "SHUTDOWN_TIMEOUT": "soon", "ALLOWED_ORIGINS": "ftp://example.com",
		"MAX_UPLOAD_SIZE_MB": "0", "MAX_JSON_BODY_SIZE_KB": "1.5", "RATE_LIMIT_ENABLED": "maybe", "RATE_LIMIT_REQUESTS": "-1",
		"RATE_LIMIT_WINDOW_SECONDS": "0", "DATABASE_URL": "mysql://app:s3cr3t-pass@h/d", "SYNC_DATABASE_URL": "sqlite://x.db",
		"ASYNC_DATABASE_URL": "postgres://app:s3cr3t/pass@h/d", "DB_POOL_SIZE": "five", "DB_MAX_OVERFLOW": "-2",
		"DB_POOL_TIMEOUT": "-1", "DOCUMENT_TIMEOUT": "1d", "DOCUMENT_WORKERS": "0", "LOG_LEVEL": "loud", "LOG_FORMAT": "xml",
		"LLM_PROVIDER": "abacus", "LLM_BASE_URL": "localhost:11434", "LLM_TIMEOUT": "0", "LLM_MAX_OUTPUT_TOKENS": "1",
		"LLM_TEMPERATURE": "2.01", "LLM_PRICE_INPUT": "NaN", "LLM_PRICE_OUTPUT": "-0.01", "LLM_PRICE_EMBEDDING": "free",
		"LLM_DAILY_TOKEN_BUDGET": "-5", "LLM_REDACT": "never", "LLM_LOCAL_ONLY": "mostly", "LLM_CACHE_CLEAN_INTERVAL_SECONDS": "0",
		"LLM_CACHE_MAX_DELETE_BATCH": "0", "EMBEDDING_PROVIDER": "word2vec", "EMBEDDING_BASE_URL": "ftp://example.com",
		"DISABLE_BACKGROUND_TASKS": "perhaps",
	}
	_, err := loadWith(t, wrong, "")
	var invalid *ValidationError
	require.ErrorAs(t, err, &invalid)
	named := map[string]bool{}
	for _, problem := range invalid.Problems {
		named[problem.Variable] = true
		assert.NotEmpty(t, problem.Rule)
		assert.Contains(t, err.Error(), problem.Variable+" "+problem.Rule)
	}
	for name, value := range wrong {
		assert.True(t, named[name], name)
		if len(value) > 3 {
			assert.NotContains(t, err.Error(), value, name)
		}
	}
	assert.Len(t, invalid.Problems, len(wrong))
	assert.NotContains(t, err.Error(), "s3cr3t")
}

func TestDatabaseVariables(t *testing.T) {
	const neon = "ep-calm-sky-123456.eu-central-1.aws.neon.example"
	tests := map[string]struct {
		environment map[string]string
		envFile     string
		host        string // a part of the DSN in force
		wrong       []string
	}{
		"all name the same database": {
			environment: map[string]string{
				"DATABASE_URL":       "postgresql+psycopg://app:pw@" + neon + "/resumes?sslmode=require",
				"SYNC_DATABASE_URL":  "postgresql://app:pw@" + neon + ":5432/resumes?sslmode=require",
				"ASYNC_DATABASE_URL": "postgresql+asyncpg://app:pw@ep-calm-sky-123456-pooler.eu-central-1.aws.neon.example/resumes?ssl=require",
			},
			host: "@" + neon + "/",
		},
		"sync before async": {
			environment: map[string]string{"SYNC_DATABASE_URL": "postgres://one.example.com/d", "ASYNC_DATABASE_URL": "postgresql+asyncpg://ONE.example.com/d"},
			host:        "//one.example.com/",
		},
		"async alone": {
			environment: map[string]string{"ASYNC_DATABASE_URL": "sqlite+aiosqlite:///./other.db"},
			host:        "file:./other.db",
		},
		"two spellings of one file": {
			environment: map[string]string{"DATABASE_URL": "sqlite:///other.db", "ASYNC_DATABASE_URL": "sqlite+aiosqlite:///./other.db"},
			host:        "file:other.db",
		},
		"another database": {
			environment: map[string]string{
				"DATABASE_URL":       "postgres://h/one",
				"SYNC_DATABASE_URL":  "postgres://h/two",
				"ASYNC_DATABASE_URL": "postgres://h:5433/one",
			},
			wrong: []string{"SYNC_DATABASE_URL", "ASYNC_DATABASE_URL"},
		},
		"another dialect": {
			environment: map[string]string{"DATABASE_URL": "sqlite:///app.db", "SYNC_DATABASE_URL": "postgres://h/d"},
			wrong:       []string{"SYNC_DATABASE_URL"},
		},
		"the environment hides the file": {
			environment: map[string]string{"ASYNC_DATABASE_URL": "sqlite:///throwaway.db"},
			envFile:     "DATABASE_URL=postgres://h/d\nSYNC_DATABASE_URL=postgres://h/d\n",
			host:        "file:throwaway.db",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cfg, err := loadWith(t, test.environment, test.envFile)
			if test.wrong == nil {
				require.NoError(t, err)
				assert.Contains(t, cfg.Database.DSN.Reveal(), test.host)
				assert.Equal(t, 5, cfg.Database.Pool.Size)
				return
			}
			var invalid *ValidationError
			require.ErrorAs(t, err, &invalid)
			var named []string
			for _, problem := range invalid.Problems {
				named = append(named, problem.Variable)
				assert.Contains(t, problem.Rule, "DATABASE_URL")
			}
			assert.Equal(t, test.wrong, named)
		})
	}
}

func TestAllowedOrigins(t *testing.T) {
	for raw, want := range map[string][]string{
		`["https://app.example.com","http://localhost:3000"]`: {"https://app.example.com", "http://localhost:3000"},
		"https://a.example.com, https://b.example.com/ ,":     {"https://a.example.com", "https://b.example.com"},
		"HTTPS://App.Example.com:443,http://example.com:80":   {"https://app.example.com", "http://example.com"},
		"https://a.example.com,https://A.example.com":         {"https://a.example.com"},
		"https://*.vercel.example":                            {"https://*.vercel.example"},
		"https://*.app.example.com:8443":                      {"https://*.app.example.com:8443"},
		"*":                                                   {"*"},
		"[]":                                                  {},
		"http://[::1]:3000":                                   {"http://[::1]:3000"},
		"http://127.0.0.1:3000":                               {"http://127.0.0.1:3000"},
		"https://*.com":                                       nil,
		"https://*":                                           nil,
		"https://a.*.example.com":                             nil,
		"https://user@example.com":                            nil,
		"https://example.com/path":                            nil,
		"https://example.com?x":                               nil,
		"https://example.com:":                                nil,
		"https://example.com:99999":                           nil,
		"https://exa mple.com":                                nil,
		"example.com":                                         nil,
		"null":                                                nil,
		`["https://a.example.com"`:                            nil,
		`{"a":1}`:                                             nil,
	} {
		cfg, err := loadWith(t, map[string]string{"ALLOWED_ORIGINS": raw}, "")
		if want == nil {
			assert.ErrorContains(t, err, "ALLOWED_ORIGINS", raw)
			continue
		}
		require.NoError(t, err, raw)
		assert.Equal(t, want, cfg.CORS.AllowedOrigins, raw)
	}
}

func TestEnvFile(t *testing.T) {
	t.Run("must exist when named", func(t *testing.T) {
		_, err := Load(Options{EnvFile: filepath.Join(t.TempDir(), "none.env")})
		require.ErrorContains(t, err, "none.env")
	})
	for _, variable := range variables() {
		t.Setenv(variable.name, "")
	}
	t.Run("may be missing in the working folder", func(t *testing.T) {
		t.Chdir(t.TempDir())
		_, err := Load(Options{})
		require.NoError(t, err)
	})
	t.Run("is read in the working folder", func(t *testing.T) {
		t.Chdir(t.TempDir())
		require.NoError(t, os.WriteFile(".env", []byte("\xef\xbb\xbfPORT=8123\r\nALLOWED_ORIGINS=[\"https://app.example.com\"]\r\n"), 0o600))
		cfg, err := Load(Options{})
		require.NoError(t, err)
		assert.Equal(t, 8123, cfg.Server.Port)
		assert.Equal(t, []string{"https://app.example.com"}, cfg.CORS.AllowedOrigins)
	})
	t.Run("quotes no line of its own in an error", func(t *testing.T) {
		_, err := loadWith(t, nil, "DATABASE_URL postgres://app:s3cr3t-pass@h/d\n")
		require.Error(t, err)
		assert.NotContains(t, err.Error(), "s3cr3t-pass")
	})
}

func TestDurations(t *testing.T) {
	for raw, want := range map[string]time.Duration{"5": 5 * time.Second, "1.5": 1500 * time.Millisecond, "1m30s": 90 * time.Second} {
		cfg, err := loadWith(t, map[string]string{"DOCUMENT_TIMEOUT": raw}, "")
		require.NoError(t, err, raw)
		assert.Equal(t, want, cfg.Documents.Timeout, raw)
	}
}
