package browser_test

import (
	"fmt"
	"testing"

	"lapakasik/functions/local/machinetest"
	"lapakasik/site/requirement"
)

// Who comes too late for the one place of a day waits for it, is offered what
// somebody gives up, and takes it: with JavaScript and without.
func TestWaitUntilOffered(t *testing.T) {
	monday := nextMonday()
	day := monday.AddDays(3)
	r := startRush(t, monday, "09:00")
	for _, tt := range []struct {
		channel string
		scripts bool
	}{{"online", true}, {"onsite", false}} {
		t.Run(tt.channel, func(t *testing.T) {
			holder, waiter := r.open(tt.scripts), r.open(tt.scripts)
			holder.t, waiter.t = t, t
			holder.chooseDay(waitBranch, tt.channel, day)
			holder.choose("jam", "10:00")
			holder.next()
			r.apply(holder, "pemegang@contoh.id")

			waiter.chooseDay(waitBranch, tt.channel, day)
			waiter.says("Semua jam pada tanggal ini penuh")
			waiter.look("penuh-" + tt.channel)
			waiter.choose("jam-tunggu", "10:00")
			waiter.next()
			mail := fmt.Sprintf("penunggu-%s@contoh.id", tt.channel)
			r.apply(waiter, mail)
			waiter.says("Anda nomor 1 di daftar tunggu")
			waiter.look("menunggu-" + tt.channel)

			holder.open("/status/batal")
			holder.next()
			r.Run("Offer", "Send")
			if got := subjects(t, r.Data, nil)[mail]; len(got) != 2 || got[1] != "Ada tempat untuk Anda: jawab sebelum batasnya" {
				t.Errorf("who waits was told %q", got)
			}
			waiter.open("/status")
			waiter.look("tawaran-" + tt.channel)
			waiter.press(`form[action="/status/tawaran"] button[value=terima]`)
			waiter.says("Lengkapi berkas sebelum", "10.00 WIB")
			waiter.press(`main a[href="/berkas"]`)
			waiter.look("diterima-" + tt.channel)
		})
	}
}

// nextMonday is a day that begins a working week.
func nextMonday() requirement.Date {
	d := machinetest.Today().AddDays(1)
	for d.Time().Weekday() != 1 {
		d = d.AddDays(1)
	}
	return d
}
