# find_package(tfsdk CONFIG) gives tfsdk::tfsdk: link it, and include "tfsdk/….h". Tests link tfsdk::testing as well,
# and find GTest before.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(PkgConfig)
find_dependency(OpenSSL)
include(${CMAKE_CURRENT_LIST_DIR}/tfsdkDependencies.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/tfsdkTargets.cmake)
