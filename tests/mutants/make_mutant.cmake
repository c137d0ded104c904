# SPDX-License-Identifier: Apache-2.0 OR MIT
# cmake -DROOT=<repository> -DFOLDER=gpu -DFILES=<patterns, with spaces between> -DCOPY=<folder> -DPATCH=<file>
#       -DPATCH_PROGRAM=<patch> -P …: makes <copy>/gpu out of those files of gpu/ and the patch
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${COPY}/raw)
string(REPLACE " " ";" FILES "${FILES}")
list(TRANSFORM FILES PREPEND ${ROOT}/${FOLDER}/)
file(GLOB files ${FILES})
file(COPY ${files} DESTINATION ${COPY}/raw/${FOLDER})
execute_process(COMMAND ${PATCH_PROGRAM} -p1 --batch --forward --no-backup-if-mismatch --reject-file=- --input=${PATCH}
    WORKING_DIRECTORY ${COPY}/raw RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${PATCH} no longer applies to ${FOLDER}/: plant the bug anew in the code as it is now\n${said}")
endif()
file(MAKE_DIRECTORY ${COPY}/${FOLDER})
foreach(file IN LISTS files)
    cmake_path(GET file FILENAME name)
    file(COPY_FILE ${COPY}/raw/${FOLDER}/${name} ${COPY}/${FOLDER}/${name} ONLY_IF_DIFFERENT)
endforeach()
file(TOUCH ${COPY}/made)
