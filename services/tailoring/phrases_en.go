package tailoring

import "strings"

func english() phrases {
	return phrases{
		skillsReordered:  "Puts the skills that the posting asks for first. No entry is added or removed.",
		bulletsReordered: "Puts the points first that show what the posting asks for. Their wording stays.",
		summaryReordered: "Moves the sentence that is closest to the posting up, behind the first. The wording stays.",
		reordered:        "Another order of the same entries. Their wording stays.",
		withdrawn:        "The proposed changes did not pass the last check and were withdrawn.",
		spelled: func(proposed, own string) string {
			return "Writes “" + own + "” as “" + proposed + "”, so that it is found under the posting's spelling too."
		},
		promoted: func(skill string) string {
			return "Your experience shows “" + skill + "”, which fits what the posting asks for, but your list of skills does not name it."
		},
		reworded: func(terms []string) string {
			if len(terms) == 0 {
				return "Says the same in other words, closer to the posting."
			}
			return "Says the same in the posting's words: “" + strings.Join(terms, "”, “") + "”."
		},
		ask: func(kind, skill string) string {
			switch kind {
			case "tool":
				return "Have you worked with " + skill + "? If so, add where and what you did with it."
			case "certificate":
				return "Do you hold “" + skill + "”? If so, add it with its date."
			case "natural-language":
				return "Do you speak " + skill + "? If so, add your level."
			case "soft":
				return "Is there a situation that shows “" + skill + "”? If so, describe it at the position where it happened."
			}
			return "Do you have experience in “" + skill + "”? If so, add where and what you did."
		},
		askRequirement: func(requirement string) string {
			return "The posting asks for “" + requirement + "”. Is this true of you? If so, add where it shows."
		},
		missingContact: map[string]string{
			"name":  "Add your name at the top.",
			"email": "Add an e-mail address, so that you can be reached.",
			"phone": "Add a phone number, so that you can be reached.",
		},
		missingSummary: "Add a summary of two or three sentences: what you do, for how long, and what you want to be hired for.",
		noDescription: func(title string) string {
			return "Say what you did as “" + title + "”: the position has no description."
		},
		listedOnly: func(skill string) string {
			return "Your list of skills names “" + skill + "”, which fits what the posting asks for, but no position shows it. Add what you did with it where you used it."
		},
		noResult: func(line string) string {
			return "If you can, say what came of it, how many or how much: “" + line + "”"
		},
		tooLong: func(line string) string { return "Split or shorten this point, it is long to read: “" + line + "”" },
	}
}
