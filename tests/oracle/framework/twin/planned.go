package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// plannedResource has every plan modifier, a ModifyPlan and private state.
type plannedResource struct{ memory }

func planned() resource.Resource {
	replace := stringplanmodifier.RequiresReplace()
	if altered {
		replace = stringplanmodifier.RequiresReplaceIfConfigured()
	}
	return plannedResource{memory{
		name: "planned",
		schema: schema.Schema{
			MarkdownDescription: "What plans are made of.",
			Attributes: withName(map[string]schema.Attribute{
				"region": schema.StringAttribute{Optional: true, MarkdownDescription: "Needs a new one.",
					PlanModifiers: []planmodifier.String{replace}},
				"zone": schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Needs a new one when set.",
					PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplaceIfConfigured()}},
				"kept_zone": schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Kept, and needs a new one.",
					PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown(), stringplanmodifier.RequiresReplace()}},
				"kinds": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Need a new one.",
					PlanModifiers: []planmodifier.List{listplanmodifier.RequiresReplace()}},
				"size":     schema.Int64Attribute{Optional: true, MarkdownDescription: "Cannot shrink."},
				"upper":    schema.StringAttribute{Computed: true, MarkdownDescription: "The name, louder."},
				"revision": schema.Int64Attribute{Computed: true, MarkdownDescription: "How often it was changed."},
				"kept": schema.Int64Attribute{Computed: true, MarkdownDescription: "Kept.",
					PlanModifiers: []planmodifier.Int64{int64planmodifier.UseStateForUnknown()}},
			}),
		},
		fill: func(is known) map[string]any {
			return map[string]any{"zone": "here", "kept_zone": "there", "kept": len(is["name"]), "upper": strings.ToUpper(is["name"])}
		},
	}}
}

func (plannedResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		if texts(req.State.Raw)["name"] == "keep" {
			resp.Diagnostics.AddWarning("Pity", "It was meant to be kept.")
		}
		return
	}
	var name types.String
	var size, before types.Int64
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("name"), &name)...)
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, path.Root("size"), &size)...)
	if name.ValueString() == "forbidden" {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Forbidden", "Any other name will do.")
	}
	if !name.IsUnknown() {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("upper"), strings.ToUpper(name.ValueString()))...)
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, "planned", []byte(fmt.Sprintf(`{"name":%q}`, name.ValueString())))...)
	}
	if req.State.Raw.IsNull() {
		return
	}
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("size"), &before)...)
	if !size.IsUnknown() && !size.IsNull() && size.ValueInt64() < before.ValueInt64() {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("size"))
	}
}

func revisionOf(stored []byte) int {
	var revision struct {
		N int `json:"n"`
	}
	_ = json.Unmarshal(stored, &revision)
	return revision.N
}

func withRevision(raw tftypes.Value, revision int) tftypes.Value {
	filled, _ := tftypes.Transform(raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		if !value.IsKnown() && at.String() == `AttributeName("revision")` {
			return tftypes.NewValue(tftypes.Number, revision), nil
		}
		return value, nil
	})
	return filled
}

func (r plannedResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.save(withRevision(req.Plan.Raw, 1), &resp.State, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "revision", []byte(`{"n":1}`))...)
}

func (plannedResource) Read(ctx context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "seen", []byte("true"))...)
}

func (r plannedResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	stored, diagnostics := req.Private.GetKey(ctx, "revision")
	resp.Diagnostics.Append(diagnostics...)
	revision := revisionOf(stored) + 1
	r.save(withRevision(req.Plan.Raw, revision), &resp.State, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, "revision", []byte(fmt.Sprintf(`{"n":%d}`, revision)))...)
}
