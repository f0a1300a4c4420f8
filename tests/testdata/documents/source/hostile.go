package main

import (
	"archive/zip"
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"resume-matcher/tests/testpdf"
)

// writeHostile writes the files that must be refused, or read without harm.
func writeHostile() {
	plainPDF := filepath.Join(outDir, "ligatures_en.pdf")
	hostile := func(name string) string { return filepath.Join(outDir, "hostile", name) }
	run("qpdf", "--encrypt", "secret", "owner", "256", "--", plainPDF, hostile("encrypted.pdf"))
	run("qpdf", "--encrypt", "", "owner", "256", "--modify=none", "--", plainPDF, hostile("owner_only.pdf"))

	content := ligaturesPDF(people["en"])
	write("hostile/truncated.pdf", content[:len(content)/3])
	image := "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>\nstream\n\x80\nendstream"
	write("hostile/scan.pdf", testpdf.File("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>",
		stream("q 595 0 0 842 0 0 cm /I Do Q"), image))
	write("hostile/loop.pdf", testpdf.File("<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"))
	write("hostile/pages.pdf", testpdf.File("<</Type/Catalog/Pages 2 0 R>>",
		"<</Type/Pages/Kids["+strings.Repeat("3 0 R ", 31)+"]/Count 31>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"))

	write("hostile/bomb.docx", packDOCX(docx{body: para("", "", strings.Repeat("a", 48<<20))}))
	write("hostile/depth.docx", packDOCX(docx{body: strings.Repeat("<w:p>", 5000)}))
	write("hostile/empty.docx", packDOCX(docx{body: "<w:p/>"}))
	whole := packDOCX(headerDOCX(people["en"]))
	write("hostile/truncated.docx", whole[:len(whole)/2])

	write("hostile/old.doc", ole("WordDocument"))
	write("hostile/encrypted.docx", ole("EncryptedPackage"))
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	_, err := archive.Create("holiday/photo.jpg")
	check(err)
	check(archive.Close())
	write("hostile/archive.zip", packed.Bytes())
	write("hostile/picture.png", []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00"))
	write("hostile/program.bin", append([]byte("\x7fELF\x02\x01\x01"), make([]byte, 200)...))
	write("hostile/blank.txt", []byte("\xEF\xBB\xBF \r\n\t\r\n"))
	write("hostile/groups.rtf", []byte(`{\rtf1 `+strings.Repeat("{", 5000)))
}

// ole is the head of an OLE container with the name of one stream in its directory.
func ole(name string) []byte {
	content := append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 1016)...)
	for i, unit := range utf16.Encode([]rune(name)) {
		content[512+2*i], content[513+2*i] = byte(unit), byte(unit>>8)
	}
	return content
}
