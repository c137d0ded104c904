// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/answers.hpp"
#include "served.hpp"
#include "unzip.hpp"

#include <gtest/gtest.h>

namespace filfil::retrieval::samples {
namespace {

class ServedSlice : public testing::Test {
protected:
    ServedSlice() {
        sample = make_sample(random_bytes(7, 100'000));
        served.catalog.add(sample.served);
    }
    Answer slice(const std::string& text, HttpFields fields = {}) {
        return served.get("/piece/" + sample.v1 + "?slice=" + text, std::move(fields));
    }
    [[nodiscard]] Bytes part(std::size_t offset, std::size_t length) const {
        return to_bytes(ByteView(sample.payload).subspan(offset, length));
    }

    Served served;
    Sample sample;
};

TEST_F(ServedSlice, GivesTheseBytesAsAThingOfTheirOwn) {
    const Answer answer = slice("1000-2999");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.size, 2000U);
    EXPECT_EQ(answer.body, part(1000, 2000));
    EXPECT_EQ(answer.field("Accept-Ranges"), "none");
    EXPECT_EQ(answer.field("Content-Range"), "");
    EXPECT_NE(answer.field("ETag"), slice("1000-2998").field("ETag"));
    // What lies outside is cut, as ranges are.
    EXPECT_EQ(slice("99999-200000").body, part(99'999, 1));
}

TEST_F(ServedSlice, IsCompressedWhereThatIsAccepted) {
    const Answer answer = slice("1000-50999", {{"Accept-Encoding", "zstd"}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.field("Content-Encoding"), "zstd");
    EXPECT_EQ(unzip(answer.body), part(1000, 50'000));
    EXPECT_NE(answer.field("ETag"), slice("1000-50999").field("ETag"));
    EXPECT_EQ(served.get("/piece/" + sample.v1, {{"Range", "bytes=0-9"}}).field(slice_field), "zstd");
    EXPECT_EQ(served.get("/pieces?id=" + sample.v1, {{"Authorization", "Bearer secret"}}).field(slice_field), "");
}

TEST_F(ServedSlice, RefusesWhatIsNone) {
    for (const char* bad : {"", "5", "5-", "-5", "9-5", "a-b", "0-1,5-6", "0%2D1x", "1-2-3"}) {
        const Answer answer = slice(bad);
        EXPECT_EQ(answer.status, 400) << bad;
        expect_plain_line(answer);
    }
    EXPECT_EQ(slice("100000-100001").status, 416);
    EXPECT_EQ(served.get("/piece/" + sample.v1 + "?slice=0-1&slice=0-2").status, 400);
}

}    // namespace
}    // namespace filfil::retrieval::samples
