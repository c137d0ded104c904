# SPDX-License-Identifier: Apache-2.0 OR MIT
# cmake -DMUTANT=<program> -DSOUND=<program> -DSEED=<number> -DSAYS=<regex> -P …: a simulator's seed fails in one and is right in the other
cmake_minimum_required(VERSION 3.25)

execute_process(COMMAND ${SOUND} --seed ${SEED} TIMEOUT 300 RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 0 OR NOT said MATCHES "seeds ${SEED}\\.\\.${SEED}: 0 failed")
    message(FATAL_ERROR "seed ${SEED} must be right without the bug (${result}):\n${said}")
endif()

execute_process(COMMAND ${MUTANT} --seed ${SEED} TIMEOUT 300 RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(NOT result EQUAL 1 OR NOT said MATCHES "seed ${SEED}: [^\n]*${SAYS}")
    message(FATAL_ERROR "seed ${SEED} does not notice the bug (${result}):\n${said}")
endif()
