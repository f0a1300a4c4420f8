package config

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// variable is one environment variable: the only place that says its name, default, meaning and rule.
type variable struct {
	name     string
	group    string
	fallback string
	doc      string
	// set checks the value and stores it; nil for a variable that is read elsewhere. Its error states the
	// rule, never the value.
	set func(cfg *Config, value string) error
	// print renders the value for people.
	print func(value string) string
}

// variables lists every variable the program knows, grouped as .env.sample shows them.
func variables() []variable {
	return slices.Concat(serverVariables(), accessVariables(), limitVariables(), storageVariables(), copyVariables(), driftVariables(), documentVariables(),
		logVariables(), observeVariables(), modelVariables(), embeddingVariables(), backgroundVariables())
}

func serverVariables() []variable {
	const group = "Server"
	return []variable{
		{"HOST", group, "127.0.0.1", "Address to listen on; 0.0.0.0 for all.",
			host(func(c *Config) *string { return &c.Server.Host }), plain},
		{"PORT", group, "8000", "Port to listen on; 0 picks a free one.",
			integer(0, 65535, func(c *Config) *int { return &c.Server.Port }), plain},
		{"SHUTDOWN_TIMEOUT", group, "20", "How long requests in flight may take to finish at shutdown: seconds, or a duration such as 1m30s.",
			duration(time.Second, 10*time.Minute, func(c *Config) *time.Duration { return &c.Server.ShutdownTimeout }), plain},
		{"ALLOWED_ORIGINS", group, "http://localhost:3000,http://127.0.0.1:3000",
			`Browser origins that may call the API: a comma list or a JSON array of *, https://app.example.com or https://*.example.com.`,
			origins(func(c *Config) *[]string { return &c.CORS.AllowedOrigins }), plain},
		{"TRUSTED_PROXIES", group, "", "Proxies whose X-Forwarded-For is believed: a comma list of addresses and networks; 100.64.0.0/10 on Railway.",
			prefixes(func(c *Config) *[]netip.Prefix { return &c.Server.TrustedProxies }), plain},
	}
}

func limitVariables() []variable {
	const group = "Limits"
	return []variable{
		{"MAX_UPLOAD_SIZE_MB", group, "5", "Largest uploaded file, in MB of 1,048,576 bytes.",
			size(1<<20, 1, 100, func(c *Config) *int64 { return &c.Limits.UploadBytes }), plain},
		{"MAX_JSON_BODY_SIZE_KB", group, "256", "Largest JSON body, in KB of 1,024 bytes.",
			size(1<<10, 1, 65536, func(c *Config) *int64 { return &c.Limits.JSONBytes }), plain},
		{"UPLOAD_CONCURRENCY", group, "8", "Uploads read at the same time; each holds its file in memory.",
			integer(1, 1000, func(c *Config) *int { return &c.Limits.UploadConcurrency }), plain},
		{"UPLOAD_QUEUE", group, "512", "Uploads that may wait for their turn; further ones are told to come back.",
			integer(0, 100_000, func(c *Config) *int { return &c.Limits.UploadQueue }), plain},
		{"RATE_LIMIT_ENABLED", group, "true", "Whether requests are counted and limited for each client.",
			boolean(func(c *Config) *bool { return &c.RateLimit.Enabled }), plain},
		{"RATE_LIMIT_REQUESTS", group, "60", "Requests a client may make in each window.",
			integer(1, 1_000_000, func(c *Config) *int { return &c.RateLimit.Requests }), plain},
		{"RATE_LIMIT_UPLOADS", group, "20", "Of these, how many may be uploads.",
			integer(1, 1_000_000, func(c *Config) *int { return &c.RateLimit.Uploads }), plain},
		{"RATE_LIMIT_MODEL_CALLS", group, "20", "Of these, how many may be requests that a language model can be asked for.",
			integer(1, 1_000_000, func(c *Config) *int { return &c.RateLimit.ModelCalls }), plain},
		{"RATE_LIMIT_ADDRESS", group, "600", "Requests of all clients behind one address together; more where a frontend's server passes all requests on.",
			integer(1, 1_000_000, func(c *Config) *int { return &c.RateLimit.Address }), plain},
		{"RATE_LIMIT_SESSIONS", group, "10", "Workspaces that clients of one address may start; more where a frontend's server passes all requests on.",
			integer(1, 1_000_000, func(c *Config) *int { return &c.RateLimit.Sessions }), plain},
		{"RATE_LIMIT_WINDOW_SECONDS", group, "60", "Length of the window: seconds, or a duration such as 1m.",
			duration(time.Second, 24*time.Hour, func(c *Config) *time.Duration { return &c.RateLimit.Window }), plain},
	}
}

