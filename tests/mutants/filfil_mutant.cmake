# SPDX-License-Identifier: Apache-2.0 OR MIT

# Quick to build rather than quick; a bug may well look odd to the compiler.
add_library(filfil_mutant_options INTERFACE)
target_compile_options(filfil_mutant_options INTERFACE -O1 -w)
target_compile_definitions(filfil_mutant_options INTERFACE FILFIL_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
target_link_libraries(filfil_mutant_options INTERFACE commp GTest::gtest GTest::gtest_main)
# Most of what there is to compile, once for all.
file(CONFIGURE OUTPUT nothing.cpp CONTENT "")
add_library(mutants_precompiled OBJECT ${CMAKE_CURRENT_BINARY_DIR}/nothing.cpp)
target_link_libraries(mutants_precompiled PRIVATE filfil_mutant_options)
target_precompile_headers(mutants_precompiled PRIVATE <gtest/gtest.h>)

# filfil_check_mutant(<name> <target> CAUGHT_BY … SOUND … [SAYS …]), of which filfil_mutant() says what they mean.
function(filfil_check_mutant name target)
    cmake_parse_arguments(ARG "" "CAUGHT_BY;SOUND;SAYS" "" ${ARGN})
    add_test(NAME mutants.${name}
        COMMAND ${CMAKE_COMMAND} -DMUTANT=$<TARGET_FILE:${target}> -DSOUND=$<TARGET_FILE:${ARG_SOUND}> -DTEST=${ARG_CAUGHT_BY}
                -DSAYS=${ARG_SAYS} -P ${FILFIL_MUTANTS_DIR}/check_mutant.cmake)
    set_tests_properties(mutants.${name} PROPERTIES ENVIRONMENT TSAN_OPTIONS=halt_on_error=1 TIMEOUT 600)
endfunction()

# filfil_mutant(<name> CAUGHT_BY <test> SOUND <target> SOURCES … [ROOM_SOURCES …] [DEPENDS …] [PATCH <file>]
#               [SANITIZE <sanitizers>] [SAYS <regex>])
#
# Builds a test of gpu/ against a copy of gpu/ with one planted bug, and requires that the test fails there and passes here.
#   CAUGHT_BY     the test's full name, e.g. TileKernel/EachSchedule.GivesEachTileOfALaunchItsOwnNodes/free
#   SOUND         the test program that has the same test against gpu/ as it is
#   SOURCES       of the test: absolute paths
#   ROOM_SOURCES  of gpu/, e.g. lane.cpp: compiled from the copy
#   PATCH         relative to the CMakeLists.txt that calls, for `patch -p1` at the top of the repository; <name>.patch by default
#   SANITIZE      compiles all of that with -fsanitize=…; where its runtime is missing there is no such mutant
#   SAYS          what the failing program must say or die of, e.g. "Segmentation fault"; by default that the test failed, which
#                 what dies does not come to say
function(filfil_mutant name)
    cmake_parse_arguments(ARG "" "CAUGHT_BY;SOUND;PATCH;SANITIZE;SAYS" "SOURCES;ROOM_SOURCES;DEPENDS" ${ARGN})
    foreach(needed IN ITEMS CAUGHT_BY SOUND SOURCES)
        if(NOT ARG_${needed})
            message(FATAL_ERROR "filfil_mutant(${name}): ${needed} is missing")
        endif()
    endforeach()
    if(ARG_SANITIZE)
        string(MAKE_C_IDENTIFIER FILFIL_LINKS_${ARG_SANITIZE} links)
        if(NOT ${links})
            message(STATUS "fil-fil: no mutant '${name}': the runtime of -fsanitize=${ARG_SANITIZE} (libclang-rt-19-dev) is missing")
            return()
        endif()
    endif()
    if(NOT ARG_PATCH)
        set(ARG_PATCH ${name}.patch)
    endif()
    cmake_path(ABSOLUTE_PATH ARG_PATCH NORMALIZE OUTPUT_VARIABLE patch)

    set(room ${PROJECT_SOURCE_DIR}/gpu)
    set(copy ${CMAKE_CURRENT_BINARY_DIR}/${name})
    file(GLOB files CONFIGURE_DEPENDS RELATIVE ${room} ${room}/*.hpp ${room}/*.cpp ${room}/*.cuh)
    list(TRANSFORM files PREPEND ${room}/ OUTPUT_VARIABLE originals)
    list(TRANSFORM files PREPEND ${copy}/gpu/ OUTPUT_VARIABLE copies)
    # The copies are by-products: those that a change of gpu/ does not reach are not compiled again.
    add_custom_command(OUTPUT ${copy}/made BYPRODUCTS ${copies}
        COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DFOLDER=gpu "-DFILES=*.hpp *.cpp *.cuh" -DCOPY=${copy} -DPATCH=${patch} -DPATCH_PROGRAM=${FILFIL_PATCH_PROGRAM}
                -P ${FILFIL_MUTANTS_DIR}/make_mutant.cmake
        DEPENDS ${originals} ${patch} ${FILFIL_MUTANTS_DIR}/make_mutant.cmake
        COMMENT "Planting ${name}" VERBATIM)
    add_custom_target(mutant_${name}_room DEPENDS ${copy}/made)

    list(TRANSFORM ARG_ROOM_SOURCES PREPEND ${copy}/gpu/)
    set(target mutant_${name})
    add_executable(${target} ${ARG_SOURCES} ${ARG_ROOM_SOURCES})
    add_dependencies(${target} mutant_${name}_room)
    target_link_libraries(${target} PRIVATE ${ARG_DEPENDS} filfil_mutant_options)
    target_include_directories(${target} PRIVATE ${copy} ${PROJECT_SOURCE_DIR}/tests/support/gpu ${PROJECT_SOURCE_DIR}/tests/unit/commp)
    if(ARG_SANITIZE)
        target_compile_options(${target} PRIVATE -fsanitize=${ARG_SANITIZE} -fno-sanitize-recover=all -gline-tables-only)
        target_link_options(${target} PRIVATE -fsanitize=${ARG_SANITIZE})
    else()
        target_precompile_headers(${target} REUSE_FROM mutants_precompiled)
    endif()

    filfil_check_mutant(${name} ${target} CAUGHT_BY ${ARG_CAUGHT_BY} SOUND ${ARG_SOUND} SAYS "${ARG_SAYS}")
endfunction()

# filfil_core_mutant(<name> ROOM <library> FILE <source> CAUGHT_BY <test> SOUND <target> [SAYS <regex>])
#
# The same for a bug in one source of core/<library>, <name>.patch. Nothing but that source is compiled: it is linked with the
# objects of SOUND, before the libraries, so that what the room's own has of it is not taken. A bug in a header would not
# reach the objects.
function(filfil_core_mutant name)
    cmake_parse_arguments(ARG "" "ROOM;FILE;CAUGHT_BY;SOUND;SAYS" "" ${ARGN})
    if(NOT TARGET ${ARG_SOUND})
        message(STATUS "fil-fil: no mutant '${name}': ${ARG_SOUND} is missing")
        return()
    endif()
    filfil_core_mutant_program(${name} ${ARG_ROOM} ${ARG_FILE} ${ARG_SOUND})
    filfil_check_mutant(${name} mutant_${name} CAUGHT_BY ${ARG_CAUGHT_BY} SOUND ${ARG_SOUND} SAYS "${ARG_SAYS}")
endfunction()

# filfil_seed_mutant(<name> ROOM <library> FILE <source> SOUND <simulator> SEED <number> SAYS <regex>)
#
# The same for a bug that one seed of a simulator finds, and what it says of that.
function(filfil_seed_mutant name)
    cmake_parse_arguments(ARG "" "ROOM;FILE;SOUND;SEED;SAYS" "" ${ARGN})
    if(NOT TARGET ${ARG_SOUND})
        message(STATUS "fil-fil: no mutant '${name}': ${ARG_SOUND} is missing")
        return()
    endif()
    filfil_core_mutant_program(${name} ${ARG_ROOM} ${ARG_FILE} ${ARG_SOUND})
    add_test(NAME mutants.${name}
        COMMAND ${CMAKE_COMMAND} -DMUTANT=$<TARGET_FILE:mutant_${name}> -DSOUND=$<TARGET_FILE:${ARG_SOUND}> -DSEED=${ARG_SEED}
                "-DSAYS=${ARG_SAYS}" -P ${FILFIL_MUTANTS_DIR}/check_seed_mutant.cmake)
    set_tests_properties(mutants.${name} PROPERTIES TIMEOUT 600)
endfunction()

# The program mutant_<name>: that of `sound` with one source of core/<room> that has the bug.
function(filfil_core_mutant_program name room source sound)
    set(file core/${room}/${source})
    # In an object with others it would be taken for their sake.
    set_source_files_properties(${PROJECT_SOURCE_DIR}/${file} TARGET_DIRECTORY ${room} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    set(patch ${CMAKE_CURRENT_SOURCE_DIR}/${name}.patch)
    set(copy ${CMAKE_CURRENT_BINARY_DIR}/${name})
    add_custom_command(OUTPUT ${copy}/${file}
        COMMAND ${CMAKE_COMMAND} -DROOT=${PROJECT_SOURCE_DIR} -DFOLDER=core/${room} -DFILES=${source} -DCOPY=${copy}
                -DPATCH=${patch} -DPATCH_PROGRAM=${FILFIL_PATCH_PROGRAM} -P ${FILFIL_MUTANTS_DIR}/make_mutant.cmake
        COMMAND ${CMAKE_COMMAND} -E touch ${copy}/${file}
        DEPENDS ${PROJECT_SOURCE_DIR}/${file} ${patch} ${FILFIL_MUTANTS_DIR}/make_mutant.cmake
        COMMENT "Planting ${name}" VERBATIM)

    set(target mutant_${name})
    get_target_property(libraries ${sound} LINK_LIBRARIES)
    add_executable(${target} ${copy}/${file} $<TARGET_OBJECTS:${sound}>)
    target_link_libraries(${target} PRIVATE ${libraries})
    target_include_directories(${target} PRIVATE $<TARGET_PROPERTY:${room},INCLUDE_DIRECTORIES>)
    target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:${room},COMPILE_DEFINITIONS>)
    target_compile_options(${target} PRIVATE -O0 -w)
endfunction()
