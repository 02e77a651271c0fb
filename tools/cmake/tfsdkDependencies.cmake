# What the library links, as targets tfsdk_deps::NAME: for this project, and for whoever uses the installed package.
#
# gRPC and abseil list their whole static closure: a dynamic link takes what it needs of it, a static one all.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(OpenSSL REQUIRED)

# tfsdk_pkgconfig_dependency(NAME MODULES): a target that links pkg-config's MODULES and all that they need.
function(tfsdk_pkgconfig_dependency NAME MODULES)
  if(TARGET tfsdk_deps::${NAME})
    return()
  endif()
  pkg_check_modules(tfsdk_${NAME} REQUIRED QUIET ${MODULES})
  add_library(tfsdk_deps::${NAME} INTERFACE IMPORTED GLOBAL)
  target_include_directories(tfsdk_deps::${NAME} SYSTEM INTERFACE ${tfsdk_${NAME}_INCLUDE_DIRS})
  target_link_libraries(tfsdk_deps::${NAME} INTERFACE ${tfsdk_${NAME}_STATIC_LIBRARIES} Threads::Threads)
endfunction()

tfsdk_pkgconfig_dependency(absl "absl_flat_hash_map;absl_flat_hash_set;absl_status;absl_statusor;absl_strings;absl_time;absl_synchronization;absl_span;absl_cord")
tfsdk_pkgconfig_dependency(grpc "grpc++;protobuf")
tfsdk_pkgconfig_dependency(re2 "re2")

if(NOT TARGET tfsdk_deps::openssl)
  add_library(tfsdk_deps::openssl INTERFACE IMPORTED GLOBAL)
  target_link_libraries(tfsdk_deps::openssl INTERFACE ssl crypto)
endif()
