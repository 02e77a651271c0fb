// A provider for text files in a folder: everything the library offers, small enough to be read in one sitting.

#include "files_provider.h"
#include "tfsdk/serve.h"

int main(int argc, char** argv) {
  return tfsdk::Serve(MakeFilesProvider(), {.address = "registry.terraform.io/example/files"}, argc, argv);
}
