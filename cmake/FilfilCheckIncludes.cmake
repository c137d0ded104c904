# SPDX-License-Identifier: Apache-2.0 OR MIT

# cmake [-D ROOT=<folder>] -P FilfilCheckIncludes.cmake: fails, naming each, where a file includes what its room may not
# see. ROOT is the checkout unless given.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/FilfilFloors.cmake)

if(NOT ROOT)
    cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()
filfil_check_includes(${ROOT} wrong)
foreach(sentence IN LISTS wrong)
    message(NOTICE "floors: ${sentence}")
endforeach()
if(wrong)
    list(LENGTH wrong count)
    message(FATAL_ERROR "floors: ${count} wrong includes")
endif()
