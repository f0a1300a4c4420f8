package redact

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func TestEmailsAreMasked(t *testing.T) {
	for in, want := range map[string]string{
		"jane.doe@example.com":                            "[email]",
		"jane+jobs@mail.example.co.uk wrote":              "[email] wrote",
		"<jane_doe@example.org>, see":                     "<[email]>, see",
		"mailto:jane@example.com.":                        "mailto:[email].",
		"email=jane@example.com&x=1":                      "email=[email]&x=1",
		"/r?email=jane%40example.com&page=2":              "/r?email=[email]&page=2",
		"/r?email=jane%2Bjobs%40example.com":              "/r?email=[email]",
		"'jane@example.com'":                              "'[email]'",
		"o'hara@example.com":                              "[email]",
		"jürgen.müller@exämple.de":                        "[email]",
		"张伟@例子.中国":                                        "[email]",
		"राम@example.com":                                 "[email]",
		"jane@xn--exmple-cua.de!":                         "[email]!",
		`{"email":"jane@example.com"}`:                    `{"email":"[email]"}`,
		`"jane doe"@example.com`:                          "[email]",
		"a@example.com,b@example.com;c@example.com":       "[email],[email];[email]",
		"postgres://app:secret@db.example.com/resumes":    "postgres://app:[email]/resumes",
		"JANE@EXAMPLE.COM":                                "[email]",
		"jane@example.com5551234567":                      "[email]",
		"1234567890@example.com":                          "[email]",
		"a@b.cc@d.ee":                                     "[email]@d.ee",
		"duplicate key (email)=(jane@example.com) exists": "duplicate key (email)=([email]) exists",
	} {
		assert.Equal(t, want, String(in))
	}
}

func TestPhoneNumbersAreMasked(t *testing.T) {
	for _, phone := range []string{
		"+49 (0)30 123456-78", "+49 30 12345678", "+4930123456", "+49-171-5550123", "+49/171/5550123", "0049 30 123456",
		"0049301234567", "00 49 30 1234567", "(+49) 30 123456", "+(49) 171 5550123", "030 123456-78", "(030) 123456",
		"(030) 1234 5678", "0171/1234567", "0171-5550123", "0171 55 50 123", "01715550123", "089/1234-56", "030/123456",
		"(0)30 1234567", "(555) 123-4567", "(555)123-4567", "555-123-4567", "555.123.4567", "555 123 4567", "1-555-123-4567",
		"1 (555) 123-4567", "+1 555 123 4567", "+1 (555) 123-4567", "+1.555.123.4567", "+15551234567", "1.800.555.0199",
		"+33 6 12 34 56 78", "06 12 34 56 78", "01.23.45.67.89", "01-23-45-67-89", "+44 20 7946 0958", "020 7946 0958",
		"07700 900123", "+44 (0)7700 900123", "+86 138 0013 8000", "138 0013 8000", "138-0013-8000", "+34 612 34 56 78",
		"612 34 56 78", "91 123 45 67", "+91 98765 43210", "(11) 91234-5678", "(02) 9876 5432", "0412 345 678", "+7 (912) 345-67-89", "+234 803 123 4567", "+45 12 34 56 78", "+55 11 91234-5678", "+41 44 123 45 67",
		"044 123 45 67", "+43 1 5550123", "+46 8 123 456 78", "+81 3-1234-5678", "080-1234-5678", "+7 912 345-67-89",
		"+48 601 234 567", "601-234-567", "+358 40 1234567", "+971 50 123 4567", "+49\u00a0171\u00a05550123", "+49 171 555\u201101\u201123",
	} {
		assert.Equal(t, "[phone]", String(phone))
		assert.Equal(t, "call [phone], or write", String("call "+phone+", or write"), phone)
		assert.Equal(t, `{"phone":"[phone]"}`, String(`{"phone":"`+phone+`"}`), phone)
		assert.Equal(t, "on 2021-03-12 14:05:33 from [phone]", String("on 2021-03-12 14:05:33 from "+phone))
	}
}

func TestPhoneNumbersInText(t *testing.T) {
	for in, want := range map[string]string{
		"Tel.: 030 123456-78 Berlin":                   "Tel.: [phone] Berlin",
		"Tel.030/1234567":                              "Tel.[phone]",
		"phone=5551234567&x=2":                         "phone=[phone]&x=2",
		"phone: 555-1234":                              "phone: [phone]",
		`"phone_number":"5551234567"`:                  `"phone_number":"[phone]"`,
		"tel:+49-30-1234567":                           "tel:[phone]",
		"q=%2B4930123456&x":                            "q=%2B[phone]&x",
		"+49 171 5550123 2021-03-12":                   "[phone] 2021-03-12",
		"+49 171 5550123 14:05:33":                     "[phone] 14:05:33",
		"+33 6 12 34 56 78 2019-2021":                  "[phone] 2019-2021",
		"+1 555 123 4567 200 35ms":                     "[phone] 200 35ms",
		"555-123-4567 200":                             "[phone] 200",
		"555-123-4567,555-123-4568":                    "[phone],[phone]",
		"555-123-4567 / 0171 5550123":                  "[phone] / [phone]",
		"id 200 0171/5550123 ok":                       "id 200 [phone] ok",
		"(Tel. 030 1234567)":                           "(Tel. [phone])",
		"jane@example.com | +49 30 1234567 | Berlin":   "[email] | [phone] | Berlin",
		"2021-03-12T14:05:33Z +49 30 1234567 00:00:01": "2021-03-12T14:05:33Z [phone] 00:00:01",
	} {
		assert.Equal(t, want, String(in))
	}
}

