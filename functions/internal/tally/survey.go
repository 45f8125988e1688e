package tally

import "lapakasik/site/requirement"

// AnswerCounter is the counter of one answer to one question of the survey.
func AnswerCounter(question, option string) string { return "q." + question + "." + option }

// QuestionCounter names the number of answers to a question.
func QuestionCounter(question string) string { return "q." + question }

// SurveyNodes are the numbers of the survey: how many answered each question,
// good and other answers together, and each answer. The questions do not add
// up to anything, because each may be left out.
func SurveyNodes(questions []requirement.SurveyQuestion) []Node {
	var out []Node
	for _, q := range questions {
		var good, other []string
		for _, o := range q.Options {
			if o.Good {
				good = append(good, AnswerCounter(q.Code, o.Code))
			} else {
				other = append(other, AnswerCounter(q.Code, o.Code))
			}
		}
		out = append(out, Node{Name: QuestionCounter(q.Code), Splits: []Split{{Parts: []Node{
			{Name: AnswerCounter(q.Code, "+"), Splits: []Split{{Parts: counters(good...)}}},
			{Name: AnswerCounter(q.Code, "-"), Splits: []Split{{Parts: counters(other...)}}},
		}}}})
	}
	return out
}

// Answered returns what a filled-in survey adds: at most one answer to each question.
func Answered(m Month, answers map[string]string) []Add {
	k := Key{Month: m}
	var out []Add
	for question, option := range answers {
		out = append(out, Add{k, AnswerCounter(question, option), 1})
	}
	return out
}
