// Package mailbox is a mail server on this machine: it takes every mail over
// SMTP and keeps each as a file, which any mail program can open.
package mailbox

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"
)

// maxMail is the largest mail in bytes.
const maxMail = 1 << 20

// A Server takes mails until it is closed.
type Server struct {
	Host string
	Port int
	// Fail, if set, is asked before a mail is kept; its error is the answer, a
	// *smtp.SMTPError for one with a code.
	Fail func() error
	// Kept, if set, is told of each mail that is kept, before its sender is.
	Kept   func()
	dir    string
	mails  atomic.Int64
	server *smtp.Server
}

// Start keeps mails in a folder, made if missing.
func Start(dir string) (*Server, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("mail folder: %w", err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	at := ln.Addr().(*net.TCPAddr)
	s := &Server{Host: at.IP.String(), Port: at.Port, dir: dir}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return session{s}, nil }))
	s.server.Domain, s.server.MaxMessageBytes, s.server.ReadTimeout, s.server.WriteTimeout = "localhost", maxMail, 10*time.Second, 10*time.Second
	go func() { _ = s.server.Serve(ln) }() // ends with Close
	return s, nil
}

// Close ends the server.
func (s *Server) Close() error { return s.server.Close() }

// Mails returns how many mails were kept.
func (s *Server) Mails() int { return int(s.mails.Load()) }

type session struct{ s *Server }

func (session) Reset()                               {}
func (session) Logout() error                        { return nil }
func (session) Mail(string, *smtp.MailOptions) error { return nil }
func (session) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data keeps the mail under the time of its arrival.
func (x session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if x.s.Fail != nil {
		if err := x.s.Fail(); err != nil {
			return err
		}
	}
	name := filepath.Join(x.s.dir, time.Now().UTC().Format("20060102-150405.000000-")+rand.Text()[:6]+".eml")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		return errors.Join(&smtp.SMTPError{Code: 451, Message: "the mail could not be kept"}, err)
	}
	x.s.mails.Add(1)
	if x.s.Kept != nil {
		x.s.Kept()
	}
	return nil
}
