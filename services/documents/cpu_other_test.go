//go:build !unix

package documents

// cpuSeconds is 0 where processor time can't be asked for.
func cpuSeconds() float64 { return 0 }
