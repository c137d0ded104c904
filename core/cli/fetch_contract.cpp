// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "cli/fetch_sources.hpp"
#include "incentive/contract_client.hpp"
#include "incentive/log_json.hpp"
#include "net/asio_transport.hpp"
#include "rpc/client.hpp"

#include <condition_variable>
#include <map>
#include <mutex>

namespace filfil::cli {
namespace {

namespace calls = incentive::contract::calls;
namespace events = incentive::contract::events;
using incentive::BlockTag;

/// Slots that the contract lists at once.
constexpr std::uint64_t latest_slots = 64;

/// Blocks in one question for announcements, which Lotus still takes, and how many of them are asked.
constexpr std::uint64_t range = 2000;
constexpr unsigned most_ranges = 64;
constexpr std::uint8_t alternative_bit = 0x80;
constexpr std::uint8_t held_dead = 4;
constexpr std::uint8_t largest_piece_log2 = 36;

/// One node's Ethereum API, each call waited for.
class EthLink {
public:
    EthLink(Context& context, const incentive::EthAddress& address)
        : m_context(context),
          m_transport(m_log, 1),
          m_world{context.clock, *m_loop, *m_loop, context.files, m_transport, m_random, m_log},
          m_address(address) {}
    EthLink(const EthLink&) = delete;
    EthLink& operator=(const EthLink&) = delete;
    ~EthLink() {
        (void)wait_for<int>(
            [this](const std::function<void(Result<int>)>& done) {
                m_contract.reset();
                m_client.reset();
                done(0);
            },
            false);
    }

    Result<void> open(const Url& url) {
        FILFIL_TRY(const int opened, wait_for<int>([this, url](const std::function<void(Result<int>)>& done) {
                       rpc::ClientConfig config;
                       config.url = url;
                       m_client = rpc::make_client(m_world, config);
                       m_contract = std::make_unique<incentive::ContractClient>(m_world, incentive::ask_of(*m_client),
                                                                                m_address);
                       m_client->open(
                           [done](const Result<void>& result) { done(result.ok() ? Result<int>(0) : result.error()); },
                           [](const Error&) {});
                   }));
        static_cast<void>(opened);
        return {};
    }

    template <class Call>
    Result<typename Call::Output> call(const typename Call::Input& input) {
        return wait_for<typename Call::Output>(
            [this, input](const auto& done) { m_contract->template call<Call>(input, BlockTag::latest(), done); });
    }

    Result<std::vector<incentive::contract::Holder>> holders(std::uint32_t slot) {
        return wait_for<std::vector<incentive::contract::Holder>>(
            [this, slot](const auto& done) { m_contract->all_holders(slot, BlockTag::latest(), done); });
    }

    Result<incentive::BlockRef> head() {
        return wait_for<incentive::BlockRef>([this](const auto& done) { m_contract->block(BlockTag::latest(), done); });
    }

    Result<rpc::Json> ask(const std::string& method, rpc::Json params) {
        return wait_for<rpc::Json>([this, method, params = std::move(params)](const auto& done) {
            m_client->call(method, params, [done, method](rpc::Answer answer) {
                done(incentive::eth_result_of(std::move(answer), method));
            });
        });
    }

private:
    template <class T>
    Result<T> wait_for(std::function<void(const std::function<void(Result<T>)>&)> begin, bool stops = true) {
        struct Box {
            std::mutex mutex;
            std::condition_variable_any changed;
            std::optional<Result<T>> value;
        };
        const auto box = std::make_shared<Box>();
        m_loop->post([begin = std::move(begin), box] {
            begin([box](Result<T> value) {
                const std::lock_guard lock(box->mutex);
                box->value = std::move(value);
                box->changed.notify_all();
            });
        });
        std::unique_lock lock(box->mutex);
        const auto there = [&] { return box->value.has_value(); };
        if (!stops)
            box->changed.wait(lock, there);
        else if (!box->changed.wait(lock, m_context.stop, there))
            return Error(ErrorCode::cancelled, "stopped before the node answered");
        return std::move(*box->value);
    }

