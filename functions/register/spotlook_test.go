package register_test

import (
	"testing"

	"lapakasik/functions/internal/apptest"
)

// The poster's page in Chromium, narrow and wide.
func TestSpotInBrowser(t *testing.T) {
	app := apptest.New(t, "../..")
	b := app.Browser()
	app.Look(t, "../..", b, map[string]string{"hadir": poster(t), "hadir-en": "/en" + poster(t)})
}
