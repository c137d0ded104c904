# SPDX-License-Identifier: Apache-2.0 OR MIT
# cmake -DROOM=<gpu/> -DCOPY=<folder> -DPATCH=<file> -DPATCH_PROGRAM=<patch> -P …: makes <folder>/gpu out of gpu/ and the patch
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${COPY}/raw)
file(GLOB files ${ROOM}/*.hpp ${ROOM}/*.cpp ${ROOM}/*.cuh)
file(COPY ${files} DESTINATION ${COPY}/raw/gpu)
execute_process(COMMAND ${PATCH_PROGRAM} -p1 --batch --forward --no-backup-if-mismatch --reject-file=- --input=${PATCH}
    WORKING_DIRECTORY ${COPY}/raw RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PATCH} no longer applies to gpu/: plant the bug anew in the code as it is now\n${said}")
endif()
file(MAKE_DIRECTORY ${COPY}/gpu)
foreach(file IN LISTS files)
    cmake_path(GET file FILENAME name)
    file(COPY_FILE ${COPY}/raw/gpu/${name} ${COPY}/gpu/${name} ONLY_IF_DIFFERENT)
endforeach()
file(TOUCH ${COPY}/made)
