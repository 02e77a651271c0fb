# How this project's own targets are made: one function each for a library, a program and a test binary.

add_library(k8soidc_options INTERFACE)
target_compile_options(k8soidc_options INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wformat=2
  $<$<BOOL:${K8SOIDC_WERROR}>:-Werror> -fstack-protector-strong -ffunction-sections -fdata-sections
  $<$<CONFIG:Release>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>)
target_compile_definitions(k8soidc_options INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
target_link_options(k8soidc_options INTERFACE $<$<CONFIG:Release>:-Wl,--strip-all> -Wl,--gc-sections -Wl,--as-needed -Wl,-z,relro,-z,now,-z,noexecstack)

# project_library(NAME SOURCES … LINK … PRIVATE …): a static library; LINK is what its headers need.
function(project_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
  # What has nothing to link is no business of those who use the installed library.
  list(TRANSFORM ARG_PRIVATE REPLACE "^deps::json$" "$<BUILD_INTERFACE:deps::json>")
  add_library(${NAME} STATIC ${ARG_SOURCES})
  target_compile_features(${NAME} PUBLIC cxx_std_20)
  target_include_directories(${NAME} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>)
  target_link_libraries(${NAME} PUBLIC ${ARG_LINK} PRIVATE ${ARG_PRIVATE} $<BUILD_INTERFACE:k8soidc_options>)
endfunction()

# project_static_program(NAME): links NAME as one file with no dynamic dependency, where that was asked for.
function(project_static_program NAME)
  if(K8SOIDC_STATIC)
    target_link_options(${NAME} PRIVATE -static-pie)
    set_target_properties(${NAME} PROPERTIES LINK_WHAT_YOU_USE OFF)
  endif()
endfunction()

# project_test(NAME SOURCES … LINK …): a GoogleTest binary whose cases are CTest cases with the label `unit`. The target
# unit_tests builds all that they need, and no more.
function(project_test NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_include_directories(${NAME} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(${NAME} PRIVATE TEST_DATA_DIR="${PROJECT_SOURCE_DIR}/tests/data")
  # A test names the members it is about, and leaves the others as they are. Nothing is gained by optimising it, while
  # that takes most of the time to build (and the fortified functions want optimisation).
  target_compile_options(${NAME} PRIVATE -Wno-missing-field-initializers -O0 -U_FORTIFY_SOURCE)
  target_link_libraries(${NAME} PRIVATE ${ARG_LINK} k8soidc_options GTest::gmock GTest::gtest_main)
  if(NOT TARGET unit_tests)
    add_custom_target(unit_tests)
  endif()
  add_dependencies(unit_tests ${NAME})
  if(NOT K8SOIDC_UNIT_TESTS)
    set_target_properties(${NAME} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  include(GoogleTest)
  gtest_discover_tests(${NAME} DISCOVERY_MODE PRE_TEST PROPERTIES TIMEOUT 120 LABELS unit)
endfunction()
