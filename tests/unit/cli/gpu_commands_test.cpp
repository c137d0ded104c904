// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "../commp/payloads.hpp"
#include "commp/kernel.hpp"
#include "gpu_machine.hpp"
#include "random_chain.hpp"
#include "reference_walk.hpp"

#include <atomic>
#include <fstream>

namespace filfil::cli {
namespace {

using nlohmann::json;
using test::Call;
using test::Fault;

/// A payload of tests/vectors in a file, and its commitment.
struct Known {
    std::string path;
    std::string piece_cid;
    std::string piece_cid_v2;
};

class GpuCommandsTest : public GpuMachine {
protected:
    void SetUp() override { make({test::small_card(0), test::small_card(1)}); }

    Known put(std::size_t size) {
        std::ifstream file(FILFIL_SOURCE_DIR "/tests/vectors/commp.json");
        const json known = json::parse(file);
        for (const json& vector : known.at("vectors")) {
            if (vector.at("gen") != "sha256ctr" || vector.at("len") != size) continue;
            return {m_folder.put("payload." + std::to_string(size), chars_of(test::vector_payload(size))),
                    vector.at("piece_cid_v1"), vector.at("piece_cid_v2")};
        }
        ADD_FAILURE() << "no vector of " << size << " bytes";
        return {};
    }

    static void expect_piece(const json& object, const Known& known, const std::string& device) {
        EXPECT_EQ(object.at("piece_cid"), known.piece_cid);
        EXPECT_EQ(object.at("piece_cid_v2"), known.piece_cid_v2);
        EXPECT_EQ(object.at("device"), device);
    }

    /// Two buffers of the small card (4,161,536 bytes each) and a bit more: three submissions.
    static constexpr std::size_t three_buffers = 8388608;

