package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"lapakasik/functions/internal/agenda"
	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// dated are the messages that carry the place as a calendar entry.
var dated = []claim.Message{claim.MsgWon, claim.MsgReceived, claim.MsgConfirmed, claim.MsgMoved, claim.MsgRearranged, claim.MsgCancelled, claim.MsgLapsed, claim.MsgReminder, claim.MsgInterview}

// compose makes the mail of a message in the registration's language. A
// registration that was erased has nobody to tell: a mail without address.
func (s *Service) compose(ctx context.Context, l dynamo.Letter) (Mail, error) {
	if slices.Contains(toCompany, l.Kind) {
		return s.composeCompany(ctx, l)
	}
	reg, err := s.Store.ByID(ctx, l.Registration)
	if errors.Is(err, claim.ErrNotFound) {
		return Mail{}, nil
	}
	if err != nil {
		return Mail{}, err
	}
	set, err := s.Sets.Version(ctx, reg.SetVersion)
	if err != nil {
		return Mail{}, err
	}
	branch := set.Branch(reg.Place.Branch)
	if branch == nil {
		return Mail{}, fmt.Errorf("set %s lacks branch %q", set.Version, reg.Place.Branch)
	}
	now, err := s.Sets.Current(ctx)
	if err != nil {
		return Mail{}, err
	}
	w := words{reg.Lang, reg, branch}
	m := Mail{To: reg.Private.Person.Email, Subject: w.t("pesan." + string(l.Kind) + ".subjek")}
	parts := append([]string{w.t("pesan." + string(l.Kind) + ".teks"), w.place()}, w.decision(l.Kind, set, &now.Deciding)...)
	if l.Kind == claim.MsgWaitOver && reg.Wait.Offers > 0 && reg.Wait.Left == 0 {
		parts[0] = w.t("pesan.wait-over.habis")
	}
	parts = append(append(parts, w.draw(l.Kind)...), w.offer(l.Kind)...)
	if l.Kind == claim.MsgInvited {
		parts = append(parts, w.invitation()...)
	}
	link := s.Origin + page.Localise(reg.Lang, "/status")
	m.Text = strings.Join(parts, "\n\n") + "\n\n" + w.t("pesan.tautan") + "\n" + link + "\n\n" + w.t("pesan.penutup") + "\n"
	if m.HTML, err = inHTML(reg.Lang, m.Subject, parts, w.t("pesan.tautan"), link, w.t("pesan.penutup")); err != nil {
		return Mail{}, err
	}
	if slices.Contains(dated, l.Kind) && reg.Place.Time != "" {
		m.Calendar, err = agenda.Entry(reg, branch, agenda.Words{Title: w.t("pesan.kalender"), Text: w.t("daftar.kalender.teks"), URL: link})
	}
	return m, err
}

// words says what a mail says about one registration.
type words struct {
	lang   requirement.Lang
	reg    claim.Registration
	branch *requirement.Branch
}

func (w words) t(key string) string { return page.T(w.lang, key) }

// place is when and where, without the person, the code or the claim reason.
func (w words) place() string {
	p := w.reg.Place
	if p.Time == "" {
		return w.branch.Name + ", " + page.Date(w.lang, p.Date)
	}
	return w.branch.Name + ", " + page.Date(w.lang, p.Date) + ", " + page.Clock(w.lang, p.Time, w.branch.Zone)
}

func (w words) deadline() string { return page.Moment(w.lang, w.reg.Deadline, w.branch) }

// draw is what a draw gave: until when the documents must be there, and the rank.
func (w words) draw(kind claim.Message) []string {
	var out []string
	if kind == claim.MsgWon {
		out = append(out, page.T(w.lang, "pesan.batas", "batas", w.deadline()))
	}
	if (kind == claim.MsgWon || kind == claim.MsgWaiting) && 0 < w.reg.Rank && w.reg.Rank < claim.LateRank {
		out = append(out, page.T(w.lang, "pesan.urutan", "nomor", page.Number(w.lang, w.reg.Rank)))
	}
	return out
}

// offer is until when an offer can be answered, and how many are left.
func (w words) offer(kind claim.Message) []string {
	left := page.Number(w.lang, w.reg.Wait.Left)
	switch {
	case kind == claim.MsgOffer && w.reg.Status == claim.Offered:
		return []string{page.T(w.lang, "pesan.jawab", "sisa", left, "batas", w.deadline())}
	case kind == claim.MsgPassed:
		return []string{page.T(w.lang, "pesan.sisa", "sisa", left)}
	}
	return nil
}

// decision is why, what the person can do, and which documents to send again.
func (w words) decision(kind claim.Message, set *requirement.Set, rules *requirement.Deciding) []string {
	if kind != claim.MsgMend && kind != claim.MsgRefused {
		return nil
	}
	var out []string
	for _, code := range w.reg.Decision.Reasons {
		if g := rules.Reason(code); g != nil {
			out = append(out, g.Text.In(w.lang)+" "+g.Next.In(w.lang))
		}
	}
	for _, slot := range w.reg.Decision.Mend {
		if d := set.Document(slot); d != nil {
			out = append(out, page.T(w.lang, "daftar.keputusan.berkas", "berkas", d.Title.In(w.lang)))
		}
	}
	if d := w.reg.Decision.Until; d != "" {
		out = append(out, page.T(w.lang, "daftar.status.ditunda.judul", "batas", page.Date(w.lang, d)))
	}
	return out
}

// frame is a mail's HTML: nothing in it comes from another address.
var frame = template.Must(template.New("").Parse(`<!doctype html><html lang="{{.Lang}}"><head><meta charset="utf-8"><title>{{.Title}}</title></head>` +
	`<body style="font-family:sans-serif;line-height:1.5;max-width:36em;margin:0 auto;padding:1em;color:#10302d"><h1 style="font-size:1.3em">{{.Title}}</h1>` +
	`{{range .Parts}}<p>{{.}}</p>{{end}}<p><a href="{{.Link}}">{{.LinkText}}</a><br>{{.Link}}</p><p style="color:#4a5a57">{{.End}}</p></body></html>`))

func inHTML(lang requirement.Lang, title string, parts []string, linkText, link, end string) (string, error) {
	var b bytes.Buffer
	err := frame.Execute(&b, struct {
		Lang, Title, LinkText, Link, End string
		Parts                            []string
	}{string(lang), title, linkText, link, end, parts})
	if err != nil {
		return "", fmt.Errorf("mail as HTML: %w", err)
	}
	return b.String(), nil
}
