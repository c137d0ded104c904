# SPDX-License-Identifier: Apache-2.0 OR MIT
# cmake -DMUTANT=<program> -DSOUND=<program> -DTEST=<name> [-DSAYS=<regex>] -P …: the test fails in one and passes in the other
cmake_minimum_required(VERSION 3.25)

# Neither a filter that no test matches nor a program that does not start is a test that passed or failed.
execute_process(COMMAND ${SOUND} --gtest_filter=${TEST} TIMEOUT 290
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
string(FIND "${said}" "[       OK ] ${TEST} (" passed)
if(NOT result EQUAL 0 OR passed EQUAL -1)
    message(FATAL_ERROR "${TEST} must pass without the bug (${result}):\n${said}")
endif()

execute_process(COMMAND ${MUTANT} --gtest_filter=${TEST} TIMEOUT 290
    RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE said)
if(result EQUAL 0)
    message(FATAL_ERROR "${TEST} does not notice the bug:\n${said}")
endif()
string(APPEND said "\n${result}")
string(FIND "${said}" "[  FAILED  ] ${TEST}" failed)
if(SAYS)
    if(NOT said MATCHES "${SAYS}")
        message(FATAL_ERROR "${TEST} fails (${result}) without saying '${SAYS}':\n${said}")
    endif()
elseif(failed EQUAL -1)
    message(FATAL_ERROR "${TEST} did not run to its end (${result}):\n${said}")
endif()
