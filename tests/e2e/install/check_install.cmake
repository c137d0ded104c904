# SPDX-License-Identifier: Apache-2.0 OR MIT
# Installs the libraries into FOLDER/prefix, builds consumer/ against them and compares what it prints.
set(prefix ${FOLDER}/prefix)
set(consumer ${FOLDER}/consumer)
file(REMOVE_RECURSE ${prefix} ${consumer})

execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --config ${CONFIG} --component library --prefix ${prefix}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/consumer -B ${consumer} -G ${GENERATOR}
        -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_BUILD_TYPE=${CONFIG}
    COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${consumer} COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
execute_process(COMMAND ${consumer}/consumer OUTPUT_VARIABLE printed OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)

# Computed by another implementation (the npm package fr32-sha2-256-trunc254-padded-binary-tree-multihash 3.3.0).
set(expected baga6ea4seaqcsowqmj4wxdgedyuoh2btgfvniorqar5r5r2vh6la6xu2hd6fsmy)
if(NOT printed STREQUAL expected)
    message(FATAL_ERROR "the program printed ${printed} instead of ${expected}")
endif()
