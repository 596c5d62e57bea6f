package web

import (
	"context"
	"log"
	"log/slog"
	"regexp"
	"strings"
)

// connectionLog takes what net/http has to say about connections that never
// became a request, without the addresses they came from.
func connectionLog(logger *slog.Logger) *log.Logger {
	return log.New(&connectionWriter{logger}, "", 0)
}

type connectionWriter struct{ logger *slog.Logger }

var networkAddress = regexp.MustCompile(`(?:\[[0-9a-fA-F:.%\w]+\]|\d+\.\d+\.\d+\.\d+):\d+`)

func (w *connectionWriter) Write(line []byte) (int, error) {
	text := networkAddress.ReplaceAllString(strings.TrimSpace(string(line)), "…")
	w.logger.LogAttrs(context.Background(), slog.LevelInfo, "connection", slog.String("cause", text)) //nolint:forbidigo // log.Logger passes no context on
	return len(line), nil
}
