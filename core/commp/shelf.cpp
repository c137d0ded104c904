// SPDX-License-Identifier: Apache-2.0 OR MIT
#include "commp/shelf.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <new>

namespace filfil::commp {
namespace {

/// What Staging promises behind the payload.
constexpr std::size_t slack = 64;
constexpr std::align_val_t alignment{4096};

}    // namespace

std::byte* PageableBuffers::allocate(std::size_t bytes) noexcept {
    return static_cast<std::byte*>(::operator new(bytes, alignment, std::nothrow));
}

void PageableBuffers::release(std::byte* buffer) noexcept { ::operator delete(buffer, alignment); }

class Shelf::Lent final : public Staging {
public:
    Lent(std::shared_ptr<Shelf> shelf, std::byte* buffer) : m_shelf(std::move(shelf)), m_buffer(buffer) {}
    ~Lent() override { m_shelf->put(m_buffer); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    [[nodiscard]] ByteSpan bytes() noexcept override { return {m_buffer, m_shelf->m_quads * quad_payload}; }

private:
    std::shared_ptr<Shelf> m_shelf;
    std::byte* m_buffer;
};

Shelf::~Shelf() {
    for (std::byte* const buffer : m_free) m_source->release(buffer);
}

Result<std::unique_ptr<Staging>> Shelf::lend() {
    std::byte* const buffer = take();
    if (buffer == nullptr)
        return Error(ErrorCode::device, "no memory for a buffer of " + format_size(m_quads * quad_payload + slack),
                     "free some memory or use fewer threads");
    return std::unique_ptr<Staging>(std::make_unique<Lent>(shared_from_this(), buffer));
}

std::byte* Shelf::take() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_returned.wait(lock, [&] { return !m_free.empty() || m_made < m_most; });
        if (!m_free.empty()) {
            std::byte* const buffer = m_free.back();
            m_free.pop_back();
            return buffer;
        }
        // Pinning memory takes milliseconds: meanwhile others bring back buffers and take them.
        ++m_made;
        lock.unlock();
        std::byte* const buffer = m_source->allocate(m_quads * quad_payload + slack);
        if (buffer != nullptr) return buffer;
        lock.lock();
        --m_made;
        m_most = std::min(m_most, std::max<std::size_t>(m_made, 1));
        // Whoever waits for a buffer that was being made must try for itself, or wait for ever.
        m_returned.notify_all();
        if (m_made == 0) return nullptr;
    }
}

void Shelf::put(std::byte* buffer) {
    {
        const std::scoped_lock lock(m_mutex);
        m_free.push_back(buffer);
    }
    m_returned.notify_one();
}

}    // namespace filfil::commp
