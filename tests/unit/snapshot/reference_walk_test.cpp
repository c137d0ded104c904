// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// The reference itself, where the real chains do not reach: orders worked out by hand from the nodes' sources.
#include "reference_walk.hpp"

#include "cbor_bytes.hpp"
#include "ipld/digest.hpp"
#include "random_chain.hpp"
#include "random_dag.hpp"
#include "reference_cbor.hpp"

#include <algorithm>
#include <set>

namespace filfil::reference {
namespace {

using ipld::Cid;
using ipld::Codec;

class SmallChain : public testing::Test {
protected:
    Cid dag(const std::vector<Cid>& links, std::uint64_t salt = 0) {
        CborBytes out;
        out.list(links.size() + 1).number(salt);
        for (const Cid& cid : links) out.link(cid);
        return put_block(blocks, Codec::dag_cbor, std::move(out).bytes());
    }

    Cid raw(std::string_view text) { return put_block(blocks, Codec::raw, to_bytes(bytes_of(text))); }

    Cid header(std::vector<Cid> parents, std::int64_t height, const Cid& state, const Cid& messages) {
        const HeaderSpec spec{{}, std::move(parents), height, state, nowhere, messages};
        return put_block(blocks, Codec::dag_cbor, encode_header(spec));
    }

    std::vector<Cid> order(const std::vector<Cid>& head, std::int64_t recent, bool skip, Rules rules = Rules::lotus) {
        Walk found = walk(blocks, head, {recent, skip, rules});
        EXPECT_FALSE(found.fault) << found.fault->why << " " << found.fault->block.text();
        return std::move(found.order);
    }

