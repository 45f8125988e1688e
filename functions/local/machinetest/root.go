package machinetest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"lapakasik/site/requirement"
)

// The three branches of a Process that can be booked have a place or two a
// day, so that a few people fill it.
const (
	DrawBranch = "bandar-lampung"   // opens its days by draw
	WaitBranch = "cirebon"          // has a wait list
	DoorBranch = "jakarta-sudirman" // has a door
)

// Today is the date in WIB.
func Today() requirement.Date { return requirement.DateOf(time.Now().In(WIB)) }

// DrawDay is a working day whose draw closed yesterday or before, and whose
// places can still be confirmed.
func DrawDay() requirement.Date {
	d := Today().AddDays(3)
	for d.Time().Weekday() == time.Saturday || d.Time().Weekday() == time.Sunday {
		d = d.AddDays(1)
	}
	return d
}

// desks of the three branches.
const desks = `  desks:
    online: {officers: 1, places: 1, open: "10:00", close: "10:30", minutes: 30, days: [1, 2, 3, 4, 5]}
    onsite: {officers: 1, places: 1, open: "10:00", close: "10:30", minutes: 30, days: [1, 2, 3, 4, 5]}
`

// Checkout is the top folder of this repository, looked for when the process
// starts: a program's file store changes the working folder.
var Checkout, errCheckout = findCheckout()

func findCheckout() (string, error) {
	dir, err := os.Getwd()
	for err == nil && dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "template.yaml")); err == nil {
			return dir, nil
		}
		dir = filepath.Dir(dir)
	}
	return "", fmt.Errorf("this is not below a checkout: %w", err)
}

// EveryDay copies what the program reads into a folder: content without
// holidays, and Kudus in a zone where enough of the day is left, so that tests
// are the same at every hour of every day.
func EveryDay(dir string) error {
	if errCheckout != nil {
		return errCheckout
	}
	if err := os.CopyFS(filepath.Join(dir, "content"), os.DirFS(filepath.Join(Checkout, "content"))); err != nil {
		return err
	}
	change := func(name string, edit func(string) string) error {
		b, err := os.ReadFile(filepath.Join(Checkout, name))
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, name), []byte(edit(string(b))), 0o600)
	}
	return errors.Join(
		change("template.yaml", func(s string) string { return s }),
		change("content/data/libur.yaml", func(string) string { return "- {date: 2000-01-01, name: {id: Uji, en: Test}, source: Uji}\n" }),
		change("content/data/kantor.yaml", func(s string) string {
			before, kudus, _ := strings.Cut(s, "- code: kudus")
			if time.Now().In(WIB).Hour() >= 22 { // in WIT it is past midnight
				kudus = strings.Replace(kudus, "zone: WIB", "zone: WIT", 1)
			}
			return before + "- code: kudus" + kudus
		}))
}

// fewPlaces leaves the three branches in a folder of content.
func fewPlaces(content string) error {
	branches, err := os.ReadFile(filepath.Join(content, "data/kantor.yaml"))
	if err != nil {
		return err
	}
	parts := strings.Split(string(branches), "- code: ")
	for i, p := range parts {
		switch name, _, _ := strings.Cut(p, "\n"); name {
		case DrawBranch, WaitBranch, DoorBranch:
			parts[i] += desks
		default:
			parts[i] = strings.Replace(p, "bookable: true", "bookable: false", 1)
		}
	}
	if err := os.WriteFile(filepath.Join(content, "data/kantor.yaml"), []byte(strings.Join(parts, "- code: ")), 0o600); err != nil {
		return err
	}
	rules, err := os.ReadFile(filepath.Join(content, "data/antrean.yaml"))
	if err != nil {
		return err
	}
	changed := strings.NewReplacer("branches: {}", "branches: {"+DrawBranch+": ballot}", "per_second: 50", "per_second: 5").Replace(string(rules))
	return os.WriteFile(filepath.Join(content, "data/antrean.yaml"), []byte(changed), 0o600)
}
