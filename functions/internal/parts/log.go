package parts

import (
	"io"
	"log/slog"
)

// logged are the attributes that may be logged; everything else is dropped,
// so that nothing personal reaches a log by an oversight (TRUST R79, R80).
var logged = map[string]bool{
	slog.TimeKey: true, slog.LevelKey: true, slog.MessageKey: true,
	"request_id": true, "method": true, "route": true, "status": true, "ms": true, "error": true,
	"job": true, "branches": true, "days": true, "count": true, "upload": true, "slot": true, "state": true, "event": true, "staff": true,
}

// Logger writes JSON lines with the allowed attributes only.
func Logger(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if !logged[a.Key] {
			return slog.Attr{}
		}
		return a
	}}))
}
