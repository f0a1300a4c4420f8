package tailoring

import "strings"

// letterPhrases are the sentences of a letter in one language. Names in braces stand for words of the résumé or the
// posting: {position} and {employer} of the posting; {title}, {company}, {quote} and {list} of the résumé; {role} is
// one of the beginnings of a sentence.
type letterPhrases struct {
	greeting, hello string
	// The sentence of interest, by what the posting names.
	apply, applyPosition, applyEmployer, applyOnly string
	lead                                           string
	// Beginnings of a sentence about a bullet, by what the résumé names.
	role, roleTitle, roleCompany, roleNone, project string
	// examples follow a role, the first one first; same follows another bullet of the same position.
	examples [3]string
	same     string
	// Sentences about other evidence.
	held, heldTitle, degree, degreeOnly, certificate, says, skills, languages, short string

	and, open, close string
	nothing          string
	closing, brief   string
	regards          string
}

// letterPhrasesFor returns the sentences of the language, English if there are none.
func letterPhrasesFor(language string) letterPhrases {
	code, _, _ := strings.Cut(strings.ToLower(language), "-")
	switch code {
	case "de":
		return germanLetter()
	case "fr":
		return frenchLetter()
	case "es":
		return spanishLetter()
	}
	return englishLetter()
}

func englishLetter() letterPhrases {
	return letterPhrases{
		greeting:      "Dear Hiring Team,",
		hello:         "Hello,",
		apply:         "I would like to apply for the position of {position} at {employer}.",
		applyPosition: "I would like to apply for the position of {position}.",
		applyEmployer: "I would like to apply for the position you have advertised at {employer}.",
		applyOnly:     "I would like to apply for the position you have advertised.",
		lead:          "Here is what I would bring, in the words of my résumé.",
		role:          "As {title} at {company}",
		roleTitle:     "As {title}",
		roleCompany:   "At {company}",
		roleNone:      "From my experience",
		project:       "From my project {title}",
		examples: [3]string{
			"{role}, I can point to this: {quote}",
			"{role}, I would also mention this: {quote}",
			"{role}, I can offer a further example: {quote}",
		},
		same:        "In the same role, I would also mention this: {quote}",
		held:        "I bring experience as {title} at {company}.",
		heldTitle:   "I bring experience as {title}.",
		degree:      "My education includes {title} ({company}).",
		degreeOnly:  "My education includes {title}.",
		certificate: "My certificates and training include {list}.",
		says:        "My résumé says this: {quote}",
		skills:      "Among the skills you are looking for, I bring {list}.",
		languages:   "My languages include {list}.",
		short:       "In short: {quote}",
		and:         " and ",
		open:        "“", close: "”",
		nothing: "My résumé shows what I have done so far.",
		closing: "I would be glad to tell you more in a conversation.",
		brief:   "May I tell you more?",
		regards: "Kind regards,",
	}
}

func germanLetter() letterPhrases {
	return letterPhrases{
		greeting:      "Sehr geehrte Damen und Herren,",
		hello:         "Guten Tag,",
		apply:         "hiermit bewerbe ich mich auf die Stelle „{position}“ bei {employer}.",
		applyPosition: "hiermit bewerbe ich mich auf die Stelle „{position}“.",
		applyEmployer: "hiermit bewerbe ich mich auf die ausgeschriebene Stelle bei {employer}.",
		applyOnly:     "hiermit bewerbe ich mich auf die ausgeschriebene Stelle.",
		lead:          "Was ich mitbringe, sage ich mit den Worten meines Lebenslaufs.",
		role:          "Als {title} bei {company}",
		roleTitle:     "Als {title}",
		roleCompany:   "Bei {company}",
		roleNone:      "Aus meiner Erfahrung",
		project:       "Aus meinem Projekt „{title}“",
		examples: [3]string{
			"{role} kann ich Folgendes nennen: {quote}",
			"{role} möchte ich außerdem anführen: {quote}",
			"{role} kann ich ein weiteres Beispiel geben: {quote}",
		},
		same:        "In derselben Position möchte ich außerdem anführen: {quote}",
		held:        "Ich bringe Erfahrung als {title} bei {company} mit.",
		heldTitle:   "Ich bringe Erfahrung als {title} mit.",
		degree:      "Zu meiner Ausbildung gehört: {title} ({company}).",
		degreeOnly:  "Zu meiner Ausbildung gehört: {title}.",
		certificate: "Zu meinen Nachweisen und Fortbildungen gehört: {list}.",
		says:        "In meinem Lebenslauf steht: {quote}",
		skills:      "Von den gesuchten Kenntnissen bringe ich mit: {list}.",
		languages:   "Zu meinen Sprachkenntnissen gehört: {list}.",
		short:       "Kurz gesagt: {quote}",
		and:         " und ",
		open:        "„", close: "“",
		nothing: "Mein Lebenslauf zeigt, was ich bisher getan habe.",
		closing: "Gerne erzähle ich Ihnen in einem Gespräch mehr.",
		brief:   "Darf ich Ihnen mehr erzählen?",
		regards: "Mit freundlichen Grüßen",
	}
}

