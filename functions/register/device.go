package register

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// deviceFields are the form's names of the checks, each with a label, a hint
// and advice of its own, and the words that the script shows.
var deviceFields = []struct {
	check claim.DeviceCheck
	name  string
	words []string // of content/kata/perangkat.yaml; none: no script can try this
}{
	{claim.Camera, "kamera", []string{"uji", "gambar", "baik", "gelap", "ditolak", "tiada", "dipakai"}},
	{claim.Microphone, "mikrofon", []string{"uji", "bicara", "keras", "baik", "senyap", "ditolak", "tiada", "dipakai"}},
	{claim.Speaker, "suara", []string{"uji", "baik"}},
	{claim.Line, "jaringan", []string{"uji", "ukur", "baik", "lambat", "putus", "sibuk"}},
	{claim.WhatsApp, "whatsapp", nil},
}

// deviceNames are the names of the form's fields.
func deviceNames() []string {
	var out []string
	for _, f := range deviceFields {
		out = append(out, f.name)
	}
	return out
}

// atHand returns the live registration that this browser has opened, nil if
// there is none: the test works without.
func (s *Service) atHand(c *web.Call) (*claim.Registration, *requirement.Set, error) {
	reg, set, err := s.mine(c)
	switch {
	case errors.Is(err, web.ErrNoSession), errors.Is(err, claim.ErrNotFound), err == nil && !(live(reg) && reg.Place.Channel == requirement.Online):
		return nil, nil, nil
	case err != nil:
		return nil, nil, err
	}
	return &reg, set, nil
}

// device shows the test. It is the only page that may use camera and microphone.
func (s *Service) device(c *web.Call) error {
	reg, _, err := s.atHand(c)
	if err != nil {
		return err
	}
	return s.showDevice(c, reg, web.Input{}, nil)
}

func (s *Service) showDevice(c *web.Call, reg *claim.Registration, in web.Input, m web.Mistakes) error {
	set, err := s.Sets.Current(c.Context())
	if err != nil {
		return fmt.Errorf("device test: %w", err)
	}
	private, button := "perangkat.rahasia.teks", "perangkat.lihat"
	if reg != nil {
		private, button = "perangkat.rahasia.terikat", "perangkat.simpan"
	}
	form := &page.Form{Action: c.URL("/uji-perangkat"), Script: "perangkat", Errors: m, Attributes: map[string]string{},
		Buttons: []page.Submit{{Text: c.T(button)}}}
	for _, key := range []string{"izin", "dapat", "usang", "takaman", "lain", "baterai", "ruang"} {
		form.Attributes["data-"+key] = c.T("perangkat.skrip." + key)
	}
	for _, f := range deviceFields {
		form.Fields = append(form.Fields, deviceField(c, set, f.name, f.words, in.Get(f.name)))
	}
	p := devicePage(c, "perangkat.judul", reg != nil)
	p.Scripts = append(p.Scripts, "perangkat")
	p.Blocks = []page.Block{page.Lead{Text: c.T("perangkat.pengantar")},
		page.Notice{Kind: "info", Title: c.T("perangkat.rahasia.judul"), Text: c.T(private)}, form, byHand(c, set)}
	c.W.Header().Set("Permissions-Policy", "camera=(self), microphone=(self), geolocation=()")
	if len(m) > 0 {
		return c.Show(http.StatusUnprocessableEntity, p, m.Value())
	}
	if reg == nil {
		p.Description = c.T("perangkat.pengantar")
		c.Found(p)
	}
	return c.Show(http.StatusOK, p, map[string]any{"uji": deviceNames(), "min_kbps": set.Device.MinKbps, "unduh": page.NoiseURL(), "unggah": c.URL("/uji-perangkat/unggah"), "terikat": reg != nil})
}

func devicePage(c *web.Call, title string, bound bool) *page.Page {
	p := personalPage(c, title)
	if !bound {
		p.Section = "/bantuan/"
	}
	return p
}

