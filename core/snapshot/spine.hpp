// SPDX-License-Identifier: Apache-2.0 OR MIT
#pragma once

#include "base/units.hpp"
#include "snapshot/section_ref.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace filfil::snapshot {

/// A growing array that can be looked at as it was at some time while it grows on, without a copy.
///
/// Elements stand in chunks that views share. What a view sees is never written again: appending goes behind it, and
/// after a pop the chunk is copied first, since a view may have it. One thread changes it; views are read by any.
template <class T>
class SharedArray {
    static constexpr std::size_t chunk_size = 4096;
    using Chunk = std::array<T, chunk_size>;

public:
    class View {
    public:
        View() = default;
        [[nodiscard]] std::size_t size() const noexcept { return m_size; }
        [[nodiscard]] const T& operator[](std::size_t i) const noexcept {
            return (*m_chunks[i / chunk_size])[i % chunk_size];
        }

        /// Forgets what stands behind the first `size` elements.
        void shorten(std::size_t size) noexcept { m_size = size; }

    private:
        friend class SharedArray;
        std::vector<std::shared_ptr<const Chunk>> m_chunks;
        std::size_t m_size = 0;
    };

    void push_back(const T& value) {
        const std::size_t chunk = m_size / chunk_size;
        if (m_size < m_highest) {
            // Views may know what was popped. Whether one still does cannot be asked: its reads need not have ended for
            // this thread when its count has.
            m_chunks.resize(chunk + 1);
            m_chunks[chunk] = std::make_shared<Chunk>(*m_chunks[chunk]);
            m_highest = m_size;
        }
        if (chunk == m_chunks.size()) m_chunks.push_back(std::make_shared<Chunk>());
        (*m_chunks[chunk])[m_size % chunk_size] = value;
        ++m_size;
        m_highest = m_size > m_highest ? m_size : m_highest;
    }

    void pop_back() noexcept { --m_size; }
    [[nodiscard]] std::size_t size() const noexcept { return m_size; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept {
        return (*m_chunks[i / chunk_size])[i % chunk_size];
    }

    [[nodiscard]] View view() const {
        View out;
        out.m_chunks.assign(m_chunks.begin(), m_chunks.end());
        out.m_size = m_size;
        return out;
    }

private:
    std::vector<std::shared_ptr<Chunk>> m_chunks;
    std::size_t m_size = 0;
    std::size_t m_highest = 0;    ///< elements below were written once, and views may know them
};

/// The headers of the chain below the tree of recent tipsets, oldest first: where each lies in the arena. 16 bytes a
/// tipset and 8 a header.
class Spine {
public:
    struct Tipset {
        Epoch epoch;
        std::uint64_t end = 0;    ///< its headers are those before this one and behind the tipset before, in key order
    };

    /// A tipset taken out.
    struct Taken {
        Epoch epoch;
        std::vector<SectionRef> headers;
    };

    /// The spine as it was at some time.
    struct View {
        SharedArray<Tipset>::View tipsets;
        SharedArray<SectionRef>::View headers;

        /// Where the headers of a tipset begin, by its number from the oldest.
        [[nodiscard]] std::uint64_t begin(std::size_t tipset) const noexcept {
            return tipset == 0 ? 0 : tipsets[tipset - 1].end;
        }

        /// Takes the tipsets from this number on off. @return the lowest of them; there must be one
        Taken cut(std::size_t tipset) {
            Taken out{tipsets[tipset].epoch, {}};
            for (std::uint64_t i = begin(tipset); i < tipsets[tipset].end; ++i) out.headers.push_back(headers[i]);
            headers.shorten(begin(tipset));
            tipsets.shorten(tipset);
            return out;
        }
    };

    /// Adds the next tipset above. @param headers in key order
    void append(Epoch epoch, std::span<const SectionRef> headers) {
        for (const SectionRef header : headers) m_headers.push_back(header);
        m_tipsets.push_back({epoch, m_headers.size()});
    }

    /// Takes the highest tipset off; there must be one.
    Taken pop() {
        Taken out = top();
        for (std::size_t i = 0; i < out.headers.size(); ++i) m_headers.pop_back();
        m_tipsets.pop_back();
        return out;
    }

    [[nodiscard]] Taken top() const {
        const std::size_t tipsets = m_tipsets.size();
        Taken out{m_tipsets[tipsets - 1].epoch, {}};
        for (std::uint64_t i = tipsets > 1 ? m_tipsets[tipsets - 2].end : 0; i < m_headers.size(); ++i)
            out.headers.push_back(m_headers[i]);
        return out;
    }

    [[nodiscard]] bool empty() const noexcept { return m_tipsets.size() == 0; }
    [[nodiscard]] std::size_t tipsets() const noexcept { return m_tipsets.size(); }
    [[nodiscard]] const SharedArray<SectionRef>& headers() const noexcept { return m_headers; }
    [[nodiscard]] View view() const { return {m_tipsets.view(), m_headers.view()}; }

private:
    SharedArray<Tipset> m_tipsets;
    SharedArray<SectionRef> m_headers;
};

}    // namespace filfil::snapshot
