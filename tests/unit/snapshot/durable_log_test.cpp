// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "crash_files.hpp"
#include "snapshot/state_log.hpp"

#include <gtest/gtest.h>

namespace filfil::snapshot {
namespace {

const std::string path = "log-7";

struct Wanted {
    StateLog::Type type;
    std::string payload;
};

const std::vector<Wanted>& records() {
    static const std::vector<Wanted> out = {{StateLog::Type::state, "the state"},
                                            {StateLog::Type::blocks, std::string(300, 'b')},
                                            {StateLog::Type::changes, ""},
                                            {StateLog::Type::release, "x"}};
    return out;
}

/// A log of records(). @return where each of them ends, after a 0
std::vector<std::uint64_t> write_records(CrashFiles& files, std::uint64_t number = 7) {
    std::vector<std::uint64_t> ends{0};
    auto log = StateLog::open(files, path, number, 0);
    EXPECT_TRUE(log.ok());
    for (const Wanted& record : records()) {
        EXPECT_TRUE(log->append(record.type, bytes_of(record.payload)).ok());
        ends.push_back(log->size());
    }
    EXPECT_TRUE(log->sync().ok());
    EXPECT_EQ(files.contents(path).size(), ends.back());
    return ends;
}

/// How many of records() a reader gives, one after the other, before it stops.
std::size_t count_records(CrashFiles& files, std::uint64_t& good, std::uint64_t number = 7) {
    auto log = StateLogReader::open(files, path, number);
    EXPECT_TRUE(log.ok());
    for (std::size_t i = 0;; ++i) {
        const auto record = log->next();
        EXPECT_TRUE(record.ok());
        good = log->good();
        if (!record.ok() || !*record) return i;
        EXPECT_LT(i, records().size());
        EXPECT_EQ((*record)->type, records()[i].type);
        EXPECT_EQ(chars_of((*record)->payload), records()[i].payload);
    }
}

TEST(StateLog, GivesBackWhatWasAppended) {
    CrashFiles files;
    const auto ends = write_records(files);
    std::uint64_t good = 0;
    EXPECT_EQ(count_records(files, good), records().size());
    EXPECT_EQ(good, ends.back());
    files.kill();

    auto again = StateLog::open(files, path, 7, ends.back());
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->size(), ends.back());
    ASSERT_TRUE(again->append(StateLog::Type::hold, bytes_of("more")).ok());
    auto log = StateLogReader::open(files, path, 7);
    ASSERT_TRUE(log.ok());
    std::string last;
    for (auto record = log->next(); record.ok() && *record; record = log->next()) last = chars_of((*record)->payload);
    EXPECT_EQ(last, "more");
}

TEST(StateLog, CutAnywhereGivesTheWholeRecordsBeforeTheCut) {
    CrashFiles files;
    const auto ends = write_records(files);
    const Bytes whole = files.contents(path);
    for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
        files.put(path, Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(cut)));
        std::size_t wanted = 0;
        while (wanted < records().size() && ends[wanted + 1] <= cut) ++wanted;
        std::uint64_t good = 1;
        ASSERT_EQ(count_records(files, good), wanted) << "cut at " << cut;
        ASSERT_EQ(good, ends[wanted]) << "cut at " << cut;
    }
}

TEST(StateLog, EveryFlippedBitEndsTheLogBeforeItsRecord) {
    CrashFiles files;
    const auto ends = write_records(files);
    const Bytes whole = files.contents(path);
    for (std::size_t place = 0; place < whole.size(); ++place)
        for (unsigned bit = 0; bit < 8; ++bit) {
            Bytes bent = whole;
            bent[place] ^= static_cast<std::byte>(1U << bit);
            files.put(path, std::move(bent));
            std::size_t wanted = 0;
            while (ends[wanted + 1] <= place) ++wanted;
            std::uint64_t good = 1;
            ASSERT_EQ(count_records(files, good), wanted) << "byte " << place << ", bit " << bit;
            ASSERT_EQ(good, ends[wanted]);
        }
}

