package site

import (
	"slices"

	"lapakasik/site/requirement"
)

// maxQuestions: a survey of five questions is filled in, a longer one is not.
const maxQuestions = 5

// checkResults checks the rules of the results page and the survey.
func (s *Site) checkResults(set *requirement.Set) Problems {
	var ps Problems
	at := func(w way, format string, args ...any) { ps = append(ps, s.data.in("kinerja", w, format, args...)) }
	r := set.Results
	if r.Threshold < 3 {
		at(way{"threshold"}, "threshold is %d; want at least 3, below which hidden numbers can be recomputed", r.Threshold)
	}
	if isBlank(r.Source) {
		at(way{"source"}, "the threshold needs its source")
	}
	if c := r.Recap; len(c.Rows) > 0 {
		if set.Branch(c.Branch) == nil {
			at(way{"recap", "branch"}, "branch %q is not in kantor.yaml", c.Branch)
		}
		if isBlank(c.Source) {
			at(way{"recap", "source"}, "a recap needs its source")
		}
		ps = append(ps, s.data.both("kinerja", way{"recap", "period"}, c.Period)...)
		for i, row := range c.Rows {
			ps = append(ps, s.data.both("kinerja", way{"recap", "rows", i, "status"}, row.Status)...)
		}
	}
	return append(ps, s.checkSurvey(set.Survey)...)
}

func (s *Site) checkSurvey(questions []requirement.SurveyQuestion) Problems {
	ps := once(&s.data, "survei", questions, func(q *requirement.SurveyQuestion) string { return q.Code })
	if n := len(questions); n < 1 || n > maxQuestions {
		ps = append(ps, s.data.in("survei", nil, "the survey has %d questions; want 1 to %d", n, maxQuestions))
	}
	for i, q := range questions {
		ps = append(ps, s.data.both("survei", way{i, "label"}, q.Label)...)
		good := 0
		for j, o := range q.Options {
			w := way{i, "options", j, "code"}
			if !isCode(o.Code) {
				ps = append(ps, s.data.in("survei", w, "code %q: want small letters, digits and dashes", o.Code))
			}
			if slices.ContainsFunc(q.Options[:j], func(other requirement.SurveyOption) bool { return other.Code == o.Code }) {
				ps = append(ps, s.data.in("survei", w, "code %s is given twice", o.Code))
			}
			ps = append(ps, s.data.both("survei", way{i, "options", j, "label"}, o.Label)...)
			if o.Advice != (requirement.Text{}) {
				ps = append(ps, s.data.both("survei", way{i, "options", j, "advice"}, o.Advice)...)
			}
			if o.Good {
				good++
			}
		}
		if good == 0 || good == len(q.Options) {
			ps = append(ps, s.data.in("survei", way{i, "options"}, "question %s needs at least one answer that is good and one that is not", q.Code))
		}
	}
	return ps
}
