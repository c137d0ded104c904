// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "fake_chain.hpp"
#include "incentive/local_key_wallet.hpp"
#include "incentive/node_wallet.hpp"
#include "incentive/sender.hpp"
#include "outside.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace filfil::incentive {

/// What a journal's file has of effects: outlives the process that wrote it, which can be cut short at any of its
/// operations.
struct EffectDisk {
    std::vector<std::string> order;
    std::map<std::string, journal::EffectRecord> effects;
    std::uint64_t operations = 0;               ///< so far
    std::optional<std::uint64_t> crash_at{};    ///< with that one, and all that follow, until it is taken away
    bool crash_after = false;                   ///< that one is durable, and nobody hears of it
    [[nodiscard]] bool crashed() const { return crash_at && operations >= *crash_at; }
};

/// The journal, as far as effects go, by the same rules as the real one.
class EffectJournal final : public journal::Journal {
public:
    explicit EffectJournal(EffectDisk& disk) : m_disk(disk) {}

    Result<std::optional<journal::EffectRecord>> intend(const std::string& key, const std::string& kind,
                                                        const std::string& request) override {
        const bool applied = begin();
        if (!applied) return broken();
        std::optional<journal::EffectRecord> before;
        const auto found = m_disk.effects.find(key);
        if (found == m_disk.effects.end()) {
            m_disk.order.push_back(key);
            m_disk.effects[key] = {.key = key, .kind = kind, .request = request, .result = {}, .attempts = 1};
        } else {
            if (found->second.kind != kind || found->second.request != request)
                return Error(ErrorCode::mismatch, "the effect '" + key + "' is there already with another request");
            before = found->second;
            if (before->state == journal::EffectRecord::State::failed) {
                found->second.state = journal::EffectRecord::State::intended;
                found->second.result.clear();
                ++found->second.attempts;
            }
        }
        if (m_disk.crashed()) return broken();
        return before;
    }
    Result<void> finish(const std::string& key, journal::EffectRecord::State state,
                        const std::string& result) override {
        if (!begin()) return broken();
        const auto found = m_disk.effects.find(key);
        if (found == m_disk.effects.end()) return Error(ErrorCode::not_found, key);
        if (found->second.state == journal::EffectRecord::State::done)
            return Error(ErrorCode::invalid_argument, key + " is done already");
        found->second.state = state;
        found->second.result = result;
        if (m_disk.crashed()) return broken();
        return {};
    }
    Result<std::optional<journal::EffectRecord>> effect(const std::string& key) override {
        if (m_disk.crashed()) return broken();
        const auto found = m_disk.effects.find(key);
        if (found == m_disk.effects.end()) return std::optional<journal::EffectRecord>();
        return std::optional(found->second);
    }
    Result<std::vector<journal::EffectRecord>> open_effects() override {
        if (m_disk.crashed()) return broken();
        std::vector<journal::EffectRecord> out;
        for (const std::string& key : m_disk.order)
            if (m_disk.effects[key].state == journal::EffectRecord::State::intended) out.push_back(m_disk.effects[key]);
        return out;
    }

    // Nothing else is asked of it here.
    Result<std::int64_t> put_snapshot(const journal::SnapshotRecord&) override { return broken(); }
    Result<std::vector<journal::SnapshotRecord>> snapshots(const journal::SnapshotFilter&) override { return broken(); }
    Result<std::optional<journal::SnapshotRecord>> snapshot(std::int64_t) override { return broken(); }
    Result<std::optional<journal::SnapshotRecord>> find_snapshot(const chain::TipsetKey&,
                                                                 const ipld::Digest256&) override {
        return broken();
    }
    Result<std::vector<journal::SnapshotRecord>> snapshots_with_piece(const ipld::Cid&) override { return broken(); }
    Result<void> set_snapshot_hold(std::int64_t, std::optional<std::uint64_t>) override { return broken(); }
    Result<void> forget_snapshot_files(std::int64_t) override { return broken(); }
    Result<std::optional<journal::ReceiptRecord>> receipt(const ipld::Digest256&) override { return broken(); }
    Result<void> put_receipt(const journal::ReceiptRecord&) override { return broken(); }
    Result<void> change_events(const std::string&, const journal::EventChange&) override { return broken(); }
    Result<std::vector<journal::EventRecord>> events(const std::string&, const journal::EventFilter&) override {
        return broken();
    }
    Result<std::optional<std::string>> events_cursor(const std::string&) override { return broken(); }
    Result<void> forget_events(const std::string&) override { return broken(); }
    Result<std::int64_t> put_deal(const journal::DealRecord&, const std::vector<journal::DealStepRecord>&) override {
        return broken();
    }
    Result<std::vector<journal::DealRecord>> deals(const journal::DealFilter&) override { return broken(); }
    Result<std::optional<journal::DealRecord>> deal(std::int64_t) override { return broken(); }
    Result<std::vector<journal::DealStepRecord>> deal_steps(std::int64_t) override { return broken(); }
    Result<std::optional<std::string>> setting(const std::string&) override { return broken(); }
    Result<void> set_setting(const std::string&, const std::string&) override { return broken(); }
    Result<void> backup(const std::string&) override { return broken(); }

private:
    /// @return whether the operation is carried out
    bool begin() {
        if (m_disk.crashed()) return false;
        ++m_disk.operations;
        return !m_disk.crashed() || m_disk.crash_after;
    }
    static Error broken() { return {ErrorCode::io, "the journal's disk is gone"}; }

