package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// caseless is text whose case does not count.
type caselessType struct{ basetypes.StringType }
type caseless struct{ basetypes.StringValue }

func (t caselessType) Equal(o attr.Type) bool               { _, same := o.(caselessType); return same }
func (t caselessType) String() string                       { return "caseless" }
func (t caselessType) ValueType(context.Context) attr.Value { return caseless{} }
func (t caselessType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return caseless{in}, nil
}
func (t caselessType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("%T instead of text", value)
	}
	return caseless{text}, nil
}
func (v caseless) Type(context.Context) attr.Type { return caselessType{} }
func (v caseless) Equal(o attr.Value) bool {
	other, same := o.(caseless)
	return same && v.StringValue.Equal(other.StringValue)
}
func (v caseless) StringSemanticEquals(_ context.Context, o basetypes.StringValuable) (bool, diag.Diagnostics) {
	other, same := o.(caseless)
	return same && strings.EqualFold(v.ValueString(), other.ValueString()), nil
}

// shouting is a resource whose server answers in capitals.
type shouting struct{ memory }

func semantic() resource.Resource {
	return shouting{memory{
		name: "semantic",
		schema: schema.Schema{
			MarkdownDescription: "Text in any case.",
			Attributes: withName(map[string]schema.Attribute{
				"text":  schema.StringAttribute{Optional: true, CustomType: caselessType{}, MarkdownDescription: "In any case."},
				"free":  schema.StringAttribute{Optional: true, Computed: true, CustomType: caselessType{}, MarkdownDescription: "Yours or ours."},
				"exact": schema.StringAttribute{Optional: true, MarkdownDescription: "To the letter."},
				"texts": schema.ListAttribute{Optional: true, ElementType: caselessType{}, MarkdownDescription: "In any case."},
			}),
			Blocks: map[string]schema.Block{
				"line": schema.ListNestedBlock{MarkdownDescription: "A line.", NestedObject: schema.NestedBlockObject{Attributes: map[string]schema.Attribute{
					"text": schema.StringAttribute{Required: true, CustomType: caselessType{}, MarkdownDescription: "In any case."},
				}}},
			},
		},
		fill: func(is known) map[string]any { return map[string]any{"free": "ours"} },
	}}
}

// shout is `raw` with the text of all caseless attributes in capitals.
func shout(raw tftypes.Value) tftypes.Value {
	loud, _ := tftypes.Transform(raw, func(at *tftypes.AttributePath, value tftypes.Value) (tftypes.Value, error) {
		var is string
		root := at.String()
		shouted := strings.HasPrefix(root, `AttributeName("text`) || strings.HasPrefix(root, `AttributeName("free`) || strings.HasPrefix(root, `AttributeName("line`)
		if !shouted || !value.Type().Is(tftypes.String) || !value.IsKnown() || value.IsNull() || value.As(&is) != nil {
			return value, nil
		}
		return text(strings.ToUpper(is)), nil
	})
	return loud
}

func (r shouting) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	r.save(shout(req.Plan.Raw), &resp.State, &resp.Diagnostics)
}

func (shouting) Read(_ context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	resp.State.Raw = shout(req.State.Raw)
}

func (r shouting) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	r.save(shout(req.Plan.Raw), &resp.State, &resp.Diagnostics)
}
