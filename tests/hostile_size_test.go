//go:build !race

package tests

// hostileSize is nearly what a posting may be long.
const hostileSize = 100 << 10
