// Package infra holds what surrounds the code: template.yaml and who may
// import whom, as tests.
package infra

import (
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"lapakasik/functions/local/template"
	"lapakasik/functions/schedule"
	"lapakasik/site/page"
)

// document reads template.yaml as plain values; an intrinsic function is its argument.
func document(t *testing.T) map[string]any {
	t.Helper()
	b, err := os.ReadFile("../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var n yaml.Node
	if err := yaml.Load(b, &n); err != nil {
		t.Fatal(err)
	}
	doc, ok := plain(&n).(map[string]any)
	if !ok {
		t.Fatal("template.yaml is no mapping")
	}
	return doc
}

func plain(n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return plain(n.Content[0])
	case yaml.AliasNode:
		return plain(n.Alias)
	case yaml.SequenceNode:
		out := []any{}
		for _, c := range n.Content {
			out = append(out, plain(c))
		}
		return out
	case yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = plain(n.Content[i+1])
		}
		return out
	}
	return n.Value
}

func dig(v any, path ...string) any {
	for _, p := range path {
		m, _ := v.(map[string]any)
		v = m[p]
	}
	return v
}

func mapping(v any) map[string]any { m, _ := v.(map[string]any); return m }

func text(v any) string { s, _ := v.(string); return s }

func list(v any) []any { l, _ := v.([]any); return l }

func number(t *testing.T, v any) int {
	t.Helper()
	n, err := strconv.Atoi(text(v))
	if err != nil {
		t.Fatalf("%v is no number", v)
	}
	return n
}

// resources returns those of a type by logical id; it fails if there is none.
func resources(t *testing.T, kind string) map[string]any {
	t.Helper()
	out := map[string]any{}
	for id, r := range mapping(dig(document(t), "Resources")) {
		if dig(r, "Type") == kind {
			out[id] = r
		}
	}
	if len(out) == 0 {
		t.Fatalf("no %s in the template", kind)
	}
	return out
}

// jakarta is the account's quota of requests a second in ap-southeast-3, over
// all APIs (TRUST, limits sheet); our routes may use 80 % of it.
const jakarta = 2500

func TestThrottles(t *testing.T) {
	routes := map[string]map[string]bool{} // by API
	for _, f := range resources(t, "AWS::Serverless::Function") {
		for _, e := range mapping(dig(f, "Properties", "Events")) {
			if dig(e, "Type") == "HttpApi" {
				api := text(dig(e, "Properties", "ApiId"))
				if routes[api] == nil {
					routes[api] = map[string]bool{}
				}
				routes[api][text(dig(e, "Properties", "Method"))+" "+text(dig(e, "Properties", "Path"))] = true
			}
		}
		if dig(f, "Properties", "ReservedConcurrentExecutions") == nil {
			t.Errorf("function without reserved concurrency: %v", dig(f, "Properties", "CodeUri"))
		}
	}
	apis := resources(t, "AWS::Serverless::HttpApi")
	sum := 0
	for api, of := range routes {
		if apis[api] == nil {
			t.Errorf("routes of %q, which is no API", api)
			continue
		}
		p := dig(apis[api], "Properties")
		own := mapping(dig(p, "RouteSettings"))
		may := (len(of) - len(own)) * number(t, dig(p, "DefaultRouteSettings", "ThrottlingRateLimit"))
		for name, r := range own {
			may += number(t, dig(r, "ThrottlingRateLimit"))
			if !of[name] {
				t.Errorf("%s throttles %s, which is no route of it", api, name)
			}
		}
		t.Logf("%s: %d routes may take %d requests a second", api, len(of), may)
		sum += may
	}
	if sum > jakarta*8/10 {
		t.Errorf("all routes together may take %d requests a second; want at most %d", sum, jakarta*8/10)
	}
}

