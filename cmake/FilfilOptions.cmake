# SPDX-License-Identifier: Apache-2.0 OR MIT

option(FILFIL_TESTS "Build the tests" ON)
option(FILFIL_BENCHES "Build the benchmarks" ON)
option(FILFIL_FUZZERS "Build the libFuzzer targets (needs clang)" OFF)
option(FILFIL_CUDA "Build the CUDA backend where nvcc is found" ON)
option(FILFIL_GUI "Build the desktop application where Qt 6 is found" ON)
option(FILFIL_WERROR "Turn compiler warnings into errors" OFF)
option(FILFIL_TOGETHER "Compile several files of a library at a time: quicker from nothing, slower after each change" OFF)
option(FILFIL_QUICK_TESTS "Compile the tests for a build from nothing: several files at a time, without optimisation" OFF)
set(FILFIL_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined or thread")

if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    # Without this ccache keeps nothing that uses a precompiled header; and what clang makes of the same headers on another day is
    # only the same file where it leaves their dates out.
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
    endif()
endif()

# What every target of the project is compiled with; carries no include folder.
add_library(filfil_options INTERFACE)
# nvcc passes what it is given to two compilers, of which one knows none of these.
target_compile_options(filfil_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wpedantic -Wshadow -Wconversion
    -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual>)
if(FILFIL_WERROR)
    target_compile_options(filfil_options INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-Werror>)
endif()
if(FILFIL_SANITIZE)
    add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:-fsanitize=${FILFIL_SANITIZE};-fno-omit-frame-pointer;-fno-sanitize-recover=all>")
    add_link_options(-fsanitize=${FILFIL_SANITIZE})
endif()
if(FILFIL_FUZZERS)
    # Coverage feedback for libFuzzer in every library, so that a fuzzer sees into what it calls.
    add_compile_options($<$<COMPILE_LANGUAGE:CXX>:-fsanitize=fuzzer-no-link>)
endif()
install(TARGETS filfil_options EXPORT fil-fil)
