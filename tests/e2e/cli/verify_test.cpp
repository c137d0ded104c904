// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/cars.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

/// Piece CIDs of some bytes.
struct Cids {
    std::string v1;
    std::string v2;

    explicit Cids(const std::string& payload, const Words& options = {}) {
        Words words{"commp", "--json", "-"};
        words.insert(words.end(), options.begin(), options.end());
        const auto object = object_of(run(words, payload));
        v1 = object["piece_cid"].get<std::string>();
        v2 = object["piece_cid_v2"].get<std::string>();
    }
};

class VerifyCommand : public testing::Test {
protected:
    /// Verifies `bytes` as a file and expects a difference whose diagnosis starts with `kind`.
    void expect_difference(const std::string& bytes, const std::string& cid, const std::string& kind,
                           const std::string& part, const Words& options = {}) {
        Words words{"verify", "--json", m_folder.write("file", bytes), "--piece-cid", cid};
        words.insert(words.end(), options.begin(), options.end());
        const Ended ended = run(words);
        EXPECT_EQ(ended.code, 1) << ended.err;
        EXPECT_EQ(ended.err, "");
        const auto object = object_of(ended);
        EXPECT_EQ(object["match"], false);
        EXPECT_EQ(object["expected"], cid);
        const auto diagnosis = object["diagnosis"].get<std::string>();
        EXPECT_TRUE(diagnosis.starts_with(kind + ": ")) << diagnosis;
        EXPECT_NE(diagnosis.find(part), std::string::npos) << diagnosis;
    }

    /// What `verify` of these bytes gives with --json.
    Ended verify(const std::string& bytes, const std::string& cid, const Words& options = {}) {
        Words words{"verify", "--json", m_folder.write("file", bytes), "--piece-cid", cid};
        words.insert(words.end(), options.begin(), options.end());
        return run(words);
    }

    const std::string m_car = small_car(100);
    const Cids m_cids{m_car};
    TemporaryFolder m_folder;
};

TEST_F(VerifyCommand, SaysTheSameForEitherVersion) {
    for (const std::string& cid : {m_cids.v1, m_cids.v2}) {
        const Ended ended = verify(m_car, cid);
        EXPECT_EQ(ended.code, 0) << ended.err;
        const auto object = object_of(ended);
        EXPECT_EQ(keys_of(object),
                  (Words{"path", "payload_size", "padded_size", "piece_cid", "piece_cid_v2", "device", "seconds",
                         "payload_gib_per_s", "expected", "match", "diagnosis", "blocks_verified"}));
        EXPECT_EQ(object["match"], true);
        EXPECT_EQ(object["expected"], cid);
        EXPECT_EQ(object["piece_cid"], m_cids.v1);
        EXPECT_EQ(object["piece_cid_v2"], m_cids.v2);
        EXPECT_TRUE(object["diagnosis"].is_null());
        EXPECT_TRUE(object["blocks_verified"].is_null());
        EXPECT_EQ(run({"verify", "-", "--piece-cid", cid}, m_car).code, 0);
    }
}

TEST_F(VerifyCommand, MatchesAVersion1CidAtAnyLargerPadding) {
    const Cids padded(m_car, {"--pad-to", "32GiB"});
    ASSERT_NE(padded.v1, m_cids.v1);
    for (const std::string& cid : {padded.v1, padded.v2}) {
        const Ended ended = verify(m_car, cid);
        EXPECT_EQ(ended.code, 0) << ended.err;
        const auto object = object_of(ended);
        EXPECT_EQ(object["padded_size"], std::uint64_t{32} << 30);
        EXPECT_EQ(object["piece_cid"], padded.v1);
        EXPECT_EQ(object["piece_cid_v2"], padded.v2);
    }
    const Ended people = run({"verify", m_folder.write("file", m_car), "--piece-cid", padded.v1});
    EXPECT_EQ(people.code, 0);
    EXPECT_NE(people.out.find("SAME piece"), std::string::npos);
    EXPECT_NE(people.out.find("32GiB"), std::string::npos);
}

