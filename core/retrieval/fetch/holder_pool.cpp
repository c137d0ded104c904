// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "retrieval/fetch/holder_pool.hpp"

#include <algorithm>

namespace filfil::retrieval {
namespace {

constexpr Clock::Duration first_rest = std::chrono::seconds(1);
constexpr Clock::Duration longest_rest = std::chrono::seconds(30);
constexpr double fading = 0.7;

/// One that gives less than this share of the best one's rate is asked for one chunk at a time.
constexpr double slow_share = 0.1;

/// What is not known is tried before what is slow, and after what is fast.
constexpr double unknown_rate = 32.0 * 1024 * 1024;

void fade_in(double& rate, double sample) { rate = rate <= 0 ? sample : fading * rate + (1 - fading) * sample; }

}    // namespace

HolderPool::HolderPool(const Clock& clock, const FetchPlan& plan, Rules rules)
    : m_clock(clock), m_plan(plan), m_rules(rules), m_holders(plan.sources.size()) {
    for (std::size_t i = 0; i < m_holders.size(); ++i) m_holders[i].source = &plan.sources[i];
}

bool HolderPool::serves(std::size_t holder, std::size_t piece) const {
    const Holder& one = m_holders[holder];
    const auto& listed = m_plan.pieces[piece].sources;
    return !one.out && !one.suspected && !one.lacks.contains(piece) &&
           std::ranges::find(listed, holder) != listed.end();
}

double HolderPool::best_rate() const {
    double out = 0;
    for (const Holder& one : m_holders)
        if (!one.out && !one.suspected) out = std::max(out, one.rate());
    return out;
}

std::optional<std::size_t> HolderPool::choose(std::size_t piece,
                                              const std::function<bool(std::size_t)>& allowed) const {
    const double best = best_rate();
    std::optional<std::size_t> out;
    double out_score = 0;
    for (std::size_t i = 0; i < m_holders.size(); ++i) {
        const Holder& one = m_holders[i];
        if (!serves(i, piece) || one.rests_until > m_clock.steady() || !allowed(i)) continue;
        const bool careful = one.failures > 0 || (one.rate() > 0 && one.rate() < slow_share * best);
        if (one.in_flight >= (careful ? 1 : m_rules.a_source)) continue;
        const double score = (one.rate() > 0 ? one.rate() : unknown_rate) / (1 + one.in_flight);
        if (out && score <= out_score) continue;
        out = i;
        out_score = score;
    }
    return out;
}

std::optional<Clock::Duration> HolderPool::next_end_of_rest() const {
    std::optional<Clock::Duration> out;
    const Clock::Duration now = m_clock.steady();
    for (const Holder& one : m_holders)
        if (!one.out && one.rests_until > now)
            out = std::min(out.value_or(Clock::Duration::max()), one.rests_until - now);
    return out;
}

bool HolderPool::wants_slice(std::size_t holder) const {
    const Holder& one = m_holders[holder];
    if (!one.offers_slices || m_rules.slices_below <= 0 || one.plain_rate <= 0) return false;
    // Tried once where plain bytes come slowly, and again as long as they come faster so.
    return one.packed_rate <= 0 ? one.plain_rate < m_rules.slices_below : one.packed_rate >= one.plain_rate;
}

void HolderPool::gave(std::size_t holder, std::uint64_t bytes, Clock::Duration time, bool packed) {
    Holder& one = m_holders[holder];
    one.failures = 0;
    const double seconds = std::max(std::chrono::duration<double>(time).count(), 1e-4);
    fade_in(packed ? one.packed_rate : one.plain_rate, static_cast<double>(bytes) / seconds);
}

void HolderPool::failed(std::size_t holder, std::string why) {
    Holder& one = m_holders[holder];
    one.why = std::move(why);
    // What fails at the same time fails for one reason.
    if (one.failures > 0 && one.rests_until > m_clock.steady()) return;
    if (++one.failures >= m_rules.failures) {
        one.out = true;
        return;
    }
    Clock::Duration rest = first_rest;
    for (unsigned i = 1; i < one.failures && rest < longest_rest; ++i) rest *= 2;
    one.rests_until = m_clock.steady() + std::min(rest, longest_rest);
}

void HolderPool::busy(std::size_t holder, std::string why, Clock::Duration wait) {
    // One that is always busy is given up too.
    failed(holder, std::move(why));
    Holder& one = m_holders[holder];
    one.rests_until = std::max(one.rests_until, m_clock.steady() + wait);
}

void HolderPool::put_out(std::size_t holder, std::string why, bool lied) {
    Holder& one = m_holders[holder];
    if (one.lied) return;
    one.out = true;
    one.lied = one.lied || lied;
    one.why = std::move(why);
}

}    // namespace filfil::retrieval