// kept are texts without personal data that look like it.
var kept = []string{
	"", "no digits at all", "2021-03-12", "2021-03-12T14:05:33.123456789Z", "2021-03-12T14:05:33+01:00", "2021-03-12 14:05:33,123 INFO",
	"2021-03-12T14:05:33+0100", "20210312T140533Z", "12.03.2021", "1.3.2021", "01.02.2021 - 03.04.2022", "03/12/2021", "12/03/2021", "01-02-2021",
	"2021/03/12 10:00:00 listening", "01.02.21 - 03.04.22", "05/2019 - 06/2021", "03.2019 – 05.2021", "2019-2021", "2019 - 2021", "1999–2004",
	"f47ac10b-58cc-4372-a567-0e02b2c3d479", "a1b2c3d4-0123-4567-8901-012345678901", "12345678-1234-4567-8901-123456789012",
	"00000000-0000-7000-8000-000000000001", "0191e2b8-7f00-7c3d-9a5e-0123456789ab", "1.24.3", "v1.31.2", "go1.26.8", "10.0.19045.3803", "6.1.0-18-amd64",
	"v0.0.0-20230129092748-24d4a6f8daec", "left-pad@1.3.0", "golang.org/x/net@v0.62.0", "$1,234,567.89", "1.234.567,89 €", "+1.234.567,89 €", "1 234 567,89",
	"12 345 678 bytes", "50.000-60.000 EUR", "USD 1234567.89", "192.168.100.200:8080", "10.0.0.1", "127.0.0.1:8000", "255.255.255.255/24", "2001:db8:0:123:4567:89ab:cdef:1",
	"[::1]:54321", "1h2m3.5s", "35.123456ms", "10:00:00.123456789", "14:05:33.012345678", "0.123456789", "3.14159265358979", "1e10",
	"d41d8cd98f00b204e9800998ecf8427e", "0171234567abcdef0171234567abcdef", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"1048576", "5242880 bytes", "1700000000", "1700000000000", "-1234567", "id=12345678901", "status 200 12 35", "SQLSTATE 23505", "ERROR 08006", "file.go:123",
	"request 0001234567", "rows=1000000 size=134217728", "65536-131072", "4111 1111 1111 1111", "ISBN 978-3-16-148410-0", "#123456", "100%", "x@y", "@handle", "a@", "@example.com",
	"user at example.com", "C++ 20 and C# 12", "INV-2021-0171-555012", "line 10:12, column 5", "[200 404 500]", "0x0123456789", "12:30-14:45", "0.012345678", "2021-03-12 14:05:33.123 +0000 UTC m=+0.012345678",
	"goroutine 17 +0x1234567", "batch 100 200 3000", "10.1.2020-12.3.2021", "2019/2020/2021", "CHF 1'234'567.89", "GMT+02:00 2021", "[email] and [phone]",
}

func TestOtherTextStays(t *testing.T) {
	for _, text := range kept {
		assert.Equal(t, text, String(text))
		assert.Equal(t, "a "+text+" b", String("a "+text+" b"))
		assert.Equal(t, "x="+text, String("x="+text))
	}
}

func TestNothingToMaskAllocatesNothing(t *testing.T) {
	line := strings.Join(kept, " | ")
	assert.Zero(t, testing.AllocsPerRun(100, func() { String(line) }))
}

var address = regexp.MustCompile(`[\pL\pN]@[\pL\pN]+(\.[\pL\pN]+)*\.\pL{2}`)

func FuzzString(f *testing.F) {
	for _, text := range kept {
		f.Add(text)
	}
	f.Add("jane@example.com +49 (0)30 123456-78 (555) 123-4567 %40 a@b.cc@d.ee \"x y\"@example.org tel 1234567")
	f.Fuzz(func(t *testing.T, text string) {
		masked := String(text)
		assert.Equal(t, masked, String(masked), "masking twice changes nothing")
		assert.NotRegexp(t, address, masked)
		if utf8.ValidString(text) {
			assert.True(t, utf8.ValidString(masked))
		}
		const line = "2021-03-12T14:05:33Z f47ac10b-58cc-4372-a567-0e02b2c3d479 12.03.2021"
		assert.True(t, strings.HasPrefix(String(line+"\n"+text), line+"\n"), "dates and ids stay")
		assert.True(t, strings.HasSuffix(String(text+"\n"+line), "\n"+line), "dates and ids stay")
	})
}

func BenchmarkString(b *testing.B) {
	for name, line := range map[string]string{
		"nothing": "request served method=GET route=/api/v1/resumes/:id status=200 bytes=18231 duration=1.234ms request_id=f47ac10b-58cc-4372-a567-0e02b2c3d479",
		"both":    "upload of jane.doe@example.com, +49 (0)30 123456-78, took 12 ms on 2021-03-12T14:05:33Z",
		"digits":  strings.Repeat("0171 ", 2000),
		"ats":     strings.Repeat("a%40", 2500),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				String(line)
			}
		})
	}
}

func TestFindTellsWhatStringMasks(t *testing.T) {
	text := "Jane, jane@example.com or 5551234567@example.com, call +1 555 123 4567."
	emails, phones := Find(text)
	var found []string
	for _, e := range emails {
		found = append(found, text[e.Start:e.End])
	}
	assert.Equal(t, []string{"jane@example.com", "5551234567@example.com"}, found)
	last := phones[len(phones)-1]
	assert.Equal(t, "+1 555 123 4567", text[last.Start:last.End])
}
