package llm

import (
	"regexp"
	"strings"
	"unicode"
)

// streetPattern knows addresses by the words that tell a street: "Lindenstraße 12", "Alter Markt 5, 50667", "12 Elm
// Street", "12 rue des Lilas", "Calle del Sol, 12", "Postfach 12 34".
var streetPattern = regexp.MustCompile(strings.Join([]string{
	`\p{Lu}[\p{L}\p{M}.'’-]*(?: \p{Lu}?[\p{L}\p{M}.'’-]+){0,2}?(?:[ -]?(?:[Ss]tra(?:ß|ss)e|[Ss]tr\.|[Ww]eg|[Pp]latz|[Aa]llee|[Gg]asse|[Dd]amm|[Cc]haussee|[Pp]romenade|[Ss]teig|[Ss]traat|[Gg]racht|[Ll]aan)|[ -](?:Ring|Ufer|Markt|Hof)) ?\d{1,3}\b(?: ?[a-zA-Z]\b)?(?: ?[-–/] ?\d{1,3} ?[a-zA-Z]?\b)?`,
	`\p{Lu}[\p{L}\p{M}.' -]{2,40} \d{1,3} ?[a-zA-Z]?,? (?:[A-Z]{1,2}-)?\d{5}\b`,
	`\b\d{1,5}[A-Za-z]?(?:[-/]\d{1,4})? (?:[NSEW]\.? )?(?:[\p{Lu}\d][\p{L}\p{M}\d.'’-]* ){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Way|Place|Pl|Square|Sq|Terrace|Close|Crescent|Parkway|Pkwy|Highway|Hwy|Gardens|Grove|Mews|Circle)\b\.?(?:,? (?:Apt|Apartment|Unit|Suite|Ste|Flat|#)\.? ?\w{1,5})?`,
	`\b\d{1,4}(?: ?(?:bis|ter|quater))?,? (?:[Rr]ue(?: [\p{L}\p{M}'’.-]+){1,5}|(?:[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin|[Aa]llée|[Ii]mpasse|[Qq]uai) (?:(?:de|du|des|la|le|les) |[dl]['’]){0,3}(?:\d{1,2} )?\p{Lu}[\p{L}\p{M}'’.-]*(?: \p{Lu}[\p{L}\p{M}'’.-]*){0,3})`,
	`(?:(?:Calle|Avenida|Avda\.?|Av\.|Plaza|Paseo|Camino|Carretera|Ronda|Travesía|Via|Viale|Piazza|Corso|Rua|Praça) |C/ ?)(?:(?:de|del|la|las|los|el|y|da|do|dos|della|di|\p{Lu}[\p{L}\p{M}'’.ª-]*) ){0,5}\p{Lu}[\p{L}\p{M}'’.ª-]*,? (?:n[.º°]{1,2} ?)?\d{1,3}\b(?:,? ?\d{1,2}[.º°ª] ?[A-Za-z]\b)?`,
	`(?i)(?:Postfach|P\. ?O\. ?Box|PO Box|Boîte postale|Apartado(?: de correos)?) \d[\d ]{0,8}\d?`,
}, "|"))

func findStreets(text string) []interval {
	var found []interval
	for _, at := range inLines(text, hasDigit, streetPattern) {
		if standsApart(text, at.start, at.end) {
			found = append(found, at)
		}
	}
	return found
}

var houseNumber = regexp.MustCompile(`^\d{1,3}[a-zA-Z]?,? +\p{L}|\p{L}.* \d{1,3} ?[a-zA-Z]?$`)

// streetsOf returns the streets of an address: what is written like one, and pieces that have a house number.
func streetsOf(location string) []string {
	var streets []string
	for _, at := range findStreets(location) {
		streets = append(streets, location[at.start:at.end])
	}
	pieces := strings.FieldsFunc(location, func(r rune) bool { return strings.ContainsRune(",;|·•\n", r) })
	for _, piece := range pieces {
		if piece = strings.TrimFunc(piece, unicode.IsSpace); houseNumber.MatchString(piece) {
			streets = append(streets, piece)
		}
	}
	return streets
}
