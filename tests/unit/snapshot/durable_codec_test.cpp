// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "car/writer.hpp"
#include "durable_script.hpp"
#include "ipld/dag_cbor.hpp"
#include "snapshot/saved_codec.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace filfil::snapshot {
namespace {

using ipld::Value;

ipld::Cid cid_of(std::string_view text) { return ipld::cid_of_block(ipld::Codec::dag_cbor, bytes_of(text)); }

Engine::Saved some_state() {
    Engine::Saved out;
    out.head = {cid_of("a"), cid_of("b")};
    out.tree = {{{cid_of("c")}, true, false, true}, {{cid_of("a"), cid_of("b")}, false, true, false}};
    out.holds = {{3, {cid_of("c")}, 0}, {9, {cid_of("d")}, std::numeric_limits<std::int64_t>::max()}};
    out.next_hold = std::numeric_limits<std::uint64_t>::max();
    out.keep_all_messages = true;
    out.window = {2000, 900};
    out.kept = {cid_of("e")};
    out.passing = {cid_of("f"), cid_of("g")};
    return out;
}

Engine::Saved bare_state() {
    Engine::Saved out;
    out.head = {cid_of("h")};
    return out;
}

/// What each kind of record says, and what decoding and encoding makes of it; nothing where it is refused.
struct Kind {
    std::string name;
    Bytes bytes;
    std::function<std::optional<Bytes>(ByteView)> again;
};

template <class Decode, class Encode>
std::function<std::optional<Bytes>(ByteView)> through(Decode decode, Encode encode) {
    return [=](ByteView bytes) -> std::optional<Bytes> {
        const auto value = decode(bytes);
        if (!value.ok()) {
            EXPECT_FALSE(value.error().message.empty());
            return std::nullopt;
        }
        auto out = encode(*value);
        EXPECT_TRUE(out.ok());
        return std::move(*out);
    };
}

std::vector<Kind> kinds() {
    LoggedChanges changes;
    changes.settled = true;
    changes.changes = {{chain::HeadChange::Type::revert, {cid_of("a")}, Epoch{5}},
                       {chain::HeadChange::Type::apply, {cid_of("b"), cid_of("c")}, Epoch{7}}};
    return {
        {"state", encode_saved(some_state()).value(), through(decode_saved, encode_saved)},
        {"no state", encode_saved(bare_state()).value(), through(decode_saved, encode_saved)},
        {"changes", encode_changes(changes).value(), through(decode_changes, encode_changes)},
        {"hold", encode_held({7, {cid_of("a")}, 12}).value(), through(decode_held, encode_held)},
        {"window", encode_window({3, 4}).value(), through(decode_window, encode_window)},
        {"number", encode_number(1'000'000).value(), through(decode_number, encode_number)},
    };
}

TEST(SavedCodec, GivesBackWhatWasEncoded) {
    for (const Kind& kind : kinds()) EXPECT_EQ(kind.again(kind.bytes), kind.bytes) << kind.name;
    const auto back = decode_saved(*encode_saved(some_state()));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->tree[0].key, some_state().tree[0].key);
    EXPECT_TRUE(back->tree[0].states && !back->tree[0].messages && back->tree[0].from_spine);
    EXPECT_EQ(back->holds[1].number, 9U);
    EXPECT_EQ(back->window, (Engine::Window{2000, 900}));
    EXPECT_EQ(back->passing, some_state().passing);
    EXPECT_EQ(back->kept, some_state().kept);
}

TEST(SavedCodec, RefusesEveryPart) {
    for (const Kind& kind : kinds())
        for (std::size_t size = 0; size < kind.bytes.size(); ++size)
            EXPECT_FALSE(kind.again(ByteView(kind.bytes).first(size))) << kind.name << " of " << size << " bytes";
}

TEST(SavedCodec, TakesOneEncodingOnly) {
    for (const Kind& kind : kinds()) {
        Bytes longer = kind.bytes;
        longer.push_back(std::byte{0});
        EXPECT_FALSE(kind.again(longer)) << kind.name;
        for (std::size_t place = 0; place < kind.bytes.size(); ++place)
            for (unsigned bit = 0; bit < 8; ++bit) {
                Bytes bent = kind.bytes;
                bent[place] ^= static_cast<std::byte>(1U << bit);
                if (const auto again = kind.again(bent)) EXPECT_EQ(*again, bent) << kind.name << " at " << place;
            }
    }
}

/// All values that differ from this one in one place: a part of another type, a field that is missing or too many.
void with_one_fault(const Value& value, const std::function<void(Value)>& visit) {
    for (const Value& other : {Value(Value::List{}), Value(-1), Value("text"), Value(Value::Map{})}) visit(other);
    if (const auto* list = value.as_list()) {
        for (std::size_t i = 0; i < list->size(); ++i)
            with_one_fault((*list)[i], [&](Value bent) {
                Value::List copy = *list;
                copy[i] = std::move(bent);
                visit(std::move(copy));
            });
    }
    if (const auto* map = value.as_map()) {
        for (std::size_t i = 0; i < map->size(); ++i) {
            Value::Map less = *map;
            less.erase(less.begin() + static_cast<std::ptrdiff_t>(i));
            visit(less);
            with_one_fault((*map)[i].value, [&](Value bent) {
                Value::Map copy = *map;
                copy[i].value = std::move(bent);
                visit(std::move(copy));
            });
        }
        Value::Map more = *map;
        more.push_back({"zzzzzzzzzzzzzz", 1});
        visit(std::move(more));
    }
}

