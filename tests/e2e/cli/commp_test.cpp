// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/cpu_backend.hpp"
#include "support/said.hpp"
#include "support/temporary_folder.hpp"
#include "support/vectors.hpp"

#include <gtest/gtest.h>

namespace filfil::e2e {
namespace {

using Words = std::vector<std::string>;

void expect_vector(const nlohmann::ordered_json& object, const nlohmann::json& vector) {
    EXPECT_EQ(object["payload_size"], vector["len"]);
    EXPECT_EQ(object["padded_size"], vector["padded_size"]);
    EXPECT_EQ(object["piece_cid"], vector["piece_cid_v1"]);
    EXPECT_EQ(object["piece_cid_v2"], vector["piece_cid_v2"]);
}

TEST(CommpCommand, GivesEveryVectorUnderEveryInstructionSet) {
    const TemporaryFolder folder;
    const nlohmann::json vectors = commp_vectors()["vectors"];
    ASSERT_GT(vectors.size(), 40U);
    Words paths;
    for (const auto& vector : vectors)
        paths.push_back(folder.write(vector["name"].get<std::string>(), payload_of(vector)));
    for (const std::string& isa : commp::usable_isas()) {
        SCOPED_TRACE(isa);
        Words words{"commp", "--json", "--isa", isa};
        words.insert(words.end(), paths.begin(), paths.end());
        const Ended ended = run(words);
        EXPECT_EQ(ended.code, 0) << ended.err;
        EXPECT_EQ(ended.err, "");
        const auto objects = objects_of(ended);
        ASSERT_EQ(objects.size(), vectors.size());
        for (std::size_t i = 0; i < objects.size(); ++i) {
            SCOPED_TRACE(vectors[i]["name"]);
            expect_vector(objects[i], vectors[i]);
            EXPECT_EQ(objects[i]["path"], paths[i]);
            EXPECT_EQ(objects[i]["device"], "cpu:" + isa);
        }
    }
}

TEST(CommpCommand, ReadsAPipeARedirectedFileAndAPathAlike) {
    const TemporaryFolder folder;
    const auto vectors = commp_vectors();
    for (const auto& vector : vectors["vectors"]) {
        if (vector["len"].get<std::size_t>() > 2'000'000) continue;
        SCOPED_TRACE(vector["name"]);
        const std::string payload = payload_of(vector);
        Process::Options redirected;
        redirected.input_file = folder.write("payload", payload);
        const auto piped = object_of(run({"commp", "--json", "-"}, payload));
        expect_vector(piped, vector);
        EXPECT_EQ(piped["path"], "-");
        expect_vector(object_of(run({"commp", "--json", "-"}, redirected)), vector);
        expect_vector(object_of(run({"commp", "--json", "--threads", "3", redirected.input_file})), vector);
    }
}

TEST(CommpCommand, PadsUpToALargerPiece) {
    const TemporaryFolder folder;
    const auto vectors = commp_vectors();
    for (const auto& vector : vectors["vectors"]) {
        if (!vector.contains("pad_to") || vector["len"].get<std::size_t>() > 2'000'000) continue;
        SCOPED_TRACE(vector["name"]);
        const std::string path = folder.write("payload", payload_of(vector));
        const auto object = object_of(run({"commp", "--json", path, "--pad-to", vector["pad_to"].dump()}));
        EXPECT_EQ(object["piece_cid"], vector["padded_piece_cid_v1"]);
        EXPECT_EQ(object["padded_size"], vector["pad_to"]);
        EXPECT_EQ(object["payload_size"], vector["len"]);
    }
}

TEST(CommpCommand, HasExactlyItsFields) {
    const TemporaryFolder folder;
    const std::string path = folder.write("payload", vector_payload(1000));
    const Words fields{"path",         "payload_size", "padded_size", "piece_cid",
                       "piece_cid_v2", "device",       "seconds",     "payload_gib_per_s"};
    EXPECT_EQ(keys_of(object_of(run({"commp", "--json", path}))), fields);

    const auto object = object_of(run({"--json", "commp", "--sha256", path}));
    Words with_sha256 = fields;
    with_sha256.emplace_back("sha256");
    EXPECT_EQ(keys_of(object), with_sha256);
    EXPECT_EQ(object["sha256"], to_hex(ipld::sha2_256(bytes_of(vector_payload(1000)))));
    EXPECT_TRUE(object["seconds"].is_number());
    EXPECT_TRUE(object["payload_gib_per_s"].is_number());
}

TEST(CommpCommand, TellsPeopleBothCidsAndSizes) {
    const TemporaryFolder folder;
    const std::string path = folder.write("payload", vector_payload(1024));
    const Ended ended = run({"commp", path, "--sha256"});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(ended.err, "");
    const auto vectors = commp_vectors()["vectors"];
    const auto vector = std::ranges::find_if(vectors, [](const auto& v) { return v["name"] == "stream-1024"; });
    ASSERT_NE(vector, vectors.end());
    for (const std::string& part :
         {path, (*vector)["piece_cid_v1"].get<std::string>(), (*vector)["piece_cid_v2"].get<std::string>(),
          std::string("1,024 bytes (1KiB)"), std::string("2,048 bytes (2KiB)"), std::string("cpu:"),
          to_hex(ipld::sha2_256(bytes_of(vector_payload(1024))))})
        EXPECT_NE(ended.out.find(part), std::string::npos) << part << "\n" << ended.out;
}

TEST(CommpCommand, RefusesAPayloadBelow65BytesUnlessAllowed) {
    const TemporaryFolder folder;
    const std::string small = folder.write("small", std::string(64, 'x'));
    const std::string empty = folder.write("empty", "");
    expect_refusal(run({"commp", small}), "64 bytes", "--allow-small");
    expect_refusal(run({"commp", empty}), "empty", "--allow-small");
    expect_refusal(run({"commp", "-"}, std::string(64, 'x')), "standard input", "--allow-small");
    expect_refusal(run({"commp", "-"}), "standard input", "--allow-small");
    EXPECT_EQ(run({"commp", folder.write("enough", std::string(65, 'x'))}).code, 0);

    // A small payload is the piece of the same bytes with zeros behind them, and only version 2 tells them apart.
    const auto padded = object_of(run({"commp", "--json", "-"}, std::string(64, 'x') + std::string(63, '\0')));
    const auto object = object_of(run({"commp", "--json", "--allow-small", small}));
    EXPECT_EQ(object["piece_cid"], padded["piece_cid"]);
    EXPECT_NE(object["piece_cid_v2"], padded["piece_cid_v2"]);
    EXPECT_EQ(object["payload_size"], 64);
    EXPECT_EQ(object["padded_size"], 128);
    const auto nothing = object_of(run({"commp", "--json", "--allow-small", "-"}));
    EXPECT_EQ(nothing["payload_size"], 0);
    EXPECT_EQ(nothing["padded_size"], 128);
}

TEST(CommpCommand, RefusesPaddingThatIsNone) {
    const TemporaryFolder folder;
    const std::string path = folder.write("payload", std::string(1000, 'x'));
    for (const char* size : {"100", "1000", "127", "3GiB", "0", "64", "9223372036854775808"})
        expect_refusal(run({"commp", path, "--pad-to", size}), "--pad-to: ", "such as 1MiB");
    expect_refusal(run({"commp", path, "--pad-to", "big"}), "--pad-to: size 'big'", "32GiB");
    expect_refusal(run({"commp", path, "--pad-to", "512"}), "make a piece of 1KiB", "--pad-to 1KiB");
    expect_refusal(run({"commp", "-", "--pad-to", "512"}, std::string(1000, 'x')), "make a piece of 1KiB",
                   "--pad-to 1KiB");
    EXPECT_EQ(run({"commp", path, "--pad-to", "1KiB"}).code, 0);
}

TEST(CommpCommand, RefusesWhatCannotBeRead) {
    const TemporaryFolder folder;
    expect_refusal(run({"commp", folder.path("missing")}), "missing: cannot open", "check the path");
    expect_refusal(run({"commp", folder.path()}), "is a folder", "--batch");
    const std::string path = folder.write("payload", std::string(100, 'x'));
    expect_refusal(run({"commp", path + "/below"}), "payload/below: cannot open", "check the path");
    expect_refusal(run({"commp", "-", "-"}), "'-' was given more than once", "once");
    EXPECT_EQ(folder.list(), Words{"payload"});
}

TEST(CommpCommand, GoesOnAfterAPathThatFails) {
    const TemporaryFolder folder;
    const std::string first = folder.write("first", std::string(100, 'x'));
    const std::string last = folder.write("last", std::string(100, 'x'));
    const Ended people = run({"commp", first, folder.path("missing"), last});
    EXPECT_EQ(people.code, 2);
    EXPECT_NE(people.out.find(first), std::string::npos);
    EXPECT_NE(people.out.find(last), std::string::npos);
    EXPECT_NE(people.err.find("missing: cannot open"), std::string::npos);

    const Ended ended = run({"commp", "--json", first, folder.path("missing"), last});
    EXPECT_EQ(ended.code, 2);
    const auto objects = objects_of(ended);
    ASSERT_EQ(objects.size(), 3U);
    EXPECT_EQ(keys_of(objects[1]), (Words{"path", "error"}));
    EXPECT_EQ(objects[1]["path"], folder.path("missing"));
    EXPECT_EQ(objects[1]["error"]["code"], "not_found");
    EXPECT_EQ(objects[2]["piece_cid"], objects[0]["piece_cid"]);
}

TEST(CommpCommand, HashesACompressedFileAsItIsAndSaysSo) {
    const TemporaryFolder folder;
    const std::string path = folder.write("deal.car.zst", "\x28\xb5\x2f\xfd" + std::string(100, 'x'));
    const Ended ended = run({"commp", "--json", path});
    EXPECT_EQ(ended.code, 0);
    EXPECT_EQ(object_of(ended)["payload_size"], 104);
    EXPECT_NE(ended.err.find("pieces are never compressed"), std::string::npos) << ended.err;
}

}    // namespace
}    // namespace filfil::e2e
