package tailoring

import "strings"

func german() phrases {
	return phrases{
		skillsReordered:  "Stellt die Kenntnisse nach vorn, die die Stellenanzeige verlangt. Kein Eintrag kommt hinzu oder fällt weg.",
		bulletsReordered: "Stellt die Punkte nach vorn, die das zeigen, was die Stellenanzeige verlangt. Der Wortlaut bleibt.",
		summaryReordered: "Rückt den Satz, der der Stellenanzeige am nächsten kommt, hinter den ersten. Der Wortlaut bleibt.",
		reordered:        "Eine andere Reihenfolge derselben Einträge. Der Wortlaut bleibt.",
		withdrawn:        "Die vorgeschlagenen Änderungen haben die letzte Prüfung nicht bestanden und wurden zurückgezogen.",
		spelled: func(proposed, own string) string {
			return "Schreibt „" + own + "“ als „" + proposed + "“, damit es auch in der Schreibweise der Stellenanzeige gefunden wird."
		},
		promoted: func(skill string) string {
			return "Ihre Berufserfahrung zeigt „" + skill + "“, das zur Stellenanzeige passt; Ihre Liste der Kenntnisse nennt es nicht."
		},
		reworded: func(terms []string) string {
			if len(terms) == 0 {
				return "Sagt dasselbe mit anderen Worten, näher an der Ausschreibung."
			}
			return "Sagt dasselbe in den Worten der Ausschreibung: „" + strings.Join(terms, "“, „") + "“."
		},
		ask: func(kind, skill string) string {
			switch kind {
			case "tool":
				return "Haben Sie mit " + skill + " gearbeitet? Wenn ja, ergänzen Sie, wo und was Sie damit gemacht haben."
			case "certificate":
				return "Haben Sie den Nachweis „" + skill + "“? Wenn ja, ergänzen Sie ihn mit Datum."
			case "natural-language":
				return "Sprechen Sie " + skill + "? Wenn ja, ergänzen Sie Ihr Niveau."
			case "soft":
				return "Gibt es eine Situation, die „" + skill + "“ zeigt? Wenn ja, beschreiben Sie sie bei der passenden Stelle."
			}
			return "Haben Sie Erfahrung mit „" + skill + "“? Wenn ja, ergänzen Sie, wo und was Sie gemacht haben."
		},
		askRequirement: func(requirement string) string {
			return "Die Stellenanzeige verlangt „" + requirement + "“. Trifft das auf Sie zu? Wenn ja, ergänzen Sie, wo es sich zeigt."
		},
		missingContact: map[string]string{
			"name":  "Ergänzen Sie oben Ihren Namen.",
			"email": "Ergänzen Sie eine E-Mail-Adresse, damit man Sie erreicht.",
			"phone": "Ergänzen Sie eine Telefonnummer, damit man Sie erreicht.",
		},
		missingSummary: "Ergänzen Sie ein Kurzprofil von zwei oder drei Sätzen: was Sie tun, wie lange schon und wofür man Sie einstellen soll.",
		noDescription: func(title string) string {
			return "Schreiben Sie, was Sie als „" + title + "“ getan haben: Die Stelle hat keine Beschreibung."
		},
		listedOnly: func(skill string) string {
			return "Ihre Kenntnisse nennen „" + skill + "“, das zur Stellenanzeige passt, aber keine Stelle zeigt es. Ergänzen Sie dort, wo Sie es eingesetzt haben, was Sie damit gemacht haben."
		},
		noResult: func(line string) string {
			return "Wenn Sie können, nennen Sie das Ergebnis, wie viele oder wie viel: „" + line + "“"
		},
		tooLong: func(line string) string {
			return "Teilen oder kürzen Sie diesen Punkt, er ist lang zu lesen: „" + line + "“"
		},
	}
}
