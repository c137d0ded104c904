// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "chain/tipset.hpp"

#include "ipld/digest.hpp"

#include <algorithm>
#include <numeric>

namespace filfil::chain {
namespace {

/// Go's zero value of a missing ticket is an empty proof.
ipld::Digest256 order_of(const BlockHeader& block) {
    return ipld::blake2b_256(block.ticket ? ByteView(*block.ticket) : ByteView());
}

}    // namespace

std::string text_of(const TipsetKey& key) {
    std::string out;
    for (const ipld::Cid& cid : key) out += (out.empty() ? "" : ", ") + cid.text();
    return out;
}

Bytes bytes_of_key(const TipsetKey& key) {
    Bytes out;
    for (const ipld::Cid& cid : key) out.insert(out.end(), cid.bytes().begin(), cid.bytes().end());
    return out;
}

std::string short_name(const TipsetKey& key) {
    const ipld::Digest256 digest = ipld::blake2b_256(bytes_of_key(key));
    return to_hex(ByteView(digest).first(4));
}

Result<Tipset> make_tipset(TipsetKey key, std::vector<BlockHeader> blocks, TipsetOrder order) {
    if (key.empty() || key.size() != blocks.size())
        return Error(ErrorCode::invalid_argument, "a tipset needs at least one block, and a header for each");
    const auto differ = [&](std::size_t i, const std::string& how) {
        return Error(ErrorCode::invalid_argument, "these blocks are no tipset: " + key[0].text() + " and " +
                                                      key[i].text() + " have different " + how);
    };
    for (std::size_t i = 1; i < blocks.size(); ++i) {
        if (blocks[i].height != blocks[0].height)
            return differ(i, "epochs, " + std::to_string(blocks[0].height.value) + " and " +
                                 std::to_string(blocks[i].height.value));
        if (blocks[i].parents != blocks[0].parents) return differ(i, "parents");
    }
    TipsetKey sorted = key;
    std::ranges::sort(sorted);
    if (const auto twice = std::ranges::adjacent_find(sorted); twice != sorted.end())
        return Error(ErrorCode::invalid_argument, "a tipset cannot hold " + twice->text() + " twice");
    if (order == TipsetOrder::as_given) return Tipset{std::move(key), std::move(blocks)};

    std::vector<ipld::Digest256> tickets;
    tickets.reserve(blocks.size());
    for (const BlockHeader& block : blocks) tickets.push_back(order_of(block));
    std::vector<std::size_t> places(key.size());
    std::iota(places.begin(), places.end(), 0);
    std::ranges::sort(places, [&](std::size_t a, std::size_t b) {
        return tickets[a] != tickets[b] ? tickets[a] < tickets[b] : key[a] < key[b];
    });
    Tipset out;
    for (const std::size_t place : places) {
        out.key.push_back(std::move(key[place]));
        out.blocks.push_back(std::move(blocks[place]));
    }
    return out;
}

}    // namespace filfil::chain
