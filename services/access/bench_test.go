package access_test

import (
	"testing"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"resume-matcher/models"
)

func BenchmarkBearer(b *testing.B) {
	i := newIssuer(b, publicKey("rsa", rsaKey()), publicKey("ec", ecKey()))
	w := i.world(b)
	session, err := w.Start(b.Context())
	require.NoError(b, err)
	token, _ := w.create(b, models.ScopeRead, 0)
	claims := claimsAt(w.clock.now())
	for _, test := range []struct{ name, bearer string }{
		{"session", session.Token},
		{"forged session", session.Token[:len(session.Token)-6] + "AAAAAA"},
		{"API token", token},
		{"RS256", signed(jwt.SigningMethodRS256, "rsa", claims, rsaKey())},
		{"ES256", signed(jwt.SigningMethodES256, "ec", claims, ecKey())},
	} {
		b.Run(test.name, func(b *testing.B) {
			for b.Loop() {
				_, _ = w.Bearer(b.Context(), test.bearer)
			}
		})
	}
}