    const std::string m_then_cpu = "+cpu:" + cpu_name();

private:
    static std::string cpu_name() {
        const SystemClock clock;
        return std::string(commp::choose_kernel("", clock)->kernel->name);
    }
};

TEST_F(GpuCommandsTest, CommpHashesOnTheCardAndSaysSo) {
    const Known known = put(three_buffers);
    const Said said = run({"commp", "--json", "--device", "cuda:0", known.path});
    EXPECT_EQ(said.code, 0);
    EXPECT_EQ(said.err, std::vector<std::string>{});
    ASSERT_EQ(said.objects.size(), 1U);
    expect_piece(said.objects[0], known, "cuda:0");
    EXPECT_EQ(m_machine->calls(Call::open_queue, 1), 0U) << "nobody asked for the other";
}

TEST_F(GpuCommandsTest, CommpHashesOnAllCardsTogether) {
    const Known known = put(three_buffers);
    const Said said = run({"commp", "--json", "--device", "cuda", known.path});
    EXPECT_EQ(said.code, 0);
    ASSERT_EQ(said.objects.size(), 1U);
    expect_piece(said.objects[0], known, "cuda:0,1");
}

TEST_F(GpuCommandsTest, AFileOfABitOrAQuadIsHashedOnTheCard) {
    for (const std::size_t size : {65U, 127U, 128U, 1016U, 65024U}) {
        const Known known = put(size);
        const Said said = run({"commp", "--json", "--device", "cuda:1", known.path});
        ASSERT_EQ(said.objects.size(), 1U);
        expect_piece(said.objects[0], known, "cuda:1");
    }
}

TEST_F(GpuCommandsTest, ACardThatIsLostMidwayIsALineAndTheCpuGoesOn) {
    const Known known = put(three_buffers);
    for (const Fault fault : {Fault::device_lost, Fault::hang, Fault::launch_failure}) {
        make({test::small_card(0)});
        tried_machine().inject({.fault = fault, .n = 1, .call = Call::wait});
        const Said said = run({"commp", "--json", "--device", "cuda:0", known.path});
        EXPECT_EQ(said.code, 0) << name_of(fault);
        ASSERT_EQ(said.objects.size(), 1U);
        expect_piece(said.objects[0], known, "cuda:0" + m_then_cpu);
        ASSERT_EQ(said.err.size(), 1U) << name_of(fault);
        EXPECT_TRUE(said.err[0].starts_with("fil-fil: note: cuda:0: ")) << said.err[0];
        EXPECT_TRUE(
            said.err[0].ends_with(" it is not used any more, and the work goes on with " + m_then_cpu.substr(1)))
            << said.err[0];
        TearDown();
    }
}

TEST_F(GpuCommandsTest, ACardThatIsLostLeavesTheWorkToTheOther) {
    const Known known = put(three_buffers);
    tried_machine().inject({.fault = Fault::device_lost, .n = 0, .call = Call::copy_out, .card = 0});
    const Said said = run({"commp", "--json", "--device", "cuda", known.path});
    EXPECT_EQ(said.code, 0);
    ASSERT_EQ(said.objects.size(), 1U);
    expect_piece(said.objects[0], known, "cuda:0,1");
    ASSERT_EQ(said.err.size(), 1U);
    EXPECT_TRUE(said.err[0].ends_with(", and the work goes on with cuda:1")) << said.err[0];
}

TEST_F(GpuCommandsTest, WithParanoidAWrongNodeIsFoundAndTheFileHashedAgain) {
    const Known known = put(three_buffers);
    for (const bool paranoid : {true, false}) {
        make({test::small_card(0)});
        tried_machine().inject({.fault = Fault::wrong_from_now});
        std::vector<std::string> words{"commp", "--json", "--device", "cuda:0", known.path};
        if (paranoid) words.emplace_back("--paranoid");
        const Said said = run(words);
        EXPECT_EQ(said.code, 0);
        ASSERT_EQ(said.objects.size(), 1U);
        if (paranoid) {
            expect_piece(said.objects[0], known, "cuda:0" + m_then_cpu);
            ASSERT_EQ(said.err.size(), 1U);
            EXPECT_NE(said.err[0].find("cuda:0: computed a wrong node"), std::string::npos) << said.err[0];
        } else {
            // A card that errs in silence: what --paranoid is for.
            EXPECT_NE(said.objects[0].at("piece_cid"), known.piece_cid);
            EXPECT_EQ(said.err, std::vector<std::string>{});
        }
        TearDown();
    }
}

TEST_F(GpuCommandsTest, PieceCidsThatWereOutBeforeACardErredAreCalledDoubtful) {
    const Known first = put(65024);
    const Known second = put(three_buffers);
    make({test::small_card(0)});
    // A lane's first submission is checked. The first file takes one lane, the second the others, too.
    tried_machine().inject({.fault = Fault::wrong_from_now, .n = 1, .call = Call::wait});
    const Said said =
        run({"commp", "--json", "--paranoid", "--threads", "1", "--device", "cuda:0", first.path, second.path});
    EXPECT_EQ(said.code, 2);
    ASSERT_EQ(said.objects.size(), 3U) << said.out;
    expect_piece(said.objects[0], first, "cuda:0");
    expect_piece(said.objects[1], second, "cuda:0" + m_then_cpu);
    EXPECT_EQ(said.objects[2].at("error").at("code"), "device");
    EXPECT_NE(said.objects[2].at("error").at("message").get<std::string>().find("first 1 of the piece CIDs"),
              std::string::npos)
        << said.out;
}

TEST_F(GpuCommandsTest, ACardThatThereIsNotIsOneSentence) {
    const Known known = put(65);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"commp", known.path},
                                                  {"batch", m_folder.path()},
                                                  {"verify", known.path, "--piece-cid", known.piece_cid}}) {
        std::vector<std::string> all = words;
        all.insert(all.end(), {"--device", "cuda:7"});
        const Said said = run(all);
        EXPECT_EQ(said.code, 2);
        EXPECT_EQ(said.out, "");
        ASSERT_EQ(said.err.size(), 2U);
        EXPECT_EQ(said.err[0], "fil-fil: there is no card cuda:7; this machine shows cuda:0, cuda:1");
        EXPECT_TRUE(said.err[1].starts_with("  -> ")) << said.err[1];
    }
}

TEST_F(GpuCommandsTest, ABrokenCardThatWasNamedIsOneSentence) {
    test::FakeCard broken = test::small_card(0);
    broken.broken = gpu::TileVariant::fma_rotates;
    make({broken});
    const Known known = put(65);
    const Said said = run({"commp", "--device", "cuda:0", known.path});
    EXPECT_EQ(said.code, 2);
    EXPECT_EQ(said.out, "");
    ASSERT_EQ(said.err.size(), 2U);
    EXPECT_EQ(said.err[0], "fil-fil: cuda:0: failed its self-test, its results would be wrong (kernel 'fma-rotates')");
}

TEST_F(GpuCommandsTest, BatchPacksSmallFilesAndHashesLargeOnes) {
    std::map<std::string, Known> all;
    for (const std::size_t size : {65U, 127U, 128U, 1016U, 65024U, 1048576U, 4161536U, 8388608U}) {
        const Known known = put(size);
        all[known.path] = known;
    }
    for (const bool loses : {false, true}) {
        make({test::small_card(0)});
        if (loses) tried_machine().inject({.fault = Fault::device_lost, .n = 2, .call = Call::copy_in});
        const Said said = run({"batch", "--json", "--device", "cuda", m_folder.path()});
        EXPECT_EQ(said.code, 0);
        ASSERT_EQ(said.objects.size(), all.size()) << said.out;
        std::set<std::string> devices;
        for (const json& receipt : said.objects) {
            const Known& known = all.at(receipt.at("path"));
            EXPECT_EQ(receipt.at("status"), "ok");
            expect_piece(receipt, known, receipt.at("device"));
            devices.insert(receipt.at("device").get<std::string>());
        }
        EXPECT_TRUE(devices.contains(loses ? "cuda:0" + m_then_cpu : "cuda:0"));
        ASSERT_EQ(said.err.size(), loses ? 2U : 1U);
        EXPECT_TRUE(said.err.back().starts_with("fil-fil: 8 ok, 0 failed, 0 skipped")) << said.err.back();
        TearDown();
    }
}

