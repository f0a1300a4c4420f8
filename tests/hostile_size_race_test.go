//go:build race

package tests

// hostileSize is smaller under the race detector: parsers are slow there, and share nothing that could race.
const hostileSize = 10 << 10
