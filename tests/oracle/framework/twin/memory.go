package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// known is what a resource's formulas look at: its attributes that are text. One that is not known yet is "".
type known map[string]string

// memory is a resource that is what its plan says, with the unknown rest filled in by formulas.
type memory struct {
	name   string
	schema schema.Schema
	// The values of attributes, at any depth, that are unknown when they must be known.
	fill func(known) map[string]any
}

// What all resources have.
func withName(more map[string]schema.Attribute) map[string]schema.Attribute {
	more["name"] = schema.StringAttribute{Required: true, MarkdownDescription: "Its name."}
	more["id"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Its id.",
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
	return more
}

func (m memory) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + m.name
}

func (m memory) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = m.schema
}

// texts are the attributes of `raw` that are known text.
func texts(raw tftypes.Value) known {
	found := known{}
	attributes := map[string]tftypes.Value{}
	if !raw.IsKnown() || raw.IsNull() || raw.As(&attributes) != nil {
		return found
	}
	for name, value := range attributes {
		var text string
		if value.Type().Is(tftypes.String) && value.IsKnown() && !value.IsNull() && value.As(&text) == nil {
			found[name] = text
		}
	}
	return found
}

// complete is `raw` without anything unknown that the formulas have a value for.
func (m memory) complete(raw tftypes.Value) (tftypes.Value, error) {
	values := map[string]any{}
	root := texts(raw)
	if m.fill != nil {
		values = m.fill(root)
	}
	if _, set := values["id"]; !set {
		values["id"] = "id-" + root["name"]
	}
	return tftypes.Transform(raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		steps := at.Steps()
		if value.IsKnown() || len(steps) == 0 {
			return value, nil
		}
		name, _ := steps[len(steps)-1].(tftypes.AttributeName)
		filled, ok := values[string(name)]
		if !ok {
			return value, nil
		}
		if dynamic, is := filled.(tftypes.Value); is {
			return dynamic, nil
		}
		if err := tftypes.ValidateValue(value.Type(), filled); err != nil {
			return value, fmt.Errorf("%s: %w", at, err)
		}
		return tftypes.NewValue(value.Type(), filled), nil
	})
}

func (m memory) save(raw tftypes.Value, state *tfsdk.State, diagnostics *diag.Diagnostics) {
	completed, err := m.complete(raw)
	if err != nil {
		diagnostics.AddError("A formula is wrong", err.Error())
		return
	}
	state.Raw = completed
}

func (m memory) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	m.save(req.Plan.Raw, &resp.State, &resp.Diagnostics)
}

// Read leaves everything as it was.
func (m memory) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (m memory) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	m.save(req.Plan.Raw, &resp.State, &resp.Diagnostics)
}

func (m memory) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
