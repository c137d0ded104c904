// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "snapshot/diff_format.hpp"

#include "ipld/dag_cbor.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace filfil::snapshot {
namespace {

using ipld::Value;

constexpr std::uint64_t format_version = 1;

/// A run takes at most 19 bytes, so this many stay below largest_run_list.
constexpr std::size_t runs_a_list = 50'000;

/// Keeps all sums of two below 2^64.
constexpr std::uint64_t largest_number = std::uint64_t{1} << 62;

Error bad(const std::string& why) { return {ErrorCode::corrupt, "the diff's manifest " + why}; }
Error bad_list(const std::string& why) { return {ErrorCode::corrupt, "a run list of the diff " + why}; }

std::optional<std::uint64_t> number_of(const Value* value) {
    if (value == nullptr || value->as_integer() == nullptr) return std::nullopt;
    const auto number = value->as_integer()->as_uint64();
    return number && *number <= largest_number ? number : std::nullopt;
}

Result<std::uint64_t> number_in(const Value& map, std::string_view key) {
    const auto number = number_of(map.find(key));
    if (!number) return bad("has no number '" + std::string(key) + "'");
    return *number;
}

Result<const Value*> map_in(const Value& map, std::string_view key) {
    const Value* value = map.find(key);
    if (value == nullptr || value->as_map() == nullptr) return bad("has no map '" + std::string(key) + "'");
    return value;
}

Value::Map map_of(const CarIdentity& car) {
    return {{"bytes", car.bytes}, {"blocks", car.blocks}, {"sha256", to_bytes(car.sha256)}};
}

Result<CarIdentity> read_identity(const Value& map) {
    CarIdentity car;
    FILFIL_TRY(car.bytes, number_in(map, "bytes"));
    FILFIL_TRY(car.blocks, number_in(map, "blocks"));
    const Value* sha256 = map.find("sha256");
    const Bytes* digest = sha256 == nullptr ? nullptr : sha256->as_bytes();
    if (digest == nullptr || digest->size() != car.sha256.size()) return bad("has no SHA-256 of 32 bytes");
    std::ranges::copy(*digest, car.sha256.begin());
    return car;
}

Result<std::vector<ipld::Cid>> read_links(const Value& map) {
    const Value* value = map.find("run_lists");
    if (value == nullptr || value->as_list() == nullptr) return bad("has no list 'run_lists'");
    std::vector<ipld::Cid> links;
    for (const Value& entry : *value->as_list()) {
        if (entry.as_link() == nullptr) return bad("has something in 'run_lists' that is no CID");
        links.push_back(*entry.as_link());
    }
    return links;
}

/// Whether `next` goes on where `run` ends.
bool continues(const Run& run, const Run& next) noexcept {
    if (run.base.has_value() != next.base.has_value()) return false;
    return !run.base || *run.base + run.bytes == *next.base;
}

}    // namespace

Result<Bytes> encode(const DiffManifest& manifest) {
    Value::List links;
    for (const ipld::Cid& cid : manifest.run_lists) links.emplace_back(cid);
    Value::Map target = map_of(manifest.target);
    target.push_back({"header", manifest.target_header});
    return ipld::encode_dag_cbor(
        Value::Map{{"car_diff", format_version},
                   {"base", map_of(manifest.base)},
                   {"target", std::move(target)},
                   {"added", Value::Map{{"bytes", manifest.added_bytes}, {"blocks", manifest.added_blocks}}},
                   {"removed", manifest.removed_blocks},
                   {"run_lists", std::move(links)}});
}

Result<DiffManifest> decode_manifest(ByteView block) {
    auto decoded = ipld::decode_dag_cbor(block);
    if (!decoded.ok()) return bad("cannot be read: " + decoded.error().message);
    const Value& map = *decoded;
    FILFIL_TRY(const std::uint64_t version, number_in(map, "car_diff"));
    if (version > format_version)
        return Error(ErrorCode::unsupported,
                     "the diff has version " + std::to_string(version) + " of its format, and up to " +
                         std::to_string(format_version) + " is known here",
                     "use a newer fil-fil");
    DiffManifest manifest;
    FILFIL_TRY(const Value* const base, map_in(map, "base"));
    FILFIL_TRY(manifest.base, read_identity(*base));
    FILFIL_TRY(const Value* const target, map_in(map, "target"));
    FILFIL_TRY(manifest.target, read_identity(*target));
    const Value* header = target->find("header");
    if (header == nullptr || header->as_bytes() == nullptr) return bad("has no 'header' of the target");
    manifest.target_header = *header->as_bytes();
    FILFIL_TRY(const Value* const added, map_in(map, "added"));
    FILFIL_TRY(manifest.added_bytes, number_in(*added, "bytes"));
    FILFIL_TRY(manifest.added_blocks, number_in(*added, "blocks"));
    FILFIL_TRY(manifest.removed_blocks, number_in(map, "removed"));
    FILFIL_TRY(manifest.run_lists, read_links(map));
    if (manifest.target_header.size() > manifest.target.bytes ||
        manifest.added_bytes > manifest.target.bytes - manifest.target_header.size())
        return bad("names more bytes than the target has");
    return manifest;
}

Result<void> RunPacker::add(const Run& section) {
    if (m_current && continues(*m_current, section)) {
        m_current->bytes += section.bytes;
        return {};
    }
    if (m_current) m_runs.push_back(*m_current);
    m_current = section;
    return m_runs.size() < runs_a_list ? Result<void>() : close_list();
}

Result<void> RunPacker::close_list() {
    Value::List list;
    list.reserve(m_runs.size());
    for (const Run& run : m_runs)
        list.emplace_back(run.base ? Value::List{run.bytes, *run.base} : Value::List{run.bytes});
    FILFIL_TRY(Bytes block, ipld::encode_dag_cbor(Value(std::move(list))));
    m_lists.push_back(std::move(block));
    m_runs.clear();
    return {};
}

Result<std::vector<Bytes>> RunPacker::finish() {
    if (m_current) m_runs.push_back(*m_current);
    m_current.reset();
    if (!m_runs.empty()) FILFIL_CHECK(close_list());
    return std::move(m_lists);
}

Result<std::vector<Run>> decode_run_list(ByteView block) {
    auto decoded = ipld::decode_dag_cbor(block);
    if (!decoded.ok()) return bad_list("cannot be read: " + decoded.error().message);
    if (decoded->as_list() == nullptr) return bad_list("is no list");
    std::vector<Run> runs;
    runs.reserve(decoded->as_list()->size());
    for (const Value& entry : *decoded->as_list()) {
        const Value::List* parts = entry.as_list();
        if (parts == nullptr || parts->empty() || parts->size() > 2) return bad_list("holds something that is no run");
        const auto bytes = number_of(&parts->front());
        const auto base = parts->size() == 2 ? number_of(&parts->back()) : std::optional<std::uint64_t>{};
        if (!bytes || *bytes == 0 || base.has_value() != (parts->size() == 2))
            return bad_list("holds a run of no bytes or from no place");
        const Run run{*bytes, base};
        if (!runs.empty() && continues(runs.back(), run)) return bad_list("holds two runs that should be one");
        runs.push_back(run);
    }
    return runs;
}

}    // namespace filfil::snapshot
