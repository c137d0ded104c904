# SPDX-License-Identifier: Apache-2.0 OR MIT

# filfil_library(<name> SOURCES … HEADERS … [DEPENDS …] [PRIVATE_DEPENDS …])
#
# One static library a folder. Its headers are reached as "<name>/<header>" through a folder of its own that holds
# nothing but a link to the sources, and dependants get exactly the include folders of what they link. So an include of
# a library that is not linked does not compile: that is how the floors of docs/architecture.md are enforced.
function(filfil_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;DEPENDS;PRIVATE_DEPENDS" ${ARGN})
    set(room ${CMAKE_BINARY_DIR}/floors/${name})
    file(MAKE_DIRECTORY ${room})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${room}/${name} SYMBOLIC)

    add_library(${name} STATIC ${ARG_SOURCES} ${ARG_HEADERS})
    add_library(filfil::${name} ALIAS ${name})
    set_target_properties(${name} PROPERTIES OUTPUT_NAME filfil-${name} POSITION_INDEPENDENT_CODE ON)
    target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${room}> $<INSTALL_INTERFACE:include/filfil>)
    target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS} filfil_options)
    install(TARGETS ${name} EXPORT filfil ARCHIVE DESTINATION lib)
    install(FILES ${ARG_HEADERS} DESTINATION include/filfil/${name})
endfunction()

# filfil_test(<name> SOURCES … [DEPENDS …] [DATA]) makes tests/unit/<name> and gives each of its cases to CTest.
function(filfil_test name)
    cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
    add_executable(${name} ${ARG_SOURCES})
    target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} filfil_options GTest::gtest GTest::gtest_main)
    target_precompile_headers(${name} PRIVATE <gtest/gtest.h>)
    target_compile_definitions(${name} PRIVATE FILFIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 900)
endfunction()
