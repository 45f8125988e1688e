// Package mailer sends mails: by SES in AWS, by SMTP elsewhere. Both send the
// same message, composed once.
package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sesv2/types"
	"github.com/wneessen/go-mail"

	"lapakasik/functions/notify"
)

// timeout of one conversation with a mail server.
const timeout = 10 * time.Second

func message(from string, m notify.Mail) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := errors.Join(msg.FromFormat("Lapak Asik", from), msg.To(m.To)); err != nil {
		return nil, fmt.Errorf("%w: an address of the mail is malformed", notify.ErrRefused)
	}
	msg.Subject(m.Subject)
	msg.SetDate()
	msg.SetMessageID()
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	if m.Calendar != nil {
		if err := msg.AttachReader("lapak-asik.ics", bytes.NewReader(m.Calendar), mail.WithFileContentType("text/calendar; charset=utf-8; method=PUBLISH")); err != nil {
			return nil, fmt.Errorf("attach calendar: %w", err)
		}
	}
	return msg, nil
}

// SMTP sends through a mail server.
type SMTP struct {
	From, Host string
	Port       int
	// Plain allows a connection without TLS, for a server on this machine.
	Plain bool
}

// Send sends one mail; the receipt is its Message-ID. notify.ErrRefused if the
// server refuses it for good (5xx).
func (s *SMTP) Send(ctx context.Context, m notify.Mail) (string, error) {
	msg, err := message(s.From, m)
	if err != nil {
		return "", err
	}
	policy := mail.TLSMandatory
	if s.Plain {
		policy = mail.NoTLS
	}
	c, err := mail.NewClient(s.Host, mail.WithPort(s.Port), mail.WithTLSPolicy(policy), mail.WithTimeout(timeout))
	if err != nil {
		return "", fmt.Errorf("mail server: %w", err)
	}
	if err := c.DialAndSendWithContext(ctx, msg); err != nil {
		var refused *mail.SendError
		if errors.As(err, &refused) && !refused.IsTemp() && refused.ErrorCode() >= 500 {
			return "", fmt.Errorf("%w: %w", notify.ErrRefused, err)
		}
		return "", fmt.Errorf("send: %w", err)
	}
	return msg.GetMessageID(), nil
}

// SES sends through Amazon SES.
type SES struct {
	From   string
	Client *sesv2.Client
}

// Send sends one mail; the receipt is SES's id of it. notify.ErrRefused if SES
// will never take it.
func (s *SES) Send(ctx context.Context, m notify.Mail) (string, error) {
	msg, err := message(s.From, m)
	if err != nil {
		return "", err
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return "", fmt.Errorf("compose: %w", err)
	}
	out, err := s.Client.SendEmail(ctx, &sesv2.SendEmailInput{Content: &types.EmailContent{Raw: &types.RawMessage{Data: raw.Bytes()}}})
	var rejected *types.MessageRejected
	switch {
	case errors.As(err, &rejected):
		return "", fmt.Errorf("%w: %w", notify.ErrRefused, err)
	case err != nil:
		return "", fmt.Errorf("send: %w", err)
	}
	return aws.ToString(out.MessageId), nil
}
