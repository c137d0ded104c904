// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/provider.hpp"

#include "rig.hpp"
#include "small_card.hpp"

#include <gtest/gtest.h>

namespace filfil::gpu {
namespace {

using test::Call;
using test::Fault;

/// A provider over a machine of the tests.
class Provided {
public:
    explicit Provided(std::vector<test::FakeCard> cards) : machine(std::move(cards)) {
        provider = make_gpu_provider(machine.runtime(), machine.clock(), [this](unsigned threads) {
            threads_asked = threads;
            return std::make_unique<ThreadPool>(threads);
        });
    }

    Result<std::unique_ptr<commp::Backend>> open(std::vector<unsigned> numbers = {}, unsigned check_every = 0) {
        return provider->open({std::move(numbers), check_every, &log});
    }

    /// Why they cannot be opened; nothing if they can.
    std::optional<ErrorCode> refusal(std::vector<unsigned> numbers = {}) {
        const auto backend = open(std::move(numbers));
        return backend.ok() ? std::nullopt : std::optional(backend.error().code);
    }

    test::FakeMachine machine;
    test::LogLines log;
    unsigned threads_asked = 0;
    std::unique_ptr<commp::GpuProvider> provider;
};

test::FakeCard broken_card(unsigned number) {
    test::FakeCard card = test::small_card(number);
    card.broken = TileVariant::fma;
    return card;
}

test::FakeCard old_card(unsigned number) {
    test::FakeCard card = test::small_card(number);
    card.facts.major = 6;
    card.facts.minor = 1;
    return card;
}

TEST(Provider, SaysWhyThereIsNoCard) {
    const std::vector<Error> reasons{{ErrorCode::unsupported, "no NVIDIA driver is installed", "install it"},
                                     {ErrorCode::unsupported, "the NVIDIA driver is too old", "update it"},
                                     {ErrorCode::not_found, "the NVIDIA driver shows no card", "look at nvidia-smi"}};
    for (const Error& reason : reasons) {
        Provided none({});
        none.machine.show_no_cards(reason);
        const auto reports = none.provider->probe();
        ASSERT_EQ(reports.size(), 1U);
        EXPECT_EQ(reports[0].name, "cuda");
        EXPECT_FALSE(reports[0].supported);
        EXPECT_FALSE(reports[0].self_test);
        EXPECT_EQ(reports[0].reason, reason.message);
        EXPECT_EQ(reports[0].gib_per_s, 0);
        for (const auto& numbers : {std::vector<unsigned>{}, std::vector<unsigned>{0}}) {
            const auto backend = none.open(numbers);
            ASSERT_FALSE(backend.ok());
            EXPECT_EQ(backend.error().code, reason.code);
            EXPECT_EQ(backend.error().text(), reason.text());
        }
        EXPECT_TRUE(none.log.lines().empty());
    }
}

TEST(Provider, NamesTheCardsThereAreWhenAskedForAnother) {
    Provided two({test::small_card(0), test::small_card(1)});
    const auto backend = two.open({7});
    ASSERT_FALSE(backend.ok());
    EXPECT_EQ(backend.error().code, ErrorCode::not_found);
    EXPECT_EQ(backend.error().message, "there is no card cuda:7; this machine shows cuda:0, cuda:1");
    EXPECT_NE(backend.error().remedy, "");
    EXPECT_FALSE(two.open({0, 7}).ok());
}

TEST(Provider, OpensAllCardsAsOneBackend) {
    Provided two({test::small_card(0), test::small_card(1)});
    const auto backend = two.open();
    ASSERT_TRUE(backend.ok()) << backend.error().text();
    EXPECT_EQ((*backend)->name(), "cuda:0,1");
    EXPECT_EQ((*backend)->description(),
              "Fake 0, 4GiB, 132 multiprocessors, compute capability 9.0, driver for CUDA 13.0; "
              "Fake 1, 4GiB, 132 multiprocessors, compute capability 9.0, driver for CUDA 13.0");
    EXPECT_EQ((*backend)->limits().staging_quads, 1U << 15);
    EXPECT_EQ((*backend)->limits().max_level, 17U);
    // Three lanes a card: a buffer in each, and one for each thread that fills them.
    const unsigned fillers = std::clamp(usable_cpus() * 3 / 4, 1U, 12U);
    EXPECT_EQ((*backend)->limits().fillers, fillers);
    EXPECT_EQ((*backend)->limits().staging_count, 6 + fillers);
    EXPECT_EQ(two.threads_asked, std::max(6U, usable_cpus()));
    EXPECT_EQ(two.machine.calls(Call::open_queue), 2U * (1 + 3)) << "one for the trial, three to work";
    EXPECT_TRUE(two.log.lines().empty());
}

TEST(Provider, HashesOnTheCardThatWasNamed) {
    Provided two({test::small_card(0), test::small_card(1)});
    const auto backend = two.open({1});
    ASSERT_TRUE(backend.ok());
    EXPECT_EQ((*backend)->name(), "cuda:1");
    const Bytes payload = test::random_payload(5'000'000, 1);
    const auto piece = test::hash_pushed(**backend, payload);
    ASSERT_TRUE(piece.ok());
    EXPECT_EQ(*piece, *test::hash_pushed(*test::InlineCpu(), payload));
    EXPECT_EQ(two.machine.calls(Call::wait, 0), 0U);
    EXPECT_GT(two.machine.calls(Call::wait, 1), 0U);
}

TEST(Provider, TakesTheSmallerSubmissionsWhereCardsDiffer) {
    test::FakeCard slow_start = test::fake_card(1);
    slow_start.copy_start_s = 1;
    slow_start.most_tiles = commp::self_test_quads / tile_quads;
    for (const auto& cards :
         {std::vector{test::small_card(0), slow_start}, std::vector{slow_start, test::small_card(0)}}) {
        Provided two(cards);
        const auto backend = two.open();
        ASSERT_TRUE(backend.ok());
        EXPECT_EQ((*backend)->limits().staging_quads, 1U << 15);
    }
}

TEST(Provider, LeavesOutABrokenCardBesideOneThatWorks) {
    for (const test::FakeCard& broken : {broken_card(1), old_card(1)}) {
        Provided two({test::small_card(0), broken});
        const auto backend = two.open();
        ASSERT_TRUE(backend.ok());
        EXPECT_EQ((*backend)->name(), "cuda:0");
        const auto lines = two.log.lines();
        ASSERT_EQ(lines.size(), 1U);
        EXPECT_TRUE(lines[0].starts_with("cuda:1: ")) << lines[0];
        EXPECT_TRUE(lines[0].ends_with("; it is left out")) << lines[0];
    }
}

TEST(Provider, RefusesABrokenCardThatWasNamed) {
    Provided two({test::small_card(0), broken_card(1)});
    for (const auto& numbers : {std::vector<unsigned>{1}, std::vector<unsigned>{0, 1}}) {
        const auto backend = two.open(numbers);
        ASSERT_FALSE(backend.ok());
        EXPECT_EQ(backend.error().code, ErrorCode::mismatch);
        EXPECT_TRUE(backend.error().message.starts_with("cuda:1: failed its self-test")) << backend.error().message;
    }
    EXPECT_TRUE(two.log.lines().empty()) << "the error says it";
}

TEST(Provider, RefusesTheOnlyCardIfItIsBroken) {
    Provided one({broken_card(0)});
    EXPECT_EQ(one.refusal(), ErrorCode::mismatch);
    EXPECT_TRUE(one.log.lines().empty()) << "the error says it";
    Provided two({broken_card(0), old_card(1)});
    EXPECT_EQ(two.refusal(), ErrorCode::unsupported) << "the last one's";
}

TEST(Provider, ReportsWhatEachCardIsAndDoes) {
    Provided four({test::small_card(0), broken_card(1), old_card(2), test::small_card(3)});
    four.machine.inject({.fault = Fault::launch_failure, .call = Call::open_queue, .card = 3});
    const auto reports = four.provider->probe();
    ASSERT_EQ(reports.size(), 4U);
    EXPECT_EQ(reports[0].name, "cuda:0");
    EXPECT_EQ(reports[0].description,
              "Fake 0, 4GiB, 132 multiprocessors, compute capability 9.0, driver for CUDA 13.0");
    EXPECT_TRUE(reports[0].supported);
    EXPECT_TRUE(reports[0].self_test);
    EXPECT_EQ(reports[0].reason, "");
    EXPECT_NEAR(reports[0].gib_per_s, 50e9 / GiB, 0.01);

    EXPECT_TRUE(reports[1].supported) << "a card that errs is there, and says so";
    EXPECT_FALSE(reports[1].self_test);
    EXPECT_NE(reports[1].reason.find("self-test"), std::string::npos);
    EXPECT_EQ(reports[1].gib_per_s, 0);

    EXPECT_FALSE(reports[2].supported);
    EXPECT_FALSE(reports[2].self_test);
    EXPECT_NE(reports[2].reason.find("6.1"), std::string::npos);

    EXPECT_FALSE(reports[3].supported);
    EXPECT_NE(reports[3].reason.find("open_queue failed"), std::string::npos) << reports[3].reason;
}

TEST(Provider, TriesACardOnceAndOnlyIfItIsAskedFor) {
    Provided two({test::small_card(0), test::small_card(1)});
    EXPECT_EQ(two.machine.calls(), 0U) << "whoever uses the CPU starts no card";
    ASSERT_TRUE(two.open({1}).ok());
    EXPECT_EQ(two.machine.calls(Call::open_queue, 0), 0U);
    EXPECT_EQ(two.provider->probe().size(), 2U);
    const std::uint64_t tiles = two.machine.calls(Call::make_tiles);
    EXPECT_GT(two.machine.calls(Call::make_tiles, 0), 0U);
    EXPECT_EQ(two.provider->probe().size(), 2U);
    ASSERT_TRUE(two.open().ok());
    EXPECT_EQ(two.machine.calls(Call::make_tiles), tiles);
    EXPECT_EQ(two.machine.calls(Call::cards), 1U);
}

TEST(Provider, PassesOnHowOftenToCheck) {
    const Bytes payload = test::random_payload(1'000'000, 1);
    for (const unsigned check_every : {0U, 1U}) {
        Provided one({test::small_card(0)});
        const auto backend = one.open({}, check_every);
        ASSERT_TRUE(backend.ok());
        // After the trial, so that it passes its self-test.
        one.machine.inject({.fault = Fault::wrong_from_now, .call = Call::copy_in});
        const auto piece = test::hash_pushed(**backend, payload);
        EXPECT_EQ(piece.ok(), check_every == 0);
        EXPECT_EQ((*backend)->revocations(), check_every);
        EXPECT_EQ(one.log.lines().size(), check_every);
    }
}

TEST(Provider, OfAMachineWhoseCardsCannotBeListedSaysWhy) {
    Provided one({test::small_card(0)});
    one.machine.inject({.fault = Fault::launch_failure, .call = Call::cards});
    EXPECT_EQ(one.refusal(), ErrorCode::device);
    EXPECT_TRUE(one.open().ok()) << "and is asked again";
}

}    // namespace
}    // namespace filfil::gpu
