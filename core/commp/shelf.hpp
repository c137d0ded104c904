// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "commp/backend.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

namespace filfil::commp {

/// Where staging buffers come from. Thread-safe.
class BufferSource {
public:
    virtual ~BufferSource() = default;

    /// Aligned to 4096 bytes; null if there is none.
    [[nodiscard]] virtual std::byte* allocate(std::size_t bytes) noexcept = 0;
    virtual void release(std::byte* buffer) noexcept = 0;
};

/// Ordinary memory.
class PageableBuffers final : public BufferSource {
public:
    [[nodiscard]] std::byte* allocate(std::size_t bytes) noexcept override;
    void release(std::byte* buffer) noexcept override;
};

/// The staging buffers of one backend, made when they are first needed. Outlives its backend as long as one is lent.
/// Thread-safe.
class Shelf : public std::enable_shared_from_this<Shelf> {
public:
    /// @param quads that one buffer holds
    /// @param most buffers that may be out at the same time
    Shelf(std::unique_ptr<BufferSource> source, std::size_t quads, std::size_t most)
        : m_source(std::move(source)), m_quads(quads), m_most(most) {}
    ~Shelf();
    Shelf(const Shelf&) = delete;
    Shelf& operator=(const Shelf&) = delete;

    /// Lends a buffer; waits until one is free. Where memory runs out it makes do with those that it has.
    /// @return Error::device if there is not even memory for one
    [[nodiscard]] Result<std::unique_ptr<Staging>> lend();

private:
    class Lent;
    std::byte* take();
    void put(std::byte* buffer);

    std::unique_ptr<BufferSource> m_source;
    std::size_t m_quads;
    std::mutex m_mutex;
    std::condition_variable m_returned;
    std::vector<std::byte*> m_free;
    std::size_t m_made = 0;
    std::size_t m_most;
};

}    // namespace filfil::commp
