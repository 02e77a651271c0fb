package main

import (
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func dynamic() resource.Resource {
	return memory{
		name: "dynamic",
		schema: schema.Schema{
			MarkdownDescription: "Of any type.",
			Attributes: withName(map[string]schema.Attribute{
				"any":  schema.DynamicAttribute{Optional: true, MarkdownDescription: "Anything."},
				"must": schema.DynamicAttribute{Required: true, MarkdownDescription: "Anything but null."},
				"free": schema.DynamicAttribute{Optional: true, Computed: true, MarkdownDescription: "Yours or ours."},
			}),
		},
		fill: func(is known) map[string]any { return map[string]any{"free": tftypes.NewValue(tftypes.String, "ours")} },
	}
}
