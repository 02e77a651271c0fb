package main

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// pure is a function by its definition and what it does.
type pure struct {
	name       string
	definition function.Definition
	run        func(ctx context.Context, req function.RunRequest, resp *function.RunResponse)
}

func (p pure) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = p.name
}

func (p pure) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = p.definition
}

func (p pure) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	p.run(ctx, req, resp)
}

func newFunction(p pure) func() function.Function { return func() function.Function { return p } }

var pair = map[string]attr.Type{"left": types.StringType, "right": types.Int64Type}

var functions = []func() function.Function{
	newFunction(pure{"join", function.Definition{
		Summary: "Joins words", MarkdownDescription: "Joins *words*.",
		Parameters:        []function.Parameter{function.StringParameter{Name: "separator", MarkdownDescription: "What is between."}},
		VariadicParameter: function.StringParameter{Name: "words", MarkdownDescription: "The words."},
		Return:            function.StringReturn{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var separator string
		var words []string
		if resp.Error = req.Arguments.Get(ctx, &separator, &words); resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, strings.Join(words, separator))
		}
	}}),
	newFunction(pure{"or_else", function.Definition{
		Summary: "A default", MarkdownDescription: "A default for null.",
		Parameters: []function.Parameter{
			function.StringParameter{Name: "value", AllowNullValue: true, MarkdownDescription: "May be null."},
			function.StringParameter{Name: "otherwise", Description: "Instead of null."},
		},
		Return: function.StringReturn{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var value *string
		var otherwise string
		if resp.Error = req.Arguments.Get(ctx, &value, &otherwise); resp.Error != nil {
			return
		}
		if value == nil {
			value = &otherwise
		}
		resp.Error = resp.Result.Set(ctx, *value)
	}}),
	newFunction(pure{"is_known", function.Definition{
		Summary: "Whether it is known", MarkdownDescription: "Whether it is known.",
		Parameters: []function.Parameter{function.StringParameter{Name: "value", AllowUnknownValues: true, AllowNullValue: true, MarkdownDescription: "May be unknown."}},
		Return:     function.BoolReturn{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var value types.String
		if resp.Error = req.Arguments.Get(ctx, &value); resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, !value.IsUnknown())
		}
	}}),
	newFunction(pure{"same", function.Definition{
		Summary: "The same", MarkdownDescription: "What it is given.",
		Parameters: []function.Parameter{function.DynamicParameter{Name: "value", MarkdownDescription: "Anything."}},
		Return:     function.DynamicReturn{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var value types.Dynamic
		if resp.Error = req.Arguments.Get(ctx, &value); resp.Error == nil {
			resp.Error = resp.Result.Set(ctx, value)
		}
	}}),
	newFunction(pure{"sum", function.Definition{
		Summary: "A sum", MarkdownDescription: "The sum.", DeprecationMessage: "Use the one that is built in.",
		Parameters: []function.Parameter{function.ListParameter{Name: "numbers", ElementType: types.Int64Type, MarkdownDescription: "The numbers."}},
		Return:     function.Int64Return{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var numbers []int64
		if resp.Error = req.Arguments.Get(ctx, &numbers); resp.Error != nil {
			return
		}
		sum := int64(0)
		for _, number := range numbers {
			sum += number
		}
		if altered {
			sum++
		}
		resp.Error = resp.Result.Set(ctx, sum)
	}}),
	newFunction(pure{"swap", function.Definition{
		Summary: "The other way round", MarkdownDescription: "Doubles the number of an object.",
		Parameters: []function.Parameter{function.ObjectParameter{Name: "pair", AttributeTypes: pair, MarkdownDescription: "The pair."}},
		Return:     function.ObjectReturn{AttributeTypes: pair},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var is struct {
			Left  string `tfsdk:"left"`
			Right int64  `tfsdk:"right"`
		}
		if resp.Error = req.Arguments.Get(ctx, &is); resp.Error != nil {
			return
		}
		is.Right *= 2
		resp.Error = resp.Result.Set(ctx, is)
	}}),
	newFunction(pure{"half", function.Definition{
		Summary: "Half of it", MarkdownDescription: "Half of an even number.",
		Parameters: []function.Parameter{
			function.Int32Parameter{Name: "by", MarkdownDescription: "1 or 2."},
			function.Int64Parameter{Name: "number", MarkdownDescription: "An even number."},
		},
		Return: function.Int64Return{},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var by int32
		var number int64
		if resp.Error = req.Arguments.Get(ctx, &by, &number); resp.Error != nil {
			return
		}
		switch {
		case by == 0:
			resp.Error = function.NewFuncError("That is not possible.")
		case number%2 != 0:
			resp.Error = function.NewArgumentFuncError(1, "The number is odd.")
		default:
			resp.Error = resp.Result.Set(ctx, number/2)
		}
	}}),
	newFunction(pure{"lengths", function.Definition{
		Summary: "Lengths", MarkdownDescription: "The length of each word.",
		VariadicParameter: function.SetParameter{Name: "words", ElementType: types.StringType, MarkdownDescription: "The words."},
		Return:            function.MapReturn{ElementType: types.Int64Type},
	}, func(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
		var sets [][]string
		if resp.Error = req.Arguments.Get(ctx, &sets); resp.Error != nil {
			return
		}
		lengths := map[string]int64{}
		for _, words := range sets {
			for _, word := range words {
				lengths[word] = int64(len(word))
			}
		}
		resp.Error = resp.Result.Set(ctx, lengths)
	}}),
}
