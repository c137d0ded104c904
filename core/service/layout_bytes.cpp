// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "service/layout_bytes.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace filfil::service {

Result<std::shared_ptr<const LaidOut>> LaidOut::make(std::shared_ptr<snapshot::DurableEngine> engine,
                                                     std::unique_ptr<snapshot::Layout> layout,
                                                     snapshot::Format format) {
    std::shared_ptr<LaidOut> out(new LaidOut);
    out->m_engine = std::move(engine);
    out->m_layout = std::move(layout);
    if (format == snapshot::Format::v2) {
        FILFIL_TRY(out->m_version_2, snapshot::as_version_2(*out->m_layout, out->m_layout->head(), {}));
    }
    return std::shared_ptr<const LaidOut>(std::move(out));
}

HeldSnapshot::HeldSnapshot(std::shared_ptr<snapshot::DurableEngine> engine, const Clock& clock, std::uint64_t hold,
                           snapshot::Recipe recipe, std::shared_ptr<const LaidOut> now)
    : m_engine(std::move(engine)),
      m_clock(clock),
      m_hold(hold),
      m_recipe(recipe),
      m_now(std::move(now)),
      m_last_used(clock.steady()) {}

Result<std::shared_ptr<const LaidOut>> HeldSnapshot::open() {
    const auto have = [&]() -> std::shared_ptr<const LaidOut> {
        const std::lock_guard lock(m_mutex);
        m_last_used = m_clock.steady();
        return m_now;
    };
    if (auto now = have()) return now;
    const std::lock_guard one_at_a_time(m_laying);
    if (auto now = have()) return now;
    {
        const std::lock_guard lock(m_mutex);
        if (m_ended)
            return Error(ErrorCode::not_found, "hold " + std::to_string(m_hold) + " was released",
                         "take the snapshot again");
    }
    snapshot::LayoutOptions options;
    options.recent_stateroots = static_cast<std::int64_t>(m_recipe.recent_stateroots);
    options.skip_old_msgs = m_recipe.skip_old_msgs;
    FILFIL_TRY(auto layout, m_engine->engine().layout_of_hold(m_hold, options));
    FILFIL_TRY(auto laid, LaidOut::make(m_engine, std::move(layout), m_recipe.format));
    const std::lock_guard lock(m_mutex);
    if (!m_ended) m_now = laid;
    m_last_used = m_clock.steady();
    return laid;
}

bool HeldSnapshot::laid_out() const {
    const std::lock_guard lock(m_mutex);
    return m_now != nullptr;
}

std::shared_ptr<const LaidOut> HeldSnapshot::take_unused(Clock::Duration unused_for) {
    const std::lock_guard lock(m_mutex);
    if (m_now == nullptr) return nullptr;
    // Whoever reads it has a copy of the pointer, however long that takes.
    if (m_now.use_count() > 1) m_last_used = m_clock.steady();
    if (m_clock.steady() - m_last_used < unused_for) return nullptr;
    return std::exchange(m_now, nullptr);
}

std::shared_ptr<const LaidOut> HeldSnapshot::end() {
    const std::lock_guard lock(m_mutex);
    m_ended = true;
    return std::exchange(m_now, nullptr);
}

Result<std::shared_ptr<const LaidOut>> LayoutBytes::opened() const {
    {
        const std::lock_guard lock(m_mutex);
        if (m_laid) return m_laid;
    }
    FILFIL_TRY(auto laid, m_snapshot->open());
    const std::lock_guard lock(m_mutex);
    m_laid = laid;
    return laid;
}

Result<void> LayoutBytes::read(std::uint64_t offset, ByteSpan out) const {
    if (offset > m_size || out.size() > m_size - offset)
        return Error(ErrorCode::invalid_argument, "bytes " + std::to_string(offset) + " to " +
                                                      std::to_string(offset + out.size()) + " of a piece of " +
                                                      std::to_string(m_size));
    FILFIL_TRY(const std::shared_ptr<const LaidOut> laid, opened());
    const ByteView header = laid->source().header();
    if (offset < header.size()) {
        const std::size_t part = std::min<std::uint64_t>(out.size(), header.size() - offset);
        std::memcpy(out.data(), header.data() + offset, part);
        out = out.subspan(part);
        offset += part;
    }
    if (out.empty()) return {};
    return laid->source().read(m_range.begin + (offset - header.size()), out);
}

}    // namespace filfil::service
