// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "gpu/provider.hpp"

#include "base/units.hpp"
#include "commp/cpu_backend.hpp"
#include "gpu/card.hpp"
#include "gpu/gpu_backend.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

namespace filfil::gpu {
namespace {

class Provider final : public commp::GpuProvider {
public:
    Provider(std::unique_ptr<Runtime> runtime, const Clock& clock, MakeThreads make_threads)
        : m_runtime(std::move(runtime)), m_clock(clock), m_make_threads(std::move(make_threads)) {}

    [[nodiscard]] std::vector<commp::GpuReport> probe() override {
        const std::scoped_lock lock(m_mutex);
        auto cards = known_cards();
        std::vector<commp::GpuReport> reports;
        if (!cards.ok()) {
            reports.push_back({.name = "cuda", .description = "NVIDIA GPUs", .reason = cards.error().message});
            return reports;
        }
        for (Card& card : **cards) {
            const Result<CardTrial>& trial = tried(card);
            commp::GpuReport& report = reports.emplace_back();
            report.name = card_name(card.facts.number);
            report.description = description_of(card.facts);
            report.supported = trial.ok() || trial.error().code == ErrorCode::mismatch;
            report.self_test = trial.ok();
            if (trial.ok())
                report.gib_per_s = trial->payload_bytes_per_s / static_cast<double>(GiB);
            else
                report.reason = trial.error().message;
        }
        return reports;
    }

    [[nodiscard]] Result<std::unique_ptr<commp::Backend>> open(const commp::GpuOptions& options) override {
        const std::scoped_lock lock(m_mutex);
        FILFIL_TRY(std::vector<Card>* const cards, known_cards());
        GpuBackendOptions use;
        use.check_every = options.check_every;
        use.log = options.log;
        FILFIL_TRY(use.cards, choose(*cards, options, use.quads));
        // Whatever this CPU does best: it stands in where cards fail.
        FILFIL_TRY(const commp::ChosenKernel chosen, commp::choose_kernel("", m_clock));
        use.cpu = chosen.kernel;
        unsigned lanes = 0;
        for (const CardUse& card : use.cards) lanes += card.lanes;
        use.fillers = std::clamp(usable_cpus() * 3 / 4, 1U, most_fillers);
        // A buffer on its way in each lane, and one for each thread that fills them. With more of them the fillers run
        // ahead of the card, and what they wrote is out of the caches before the card fetches it.
        use.staging_count = std::size_t{lanes} + use.fillers;
        return make_gpu_backend(*m_runtime, m_make_threads(std::max(lanes, usable_cpus())), use);
    }

private:
    struct Card {
        CardFacts facts;
        std::optional<Result<CardTrial>> trial;
    };

    /// Threads that fill buffers: three of four CPUs, since the lanes need some, too. More than this fill buffers
    /// faster than any bus empties them.
    static constexpr unsigned most_fillers = 12;

    /// The cards that the driver shows; asked for once.
    Result<std::vector<Card>*> known_cards() {
        if (!m_cards) {
            FILFIL_TRY(const std::vector<CardFacts> all, m_runtime->cards());
            m_cards.emplace();
            for (const CardFacts& facts : all) m_cards->push_back({facts, std::nullopt});
        }
        return &*m_cards;
    }

    const Result<CardTrial>& tried(Card& card) {
        if (!card.trial) card.trial = try_card(*m_runtime, card.facts, m_clock);
        return *card.trial;
    }

    /// The cards asked for, or all that work. @param quads set to the size of submission that suits them all
    Result<std::vector<CardUse>> choose(std::vector<Card>& cards, const commp::GpuOptions& options,
                                        std::size_t& quads) {
        std::vector<CardUse> chosen;
        std::optional<Error> last;
        const auto add = [&](Card& card) {
            const Result<CardTrial>& trial = tried(card);
            if (!trial.ok()) {
                last = trial.error();
                return false;
            }
            chosen.push_back({card.facts.number, description_of(card.facts), trial->variant, trial->lanes});
            quads = quads == 0 ? trial->quads : std::min(quads, trial->quads);
            return true;
        };
        for (const unsigned number : options.cards) {
            const auto card = std::ranges::find(cards, number, [](const Card& c) { return c.facts.number; });
            if (card == cards.end()) return no_such_card(cards, number);
            // Who names a card wants that one: to go on without it would be another result than the one asked for.
            if (!add(*card)) return *last;
        }
        if (options.cards.empty())
            for (Card& card : cards)
                if (!add(card) && cards.size() > 1 && options.log != nullptr)
                    options.log->write(LogLevel::warning, "gpu", last->message + "; it is left out");
        if (chosen.empty()) return *last;
        return chosen;
    }

    static Error no_such_card(const std::vector<Card>& cards, unsigned number) {
        std::string names;
        for (const Card& card : cards) names += (names.empty() ? "" : ", ") + card_name(card.facts.number);
        return {ErrorCode::not_found, "there is no card " + card_name(number) + "; this machine shows " + names,
                "choose one of these, or `cuda` for all; CUDA_VISIBLE_DEVICES hides and renumbers cards"};
    }

    std::unique_ptr<Runtime> m_runtime;
    const Clock& m_clock;
    MakeThreads m_make_threads;
    std::mutex m_mutex;
    std::optional<std::vector<Card>> m_cards;
};

}    // namespace

std::unique_ptr<commp::GpuProvider> make_gpu_provider(std::unique_ptr<Runtime> runtime, const Clock& clock,
                                                      MakeThreads make_threads) {
    return std::make_unique<Provider>(std::move(runtime), clock, std::move(make_threads));
}

}    // namespace filfil::gpu
