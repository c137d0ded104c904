// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "car/cut.hpp"
#include "retrieval/catalog.hpp"
#include "snapshot/durable_engine.hpp"
#include "snapshot/prefixed_source.hpp"
#include "snapshot/recipe.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>

namespace filfil::service {

/// The CAR of a snapshot in memory, with the engine whose blocks it consists of. Immutable and thread-safe. To be let
/// go of on a worker: that waits for the engine.
class LaidOut {
public:
    static Result<std::shared_ptr<const LaidOut>> make(std::shared_ptr<snapshot::DurableEngine> engine,
                                                       std::unique_ptr<snapshot::Layout> layout,
                                                       snapshot::Format format);

    [[nodiscard]] const snapshot::Layout& layout() const noexcept { return *m_layout; }

    /// The CAR as the recipe's format has it.
    [[nodiscard]] const snapshot::SectionSource& source() const noexcept {
        if (m_version_2) return *m_version_2;
        return *m_layout;
    }

private:
    LaidOut() = default;

    std::shared_ptr<snapshot::DurableEngine> m_engine;    ///< first: it has to outlive the layout
    std::unique_ptr<snapshot::Layout> m_layout;
    std::unique_ptr<snapshot::PrefixedSource> m_version_2;
};

/// A snapshot whose blocks a hold keeps: laid out when someone reads it, and let go of when nobody did for a while. The
/// same recipe gives the same bytes each time. Thread-safe.
class HeldSnapshot {
public:
    /// @param now the layout, where there is one already
    HeldSnapshot(std::shared_ptr<snapshot::DurableEngine> engine, const Clock& clock, std::uint64_t hold,
                 snapshot::Recipe recipe, std::shared_ptr<const LaidOut> now);

    /// Lays it out where it is not; then this takes as long as a walk. @return Error::not_found once it was ended
    [[nodiscard]] Result<std::shared_ptr<const LaidOut>> open();

    [[nodiscard]] bool laid_out() const;
    [[nodiscard]] std::uint64_t hold() const noexcept { return m_hold; }

    /// Takes the layout out that nobody has read for so long. @return it, to be dropped on a worker; or nothing
    [[nodiscard]] std::shared_ptr<const LaidOut> take_unused(Clock::Duration unused_for);

    /// The hold is released, or about to be. @return the layout, to be dropped on a worker
    [[nodiscard]] std::shared_ptr<const LaidOut> end();

private:
    const std::shared_ptr<snapshot::DurableEngine> m_engine;
    const Clock& m_clock;
    const std::uint64_t m_hold;
    const snapshot::Recipe m_recipe;
    std::mutex m_laying;    ///< held while it is laid out: one walk at a time
    mutable std::mutex m_mutex;
    std::shared_ptr<const LaidOut> m_now;
    Clock::Duration m_last_used;
    bool m_ended = false;
};

/// A piece of such a snapshot: the header, then a range of the body. Once it was read it keeps the layout, whatever
/// becomes of the hold: a long download is not cut.
class LayoutBytes final : public retrieval::PieceBytes {
public:
    /// @param payload_size bytes of header and range together
    LayoutBytes(std::shared_ptr<HeldSnapshot> snapshot, car::BodyRange range, std::uint64_t payload_size)
        : m_snapshot(std::move(snapshot)), m_range(range), m_size(payload_size) {}

    [[nodiscard]] std::uint64_t size() const noexcept override { return m_size; }
    [[nodiscard]] Result<void> read(std::uint64_t offset, ByteSpan out) const override;
    [[nodiscard]] bool in_memory() const noexcept override { return true; }

private:
    Result<std::shared_ptr<const LaidOut>> opened() const;

    const std::shared_ptr<HeldSnapshot> m_snapshot;
    const car::BodyRange m_range;
    const std::uint64_t m_size;
    mutable std::mutex m_mutex;
    mutable std::shared_ptr<const LaidOut> m_laid;
};

}    // namespace filfil::service
