package main

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/int64default"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// leaf has one attribute of each mode.
func leaf() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"key": schema.StringAttribute{Required: true, MarkdownDescription: "The key.",
			Validators: []validator.String{stringvalidator.LengthAtLeast(1)}},
		"note":  schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
		"free":  schema.StringAttribute{Optional: true, Computed: true, MarkdownDescription: "Yours or ours."},
		"made":  schema.StringAttribute{Computed: true, MarkdownDescription: "Ours."},
		"count": schema.Int64Attribute{Optional: true, Computed: true, MarkdownDescription: "Has a default.", Default: int64default.StaticInt64(1)},
	}
}

// plainLeaf has nothing computed: in a set it would have no key to be known by.
func plainLeaf() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"key":  schema.StringAttribute{Required: true, MarkdownDescription: "The key."},
		"note": schema.StringAttribute{Optional: true, MarkdownDescription: "A note."},
	}
}

func nested() resource.Resource {
	inner := leaf()
	inner["leaves"] = schema.ListNestedAttribute{Optional: true, MarkdownDescription: "Deeper.", NestedObject: schema.NestedAttributeObject{Attributes: plainLeaf()}}
	fixed := plainLeaf()
	fixed["kept"] = schema.StringAttribute{Computed: true, MarkdownDescription: "Ours, and kept.",
		PlanModifiers: []planmodifier.String{stringplanmodifier.UseStateForUnknown()}}
	fixed["replaces"] = schema.StringAttribute{Optional: true, MarkdownDescription: "Needs a new one.",
		PlanModifiers: []planmodifier.String{stringplanmodifier.RequiresReplace()}}
	return importable{memory{
		name: "nested",
		schema: schema.Schema{
			MarkdownDescription: "All nested attributes.",
			Attributes: withName(map[string]schema.Attribute{
				"single": schema.SingleNestedAttribute{Optional: true, MarkdownDescription: "One.", Attributes: inner},
				"list": schema.ListNestedAttribute{Optional: true, MarkdownDescription: "Some, in order.",
					Validators:   []validator.List{listvalidator.SizeAtMost(3)},
					NestedObject: schema.NestedAttributeObject{Attributes: leaf()}},
				"set":  schema.SetNestedAttribute{Optional: true, MarkdownDescription: "Some.", NestedObject: schema.NestedAttributeObject{Attributes: plainLeaf()}},
				"map":  schema.MapNestedAttribute{Optional: true, MarkdownDescription: "Some, by name.", NestedObject: schema.NestedAttributeObject{Attributes: leaf()}},
				"must": schema.SingleNestedAttribute{Required: true, MarkdownDescription: "One that must be.", Attributes: fixed},
				"made_one": schema.SingleNestedAttribute{Computed: true, MarkdownDescription: "Ours.", Attributes: map[string]schema.Attribute{
					"part": schema.StringAttribute{Computed: true, MarkdownDescription: "A part."},
				}},
			}),
		},
		fill: func(is known) map[string]any {
			return map[string]any{"free": "ours", "made": "made", "kept": "kept-" + is["name"], "part": "part-" + is["name"],
				"made_one": objectOf("part", "part-"+is["name"])}
		},
	}}
}
