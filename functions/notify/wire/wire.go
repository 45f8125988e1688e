// Package wire joins notify with its parts, for Lambda and for the program on
// one machine.
package wire

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/sesv2"

	"lapakasik/functions/internal/parts"
	"lapakasik/functions/notify"
	"lapakasik/functions/notify/mailer"
)

// Service returns the jobs. With SMTP_HOST and SMTP_PORT mails go through that
// server, SMTP_PLAIN without TLS; else through SES. The error names what is missing.
func Service(p *parts.Parts) (*notify.Service, error) {
	s := &notify.Service{Store: p.Store(), Sets: p.Sets(), Origin: p.Need("PUBLIC_ORIGIN"), Log: p.Log, Now: p.Now}
	from, host := p.Need("MAIL_FROM"), p.Env("SMTP_HOST")
	if host == "" {
		s.Mailer = &mailer.SES{From: from, Client: sesv2.NewFromConfig(p.Config())}
		return s, p.Err()
	}
	port, err := strconv.Atoi(p.Need("SMTP_PORT"))
	if err != nil {
		err = fmt.Errorf("SMTP_PORT: %w", err)
	}
	s.Mailer = &mailer.SMTP{From: from, Host: host, Port: port, Plain: p.Env("SMTP_PLAIN") != ""}
	return s, errors.Join(p.Err(), err)
}