TEST_F(VerifyCommand, NamesATruncatedFile) {
    const std::string cut = m_car.substr(0, m_car.size() - 50);
    expect_difference(cut, m_cids.v1, "truncated", "section 99 announces");
    expect_difference(cut, m_cids.v2, "truncated", "50 bytes are missing");
    const Ended piped = run({"verify", "--json", "-", "--piece-cid", m_cids.v2}, cut);
    EXPECT_EQ(piped.code, 1);
    EXPECT_TRUE(object_of(piped)["diagnosis"].get<std::string>().starts_with("truncated: "));
}

TEST_F(VerifyCommand, NamesTrailingBytes) {
    expect_difference(m_car + "hello", m_cids.v1, "trailing bytes", "5 bytes follow");
    expect_difference(m_car + "hello", m_cids.v2, "trailing bytes", "5 bytes follow");
    const std::string payload = vector_payload(5000);
    expect_difference(payload + "x", Cids(payload).v2, "trailing bytes", "1 byte follow");
}

TEST_F(VerifyCommand, NamesZerosAtTheEnd) {
    const std::string padded = m_car + std::string(2 * m_car.size(), '\0');
    expect_difference(padded, m_cids.v1, "zero padding", "without them it is the piece");
    expect_difference(padded, m_cids.v2, "zero padding", "of zeros follow");
    expect_difference(m_car + std::string(1, '\0'), m_cids.v2, "zero padding", "followed by 1 byte of zeros");
    expect_difference(m_car, Cids(m_car + std::string(10, '\0')).v2, "zero padding", "lacks 10 bytes of zeros");
    // The same piece as far as version 1 goes.
    EXPECT_EQ(verify(m_car + std::string(10, '\0'), m_cids.v1).code, 0);
}

TEST_F(VerifyCommand, NamesAnotherPadding) {
    // The root of one padded size under the height of another: what a tool makes that mixes the two up.
    const auto vectors = commp_vectors()["vectors"];
    const auto vector = std::ranges::find_if(vectors, [](const auto& v) { return v["name"] == "stream-1024"; });
    const auto larger = object_of(
        run({"piece-cid", "--json", (*vector)["padded_piece_cid_v1"].get<std::string>(), "--payload-size", "1024"}));
    expect_difference(payload_of(*vector), larger["piece_cid_v2"].get<std::string>(), "other padding", "16KiB");
}

TEST_F(VerifyCommand, NamesACompressedFile) {
    for (const std::string& cid : {m_cids.v1, m_cids.v2})
        expect_difference(zstd_frame(m_car), cid, "compressed", "inside, which match");
    expect_difference(zstd_frame(vector_payload(1000)), m_cids.v1, "different content",
                      "what is inside is not the piece");
    const std::string frame = zstd_frame(vector_payload(1000));
    expect_difference(frame, Cids(vector_payload(frame.size())).v2, "different content",
                      "as many of them; the file is zstd-compressed");
    std::string broken = zstd_frame(m_car);
    broken.resize(broken.size() / 2);
    expect_difference(broken, m_cids.v1, "compressed", "cannot be decompressed");
    EXPECT_EQ(verify(zstd_frame(m_car), Cids(zstd_frame(m_car)).v1).code, 0);
}

TEST_F(VerifyCommand, NamesTheCarInside) {
    for (const std::string& cid : {m_cids.v1, m_cids.v2})
        expect_difference(wrapped_car(m_car), cid, "CARv1 inside", "from byte 51");
}

TEST_F(VerifyCommand, NamesWhatIsNoCar) {
    expect_difference(vector_payload(5000), m_cids.v1, "not a CAR", "");
    expect_difference(std::string(10, 'x'), m_cids.v1, "not a CAR", "");
}

