package facts

// weakness is a set of reasons why a source's words are less than a plain claim.
type weakness uint16

const (
	// weakAssist: others did it, the person helped.
	weakAssist weakness = 1 << iota
	// weakPlan: it has not happened yet.
	weakPlan
	// weakNegation: it is denied.
	weakNegation
	// weakNone denies the noun behind it only: "without downtime".
	weakNone
	// weakBasic: known a little, or being learned.
	weakBasic
	// weakPart: a part, a draft, a prototype.
	weakPart
	// weakObserve: looked at, attended, evaluated, proposed; not done or used.
	weakObserve
	// weakReceive: the person is who it was done to.
	weakReceive
	// weakOther: someone else did it.
	weakOther
	// weakShared: done with others as equals.
	weakShared
	// weakFailed: begun, and not come to its end.
	weakFailed
)

// weakFree may be said of anything: a text may claim less than its source.
const weakFree = weakAssist | weakBasic | weakShared | weakPlan

func (l *lexicon) loadWeaknesses() {
	kinds := map[string]weakness{
		"assist": weakAssist, "plan": weakPlan, "negation": weakNegation, "none": weakNone, "basic": weakBasic, "part": weakPart,
		"observe": weakObserve, "receive": weakReceive, "other": weakOther, "shared": weakShared, "failed": weakFailed,
	}
	for _, r := range readTable("hedges") {
		for _, item := range r.items {
			l.edit(item, func(e *wordEntry) { e.weak |= kinds[r.key] })
		}
	}
}
