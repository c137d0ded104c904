// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The engine at random: head changes of every kind, holds, layouts and failures; after each of them what it keeps is
// what the reference says.
#include "followed_chain.hpp"
#include "seeds.hpp"

namespace filfil::snapshot {
namespace {

class EngineProperty : public testing::TestWithParam<std::uint64_t> {
protected:
    static void live_on(FollowedChain& followed, int events) {
        for (int i = 0; i < events && !testing::Test::HasFailure(); ++i) {
            switch (followed.random.below(10)) {
                case 0: followed.hold(); break;
                case 1: followed.release(); break;
                case 2:
                case 3: followed.lay_out(); break;
                case 4: followed.go_to_with_failures(followed.somewhere()); break;
                case 5:
                    if (followed.random.below(3) == 0) followed.drop_layouts();
                    break;
                default: followed.go_to(followed.somewhere()); break;
            }
            if (followed.random.below(2) == 0) followed.check_layouts();
            followed.check();
        }
        followed.check_layouts();
    }
};

TEST_P(EngineProperty, StartedAtGenesisItKeepsWhatTheReferenceSays) {
    FollowedChain followed(GetParam());
    followed.start(0);
    followed.check();
    live_on(followed, 60);
}

TEST_P(EngineProperty, StartedAnywhereItKeepsWhatTheReferenceSays) {
    FollowedChain followed(GetParam() + 1000);
    followed.start(followed.random.below(followed.chain.tipsets.size()));
    followed.check();
    live_on(followed, 50);
}

TEST_P(EngineProperty, LoadedFromACarItKeepsWhatTheReferenceSays) {
    FollowedChain followed(GetParam() + 2000);
    const std::size_t tipset = followed.random.below(followed.chain.tipsets.size());
    followed.load(tipset, followed.options.recent_stateroots + static_cast<std::int64_t>(followed.random.below(8)));
    followed.check();
    live_on(followed, 50);
}

TEST_P(EngineProperty, WithAllMessagesTheSame) {
    EngineOptions options = FollowedChain::small_window();
    options.keep_all_messages = true;
    FollowedChain followed(GetParam() + 3000, {}, options);
    const std::size_t tipset = followed.random.below(followed.chain.tipsets.size());
    if (GetParam() % 2 == 0)
        followed.load(tipset, options.recent_stateroots);
    else
        followed.start(tipset);
    followed.check();
    live_on(followed, 40);
}

TEST_P(EngineProperty, AWindowOfOneEpochAndNoSlack) {
    EngineOptions options = FollowedChain::small_window();
    options.recent_stateroots = 1;
    options.slack = 0;
    FollowedChain followed(GetParam() + 4000, {}, options);
    followed.start(0);
    live_on(followed, 40);
}

INSTANTIATE_TEST_SUITE_P(Seeds, EngineProperty, testing::Range(std::uint64_t{0}, seeds(8)));

}    // namespace
}    // namespace filfil::snapshot