func storageVariables() []variable {
	const group = "Database"
	return []variable{
		{"DATABASE_URL", group, "sqlite:///app.db",
			"sqlite:///app.db, sqlite:////absolute/path.db, file:app.db, or postgresql://user:password@host/name?sslmode=require.", nil, maskURL},
		{"SYNC_DATABASE_URL", group, "", "Read when DATABASE_URL is unset; must name the same database (postgresql+psycopg:// is fine).", nil, maskURL},
		{"ASYNC_DATABASE_URL", group, "", "Read when both are unset; must name the same database (postgresql+asyncpg:// is fine).", nil, maskURL},
		{"DB_POOL_SIZE", group, "5", "Connections to Postgres that stay open; keep it small on Neon.",
			integer(1, 1000, func(c *Config) *int { return &c.Database.Pool.Size }), plain},
		{"DB_MAX_OVERFLOW", group, "2", "Connections beyond the pool under load.",
			integer(0, 1000, func(c *Config) *int { return &c.Database.Pool.MaxOverflow }), plain},
		{"DB_POOL_TIMEOUT", group, "30", "How long a request may wait for a connection: seconds, or a duration such as 500ms.",
			duration(time.Millisecond, 10*time.Minute, func(c *Config) *time.Duration { return &c.Database.Pool.Timeout }), plain},
		{"DB_STATEMENT_TIMEOUT", group, "30", "Longest statement on Postgres, migrations excepted: seconds, or a duration; 0 for no bound.",
			duration(0, time.Hour, func(c *Config) *time.Duration { return &c.Database.Pool.StatementTimeout }), plain},
		{"DB_POOLER", group, "auto", "on behind a transaction pooler such as PgBouncer (1.21 or newer), off without one; auto knows those of Neon, Supabase and pgbouncer=true.",
			oneOf(func(c *Config) *string { return &c.Database.Pool.Pooler }, "auto", "on", "off"), plain},
		{"FORCE_SQLITE_FOR_TESTS", group, "true", "Read by the test-suite alone: false runs it on the Postgres of DATABASE_URL.", nil, plain},
	}
}

func copyVariables() []variable {
	const group = "Copying a database into another one"
	return []variable{
		{"SOURCE_SQLITE", group, "", "What resume-matcher copy reads without --from: a file such as app.db, or any spelling of DATABASE_URL.",
			database(func(c *Config) *Database { return &c.Copy.From }), maskName},
		{"TARGET_PG", group, "", "What it writes without --to: postgresql://user:password@host/name?sslmode=require, or any other spelling.",
			database(func(c *Config) *Database { return &c.Copy.To }), maskName},
	}
}

func driftVariables() []variable {
	const group = "Schema drift"
	return []variable{
		{"SCHEMA_DRIFT_POLICY", group, "warn", "off, warn (log it), or strict (answer SCHEMA_NOT_READY until the schema is right).",
			oneOf(func(c *Config) *string { return &c.Drift.Policy }, "off", "warn", "strict"), plain},
		{"SCHEMA_DRIFT_INTERVAL", group, "1h", "Time between two checks: seconds, or a duration; 0 checks once, at the start.",
			duration(0, 7*24*time.Hour, func(c *Config) *time.Duration { return &c.Drift.Interval }), plain},
	}
}

func documentVariables() []variable {
	const group = "Documents"
	return []variable{
		{"DOCUMENT_TIMEOUT", group, "15", "Longest reading of one file: seconds, or a duration.",
			duration(100*time.Millisecond, 10*time.Minute, func(c *Config) *time.Duration { return &c.Documents.Timeout }), plain},
		{"DOCUMENT_WORKERS", group, "2", "PDF files read at the same time; each may take 128 MB.",
			integer(1, 64, func(c *Config) *int { return &c.Documents.Workers }), plain},
		{"CACHE_DIR", group, "", "Folder for the compiled PDF engine; by default one in the user's cache folder.",
			text(func(c *Config) *string { return &c.Documents.CacheDir }), plain},
	}
}

func logVariables() []variable {
	const group = "Log"
	return []variable{
		{"LOG_LEVEL", group, "info", "debug, info, warn or error.", level, plain},
		{"LOG_FORMAT", group, "text", "text or json.",
			oneOf(func(c *Config) *string { return &c.Log.Format }, "text", "json"), plain},
	}
}

