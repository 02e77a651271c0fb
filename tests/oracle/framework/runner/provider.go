package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	// They register the messages of both protocols.
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	_ "github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// errDied is what a call says that the process did not survive.
var errDied = errors.New("the process died")

// A call that takes longer has hung.
const callTimeout = 30 * time.Second

// provider is a provider's process, started as Terraform does it, and started again when it has died.
type provider struct {
	name     string
	program  string
	protocol int
	settings []string // environment variables
	ready    func(*provider) error
	client   *plugin.Client
	conn     *grpc.ClientConn
}

// bare hands out the connection instead of a client of generated code.
type bare struct{ plugin.NetRPCUnsupportedPlugin }

func (bare) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error {
	return errors.New("this is the side of Terraform")
}
func (bare) GRPCClient(_ context.Context, _ *plugin.GRPCBroker, conn *grpc.ClientConn) (any, error) {
	return conn, nil
}

// start runs the program, and makes it ready for calls.
func (p *provider) start() error {
	command := exec.Command(p.program)
	command.Env = append(os.Environ(), append(p.settings, fmt.Sprintf("TWIN_PROTOCOL=%d", p.protocol))...)
	client := plugin.NewClient(&plugin.ClientConfig{
		Cmd:             command,
		HandshakeConfig: plugin.HandshakeConfig{MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE", MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"},
		VersionedPlugins: map[int]plugin.PluginSet{
			p.protocol: {"provider": bare{}},
		},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true,
		Managed:          true,
		Logger:           hclog.New(&hclog.LoggerOptions{Output: io.Discard}),
		SyncStdout:       io.Discard,
		SyncStderr:       io.Discard,
	})
	connection, err := client.Client()
	if err != nil {
		return fmt.Errorf("starting %s: %w", p.program, err)
	}
	conn, err := connection.Dispense("provider")
	if err != nil {
		return fmt.Errorf("connecting to %s: %w", p.program, err)
	}
	p.client, p.conn = client, conn.(*grpc.ClientConn)
	return p.ready(p)
}

// Names that protocol 5 has for the calls of protocol 6.
var namesIn5 = map[string]string{
	"GetProviderSchema":          "GetSchema",
	"ValidateProviderConfig":     "PrepareProviderConfig",
	"ConfigureProvider":          "Configure",
	"ValidateResourceConfig":     "ValidateResourceTypeConfig",
	"ValidateDataResourceConfig": "ValidateDataSourceConfig",
	"StopProvider":               "Stop",
}

// call asks for `rpc`, by its name in protocol 6, with the fields given by name.
func (p *provider) call(rpc string, fields map[string]any) (protoreflect.Message, error) {
	if p.protocol == 5 && namesIn5[rpc] != "" {
		rpc = namesIn5[rpc]
	}
	service := fmt.Sprintf("tfplugin%d.Provider", p.protocol)
	found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName(service))
	if err != nil {
		return nil, err
	}
	method := found.(protoreflect.ServiceDescriptor).Methods().ByName(protoreflect.Name(rpc))
	if method == nil {
		return nil, fmt.Errorf("%s has no %s", service, rpc)
	}
	request, err := newMessage(method.Input().FullName())
	if err != nil {
		return nil, err
	}
	setFields(request, fields)
	response, err := newMessage(method.Output().FullName())
	if err != nil {
		return nil, err
	}
	within, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	err = p.conn.Invoke(within, "/"+service+"/"+rpc, request.Interface(), response.Interface().(proto.Message))
	if status.Code(err) == codes.Unavailable {
		p.client.Kill()
		if err := p.start(); err != nil {
			return nil, err
		}
		return nil, errDied
	}
	if err != nil {
		return nil, fmt.Errorf("gRPC %s", status.Code(err))
	}
	return response, nil
}

func newMessage(name protoreflect.FullName) (protoreflect.Message, error) {
	kind, err := protoregistry.GlobalTypes.FindMessageByName(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return kind.New(), nil
}

// setFields sets `fields` of `message`: text, bytes, whole numbers, bools, maps for messages, and slices of maps. Bytes
// for a DynamicValue are its MessagePack. A nil is left out.
func setFields(message protoreflect.Message, fields map[string]any) {
	for name, value := range fields {
		field := message.Descriptor().Fields().ByName(protoreflect.Name(name))
		if field == nil {
			panic(fmt.Sprintf("%s has no %s", message.Descriptor().FullName(), name))
		}
		switch value := value.(type) {
		case nil:
		case []byte:
			if value == nil {
			} else if field.Message() != nil {
				setFields(message.Mutable(field).Message(), map[string]any{"msgpack": value})
			} else {
				message.Set(field, protoreflect.ValueOfBytes(value))
			}
		case string:
			message.Set(field, protoreflect.ValueOfString(value))
		case bool:
			message.Set(field, protoreflect.ValueOfBool(value))
		case int:
			message.Set(field, protoreflect.ValueOfInt64(int64(value)))
		case map[string]any:
			setFields(message.Mutable(field).Message(), value)
		case [][]byte:
			list := message.Mutable(field).List()
			for _, element := range value {
				setFields(list.AppendMutable().Message(), map[string]any{"msgpack": element})
			}
		default:
			panic(fmt.Sprintf("%s: %T", name, value))
		}
	}
}
