// Package config reads the settings of the program: the environment over a .env file over defaults.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/viper"
)

// Config holds every setting in force. A constructor takes the sub-struct it needs.
type Config struct {
	Server     Server
	CORS       CORS
	RateLimit  RateLimit
	Limits     Limits
	Database   Database
	Copy       Copy
	Documents  Documents
	Log        Log
	Observe    Observe
	LLM        LLM
	Embedding  Embedding
	Session    Session
	Auth       Auth
	Background Background
	Drift      Drift

	// Misspelled are variables that are set in vain, in the order of their names.
	Misspelled []Misspelling

	entries []Entry
}

// Server says where to listen and how long to wait for requests in flight at the end.
type Server struct {
	Host            string
	Port            int // 0 picks a free one
	ShutdownTimeout time.Duration
	// TrustedProxies may say for whom they ask.
	TrustedProxies []netip.Prefix
}

// CORS lists the browser origins that may call the API: "*", "scheme://host[:port]", or
// "scheme://*.domain[:port]"; lower case, without a default port or a trailing slash.
type CORS struct {
	AllowedOrigins []string
}

// RateLimit allows Requests requests in each Window to one client, of which some kinds have a lower limit of their own.
type RateLimit struct {
	Enabled    bool
	Requests   int
	Uploads    int
	ModelCalls int
	// Address is the limit of all clients of one address together, Sessions that of the workspaces made for them.
	Address  int
	Sessions int
	Window   time.Duration
}

// Limits bounds what a request may carry, in bytes, and how many uploads are read and wait at the same time.
type Limits struct {
	UploadBytes       int64
	JSONBytes         int64
	UploadConcurrency int
	UploadQueue       int
}

// Database names the database in force and bounds its connections.
type Database struct {
	Dialect string // SQLite or Postgres
	DSN     DSN
	Path    string // the file of a SQLite database, else empty
	Pool    Pool
}

// Pool bounds the connections to Postgres: at most Size+MaxOverflow, of which Size stay open, and at most
// Timeout of waiting for one.
type Pool struct {
	Size        int
	MaxOverflow int
	Timeout     time.Duration
	// StatementTimeout bounds each statement but those of migrations; 0 means no bound.
	StatementTimeout time.Duration
	Pooler           string // "auto", "on" or "off": whether a transaction pooler stands in between
}

// Documents bounds the reading of an uploaded file.
type Documents struct {
	Timeout  time.Duration
	Workers  int
	CacheDir string // where the compiled PDF engine is kept between runs
}

// Log says which records are written, and how.
type Log struct {
	Level  slog.Level
	Format string // "text" or "json"
}

// Session holds the key that signs sessions; a comma list rotates it. Empty means one local workspace.
type Session struct {
	SecretKey Secret
	Cookie    string // "same-site", "cross-site" or "insecure"
}

// Background says what work is done behind requests.
type Background struct {
	Disabled bool
	Workers  int
	// RetentionDays is after how many days a workspace nobody used is deleted; 0 means never.
	RetentionDays int
}

// Drift says what schema drift means for the running program, and how often it looks; 0 means once, at the start.
type Drift struct {
	Policy   string // "off", "warn" or "strict"
	Interval time.Duration
}

// Options says where Load reads from; its zero value is what a running program uses.
type Options struct {
	// EnvFile is read instead of .env in the working folder, and must then exist.
	EnvFile string
}

// Source says where a setting came from.
type Source string

// The sources, strongest first.
const (
	FromEnvironment Source = "environment"
	FromFile        Source = ".env"
	FromDefault     Source = "default"
)

// Entry is one variable as it is in force, fit to be printed: secrets are masked.
type Entry struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Source Source `json:"source"`
}

// Problem is a variable and the rule it breaks; it never holds the value.
type Problem struct {
	Variable string
	Rule     string
}

// ValidationError lists every variable that breaks its rule.
type ValidationError struct {
	Problems []Problem
}

// Error returns one line for each wrong variable.
func (e *ValidationError) Error() string {
	lines := make([]string, 0, len(e.Problems)+1)
	lines = append(lines, "the configuration is wrong:")
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.Variable+" "+p.Rule)
	}
	return strings.Join(lines, "\n")
}

