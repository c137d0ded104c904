// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chaingen/generator.hpp"

#include "chain/tipset.hpp"
#include "chain_keeper.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace filfil::chaingen {
namespace {

using chain::HeadChange;
using chain::HeadChanges;
using ipld::Cid;

TEST(Generator, BlocksComeOnceAndBehindTheirChildren) {
    ChainKeeper keeper;
    const auto events = generate(busy_config(), keeper);
    ASSERT_FALSE(events.empty());
    // Receipts are linked and not made; the other CID that leads nowhere stands in a block that nobody opens.
    for (const auto& [block, link] : keeper.unresolved())
        EXPECT_EQ(keeper.header(block).parent_message_receipts, link) << block.text();
}

TEST(Generator, SaysWhatItGave) {
    ChainKeeper keeper;
    auto generator = Generator::make(busy_config(), keeper);
    ASSERT_TRUE(generator.ok());
    EXPECT_TRUE(generator->head().empty());
    EXPECT_EQ(generator->blocks(), 0);
    for (int i = 0; i < 10; ++i) {
        const auto changes = generator->next();
        ASSERT_TRUE(changes.ok());
        EXPECT_EQ(generator->head(), changes->back().key);
        EXPECT_EQ(generator->epoch(), changes->back().epoch);
        EXPECT_EQ(generator->blocks(), keeper.blocks().size());
        EXPECT_EQ(generator->section_bytes(), keeper.section_bytes());
    }
}

TEST(Generator, GenesisIsLikeMainnets) {
    ChainKeeper keeper;
    const auto events = generate(busy_config(), keeper, 1);
    ASSERT_EQ(events.size(), 1);
    ASSERT_EQ(events[0].size(), 1);
    EXPECT_EQ(events[0][0].type, HeadChange::Type::current);
    EXPECT_EQ(events[0][0].epoch.value, 0);
    const chain::BlockHeader genesis = keeper.header(events[0][0].key.at(0));
    ASSERT_EQ(genesis.parents.size(), 1);
    EXPECT_EQ(genesis.parents[0].hash().code, ipld::HashCode::sha2_256);
    EXPECT_EQ(genesis.parents[0].codec(), ipld::Codec::dag_cbor);
    ASSERT_TRUE(keeper.blocks().contains(genesis.parents[0]));
    EXPECT_FALSE(chain::decode_block_header(keeper.blocks().at(genesis.parents[0])).ok());
}

/// Replays events as a node's client would, and checks each step.
class Replay {
public:
    explicit Replay(const ChainKeeper& keeper) : m_keeper(keeper) {}

    void follow(const HeadChanges& changes) {
        bool applied = false;
        for (const HeadChange& change : changes) {
            switch (change.type) {
                case HeadChange::Type::current:
                    EXPECT_TRUE(m_chain.empty());
                    m_chain.push_back(change.key);
                    break;
                case HeadChange::Type::revert:
                    EXPECT_FALSE(applied) << "a revert behind an apply";
                    ASSERT_GT(m_chain.size(), 1) << "genesis is reverted";
                    EXPECT_EQ(m_chain.back(), change.key);
                    m_chain.pop_back();
                    ++m_reverts;
                    break;
                case HeadChange::Type::apply:
                    applied = true;
                    apply(change);
                    break;
            }
        }
    }

    [[nodiscard]] const std::vector<chain::TipsetKey>& chain() const noexcept { return m_chain; }
    [[nodiscard]] std::size_t reverts() const noexcept { return m_reverts; }
    [[nodiscard]] std::size_t null_rounds() const noexcept { return m_null_rounds; }
    [[nodiscard]] std::size_t of_several() const noexcept { return m_of_several; }

private:
    void apply(const HeadChange& change) {
        ASSERT_FALSE(m_chain.empty());
        std::vector<chain::BlockHeader> blocks;
        for (const Cid& cid : change.key) blocks.push_back(m_keeper.header(cid));
        const auto tipset = chain::make_tipset(change.key, blocks, chain::TipsetOrder::by_ticket);
        ASSERT_TRUE(tipset.ok()) << tipset.error().text();
        EXPECT_EQ(tipset->key, change.key);
        EXPECT_EQ(tipset->epoch(), change.epoch);
        EXPECT_EQ(tipset->parents(), m_chain.back());
        const Epoch below = m_keeper.header(m_chain.back()[0]).height;
        EXPECT_GT(change.epoch, below);
        m_null_rounds += change.epoch.value - below.value > 1 ? 1 : 0;
        m_of_several += change.key.size() > 1 ? 1 : 0;
        // What parents did to the state is the same for all their children, of whatever branch.
        for (const chain::BlockHeader& block : blocks) {
            const auto [known, is_new] = m_state_after.emplace(block.parents, block.parent_state_root);
            EXPECT_EQ(known->second, block.parent_state_root);
            EXPECT_EQ(block.parent_message_receipts, blocks[0].parent_message_receipts);
        }
        EXPECT_NE(blocks[0].parent_state_root, m_keeper.header(m_chain.back()[0]).parent_state_root);
        m_chain.push_back(change.key);
    }