    Context& m_context;
    NullLogSink m_log;
    SystemRandom m_random;
    std::unique_ptr<ThreadPool> m_loop = std::make_unique<ThreadPool>(1);
    net::AsioTransport m_transport;
    World m_world;
    incentive::EthAddress m_address;
    std::shared_ptr<rpc::Client> m_client;
    std::unique_ptr<incentive::ContractClient> m_contract;
};

struct Slot {
    std::uint32_t number = 0;
    calls::SlotInfo::Output info;
};

Result<Slot> find_slot(EthLink& link, std::uint64_t epoch) {
    FILFIL_TRY(const auto latest, link.call<calls::Latest>({.count = latest_slots}));
    for (const std::uint32_t slot : latest.slots) {
        FILFIL_TRY(const auto info, link.call<calls::SlotInfo>({.slot = slot}));
        if (info.epoch == epoch) return Slot{slot, info};
    }
    return Error(ErrorCode::not_found,
                 "no snapshot of epoch " + std::to_string(epoch) + " is among the last " +
                     std::to_string(latest_slots) + " that the contract has",
                 "`fil-fil operator status` and `fil-fil windows` list the epochs; a daemon knows older ones");
}

Result<std::vector<retrieval::WantedPiece>> read_pieces(EthLink& link, std::uint32_t slot, std::uint8_t count,
                                                        std::uint8_t from) {
    std::vector<retrieval::WantedPiece> out;
    for (std::uint8_t i = 0; i < count; ++i) {
        FILFIL_TRY(const auto piece,
                   link.call<calls::Piece>({.slot = slot, .index = static_cast<std::uint8_t>(from + i)}));
        retrieval::WantedPiece wanted;
        wanted.root = piece.root;
        wanted.payload_size = piece.raw_size;
        if (piece.log2_padded <= largest_piece_log2) wanted.padded_size = std::uint64_t{1} << piece.log2_padded;
        out.push_back(std::move(wanted));
    }
    return out;
}

/// The newest announcement of each miner, by its number. What cannot be asked is not found.
class Announcements {
public:
    Announcements(EthLink& link, const incentive::EthAddress& contract) : m_link(link), m_contract(contract) {}

    std::map<std::uint64_t, std::string> read(std::uint64_t head) {
        if (read_range("0x0", "latest")) return std::move(m_found);
        std::uint64_t last = head;
        for (unsigned i = 0; i < most_ranges; ++i) {
            const std::uint64_t first = last < range ? 0 : last - range + 1;
            if (!read_range(incentive::hex_of(first), incentive::hex_of(last)) || first == 0) break;
            last = first - 1;
        }
        return std::move(m_found);
    }

private:
    bool read_range(const std::string& from, const std::string& to) {
        const auto answer = m_link.ask(
            "eth_getLogs", rpc::Json::array({rpc::Json{{"address", m_contract.text()},
                                                       {"fromBlock", from},
                                                       {"toBlock", to},
                                                       {"topics", {incentive::hex_of(events::EndpointSet::topic)}}}}));
        if (!answer.ok() || !answer->is_array()) return false;
        // From newer ranges to older ones, and from older logs to newer ones inside: the newest one stays.
        std::map<std::uint64_t, std::string> here;
        for (const rpc::Json& json : *answer) {
            const auto log = incentive::read_eth_log(json);
            if (!log.ok() || log->address != m_contract) continue;
            const auto event = incentive::contract::decode_event(log->topics, log->data);
            if (!event.ok()) continue;
            if (const auto* set = std::get_if<events::EndpointSet>(&*event)) here[set->miner] = set->url;
        }
        m_found.merge(here);
        return true;
    }

    EthLink& m_link;
    incentive::EthAddress m_contract;
    std::map<std::uint64_t, std::string> m_found;
};

}    // namespace

Result<FoundSnapshot> ask_contract(Context& context, const ContractPlace& place, std::uint64_t epoch) {
    auto url = parse_url(place.eth);
    if (!url.ok()) return std::move(url).error().in("--eth");
    auto address = incentive::EthAddress::parse(place.contract);
    if (!address.ok()) return std::move(address).error().in("--contract");
    EthLink link(context, *address);
    FILFIL_CHECK(link.open(*url));
    FILFIL_TRY(const Slot slot, find_slot(link, epoch));

    FoundSnapshot out;
    out.staged.epoch = epoch;
    out.staged.slot = slot.number;
    FILFIL_TRY(out.staged.pieces, read_pieces(link, slot.number, slot.info.pieces, 0));
    FILFIL_TRY(out.staged.alternatives, read_pieces(link, slot.number, slot.info.alternatives, alternative_bit));
    FILFIL_TRY(const auto holders, link.holders(slot.number));
    FILFIL_TRY(const incentive::BlockRef head, link.head());
    const auto endpoints = Announcements(link, *address).read(head.number);
    for (const incentive::contract::Holder& holder : holders) {
        if (holder.state == held_dead) continue;
        retrieval::StagedSnapshot::Holder one;
        one.piece = holder.piece & static_cast<std::uint8_t>(alternative_bit - 1);
        one.alternative = (holder.piece & alternative_bit) != 0;
        if (const auto found = endpoints.find(holder.miner); found != endpoints.end()) one.endpoint = found->second;
        out.staged.holders.push_back(std::move(one));
    }
    out.stem = snapshot_stem("", epoch, to_hex(slot.info.tipset));
    return out;
}

}    // namespace filfil::cli
