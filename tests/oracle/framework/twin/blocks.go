package main

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

func blocks() resource.Resource {
	replaced := plainLeaf()
	replaced["replaces"] = schema.StringAttribute{Optional: true, MarkdownDescription: "Needs a new one.",
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}}
	return importable{memory{
		name: "blocks",
		schema: schema.Schema{
			MarkdownDescription: "All blocks.",
			Attributes:          withName(map[string]schema.Attribute{}),
			Blocks: map[string]schema.Block{
				"rule": schema.ListNestedBlock{MarkdownDescription: "Rules, in order.",
					Validators: []validator.List{listvalidator.SizeBetween(1, 3)},
					NestedObject: schema.NestedBlockObject{
						Attributes: leaf(),
						Blocks: map[string]schema.Block{
							"inner": schema.SetNestedBlock{MarkdownDescription: "Deeper.", NestedObject: schema.NestedBlockObject{Attributes: plainLeaf()}},
						},
					}},
				"member": schema.SetNestedBlock{MarkdownDescription: "Members.",
					Validators:   []validator.Set{setvalidator.SizeAtMost(2)},
					NestedObject: schema.NestedBlockObject{Attributes: plainLeaf()}},
				"only": schema.SingleNestedBlock{MarkdownDescription: "One.", Attributes: map[string]schema.Attribute{
					"note":  schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
					"made":  schema.StringAttribute{Computed: true, MarkdownDescription: "Ours."},
					"plain": schema.StringAttribute{Optional: true, Description: "Plain."},
				}},
				"fixed": schema.ListNestedBlock{MarkdownDescription: "Old.", DeprecationMessage: "Use rule.",
					NestedObject: schema.NestedBlockObject{Attributes: replaced}},
			},
		},
		fill: func(is known) map[string]any {
			return map[string]any{"free": "ours", "made": "made"}
		},
	}}
}