    const ChainKeeper& m_keeper;
    std::vector<chain::TipsetKey> m_chain;
    std::map<chain::TipsetKey, Cid> m_state_after;
    std::size_t m_reverts = 0;
    std::size_t m_null_rounds = 0;
    std::size_t m_of_several = 0;
};

TEST(Generator, EventsFitTheChain) {
    ChainKeeper keeper;
    const Config config = busy_config();
    const auto events = generate(config, keeper);
    Replay replay(keeper);
    std::size_t deepest = 0;
    for (const HeadChanges& changes : events) {
        replay.follow(changes);
        deepest = std::max<std::size_t>(deepest, static_cast<std::size_t>(std::ranges::count(
                                                     changes, HeadChange::Type::revert, &HeadChange::type)));
    }
    EXPECT_EQ(replay.chain().size(), config.tipsets + 1);
    EXPECT_EQ(replay.chain().back().size(), config.blocks_per_tipset);
    EXPECT_GT(replay.reverts(), 10);
    EXPECT_GT(replay.null_rounds(), 3);
    EXPECT_GT(replay.of_several(), 20);
    EXPECT_GT(deepest, 2);
    EXPECT_LE(deepest, config.max_fork);
}

TEST(Generator, ForksStayInTheirBounds) {
    Config config = busy_config();
    config.fork_rate = 1000;
    config.max_fork = 1;
    config.tipsets = 20;
    ChainKeeper keeper;
    Replay replay(keeper);
    for (const HeadChanges& changes : generate(config, keeper, 200)) {
        EXPECT_LE(std::ranges::count(changes, HeadChange::Type::revert, &HeadChange::type), 1);
        replay.follow(changes);
    }
    EXPECT_EQ(replay.chain().size(), config.tipsets + 1);
}

TEST(Generator, WithoutForksNothingIsReverted) {
    Config config = busy_config();
    config.fork_rate = 0;
    config.grow_rate = 0;
    config.null_rate = 0;
    ChainKeeper keeper;
    std::int64_t epoch = 0;
    for (const HeadChanges& changes : generate(config, keeper)) {
        ASSERT_EQ(changes.size(), 1);
        EXPECT_EQ(changes[0].epoch.value, epoch++);
    }
    EXPECT_EQ(epoch, static_cast<std::int64_t>(config.tipsets) + 1);
}

TEST(Generator, MessagesAreThereAndSomeInSeveralBlocks) {
    ChainKeeper keeper;
    const Config config = busy_config();
    std::map<Cid, std::size_t> blocks_of_message;
    std::size_t of_bls = 0;
    for (const HeadChanges& changes : generate(config, keeper, 30)) {
        if (changes.back().epoch.value == 0) continue;
        for (const Cid& cid : changes.back().key) {
            const auto meta = ipld::decode_dag_cbor(keeper.blocks().at(keeper.header(cid).messages));
            ASSERT_TRUE(meta.ok());
            std::set<Cid> messages;
            for (std::size_t i = 0; i < 2; ++i) {
                ipld::TrieReader reader(keeper.blocks());
                for (const auto& [index, link] : reader.amt(*(*meta->as_list())[i].as_link(), ipld::message_amt)) {
                    const Cid message = *ipld::decode_dag_cbor(link)->as_link();
                    EXPECT_TRUE(messages.insert(message).second) << "a message stands twice in a block";
                    const auto value = ipld::decode_dag_cbor(keeper.blocks().at(message));
                    EXPECT_EQ(value->as_list()->size(), i == 0 ? 10 : 2);
                    of_bls += i == 0 ? 1 : 0;
                }
            }
            EXPECT_EQ(messages.size(), config.messages_per_block);
            for (const Cid& message : messages) ++blocks_of_message[message];
        }
    }
    EXPECT_GT(of_bls, 100);
    EXPECT_GT(std::ranges::count_if(blocks_of_message, [](const auto& entry) { return entry.second > 1; }), 20);
}

TEST(Generator, BlocksWithoutMessagesAreFine) {
    Config config = busy_config();
    config.messages_per_block = 0;
    config.tipsets = 10;
    ChainKeeper keeper;
    for (const HeadChanges& changes : generate(config, keeper))
        EXPECT_EQ(keeper.header(changes.back().key[0]).messages, keeper.header(changes.back().key.back()).messages);
}

// Chains of tests and benchmarks are known by their heads: whoever changes this changes them all.
TEST(Generator, GivesTheSameChainEverywhere) {
    ChainKeeper keeper;
    const auto events = generate(busy_config(), keeper);
    EXPECT_EQ(chain::short_name(events.back().back().key), "47f6efc8");
    EXPECT_EQ(events.back().back().key[0].text(), "bafy2bzacedx57nw2yjctxkvhjd62v3rueukmj4vzuxybv2jmvhyqjn2clwfhw");
    EXPECT_EQ(keeper.blocks().size(), 8181);

    Config other = busy_config();
    other.seed += 1;
    ChainKeeper second;
    EXPECT_NE(generate(other, second, 1)[0][0].key, events[0][0].key);
}

TEST(Generator, EndsWithTheErrorOfTheSink) {
    class Full final : public BlockSink {
    public:
        explicit Full(std::uint64_t room) : m_room(room) {}
        Result<void> block(ByteView, ByteView) override {
            if (m_room-- > 0) return {};
            return Error(ErrorCode::io, "the disk is full");
        }

    private:
        std::uint64_t m_room;
    };
    for (const std::uint64_t room : {0U, 1U, 100U, 3000U}) {
        Full full(room);
        auto generator = Generator::make(busy_config(), full);
        ASSERT_TRUE(generator.ok());
        Result<HeadChanges> changes = generator->next();
        for (int i = 0; i < 1000 && changes.ok(); ++i) changes = generator->next();
        ASSERT_FALSE(changes.ok());
        EXPECT_EQ(changes.error().message, "the disk is full");
    }
}

}    // namespace
}    // namespace filfil::chaingen
