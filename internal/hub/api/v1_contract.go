package api

import (
	"context"
	"net/http"
	"time"

	"github.com/oneseat/oneseat/internal/errs"
	"github.com/oneseat/oneseat/internal/hub"
	"github.com/oneseat/oneseat/licensing"
)

func (v *v1) contractCalls() []call {
	const line = own + "/purchased-licenses/{line}"
	return []call{
		{
			Method: http.MethodGet, Path: own + "/purchased-licenses", Name: "list-purchased-licenses", Access: reads(), Tag: "Purchased licenses",
			Summary: "Licenses bought, line by line of the contract",
			Text:    "Those of the past, those to come and those that were removed too, by first day, newest first. The lines in force add up to purchased of the result; without any, the number of the settings counts, else what was loaded says.",
			Run:     answers(v.contractLines),
		},
		{
			Method: http.MethodPost, Path: own + "/purchased-licenses", Name: "add-purchased-licenses", Access: admins(), Tag: "Purchased licenses",
			Summary: "Add a line", Text: "The next recount counts with it.", Run: answers(v.addContractLine),
		},
		{
			Method: http.MethodPut, Path: line, Name: "replace-purchased-licenses", Access: admins(), Tag: "Purchased licenses",
			Summary: "Correct a line", Text: "The audit log keeps what it said before.", Run: answers(v.changeContractLine),
		},
		{
			Method: http.MethodDelete, Path: line, Name: "remove-purchased-licenses", Access: admins(), Tag: "Purchased licenses",
			Summary: "Take a line back that was noted by mistake",
			Text:    "It stays in the list as removed. A contract that ends gets its last day instead.", Run: answers(v.removeContractLine),
		},
	}
}

// ContractTerms are what a line of the contract says.
type ContractTerms struct {
	From    string `json:"from" format:"date" doc:"First day." example:"2026-01-01"`
	Until   string `json:"until,omitempty" format:"date" doc:"Last day; absent: it has no end yet."`
	Seats   int    `json:"seats" minimum:"1" maximum:"10000000" doc:"Licenses."`
	License string `json:"license,omitempty" enum:"Enterprise,Visual Studio subscription" doc:"Of this type; absent: Enterprise."`
	Note    string `json:"note,omitempty" maxLength:"200" doc:"For people: the number of the order, say."`
}

// ContractLine is a line of the contract with who wrote it.
type ContractLine struct {
	ContractTerms

	ID        int64     `json:"id" doc:"Its number."`
	InForce   bool      `json:"in_force" doc:"It counts today."`
	CreatedAt time.Time `json:"created_at" doc:"When it was noted."`
	CreatedBy string    `json:"created_by" doc:"By whom."`
	ChangedAt time.Time `json:"changed_at" doc:"When it was changed last, else noted."`
	ChangedBy string    `json:"changed_by" doc:"By whom."`
	RemovedAt time.Time `json:"removed_at,omitzero" doc:"When it was removed; absent: it was not."`
	RemovedBy string    `json:"removed_by,omitempty" doc:"By whom."`
}

func (v *v1) contractLine(l hub.ContractLine) ContractLine {
	out := ContractLine{
		ID: l.ID, InForce: l.InForce(v.now()), CreatedAt: l.CreatedAt, CreatedBy: l.CreatedBy, ChangedAt: l.ChangedAt, ChangedBy: l.ChangedBy,
		RemovedAt: l.RemovedAt, RemovedBy: l.RemovedBy,
	}
	out.ContractTerms = ContractTerms{From: l.From.Format(time.DateOnly), Seats: l.Seats, License: string(l.License), Note: l.Note}
	if !l.Until.IsZero() {
		out.Until = l.Until.Format(time.DateOnly)
	}
	return out
}

// terms reads what a caller says; the days were checked to be some.
func (t *ContractTerms) terms() (hub.ContractTerms, error) {
	out := hub.ContractTerms{Seats: t.Seats, License: licensing.LicenseType(t.License), Note: t.Note}
	var err error
	if out.From, err = time.Parse(time.DateOnly, t.From); err != nil {
		return out, errs.New(errs.Invalid, "hub.contract_from")
	}
	if t.Until != "" {
		if out.Until, err = time.Parse(time.DateOnly, t.Until); err != nil {
			return out, errs.New(errs.Invalid, "hub.contract_from")
		}
	}
	return out, nil
}

type contractOutput struct {
	Body struct {
		Lines []ContractLine `json:"lines" nullable:"false" doc:"By first day, newest first."`
	}
}

func (v *v1) contractLines(ctx context.Context, _ *InEnterprise) (*contractOutput, error) {
	lines, err := v.hub.ContractLines(ctx, askerOf(ctx).About.Number)
	out := &contractOutput{}
	out.Body.Lines = each(lines, v.contractLine)
	return out, err
}

type contractInput struct {
	InEnterprise

	Body ContractTerms
}

type contractLineOutput struct{ Body ContractLine }

func (v *v1) shownLine(line *hub.ContractLine, err error) (*contractLineOutput, error) {
	if err != nil {
		return nil, err
	}
	return &contractLineOutput{v.contractLine(*line)}, nil
}

func (v *v1) addContractLine(ctx context.Context, in *contractInput) (*contractLineOutput, error) {
	terms, err := in.Body.terms()
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	return v.shownLine(v.hub.AddContractLine(ctx, who.About.Number, terms, who.Name))
}

// OfLine is the part of paths below a line of the contract.
type OfLine struct {
	InEnterprise

	Line string `path:"line" maxLength:"20" doc:"Number of the line." example:"1"`
}

func (in *OfLine) number() (int64, error) { return numberIn(in.Line, "hub.no_contract_line", "Line") }

type contractChange struct {
	OfLine

	Body ContractTerms
}

func (v *v1) changeContractLine(ctx context.Context, in *contractChange) (*contractLineOutput, error) {
	id, err := in.number()
	if err != nil {
		return nil, err
	}
	terms, err := in.Body.terms()
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	return v.shownLine(v.hub.ChangeContractLine(ctx, who.About.Number, id, terms, who.Name))
}

func (v *v1) removeContractLine(ctx context.Context, in *OfLine) (*contractLineOutput, error) {
	id, err := in.number()
	if err != nil {
		return nil, err
	}
	who := askerOf(ctx)
	return v.shownLine(v.hub.RemoveContractLine(ctx, who.About.Number, id, who.Name))
}
