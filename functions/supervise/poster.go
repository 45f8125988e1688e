package supervise

import (
	"net/http"

	"lapakasik/site/page"
)

// poster is the sheet for the hall: its QR code opens the page on which whoever
// stands there says so, or registers on the spot. The key in the address is
// the branch's; only who has seen the sheet has it.
func (o *office) poster() error {
	key, err := o.Pseudonym(o.Context(), "hadir", o.code())
	if err != nil {
		return err
	}
	address := o.Public + "/hadir/" + o.code() + "/" + key
	qr, err := page.QR(address)
	if err != nil {
		return err
	}
	p := o.page("penyelia.poster.judul", page.Lead{Text: o.T("penyelia.poster.teks", "kantor", o.Roster.Branch.Name)},
		page.Picture{SVG: qr, Alt: o.T("penyelia.poster.alt")},
		page.List{Items: []string{o.T("penyelia.poster.langkah-1"), o.T("penyelia.poster.langkah-2"), o.T("penyelia.poster.langkah-3")}})
	return o.Show(http.StatusOK, p, map[string]string{"alamat": address})
}
