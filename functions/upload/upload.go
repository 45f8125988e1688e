// Package upload takes a claim's documents: the checklist, one page for each
// slot, permission to send one file straight to the file store, and the
// submission once everything required has passed inspection.
//
//	GET /berkas ─► GET /berkas/{slot} ──────────────► file store (POST form, or
//	     ▲               │  JS: POST /berkas/{slot}/izin     PUT by the script)
//	     │               └──────────────────────────►   │
//	     └── GET /berkas/{slot}/selesai ◄───────────────┤
//	                                                    └► inspect ─► PASSED or REFUSED
//	POST /berkas/kirim ─► SUBMITTED ─► /tanda-terima
//
// Its permission: read and write registrations, and sign requests that put
// objects into the inbox. It cannot read a document.
package upload

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"lapakasik/functions/internal/claim"
	"lapakasik/functions/internal/permit"
	"lapakasik/functions/internal/web"
	"lapakasik/site/page"
	"lapakasik/site/requirement"
)

// Store is what uploads need of the store; its errors are those of package claim.
type Store interface {
	ByID(ctx context.Context, id string) (claim.Registration, error)
	Submit(ctx context.Context, id string, version int) (claim.Registration, error)
	Mend(ctx context.Context, id string, version int, until time.Time) (claim.Registration, error)
}

// Sets loads published requirement sets.
type Sets interface {
	Version(ctx context.Context, version string) (*requirement.Set, error)
}

// Service is the document part of the journey.
type Service struct {
	Store Store
	Sets  Sets
	Files permit.Service
}

// Routes returns every address of the function.
func (s *Service) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Path: "/berkas", Handle: s.checklist},
		{Method: http.MethodPost, Path: "/berkas/kirim", Handle: s.submit},
		{Method: http.MethodGet, Path: "/berkas/{slot}", Handle: s.slot},
		{Method: http.MethodGet, Path: "/berkas/{slot}/selesai", Handle: s.sent},
		{Method: http.MethodPost, Path: "/berkas/{slot}/izin", Handle: s.permit},
	}
}

// A folder is the opened registration with what it needs and what it has.
type folder struct {
	call *web.Call
	set  *requirement.Set
	reg  claim.Registration
	list requirement.Checklist
}

// open returns the folder of the registration that this browser has opened.
// The checklist is that of the day of registration, under its set.
// claim.ErrNoPlace before there is a place, and so nothing to send.
func (s *Service) open(c *web.Call) (*folder, error) {
	id, err := c.Session()
	if err != nil {
		return nil, err
	}
	reg, err := s.Store.ByID(c.Context(), id)
	if err != nil {
		return nil, fmt.Errorf("open documents: %w", err)
	}
	if reg.Status.Placeless() {
		return nil, claim.ErrNoPlace
	}
	set, err := s.Sets.Version(c.Context(), reg.SetVersion)
	if err != nil {
		return nil, fmt.Errorf("requirement set of the registration: %w", err)
	}
	f := &folder{call: c, set: set, reg: reg, list: claim.ChecklistOf(set, reg)}
	if f.list == nil {
		return nil, fmt.Errorf("set %s lacks reason %q or branch %q", set.Version, reg.Reason, reg.Place.Branch)
	}
	return f, nil
}

// until returns until when documents may be sent: the deadline of a draft,
// the last change before the session of a submitted claim, the day that the
// officer named of a postponed one. claim.ErrClosed after that.
func (f *folder) until() (time.Time, error) {
	branch := f.set.Branch(f.reg.Place.Branch)
	end := f.reg.Deadline
	switch f.reg.Status {
	case claim.Draft:
	case claim.Submitted:
		start, err := branch.At(f.reg.Place.Date, f.reg.Place.Time)
		if err != nil {
			return end, err
		}
		end = claim.LastChange(f.set.Booking, start)
	case claim.Postponed:
		end = claim.MendUntil(branch, f.reg)
	default:
		return end, claim.ErrClosed
	}
	if !f.call.Now().Before(end) {
		return end, claim.ErrClosed
	}
	return end, nil
}

// replaceable tells whether a file may be sent for a slot now: of a postponed
// claim only what the officer named.
func (f *folder) replaceable(slot string) bool {
	return f.reg.Status != claim.Postponed || slices.Contains(f.reg.Decision.Mend, slot)
}

// newest returns the newest file of a slot in a state, or nil.
func (f *folder) newest(slot string, state claim.DocState) *claim.Document {
	var best *claim.Document
	for i := range f.reg.Documents {
		d := &f.reg.Documents[i]
		if d.Slot == slot && d.State == state && (best == nil || d.Created.After(best.Created)) {
			best = d
		}
	}
	return best
}

// place is where a file of a kind goes.
func (f *folder) place(it *requirement.Item, kind string) *permit.Place {
	end, _ := f.until() // which openSlot has looked at
	return &permit.Place{Owner: f.reg.ID, Slot: it.Slot, Kind: f.kind(kind), Have: f.reg.Documents, Until: end, Page: "/berkas/" + it.Slot, List: "/berkas"}
}

// title is the name of what belongs into a slot.
func (f *folder) title(it requirement.Item) string {
	if d := f.set.Document(it.Slot); d != nil {
		return d.Title.In(f.call.Lang)
	}
	return f.call.T("unggah.salah-satu", "dokumen", f.kind(it.OneOf[0]).Title.In(f.call.Lang))
}

func (f *folder) kind(code string) requirement.Document {
	if d := f.set.Document(code); d != nil {
		return *d
	}
	return requirement.Document{Code: code, Title: requirement.Text{ID: code, EN: code}}
}

func (f *folder) page(title string) *page.Page {
	c := f.call
	return &page.Page{Title: title, Section: "/status", Scripts: []page.Script{"berkas", "formulir"}, Crumbs: []page.Link{
		{URL: c.URL("/"), Text: c.T("situs.beranda")}, {URL: c.URL("/status"), Text: c.T("unggah.pendaftaran")}}}
}
