// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/cars.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

class SnapshotDiff : public testing::Test {
protected:
    const std::string m_old = small_car(100);
    const std::string m_new = small_car(130);
    TemporaryFolder m_folder;
};

TEST_F(SnapshotDiff, ApplyGivesBackTheOtherCar) {
    const std::string a = m_folder.write("a.car", m_old);
    const std::string b = m_folder.write("b.car.zst", zstd_frame(m_new));
    const auto counted = object_of(run({"snapshot", "diff", "--json", a, b}));
    EXPECT_EQ(keys_of(counted), (Words{"added", "removed", "bytes"}));
    EXPECT_EQ(counted["added"], 30);
    EXPECT_EQ(counted["removed"], 0);
    EXPECT_EQ(m_folder.list().size(), 2U);

    const Ended made = run({"snapshot", "diff", "--json", a, b, "-o", m_folder.path("d.car")});
    ASSERT_EQ(made.code, 0) << made.err;
    EXPECT_EQ(object_of(made), counted);
    EXPECT_EQ(object_of(made)["bytes"], m_folder.read("d.car").size());
    EXPECT_LT(m_folder.read("d.car").size(), m_new.size() / 2);
    EXPECT_EQ(run({"car", "verify", m_folder.path("d.car")}).code, 0) << "a diff is a CAR, too";

    const std::string packed = m_folder.write("a.car.zst", zstd_frame(m_old));
    for (const std::string& base : {a, packed}) {
        const Ended applied =
            run({"snapshot", "apply", "--json", base, m_folder.path("d.car"), "-o", m_folder.path("new.car")});
        ASSERT_EQ(applied.code, 0) << applied.err;
        EXPECT_EQ(object_of(applied)["bytes"], m_new.size());
        EXPECT_EQ(m_folder.read("new.car"), m_new);
        EXPECT_EQ(m_folder.list().size(), 5U);
    }
    const Ended text = run({"snapshot", "apply", a, m_folder.path("d.car"), "-o", m_folder.path("new.car")});
    EXPECT_NE(text.out.find("blocks added"), std::string::npos) << text.out;
}

TEST_F(SnapshotDiff, WhatDoesNotFitIsRefusedInOneSentence) {
    const std::string a = m_folder.write("a.car", m_old);
    const std::string b = m_folder.write("b.car", m_new);
    const std::string d = m_folder.path("d.car");
    const std::string out = m_folder.path("new.car");
    ASSERT_EQ(run({"snapshot", "diff", a, b, "-o", d}).code, 0);
    expect_refusal(run({"snapshot", "apply", b, d, "-o", out}), "b.car: is not the CAR that the diff was made from",
                   "SHA-256");
    expect_refusal(run({"snapshot", "apply", a, b, "-o", out}), "b.car: the diff's manifest", "snapshot diff");
    const std::string diff = m_folder.read("d.car");
    const std::string cut = m_folder.write("cut.car", diff.substr(0, diff.size() - 10));
    expect_refusal(run({"snapshot", "apply", a, cut, "-o", out}), "cut.car", "whole");
    expect_refusal(run({"snapshot", "diff", a, "-"}), "standard input", "file");
    expect_refusal(run({"snapshot", "apply", "-", d, "-o", out}), "standard input", "file");
    expect_refusal(run({"snapshot", "diff", a}), "B", "--help");
    expect_refusal(run({"snapshot", "apply", a, d}), "--output", "--help");
    expect_refusal(run({"snapshot", "apply", a, d, "-o", m_folder.path("none/new.car")}), "none/new.car.part", "path");
    expect_refusal(run({"snapshot"}), "no command", "export");
    EXPECT_EQ(m_folder.list(), (Words{"a.car", "b.car", "cut.car", "d.car"}));
}

TEST_F(SnapshotDiff, EachHasHelpWithAnExample) {
    for (const std::string name : {"export", "diff", "apply"}) {
        const Ended help = run({"snapshot", name, "--help"});
        EXPECT_EQ(help.code, 0);
        EXPECT_NE(help.out.find("\n  fil-fil snapshot " + name + " "), std::string::npos) << help.out;
    }
}

}    // namespace
}    // namespace filfil::e2e