// deviceField is one question, with what the script needs to try it itself.
func deviceField(c *web.Call, set *requirement.Set, name string, words []string, value string) page.Field {
	f := page.Field{Kind: page.Radios, Name: name, Label: c.T("perangkat." + name + ".label"), Hint: c.T("perangkat."+name+".petunjuk", "kbps", strconv.Itoa(set.Device.MinKbps)),
		Attributes: map[string]string{}, Options: []page.Option{{Value: "ya", Label: c.T("daftar.ya"), Checked: value == "ya"}, {Value: "tidak", Label: c.T("daftar.tidak"), Checked: value == "tidak"}}}
	for _, w := range words {
		f.Attributes["data-"+w] = c.T("perangkat." + name + "." + w)
	}
	if name == "jaringan" {
		maps.Copy(f.Attributes, map[string]string{"data-kbps": strconv.Itoa(set.Device.MinKbps), "data-unduh": page.NoiseURL(), "data-unggah": c.URL("/uji-perangkat/unggah")})
	}
	return f
}

// byHand says how to measure the line with a file, and where the threshold comes from.
func byHand(c *web.Call, set *requirement.Set) page.Block {
	seconds := strconv.Itoa(int(math.Ceil(page.NoiseBytes * 8 / 1000 / float64(max(set.Device.MinKbps, 1)))))
	return page.Details{Summary: c.T("perangkat.tanpa-tombol"), Blocks: []page.Block{
		page.Links{Items: []page.LinkItem{
			{Link: page.Link{URL: page.NoiseURL(), Text: c.T("perangkat.berkas-uji")}, Note: c.T("perangkat.berkas-uji.catatan", "detik", seconds)},
			{Link: page.Link{URL: set.Device.Source, Text: c.T("perangkat.sumber")}, Note: set.Device.Note.In(c.Lang)},
		}}}}
}

// judgeDevice turns the answers into advice. With an opened registration it
// keeps them there; without one nothing is kept.
func (s *Service) judgeDevice(c *web.Call) error {
	in, err := c.Input(deviceNames()...)
	if err != nil {
		return err
	}
	reg, _, err := s.atHand(c)
	if err != nil {
		return err
	}
	passed, m := readDevice(c, in)
	if len(m) > 0 {
		return s.showDevice(c, reg, in, m)
	}
	if reg == nil {
		return s.adviseStranger(c, claim.DeviceTest{Taken: c.Now().UTC(), Passed: passed})
	}
	if err := c.Attempt("device", reg.ID, 20, time.Hour); err != nil {
		return err
	}
	if _, err := s.Store.KeepDeviceTest(c.Context(), reg.ID, passed); err != nil {
		return fmt.Errorf("keep device test: %w", err)
	}
	return c.Redirect("/uji-perangkat/hasil")
}

// readDevice reads the answers. A question left out is a check not made.
func readDevice(c *web.Call, in web.Input) (map[claim.DeviceCheck]bool, web.Mistakes) {
	passed := map[claim.DeviceCheck]bool{}
	var m web.Mistakes
	for _, f := range deviceFields {
		switch in.Get(f.name) {
		case "ya", "tidak":
			passed[f.check] = in.Get(f.name) == "ya"
		case "":
		default:
			m.Add(f.name, c.T("perangkat.pilih"))
		}
	}
	if len(passed) == 0 && len(m) == 0 {
		m.Add(deviceFields[0].name, c.T("perangkat.jawab"))
	}
	return passed, m
}

