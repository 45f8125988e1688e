package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// An Engine is a running DynamoDB API on the loopback interface.
type Engine struct {
	URL  string // "http://127.0.0.1:…"
	cmd  *exec.Cmd
	done chan error
	lock lock // of its data
}

// Start runs the engine on a free port with its data in the file path, or in
// memory for an empty path, and waits until it answers. It ends with Close,
// and with this process. One engine at a time may have a file.
func Start(ctx context.Context, path string) (e *Engine, err error) {
	lock, err := take(path)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, lock.free())
		}
	}()
	binary, err := Fetch(ctx)
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	args := []string{"--port", strconv.Itoa(port)}
	if path != "" {
		args = append(args, "--db-path", path)
	}
	var log strings.Builder
	e = &Engine{URL: "http://127.0.0.1:" + strconv.Itoa(port), cmd: exec.Command(binary, args...), done: make(chan error, 1), lock: lock}
	e.cmd.Stderr = &log
	e.cmd.SysProcAttr = attributes()
	if err := e.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start database engine: %w", err)
	}
	go func() { e.done <- e.cmd.Wait() }()
	if err := e.ready(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("database engine: %w: %s", err, strings.TrimSpace(log.String())), e.Close())
	}
	return e, nil
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("free port: %w", err)
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// ready asks until the engine answers; any HTTP answer will do.
func (e *Engine) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, e.URL, nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			return res.Body.Close()
		}
		select {
		case err := <-e.done:
			e.done <- err
			return fmt.Errorf("ended at start: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("did not answer: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

// Close ends the engine and waits for it. What it has answered is on disk.
func (e *Engine) Close() error {
	if err := e.cmd.Process.Kill(); err != nil && !errors.Is(err, errProcessDone) {
		return fmt.Errorf("end database engine: %w", err)
	}
	<-e.done
	e.done <- nil
	return e.lock.free()
}
