# SPDX-License-Identifier: Apache-2.0 OR MIT
# cmake -D MAKE_CHAIN=<program> -D FOLDER=<scratch> -P check_make_chain.cmake: the bytes must be those of every other
# machine, or snapshots of a generated chain could not be known by their hashes.
set(car ${FOLDER}/make_chain_check.car)
set(events ${FOLDER}/make_chain_check.jsonl)
execute_process(COMMAND ${MAKE_CHAIN} ${car} 2MiB 1 --events ${events} --oddities RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "make_chain failed: ${status}")
endif()
file(SHA256 ${car} car_digest)
file(SHA256 ${events} events_digest)
file(REMOVE ${car} ${events})
set(expected 968dfd90f7b85d390a029bba0d25d6c4074e310a9376b603ab19d53cea04a72e d29744c0e579124268e9dc051e93e0cc4f2ff8b7c995855f8dab996291f29b0d)
if(NOT "${car_digest};${events_digest}" STREQUAL "${expected}")
    message(FATAL_ERROR "make_chain wrote other bytes than it did: SHA-256 ${car_digest} and ${events_digest}")
endif()
