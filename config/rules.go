package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// setter checks a variable's value and stores it; its error is the rule that was broken.
type setter = func(cfg *Config, value string) error

var hostName = regexp.MustCompile(`^(?i)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$`)

func text(field func(*Config) *string) setter {
	return func(cfg *Config, value string) error {
		*field(cfg) = value
		return nil
	}
}

func secret(field func(*Config) *Secret) setter {
	return func(cfg *Config, value string) error {
		*field(cfg) = Secret(value)
		return nil
	}
}

func oneOf(field func(*Config) *string, allowed ...string) setter {
	rule := "must be one of " + strings.Join(allowed, ", ")
	if len(allowed) == 1 {
		rule = "must be " + allowed[0] + " or unset"
	}
	return func(cfg *Config, value string) error {
		value = strings.ToLower(value)
		if !slices.Contains(allowed, value) {
			return errors.New(rule)
		}
		*field(cfg) = value
		return nil
	}
}

func integer(low, high int, field func(*Config) *int) setter {
	return func(cfg *Config, value string) error {
		n, err := strconv.Atoi(value)
		if err != nil || n < low || n > high {
			return fmt.Errorf("must be a whole number from %d to %d", low, high)
		}
		*field(cfg) = n
		return nil
	}
}

func decimal(low, high float64, field func(*Config) *float64) setter {
	return func(cfg *Config, value string) error {
		n, err := strconv.ParseFloat(value, 64)
		// Written so that NaN breaks the rule too.
		if err != nil || !(n >= low && n <= high) {
			return fmt.Errorf("must be a number from %g to %g", low, high)
		}
		*field(cfg) = n
		return nil
	}
}

// size reads a whole number of units of unit bytes.
func size(unit, low, high int64, field func(*Config) *int64) setter {
	return func(cfg *Config, value string) error {
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil || n < low || n > high {
			return fmt.Errorf("must be a whole number from %d to %d", low, high)
		}
		*field(cfg) = n * unit
		return nil
	}
}

func boolean(field func(*Config) *bool) setter {
	return func(cfg *Config, value string) error {
		switch strings.ToLower(value) {
		case "true", "1", "yes", "on":
			*field(cfg) = true
		case "false", "0", "no", "off":
			*field(cfg) = false
		default:
			return errors.New("must be true or false")
		}
		return nil
	}
}

// duration reads a number of seconds or Go's notation (1m30s).
func duration(low, high time.Duration, field func(*Config) *time.Duration) setter {
	return func(cfg *Config, value string) error {
		d, err := time.ParseDuration(value)
		if err != nil {
			d, err = time.ParseDuration(value + "s")
		}
		if err != nil || d < low || d > high {
			return fmt.Errorf("must be seconds or a duration such as 1m30s, from %s to %s", low, high)
		}
		*field(cfg) = d
		return nil
	}
}

func level(cfg *Config, value string) error {
	switch strings.ToLower(value) {
	case "debug":
		cfg.Log.Level = slog.LevelDebug
	case "info":
		cfg.Log.Level = slog.LevelInfo
	case "warn", "warning":
		cfg.Log.Level = slog.LevelWarn
	case "error":
		cfg.Log.Level = slog.LevelError
	default:
		return errors.New("must be debug, info, warn or error")
	}
	return nil
}

func host(field func(*Config) *string) setter {
	return func(cfg *Config, value string) error {
		value = strings.TrimSuffix(strings.TrimPrefix(value, "["), "]")
		if net.ParseIP(value) == nil && !hostName.MatchString(value) {
			return errors.New("must be an IP address or a host name, without scheme and port")
		}
		*field(cfg) = value
		return nil
	}
}

func listenAddress(field func(*Config) *string) setter {
	return func(cfg *Config, value string) error {
		name, port, err := net.SplitHostPort(value)
		_, portErr := strconv.ParseUint(port, 10, 16)
		if err != nil || portErr != nil || (net.ParseIP(name) == nil && !hostName.MatchString(name)) {
			return errors.New("must be host:port, such as 127.0.0.1:6060")
		}
		*field(cfg) = value
		return nil
	}
}

func address(field func(*Config) *string) setter {
	return func(cfg *Config, value string) error {
		u, err := url.Parse(value)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
			return errors.New("must be an http:// or https:// address without user and password")
		}
		*field(cfg) = value
		return nil
	}
}

var errOrigin = errors.New("must be a comma list or a JSON array of *, scheme://host[:port] or https://*.example.com, without paths")

// origins reads a comma list or a JSON array, and drops repetitions.
func origins(field func(*Config) *[]string) setter {
	return func(cfg *Config, value string) error {
		list := strings.Split(value, ",")
		if strings.HasPrefix(value, "[") {
			if err := json.Unmarshal([]byte(value), &list); err != nil {
				return errOrigin
			}
		}
		result := []string{}
		for _, item := range list {
			origin, err := normalizeOrigin(strings.TrimSpace(item))
			if err != nil {
				return err
			}
			if origin != "" && !slices.Contains(result, origin) {
				result = append(result, origin)
			}
		}
		*field(cfg) = result
		return nil
	}
}

// normalizeOrigin returns the origin as browsers send it: lower case, and without a default port.
func normalizeOrigin(raw string) (string, error) {
	if raw == "" || raw == "*" {
		return raw, nil
	}
	scheme, rest, found := strings.Cut(strings.ToLower(strings.TrimSuffix(raw, "/")), "://")
	if !found || (scheme != "http" && scheme != "https") {
		return "", errOrigin
	}
	domain, wildcard := strings.CutPrefix(rest, "*.")
	u, err := url.Parse(scheme + "://" + domain)
	if err != nil || u.Host != domain || u.Hostname() == "" || strings.HasSuffix(u.Host, ":") {
		return "", errOrigin
	}
	name := u.Hostname()
	if net.ParseIP(name) == nil && !hostName.MatchString(name) {
		return "", errOrigin
	}
	// A wildcard over a whole top-level domain would let in everyone.
	if wildcard && (!strings.Contains(name, ".") || net.ParseIP(name) != nil) {
		return "", errOrigin
	}
	if port, err := strconv.Atoi(u.Port()); u.Port() != "" && (err != nil || port < 1 || port > 65535) {
		return "", errOrigin
	}
	if (scheme == "https" && u.Port() == "443") || (scheme == "http" && u.Port() == "80") {
		domain = strings.TrimSuffix(domain, ":"+u.Port())
	}
	if wildcard {
		domain = "*." + domain
	}
	return scheme + "://" + domain, nil
}
