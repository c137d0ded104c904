// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/log.hpp"
#include "base/transport.hpp"
#include "retrieval/catalog.hpp"
#include "retrieval/metrics.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace filfil::retrieval {

/// What a request was for, as it stands in the metrics.
enum class Route : std::uint8_t { piece, pieces, ipfs, metrics, healthz, other };

/// What a server has counted since it began. Thread-safe.
class Tally {
public:
    /// @param log must outlive all that holds this
    explicit Tally(LogSink& log) noexcept : m_log(log) {}

    /// A request that was answered. @param body bytes that are sent with the answer itself
    void count(Route route, int status, std::size_t body) noexcept;

    /// One that a limit or a missing token refused; counted beside count().
    void count_refused() noexcept { ++m_refused; }

    /// Takes one of `most` places for a DAG under way. @return false where all are taken
    [[nodiscard]] bool take_dag(unsigned most) noexcept;
    void leave_dag() noexcept { --m_dags; }

    [[nodiscard]] std::uint64_t requests() const noexcept;
    [[nodiscard]] std::uint64_t bytes() const noexcept { return m_bytes; }
    [[nodiscard]] std::uint64_t in_flight() const noexcept { return m_in_flight; }
    [[nodiscard]] std::uint64_t not_found() const noexcept;
    [[nodiscard]] std::uint64_t refused() const noexcept { return m_refused; }

    /// The same as metrics, named filfil_retrieval_….
    [[nodiscard]] std::vector<Metric> metrics(const Catalog::Counts& pieces) const;

private:
    friend class CountedBody;

    static constexpr std::array statuses = {200, 206, 304, 400, 401, 404, 405, 406, 416, 429, 500, 503};
    static constexpr std::size_t routes = static_cast<std::size_t>(Route::other) + 1;

    LogSink& m_log;
    std::array<std::array<std::atomic<std::uint64_t>, statuses.size() + 1>, routes> m_requests{};
    std::atomic<std::uint64_t> m_bytes{0};
    std::atomic<std::uint64_t> m_in_flight{0};
    std::atomic<std::uint64_t> m_refused{0};
    std::atomic<std::uint64_t> m_dags{0};
};

/// A body that is counted while it is sent, and logged where it breaks off.
class CountedBody final : public BodyStream {
public:
    /// @param leaves_dag whether a place of Tally::take_dag goes with it
    CountedBody(std::shared_ptr<Tally> tally, std::shared_ptr<BodyStream> body, std::string peer, bool leaves_dag);
    ~CountedBody() override;
    CountedBody(const CountedBody&) = delete;
    CountedBody& operator=(const CountedBody&) = delete;

    [[nodiscard]] std::optional<std::uint64_t> size() const noexcept override { return m_body->size(); }
    [[nodiscard]] Result<std::size_t> read(ByteSpan out) override;

private:
    std::shared_ptr<Tally> m_tally;
    std::shared_ptr<BodyStream> m_body;
    std::string m_peer;
    bool m_leaves_dag;
};

}    // namespace filfil::retrieval
