# SPDX-License-Identifier: Apache-2.0 OR MIT

# Libraries from outside. The rooms that make commitments and snapshots build without any of them; what is missing is
# left out, here or by the room that needs it, with one line.

find_package(OpenSSL QUIET COMPONENTS Crypto)
if(NOT OpenSSL_FOUND)
    message(STATUS "fil-fil: built without OpenSSL (libssl-dev): own SHA-256, no 'openssl' hashing backend")
endif()

# Headers only: Asio and Beast.
find_package(Boost 1.81 QUIET CONFIG)
if(NOT Boost_FOUND OR NOT TARGET OpenSSL::SSL)
    message(STATUS "fil-fil: built without the network: Boost 1.81 (libboost1.81-dev) or OpenSSL (libssl-dev) is missing")
endif()

find_library(B2_LIBRARY b2)
find_path(B2_INCLUDE_DIR blake2.h)
if(B2_LIBRARY AND B2_INCLUDE_DIR)
    add_library(filfil_b2 INTERFACE)
    target_link_libraries(filfil_b2 INTERFACE ${B2_LIBRARY})
    target_include_directories(filfil_b2 INTERFACE ${B2_INCLUDE_DIR})
    install(TARGETS filfil_b2 EXPORT fil-fil)
else()
    message(STATUS "fil-fil: built without libb2 (libb2-dev): own BLAKE2b")
endif()

find_library(ZSTD_LIBRARY zstd)
find_path(ZSTD_INCLUDE_DIR zstd.h)
if(ZSTD_LIBRARY AND ZSTD_INCLUDE_DIR)
    add_library(filfil_zstd INTERFACE)
    target_link_libraries(filfil_zstd INTERFACE ${ZSTD_LIBRARY})
    target_include_directories(filfil_zstd INTERFACE ${ZSTD_INCLUDE_DIR})
    install(TARGETS filfil_zstd EXPORT fil-fil)
else()
    message(STATUS "fil-fil: built without compressed CARs and the command line: libzstd (libzstd-dev) is missing")
endif()

find_package(nlohmann_json QUIET)
if(NOT nlohmann_json_FOUND)
    message(STATUS "fil-fil: built without batch manifests, the daemon and the command line: nlohmann-json (nlohmann-json3-dev) is missing")
endif()

find_package(CLI11 QUIET)
if(NOT CLI11_FOUND)
    message(STATUS "fil-fil: built without the command line: CLI11 (libcli11-dev) is missing")
endif()

# 3.37 is the first with STRICT tables.
find_package(SQLite3 3.37 QUIET)
if(NOT SQLite3_FOUND)
    message(STATUS "fil-fil: built without the journal: SQLite 3.37 or later (libsqlite3-dev) is missing")
endif()

# The recovery module tells who signed.
find_library(SECP256K1_LIBRARY secp256k1)
find_path(SECP256K1_INCLUDE_DIR secp256k1_recovery.h)
if(SECP256K1_LIBRARY AND SECP256K1_INCLUDE_DIR)
    add_library(filfil_secp256k1 INTERFACE)
    target_link_libraries(filfil_secp256k1 INTERFACE ${SECP256K1_LIBRARY})
    target_include_directories(filfil_secp256k1 INTERFACE ${SECP256K1_INCLUDE_DIR})
else()
    message(STATUS "fil-fil: built without transactions of its own: libsecp256k1 (libsecp256k1-dev) is missing")
endif()

# Used as headers only: the package's library throws, ours may not.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h)
if(TOMLPLUSPLUS_INCLUDE_DIR)
    add_library(filfil_toml INTERFACE)
    target_include_directories(filfil_toml SYSTEM INTERFACE ${TOMLPLUSPLUS_INCLUDE_DIR})
else()
    message(STATUS "fil-fil: built without the daemon: toml++ (libtomlplusplus-dev) is missing")
endif()

find_package(spdlog QUIET)
if(NOT spdlog_FOUND)
    message(STATUS "fil-fil: built without the daemon: spdlog (libspdlog-dev) is missing")
endif()

if(FILFIL_TESTS)
    find_package(GTest QUIET)
    if(NOT GTest_FOUND)
        message(STATUS "fil-fil: built without tests: GoogleTest (libgtest-dev) is missing")
        set(FILFIL_TESTS OFF)
    else()
        include(GoogleTest)
    endif()
endif()
if(FILFIL_BENCHES)
    find_package(benchmark QUIET)
    if(NOT benchmark_FOUND)
        message(STATUS "fil-fil: built without benchmarks: Google Benchmark (libbenchmark-dev) is missing")
        set(FILFIL_BENCHES OFF)
    endif()
endif()
