// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "incentive/lookout.hpp"
#include "incentive/sender.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace filfil::incentive {

/// What the sender is made of. Of each job one activity at a time is under way (`busy`).
struct Sender::Impl : std::enable_shared_from_this<Sender::Impl> {
    struct Job {
        std::string key;
        std::string request;    ///< as the journal has it, or will have it
        std::string title;
        Call call;
        std::uint32_t attempt = 1;
        std::uint32_t next_number = 1;    ///< of drafts
        bool intended = false;            ///< it stands in the journal as open
        std::vector<Handler> handlers{};
        SendPhase phase = SendPhase::checking;
        bool busy = false;
        bool gone = false;

        /// Those that stand in for one another, oldest first.
        std::vector<LoggedDraft> drafts{};
        std::optional<std::string> sender{};    ///< whose drafts an earlier run has left
        std::size_t replacements = 0;
        std::uint64_t waits_from = 0;                      ///< a block: since then the newest one could have come in
        bool accepted = false;                             ///< a node has taken the newest one since this start
        std::optional<Clock::Duration> missing_since{};    ///< the newest has no name yet, and was not found
        std::optional<std::uint64_t> block{};
        std::optional<Hash32> included{};
        std::optional<Error> trouble{};
    };
    using JobPtr = std::shared_ptr<Job>;

    Impl(World& world, std::shared_ptr<journal::Journal> journal, EthNode& node, Wallet& wallet, SenderOptions options,
         std::function<void(const std::string&)> changed);

    // sender.cpp: until something is sent
    void start(std::function<void(Result<std::size_t>)> started);
    void send(SendOrder order, Handler handler);
    void load(const JobPtr& job);
    void loaded(const JobPtr& job, Result<std::optional<LoggedSend>> logged);
    void take_up(const JobPtr& job, LoggedSend& logged);
    void open_wallet(std::function<void(Result<void>)> then);
    void dry_run(const JobPtr& job);
    void queue(const JobPtr& job);
    void next_in_line();
    void prepared(const JobPtr& job, Result<Draft> draft);
    void write_draft(const JobPtr& job, Draft draft, bool in_line);
    void not_begun(const JobPtr& job, const Error& why);

    // sender_watch.cpp: from then on
    void send_draft(const JobPtr& job);
    void learn(const JobPtr& job, Draft draft);
    void tick();
    void look();
    void poll(std::uint64_t head);
    void step(const JobPtr& job);
    void find_unnamed(const JobPtr& job);
    void watch(const JobPtr& job);
    void seen(const JobPtr& job, Sighting sighting);
    void waits(const JobPtr& job, bool pending);
    void replace(const JobPtr& job);
    void is_included(const JobPtr& job, const Sighting& sighting);
    void search_receipt(const JobPtr& job, const Sighting& sighting);
    void overtaken(const JobPtr& job, const Sighting& sighting);
    [[nodiscard]] bool deep_enough(std::uint64_t block) const;
    void settle(const JobPtr& job, std::size_t draft, const EthReceipt& receipt);
    void explain(const JobPtr& job, std::size_t draft, const SendOutcome& outcome, std::uint64_t block);
    void finish_done(const JobPtr& job, std::size_t draft, const SendOutcome& outcome);
    void finish_reverted(const JobPtr& job, std::size_t draft, const SendOutcome& outcome, const Error& why);

    // What jobs have in common
    void in_trouble(const JobPtr& job, const Error& why);
    void rest(const JobPtr& job);
    void set_phase(const JobPtr& job, SendPhase phase);
    void end(const JobPtr& job, const Result<SendOutcome>& result);
    void log(LogLevel level, const std::string& message) const { world.log.write(level, "incentive", message); }
    [[nodiscard]] static std::vector<std::uint32_t> numbers_of(const Job& job);
    [[nodiscard]] Wallet::Preparation preparation_of(const Job& job) const;

    /// Calls back on the loop unless this or the job is gone by then.
    template <class F>
    auto here(const JobPtr& job, F f) {
        return [weak = weak_from_this(), job, f = std::move(f)](auto&&... arguments) mutable {
            if (const auto self = weak.lock(); self && !job->gone) f(std::forward<decltype(arguments)>(arguments)...);
        };
    }

    /// Runs `work` with the log on the workers, and `then` with its result on the loop.
    template <class Work, class Then>
    void run(Work work, Then then) {
        world.workers.post([weak = weak_from_this(), &loop = world.loop, journal = journal, work = std::move(work),
                            then = std::move(then)]() mutable {
            SendLog sends(*journal);
            auto result = std::make_shared<decltype(work(sends))>(work(sends));
            loop.post([weak, result, then = std::move(then)]() mutable {
                if (const auto self = weak.lock()) then(std::move(*result));
            });
        });
    }

    World& world;
    std::shared_ptr<journal::Journal> journal;
    EthNode& node;
    Wallet& wallet;
    SenderOptions options;
    std::function<void(const std::string&)> changed;

    std::map<std::string, JobPtr> jobs;
    std::deque<JobPtr> line;    ///< for the wallet: one nonce at a time is given away
    bool wallet_busy = false;
    bool opened = false;
    std::uint64_t head = 0;
    std::optional<std::uint64_t> finalized{};
    bool ticking = false;
    bool looking = false;    ///< asks how far the chain is
};

}    // namespace filfil::incentive