// What the public waits for ends well before the gateway's 30 seconds.
func TestTimeouts(t *testing.T) {
	common := number(t, dig(document(t), "Globals", "Function", "Timeout"))
	for id, f := range resources(t, "AWS::Serverless::Function") {
		timeout := common
		if own := dig(f, "Properties", "Timeout"); own != nil {
			timeout = number(t, own)
		}
		for _, e := range mapping(dig(f, "Properties", "Events")) {
			if dig(e, "Type") == "HttpApi" && timeout > 10 {
				t.Errorf("%s may take %d s for a page; want at most 10", id, timeout)
				break
			}
		}
	}
}

// Each function may do only what it names, on what it names.
func TestPermissions(t *testing.T) {
	for id, f := range resources(t, "AWS::Serverless::Function") {
		actions := map[string]bool{}
		for _, p := range list(dig(f, "Properties", "Policies")) {
			for _, s := range list(dig(p, "Statement")) {
				for _, a := range list(dig(s, "Action")) {
					actions[text(a)] = true
					if strings.Contains(text(a), "*") {
						t.Errorf("%s may %s", id, a)
					}
				}
				for _, r := range list(dig(s, "Resource")) {
					if text(r) == "*" {
						t.Errorf("%s may act on everything", id)
					}
				}
			}
		}
		t.Logf("%s: %s", id, strings.Join(slices.Sorted(maps.Keys(actions)), " "))
		name := strings.TrimPrefix(id, "Rehearsal")
		public := name == "RegisterFunction" || name == "UploadFunction" || name == "ResultsFunction"
		if public && actions["s3:DeleteObject"] || name == "RegisterFunction" && actions["s3:PutObject"] {
			t.Errorf("%s may touch documents", id)
		}
	}
}

