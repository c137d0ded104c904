# SPDX-License-Identifier: Apache-2.0 OR MIT
# cmake -D MAKE_CAR=<program> -D FOLDER=<scratch> -P check_make_car.cmake: the bytes must be those of every other machine,
# or the piece CID that `./run demo` checks against would not hold.
set(car ${FOLDER}/make_car_check.car)
execute_process(COMMAND ${MAKE_CAR} ${car} 2MiB 1 RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "make_car failed: ${status}")
endif()
file(SHA256 ${car} digest)
file(REMOVE ${car})
set(expected 98f532f6d63215e150c8419487f12053f391184a54b227666b06b2acda4330ba)
if(NOT digest STREQUAL expected)
    message(FATAL_ERROR "make_car wrote other bytes than it did: SHA-256 ${digest} instead of ${expected}")
endif()
