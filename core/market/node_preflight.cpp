// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "market/node_preflight.hpp"

#include "base/units.hpp"

#include <array>
#include <utility>

namespace filfil::market {
namespace {

using rpc::Json;
using State = PreflightRow::State;

constexpr double late_epochs = 3;

PreflightRow row_of(std::string what, std::string why) { return {.what = std::move(what), .why = std::move(why)}; }

/// Something else than an answer came.
void not_told(PreflightRow& row, const Error& error, std::string fix = {}) {
    row.state = State::unknown;
    row.found = error.message;
    row.fix = !fix.empty()           ? std::move(fix)
              : error.remedy.empty() ? "check the node with fil-fil status"
                                     : error.remedy;
}

void judge(PreflightRow& row, bool good, std::string found, std::string fix, State otherwise = State::bad) {
    row.state = good ? State::good : otherwise;
    row.found = std::move(found);
    if (!good) row.fix = std::move(fix);
}

bool is_zero(const Json& sector, std::string_view field) {
    const auto text = rpc::text_field(sector, field);
    return text.ok() && *text == "0";
}

// Source: curio market/storageingest deal_ingest_snap.go MaxEndEpochBufferUnverified; mk20's deals without a start
// begin two days ahead (market/mk20 ddo_v1.go).
constexpr std::int64_t epochs_a_day = 2880;
constexpr std::int64_t curio_delay_days = 2;
constexpr std::int64_t curio_most_days = 180;

}    // namespace

Result<std::size_t> count_free_sectors(const Json& sectors, std::int64_t least_expiration,
                                       std::int64_t most_expiration) {
    if (sectors.is_null()) return std::size_t{0};
    if (!sectors.is_array()) return Error(ErrorCode::corrupt, "the node's list of sectors is none");
    std::size_t out = 0;
    for (const Json& sector : sectors) {
        const auto expiration = rpc::integer_field(sector, "Expiration");
        const auto key = rpc::field(sector, "SectorKeyCID");
        // One that was snapped once has the key of its replica, and cannot be snapped again.
        const bool snapped = key.ok() && !(*key)->is_null();
        if (expiration.ok() && *expiration >= least_expiration && *expiration <= most_expiration &&
            is_zero(sector, "DealWeight") && is_zero(sector, "VerifiedDealWeight") && !snapped)
            ++out;
    }
    return out;
}

void NodePreflight::run(const DealOrder& order, Handler handler) {
    auto begin = m_here([this, work = std::make_shared<Work>(Work{order, std::move(handler)})](int) { next(work, 0); });
    m_world.loop.post([begin]() mutable { begin(0); });
}

void NodePreflight::next(const std::shared_ptr<Work>& work, std::size_t step) {
    using Check = void (NodePreflight::*)(const std::shared_ptr<Work>&, std::function<void()>);
    constexpr std::array<Check, 7> checks = {&NodePreflight::check_head,    &NodePreflight::check_finality,
                                             &NodePreflight::check_funds,   &NodePreflight::check_sector_size,
                                             &NodePreflight::check_sectors, &NodePreflight::check_collateral,
                                             &NodePreflight::check_locator};
    if (step == checks.size()) return work->handler(std::move(work->rows));
    (this->*checks[step])(work, [this, work, step] { next(work, step + 1); });
}

void NodePreflight::ask(const std::string& method, Json params, std::function<void(const Result<Json>&)> handler) {
    m_ask(method, std::move(params), m_here([method, handler = std::move(handler)](rpc::Answer answer) {
              handler(std::move(answer).to_result(method));
          }));
}

void NodePreflight::check_head(const std::shared_ptr<Work>& work, std::function<void()> done) {
    ask("Filecoin.ChainHead", Json::array(), [this, work, done = std::move(done)](const Result<Json>& head) {
        PreflightRow row = row_of("the node is in sync, and this machine's clock is right",
                                  "who is behind takes another snapshot, or none in time");
        const auto read = [&]() -> Result<std::int64_t> {
            if (!head.ok()) return head.error();
            FILFIL_TRY(work->head, rpc::integer_field(*head, "Height"));
            FILFIL_TRY(const Json* blocks, rpc::field(*head, "Blocks"));
            if (!blocks->is_array() || blocks->empty())
                return Error(ErrorCode::corrupt, "the node's head has no blocks");
            return rpc::integer_field((*blocks)[0], "Timestamp");
        }();
        if (!read.ok()) {
            not_told(row, read.error(), "check the node with fil-fil status");
            row.state = State::bad;
        } else {
            const auto now = std::chrono::duration_cast<std::chrono::seconds>(m_world.clock.wall()).count();
            const auto behind = static_cast<double>(now) - static_cast<double>(*read);
            const auto epoch = static_cast<double>(m_options.epoch_seconds);
            judge(row, behind < late_epochs * epoch && behind > -epoch,
                  "the head is of epoch " + std::to_string(work->head) + ", " +
                      std::to_string(static_cast<long>(behind)) + " s old",
                  behind > 0 ? "wait for the node to catch up, or put the clock right"
                             : "put this machine's clock right");
        }
        work->rows.push_back(std::move(row));
        done();
    });
}

void NodePreflight::check_finality(const std::shared_ptr<Work>& work, std::function<void()> done) {
    ask("Filecoin.ChainGetFinalizedTipSet", Json::array(),
        [this, work, done = std::move(done)](const Result<Json>& tipset) {
            PreflightRow row =
                row_of("the node knows what is final", "only what is final is staged, so only that is worth storing");
            const auto height =
                tipset.ok() ? rpc::integer_field(*tipset, "Height") : Result<std::int64_t>(tipset.error());
            if (!height.ok()) {
                const bool old = height.error().code == ErrorCode::unsupported;
                not_told(row, height.error(),
                         old ? "update the node: F3 makes epochs final in minutes instead of hours" : "");
                if (old) row.state = State::warning;
            } else if (m_options.target > 0) {
                const std::string found = "final up to epoch " + std::to_string(*height);
                judge(row, *height >= m_options.target, found,
                      "wait until epoch " + std::to_string(m_options.target) + " is final", State::unknown);
            } else {
                const std::int64_t behind = work->head - *height;
                judge(
                    row, behind < 120,
                    "final up to epoch " + std::to_string(*height) + ", " + std::to_string(behind) + " behind the head",
                    "check F3 in the node: epochs become final slowly", State::warning);
            }
            work->rows.push_back(std::move(row));
            done();
        });
}

void NodePreflight::check_funds(const std::shared_ptr<Work>& work, std::function<void()> done) {
    if (m_options.wallet.empty()) return done();
    ask("Filecoin.WalletBalance", Json::array({m_options.wallet}),
        [this, work, done = std::move(done)](const Result<Json>& balance) {
            PreflightRow row = row_of("the wallet has funds", "messages to the contract cost gas");
            const auto* const text = balance.ok() ? balance->get_ptr<const Json::string_t*>() : nullptr;
            const auto amount = !balance.ok() ? Result<incentive::U256>(balance.error())
                                : text == nullptr
                                    ? Result<incentive::U256>(Error(ErrorCode::corrupt, "the balance is no text"))
                                    : incentive::U256::parse(*text);
            if (!amount.ok())
                not_told(row, amount.error());
            else
                judge(row, *amount >= m_options.least_funds && !amount->zero(), amount->text() + " attoFIL",
                      "send FIL to " + m_options.wallet);
            work->rows.push_back(std::move(row));
            done();
        });
}

void NodePreflight::check_sector_size(const std::shared_ptr<Work>& work, std::function<void()> done) {
    const std::string miner = work->order.provider.text(m_options.letter);
    ask("Filecoin.StateMinerInfo", Json::array({miner, nullptr}),
        [work, done = std::move(done)](const Result<Json>& info) {
            PreflightRow row =
                row_of("the piece fits into a sector of the miner", "a market refuses one that does not");
            const auto size = info.ok() ? rpc::integer_field(*info, "SectorSize") : Result<std::int64_t>(info.error());
            if (!size.ok() || *size <= 0)
                not_told(row, size.ok() ? Error(ErrorCode::corrupt, "the sector size is not above 0") : size.error());
            else
                judge(row, work->order.padded_size <= static_cast<std::uint64_t>(*size),
                      "sectors of " + format_size(static_cast<std::uint64_t>(*size)) + ", a piece of " +
                          format_size(work->order.padded_size),
                      "register a miner with larger sectors");
            work->rows.push_back(std::move(row));
            done();
        });
}

void NodePreflight::check_sectors(const std::shared_ptr<Work>& work, std::function<void()> done) {
    const std::string miner = work->order.provider.text(m_options.letter);
    ask("Filecoin.StateMinerActiveSectors", Json::array({miner, nullptr}),
        [this, work, done = std::move(done)](const Result<Json>& list) {
            PreflightRow row = row_of("there are empty sectors that live long enough",
                                      "a piece is snapped into one in an hour or two; sealing a new sector takes many");
            const std::int64_t least =
                work->head + work->order.duration + (m_options.curio ? curio_delay_days * epochs_a_day : 0);
            const std::int64_t most =
                m_options.curio ? least + curio_most_days * epochs_a_day : std::numeric_limits<std::int64_t>::max();
            const auto count = list.ok() ? count_free_sectors(*list, least, most) : Result<std::size_t>(list.error());
            if (!count.ok())
                not_told(row, count.error(),
                         "the node did not give the list of the miner's sectors: look at them in Curio");
            else
                judge(row, *count >= m_options.sectors,
                      std::to_string(*count) + " without deals that end at epoch " + std::to_string(least) +
                          (m_options.curio ? " to " + std::to_string(most) : " or later"),
                      "seal sectors of committed capacity beforehand, or extend some", State::warning);
            work->rows.push_back(std::move(row));
            done();
        });
}

void NodePreflight::check_collateral(const std::shared_ptr<Work>& work, std::function<void()> done) {
    if (!m_options.f05) return done();
    ask("Filecoin.StateDealProviderCollateralBounds", Json::array({work->order.padded_size, false, nullptr}),
        [work, done = std::move(done)](const Result<Json>& bounds) {
            PreflightRow row = row_of("the deal's collateral is within f05's bounds",
                                      "markets take one between the least amount and twice that");
            const auto text = bounds.ok() ? rpc::text_field(*bounds, "Min") : Result<std::string>(bounds.error());
            const auto least = text.ok() ? incentive::U256::parse(*text) : Result<incentive::U256>(text.error());
            if (!least.ok()) {
                not_told(row, least.error());
            } else {
                const auto most = incentive::multiply(*least, 2);
                const incentive::U256& own = work->order.collateral;
                judge(row, own >= *least && most && own <= *most, own.text() + " attoFIL; at least " + least->text(),
                      "propose with a collateral a little above the least amount");
            }
            work->rows.push_back(std::move(row));
            done();
        });
}

void NodePreflight::check_locator(const std::shared_ptr<Work>& work, std::function<void()> done) {
    if (!m_options.locator) return done();
    PreflightRow row =
        row_of("this daemon gives the piece to the market", "Curio fetches it from the daemon's piece locator");
    const auto piece = piece_cid_v2(work->order);
    if (!piece.ok()) {
        not_told(row, piece.error());
        work->rows.push_back(std::move(row));
        done();
        return;
    }
    Url url = *m_options.locator;
    url.target += "?id=" + piece->text();
    HttpRequest request{
        .method = "HEAD", .target = url.target, .fields = {{"Authorization", "Bearer " + m_options.locator_token}}};
    ClientOptions options;
    options.answer_timeout = std::chrono::seconds(10);    // Curio's own
    auto answered = m_here([work, row, is_here = m_options.piece_is_here,
                            done = std::move(done)](const std::shared_ptr<Result<HttpResponse>>& answer) mutable {
        if (!answer->ok()) {
            not_told(row, answer->error(), "turn on the daemon's retrieval where Curio can reach it");
            row.state = State::bad;
        } else if (!is_here && (*answer)->status == 404) {
            judge(row, true, "HTTP 404, as it has to be before the snapshot is taken", "");
        } else {
            const auto length = find_field((*answer)->fields, "Content-Length");
            const bool sized = !length || *length == std::to_string(work->order.payload_size);
            judge(row, (*answer)->status == 200 && sized,
                  "HTTP " + std::to_string((*answer)->status) + (length ? ", " + std::string(*length) + " bytes" : ""),
                  (*answer)->status == 404   ? "the piece is not here yet or not any more: take the snapshot"
                  : (*answer)->status == 401 ? "give Curio the daemon's locator token in the PieceLocator's Headers"
                                             : "check the daemon's retrieval");
        }
        work->rows.push_back(std::move(row));
        done();
    });
    m_world.transport.request(url, std::move(request), options,
                              [&loop = m_world.loop, answered](Result<HttpResponse> answer) {
                                  const auto kept = std::make_shared<Result<HttpResponse>>(std::move(answer));
                                  loop.post([answered, kept]() mutable { answered(kept); });
                              });
}

}    // namespace filfil::market
