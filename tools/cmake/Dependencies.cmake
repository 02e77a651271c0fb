# Every third-party library, found once, as a target deps::NAME. All come from Debian 12's packages.
include(tfsdkDependencies)
find_package(nlohmann_json REQUIRED)

add_library(deps::absl ALIAS tfsdk_deps::absl)
add_library(deps::grpc ALIAS tfsdk_deps::grpc)
add_library(deps::openssl ALIAS tfsdk_deps::openssl)
add_library(deps::re2 ALIAS tfsdk_deps::re2)
add_library(deps_json INTERFACE)
target_link_libraries(deps_json INTERFACE nlohmann_json::nlohmann_json)
add_library(deps::json ALIAS deps_json)

# The rest is for the provider and the tests.
if(TFSDK_ONLY)
  return()
endif()

tfsdk_pkgconfig_dependency(yaml "yaml-0.1")
add_library(deps::yaml ALIAS tfsdk_deps::yaml)

# Debian's libcurl.a needs Kerberos and LDAP, which have no static form, so a static provider has a curl of its own,
# built from Debian's source package without them.
add_library(deps_curl INTERFACE)
add_library(deps::curl ALIAS deps_curl)
set(K8SOIDC_CURL_PREFIX ${PROJECT_SOURCE_DIR}/build/deps/curl CACHE PATH "Where tools/static-curl.sh leaves its curl")
if(K8SOIDC_STATIC AND NOT EXISTS ${K8SOIDC_CURL_PREFIX}/lib/libcurl.a)
  message(STATUS "Building a static curl from Debian's source package (once, about half a minute)")
  execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/static-curl.sh ${K8SOIDC_CURL_PREFIX} RESULT_VARIABLE curl_result)
  if(NOT curl_result EQUAL 0)
    message(WARNING "No static curl (see above): the provider is linked dynamically. It needs the libraries of this machine.")
    set(K8SOIDC_STATIC OFF)
  endif()
endif()
if(K8SOIDC_STATIC)
  target_include_directories(deps_curl SYSTEM INTERFACE ${K8SOIDC_CURL_PREFIX}/include)
  target_compile_definitions(deps_curl INTERFACE CURL_STATICLIB)
  target_link_libraries(deps_curl INTERFACE ${K8SOIDC_CURL_PREFIX}/lib/libcurl.a nghttp2 cares ssl crypto z Threads::Threads)
else()
  find_package(CURL REQUIRED)
  target_link_libraries(deps_curl INTERFACE CURL::libcurl)
endif()

if(K8SOIDC_TESTS)
  find_package(GTest REQUIRED)
  find_package(benchmark REQUIRED)
endif()