TEST_F(GpuCommandsTest, VerifyAnswersYesAndNoFromTheCard) {
    const Known known = put(three_buffers);
    const Known other = put(65024);
    const Said yes = run({"verify", "--json", "--device", "cuda:0", known.path, "--piece-cid", known.piece_cid});
    EXPECT_EQ(yes.code, 0);
    ASSERT_EQ(yes.objects.size(), 1U);
    EXPECT_EQ(yes.objects[0].at("match"), true);
    EXPECT_EQ(yes.objects[0].at("device"), "cuda:0");
    const Said no = run({"verify", "--json", "--device", "cuda:0", known.path, "--piece-cid", other.piece_cid});
    EXPECT_EQ(no.code, 1);
    ASSERT_EQ(no.objects.size(), 1U);
    EXPECT_EQ(no.objects[0].at("match"), false);
    EXPECT_EQ(no.objects[0].at("piece_cid"), known.piece_cid);
}

TEST_F(GpuCommandsTest, ABatchInWhichACardErredIsRightAndCalledDoubtful) {
    std::map<std::string, Known> all;
    for (const std::size_t size : {65U, 1016U, 65024U, 8388608U}) {
        const Known known = put(size);
        all[known.path] = known;
    }
    make({test::small_card(0)});
    tried_machine().inject({.fault = Fault::wrong_from_now});
    const Said said = run({"batch", "--json", "--paranoid", "--device", "cuda:0", m_folder.path()});
    EXPECT_EQ(said.code, 2);
    ASSERT_EQ(said.objects.size(), all.size() + 1) << said.out;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const json& receipt = said.objects[i];
        expect_piece(receipt, all.at(receipt.at("path")), "cuda:0" + m_then_cpu);
    }
    EXPECT_NE(said.objects.back().at("error").at("message").get<std::string>().find("may be wrong"), std::string::npos);
    // Of the card, the error with what to do, and what every batch ends with.
    ASSERT_EQ(said.err.size(), 4U);
    EXPECT_NE(said.err[0].find("cuda:0: computed a wrong node"), std::string::npos) << said.err[0];
}

/// A chain in a CAR, and the pieces that commands name.
class GpuPiecesTest : public GpuCommandsTest {
protected:
    void SetUp() override {
        GpuCommandsTest::SetUp();
        const reference::RandomChain chain = reference::random_chain(5, {.tipsets = 200});
        std::vector<ipld::Cid> order;
        for (const auto& [cid, data] : chain.blocks) order.push_back(cid);
        m_store =
            m_folder.put("store.car", chars_of(reference::car_bytes(chain.blocks, chain.tipsets.back().key, order)));
    }

    [[nodiscard]] std::vector<std::string> take(const std::string& piece_size) const {
        return {"snapshot", "export",       "--from",   m_store,    "--recent-stateroots",
                "1000",     "--piece-size", piece_size, "--no-file"};
    }

    json pieces(std::vector<std::string> words, const std::string& device) {
        words.insert(words.end(), {"--json", "--device", device});
        m_said = run(words);
        EXPECT_EQ(m_said.code, 0);
        return m_said.objects.size() == 1 ? m_said.objects[0].at("pieces") : json();
    }

    std::string m_store;
    Said m_said;
};

TEST_F(GpuPiecesTest, OfASnapshotAreThoseOfTheCpu) {
    const json on_cpu = pieces(take("64KiB"), "cpu");
    ASSERT_GE(on_cpu.size(), 2U);
    EXPECT_EQ(pieces(take("64KiB"), "cuda"), on_cpu);
    EXPECT_GT(m_machine->calls(Call::wait), 0U);
}

TEST_F(GpuPiecesTest, OfASplitAreThoseOfTheCpu) {
    const std::vector<std::string> split{"car", "split", m_store, "--piece-size", "64KiB", "-o", m_folder / "pieces"};
    const json on_cpu = pieces(split, "cpu");
    ASSERT_GE(on_cpu.size(), 2U);
    EXPECT_EQ(pieces(split, "cuda:1"), on_cpu);
    EXPECT_GT(m_machine->calls(Call::wait, 1), 0U);
}

