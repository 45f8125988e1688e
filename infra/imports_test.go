package infra

import (
	"os/exec"
	"strings"
	"testing"
)

const module = "lapakasik/"

// may says which of our packages a package may import, by prefix of its path
// below the module. What is not listed imports nothing of ours.
var may = []struct{ pkg, imports string }{
	{"content", ""},
	{"site/requirement", ""},
	{"site/page/pagetest", ""},
	{"site/page", "content site/requirement"},
	{"site/build", "site"},
	{"site/editor", "content site infra/npm"},
	{"site/disk", ""},
	{"site/sample", ""},
	{"site/searchindex", "site/requirement"},
	{"site/preview", "site"},
	{"site", "content site/disk site/requirement site/page site/sample site/searchindex"},
	{"functions/internal/claim", "site/requirement"},
	{"functions/internal/seal", "functions/internal/claim"},
	{"functions/internal/tally", "functions/internal/claim site/requirement"},
	{"functions/internal/trail", ""},
	{"functions/internal/company", "functions/internal/claim site/requirement"},
	{"functions/internal/roll", "functions/internal/claim functions/internal/company site/requirement"},
	{"functions/internal/dynamo", "functions/internal/claim functions/internal/company functions/internal/seal functions/internal/staff functions/internal/tally functions/internal/trail site/requirement"},
	{"functions/internal/examine", "functions/internal/claim"},
	{"functions/internal/bucket", "functions/internal/claim functions/internal/trail"},
	{"functions/internal/published", "site/requirement"},
	{"functions/internal/lambdahttp", ""},
	{"functions/internal/web", "functions/internal/claim site/page site/requirement"},
	{"functions/internal/permit", "functions/internal/claim functions/internal/web site/page site/requirement"},
	{"functions/internal/guard", "functions/internal/claim functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/internal/staff", ""},
	{"functions/internal/parts", "functions/internal site/requirement site/searchindex"},
	{"functions/internal/storetest", "functions/internal functions/local/engine site/requirement"},
	{"functions/internal/crashtest", ""},
	{"functions/internal/apptest", "functions site"},
	{"functions/register/wire", "functions/register functions/internal/parts"},
	{"functions/register/lambda", "functions/register/wire functions/internal/parts"},
	{"functions/register", "functions/internal/agenda functions/internal/claim functions/internal/web site/page site/requirement"},
	{"functions/internal/agenda", "functions/internal/claim site/requirement"},
	{"functions/notify/wire", "functions/notify functions/internal/parts"},
	{"functions/notify/lambda", "functions/notify/wire functions/internal/parts"},
	{"functions/notify/mailer", "functions/notify"},
	{"functions/notify", "functions/internal/agenda functions/internal/claim functions/internal/company functions/internal/dynamo site/page site/requirement"},
	{"functions/recap/wire", "functions/recap functions/internal/parts"},
	{"functions/recap/lambda", "functions/recap/wire functions/internal/parts"},
	{"functions/recap", "functions/internal/claim functions/internal/guard functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/audit/wire", "functions/audit functions/internal/parts"},
	{"functions/audit/lambda", "functions/audit/wire functions/internal/parts"},
	{"functions/audit", "functions/internal/claim functions/internal/guard functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/desk/wire", "functions/desk functions/internal/parts"},
	{"functions/desk/lambda", "functions/desk/wire functions/internal/parts"},
	{"functions/desk", "functions/internal/claim functions/internal/guard functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/supervise/wire", "functions/supervise functions/internal/parts"},
	{"functions/supervise/lambda", "functions/supervise/wire functions/internal/parts"},
	{"functions/supervise", "functions/internal/claim functions/internal/dynamo functions/internal/guard functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/upload/wire", "functions/upload functions/internal/parts"},
	{"functions/upload/lambda", "functions/upload/wire functions/internal/parts"},
	{"functions/upload", "functions/internal/claim functions/internal/permit functions/internal/web site/page site/requirement"},
	{"functions/collective/wire", "functions/collective functions/internal/parts"},
	{"functions/collective/lambda", "functions/collective/wire functions/internal/parts"},
	{"functions/collective", "functions/internal/claim functions/internal/company functions/internal/permit functions/internal/roll functions/internal/web site/page site/requirement"},
	{"functions/agree/wire", "functions/agree functions/internal/parts"},
	{"functions/agree/lambda", "functions/agree/wire functions/internal/parts"},
	{"functions/agree", "functions/internal/claim functions/internal/company functions/internal/guard functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/search/wire", "functions/search functions/internal/parts"},
	{"functions/search/lambda", "functions/search/wire functions/internal/parts"},
	{"functions/search", "functions/internal/web site/page site/requirement site/searchindex"},
	{"functions/results/wire", "functions/results functions/internal/parts"},
	{"functions/results/lambda", "functions/results/wire functions/internal/parts"},
	{"functions/results", "functions/internal/claim functions/internal/tally functions/internal/web site/page site/requirement"},
	{"functions/login/wire", "functions/login functions/internal/parts"},
	{"functions/login/lambda", "functions/login/wire functions/internal/parts"},
	{"functions/login", "functions/internal/guard functions/internal/staff functions/internal/web site/page site/requirement"},
	{"functions/inspect/wire", "functions/inspect functions/internal"},
	{"functions/inspect/lambda", "functions/inspect/wire functions/internal/parts"},
	{"functions/inspect", "functions/internal/claim functions/internal/examine functions/internal/bucket"},
	{"functions/schedule/wire", "functions/schedule functions/internal/parts"},
	{"functions/schedule/lambda", "functions/schedule/wire functions/internal/parts"},
	{"functions/schedule", "functions/draw/lot functions/internal/claim functions/internal/company functions/internal/dynamo functions/internal/trail site/requirement"},
	{"functions/local", "functions site infra/npm"},
	{"functions/draw/lot", ""},
	{"infra/draw", "functions/draw/lot"},
	{"infra/npm", ""},
	{"infra/coldstart", ""},
	{"infra/bench/corpus", "site/page site/requirement"},
	{"infra/bench", "infra/bench/corpus site"},
}

