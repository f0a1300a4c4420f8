package transfer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Digest counts rows and sums them up in a checksum that does not depend on their order, so that neither database
// has to sort for it: the sum, modulo 2^128, of the first half of each row's SHA-256 over its canonical text.
type Digest struct {
	Rows int64
	sum  rowHash
}

// rowHash is a 128-bit number.
type rowHash struct{ high, low uint64 }

func hashRow(canonical []byte) rowHash {
	h := sha256.Sum256(canonical)
	return rowHash{binary.BigEndian.Uint64(h[:8]), binary.BigEndian.Uint64(h[8:16])}
}

func (d *Digest) add(h rowHash) {
	var carry uint64
	d.sum.low, carry = bits.Add64(d.sum.low, h.low, 0)
	d.sum.high, _ = bits.Add64(d.sum.high, h.high, carry)
	d.Rows++
}

// Checksum returns the sum in hexadecimal.
func (d Digest) Checksum() string { return fmt.Sprintf("%016x%016x", d.sum.high, d.sum.low) }

// hasher hashes the rows of one table.
type hasher struct {
	table table
	// forPostgres makes it refuse what Postgres can't store.
	forPostgres bool
	canonical   []byte
}

func (h *hasher) hash(row []any) (rowHash, error) {
	h.canonical = h.canonical[:0]
	for i, c := range h.table.columns {
		start := len(h.canonical)
		var err error
		h.canonical, err = appendCanonical(h.canonical, c.kind, row[i])
		if err == nil && h.forPostgres {
			err = checkStorable(c.kind, row[i], h.canonical[start:])
		}
		if err != nil {
			return rowHash{}, rowError(h.table, row, i, err)
		}
	}
	return hashRow(h.canonical), nil
}

// both returns the hash of the row and that of its first pass.
func (h *hasher) both(row []any) (whole, first rowHash, err error) {
	if whole, err = h.hash(row); err != nil {
		return whole, whole, err
	}
	r, changed := h.table.firstPass(row)
	if !changed {
		return whole, whole, nil
	}
	first, err = h.hash(r)
	return whole, first, err
}
