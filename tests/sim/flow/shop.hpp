// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"
#include "crash_files.hpp"
#include "paying_chain.hpp"
#include "sealing_yard.hpp"
#include "weather.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace filfil::sim {

/// A proposal that came in, and what the market had then.
struct Proposal {
    std::uint64_t epoch = 0;
    std::string body{};
    std::set<std::string> alive{};    ///< deals that had not failed
};

/// The market of one own provider, of a kind that the seed decides, with its traps; and a look at all that comes in.
class Shop final : public HttpServer {
public:
    struct Parts {
        VirtualClock& clock;
        MemoryNetwork& network;
        CrashFiles& files;    ///< the daemon's: Boost reads pieces there
        Files& own_files;
        LogSink& log;
        commp::Backend& hasher;
        PayingChain& chain;
        market::SealingYard& yard;
        std::uint64_t seed = 0;
        std::function<void(const std::string&)> trace;
    };

    Shop(Parts parts, service::MarketKind kind, std::uint64_t miner);
    ~Shop() override;
    Shop(const Shop&) = delete;
    Shop& operator=(const Shop&) = delete;

    /// It listens, and the settings name it. @param put writes a file of the daemon's, durably
    Result<void> begin(service::Config& config, const std::function<void(std::string, Bytes)>& put);

    /// An epoch has passed.
    void advance(std::uint64_t epoch);

    /// Something may go wrong, or be well again.
    void act(std::uint64_t epoch);
    void calm();
    /// What is wrong with it: bits of Weather::Trap.
    [[nodiscard]] std::uint64_t traps() const noexcept { return m_traps; }

    /// It forgets a deal, where it has not told the chain of it.
    void forget(const std::string& id);
    [[nodiscard]] bool down() const noexcept { return m_down; }

    void handle(HttpRequest request, Respond respond) override;
    std::optional<HttpResponse> refuse_socket(const HttpRequest&) override { return HttpResponse{.status = 404}; }
    SocketEvents open_socket(std::shared_ptr<WebSocket>, const HttpRequest&) override { return {}; }

    [[nodiscard]] const market::FakeMarket& fake() const { return *m_fake; }
    [[nodiscard]] std::uint64_t miner() const noexcept { return m_miner; }
    [[nodiscard]] const std::string& host() const noexcept { return m_host; }
    [[nodiscard]] service::MarketKind kind() const noexcept { return m_kind; }

    /// Whether a proposal is of that deal.
    [[nodiscard]] bool names(const Proposal& proposal, const std::string& id) const;

    struct Forgotten {
        market::FakeDeal deal;
        std::uint64_t epoch = 0;
    };
    std::map<std::string, Forgotten> forgotten;    ///< by the market's id
    std::uint64_t forgets = 0;
    std::map<std::string, std::uint64_t> broke;    ///< in which epoch a deal was seen to have failed
    std::vector<Proposal> proposals;
    std::set<std::string> heard;       ///< deals of which the daemon knows that they were taken
    std::vector<std::string> wrong;    ///< bytes that are not the deal's, proposals that came again

private:
    bool one_in(std::uint64_t times) { return m_random.below(times) == 0; }
    std::uint64_t pick(std::uint64_t least, std::uint64_t most) { return least + m_random.below(most - least + 1); }
    void look_at(const HttpRequest& request);
    void check_bytes(const std::string& piece, ByteView bytes, const std::string& what);
    [[nodiscard]] bool any_at(unsigned step) const;

    Parts m_parts;
    SeededRandom m_random;
    const service::MarketKind m_kind;
    const std::uint64_t m_miner;
    const std::string m_host;
    Machine m_machine;
    std::unique_ptr<market::FakeMarket> m_fake;
    market::F05Rules* m_rules = nullptr;
    std::unique_ptr<Transport::Listener> m_listener;
    std::uint64_t m_every = 1;    ///< epochs, a step
    std::uint64_t m_well_at = 0;
    std::uint64_t m_traps = 0;
    std::uint64_t m_epoch = 0;
    bool m_down = false;
    std::set<std::string> m_checked;    ///< files
};

}    // namespace filfil::sim
