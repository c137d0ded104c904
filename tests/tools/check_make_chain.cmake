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
set(expected 8add5b3bebbe395378c798b8c5d0f81cc3446767221d225763915cf19e741b34 61fc0b36f3257c22b7dbb60eca9665a9166074ca918080b052d7a8a0bc2c6fdc)
if(NOT "${car_digest};${events_digest}" STREQUAL "${expected}")
    message(FATAL_ERROR "make_chain wrote other bytes than it did: SHA-256 ${car_digest} and ${events_digest}")
endif()
