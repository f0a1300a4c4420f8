package tests

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"resume-matcher/models"
	"resume-matcher/tests/testpdf"
)

// pdf is a document with one page, by hand: catalog is added to its catalog, page is its content.
func pdf(catalog, page string) string {
	return pdfOf(
		"<</Type/Catalog/Pages 2 0 R"+catalog+">>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
		"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
		pdfStream("", page),
	)
}

func pdfPage(text string) string { return "BT /F1 12 Tf 50 700 Td (" + text + ") Tj ET" }

func pdfStream(dictionary, content string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dictionary, len(content), content)
}

func pdfOf(objects ...string) string { return string(testpdf.File(objects...)) }

// deflated compresses content several times.
func deflated(t *testing.T, content string, times int) string {
	t.Helper()
	data := []byte(content)
	for range times {
		var b bytes.Buffer
		w, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
		require.NoError(t, err)
		_, err = w.Write(data)
		require.NoError(t, err)
		require.NoError(t, w.Close())
		data = b.Bytes()
	}
	return string(data)
}

// TestPDFBombs uploads documents that cost much more than they weigh.
func TestPDFBombs(t *testing.T) {
	x := newTarget(t)
	x.suffer(t, func(x target) []attack {
		const catalog = "<</Type/Catalog/Pages 2 0 R>>"
		const font = "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
		page := "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R" + font + ">>>>"
		upload := func(content string) string { return x.upload("cv.pdf", content) }
		bomb := deflated(t, strings.Repeat(pdfPage("a")+"\n", 2<<20), 3)
		return concat(
			refused(http.StatusRequestEntityTooLarge, models.KindFileTooLarge, map[string]string{
				"10,000 pages": upload(pdfOf(catalog, "<</Type/Pages/Kids["+strings.Repeat("3 0 R ", 10_000)+"]/Count 10000>>", page, pdfStream("", pdfPage("Ada")))),
			}),
			refused(http.StatusUnprocessableEntity, models.KindDocumentUnreadable, map[string]string{
				"pages that are their own children": upload(pdfOf(catalog, "<</Type/Pages/Kids[2 0 R]/Count 1>>")),
				"form that paints itself":           upload(pdfOf(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>", pdfStream("", "/X Do"), pdfStream("/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>", "/X Do /X Do"))),
				"70 MB in 9 KB, three times packed": upload(pdfOf(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>", page, pdfStream("/Filter[/FlateDecode/FlateDecode/FlateDecode]", bomb))),
				"only a header":                     upload("%PDF-1.7\n"), "header and noise": upload("%PDF-1.7\n" + strings.Repeat("\x00\xff", 10_000)),
				"dictionaries 100,000 deep": upload(pdfOf(strings.Repeat("<</A", 100_000))),
			}),
			refused(http.StatusUnprocessableEntity, models.KindNoTextLayer, map[string]string{
				"content that is itself": upload(pdfOf(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 3 0 R>>")),
				"only a picture":         upload(pdfOf(catalog, "<</Type/Pages/Kids[3 0 R]/Count 1>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>", pdfStream("", "/X Do"), pdfStream("/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/FlateDecode", deflated(t, strings.Repeat("\x00", 1<<20), 1)))),
			}),
		)
	})
}
