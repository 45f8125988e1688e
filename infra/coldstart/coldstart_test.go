// Package coldstart measures how long each function's binary takes from exec
// to its first poll of the Runtime API, as a ratio to an empty Go Lambda in
// the same run.
package coldstart

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const (
	runs = 31
	aim  = 1.5
	// bound is where the test fails. It is far above the aim, because a busy
	// machine can double one side of a ratio of milliseconds.
	bound = 3.0
)

// binaries are the programs to measure; the first is the measure, the second
// what the AWS SDK alone costs.
var binaries = []string{"infra/coldstart/empty", "infra/coldstart/clients", "functions/register/lambda", "functions/upload/lambda", "functions/results/lambda", "functions/inspect/lambda", "functions/schedule/lambda", "functions/login/lambda"}

func build(t *testing.T, pkg, dir string) string {
	t.Helper()
	out := filepath.Join(dir, filepath.Base(filepath.Dir(pkg))+"-"+filepath.Base(pkg))
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", out, "lapakasik/"+pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if b, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v: %s", pkg, err, b)
	}
	return out
}

// poll starts a program against a Runtime API that only listens, and returns
// the time to the first request for an invocation.
func poll(t *testing.T, program string) time.Duration {
	t.Helper()
	asked := make(chan time.Time, 1)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case asked <- time.Now():
		default:
		}
		<-r.Context().Done()
	})}
	go func() { _ = srv.Serve(ln) }() // ends with Close
	defer srv.Close()
	cmd := exec.Command(program)
	cmd.Env = []string{"AWS_LAMBDA_RUNTIME_API=" + ln.Addr().String(), "AWS_REGION=ap-southeast-3", "AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x",
		"TABLE=t", "KEYS_TABLE=k", "SITE_BUCKET=s", "INBOX_BUCKET=i", "VAULT_BUCKET=v", "AUDIT_BUCKET=a", "MAC_KEY_ID=m", "PUBLIC_ORIGIN=https://lapakasik.example",
		"STAFF_TABLE=p", "OIDC_ISSUER=https://id.example", "OIDC_CLIENT_ID=c", "OIDC_SECRET_ID=r"}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	select {
	case at := <-asked:
		return at.Sub(began)
	case <-time.After(20 * time.Second):
		t.Fatalf("%s never asked for an invocation", program)
		return 0
	}
}

func TestColdStart(t *testing.T) {
	dir := t.TempDir()
	programs := make([]string, len(binaries))
	for i, pkg := range binaries {
		programs[i] = build(t, pkg, dir)
	}
	times := make([][]time.Duration, len(programs))
	for range runs {
		for i, p := range programs {
			times[i] = append(times[i], poll(t, p))
		}
	}
	median := func(i int) time.Duration {
		slices.Sort(times[i])
		return times[i][runs/2]
	}
	empty := median(0)
	report := fmt.Sprintf("exec to first poll, median of %d interleaved runs; aim %.1f\n%-28s %v\n", runs, aim, binaries[0], empty.Round(10*time.Microsecond))
	for i := 1; i < len(programs); i++ {
		m := median(i)
		ratio := float64(m) / float64(empty)
		report += fmt.Sprintf("%-28s %v  ratio %.2f\n", binaries[i], m.Round(10*time.Microsecond), ratio)
		if ratio > bound {
			t.Errorf("%s starts in %.2f times an empty function; want at most %.1f", binaries[i], ratio, bound)
		}
	}
	t.Log("\n" + report)
}
