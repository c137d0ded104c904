// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "support/said.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

const char* const v1_of_65 = "baga6ea4seaqaa5sxt7x2geivky67cd6exs5mehrvlgl4bbx4p57mo6ccwnor2ja";
const char* const v2_of_65 = "bafkzcibchybaa5sxt7x2geivky67cd6exs5mehrvlgl4bbx4p57mo6ccwnor2ja";

TEST(PieceCidCommand, ConvertsBothWays) {
    const auto vectors = commp_vectors();
    for (const auto& vector : vectors["vectors"]) {
        SCOPED_TRACE(vector["name"]);
        const nlohmann::ordered_json expected = {{"piece_cid", vector["piece_cid_v1"]},
                                                 {"piece_cid_v2", vector["piece_cid_v2"]},
                                                 {"payload_size", vector["len"]},
                                                 {"padded_size", vector["padded_size"]},
                                                 {"height", nullptr},
                                                 {"root", vector["commp_hex"]}};
        auto from_v2 = object_of(run({"piece-cid", "--json", vector["piece_cid_v2"].get<std::string>()}));
        auto from_v1 = object_of(run({"piece-cid", "--json", vector["piece_cid_v1"].get<std::string>(),
                                      "--payload-size", vector["len"].dump()}));
        EXPECT_EQ(from_v1, from_v2);
        EXPECT_EQ(std::uint64_t{32} << from_v2["height"].get<unsigned>(), vector["padded_size"].get<std::uint64_t>());
        from_v2["height"] = nullptr;
        EXPECT_EQ(from_v2.dump(), expected.dump());
    }
}

TEST(PieceCidCommand, LeavesOpenWhatAVersion1CidDoesNotSay) {
    const auto object = object_of(run({"piece-cid", "--json", v1_of_65}));
    EXPECT_EQ(keys_of(object), (Words{"piece_cid", "piece_cid_v2", "payload_size", "padded_size", "height", "root"}));
    EXPECT_EQ(object["piece_cid"], v1_of_65);
    for (const char* unknown : {"piece_cid_v2", "payload_size", "padded_size", "height"})
        EXPECT_TRUE(object[unknown].is_null()) << unknown;
    const Ended people = run({"piece-cid", v1_of_65});
    EXPECT_EQ(people.code, 0);
    EXPECT_NE(people.out.find("--payload-size"), std::string::npos) << people.out;
}

TEST(PieceCidCommand, KeepsTheSizesThatAVersion2CidSays) {
    EXPECT_EQ(run({"piece-cid", v2_of_65, "--payload-size", "65"}).code, 0);
    expect_refusal(run({"piece-cid", v2_of_65, "--payload-size", "66"}), "66 bytes contradict the CID, which says 65",
                   "leave --payload-size out");
    expect_refusal(run({"piece-cid", v1_of_65, "--payload-size", "lots"}), "--payload-size: size 'lots'", "number");
    expect_refusal(run({"piece-cid", v1_of_65, "--payload-size", "16000000TiB"}), "--payload-size", "");
}

TEST(PieceCidCommand, ExplainsWhatIsNoPieceCid) {
    expect_refusal(run({"piece-cid", "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWvFKPZ"}), "names a file or folder",
                   "baga6ea4seaq");
    expect_refusal(run({"piece-cid", "bafy2bzacecnamqgqmifpluoeldx7zzglxcljo6oja4vrmtj7432rphldpdmm2"}),
                   "names a DAG-CBOR block", "baga6ea4seaq");
    expect_refusal(run({"piece-cid", "bagboea4b5abcb"}), "is no CID", "give a CID");
    expect_refusal(run({"piece-cid", "hello"}), "'hello' is no CID", "give a CID");
    expect_refusal(run({"piece-cid", ""}), "is no CID", "give a CID");
    expect_refusal(run({"piece-cid", std::string(v1_of_65).substr(0, 40)}), "is no CID", "give a CID");
    expect_refusal(run({"piece-cid", "b" + std::string(100'000, 'a')}), "is no CID", "give a CID");
}

}    // namespace
}    // namespace filfil::e2e
