// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/clock.hpp"
#include "rpc/excerpt.hpp"

#include <deque>
#include <functional>
#include <string>
#include <utility>

namespace filfil::market {

/// Something that a market answered, or that came in place of an answer.
struct MarketAnswered {
    Clock::Duration at{};    ///< wall clock
    std::string deal{};      ///< the market's name of it; "" where it was about none
    std::string asked{};     ///< "POST /market/mk20/deal"
    int status = 0;          ///< of HTTP; 0 where none came
    std::string said{};      ///< the first characters of it, or why there is none
};

/// Keeps the latest answers, and hands each on to who keeps them for good. On the loop only.
class AnswerLog {
public:
    static constexpr std::size_t most_answers = 256;
    static constexpr std::size_t most_characters = 2048;

    void on_answer(std::function<void(const MarketAnswered&)> keep) { m_keep = std::move(keep); }

    void add(MarketAnswered answer) {
        answer.said = rpc::excerpt(answer.said, most_characters);
        if (m_keep) m_keep(answer);
        m_answers.push_back(std::move(answer));
        if (m_answers.size() > most_answers) m_answers.pop_front();
    }

    [[nodiscard]] const std::deque<MarketAnswered>& answers() const noexcept { return m_answers; }

private:
    std::deque<MarketAnswered> m_answers;
    std::function<void(const MarketAnswered&)> m_keep;
};

}    // namespace filfil::market
