package config

import (
	"cmp"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// defaultConnectTimeout bounds the dial, in seconds, of a Postgres URL that sets no bound itself.
const defaultConnectTimeout = 10

// tlsModes lists libpq's sslmode values, each stronger than those before it.
var tlsModes = []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}

// driverOnly lists parameters of other drivers that Postgres itself would refuse as unknown settings. Those that ask
// for a stronger check of the server, such as sslaccept, are not among them: to be refused is better than ignored.
var driverOnly = []string{
	"async_fallback", "command_timeout", "connection_limit", "direct_tls", "gssencmode", "keepalives",
	"keepalives_count", "keepalives_idle", "keepalives_interval", "max_cacheable_statement_size",
	"max_cached_statement_lifetime", "pgbouncer", "pool_timeout", "prepared_statement_cache_size",
	"prepared_statement_name_func", "record_class", "server_settings", "sslcompression", "statement_cache_size",
	"tcp_user_timeout", "uselibpqcompat",
}

func parsePostgresURL(rest string) (Database, string, error) {
	rest, found := strings.CutPrefix(rest, "//")
	if !found {
		return Database{}, "", errURLScheme
	}
	parts, err := splitURL(rest)
	if err != nil {
		return Database{}, "", err
	}
	if err := normalizeQuery(parts.query); err != nil {
		return Database{}, "", err
	}
	hosts, err := parseHosts(parts)
	if err != nil {
		return Database{}, "", err
	}
	// Without a path url.URL would leave out the slashes by which pgx knows a URL.
	target := url.URL{Scheme: Postgres, User: parts.user, Path: cmp.Or(parts.path, "/")}
	if len(hosts) == 1 && !hosts[0].isSocket() {
		target.Host = hosts[0].authority()
	} else {
		hosts.intoQuery(parts.query)
	}
	target.RawQuery = encodeQuery(parts.query)
	database := strings.TrimPrefix(parts.path, "/")
	if name := parts.query.Get("dbname"); name != "" {
		database = name
	}
	return Database{Dialect: Postgres, DSN: DSN(target.String())}, Postgres + "|" + hosts.identity() + "|" + database, nil
}

// urlParts are the decoded parts of a URL after its "scheme://".
type urlParts struct {
	user  *url.Userinfo
	hosts string // a comma list of host[:port], undecoded
	path  string
	query url.Values
}

// splitURL takes a URL apart as libpq does, which allows several hosts and a # in the password; net/url
// allows neither, and quotes the whole URL in its errors.
func splitURL(rest string) (urlParts, error) {
	rest, rawQuery, _ := strings.Cut(rest, "?")
	authority, rawPath, hasPath := strings.Cut(rest, "/")
	parts := urlParts{hosts: authority}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, hasPassword := strings.Cut(authority[:at], ":")
		name, nameErr := url.PathUnescape(user)
		secret, secretErr := url.PathUnescape(password)
		if nameErr != nil || secretErr != nil {
			return urlParts{}, errURLMalformed
		}
		parts.user, parts.hosts = url.User(name), authority[at+1:]
		if hasPassword {
			parts.user = url.UserPassword(name, secret)
		}
	}
	var err error
	if parts.query, err = url.ParseQuery(rawQuery); err != nil {
		return urlParts{}, errURLMalformed
	}
	if parts.path, err = url.PathUnescape(rawPath); err != nil {
		return urlParts{}, errURLMalformed
	}
	if hasPath {
		parts.path = "/" + parts.path
	}
	return parts, nil
}

// normalizeQuery rewrites the parameters of other drivers into those of libpq.
func normalizeQuery(query url.Values) error {
	if err := normalizeTLS(query); err != nil {
		return err
	}
	timeout := defaultConnectTimeout
	if seconds := cmp.Or(query.Get("connect_timeout"), query.Get("timeout")); seconds != "" {
		value, err := strconv.ParseFloat(seconds, 64)
		if err != nil || value < 0 || value > 3600 {
			return errURLTimeout
		}
		// Zero asks libpq to wait for ever, which no call of this program does.
		if value > 0 {
			timeout = int(value + 0.999)
		}
	}
	query.Del("timeout")
	query.Set("connect_timeout", strconv.Itoa(timeout))
	// Prisma's way to say that a transaction pooler stands in between, in the words of pgx.
	if asTrue(query.Get("pgbouncer")) && !query.Has("default_query_exec_mode") {
		query.Set("default_query_exec_mode", "exec")
	}
	for _, name := range driverOnly {
		query.Del(name)
	}
	return nil
}

func asTrue(value string) bool {
	return slices.Contains([]string{"true", "1", "on", "yes"}, strings.ToLower(value))
}

