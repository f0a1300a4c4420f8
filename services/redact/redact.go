// Package redact masks e-mail addresses and phone numbers in text, and in everything a process logs.
package redact

import "strings"

// The texts that stand for what was masked. They hold no digit and no @, so that masking twice changes nothing.
const (
	emailMask = "[email]"
	phoneMask = "[phone]"
)

// String masks the e-mail addresses and phone numbers of s, in time linear in its length.
//
// Dates, times, UUIDs, year ranges, versions, money, network addresses, hashes and plain integers stay. A text
// without anything to mask is returned as it is, without an allocation.
func String(s string) string { return maskText(s, false) }

// maskText masks s; named says that s is the value of something called a phone number, so that digits suffice.
func maskText(s string, named bool) string {
	return maskPhones(maskEmails(s, nil), named, nil)
}

// Span is a part of a text in bytes, End exclusive.
type Span struct{ Start, End int }

// Find returns the places of the e-mail addresses and phone numbers that String masks, each in ascending order. A
// number within an address may be among the phone numbers.
func Find(s string) (emails, phones []Span) {
	maskEmails(s, &emails)
	maskPhones(s, false, &phones)
	return emails, phones
}

// splicer builds a copy of a text with parts replaced, and allocates only when there is a part.
type splicer struct {
	text    string
	built   strings.Builder
	written int // how much of text is built
	spans   *[]Span
}

func (p *splicer) replace(start, end int, mask string) {
	if p.spans != nil {
		*p.spans = append(*p.spans, Span{Start: start, End: end})
	}
	p.built.WriteString(p.text[p.written:start])
	p.built.WriteString(mask)
	p.written = end
}

func (p *splicer) String() string {
	if p.written == 0 {
		return p.text
	}
	p.built.WriteString(p.text[p.written:])
	return p.built.String()
}
