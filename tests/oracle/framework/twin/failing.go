package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// failingResource goes wrong in the way that `how` says.
type failingResource struct{ memory }

func failing() resource.Resource {
	return failingResource{memory{
		name: "failing",
		schema: schema.Schema{
			MarkdownDescription: "Goes wrong.",
			DeprecationMessage:  "Use one that works.",
			Attributes: withName(map[string]schema.Attribute{
				"how":  schema.StringAttribute{Optional: true, MarkdownDescription: "In which way."},
				"made": schema.StringAttribute{Computed: true, MarkdownDescription: "Ours."},
			}),
		},
		fill: func(is known) map[string]any {
			if is["how"] == "unknown" {
				return map[string]any{}
			}
			return map[string]any{"made": "made"}
		},
	}}
}

func (failingResource) ValidateConfig(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	switch texts(req.Config.Raw)["how"] {
	case "invalid":
		resp.Diagnostics.AddAttributeError(path.Root("how"), "Not so", "Any other way will do.")
		resp.Diagnostics.AddWarning("Take care", "Something else is wrong as well.")
	case "doubtful":
		resp.Diagnostics.AddAttributeWarning(path.Root("how"), "Take care", "That may be wrong.")
	}
}

func (failingResource) ModifyPlan(_ context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		if texts(req.State.Raw)["how"] == "keep" {
			resp.Diagnostics.AddError("Cannot be destroyed", "It is to be kept.")
		}
		return
	}
	switch texts(req.Plan.Raw)["how"] {
	case "plan":
		resp.Diagnostics.AddAttributeError(path.Root("how"), "Cannot be planned", "Any other way will do.")
	case "plan_warn":
		resp.Diagnostics.AddWarning("Take care", "That may be wrong.")
	}
}

func (r failingResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	how := texts(req.Plan.Raw)["how"]
	if how != "create" {
		r.save(req.Plan.Raw, &resp.State, &resp.Diagnostics)
	}
	switch how {
	case "create", "create_partly":
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Not created", "That went wrong.")
	case "warn":
		resp.Diagnostics.AddWarning("Take care", "That may be wrong.")
	}
}

func (failingResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	switch texts(req.State.Raw)["how"] {
	case "gone":
		resp.State.RemoveResource(ctx)
	case "read":
		resp.Diagnostics.AddError("Not read", "That went wrong.")
	case "drift":
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("made"), types.StringValue("drifted"))...)
	}
}

func (r failingResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	how := texts(req.Plan.Raw)["how"]
	if how != "update" {
		r.save(req.Plan.Raw, &resp.State, &resp.Diagnostics)
	}
	if how == "update" || how == "update_partly" {
		resp.Diagnostics.AddAttributeError(path.Root("how"), "Not changed", "That went wrong.")
	}
}

func (failingResource) Delete(_ context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	if texts(req.State.Raw)["how"] == "delete" {
		resp.Diagnostics.AddError("Not deleted", "That went wrong.")
	}
}
