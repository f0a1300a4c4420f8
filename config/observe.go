package config

// Observe says where the program shows what it does, beside its log and /metrics; empty means nowhere.
type Observe struct {
	// AdminAddress is the host:port that serves pprof and the metrics to operators.
	AdminAddress string
	// OTLPEndpoint is the base URL of an OpenTelemetry collector, over HTTP.
	OTLPEndpoint string
	// OTLPHeaders go with every export, such as a key: name=value pairs between commas.
	OTLPHeaders Secret
	// TraceRatio is the share of requests that are traced, from 0 to 1.
	TraceRatio float64
	SentryDSN  Secret
}

func observeVariables() []variable {
	const group = "Observing: nothing is sent anywhere unless these say so"
	return []variable{
		{"ADMIN_ADDRESS", group, "", "host:port that serves profiles at /debug/pprof/ and the metrics without a credential, such as 127.0.0.1:6060; keep it private.",
			listenAddress(func(c *Config) *string { return &c.Observe.AdminAddress }), plain},
		{"OTEL_EXPORTER_OTLP_ENDPOINT", group, "", "OpenTelemetry collector that traces are sent to over HTTP, such as http://127.0.0.1:4318.",
			address(func(c *Config) *string { return &c.Observe.OTLPEndpoint }), plain},
		{"OTEL_EXPORTER_OTLP_HEADERS", group, "", "Headers for the collector, such as api-key=…: name=value pairs between commas, the values percent-encoded.",
			secret(func(c *Config) *Secret { return &c.Observe.OTLPHeaders }), hidden},
		{"OTEL_TRACES_SAMPLER_ARG", group, "1", "Share of the requests that are traced, from 0 to 1.",
			decimal(0, 1, func(c *Config) *float64 { return &c.Observe.TraceRatio }), plain},
		{"SENTRY_DSN", group, "", "Where unexpected errors are reported, without request data.",
			secret(func(c *Config) *Secret { return &c.Observe.SentryDSN }), hidden},
	}
}
