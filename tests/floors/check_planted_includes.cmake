# SPDX-License-Identifier: Apache-2.0 OR MIT
# The check of includes must name every wrong include of planted/, and nothing else.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/../../cmake/FilfilFloors.cmake)
filfil_check_includes(${CMAKE_CURRENT_LIST_DIR}/planted found)
file(STRINGS ${CMAKE_CURRENT_LIST_DIR}/planted/expected.txt expected)
if(NOT found STREQUAL expected)
    list(JOIN found "\n" found)
    list(JOIN expected "\n" expected)
    message(FATAL_ERROR "found:\n${found}\n\nexpected:\n${expected}")
endif()
