#include "provider.h"
#include "tfsdk/serve.h"

int main(int argc, char** argv) {
  return tfsdk::Serve(MakeProvider(), {.address = "registry.terraform.io/example/@NAME@"}, argc, argv);
}