// golist runs go list with a format over every package.
func golist(t *testing.T, format string, args ...string) []string {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-f", format}, args...)...)
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

func TestWhoImportsWhom(t *testing.T) {
	seen := 0
	for _, line := range golist(t, `{{.ImportPath}} {{join .Imports " "}}`, "./content/...", "./site/...", "./functions/...", "./infra/...") {
		fields := strings.Fields(line)
		pkg := strings.TrimPrefix(fields[0], module)
		allowed, listed := allow(pkg)
		for _, imported := range fields[1:] {
			own, ok := strings.CutPrefix(imported, module)
			if !ok {
				continue
			}
			seen++
			if !listed || !within(own, allowed) {
				t.Errorf("%s may not import %s", pkg, own)
			}
		}
	}
	if seen < 40 {
		t.Errorf("looked at %d imports of our own; want all", seen)
	}
}

func allow(pkg string) ([]string, bool) {
	for _, m := range may {
		if pkg == m.pkg || strings.HasPrefix(pkg, m.pkg+"/") {
			return strings.Fields(m.imports), true
		}
	}
	return nil, false
}

func within(pkg string, allowed []string) bool {
	for _, a := range allowed {
		if pkg == a || strings.HasPrefix(pkg, a+"/") {
			return true
		}
	}
	return false
}

// The rules know the standard library only; the public functions' handlers
// know no AWS; no function links the local stand-ins.
func TestThirdParties(t *testing.T) {
	for _, tt := range []struct{ pkg, never string }{
		{"./site/requirement", "."},
		{"./functions/internal/claim", "."},
		{"./functions/internal/tally", "."},
		{"./content", "."},
		{"./functions/register", "aws"},
		{"./functions/upload", "aws"},
		{"./functions/internal/permit", "aws"},
		{"./functions/results", "aws"},
		{"./functions/schedule", "aws"},
		{"./functions/search", "aws"},
		{"./functions/login", "aws"},
		{"./functions/desk", "aws"},
		{"./functions/recap", "aws"},
		{"./functions/internal/company", "."},
		{"./functions/collective", "aws"},
		{"./functions/agree", "aws"},
	} {
		for _, imported := range golist(t, `{{join .Imports "\n"}}`, tt.pkg) {
			first, _, _ := strings.Cut(imported, "/")
			if strings.Contains(first, ".") && strings.Contains(imported, tt.never) {
				t.Errorf("%s imports %s", tt.pkg, imported)
			}
		}
	}
	for _, function := range []string{"register", "upload", "results", "inspect", "schedule", "search", "login", "desk", "recap", "collective", "agree"} {
		for _, dep := range golist(t, `{{.ImportPath}}`, "-deps", "./functions/"+function+"/lambda") {
			if strings.Contains(dep, "versitygw") || strings.Contains(dep, "zitadel") || strings.Contains(dep, "functions/local") || strings.HasSuffix(dep, "test") && strings.HasPrefix(dep, module) {
				t.Errorf("functions/%s links %s", function, dep)
			}
		}
	}
}
