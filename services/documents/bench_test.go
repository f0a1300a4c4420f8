package documents

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func benchmarkExtract(b *testing.B, name string) {
	extractor := testExtractor(b)
	data := readTestdata(b, name)
	_, err := extractor.Extract(b.Context(), data, name) // the first PDF starts the sandbox
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	started := cpuSeconds()
	b.ResetTimer()
	for b.Loop() {
		if _, err := extractor.Extract(b.Context(), data, name); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(1000*(cpuSeconds()-started)/float64(b.N), "cpu-ms/op")
}

func BenchmarkExtractPDF(b *testing.B) {
	for _, name := range []string{"column_en.pdf", "sidebar_de.pdf", "scrambled_fr.pdf", "ligatures_en.pdf"} {
		b.Run(name, func(b *testing.B) { benchmarkExtract(b, name) })
	}
}

func BenchmarkExtractDOCX(b *testing.B) { benchmarkExtract(b, "header_en.docx") }
func BenchmarkExtractODT(b *testing.B)  { benchmarkExtract(b, "de.odt") }
func BenchmarkExtractRTF(b *testing.B)  { benchmarkExtract(b, "fr.rtf") }
func BenchmarkExtractHTML(b *testing.B) { benchmarkExtract(b, "es.html") }
func BenchmarkExtractText(b *testing.B) { benchmarkExtract(b, "de.txt") }

// BenchmarkFirstPDF measures the first document of a process whose compile cache is filled.
func BenchmarkFirstPDF(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "cache")
	data := readTestdata(b, "column_en.pdf")
	first := func() {
		extractor := New(Options{CacheDir: dir})
		_, err := extractor.Extract(b.Context(), data, "")
		require.NoError(b, err)
		require.NoError(b, extractor.Close())
	}
	first()
	for b.Loop() {
		first()
	}
}