// adviseStranger shows the result to a person without an opened registration.
func (s *Service) adviseStranger(c *web.Call, d claim.DeviceTest) error {
	p := devicePage(c, "perangkat.hasil", false)
	p.Blocks = append(advice(c, d), again(c))
	if len(d.Failed()) > 0 {
		p.Blocks = append(p.Blocks, page.Text{Text: c.T("perangkat.umum")})
	}
	p.Blocks = append(p.Blocks,
		page.Button{Link: page.Link{URL: c.URL("/status"), Text: c.T("perangkat.buka")}, Secondary: true},
		page.Button{Link: page.Link{URL: c.URL("/daftar"), Text: c.T("situs.menu.daftar")}, Secondary: true})
	return c.Show(http.StatusOK, p, map[string]any{"uji_perangkat": deviceValue(d)})
}

// deviceResult shows the result that is kept with the registration, and after
// a bad one the ways on that keep the place.
func (s *Service) deviceResult(c *web.Call) error {
	reg, set, err := s.mine(c)
	if err != nil {
		return err
	}
	if reg.Device.Taken.IsZero() || !live(reg) || reg.Place.Channel != requirement.Online {
		return c.Redirect("/uji-perangkat")
	}
	branch := set.Branch(reg.Place.Branch)
	p := devicePage(c, "perangkat.hasil", true)
	p.Back = &page.Link{URL: c.URL("/status"), Text: c.T("daftar.ke-status")}
	p.Blocks = append(advice(c, reg.Device), page.Text{Text: c.T("perangkat.hasil.waktu", "waktu", moment(c, branch, reg.Device.Taken))}, again(c))
	p.Blocks = append(p.Blocks, waysOn(c, set, reg)...)
	return c.Show(http.StatusOK, p, registrationValue(reg))
}

func again(c *web.Call) page.Block {
	return page.Button{Link: page.Link{URL: c.URL("/uji-perangkat"), Text: c.T("perangkat.lagi")}, Secondary: true}
}

// advice says check by check what was found and what to do.
func advice(c *web.Call, d claim.DeviceTest) []page.Block {
	kind, state := "success", deviceState(d)
	if state != "siap" {
		kind = map[string]string{"sebagian": "info", "masalah": "warning"}[state]
	}
	var tasks []page.Task
	for _, f := range deviceFields {
		t := page.Task{Title: c.T("perangkat." + f.name + ".nama"), Status: c.T("perangkat.belum"), Kind: "todo"}
		if good, made := d.Passed[f.check]; good {
			t.Status, t.Kind = c.T("perangkat.baik"), "done"
		} else if made {
			t.Status, t.Kind, t.Hint = c.T("perangkat.masalah"), "warning", c.T("perangkat."+f.name+".saran")
		}
		tasks = append(tasks, t)
	}
	return []page.Block{page.Notice{Kind: kind, Title: c.T("perangkat.hasil." + state), Text: c.T("perangkat.hasil." + state + ".teks")}, page.Checklist{Items: tasks}}
}

// deviceState sums a test up: "siap" (all good), "sebagian" (good, not all made) or "masalah".
func deviceState(d claim.DeviceTest) string {
	switch {
	case len(d.Failed()) > 0:
		return "masalah"
	case len(d.Missing()) > 0:
		return "sebagian"
	}
	return "siap"
}

// waysOn are the other ways to the interview after a bad result, and the way
// back from the telephone. None of them gives up the place.
func waysOn(c *web.Call, set *requirement.Set, reg claim.Registration) []page.Block {
	branch := set.Branch(reg.Place.Branch)
	open := branch != nil && changeable(c, set, reg) == nil
	toggle := func(phone, button string) page.Block {
		return &page.Form{Action: c.URL("/status/telepon"), Fields: []page.Field{{Kind: page.Hidden, Name: "telepon", Value: phone}, versionField(reg)},
			Buttons: []page.Submit{{Text: c.T(button), Secondary: true}}}
	}
	var out []page.Block
	if reg.Phone && branch != nil {
		out = append(out, page.Notice{Kind: "info", Title: c.T("perangkat.telepon.judul"), Text: c.T("perangkat.telepon.jam", "waktu", when(c, reg.Place, branch.Zone))})
		if open {
			out = append(out, toggle("tidak", "perangkat.telepon.tidak"))
		}
	}
	if len(reg.Device.Failed()) == 0 {
		return out
	}
	if !open {
		return append(out, page.Text{Text: c.T("perangkat.ditutup")})
	}
	out = append(out, page.Heading{Level: 2, ID: "pilihan", Text: c.T("perangkat.pilihan")})
	if !reg.Phone {
		out = append(out, page.Text{Text: c.T("perangkat.telepon.teks")}, toggle("ya", "perangkat.telepon.ya"))
	}
	if claim.MayGoOnsite(set, reg) {
		out = append(out, page.Text{Text: c.T("perangkat.kantor.teks", "kantor", branch.Name)},
			page.Button{Link: page.Link{URL: c.URL("/status/pindah?kanal=onsite"), Text: c.T("perangkat.kantor.ya")}, Secondary: true})
	}
	return out
}

