// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/holders_answer.hpp"

#include "ipld/cid.hpp"
#include "ipld/piece_cid.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

/// Of one page.
constexpr std::size_t most_holders = 4096;

Error corrupt(std::string why) {
    return {ErrorCode::corrupt, "the answer of FilFil.Holders " + std::move(why),
            "update the daemon and this program to the same version"};
}

Result<std::uint64_t> count_field(const rpc::Json& object, std::string_view name, std::uint64_t most) {
    FILFIL_TRY(const std::int64_t value, rpc::integer_field(object, name));
    if (value < 0 || static_cast<std::uint64_t>(value) > most)
        return corrupt("has the " + std::string(name) + " " + std::to_string(value));
    return static_cast<std::uint64_t>(value);
}

Result<ipld::PieceCidInfo> read_cid(const std::string& text) {
    FILFIL_TRY(const ipld::Cid cid, ipld::Cid::parse(text));
    return ipld::read_piece_cid(cid);
}

Result<WantedPiece> read_piece(const rpc::Json& json, std::size_t place) {
    constexpr std::uint64_t most = std::uint64_t{1} << 62;
    FILFIL_TRY(const std::uint64_t number, count_field(json, "piece", 0x7f));
    if (number != place)
        return corrupt("has piece " + std::to_string(number) + " in the place of " + std::to_string(place));
    FILFIL_TRY(const std::string text, rpc::text_field(json, "piece_cid"));
    FILFIL_TRY(const ipld::PieceCidInfo info, read_cid(text));
    WantedPiece out;
    out.root = info.root;
    FILFIL_TRY(out.payload_size, count_field(json, "payload_size", most));
    FILFIL_TRY(out.padded_size, count_field(json, "padded_size", most));
    FILFIL_TRY(const rpc::Json* second, rpc::field(json, "piece_cid_v2"));
    if (second->is_null()) return out;
    if (!second->is_string()) return corrupt("has a piece_cid_v2 that is no text");
    FILFIL_TRY(const ipld::PieceCidInfo both, read_cid(second->get<std::string>()));
    if (both.root != out.root || both.payload_size != out.payload_size || both.padded_size != out.padded_size)
        return corrupt("names a piece by two CIDs that are not the same piece's");
    return out;
}

Result<std::vector<WantedPiece>> read_pieces(const rpc::Json& list) {
    if (!list.is_array() || list.size() > max_fetched_pieces)
        return corrupt("has pieces that are no list, or too many");
    std::vector<WantedPiece> out;
    for (const rpc::Json& one : list) {
        FILFIL_TRY(WantedPiece piece, read_piece(one, out.size()));
        out.push_back(std::move(piece));
    }
    return out;
}

Result<std::optional<StagedSnapshot::Holder>> read_holder(const rpc::Json& json) {
    StagedSnapshot::Holder out;
    FILFIL_TRY(out.piece, count_field(json, "piece", 0x7f));
    FILFIL_TRY(out.alternative, rpc::bool_field(json, "alternative"));
    FILFIL_TRY(const std::string state, rpc::text_field(json, "state"));
    FILFIL_TRY(const rpc::Json* endpoint, rpc::field(json, "endpoint"));
    if (endpoint->is_string())
        out.endpoint = endpoint->get<std::string>();
    else if (!endpoint->is_null())
        return corrupt("has an endpoint that is no text");
    if (state == "dead") return std::optional<StagedSnapshot::Holder>();
    return std::optional(std::move(out));
}

class PlanMaker {
public:
    explicit PlanMaker(std::vector<WantedPiece> pieces) { m_plan.pieces = std::move(pieces); }

    void add(const PieceSource& source, std::size_t piece) {
        if (piece >= m_plan.pieces.size()) return;
        auto found = std::ranges::find(m_plan.sources, source.name, &PieceSource::name);
        if (found == m_plan.sources.end()) found = m_plan.sources.insert(found, source);
        const auto place = static_cast<std::size_t>(found - m_plan.sources.begin());
        auto& sources = m_plan.pieces[piece].sources;
        if (std::ranges::find(sources, place) == sources.end()) sources.push_back(place);
    }
    [[nodiscard]] std::size_t pieces() const noexcept { return m_plan.pieces.size(); }
    [[nodiscard]] FetchPlan take() && { return std::move(m_plan); }

private:
    FetchPlan m_plan;
};

}    // namespace

Result<StagedSnapshot> read_holders_answer(const rpc::Json& answer) {
    if (!answer.is_object()) return corrupt("is no object");
    StagedSnapshot out;
    const auto pieces = answer.find("pieces");
    if (pieces == answer.end() || !answer.contains("epoch"))
        return Error(ErrorCode::unsupported, "the daemon is too old: its FilFil.Holders does not tell of pieces",
                     "update the daemon, or name the contract with --eth URL --contract 0x…");
    FILFIL_TRY(out.epoch, count_field(answer, "epoch", std::uint64_t{1} << 62));
    FILFIL_TRY(out.slot, count_field(answer, "slot", 0xffffffffU));
    FILFIL_TRY(out.pieces, read_pieces(*pieces));
    if (const auto others = answer.find("alternative_pieces"); others != answer.end()) {
        FILFIL_TRY(out.alternatives, read_pieces(*others));
    }
    FILFIL_TRY(const rpc::Json* holders, rpc::field(answer, "holders"));
    if (!holders->is_array() || holders->size() > most_holders) return corrupt("has holders that are no list");
    for (const rpc::Json& one : *holders) {
        FILFIL_TRY(auto holder, read_holder(one));
        if (holder) out.holders.push_back(*std::move(holder));
    }
    if (const auto next = answer.find("next"); next != answer.end() && !next->is_null()) {
        FILFIL_TRY(out.next, count_field(answer, "next", 1'000'000'000));
    }
    return out;
}

Result<FetchPlan> make_plan(const StagedSnapshot& snapshot, const std::vector<std::string>& more) {
    std::vector<PieceSource> others;
    for (const std::string& text : more) {
        FILFIL_TRY(PieceSource source, parse_source(text));
        others.push_back(std::move(source));
    }
    const auto plan_of = [&](const std::vector<WantedPiece>& pieces, bool alternative) {
        PlanMaker out(pieces);
        for (const StagedSnapshot::Holder& holder : snapshot.holders) {
            if (holder.alternative != alternative || !holder.endpoint) continue;
            // Anybody may announce anything: what is no URL is passed over.
            if (const auto source = parse_source(*holder.endpoint); source.ok()) out.add(*source, holder.piece);
        }
        for (const PieceSource& source : others)
            for (std::size_t i = 0; i < out.pieces(); ++i) out.add(source, i);
        return std::move(out).take();
    };
    FetchPlan first = plan_of(snapshot.pieces, false);
    const Result<void> checked = first.check();
    if (checked.ok()) return first;
    if (!snapshot.alternatives.empty()) {
        FetchPlan second = plan_of(snapshot.alternatives, true);
        if (second.check().ok()) return second;
    }
    return checked.error();
}

}    // namespace filfil::retrieval