func frenchLetter() letterPhrases {
	return letterPhrases{
		greeting:      "Madame, Monsieur,",
		hello:         "Bonjour,",
		apply:         "Je vous présente ma candidature au poste « {position} » chez {employer}.",
		applyPosition: "Je vous présente ma candidature au poste « {position} ».",
		applyEmployer: "Je vous présente ma candidature au poste que vous proposez chez {employer}.",
		applyOnly:     "Je vous présente ma candidature au poste que vous proposez.",
		lead:          "Voici ce que j'apporterais, dans les termes de mon CV.",
		role:          "En tant que {title} chez {company}",
		roleTitle:     "En tant que {title}",
		roleCompany:   "Chez {company}",
		roleNone:      "De par mon expérience",
		project:       "Dans le cadre de mon projet {title}",
		examples: [3]string{
			"{role}, je peux citer ceci : {quote}",
			"{role}, je citerais aussi : {quote}",
			"{role}, je peux donner un autre exemple : {quote}",
		},
		same:        "Au même poste, je citerais aussi : {quote}",
		held:        "J'ai une expérience comme {title} chez {company}.",
		heldTitle:   "J'ai une expérience comme {title}.",
		degree:      "Ma formation comprend : {title} ({company}).",
		degreeOnly:  "Ma formation comprend : {title}.",
		certificate: "Mes certifications et formations comprennent : {list}.",
		says:        "Mon CV indique : {quote}",
		skills:      "Parmi les compétences recherchées, mon CV mentionne : {list}.",
		languages:   "Mes connaissances linguistiques comprennent : {list}.",
		short:       "En bref : {quote}",
		and:         " et ",
		open:        "« ", close: " »",
		nothing: "Mon CV montre ce que j'ai fait jusqu'à présent.",
		closing: "C'est avec plaisir que je vous en dirai davantage lors d'un entretien.",
		brief:   "Puis-je vous en dire davantage ?",
		regards: "Cordialement,",
	}
}

func spanishLetter() letterPhrases {
	return letterPhrases{
		greeting:      "Estimado equipo de selección:",
		hello:         "Buenos días:",
		apply:         "Les presento mi candidatura al puesto «{position}» en {employer}.",
		applyPosition: "Les presento mi candidatura al puesto «{position}».",
		applyEmployer: "Les presento mi candidatura al puesto que ofrecen en {employer}.",
		applyOnly:     "Les presento mi candidatura al puesto que ofrecen.",
		lead:          "Esto es lo que aportaría, en palabras de mi currículum.",
		role:          "Como {title} en {company}",
		roleTitle:     "Como {title}",
		roleCompany:   "En {company}",
		roleNone:      "Por mi experiencia",
		project:       "De mi proyecto {title}",
		examples: [3]string{
			"{role} puedo señalar lo siguiente: {quote}",
			"{role} destaco también: {quote}",
			"{role} puedo dar otro ejemplo: {quote}",
		},
		same:        "En el mismo puesto destaco también: {quote}",
		held:        "Tengo experiencia como {title} en {company}.",
		heldTitle:   "Tengo experiencia como {title}.",
		degree:      "Mi formación incluye: {title} ({company}).",
		degreeOnly:  "Mi formación incluye: {title}.",
		certificate: "Mis certificados y cursos incluyen: {list}.",
		says:        "Mi currículum indica: {quote}",
		skills:      "Entre los conocimientos que buscan, aporto: {list}.",
		languages:   "Mis idiomas incluyen: {list}.",
		short:       "En resumen: {quote}",
		and:         " y ",
		open:        "«", close: "»",
		nothing: "Mi currículum muestra lo que he hecho hasta ahora.",
		closing: "Con mucho gusto les contaré más en una entrevista.",
		brief:   "¿Puedo contarles más?",
		regards: "Atentamente,",
	}
}