// The public results can read numbers and draws and add to the survey; nothing of a
// registration is under the keys they may use (TRUST R90).
func TestResultsSeeNumbersOnly(t *testing.T) {
	f := dig(document(t), "Resources", "ResultsFunction", "Properties")
	seen := 0
	for _, p := range list(dig(f, "Policies")) {
		for _, s := range list(dig(p, "Statement")) {
			for _, a := range list(dig(s, "Action")) {
				if !strings.HasPrefix(text(a), "dynamodb:") {
					continue
				}
				seen++
				keys := list(dig(s, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys"))
				write := text(a) != "dynamodb:GetItem" && text(a) != "dynamodb:Query"
				for _, k := range keys {
					if k != "SURVEY#*" && !(write && k == "SPENT#*") && !(!write && (k == "STAT#*" || k == "DRAW#*")) {
						t.Errorf("ResultsFunction may %s of %s", a, k)
					}
				}
				if len(keys) == 0 {
					t.Errorf("ResultsFunction may %s of anything", a)
				}
			}
		}
	}
	if seen != 4 || dig(f, "Environment", "Variables", "KEYS_TABLE") != nil {
		t.Errorf("ResultsFunction has %d actions on tables; want 4, and no keys", seen)
	}
}

func TestTables(t *testing.T) {
	for id, r := range resources(t, "AWS::DynamoDB::Table") {
		p := dig(r, "Properties")
		if id == "RehearsalTable" { // what is made up is to be forgotten
			if dig(p, "TimeToLiveSpecification", "AttributeName") != "ttl" || dig(p, "PointInTimeRecoverySpecification") != nil || dig(r, "DeletionPolicy") != "Delete" {
				t.Errorf("%s keeps what is made up", id)
			}
			continue
		}
		for _, want := range []struct {
			what string
			ok   bool
		}{
			{"point-in-time recovery", dig(p, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled") == "true"},
			{"deletion protection", dig(p, "DeletionProtectionEnabled") == "true"},
			{"our key", dig(p, "SSESpecification", "SSEType") == "KMS" && dig(p, "SSESpecification", "KMSMasterKeyId") == "Key"},
			{"DeletionPolicy Retain", dig(r, "DeletionPolicy") == "Retain" && dig(r, "UpdateReplacePolicy") == "Retain"},
			{"on-demand capacity", dig(p, "BillingMode") == "PAY_PER_REQUEST"},
		} {
			if !want.ok {
				t.Errorf("%s lacks %s", id, want.what)
			}
		}
	}
}

// TRUST R38 and R39.
func TestBuckets(t *testing.T) {
	policies := map[string]string{}
	for _, p := range resources(t, "AWS::S3::BucketPolicy") {
		for _, s := range list(dig(p, "Properties", "PolicyDocument", "Statement")) {
			b, err := yaml.Marshal(dig(s, "Condition"))
			if err != nil {
				t.Fatal(err)
			}
			policies[text(dig(p, "Properties", "Bucket"))] += text(dig(s, "Effect")) + " " + string(b)
		}
	}
	for id, r := range resources(t, "AWS::S3::Bucket") {
		p := dig(r, "Properties")
		for _, name := range []string{"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"} {
			if dig(p, "PublicAccessBlockConfiguration", name) != "true" {
				t.Errorf("%s lacks %s", id, name)
			}
		}
		if rules := list(dig(p, "OwnershipControls", "Rules")); len(rules) != 1 || dig(rules[0], "ObjectOwnership") != "BucketOwnerEnforced" {
			t.Errorf("%s does not enforce ownership", id)
		}
		if !strings.Contains(policies[id], "aws:SecureTransport") {
			t.Errorf("%s can be reached without TLS", id)
		}
		if strings.Contains(policies[id], "if-none-match") {
			t.Errorf("%s forces conditional writes by policy, which breaks copies", id)
		}
		for _, rule := range list(dig(p, "CorsConfiguration", "CorsRules")) {
			if slices.Contains(list(dig(rule, "AllowedOrigins")), any("*")) {
				t.Errorf("%s may be used from any site", id)
			}
		}
	}
	for _, id := range []string{"InboxBucket", "VaultBucket", "RehearsalBucket"} {
		if !strings.Contains(policies[id], "s3:TlsVersion") || !strings.Contains(policies[id], "s3:signatureAge") {
			t.Errorf("%s: old TLS or old signatures are let in", id)
		}
	}
	if !strings.Contains(policies["VaultBucket"], "kms-key-id") {
		t.Error("the vault takes objects under another key")
	}
	rules := list(dig(document(t), "Resources", "RehearsalBucket", "Properties", "LifecycleConfiguration", "Rules"))
	if len(rules) != 1 || dig(rules[0], "ExpirationInDays") != "1" || dig(rules[0], "Prefix") != "" || dig(rules[0], "Status") != "Enabled" {
		t.Errorf("what is sent in a rehearsal does not go after a day: %v", rules)
	}
}

// A rehearsal cannot reach anything real but the requirement set, and nothing
// real can reach what is a rehearsal's: by permission, and by what it is told.
func TestRehearsalIsApart(t *testing.T) {
	rehearses := func(s string) bool {
		return strings.HasPrefix(s, "Rehearsal") || strings.Contains(s, "${AWS::StackName}-rehearsal-")
	}
	// shared is what both may know: the published set to read, the public name, the edge's secret.
	shared := func(s string) bool {
		return s == "arn:${AWS::Partition}:s3:::${AWS::StackName}-site-${AWS::AccountId}/data/*"
	}
	told := []string{"TABLE", "KEYS_TABLE", "INBOX_BUCKET", "VAULT_BUCKET", "UPLOAD_ORIGIN", "MAC_KEY_ID", "VAULT_KEY_ID"}
	apart := 0
	for id, f := range resources(t, "AWS::Serverless::Function") {
		variables := mapping(dig(f, "Properties", "Environment", "Variables"))
		if (variables["REHEARSAL"] != nil) != rehearses(id) {
			t.Errorf("%s: REHEARSAL is %v", id, variables["REHEARSAL"])
		}
		for _, name := range told {
			if v := text(variables[name]); v != "" && rehearses(v) != rehearses(id) {
				t.Errorf("%s is told that %s is %s", id, name, v)
			}
		}
		for _, p := range list(dig(f, "Properties", "Policies")) {
			for _, s := range list(dig(p, "Statement")) {
				for _, r := range list(dig(s, "Resource")) {
					if shared(text(r)) {
						for _, a := range list(dig(s, "Action")) {
							if a != "s3:GetObject" && rehearses(id) {
								t.Errorf("%s may %s of the site", id, a)
							}
						}
						continue
					}
					if rehearses(text(r)) != rehearses(id) {
						t.Errorf("%s may act on %s", id, r)
					}
					apart++
				}
			}
		}
		for name, e := range mapping(dig(f, "Properties", "Events")) {
			if path := text(dig(e, "Properties", "Path")); path != "" && strings.HasPrefix(strings.TrimPrefix(path, "/en"), "/latihan/") != rehearses(id) {
				t.Errorf("%s serves %s (%s)", id, path, name)
			}
		}
	}
	if apart < 20 {
		t.Errorf("looked at %d permissions; want all", apart)
	}
}

// cachingDisabled is AWS's managed policy of that name.
const cachingDisabled = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"

// answers are the addresses whose answers are the same for everybody.
var answers = regexp.MustCompile(`^(/en)?/(kinerja\*|undian\*|cari|daftar/antre/\*)$`)

// Everything under the functions' addresses goes to the API with the viewer's
// address, uncached; answers that are the same for everybody are kept under a
// key that holds nothing of a person; the rest is the site.
func TestDistribution(t *testing.T) {
	doc := document(t)
	headers := list(dig(doc, "Resources", "ApiRequests", "Properties", "OriginRequestPolicyConfig", "HeadersConfig", "Headers"))
	if !slices.Contains(headers, any("cloudfront-viewer-address")) {
		t.Error("the functions would count tries by the address of an edge, not of a person")
	}
	paths, order := map[string]bool{}, []string{}
	for _, b := range list(dig(doc, "Resources", "Distribution", "Properties", "DistributionConfig", "CacheBehaviors")) {
		order = append(order, text(dig(b, "PathPattern")))
		if text(dig(b, "PathPattern")) == "/latihan/contoh/*" {
			if dig(b, "TargetOriginId") != "site" {
				t.Error("the samples are files of the site")
			}
			continue
		}
		paths[strings.TrimSuffix(text(dig(b, "PathPattern")), "*")] = true
		if dig(b, "CachePolicyId") == "Answers" {
			if !answers.MatchString(text(dig(b, "PathPattern"))) || dig(b, "OriginRequestPolicyId") != nil || dig(b, "TargetOriginId") != "api" {
				t.Errorf("%s is kept by the distribution", dig(b, "PathPattern"))
			}
			continue
		}
		if dig(b, "CachePolicyId") != cachingDisabled || dig(b, "OriginRequestPolicyId") != "ApiRequests" || dig(b, "TargetOriginId") != "api" {
			t.Errorf("behaviour %s does not lead to the API by our policy", dig(b, "PathPattern"))
		}
	}
	key := dig(doc, "Resources", "Answers", "Properties", "CachePolicyConfig", "ParametersInCacheKeyAndForwardedToOrigin")
	if dig(key, "CookiesConfig", "CookieBehavior") != "none" || !slices.Equal(list(dig(key, "HeadersConfig", "Headers")), []any{"accept"}) ||
		!slices.Equal(list(dig(key, "QueryStringsConfig", "QueryStrings")), []any{"q", "bulan", "cabang"}) {
		t.Errorf("answers are kept by more than the question: %v", key)
	}
	for _, rt := range described(t) {
		first := "/" + strings.Split(rt.path, "/")[1]
		if !paths[first] || !paths["/en"+first] {
			t.Errorf("%s is not sent to the API", rt.path)
		}
	}
	// The first pattern that fits counts; "?" is one character, so that /latihan/ is the site's.
	if !paths["/latihan/?"] || !paths["/en/latihan/?"] || slices.Index(order, "/latihan/contoh/*") > slices.Index(order, "/latihan/?*") {
		t.Errorf("the rehearsal is not sent to the API, or its samples are: %v", order)
	}
}

// The officers' site is a host of its own with an API of its own: each
// function serves one of the two, nothing of a person is kept on the way, and
// only functions of theirs know who works here (TRUST R46, R68, R70).
func TestStaffIsApart(t *testing.T) {
	doc := document(t)
	config := dig(doc, "Resources", "StaffDistribution", "Properties", "DistributionConfig")
	first := dig(config, "DefaultCacheBehavior")
	if dig(first, "CachePolicyId") != cachingDisabled || dig(first, "OriginRequestPolicyId") != "ApiRequests" || dig(first, "TargetOriginId") != "api" {
		t.Errorf("the officers' site does not lead to their API by our policy: %v", first)
	}
	for _, b := range list(dig(config, "CacheBehaviors")) {
		if dig(b, "PathPattern") != "/aset/*" || dig(b, "TargetOriginId") != "site" {
			t.Errorf("%v is kept by the officers' distribution", dig(b, "PathPattern"))
		}
	}
	for _, o := range list(dig(config, "Origins")) {
		if dig(o, "Id") == "api" && (!strings.HasPrefix(text(dig(o, "DomainName")), "${StaffApi}") || len(list(dig(o, "OriginCustomHeaders"))) != 1) {
			t.Errorf("the officers' API: %v", o)
		}
	}
	for id, f := range resources(t, "AWS::Serverless::Function") {
		variables, apis := mapping(dig(f, "Properties", "Environment", "Variables")), map[string]bool{}
		for _, e := range mapping(dig(f, "Properties", "Events")) {
			if dig(e, "Type") == "HttpApi" {
				apis[text(dig(e, "Properties", "ApiId"))] = true
			}
		}
		theirs := apis["StaffApi"]
		if theirs && (len(apis) > 1 || variables["PUBLIC_ORIGIN"] != "StaffOrigin" || variables["STAFF_TABLE"] != "StaffTable" || variables["ORIGIN_SECRET"] != "OriginSecret") {
			t.Errorf("%s serves the officers with %v at %v", id, variables, apis)
		}
		b, err := yaml.Marshal(dig(f, "Properties", "Policies"))
		if err != nil {
			t.Fatal(err)
		}
		if apis["Api"] && (variables["STAFF_TABLE"] != nil || strings.Contains(string(b), "StaffTable")) {
			t.Errorf("%s serves the public and knows who works here", id)
		}
	}
}

// TRUST R55-R57: administrators make accounts, everybody has a second factor,
// one client with a secret and one address to come back to.
func TestIdentityProvider(t *testing.T) {
	doc := document(t)
	pool, client := dig(doc, "Resources", "StaffPool", "Properties"), dig(doc, "Resources", "StaffClient", "Properties")
	for _, want := range []struct {
		what string
		ok   bool
	}{
		{"a second factor of everybody", dig(pool, "MfaConfiguration") == "ON" && slices.Equal(list(dig(pool, "EnabledMfas")), []any{"SOFTWARE_TOKEN_MFA"})},
		{"no accounts by oneself", dig(pool, "AdminCreateUserConfig", "AllowAdminCreateUserOnly") == "true"},
		{"deletion protection", dig(pool, "DeletionProtection") == "ACTIVE" && dig(doc, "Resources", "StaffPool", "DeletionPolicy") == "Retain"},
		{"long passwords", number(t, dig(pool, "Policies", "PasswordPolicy", "MinimumLength")) >= 12},
		{"a client with a secret", dig(client, "GenerateSecret") == "true"},
		{"the code flow only", slices.Equal(list(dig(client, "AllowedOAuthFlows")), []any{"code"})},
		{"our address only", slices.Equal(list(dig(client, "CallbackURLs")), []any{"${StaffOrigin}/masuk/kembali"})},
		{"no password over the API", slices.Equal(list(dig(client, "ExplicitAuthFlows")), []any{"ALLOW_REFRESH_TOKEN_AUTH"})},
	} {
		if !want.ok {
			t.Errorf("the identity provider lacks %s", want.what)
		}
	}
	login := dig(doc, "Resources", "LoginFunction", "Properties")
	if v := mapping(dig(login, "Environment", "Variables")); v["SECOND_FACTOR"] == "" || v["TABLE"] != nil || v["KEYS_TABLE"] != nil {
		t.Errorf("the login knows registrations, or asks for no second factor: %v", v)
	}
	deletes := 0
	for _, p := range list(dig(login, "Policies")) {
		for _, s := range list(dig(p, "Statement")) {
			if slices.Contains(list(dig(s, "Action")), any("dynamodb:DeleteItem")) {
				deletes++
				if !slices.Equal(list(dig(s, "Condition", "ForAllValues:StringLike", "dynamodb:LeadingKeys")), []any{"SES#*"}) {
					t.Error("the login may take away more than sessions")
				}
			}
		}
	}
	if deletes != 1 {
		t.Errorf("the login has %d permissions to delete; want 1", deletes)
	}
}

// Every route of the template is served by its function, and every page that
// the site may link to has a route.
func TestRoutesOfTheTemplate(t *testing.T) {
	tpl, err := template.Read("../template.yaml", map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	n := 0
	for _, f := range tpl.Functions {
		for _, rt := range f.Routes {
			if rt.Api != "Api" {
				continue
			}
			mux.HandleFunc(rt.Pattern(), func(http.ResponseWriter, *http.Request) {})
			n++
		}
	}
	served := described(t)
	for _, rt := range served {
		r, err := http.NewRequest(rt.method, strings.NewReplacer("{slot}", "ktp").Replace(rt.path), nil)
		if err != nil {
			t.Fatal(err)
		}
		path := r.URL.Path
		for _, prefix := range []string{"", "/en", "/latihan", "/en/latihan"} {
			if strings.HasSuffix(prefix, page.RehearsalBase) && !page.Rehearsed(path) {
				continue
			}
			r.URL.Path = prefix + path
			if _, pattern := mux.Handler(r); pattern == "" {
				t.Errorf("%s %s has no route in the template", rt.method, r.URL.Path)
			}
		}
	}
	if n < len(served) || len(served) < 20 {
		t.Errorf("%d routes in the template, %d described", n, len(served))
	}
}

type route struct{ method, path string }

// described are the routes of functions/openapi.yaml, which a test of its own
// holds against the handlers.
func described(t *testing.T) []route {
	t.Helper()
	b, err := os.ReadFile("../functions/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Paths map[string]map[string]any `yaml:"paths"`
	}
	if err := yaml.Unmarshal(b, &doc); err != nil {
		t.Fatal(err)
	}
	var out []route
	for path, methods := range doc.Paths {
		for m := range methods {
			if m != "parameters" {
				out = append(out, route{strings.ToUpper(m), path})
			}
		}
	}
	return out
}

// The line that the job logs of a draw without its value reaches the alarm.
func TestDrawAlarm(t *testing.T) {
	doc := document(t)
	filter, alarm := dig(doc, "Resources", "DrawOverdue", "Properties"), dig(doc, "Resources", "DrawAlarm", "Properties")
	if want := `{ $.msg = "` + schedule.Overdue + `" }`; dig(filter, "FilterPattern") != want || dig(filter, "LogGroupName") != "ScheduleLog" {
		t.Errorf("the filter looks for %v in %v; want %s in ScheduleLog", dig(filter, "FilterPattern"), dig(filter, "LogGroupName"), want)
	}
	made := list(dig(filter, "MetricTransformations"))
	if len(made) != 1 || dig(made[0], "MetricName") != dig(alarm, "MetricName") || dig(made[0], "MetricNamespace") != dig(alarm, "Namespace") || dig(alarm, "MetricName") == nil {
		t.Errorf("the alarm looks at another number than the filter makes: %v", made)
	}
}
