// SPDX-License-Identifier: Apache-2.0 OR MIT
// make_car OUTPUT SIZE SEED: writes a CARv1 of a chain that never was: headers linked back to the first, each with its
// messages and a state tree that keeps most of the one before. Blocks are DAG-CBOR of about 1 KB under their real
// BLAKE2b CIDs, in the shapes of Filecoin's chain. The same SIZE and SEED give the same bytes on every machine.
#include "base/files.hpp"
#include "base/random.hpp"
#include "base/units.hpp"
#include "car/header.hpp"
#include "car/writer.hpp"
#include "ipld/dag_cbor.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace filfil {
namespace {

using ipld::Cid;
using ipld::Value;

constexpr std::size_t state_width = 32;         // children of the state tree's root, and of each of its nodes
constexpr std::size_t leaves_rewritten = 48;    // leaves of the state tree that an epoch changes
constexpr std::size_t messages_an_epoch = 24;

class Chain {
public:
    Chain(car::Writer& writer, std::uint64_t seed) : m_writer(writer), m_random(seed) {}

    /// A whole state tree and a header without parents: what the first epoch stands on.
    Result<void> genesis() {
        for (std::vector<Cid>& node : m_leaves) {
            node.resize(state_width);
            for (Cid& leaf : node) {
                FILFIL_TRY(leaf, put(state_leaf()));
            }
        }
        for (std::size_t i = 0; i < state_width; ++i) {
            FILFIL_TRY(m_nodes[i], put(tree_node(m_leaves[i])));
        }
        return append_header();
    }

    /// One more epoch: messages, the leaves they change and the nodes above these, a header.
    Result<void> grow() {
        std::array<bool, state_width> changed{};
        for (std::size_t i = 0; i < leaves_rewritten; ++i) {
            const std::size_t node = m_random.below(state_width);
            FILFIL_TRY(m_leaves[node][m_random.below(state_width)], put(state_leaf()));
            changed[node] = true;
        }
        for (std::size_t i = 0; i < state_width; ++i) {
            if (!changed[i]) continue;
            FILFIL_TRY(m_nodes[i], put(tree_node(m_leaves[i])));
        }
        return append_header();
    }

    [[nodiscard]] const Cid& head() const noexcept { return m_head; }
    [[nodiscard]] std::uint64_t blocks() const noexcept { return m_blocks; }

private:
    Value random_bytes(std::size_t size) {
        Bytes bytes(size);
        m_random.fill(bytes);
        return bytes;
    }

    /// A HAMT node with a bucket of three entries and no link.
    Value state_leaf() {
        Value::List bucket;
        for (int i = 0; i < 3; ++i)
            bucket.emplace_back(Value::List{random_bytes(21), random_bytes(200 + m_random.below(200))});
        return Value::List{random_bytes(4), Value::List{std::move(bucket)}};
    }

    /// A HAMT node of links.
    static Value tree_node(const std::vector<Cid>& children) {
        return Value::List{Bytes(4, std::byte{0xff}), Value::List(children.begin(), children.end())};
    }

    Value message() {
        return Value::List{0,
                           random_bytes(21),
                           random_bytes(21),
                           static_cast<std::int64_t>(m_height),
                           random_bytes(9),
                           static_cast<std::int64_t>(1'000'000 + m_random.below(1U << 30)),
                           random_bytes(5),
                           random_bytes(5),
                           5,
                           random_bytes(300 + m_random.below(900))};
    }

