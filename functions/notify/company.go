package notify

import (
	"context"
	"errors"
	"strings"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/dynamo"
	"lapakasik/site/page"
)

// toCompany are the messages to a company's representative. None names a worker.
var toCompany = []claim.Message{claim.MsgCompanyReturned, claim.MsgCompanyRefused, claim.MsgCompanyAgreed}

func (s *Service) composeCompany(ctx context.Context, l dynamo.Letter) (Mail, error) {
	r, err := s.Store.CompanyByID(ctx, l.Registration)
	if errors.Is(err, claim.ErrNotFound) {
		return Mail{}, nil
	}
	if err != nil {
		return Mail{}, err
	}
	set, err := s.Sets.Version(ctx, r.SetVersion)
	if err != nil {
		return Mail{}, err
	}
	t := func(key string) string { return page.T(r.Lang, key) }
	m := Mail{To: r.Private.Email, Subject: t("pesan." + string(l.Kind) + ".subjek")}
	parts := []string{t("pesan." + string(l.Kind) + ".teks")}
	for _, code := range r.Returns {
		if g := set.Company.Return(code); g != nil && l.Kind != claim.MsgCompanyAgreed {
			parts = append(parts, g.Text.In(r.Lang))
		}
	}
	link := s.Origin + page.Localise(r.Lang, "/kolektif/buka")
	m.Text = strings.Join(parts, "\n\n") + "\n\n" + t("pesan.tautan-kolektif") + "\n" + link + "\n\n" + t("pesan.penutup") + "\n"
	m.HTML, err = inHTML(r.Lang, m.Subject, parts, t("pesan.tautan-kolektif"), link, t("pesan.penutup"))
	return m, err
}

// invitation tells a worker the code and until when to agree. It is the one
// mail with a code: the worker has seen no page of ours, and the company that
// has must not learn it.
func (w words) invitation() []string {
	return []string{page.T(w.lang, "pesan.invited.kode", "kode", claim.FormatCode(w.reg.Private.Code)), page.T(w.lang, "pesan.invited.batas", "batas", w.deadline())}
}