// phone changes the interview to telephone at the same place, or back to video.
func (s *Service) phone(c *web.Call) error {
	in, err := c.Input("telepon", "versi")
	if err != nil {
		return err
	}
	reg, _, err := s.changing(c)
	if err != nil {
		return err
	}
	version, err := seenVersion(in, reg)
	if err != nil {
		return err
	}
	if v := in.Get("telepon"); v != "ya" && v != "tidak" {
		return web.Bad{Code: "isian-rusak", Detail: "telepon"}
	}
	if _, err := s.Store.SetPhone(c.Context(), reg.ID, version, in.Get("telepon") == "ya"); err != nil {
		return fmt.Errorf("change the interview: %w", err)
	}
	return c.Redirect("/status")
}

// swallow reads what the script sends to measure the line, at most
// web.MaxBody, and throws it away.
func swallow(c *web.Call) error {
	_, err := io.Copy(io.Discard, c.R.Body)
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return web.Bad{Code: "terlalu-besar"}
	}
	if err != nil {
		return web.Bad{Code: "isian-rusak"}
	}
	return c.Redirect("/uji-perangkat")
}

// channelName is the way of service as people know it.
func channelName(c *web.Call, reg claim.Registration) string {
	if reg.Phone {
		return c.T("perangkat.telepon.kanal")
	}
	return c.T("daftar.kanal." + string(reg.Place.Channel))
}

// deviceRow is the test's line on status page and receipt.
func deviceRow(c *web.Call, set *requirement.Set, reg claim.Registration) page.Row {
	row := page.Row{Key: c.T("perangkat.judul"), Value: c.T("perangkat.baris.belum"), Change: &page.Link{URL: c.URL("/uji-perangkat"), Text: c.T("perangkat.baris.uji")}}
	if c.Rehearsal() { // the test is for everybody, and a rehearsal has none of its own
		row.Value, row.Change = c.T("latihan.perangkat"), nil
		return row
	}
	if reg.Device.Taken.IsZero() {
		return row
	}
	var failed []string
	for _, f := range deviceFields {
		if slices.Contains(reg.Device.Failed(), f.check) {
			failed = append(failed, c.T("perangkat."+f.name+".nama"))
		}
	}
	row.Value = c.T("perangkat.baris."+deviceState(reg.Device), "waktu", moment(c, set.Branch(reg.Place.Branch), reg.Device.Taken), "daftar", strings.Join(failed, ", "))
	row.Change = &page.Link{URL: c.URL("/uji-perangkat/hasil"), Text: c.T("perangkat.baris.lihat")}
	return row
}

// deviceValue is the JSON form of a test: "baik", "masalah" or "belum" for each check.
func deviceValue(d claim.DeviceTest) map[string]string {
	v := map[string]string{"waktu": d.Taken.UTC().Format(time.RFC3339)}
	for _, f := range deviceFields {
		v[f.name] = "belum"
		if good, made := d.Passed[f.check]; made {
			v[f.name] = map[bool]string{true: "baik", false: "masalah"}[good]
		}
	}
	return v
}
