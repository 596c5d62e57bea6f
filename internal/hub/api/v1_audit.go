package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/oneseat/oneseat/internal/signin"
)

func (v *v1) auditCalls() []call {
	return []call{
		{
			Method: http.MethodGet, Path: own + "/audit-log", Name: "list-audit-log", Access: admins(), Tag: "Audit log",
			Summary: "What was changed and by whom, newest first",
			Text:    "Every change, and every read of whole addresses. Each entry's hash covers the entry and the hash before it.",
			Run:     answers(v.auditLog),
		},
		{
			Method: http.MethodGet, Path: own + "/audit-log.jsonl", Name: "export-audit-log", Access: admins(), Tag: "Audit log",
			Summary: "The whole log, oldest first, one JSON object a line",
			Text:    "With all that the hashes cover: whoever has it can compute them.",
			Plain:   v.exportLog, Describe: describeJSONLines,
		},
		{
			Method: http.MethodGet, Path: own + "/audit-log/verification", Name: "verify-audit-log", Access: admins(), Tag: "Audit log",
			Summary: "Whether the log is whole", Text: "Computes every hash anew. Note the head down elsewhere: it shows later that nobody wrote the whole log anew.",
			Run: answers(v.verifyLog),
		},
	}
}

// AuditEntry is one line of the audit log.
type AuditEntry struct {
	Number  int64          `json:"number" doc:"Its number, from 1 without gaps."`
	At      time.Time      `json:"at" doc:"When."`
	Actor   string         `json:"actor" doc:"Who."`
	Action  string         `json:"action" doc:"What, named as in GitHub's audit log where that has the same."`
	Meaning string         `json:"meaning" doc:"The action as a sentence."`
	Target  string         `json:"target" doc:"What it was done to."`
	Details map[string]any `json:"details" doc:"More about it; never a whole address."`
	Hash    string         `json:"hash" doc:"Covers the entry and the hash before it."`
}

func (v *v1) auditEntry(e signin.Entry) AuditEntry {
	key, args := e.Action.Message()
	return AuditEntry{
		Number: e.Number, At: e.At, Actor: e.Actor, Action: string(e.Action), Meaning: v.sentence(key, args), Target: e.Target,
		Details: e.Details, Hash: e.Hash,
	}
}

type auditInput struct {
	InEnterprise
	Paged

	Before int64     `query:"before" minimum:"0" doc:"Entries before this number; 0 begins with the newest."`
	Action string    `query:"action" maxLength:"64" doc:"Only this action."`
	Actor  string    `query:"actor" maxLength:"128" doc:"Only by this actor, whole."`
	Target string    `query:"target" maxLength:"255" doc:"Only about this target, whole."`
	Since  time.Time `query:"since" doc:"Only from this time on."`
	Until  time.Time `query:"until" doc:"Only before this time."`
}

type auditOutput struct {
	Linked

	Body struct {
		Entries []AuditEntry `json:"entries" nullable:"false" doc:"Newest first."`
	}
}

func (v *v1) auditLog(ctx context.Context, in *auditInput) (*auditOutput, error) {
	filter := signin.Filter{Action: signin.Action(in.Action), Actor: in.Actor, Target: in.Target, Since: in.Since, Until: in.Until}
	list, err := v.desk.Entries(ctx, askerOf(ctx).About.Number, in.Before, in.PerPage, filter)
	if err != nil {
		return nil, err
	}
	out := &auditOutput{}
	out.Body.Entries = each(list, v.auditEntry)
	if len(list) == in.PerPage {
		out.Linked = nextPage(ctx, "before", strconv.FormatInt(list[len(list)-1].Number, 10))
	}
	return out, nil
}

// exportLog answers with the whole log, in pages, so that it may be long.
func (v *v1) exportLog(w http.ResponseWriter, r *http.Request) error {
	about := askerOf(r.Context()).About
	h := w.Header()
	h.Set("Content-Type", "application/jsonl")
	h.Set("Content-Disposition", `attachment; filename="audit-log-`+about.Slug+"-"+v.now().UTC().Format("20060102")+`.jsonl"`)
	if r.Method == http.MethodHead {
		return nil
	}
	return v.desk.WriteEntries(r.Context(), about.Number, w)
}

// describeJSONLines says what the export gives.
func describeJSONLines(op *huma.Operation) {
	op.Responses[strconv.Itoa(http.StatusOK)] = &huma.Response{
		Description: "One entry a line: enterprise, number, at, actor, action, target, details, hash.",
		Content:     map[string]*huma.MediaType{"application/jsonl": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}
}

// Verification is whether the audit log is whole.
type Verification struct {
	Whole  bool   `json:"whole" doc:"Every entry is as it was recorded."`
	Fault  string `json:"fault,omitempty" enum:"changed,missing,added" doc:"What is wrong with the first entry that is not."`
	Number int64  `json:"number,omitempty" doc:"Number of that entry."`
	First  int64  `json:"first" doc:"Number of the first entry."`
	Last   int64  `json:"last" doc:"Number of the last entry."`
	Head   string `json:"head,omitempty" doc:"Hash of the last entry."`
}

type verificationOutput struct{ Body Verification }

func (v *v1) verifyLog(ctx context.Context, _ *InEnterprise) (*verificationOutput, error) {
	found, err := v.desk.Verify(ctx, askerOf(ctx).About.Number)
	if err != nil {
		return nil, err
	}
	out := Verification{
		Whole: found.Fault == signin.Sound, Fault: string(found.Fault), First: found.First, Last: found.Last, Head: found.Head,
	}
	if !out.Whole {
		out.Number = found.Number
	}
	return &verificationOutput{out}, nil
}