TEST(StateLog, RecordsFromElsewhereAreNone) {
    CrashFiles files;
    const auto ends = write_records(files);
    const Bytes whole = files.contents(path);
    const auto part = [&](std::size_t record) {
        return Bytes(whole.begin() + static_cast<std::ptrdiff_t>(ends[record]),
                     whole.begin() + static_cast<std::ptrdiff_t>(ends[record + 1]));
    };
    std::uint64_t good = 0;
    for (std::size_t first = 1; first < records().size(); ++first) {
        files.put(path, part(first));
        EXPECT_EQ(count_records(files, good), 0U) << "record " << first << " in front";
    }
    Bytes twice = part(0);
    const Bytes again = part(0);
    twice.insert(twice.end(), again.begin(), again.end());
    files.put(path, twice);
    EXPECT_EQ(count_records(files, good), 1U);

    // The same place of another log: what a disk may give back that reuses its blocks.
    files.put(path, whole);
    EXPECT_EQ(count_records(files, good, 8), 0U);
    EXPECT_EQ(count_records(files, good, 7), records().size());
}

TEST(StateLog, LengthsThatAreTooLargeCostNoMemory) {
    CrashFiles files;
    for (const unsigned high : {0x00U, 0x7fU, 0x80U, 0xffU}) {
        Bytes bytes(64, std::byte{0xff});
        bytes[3] = static_cast<std::byte>(high);
        files.put(path, bytes);
        std::uint64_t good = 1;
        EXPECT_EQ(count_records(files, good), 0U);
        EXPECT_EQ(good, 0U);
    }
}

TEST(StateLog, AppendThatFailsLeavesItAsItWas) {
    CrashFiles probe;
    const auto ends = write_records(probe);
    for (std::uint64_t room = 0; room < ends.back(); ++room) {
        CrashFiles files;
        auto log = StateLog::open(files, path, 7, 0);
        ASSERT_TRUE(log.ok());
        files.fill_up_after(room);
        std::size_t written = 0;
        for (; written < records().size(); ++written)
            if (!log->append(records()[written].type, bytes_of(records()[written].payload)).ok()) break;
        ASSERT_LT(written, records().size());
        EXPECT_EQ(log->size(), ends[written]);
        std::uint64_t good = 1;
        EXPECT_EQ(count_records(files, good), written);
        EXPECT_EQ(files.contents(path).size(), ends[written]);
        files.make_room();
        for (; written < records().size(); ++written)
            ASSERT_TRUE(log->append(records()[written].type, bytes_of(records()[written].payload)).ok());
        EXPECT_TRUE(log->sync().ok());
        EXPECT_EQ(count_records(files, good), records().size());
    }
}

TEST(StateLog, IsBrokenForGoodWhereItCannotBeCutBack) {
    CrashFiles files;
    auto log = StateLog::open(files, path, 7, 0);
    ASSERT_TRUE(log.ok());
    ASSERT_TRUE(log->append(StateLog::Type::state, bytes_of("state")).ok());
    files.fill_up_after(3);
    files.fail_truncations(true);
    EXPECT_FALSE(log->append(StateLog::Type::hold, bytes_of("hold")).ok());
    files.make_room();
    files.fail_truncations(false);
    EXPECT_FALSE(log->append(StateLog::Type::hold, bytes_of("hold")).ok());
    EXPECT_FALSE(log->sync().ok());
    std::uint64_t good = 0;
    auto reader = StateLogReader::open(files, path, 7);
    ASSERT_TRUE(reader.ok());
    EXPECT_TRUE(reader->next().ok());
    good = reader->good();
    EXPECT_LT(good, files.contents(path).size());
}

TEST(StateLog, IsBrokenForGoodWhereASyncFailed) {
    CrashFiles files;
    auto log = StateLog::open(files, path, 7, 0);
    ASSERT_TRUE(log.ok());
    ASSERT_TRUE(log->append(StateLog::Type::state, bytes_of("state")).ok());
    files.fail_syncs(true);
    EXPECT_FALSE(log->sync().ok());
    files.fail_syncs(false);
    EXPECT_FALSE(log->sync().ok());
    EXPECT_FALSE(log->append(StateLog::Type::hold, bytes_of("hold")).ok());
}

}    // namespace
}    // namespace filfil::snapshot