    Blocks blocks;
    Bytes void_digest = Bytes(32);
    Cid nowhere{Codec::dag_cbor, {ipld::HashCode::blake2b_256, void_digest}};    // a CID without a block
    Cid before = dag({nowhere}, 99);    // what genesis names as its parent; opened, it would lead nowhere
};

TEST_F(SmallChain, LotusPutsMessagesThenTheGenesisParentThenTheState) {
    const Cid state = dag({raw("s")}, 1);
    const Cid messages = dag({raw("m")}, 2);
    const Cid genesis = header({before}, 0, state, messages);
    const std::vector<Cid> all{genesis, messages, raw("m"), before, state, raw("s")};
    EXPECT_EQ(order({genesis}, 1, true), all);
    EXPECT_EQ(order({genesis}, 0, false), all);
    const std::vector<Cid> without{genesis, before, state, raw("s")};
    EXPECT_EQ(order({genesis}, 0, true), without);
}

TEST_F(SmallChain, ForestPutsTheGenesisParentBeforeMessages) {
    const Cid state = dag({raw("s")}, 1);
    const Cid messages = dag({raw("m")}, 2);
    const Cid genesis = header({before}, 0, state, messages);
    const std::vector<Cid> all{genesis, before, messages, raw("m"), state, raw("s")};
    EXPECT_EQ(order({genesis}, 1, true, Rules::forest), all);
    const std::vector<Cid> spine{genesis, before, state, raw("s")};
    EXPECT_EQ(order({genesis}, 0, false, Rules::forest), spine);
}

TEST_F(SmallChain, TheWindowIsEpochsAndTheParentsState) {
    const Cid genesis = header({before}, 0, dag({}, 10), dag({}, 20));
    const Cid first = header({genesis}, 1, dag({}, 11), dag({}, 21));
    const Cid fourth = header({first}, 4, dag({}, 14), dag({}, 24));    // epochs 2 and 3 are null
    const Cid fifth = header({fourth}, 5, dag({}, 15), dag({}, 25));
    const auto holds = [&](std::int64_t recent, std::uint64_t salt) {
        const auto found = order({fifth}, recent, true);
        return std::ranges::find(found, dag({}, salt)) != found.end();
    };
    EXPECT_FALSE(holds(0, 15));
    EXPECT_TRUE(holds(1, 15));
    EXPECT_TRUE(holds(1, 25));
    EXPECT_FALSE(holds(1, 14));
    EXPECT_TRUE(holds(2, 14));
    EXPECT_FALSE(holds(4, 11));
    EXPECT_TRUE(holds(5, 11));
    EXPECT_TRUE(holds(0, 10));     // the genesis state always
    EXPECT_FALSE(holds(5, 20));    // its messages not
    EXPECT_TRUE(holds(6, 20));
}

TEST_F(SmallChain, HeadersGoBreadthFirstInTheOrderOfKeys) {
    const Cid genesis = header({before}, 0, dag({}, 1), dag({}, 2));
    const Cid a = header({genesis}, 1, dag({}, 1), dag({}, 3));
    const Cid b = header({genesis}, 1, dag({}, 1), dag({}, 4));
    const Cid c = header({a, b}, 2, dag({}, 5), dag({}, 6));
    const Cid d = header({a, b}, 2, dag({}, 5), dag({}, 7));
    const std::vector<Cid> found{d, c, a, b, genesis, before, dag({}, 1)};
    EXPECT_EQ(order({d, c}, 0, true), found);
    EXPECT_EQ(order({d, c}, 0, true, Rules::forest), found);
}

TEST_F(SmallChain, DepthFirstInTheOrderOfBytesEachOnce) {
    const Cid x = raw("x");
    const Cid low = dag({x}, 1);
    const Cid left = dag({low, low}, 2);
    const Cid right = dag({x, low, raw("y")}, 3);
    const Cid root = dag({right, left, right}, 4);
    const Cid genesis = header({before}, 0, root, root);
    const std::vector<Cid> found{genesis, root, right, x, low, raw("y"), left, before};
    EXPECT_EQ(order({genesis}, 1, true), found);
}

TEST_F(SmallChain, IdentityBlocksAreOpenedByLotusAndWrittenByNobody) {
    const Cid inlined = identity_cid(Codec::dag_cbor, CborBytes().link(raw("x")).bytes());
    const Cid closed = identity_cid(Codec::cbor, CborBytes().link(raw("y")).bytes());
    const Cid state = dag({inlined, closed, identity_cid(Codec::raw, bytes_of("z"))}, 1);
    const Cid genesis = header({before}, 0, state, inlined);
    const std::vector<Cid> lotus{genesis, raw("x"), before, state};
    EXPECT_EQ(order({genesis}, 1, true), lotus);
    const std::vector<Cid> forest{genesis, before, state};
    EXPECT_EQ(order({genesis}, 1, true, Rules::forest), forest);
    const LiveSet live = live_set(blocks, {state, inlined});
    EXPECT_EQ(live.counts.size(), 2U);
    EXPECT_EQ(live.counts.at(raw("x")), 2U);
}

TEST_F(SmallChain, CommitmentsAndOtherCodecsArePassedOverAndPlainCborIsNotOpened) {
    const Cid sealed(Codec::fil_commitment_sealed, {ipld::HashCode::poseidon_bls12_381_a2_fc1, void_digest});
    const Cid unsealed(Codec::fil_commitment_unsealed, {ipld::HashCode::sha2_256_trunc254_padded, void_digest});
    const Cid protobuf(Codec::dag_pb, {ipld::HashCode::sha2_256, void_digest});
    const Cid plain = put_block(blocks, Codec::cbor, CborBytes().link(nowhere).bytes());
    const Cid state = dag({sealed, plain, unsealed, protobuf}, 1);
    const Cid genesis = header({before}, 0, state, state);
    const std::vector<Cid> lotus{genesis, state, plain, before};
    EXPECT_EQ(order({genesis}, 1, true), lotus);
    const std::vector<Cid> forest{genesis, before, state};
    EXPECT_EQ(order({genesis}, 1, true, Rules::forest), forest);
}

TEST_F(SmallChain, OneDigestUnderTwoCodecsIsTwoBlocks) {
    const Cid opened = dag({raw("x")}, 1);
    const Cid closed = put_block(blocks, Codec::raw, Bytes(blocks.at(opened)));
    const Cid state = dag({closed, opened}, 2);
    const Cid genesis = header({before}, 0, state, dag({}, 3));
    const std::vector<Cid> found{genesis, before, state, closed, opened, raw("x")};
    EXPECT_EQ(order({genesis}, 0, true), found);
}

TEST_F(SmallChain, LinksInStringsAndBehindTheEndAreNone) {
    const Bytes hidden = CborBytes().link(nowhere).bytes();
    Bytes data = CborBytes().list(3).string(hidden).tag(300).link(raw("x")).text(chars_of(hidden)).raw(hidden).bytes();
    const Cid state = put_block(blocks, Codec::dag_cbor, std::move(data));
    const Cid genesis = header({before}, 0, state, dag({}, 1));
    const std::vector<Cid> found{genesis, before, state, raw("x")};
    EXPECT_EQ(order({genesis}, 0, true), found);
}

TEST_F(SmallChain, ABlockThatIsAHeaderTooIsNotWalkedAgain) {
    const Cid genesis = header({before}, 0, dag({}, 1), dag({}, 2));
    const Cid child = header({genesis}, 1, dag({genesis}, 3), dag({}, 4));
    blocks.emplace(nowhere, Bytes{std::byte{0x80}});
    // The walk of the state opens the header, whose links are parents, state, receipts, messages.
    const Cid state = dag({genesis}, 3);
    const std::vector<Cid> found{child, dag({}, 4), state, genesis, before, nowhere, dag({}, 1), dag({}, 2)};
    EXPECT_EQ(order({child}, 1, true), found);
}

TEST_F(SmallChain, TheFirstMissingBlockIsNamedWithItsHeader) {
    const Cid genesis = header({before}, 0, dag({}, 1), dag({}, 2));
    const Cid head = header({genesis}, 1, dag({raw("x"), raw("y"), nowhere}, 3), dag({raw("m")}, 4));
    const auto fault = [&](std::int64_t recent) { return walk(blocks, {head}, {recent, true, Rules::lotus}).fault; };
    EXPECT_EQ(fault(1)->block, nowhere);
    EXPECT_EQ(fault(1)->header, head);
    EXPECT_FALSE(fault(0));
    blocks.erase(raw("y"));
    EXPECT_EQ(fault(1)->block, ipld::cid_of_block(Codec::raw, bytes_of("y")));
    blocks.erase(ipld::cid_of_block(Codec::raw, bytes_of("m")));
    EXPECT_EQ(fault(1)->block, ipld::cid_of_block(Codec::raw, bytes_of("m")));
    blocks.erase(before);
    EXPECT_EQ(fault(0)->block, walk(blocks, {genesis}, {0, true, Rules::forest}).fault->block);
    EXPECT_EQ(fault(0)->header, genesis);
    blocks.erase(genesis);
    EXPECT_EQ(fault(0)->block, genesis);
    EXPECT_EQ(fault(0)->header, head);
    blocks.erase(head);
    EXPECT_EQ(fault(0)->block, head);
    EXPECT_TRUE(fault(0)->header.empty());
}

TEST_F(SmallChain, CountsAreLinksAndPins) {
    const Cid x = raw("x");
    const Cid low = dag({x, x}, 1);
    const Cid root = dag({low, low, x}, 2);
    const LiveSet live = live_set(blocks, {root, root, low});
    EXPECT_EQ(live.counts.at(root), 2U);
    EXPECT_EQ(live.counts.at(low), 3U);
    EXPECT_EQ(live.counts.at(x), 3U);
    EXPECT_TRUE(live.missing.empty());
    EXPECT_EQ(live.section_bytes,
              car_bytes(blocks, {root}, {root, low, x}).size() - car_bytes(blocks, {root}, {}).size());
    EXPECT_EQ(live_set(blocks, {nowhere, nowhere}).missing, std::vector<Cid>{nowhere});
}

TEST(RandomChain, HasEverythingItPromises) {
    std::set<Codec> codecs;
    bool twice_in_a_block = false;
    bool same_digest = false;
    bool inlined_links = false;
    bool forks = false;
    bool null_rounds = false;
    bool shared_headers = false;
    bool other_roots = false;
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        const RandomChain chain = random_chain(seed);
        EXPECT_EQ(chain.tipsets.size(), 60U);
        std::set<Bytes> digests;
        for (const auto& [cid, data] : chain.blocks) {
            codecs.insert(cid.codec());
            same_digest = same_digest || !digests.insert(to_bytes(cid.hash().digest)).second;
            if (cid.codec() != Codec::dag_cbor) continue;
            const auto links = links_of(data);
            ASSERT_TRUE(links.ok()) << links.error().text();
            twice_in_a_block = twice_in_a_block || std::set<Cid>(links->begin(), links->end()).size() < links->size();
            for (const Cid& link : *links) {
                codecs.insert(link.codec());
                if (link.hash().code != ipld::HashCode::identity || link.codec() != Codec::dag_cbor) continue;
                const auto inner = links_of(link.hash().digest);
                ASSERT_TRUE(inner.ok()) << inner.error().text();
                inlined_links = inlined_links || !inner->empty();
            }
        }
        std::set<Cid> headers;
        std::set<std::size_t> parents;
        for (const RandomTipset& tipset : chain.tipsets) {
            for (const Cid& cid : tipset.key) shared_headers = shared_headers || !headers.insert(cid).second;
            for (const Cid& root : tipset.states) other_roots = other_roots || !chain.blocks.contains(root);
            if (!tipset.parent) continue;
            forks = forks || !parents.insert(*tipset.parent).second;
            null_rounds = null_rounds || tipset.height > chain.tipsets[*tipset.parent].height + 1;
        }
        // Everything of it can be walked, by both rules.
        for (std::size_t i = 0; i < chain.tipsets.size(); i += 7)
            for (const Rules rules : {Rules::lotus, Rules::forest})
                EXPECT_FALSE(walk(chain.blocks, chain.tipsets[i].key, {1000, false, rules}).fault) << seed << " " << i;
    }
    EXPECT_TRUE(codecs.contains(Codec::raw) && codecs.contains(Codec::cbor) && codecs.contains(Codec::dag_cbor));
    EXPECT_TRUE(codecs.contains(Codec::dag_pb) && codecs.contains(Codec::fil_commitment_sealed));
    EXPECT_TRUE(twice_in_a_block);
    EXPECT_TRUE(same_digest);
    EXPECT_TRUE(inlined_links);
    EXPECT_TRUE(forks);
    EXPECT_TRUE(null_rounds);
    EXPECT_TRUE(shared_headers);
    EXPECT_TRUE(other_roots);
}

TEST(RandomChain, StepsLeadFromOneTipsetToTheOther) {
    const RandomChain chain = random_chain(3);
    for (std::size_t from = 0; from < chain.tipsets.size(); from += 5)
        for (std::size_t to = 0; to < chain.tipsets.size(); to += 3) {
            std::size_t at = from;
            bool applying = false;
            for (const Step& step : steps_between(chain, from, to)) {
                EXPECT_FALSE(applying && !step.apply);
                applying = step.apply;
                if (step.apply) {
                    EXPECT_EQ(chain.tipsets[step.tipset].parent, at);
                    at = step.tipset;
                } else {
                    EXPECT_EQ(step.tipset, at);
                    at = *chain.tipsets[at].parent;
                }
            }
            EXPECT_EQ(at, to);
        }
}

}    // namespace
}    // namespace filfil::reference