    EffectDisk& m_disk;
};

enum class WalletKind { local, lotus, forest };

inline SecretKey test_key() { return *SecretKey::from_bytes(Bytes(32, std::byte{0x42})); }
inline const std::string test_wallet = "f1abjxfbp274xpdqcpuaykwkfb43omjotacm2p3za";
inline constexpr std::uint64_t test_wallet_id = 1234;

/// A chain, a disk, and a process with a Sender that can be killed and started again.
class SenderRig {
public:
    explicit SenderRig(WalletKind kind = WalletKind::local) : chain(m_wires), m_kind(kind) {
        chain.wallet[test_wallet] = test_wallet_id;
        chain.honours_uuid = kind != WalletKind::forest;
        if (kind != WalletKind::local) chain.signing = std::chrono::seconds(3);
        chain.balances[account()] = U256(1'000'000'000'000);
        ListenOptions at;
        at.at = {"node", 1234};
        m_listener = std::move(*m_node_transport.listen(at, chain));
        options.confirmations = 3;
        options.finality = false;
        options.stuck_after = 5;
    }
    ~SenderRig() {
        kill();
        m_listener.reset();
        m_wires.clear();
    }
    SenderRig(const SenderRig&) = delete;
    SenderRig& operator=(const SenderRig&) = delete;

    [[nodiscard]] EthAddress account() const {
        return m_kind == WalletKind::local ? test_key().address() : EthAddress::of_id(test_wallet_id);
    }

    struct Process {
        Process(SenderRig& rig)
            : loop(rig.clock),
              workers(rig.clock),
              transport(rig.m_network, "client"),
              world{rig.clock, loop, workers, files, transport, random, rig.log} {
            rpc::ClientConfig config;
            config.url = *parse_url("http://node:1234/rpc/v1");
            node = std::make_unique<EthNode>(world, config);
            if (rig.m_kind == WalletKind::local)
                wallet = make_local_key_wallet(*node, test_key(), 314, rig.limits);
            else
                wallet = make_node_wallet(*node, {.from = test_wallet, .chain_id = 314, .limits = rig.limits});
            sender =
                std::make_unique<Sender>(world, std::make_shared<EffectJournal>(rig.disk), *node, *wallet, rig.options);
        }
        ~Process() {
            sender.reset();
            wallet.reset();
            node.reset();
            while (loop.clear() + workers.clear() > 0) {
            }
        }
        Process(const Process&) = delete;
        Process& operator=(const Process&) = delete;

        ManualExecutor loop;
        ManualExecutor workers;
        CrashFiles files;
        SeededRandom random{1};
        MemoryTransport transport;
        World world;
        std::unique_ptr<EthNode> node;
        std::unique_ptr<Wallet> wallet;
        std::unique_ptr<Sender> sender;
    };

    void start() {
        m_process = std::make_unique<Process>(*this);
        m_process->sender->start([](const Result<std::size_t>&) {});
    }

    /// The process is gone, with all that it has not written down; what it has sent arrives.
    void kill() {
        m_process.reset();
        disk.crash_at.reset();
    }

    Sender& sender() { return *m_process->sender; }
    Process& process() { return *m_process; }

    void send(const std::string& key, Bytes data = hex_bytes_of("c0ffee01"), U256 value = {}) {
        results.erase(key);
        sender().send({key, "the call " + key, {contract(), value, std::move(data)}},
                      [this, key](const Result<SendOutcome>& result) { results.insert_or_assign(key, result); });
    }

    /// Something that happens to the chain at its time.
    void after(Clock::Duration delay, std::function<void()> what) { m_wires.post_after(delay, std::move(what)); }

    [[nodiscard]] bool ended(const std::string& key, Clock::Duration limit = std::chrono::hours(6)) {
        return clock.run_until([&] { return results.contains(key); }, limit);
    }

    static EthAddress contract() { return *EthAddress::parse("0x5fbdb2315678afecb367f032d93f642f64180aa3"); }
    static Bytes hex_bytes_of(std::string_view text) { return *from_hex(text); }

    /// What the process has to say, for a test that fails.
    [[nodiscard]] std::string log_text() const {
        std::string out;
        for (const RecordedLog::Line& line : log.lines()) out += line.message + "\n";
        return out;
    }

    /// How often a call with that data has taken effect.
    [[nodiscard]] std::size_t effects_of(ByteView data) const {
        std::size_t out = 0;
        for (const Bytes& input : chain.effects())
            if (input.size() >= data.size() && std::equal(data.begin(), data.end(), input.begin())) ++out;
        return out;
    }

    [[nodiscard]] SendInfo info(const std::string& key) {
        for (SendInfo& one : sender().list())
            if (one.key == key) return one;
        return {};
    }

    VirtualClock clock;

private:
    ManualExecutor m_wires{clock};
    MemoryNetwork m_network{m_wires};
    MemoryTransport m_node_transport{m_network, "node"};

public:
    RecordedLog log;
    FakeChain chain;
    EffectDisk disk;
    SenderOptions options;
    FeeLimits limits;
    std::map<std::string, Result<SendOutcome>> results;
    MemoryNetwork& network() { return m_network; }

private:
    WalletKind m_kind;
    std::unique_ptr<Transport::Listener> m_listener;
    std::unique_ptr<Process> m_process;
};

}    // namespace filfil::incentive
