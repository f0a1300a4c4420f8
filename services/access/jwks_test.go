package access

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func FuzzKeySet(f *testing.F) {
	// The coordinates are those of P-256's base point, SP 800-186.
	for _, seed := range []string{
		`{"keys":[{"kty":"EC","kid":"a","crv":"P-256","x":"axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY","y":"T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}`,
		`{"keys":[{"kty":"RSA","kid":"b","n":"` + strings.Repeat("_", 342) + `","e":"AQAB"}]}`,
		`{"keys":[{"kty":"oct","kid":"c","k":"AA"}]}`, `{"keys":null}`, `[]`, ``, `{"keys":[null,{}]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		keys, err := parseKeySet(body)
		require.Equal(t, err != nil, len(keys) == 0)
		for id, key := range keys {
			require.NotEmpty(t, id.kid)
			switch k := key.(type) {
			case *rsa.PublicKey:
				require.Equal(t, algRS256, id.algorithm)
				require.GreaterOrEqual(t, k.N.BitLen(), minRSABits)
				require.LessOrEqual(t, k.N.BitLen(), maxRSABits)
			case *ecdsa.PublicKey:
				require.Equal(t, algES256, id.algorithm)
				require.Equal(t, 256, k.Params().BitSize)
			default:
				require.Failf(t, "unexpected key", "%T", key)
			}
		}
	})
}