TEST_F(VerifyCommand, FallsBackToDifferentContent) {
    expect_difference(small_car(101), m_cids.v1, "different content", "whole CAR whose blocks are right");
    // One block more: version 2 says where the piece ends.
    expect_difference(small_car(101), m_cids.v2, "trailing bytes", "that do not belong to it");
    const Ended piped = run({"verify", "--json", "-", "--piece-cid", m_cids.v1}, small_car(101));
    EXPECT_EQ(piped.code, 1);
    EXPECT_NE(object_of(piped)["diagnosis"].get<std::string>().find("cannot be read twice"), std::string::npos);
}

TEST_F(VerifyCommand, ReHashesBlocksOnRequest) {
    const Ended ended = verify(m_car, m_cids.v1, {"--car"});
    EXPECT_EQ(ended.code, 0) << ended.err;
    EXPECT_EQ(object_of(ended)["blocks_verified"], 100);

    std::string damaged = m_car;
    damaged[m_car.size() / 2] ^= 1;
    expect_difference(damaged, m_cids.v1, "bad blocks", "1 of 100 blocks", {"--car"});
    expect_difference(damaged, m_cids.v2, "bad blocks", "1 of 100 blocks");
    expect_difference(zstd_frame(damaged), m_cids.v1, "bad blocks", "1 of 100 blocks");
    EXPECT_EQ(object_of(verify(damaged, m_cids.v1, {"--car"}))["blocks_verified"], 99);

    // The right piece can still be a broken CAR: it was made so.
    const Ended right = verify(damaged, Cids(damaged).v1, {"--car"});
    EXPECT_EQ(right.code, 1);
    EXPECT_EQ(object_of(right)["match"], true);
    EXPECT_TRUE(object_of(right)["diagnosis"].get<std::string>().starts_with("bad blocks: "));
    const std::string payload = vector_payload(1000);
    const Ended no_car = verify(payload, Cids(payload).v1, {"--car"});
    EXPECT_EQ(no_car.code, 1);
    EXPECT_EQ(object_of(no_car)["match"], true);
    EXPECT_TRUE(object_of(no_car)["diagnosis"].get<std::string>().starts_with("not a CAR: "));

    const Ended people = run({"verify", m_folder.write("file", damaged), "--piece-cid", m_cids.v1, "--car"});
    EXPECT_EQ(people.code, 1);
    EXPECT_NE(people.out.find("DIFFERENT piece"), std::string::npos);
    EXPECT_NE(people.out.find("99 of 100 re-hashed and right"), std::string::npos) << people.out;
    EXPECT_NE(people.out.find("bad block "), std::string::npos) << people.out;
}

TEST_F(VerifyCommand, RefusesWhatIsNoQuestion) {
    const std::string path = m_folder.write("file", m_car);
    const std::string first = "block 0" + std::string(200, 'a');
    const std::string root = ipld::cid_of_block(ipld::Codec::raw, bytes_of(first)).text();
    expect_refusal(run({"verify", path, "--piece-cid", root}), "the root of this very CAR", "baga6ea4seaq");
    expect_refusal(run({"verify", path, "--piece-cid", "hello"}), "--piece-cid: 'hello' is no CID", "give a CID");
    expect_refusal(run({"verify", path, "--piece-cid", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWvFKPZ"}),
                   "is no piece CID", "baga6ea4seaq");
    expect_refusal(run({"verify", m_folder.path("missing"), "--piece-cid", m_cids.v1}), "cannot open", "path");
    expect_refusal(run({"verify", m_folder.path(), "--piece-cid", m_cids.v1}), "is a folder", "");
    expect_refusal(run({"verify", "-", "--car", "--piece-cid", m_cids.v1}, m_car), "second time", "store it as a file");
    EXPECT_EQ(m_folder.list(), Words{"file"});
}

}    // namespace
}    // namespace filfil::e2e
