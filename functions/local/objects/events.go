package objects

import (
	"strings"
	"sync"

	"github.com/gofiber/fiber/v3"
	"github.com/versity/versitygw/s3api/middlewares"
	"github.com/versity/versitygw/s3api/utils"
	"github.com/versity/versitygw/s3event"
)

// events turns the gateway's notices into calls of OnCreated.
type events struct {
	created func(bucket, key string)
	calls   sync.WaitGroup
}

// SendEvent is called while the request is still being answered, with the
// object already stored.
func (e *events) SendEvent(ctx fiber.Ctx, m s3event.EventMeta) {
	if e.created == nil || !strings.HasPrefix(string(m.EventName), "s3:ObjectCreated:") {
		return
	}
	// The names live in the request's buffer, which is used again.
	bucket := strings.Clone(ctx.Params("bucket"))
	key := strings.Clone(objectKey(ctx, bucket))
	e.calls.Go(func() { e.created(bucket, key) })
}

// objectKey is in the path of a PUT and in the form of a POST.
func objectKey(ctx fiber.Ctx, bucket string) string {
	if form, ok := utils.ContextKeyObjectPostResult.Get(ctx).(middlewares.PostObjectResult); ok {
		return form.Fields["key"]
	}
	return strings.TrimPrefix(ctx.Path(), "/"+bucket+"/")
}

// Close is part of the gateway's interface; Gateway.Close waits instead.
func (e *events) Close() error { return nil }

func (e *events) wait() { e.calls.Wait() }