// normalizeTLS keeps the strongest of the TLS modes asked for: pgx reads sslmode alone, and would silently
// connect without TLS to a URL that says ssl=require.
func normalizeTLS(query url.Values) error {
	strongest := -1
	for _, name := range []string{"sslmode", "ssl"} {
		for _, value := range query[name] {
			mode := strings.ToLower(strings.TrimSpace(value))
			switch {
			case mode == "":
				continue
			case asTrue(mode):
				mode = "require"
			case slices.Contains([]string{"false", "0", "off", "no"}, mode):
				mode = "disable"
			}
			rank := slices.Index(tlsModes, mode)
			if rank < 0 {
				return errURLTLS
			}
			strongest = max(strongest, rank)
		}
		query.Del(name)
	}
	if strongest >= 0 {
		query.Set("sslmode", tlsModes[strongest])
	}
	return nil
}

// hostPort is one server: a name, an address or the folder of a Unix socket, and its port if stated.
type hostPort struct{ name, port string }

type hostList []hostPort

// parseHosts returns the servers of the authority, unless the query names others.
func parseHosts(parts urlParts) (hostList, error) {
	var hosts hostList
	for entry := range strings.SplitSeq(parts.hosts, ",") {
		host, err := parseHost(entry)
		if err != nil {
			return nil, err
		}
		hosts = append(hosts, host)
	}
	if names := parts.query.Get("host"); names != "" {
		hosts = hosts[:0]
		for name := range strings.SplitSeq(names, ",") {
			host := hostPort{name: name}
			// SQLAlchemy writes host=name:port; a socket's folder may hold a colon of its own.
			if before, port, found := strings.Cut(name, ":"); found && !strings.Contains(name, "/") && !strings.Contains(port, ":") {
				host = hostPort{before, port}
			}
			hosts = append(hosts, host)
		}
	}
	if ports := parts.query.Get("port"); ports != "" {
		list := strings.Split(ports, ",")
		for i := range hosts {
			hosts[i].port = list[min(i, len(list)-1)]
		}
	}
	parts.query.Del("host")
	parts.query.Del("port")
	for _, host := range hosts {
		if !host.isSocket() && net.ParseIP(host.name) == nil && strings.ContainsFunc(host.name, notInHostName) {
			return nil, errURLMalformed
		}
		if host.port == "" {
			continue
		}
		if port, err := strconv.ParseUint(host.port, 10, 16); err != nil || port == 0 {
			return nil, errURLPort
		}
	}
	return hosts, nil
}

func parseHost(entry string) (hostPort, error) {
	if rest, bracketed := strings.CutPrefix(entry, "["); bracketed {
		address, port, closed := strings.Cut(rest, "]")
		if !closed || net.ParseIP(address) == nil || (port != "" && port[0] != ':') {
			return hostPort{}, errURLMalformed
		}
		return hostPort{address, strings.TrimPrefix(port, ":")}, nil
	}
	name, port, _ := strings.Cut(entry, ":")
	name, err := url.PathUnescape(name)
	if err != nil {
		return hostPort{}, errURLMalformed
	}
	return hostPort{name, port}, nil
}

// isSocket says whether the host is the folder of a Unix socket; @ marks one in Linux's abstract namespace.
func (h hostPort) isSocket() bool {
	return (strings.HasPrefix(h.name, "/") || strings.HasPrefix(h.name, "@")) && !strings.Contains(h.name, ",")
}

func notInHostName(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.", r)
}

func (h hostPort) authority() string {
	name := h.name
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if h.port == "" {
		return name
	}
	return name + ":" + h.port
}

// intoQuery writes servers that have no place in a URL's authority: sockets, and several at once.
func (l hostList) intoQuery(query url.Values) {
	names, ports := make([]string, len(l)), make([]string, len(l))
	stated := false
	for i, host := range l {
		names[i], ports[i] = host.name, host.port
		stated = stated || host.port != ""
	}
	query.Set("host", strings.Join(names, ","))
	if stated {
		query.Set("port", strings.Join(ports, ","))
	}
}

// identity names the servers without what differs between two ways to the same database: the default port,
// letter case, and the "-pooler" by which Neon marks the pooled name of a host.
func (l hostList) identity() string {
	names := make([]string, len(l))
	for i, host := range l {
		first, domain, dotted := strings.Cut(cmp.Or(strings.ToLower(host.name), "localhost"), ".")
		if dotted {
			first = strings.TrimSuffix(first, "-pooler") + "." + domain
		}
		names[i] = first + ":" + cmp.Or(host.port, "5432")
	}
	return strings.Join(names, ",")
}