TEST_F(GpuPiecesTest, OfASnapshotAreRightIfACardIsLost) {
    const json on_cpu = pieces(take("64KiB"), "cpu");
    make({test::small_card(0)});
    tried_machine().inject({.fault = Fault::hang, .n = 1, .call = Call::copy_out});
    EXPECT_EQ(pieces(take("64KiB"), "cuda"), on_cpu);
    EXPECT_EQ(m_machine->failed_cards(), std::set<unsigned>{0});
    EXPECT_EQ(m_said.err.size(), 1U);
}

TEST_F(GpuPiecesTest, OfASnapshotAreHashedAgainIfACardErredBeforeItWasFound) {
    const json on_cpu = pieces(take("32KiB"), "cpu");
    ASSERT_GT(on_cpu.size(), 17U);
    make({test::small_card(0)});
    test::FakeMachine& machine = tried_machine();
    // Somebody else takes the card's memory after its trial, all but a lane's.
    const auto runtime = machine.runtime();
    auto other = runtime->open_queue(0);
    ASSERT_TRUE(other.ok());
    const gpu::LaneShape shape{1U << 15, 17};
    ASSERT_TRUE((*other)->allocate(*runtime->free_memory(0) - shape.card_bytes()).ok());
    // A submission a piece, of which the lane's first and its 17th are checked. The card errs from the fourth on.
    machine.inject({.fault = Fault::wrong_from_now, .n = 3, .call = Call::wait});
    std::vector<std::string> words = take("32KiB");
    words.emplace_back("--paranoid");
    EXPECT_EQ(pieces(words, "cuda"), on_cpu);
    EXPECT_EQ(machine.flips(), 14U) << "13 pieces that were wrong and not checked, and the one that was";
    EXPECT_EQ(m_said.err.size(), 1U);
    other->reset();
}

/// A backend that finds out that it was wrong when it has taken so many submissions.
class Revoking final : public commp::Backend {
public:
    Revoking(std::unique_ptr<commp::Backend> backend, int submissions)
        : m_backend(std::move(backend)), m_left(submissions) {}
    [[nodiscard]] std::string name() const override { return "cuda:0"; }
    [[nodiscard]] std::string description() const override { return m_backend->description(); }
    [[nodiscard]] commp::BackendLimits limits() const noexcept override { return m_backend->limits(); }
    [[nodiscard]] Result<std::unique_ptr<commp::Staging>> acquire() override { return m_backend->acquire(); }
    [[nodiscard]] Result<void> submit(commp::Submission submission) override {
        --m_left;
        return m_backend->submit(std::move(submission));
    }
    void drain() override { m_backend->drain(); }
    [[nodiscard]] std::uint64_t revocations() const noexcept override { return m_left <= 0 ? 1 : 0; }

private:
    std::unique_ptr<commp::Backend> m_backend;
    std::atomic<int> m_left;
};

class RevokingGpus final : public commp::GpuProvider {
public:
    explicit RevokingGpus(int submissions) : m_submissions(submissions) {}
    std::vector<commp::GpuReport> probe() override { return {}; }
    Result<std::unique_ptr<commp::Backend>> open(const commp::GpuOptions&) override {
        FILFIL_TRY(auto cpu, commp::make_cpu_backend("portable", m_executor, m_clock));
        return std::unique_ptr<commp::Backend>(std::make_unique<Revoking>(std::move(cpu), m_submissions));
    }

private:
    int m_submissions;
    InlineExecutor m_executor;
    SystemClock m_clock;
};

TEST_F(GpuCommandsTest, VerifyTakesBackWhatACardMayHaveGotWrong) {
    const Known known = put(65024);
    const std::string longer = m_folder.put("longer", m_folder.get("payload.65024") + "and more");
    const std::vector<std::string> words{"verify", "--device", "cuda:0", longer, "--piece-cid", known.piece_cid_v2};
    // The file is one submission, and the part of it that is the piece the next.
    for (const int submissions : {1, 2, 3}) {
        m_provider = std::make_unique<RevokingGpus>(submissions);
        const Said said = run(words);
        EXPECT_EQ(said.code, submissions == 2 ? 2 : 1) << submissions;
        if (submissions != 2) continue;
        EXPECT_EQ(said.out, "");
        ASSERT_FALSE(said.err.empty());
        EXPECT_NE(said.err[0].find("what was found of"), std::string::npos) << said.err[0];
    }
}

TEST_F(GpuCommandsTest, AutoStartsNoCardForASmallFile) {
    const Known known = put(65024);
    const Said said = run({"commp", "--json", known.path});
    EXPECT_EQ(said.code, 0);
    ASSERT_EQ(said.objects.size(), 1U);
    expect_piece(said.objects[0], known, m_then_cpu.substr(1));
    EXPECT_EQ(said.err, std::vector<std::string>{});
    EXPECT_EQ(m_machine->calls(), 0U);
}

}    // namespace
}    // namespace filfil::cli