    Result<void> append_header() {
        Value::List messages;
        for (std::size_t i = 0; i < messages_an_epoch; ++i) {
            FILFIL_TRY(const Cid cid, put(message()));
            messages.emplace_back(cid);
        }
        FILFIL_TRY(const Cid message_list, put(std::move(messages)));
        FILFIL_TRY(const Cid message_roots, put(Value::List{message_list, message_list}));
        FILFIL_TRY(const Cid receipts, put(Value::List{static_cast<std::int64_t>(m_height), random_bytes(800)}));
        FILFIL_TRY(const Cid state, put(tree_node({m_nodes.begin(), m_nodes.end()})));

        Value::List parents;
        if (!m_head.empty()) parents.emplace_back(m_head);
        // The sixteen fields of a block header: miner, ticket, election proof, beacon entries, window proof, parents,
        // weight, height, state, receipts, messages, aggregate, time, signature, fork signal, base fee.
        FILFIL_TRY(m_head,
                   put(Value::List{random_bytes(4), Value::List{random_bytes(96)}, Value::List{1, random_bytes(96)},
                                   Value::List{Value::List{static_cast<std::int64_t>(m_height), random_bytes(48)}},
                                   Value::List{Value::List{3, random_bytes(192)}}, std::move(parents), random_bytes(6),
                                   static_cast<std::int64_t>(m_height), state, receipts, message_roots,
                                   random_bytes(97), static_cast<std::int64_t>(1'598'306'400 + 30 * m_height),
                                   random_bytes(97), 0, random_bytes(4)}));
        ++m_height;
        return {};
    }

    Result<Cid> put(const Value& value) {
        FILFIL_TRY(const Bytes data, ipld::encode_dag_cbor(value));
        Cid cid = ipld::cid_of_block(ipld::Codec::dag_cbor, data);
        FILFIL_CHECK(m_writer.block(cid.bytes(), data));
        ++m_blocks;
        return cid;
    }

    car::Writer& m_writer;
    SeededRandom m_random;
    std::array<std::vector<Cid>, state_width> m_leaves;
    std::array<Cid, state_width> m_nodes;
    Cid m_head;
    std::uint64_t m_height = 0;
    std::uint64_t m_blocks = 0;
};

Result<void> make_car(const std::string& path, std::uint64_t size, std::uint64_t seed) {
    SystemFiles files;
    FILFIL_TRY(const std::unique_ptr<OutputFile> file, files.create(path));
    car::FileSink sink(*file);
    car::Writer writer(sink);

    // Children come before parents, so the root is known last; a header with another root of its length keeps its
    // place.
    const std::vector<Cid> unknown{ipld::cid_of_block(ipld::Codec::dag_cbor, {})};
    FILFIL_CHECK(writer.header(unknown));
    Chain chain(writer, seed);
    FILFIL_CHECK(chain.genesis());
    // The longest epoch: every changed leaf and message at its greatest size, all nodes rewritten, the header.
    constexpr std::uint64_t longest_epoch = 256 * KiB;
    while (writer.written() + longest_epoch <= size) FILFIL_CHECK(chain.grow());
    FILFIL_CHECK(writer.finish());
    const std::vector<Cid> roots{chain.head()};
    FILFIL_CHECK(file->write_at(0, car::encode_header(roots)));
    FILFIL_CHECK(file->commit());
    std::printf("%s: %llu blocks, %s, root %s\n", path.c_str(), static_cast<unsigned long long>(chain.blocks()),
                format_size(writer.written()).c_str(), chain.head().text().c_str());
    return {};
}

Result<void> run(const std::vector<std::string>& arguments) {
    if (arguments.size() != 3)
        return Error(ErrorCode::invalid_argument, "three arguments are needed", "make_car OUTPUT SIZE SEED");
    FILFIL_TRY(const std::uint64_t size, parse_size(arguments[1]));
    FILFIL_TRY(const std::uint64_t seed, parse_size(arguments[2]));
    return make_car(arguments[0], size, seed);
}

}    // namespace
}    // namespace filfil

int main(int count, char** arguments) {
    const filfil::Result<void> done = filfil::run({arguments + 1, arguments + count});
    if (done.ok()) return EXIT_SUCCESS;
    std::fprintf(stderr, "make_car: %s\n", done.error().text().c_str());
    return EXIT_FAILURE;
}
