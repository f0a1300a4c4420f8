package config

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAccessIsCheckedTogether(t *testing.T) {
	provider := map[string]string{
		"AUTH_JWKS_URL": "https://login.example.com/keys", "AUTH_ISSUER": "https://login.example.com", "AUTH_AUDIENCE": "resumes",
	}
	with := func(changes map[string]string) map[string]string {
		all := map[string]string{}
		for _, env := range []map[string]string{provider, changes} {
			for name, value := range env {
				all[name] = value
			}
		}
		return all
	}
	tests := map[string]struct {
		env   map[string]string
		wrong []string
	}{
		"nothing":                    {nil, nil},
		"a provider":                 {provider, nil},
		"a provider on this machine": {with(map[string]string{"AUTH_JWKS_URL": "http://127.0.0.1:9000/keys"}), nil},
		"a provider and sessions":    {with(map[string]string{"SESSION_SECRET_KEY": sampleSecret}), nil},
		"keys over plain web":        {with(map[string]string{"AUTH_JWKS_URL": "http://login.example.com/keys"}), []string{"AUTH_JWKS_URL"}},
		"no issuer":                  {with(map[string]string{"AUTH_ISSUER": ""}), []string{"AUTH_ISSUER"}},
		"an audience alone":          {map[string]string{"AUTH_AUDIENCE": "resumes"}, []string{"AUTH_JWKS_URL", "AUTH_ISSUER"}},
		"local and a provider":       {with(map[string]string{"AUTH_MODE": "local"}), []string{"AUTH_MODE"}},
		"local and sessions":         {map[string]string{"AUTH_MODE": "local", "SESSION_SECRET_KEY": sampleSecret}, []string{"AUTH_MODE"}},
		"another mode":               {map[string]string{"AUTH_MODE": "open"}, []string{"AUTH_MODE"}},
		"another cookie":             {map[string]string{"SESSION_COOKIE": "none"}, []string{"SESSION_COOKIE"}},
		"a proxy by name":            {map[string]string{"TRUSTED_PROXIES": "10.0.0.0/8, proxy.example.com"}, []string{"TRUSTED_PROXIES"}},
		"an admin port alone":        {map[string]string{"ADMIN_ADDRESS": "6060"}, []string{"ADMIN_ADDRESS"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := loadWith(t, test.env, "")
			if test.wrong == nil {
				require.NoError(t, err)
				return
			}
			var wrong *ValidationError
			require.ErrorAs(t, err, &wrong)
			var names []string
			for _, problem := range wrong.Problems {
				names = append(names, problem.Variable)
			}
			assert.Equal(t, test.wrong, names)
			assert.NotContains(t, err.Error(), sampleSecret)
		})
	}
}

func TestTheOneAuthModeIsNamed(t *testing.T) {
	_, err := loadWith(t, map[string]string{"AUTH_MODE": "open"}, "")
	require.ErrorContains(t, err, "AUTH_MODE must be local or unset")
}

func TestTrustedProxies(t *testing.T) {
	cfg, err := loadWith(t, map[string]string{"TRUSTED_PROXIES": "100.64.0.0/10, 10.1.2.3/8,127.0.0.1 ,::1,::ffff:192.0.2.1"}, "")
	require.NoError(t, err)
	var got []string
	for _, prefix := range cfg.Server.TrustedProxies {
		got = append(got, prefix.String())
	}
	assert.Equal(t, []string{"100.64.0.0/10", "10.0.0.0/8", "127.0.0.1/32", "::1/128", "192.0.2.1/32"}, got)
	assert.True(t, cfg.Server.TrustedProxies[0].Contains(netip.MustParseAddr("100.100.0.1")))
}

func TestLoopback(t *testing.T) {
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost": true, "127.0.0.1": true, "127.9.9.9": true, "::1": true, "::ffff:127.0.0.1": true,
		"0.0.0.0": false, "::": false, "192.0.2.1": false, "example.com": false, "localhost.example.com": false,
	} {
		assert.Equal(t, want, Server{Host: host}.Loopback(), host)
	}
}