TEST(SavedCodec, RefusesOtherTypesAndFields) {
    for (const Kind& kind : kinds()) {
        const auto value = ipld::decode_dag_cbor(kind.bytes);
        ASSERT_TRUE(value.ok());
        with_one_fault(*value, [&](const Value& bent) {
            const auto bytes = ipld::encode_dag_cbor(bent);
            if (!bytes.ok()) return;
            // An empty list may stand where one is expected.
            if (const auto again = kind.again(*bytes)) EXPECT_EQ(*again, *bytes) << kind.name;
        });
    }
    EXPECT_FALSE(decode_window(*ipld::encode_dag_cbor(Value::Map{{"recent", -1}, {"slack", 0}})).ok());
    EXPECT_FALSE(decode_saved(*encode_saved({})).ok()) << "no head";
}

TEST(RecordedBlocks, GiveBackWhatWasRecorded) {
    const reference::RandomChain chain = reference::random_chain(3, {.tipsets = 6});
    MapSource source(chain.blocks);
    std::vector<ipld::Cid> all;
    for (const auto& [cid, data] : chain.blocks) all.push_back(cid);
    for (const std::size_t at_most : {1UL, 200UL, 1UL << 20}) {
        RecordingSource recording(at_most);
        recording.listen_to(source);
        EXPECT_EQ(recording.fetch(all).size(), all.size());
        (void)recording.fetch(std::span(all).first(3));
        RecordedBlocks back;
        for (const Bytes& run : recording.sections()) {
            EXPECT_FALSE(run.empty());
            ASSERT_TRUE(back.add(run).ok());
        }
        EXPECT_EQ(back.size(), all.size());
        for (const ipld::Cid& cid : all) EXPECT_EQ(back.fetch(std::span(&cid, 1))[0].value(), chain.blocks.at(cid));
        recording.clear();
        EXPECT_TRUE(recording.sections().empty());
        EXPECT_EQ(back.fetch(std::vector{cid_of("nobody has it")})[0].error().code, ErrorCode::not_found);
    }
}

TEST(RecordedBlocks, AreNotThoseThatStandThereAlready) {
    const reference::RandomChain chain = reference::random_chain(3, {.tipsets = 6});
    MapSource source(chain.blocks);
    std::vector<ipld::Cid> all;
    for (const auto& [cid, data] : chain.blocks) all.push_back(cid);
    RecordingSource recording(1U << 20);
    recording.listen_to(source);
    recording.skip(std::span(all).first(2));
    EXPECT_EQ(recording.fetch(all).size(), all.size()) << "they are given on all the same";
    RecordedBlocks back;
    for (const Bytes& run : recording.sections()) ASSERT_TRUE(back.add(run).ok());
    EXPECT_EQ(back.size(), all.size() - 2);
    EXPECT_FALSE(back.fetch(std::span(all).first(1))[0].ok());
    recording.clear();
    (void)recording.fetch(all);
    back.clear();
    for (const Bytes& run : recording.sections()) ASSERT_TRUE(back.add(run).ok());
    EXPECT_EQ(back.size(), all.size() - 2) << "until that is taken back";
    recording.clear();
    recording.skip_none();
    (void)recording.fetch(all);
    back.clear();
    for (const Bytes& run : recording.sections()) ASSERT_TRUE(back.add(run).ok());
    EXPECT_EQ(back.size(), all.size());
}

TEST(RecordedBlocks, TakeWhatCameLast) {
    reference::Blocks blocks;
    const ipld::Cid cid = cid_of("right");
    blocks[cid] = to_bytes(bytes_of("wrong"));
    MapSource source(blocks);
    RecordingSource recording(1000);
    recording.listen_to(source);
    (void)recording.fetch(std::span(&cid, 1));
    blocks[cid] = to_bytes(bytes_of("right"));
    (void)recording.fetch(std::span(&cid, 1));
    RecordedBlocks back;
    for (const Bytes& run : recording.sections()) ASSERT_TRUE(back.add(run).ok());
    EXPECT_EQ(chars_of(back.fetch(std::span(&cid, 1))[0].value()), "right");
}

TEST(RecordedBlocks, RefusePartsOfSections) {
    Bytes run;
    const ipld::Cid first = cid_of("one");
    const ipld::Cid second = cid_of("two");
    car::append_section(run, first.bytes(), bytes_of("one"));
    const std::size_t end = run.size();
    car::append_section(run, second.bytes(), bytes_of("two"));
    for (std::size_t size = 0; size <= run.size(); ++size) {
        RecordedBlocks blocks;
        const auto added = blocks.add(ByteView(run).first(size));
        EXPECT_EQ(added.ok(), size == 0 || size == end || size == run.size()) << size;
        EXPECT_EQ(blocks.size(), size < end ? 0U : size < run.size() ? 1U : 2U);
    }
}

}    // namespace
}    // namespace filfil::snapshot
