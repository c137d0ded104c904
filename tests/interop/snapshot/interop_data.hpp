// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/files.hpp"
#include "ipld/digest.hpp"
#include "reference_blocks.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace filfil::snapshot {

/// Tests over the folder of real chain data; its README says what must come out of each file.
class RealData : public testing::Test {
protected:
    void SetUp() override {
        if (!m_files.info(folder()).ok())
            GTEST_SKIP() << folder() << " does not exist: set FILFIL_INTEROP_DATA to the folder of real chain data";
    }

    static std::string folder() {
        const char* given = std::getenv("FILFIL_INTEROP_DATA");
        return given != nullptr ? given : FILFIL_SOURCE_DIR "/../shared/data";
    }

    static std::string path(std::string_view name) { return join_path(folder(), name); }

    reference::LoadedCar load(std::string_view name) {
        auto loaded = reference::load_car(m_files, path(name));
        EXPECT_TRUE(loaded.ok()) << loaded.error().text();
        return loaded.ok() ? std::move(loaded).value() : reference::LoadedCar();
    }

    Bytes bytes(std::string_view name) {
        constexpr std::uint64_t limit = std::uint64_t{64} << 20;
        return read_all(*m_files.open(path(name)).value(), limit).value();
    }

    SystemFiles m_files;
};

inline std::string sha256_of(ByteView bytes) { return to_hex(ipld::sha2_256(bytes)); }

}    // namespace filfil::snapshot