// Load reads the environment, the .env file and the defaults; a variable that is empty counts as unset, and
// one it does not know is ignored, though reported if it resembles a known one. Wrong variables are returned together as a *ValidationError.
func Load(opts Options) (*Config, error) {
	v := viper.New()
	if err := readEnvFile(v, opts.EnvFile); err != nil {
		return nil, err
	}
	var fileNames []string
	for _, name := range v.AllKeys() {
		fileNames = append(fileNames, strings.ToUpper(name)) // viper knows no case
	}
	settings, err := readSettings(v)
	if err != nil {
		return nil, err
	}
	cfg, err := settings.validate()
	if err != nil {
		return nil, err
	}
	cfg.Misspelled = findMisspelled(fileNames)
	return cfg, nil
}

// Entries lists every variable of a loaded configuration, grouped as in .env.sample.
func Entries(cfg *Config) []Entry { return slices.Clone(cfg.entries) }

// settings are the values of all known variables, before they are checked.
type settings map[string]setting

type setting struct {
	value  string
	source Source
}

func readSettings(v *viper.Viper) (settings, error) {
	all := settings{}
	for _, variable := range variables() {
		if err := v.BindEnv(variable.name, variable.name); err != nil {
			return nil, fmt.Errorf("bind %s: %w", variable.name, err)
		}
		v.SetDefault(variable.name, variable.fallback)
		all[variable.name] = readSetting(v, variable)
	}
	return all, nil
}

func readSetting(v *viper.Viper, variable variable) setting {
	value := strings.TrimSpace(v.GetString(variable.name))
	switch {
	case value == "":
		return setting{variable.fallback, FromDefault}
	case os.Getenv(variable.name) != "":
		return setting{value, FromEnvironment}
	case v.InConfig(variable.name):
		return setting{value, FromFile}
	default:
		return setting{value, FromDefault}
	}
}

func readEnvFile(v *viper.Viper, path string) error {
	required := path != ""
	if !required {
		path = ".env"
	}
	v.SetConfigFile(path)
	v.SetConfigType("dotenv")
	err := v.ReadInConfig()
	var unreadable *fs.PathError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist) && !required:
		return nil
	case errors.As(err, &unreadable):
		return fmt.Errorf("read %s: %w", path, unreadable.Err)
	default:
		// The parser quotes the line it stumbles over, which may hold a secret.
		return &ValidationError{Problems: []Problem{{path, "must hold one NAME=value a line, with matching quotes"}}}
	}
}

// validate checks every variable and returns either the configuration or all that is wrong with it.
func (s settings) validate() (*Config, error) {
	cfg := &Config{}
	var problems []Problem
	for _, variable := range variables() {
		current := s[variable.name]
		cfg.entries = append(cfg.entries, Entry{variable.name, variable.print(current.value), current.source})
		if current.value == "" || variable.set == nil {
			continue
		}
		if err := variable.set(cfg, current.value); err != nil {
			problems = append(problems, Problem{variable.name, err.Error()})
		}
	}
	problems = append(problems, s.chooseDatabase(cfg)...)
	problems = append(problems, s.checkModels(cfg)...)
	problems = append(problems, s.checkAccess(cfg)...)
	if len(problems) > 0 {
		return nil, &ValidationError{Problems: problems}
	}
	if cfg.Documents.CacheDir == "" {
		cfg.Documents.CacheDir = defaultCacheDir()
	}
	return cfg, nil
}

// databaseVariables name the database, strongest first.
func databaseVariables() []string {
	return []string{"DATABASE_URL", "SYNC_DATABASE_URL", "ASYNC_DATABASE_URL"}
}

// chooseDatabase takes the strongest of the database variables, and reports those that name another database.
// Variables of the environment hide those of the .env file, so that one command can be given another database.
func (s settings) chooseDatabase(cfg *Config) []Problem {
	var problems []Problem
	var chosen, identity string
	source := s.databaseSource()
	for _, name := range databaseVariables() {
		current := s[name]
		if current.value == "" || current.source != source {
			continue
		}
		database, id, err := parseDatabaseURL(current.value)
		switch {
		case err != nil:
			problems = append(problems, Problem{name, err.Error()})
		case chosen == "":
			chosen, identity = name, id
			database.Pool = cfg.Database.Pool
			cfg.Database = database
		case id != identity:
			problems = append(problems, Problem{name, "must name the same database as " + chosen + ", or be unset"})
		}
	}
	return problems
}

// databaseSource returns the strongest source that names a database.
func (s settings) databaseSource() Source {
	for _, source := range []Source{FromEnvironment, FromFile} {
		for _, name := range databaseVariables() {
			if s[name].value != "" && s[name].source == source {
				return source
			}
		}
	}
	return FromDefault
}

// defaultCacheDir is the user's cache folder, or the temporary one where a service has no home.
func defaultCacheDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "resume-matcher")
}
