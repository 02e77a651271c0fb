#include "provider.h"
#include "tfsdk/serve.h"

int main(int argc, char** argv) {
  return tfsdk::Serve(k8soidc::MakeProvider(), {.address = "registry.terraform.io/k8soidc/k8soidc"}, argc,
                      argv);
}
