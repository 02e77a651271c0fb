package main

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// versionedResource is at its third schema, and takes over other types.
type versionedResource struct{ memory }

func versioned() resource.Resource {
	return versionedResource{memory{
		name: "versioned",
		schema: schema.Schema{
			MarkdownDescription: "Had other shapes before.",
			Version:             2,
			Attributes: withName(map[string]schema.Attribute{
				"tags": schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: "Words."},
			}),
		},
	}}
}

type versionedModel struct {
	Name types.String `tfsdk:"name"`
	ID   types.String `tfsdk:"id"`
	Tags types.List   `tfsdk:"tags"`
}

func tags(ctx context.Context, words []string) types.List {
	list, _ := types.ListValueFrom(ctx, types.StringType, words)
	return list
}

// Version 0 had a title, and its tags in one text; it is read as JSON. Version 1 had a set of tags.
func (versionedResource) UpgradeState(context.Context) map[int64]resource.StateUpgrader {
	return map[int64]resource.StateUpgrader{
		0: {StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
			var old struct {
				ID    string `json:"id"`
				Title string `json:"title"`
				Tags  string `json:"tags"`
			}
			if err := json.Unmarshal(req.RawState.JSON, &old); err != nil {
				resp.Diagnostics.AddError("Cannot upgrade", "The state has another shape.")
				return
			}
			resp.Diagnostics.Append(resp.State.Set(ctx, versionedModel{types.StringValue(old.Title), types.StringValue(old.ID), tags(ctx, strings.Split(old.Tags, ","))})...)
		}},
		1: {
			PriorSchema: &schema.Schema{Version: 1, Attributes: map[string]schema.Attribute{
				"name": schema.StringAttribute{Required: true},
				"id":   schema.StringAttribute{Computed: true},
				"tags": schema.SetAttribute{Optional: true, ElementType: types.StringType},
			}},
			StateUpgrader: func(ctx context.Context, req resource.UpgradeStateRequest, resp *resource.UpgradeStateResponse) {
				var old struct {
					Name types.String `tfsdk:"name"`
					ID   types.String `tfsdk:"id"`
					Tags []string     `tfsdk:"tags"`
				}
				resp.Diagnostics.Append(req.State.Get(ctx, &old)...)
				if resp.Diagnostics.HasError() {
					return
				}
				now := versionedModel{old.Name, old.ID, types.ListNull(types.StringType)}
				if old.Tags != nil {
					now.Tags = tags(ctx, old.Tags)
				}
				resp.Diagnostics.Append(resp.State.Set(ctx, now)...)
			},
		},
	}
}

// MoveState takes over other_thing of any provider with a schema, and raw_thing of example/raw as JSON.
func (versionedResource) MoveState(context.Context) []resource.StateMover {
	return []resource.StateMover{
		{
			SourceSchema: &schema.Schema{Attributes: map[string]schema.Attribute{
				"id":    schema.StringAttribute{Computed: true},
				"label": schema.StringAttribute{Required: true},
			}},
			StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
				if req.SourceTypeName != "other_thing" || req.SourceSchemaVersion != 0 || req.SourceState == nil {
					return
				}
				var old struct {
					ID    types.String `tfsdk:"id"`
					Label types.String `tfsdk:"label"`
				}
				resp.Diagnostics.Append(req.SourceState.Get(ctx, &old)...)
				moved(ctx, old.Label.ValueString(), old.ID.ValueString(), &resp.TargetState, resp)
			},
		},
		{StateMover: func(ctx context.Context, req resource.MoveStateRequest, resp *resource.MoveStateResponse) {
			if req.SourceTypeName != "raw_thing" || !strings.HasSuffix(req.SourceProviderAddress, "/example/raw") {
				return
			}
			var old struct {
				Key string `json:"key"`
			}
			if err := json.Unmarshal(req.SourceRawState.JSON, &old); err != nil {
				resp.Diagnostics.AddError("Cannot move", "The state has another shape.")
				return
			}
			moved(ctx, old.Key, "id-"+old.Key, &resp.TargetState, resp)
		}},
	}
}

func moved(ctx context.Context, name, id string, state *tfsdk.State, resp *resource.MoveStateResponse) {
	resp.Diagnostics.Append(state.Set(ctx, versionedModel{types.StringValue(name), types.StringValue(id), types.ListNull(types.StringType)})...)
}
