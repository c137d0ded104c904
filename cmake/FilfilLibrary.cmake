# SPDX-License-Identifier: Apache-2.0 OR MIT

# filfil_library(<name> [INTERNAL] [TOGETHER] SOURCES … HEADERS … [DEPENDS …] [PRIVATE_DEPENDS …])
#
# One static library a folder. Its headers are reached as "<name>/<header>" through a folder of its own that holds
# nothing but a link to the sources, and dependants get exactly the include folders of what they link. So an include of
# a library that is not linked does not compile: that is how the floors of docs/architecture.md are enforced.
# INTERNAL keeps it out of what is installed for other programs. TOGETHER says that no two of its files define the same name, so
# that they can be compiled six at a time where FILFIL_TOGETHER is set.
function(filfil_library name)
    cmake_parse_arguments(ARG "INTERNAL;TOGETHER" "" "SOURCES;HEADERS;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    set(room ${CMAKE_BINARY_DIR}/floors/${name})
    file(MAKE_DIRECTORY ${room})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${room}/${name} SYMBOLIC)

    add_library(${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    add_library(filfil::${name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME filfil-${name} POSITION_INDEPENDENT_CODE ON)
    if(FILFIL_TOGETHER AND ARG_TOGETHER)
        set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    endif()
    target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${room}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/fil-fil>)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS} filfil_options)
    if(ARG_INTERNAL)
        return()
    endif()
    target_compile_features(${name} PUBLIC cxx_std_20)
    install(TARGETS ${name} EXPORT fil-fil ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library)
    foreach(header IN LISTS ARG_HEADERS)
        cmake_path(GET header PARENT_PATH folder)
        install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/fil-fil/${name}/${folder} COMPONENT library)
    endforeach()
endfunction()

# filfil_test(<name> [OPTIMISED] [TOGETHER] SOURCES … [DEPENDS …] [PRECOMPILE …]) makes a GoogleTest program and gives each of
# its cases to CTest. PRECOMPILE names headers that stand in most of its files, beside GoogleTest's.
#
# Where FILFIL_QUICK_TESTS is set its files are compiled without optimisation, unless OPTIMISED says that the test itself computes
# much; and eight at a time where TOGETHER says that no two of them define the same name.
function(filfil_test name)
    cmake_parse_arguments(ARG "OPTIMISED;TOGETHER" "" "SOURCES;DEPENDS;PRECOMPILE" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} filfil_options GTest::gtest GTest::gtest_main)
    target_compile_definitions(${name} PRIVATE FILFIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    set(quick OFF)
    if(FILFIL_QUICK_TESTS AND NOT ARG_OPTIMISED)
        set(quick ON)
        target_compile_options(${name} PRIVATE -O0)
        set_target_properties(${name} PROPERTIES UNITY_BUILD ${ARG_TOGETHER} UNITY_BUILD_BATCH_SIZE 8)
    endif()
    if(quick AND "${ARG_PRECOMPILE}" MATCHES "^(<nlohmann/json.hpp>)?$")
        filfil_precompiled_for_tests(precompiled ${ARG_PRECOMPILE})
        target_precompile_headers(${name} REUSE_FROM ${precompiled})
    else()
        target_precompile_headers(${name} PRIVATE <gtest/gtest.h> ${ARG_PRECOMPILE})
    endif()
    gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 900)
endfunction()

# filfil_precompiled_for_tests(<variable> [<nlohmann/json.hpp>]): the library whose precompiled headers, GoogleTest's and that, the
# tests share that are not optimised
function(filfil_precompiled_for_tests variable)
    string(MAKE_C_IDENTIFIER "precompiled_for_tests${ARGN}" library)
    set(${variable} ${library} PARENT_SCOPE)
    if(TARGET ${library})
        return()
    endif()
    file(CONFIGURE OUTPUT ${library}.cpp CONTENT "")
    add_library(${library} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${library}.cpp)
    target_link_libraries(${library} PRIVATE filfil_options GTest::gtest)
    if(ARGN)
        target_link_libraries(${library} PRIVATE nlohmann_json::nlohmann_json)
    endif()
    target_compile_definitions(${library} PRIVATE FILFIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_compile_options(${library} PRIVATE -O0)
    target_precompile_headers(${library} PRIVATE <gtest/gtest.h> ${ARGN})
endfunction()

# filfil_fuzzer(<name> SOURCES … [DEPENDS …] [CORPUS <folder>]) makes a libFuzzer target where FILFIL_FUZZERS is set.
#
# CORPUS names a folder of seed inputs, relative to the CMakeLists.txt that calls. CTest replays the seeds and mutates
# them for a moment (label "fuzz"); `./run fuzz` looks for findings for as long as it is told.
function(filfil_fuzzer name)
    if(NOT FILFIL_FUZZERS)
        return()
    endif()
    cmake_parse_arguments(ARG "" "CORPUS" "SOURCES;DEPENDS" ${ARGN})
    set(seeds)
    if(ARG_CORPUS)
        cmake_path(ABSOLUTE_PATH ARG_CORPUS NORMALIZE OUTPUT_VARIABLE seeds)
        if(NOT IS_DIRECTORY ${seeds})
            message(FATAL_ERROR "filfil_fuzzer(${name}): the seed folder ${seeds} does not exist")
        endif()
    endif()
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} filfil_options)
    target_compile_definitions(${name} PRIVATE FILFIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    add_dependencies(fuzzers ${name})
    file(APPEND ${CMAKE_BINARY_DIR}/fuzz/fuzzers.txt "${name}\t${seeds}\n")

    set(scratch ${CMAKE_CURRENT_BINARY_DIR}/${name}.corpus)
    file(MAKE_DIRECTORY ${scratch})
    add_test(NAME fuzz.${name}
        COMMAND ${name} -seed=1 -runs=2000 -max_total_time=30 -timeout=10 -rss_limit_mb=2048 -print_final_stats=0
                -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/ ${scratch} ${seeds})
    set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 300)
endfunction()