func modelVariables() []variable {
	const group = "Language model: everything works without one"
	return []variable{
		{"LLM_PROVIDER", group, "none", "none, openai (or any server that speaks its protocol), anthropic or ollama.",
			oneOf(func(c *Config) *string { return &c.LLM.Provider }, NoModel, "openai", "anthropic", "ollama"), plain},
		{"LLM_API_KEY", group, "", "Key of the provider.",
			secret(func(c *Config) *Secret { return &c.LLM.APIKey }), hidden},
		{"LL_MODEL", group, "", "Old spelling of LLM_MODEL, read when that is unset.",
			text(func(c *Config) *string { return &c.LLM.Model }), plain},
		{"LLM_MODEL", group, "", "Name of the model, such as gpt-4o-mini.",
			text(func(c *Config) *string { return &c.LLM.Model }), plain},
		{"LLM_BASE_URL", group, "", "Address of the server, such as http://127.0.0.1:1234/v1; by default the provider's own.",
			address(func(c *Config) *string { return &c.LLM.BaseURL }), plain},
		{"LLM_FALLBACK_MODEL", group, "", "Another model of the same provider, asked when the first one fails.",
			text(func(c *Config) *string { return &c.LLM.FallbackModel }), plain},
		{"LLM_TIMEOUT", group, "60", "Longest wait for one answer, retries included: seconds, or a duration.",
			duration(time.Second, 10*time.Minute, func(c *Config) *time.Duration { return &c.LLM.Timeout }), plain},
		{"LLM_MAX_OUTPUT_TOKENS", group, "4096", "Longest answer, in tokens.",
			integer(16, 1_000_000, func(c *Config) *int { return &c.LLM.MaxOutputTokens }), plain},
		{"LLM_TEMPERATURE", group, "0.2", "How freely the model words its answers, from 0 to 2.",
			decimal(0, 2, func(c *Config) *float64 { return &c.LLM.Temperature }), plain},
		{"LLM_PRICE_INPUT", group, "0", "US dollars for a million tokens sent.",
			decimal(0, maxPrice, func(c *Config) *float64 { return &c.LLM.Prices.Input }), plain},
		{"LLM_PRICE_OUTPUT", group, "0", "US dollars for a million tokens answered.",
			decimal(0, maxPrice, func(c *Config) *float64 { return &c.LLM.Prices.Output }), plain},
		{"LLM_PRICE_EMBEDDING", group, "0", "US dollars for a million tokens embedded.",
			decimal(0, maxPrice, func(c *Config) *float64 { return &c.LLM.Prices.Embedding }), plain},
		{"LLM_DAILY_TOKEN_BUDGET", group, "0", "Tokens a workspace may use in a UTC day; 0 for no limit. Above it, answers are made without a model.",
			integer(0, 2_000_000_000, func(c *Config) *int { return &c.LLM.DailyTokenBudget }), plain},
		{"LLM_REDACT", group, "false", "true sends placeholders for name, e-mail, phone, street and links, and restores them in the answer.",
			boolean(func(c *Config) *bool { return &c.LLM.Redact }), plain},
		{"LLM_LOCAL_ONLY", group, "false", "true refuses every model and embedding server whose address is neither loopback nor private.",
			boolean(func(c *Config) *bool { return &c.LLM.LocalOnly }), plain},
		{"LLM_CACHE_CLEAN_INTERVAL_SECONDS", group, "600", "Time between two removals of expired answers: seconds, or a duration.",
			duration(time.Second, 24*time.Hour, func(c *Config) *time.Duration { return &c.LLM.CacheCleanInterval }), plain},
		{"LLM_CACHE_MAX_DELETE_BATCH", group, "500", "Expired answers removed by one statement.",
			integer(1, 10_000, func(c *Config) *int { return &c.LLM.CacheMaxDeleteBatch }), plain},
	}
}

func embeddingVariables() []variable {
	const group = "Embeddings: meaning beside words in the match"
	return []variable{
		{"EMBEDDING_PROVIDER", group, "none", "none, openai (or any server that speaks its protocol) or ollama.",
			oneOf(func(c *Config) *string { return &c.Embedding.Provider }, NoModel, "openai", "ollama"), plain},
		{"EMBEDDING_MODEL", group, "", "Name of the model, such as text-embedding-3-small.",
			text(func(c *Config) *string { return &c.Embedding.Model }), plain},
		{"EMBEDDING_BASE_URL", group, "", "Address of the server; by default the provider's own.",
			address(func(c *Config) *string { return &c.Embedding.BaseURL }), plain},
		{"EMBEDDING_API_KEY", group, "", "Key of the provider; LLM_API_KEY where provider and address are those of the language model.",
			secret(func(c *Config) *Secret { return &c.Embedding.APIKey }), hidden},
	}
}

func backgroundVariables() []variable {
	const group = "Background work"
	return []variable{
		{"TASK_WORKERS", group, "2", "Tasks this process works on at the same time.",
			integer(1, 64, func(c *Config) *int { return &c.Background.Workers }), plain},
		{"DISABLE_BACKGROUND_TASKS", group, "false", "true schedules nothing behind the requests: deferred uploads are processed at once, and cleaning up is left to resume-matcher cleanup.",
			boolean(func(c *Config) *bool { return &c.Background.Disabled }), plain},
	}
}

func plain(value string) string  { return value }
func hidden(value string) string { return Secret(value).String() }

// Sample returns the text of .env.sample: every variable with its meaning and default.
func Sample() string {
	var b strings.Builder
	b.WriteString("# Copy to .env and change what you need: the environment wins over .env, and .env over the defaults shown.\n")
	b.WriteString("# An empty variable counts as unset. Single quotes keep a value with # or $ as it is: NAME='a$b#c'.\n")
	group := ""
	for _, variable := range variables() {
		if variable.group != group {
			group = variable.group
			b.WriteString("\n# " + group + "\n")
		}
		b.WriteString("\n# " + variable.doc + "\n" + variable.name + "=" + variable.fallback + "\n")
	}
	return b.String()
}
