package config

import (
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// AuthLocal is the Auth.Mode of a server that something else guards.
const AuthLocal = "local"

// Auth says how requests prove whose they are, beside the sessions of Session.
type Auth struct {
	// Mode is empty, or AuthLocal: requests without a credential act in the one local workspace, wherever they come from.
	Mode string
	// JWKSURL, Issuer and Audience name an identity provider; all of them are set, or none.
	JWKSURL, Issuer, Audience string
}

// Open tells that nothing asks for a credential.
func (c *Config) Open() bool { return c.Session.SecretKey == "" && c.Auth.JWKSURL == "" }

func accessVariables() []variable {
	const group = "Who may call: without these, one local workspace for requests from this machine"
	return []variable{
		{"SESSION_SECRET_KEY", group, "", "Strong random key of at least 32 characters that signs sessions, such as openssl rand -hex 32 makes; a comma list rotates it, newest first.",
			secret(func(c *Config) *Secret { return &c.Session.SecretKey }), hidden},
		{"SESSION_COOKIE", group, "same-site", "same-site, cross-site for a frontend at another site, or insecure for plain HTTP in a trusted network.",
			oneOf(func(c *Config) *string { return &c.Session.Cookie }, "same-site", "cross-site", "insecure"), plain},
		{"AUTH_MODE", group, "", "local serves one workspace without credentials on any HOST: something else must guard the door.",
			oneOf(func(c *Config) *string { return &c.Auth.Mode }, AuthLocal), plain},
		{"AUTH_JWKS_URL", group, "", "Where an identity provider publishes the keys of its RS256 and ES256 tokens.",
			address(func(c *Config) *string { return &c.Auth.JWKSURL }), plain},
		{"AUTH_ISSUER", group, "", "The issuer its tokens must name.",
			text(func(c *Config) *string { return &c.Auth.Issuer }), plain},
		{"AUTH_AUDIENCE", group, "", "The audience its tokens must name.",
			text(func(c *Config) *string { return &c.Auth.Audience }), plain},
		{"RETENTION_DAYS", group, "0", "Days after which a workspace nobody used is deleted with all it holds; 0 keeps it.",
			integer(0, 36500, func(c *Config) *int { return &c.Background.RetentionDays }), plain},
	}
}

// checkAccess finds what is wrong between variables.
func (s settings) checkAccess(cfg *Config) []Problem {
	var problems []Problem
	provider := []string{"AUTH_JWKS_URL", "AUTH_ISSUER", "AUTH_AUDIENCE"}
	set := slices.DeleteFunc(slices.Clone(provider), func(name string) bool { return s[name].value == "" })
	for _, name := range provider {
		if len(set) > 0 && !slices.Contains(set, name) {
			problems = append(problems, Problem{name, "must be set too, as " + set[0] + " is"})
		}
	}
	if cfg.Auth.Mode == AuthLocal && !cfg.Open() {
		problems = append(problems, Problem{"AUTH_MODE", "must be unset where SESSION_SECRET_KEY or AUTH_JWKS_URL is set: local asks for no credential"})
	}
	if u, err := url.Parse(cfg.Auth.JWKSURL); err == nil && u.Scheme == "http" && !isLoopbackHost(u.Hostname()) {
		problems = append(problems, Problem{"AUTH_JWKS_URL", "must begin with https://, except on this machine"})
	}
	return problems
}

// Loopback tells whether only this machine can reach the server.
func (s Server) Loopback() bool { return isLoopbackHost(s.Host) }

func isLoopbackHost(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// prefixes reads a comma list of addresses and networks.
func prefixes(field func(*Config) *[]netip.Prefix) setter {
	return func(cfg *Config, value string) error {
		for _, item := range strings.Split(value, ",") {
			prefix, err := parsePrefix(strings.TrimSpace(item))
			if err != nil {
				return errors.New("must be a comma list of addresses and networks, such as 10.0.0.0/8 or 127.0.0.1")
			}
			*field(cfg) = append(*field(cfg), prefix)
		}
		return nil
	}
}

func parsePrefix(item string) (netip.Prefix, error) {
	if prefix, err := netip.ParsePrefix(item); err == nil {
		return prefix.Masked(), nil
	}
	addr, err := netip.ParseAddr(item)
	if err != nil {
		return netip.Prefix{}, err
	}
	return addr.Unmap().Prefix(addr.Unmap().BitLen())
}
